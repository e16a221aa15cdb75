import Client
import Domain
import Session
import Wire

/// What happened at the desk, in words for a person.
public enum DeskText {
  public static func words(_ event: DeskEvent, _ language: Language) -> String {
    switch event {
    case .loggedOn(let accepted):
      return language.say(
        "logged on, trading day \(accepted.tradingDay.yyyymmdd), notice \(accepted.newestNotice)",
        "已登录，交易日 \(accepted.tradingDay.yyyymmdd)，最新通知 \(accepted.newestNotice)")
    case .answer(let answer):
      let what = control(answer.kind, language)
      guard answer.refusal.rule != 0 else {
        return language.say("\(what): done", "\(what)：已执行")
      }
      return language.say("\(what): REFUSED, ", "\(what)：被拒，") + refusal(answer.refusal, language)
    case .businessReject(let reject):
      return language.say("refused: ", "被拒：") + refusal(reject.refusal, language)
        + " (\(reject.text.string))"
    case .notice(let notice): return self.notice(notice, language)
    case .noticesComplete(let complete):
      return self.complete(complete.lastNumber, language)
    case .noticesTruncated(let truncated):
      return self.truncated(truncated.firstAvailable, language)
    case .standingRow(let row):
      let scope = row.scopeKind.name(row.scopeName.string, language)
      return language.say(
        "\(control(row.kind, language)) \(scope) by \(row.controller.string) since "
          + "\(row.since.clockText): \(row.reason.string) (notice \(row.number))",
        "\(control(row.kind, language)) \(scope)，\(row.controller.string) 自 "
          + "\(row.since.clockText)：\(row.reason.string)（通知 \(row.number)）")
    case .standingEnd(let end):
      let more = end.isTruncated == 0 ? "" : language.say(" and more", " 以及更多")
      return language.say("\(end.rows) in place\(more)", "共 \(end.rows) 项生效\(more)")
    case .liquidation(let progress): return LiquidationText.words(progress, language)
    case .liquidationsComplete:
      return language.say(
        "those are all liquidations that run; what follows is new", "以上为全部进行中的强平，以下为新进度")
    case .accounts(let event): return AccountsText.line(event, language)
    case .ended(let end): return self.end(end, language)
    }
  }

  private static func refusal(
    _ figures: DeskProtocol.RefusalFigures, _ language: Language
  ) -> String {
    RefusalText.words(
      OrderEntry.RefusalFigures(
        rule: figures.rule, unit: figures.unit, scopeKind: figures.scopeKind,
        observed: figures.observed, limit: figures.limit, asked: figures.asked,
        scopeName: figures.scopeName), language)
  }

  public static func control(_ kind: ControlKind, _ language: Language) -> String {
    switch kind {
    case .unknown: language.say("request", "请求")
    case .barOpening: language.say("bar on opening", "禁开")
    case .releaseOpening: language.say("release of opening", "解除禁开")
    case .killSwitch: language.say("kill switch", "急停")
    case .releaseKillSwitch: language.say("release of a kill switch", "解除急停")
    case .cancelOrder: language.say("cancel", "撤单")
    case .kickSession: language.say("end of sessions", "强制下线")
    case .releaseOrderRate: language.say("release of an order rate", "解除报单频率限制")
    case .assignTrade: language.say("assignment of a trade", "分配成交")
    case .forceLiquidation: language.say("liquidation", "强平")
    case .stopLiquidation: language.say("stop of a liquidation", "停止强平")
    case .killAndFlatten: language.say("kill switch with liquidation", "急停并强平")
    }
  }

  static func complete(_ last: UInt64, _ language: Language) -> String {
    language.say(
      "no more before notice \(last); what follows is new",
      "通知 \(last) 及之前已全部送达，以下为新通知")
  }

  static func truncated(_ first: UInt64, _ language: Language) -> String {
    language.say(
      "notices before \(first) are not kept any more", "通知 \(first) 之前的已不再保留")
  }

  static func notice(_ notice: DeskProtocol.Notice, _ language: Language) -> String {
    var text = "\(notice.time.clockText) #\(notice.number) "
    if notice.control != .unknown {
      text += control(notice.control, language)
    } else {
      text += NoticeWords.words(notice.kind, language)
    }
    let scope = notice.scopeKind.name(notice.scopeName.string, language)
    if !scope.isEmpty { text += " " + scope }
    if !notice.instrument.isEmpty { text += " " + notice.instrument.string }
    if notice.clause != 0 {
      text += language.say(
        " by clause \(notice.clause) of \(notice.scheme.string)",
        "，方案 \(notice.scheme.string) 第 \(notice.clause) 条")
    }
    if notice.level != .unknown {
      let isFirst = notice.level == .warn
      text += language.say(isFirst ? " level one" : " level two", isFirst ? "，一级" : "，二级")
    }
    if !notice.orderID.isNone { text += language.say(" order ", " 报单 ") + "\(notice.orderID)" }
    if let rule = RuleID(rawValue: notice.rule), rule != .none,
      notice.control == .unknown
    {
      text += " [\(RuleNames.name(rule))]"
    }
    if notice.control == .unknown, notice.unit != .none, notice.unit != .code {
      if let seen = RefusalText.amount(notice.observed, notice.unit, language),
        let limit = RefusalText.amount(notice.limit, notice.unit, language)
      {
        text += language.say(": \(seen) against \(limit)", "：\(seen) 对 \(limit)")
      }
    }
    if !notice.controller.isEmpty {
      text += language.say(" by \(notice.controller.string)", "，\(notice.controller.string)")
    }
    if !notice.reason.isEmpty { text += language.say(": ", "：") + notice.reason.string }
    return text
  }

  private static func end(_ end: DeskLinkEnd, _ language: Language) -> String {
    switch end.cause {
    case .requested: return language.say("goodbye", "再见")
    case .gatewaySaid:
      if end.rule != .none {
        return language.say("refused: ", "被拒：")
          + refusal(DeskProtocol.RefusalFigures(rule: end.rule.rawValue), language)
      }
      let reason = OrderEntry.LogoutReason(wireCode: end.reason.wireCode)
      return language.say("the gateway ended it: ", "网关结束会话：") + reason.words
    case .connectionLost: return language.say("the connection is lost", "连接中断")
    case .badBytes, .unexpectedMessage:
      return language.say("the gateway sent what makes no sense", "网关发来无法识别的数据")
    case .noAnswer: return language.say("no answer to the logon", "登录无应答")
    case .silent: return language.say("the gateway is silent", "网关无响应")
    }
  }
}
