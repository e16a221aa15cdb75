import Domain
import RiskRules
import Wire

/// What notices are about, by the codes of Messages' `NoticeKind`.
public enum NoticeWords {
  private static let rows: [UInt16: (name: String, english: String, chinese: String)] = [
    1: ("overFill", "a counter filled more than was ordered", "柜台成交超过报单"),
    2: ("unknownChild", "a counter reports an order that was never sent", "柜台回报未知子单"),
    3: ("reportAfterEnd", "a counter reports on an order that was done", "已了结子单又有回报"),
    4: ("unmappedTrade", "a trade that was not sent from here", "非本系统成交"),
    5: ("counterSequenceGap", "a counter skipped reports", "柜台回报序号不连续"),
    6: ("linkUp", "the counter's link is up", "柜台连接建立"),
    7: ("linkDown", "the counter's link is down", "柜台连接中断"),
    8: ("resynced", "the counter's link is ready", "柜台连接就绪"),
    9: ("orderRateBar", "barred by its order rate", "因报单频率被限制"),
    10: ("accountLocked", "locked: too many log ins failed", "登录失败过多被锁定"),
    11: ("clockBack", "the clock went back", "时钟回拨"),
    12: ("clockForward", "the clock jumped forward", "时钟前跳"),
    13: ("dayStarted", "the trading day has begun", "交易日开始"),
    14: ("unsentLots", "lots that found no place ended", "部分手数未能下达"),
    15: ("deliveryMonthNet", "a closing opens in the delivery month", "交割月平仓以开仓下达"),
    16: ("selfTradeClose", "a closing order may cross its own owner's", "平仓可能自成交"),
    17: ("overClose", "a counter closed more than is held", "柜台平仓超过持仓"),
    18: ("fundsDiffer", "the counter's funds differ", "与柜台资金不符"),
    19: ("holderOverflow", "a figure passed its proven range", "金额超出可证明范围"),
    20: ("fundAccountDeclined", "could not take all of an order", "资金账户未能承接全部报单"),
    21: ("childUnanswered", "a counter says nothing of an order", "柜台对子单无回报"),
    22: ("instrumentRejected", "a price out of range was dropped", "行情价格越界被丢弃"),
    23: ("disconnectCancel", "orders are cancelled: nobody is there", "无会话在线，撤销报单"),
    29: ("fundOrderRateBar", "barred by its order rate", "因子单频率被限制"),
    30: ("unmappedHeld", "a trade waits to be assigned", "成交待分配"),
    31: ("tradeMapped", "a trade was assigned", "成交已分配"),
    40: ("lineReached", "a line is reached", "触及风控线"),
    41: ("lineReleased", "a line is released", "风控线解除"),
    45: ("configurationChanged", "the configuration is changed", "配置已更改"),
    50: ("productFeesAccrued", "product fees have accrued", "产品费用已计提"),
    62: ("liquidationStarted", "a liquidation has begun", "强平开始"),
    63: ("liquidationEnded", "a liquidation has ended", "强平结束"),
    64: ("liquidationRest", "lots that the market can't take now are left", "市场暂无法承接剩余手数"),
    113: ("overnightExceeded", "more than may stay over the night", "隔夜持仓超限"),
    114: ("windowRest", "more than was to be left at the close", "收盘减仓未达目标"),
    72: ("clauseReached", "a level of a clause is passed", "触及产品风控条款"),
    73: ("clauseReleased", "a level of a clause is no longer passed", "产品风控条款解除"),
    74: ("exposureIgnored", "an exposure grew by a closing that passed", "平仓扩大敞口已放行"),
    75: ("netValueLineReached", "the unit net value is at a line", "净值触线"),
    76: ("netValueLineReleased", "the unit net value is above the line", "净值线解除"),
    82: ("rateAccount", "rates come from another fund account", "费率改从另一资金账户读取"),
    123: ("budgetWarned", "much of an exchange's budget is used", "交易所异常交易额度将用尽"),
    124: ("budgetReached", "an exchange's budget is used up", "交易所异常交易额度用尽"),
    125: ("budgetReleased", "an exchange's budget is free again", "交易所异常交易额度恢复"),
    126: ("budgetUncounted", "no room to count an exchange's budgets", "异常交易计数表已满"),
  ]

  /// As the journal and the log call it; `kind-99` for one that this version does not know.
  public static func name(_ kind: UInt16) -> String { rows[kind]?.name ?? "kind-\(kind)" }

  static func words(_ kind: UInt16, _ language: Language) -> String {
    guard let row = rows[kind] else {
      return language.say("notice of kind \(kind)", "第 \(kind) 类通知")
    }
    return language.say(row.english, row.chinese)
  }
}

/// Rules by name, as far as this version knows them.
enum RuleNames {
  static func name(_ rule: RuleID) -> String {
    RuleTable.row(rule)?.name ?? "rule-\(rule.rawValue)"
  }
}

extension OrderEntry.Notice {
  /// As the desk tells it, but for who did it and why.
  var atDesk: DeskProtocol.Notice {
    DeskProtocol.Notice(
      number: number, time: time, tradingDay: tradingDay, kind: kind, control: control,
      rule: rule, scopeKind: scopeKind, scopeName: scopeName, orderID: orderID,
      observed: observed, limit: limit, unit: unit, level: level, action: action,
      controller: Name(), reason: ControlReason(), instrument: instrument, scheme: scheme,
      clause: clause)
  }
}
