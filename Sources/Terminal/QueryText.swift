import Domain
import Wire

/// Rows of queries as tables for a person.
enum QueryText {
  static func table(_ rows: QueryRows, _ language: Language) -> [String] {
    let lines =
      switch rows.kind {
      case .orders: orders(rows.orders, language)
      case .trades: trades(rows.trades, language)
      case .positions: positions(rows.positions, language)
      case .funds: rows.funds.flatMap { funds($0, language) }
      case .limits: limits(rows.limits, language)
      case .instruments: OrderText.table(rows.instruments, language)
      case .unknown: [String]()
      }
    return lines.count > 1 ? lines : [language.say("nothing", "无记录")]
  }

  static func refusal(_ result: OrderEntry.QueryResult, _ language: Language) -> String {
    switch result {
    case .busy: language.say("the gateway is busy: ask again", "网关繁忙：请稍后再查")
    case .cursorUnknown:
      language.say("the trading day has changed: ask again", "交易日已切换：请重新查询")
    case .unavailable: language.say("the gateway serves no queries now", "网关暂不提供查询")
    case .orderUnknown:
      language.say("the account has no such order today", "当日无此报单")
    case .refused, .unknown, .complete, .more:
      language.say("the query was refused", "查询被拒")
    }
  }

  private static func orders(_ rows: [OrderEntry.OrderRow], _ language: Language) -> [String] {
    var table = TextTable([
      (language.say("order", "报单编号"), .left), (language.say("id", "编号"), .left),
      (language.say("side", "买卖"), .left), (language.say("offset", "开平"), .left),
      (language.say("instrument", "合约"), .left), (language.say("lots", "手数"), .right),
      (language.say("price", "价格"), .right), (language.say("filled", "已成"), .right),
      (language.say("left", "剩余"), .right), (language.say("average", "均价"), .right),
      (language.say("frozen", "冻结"), .right), (language.say("time", "时间"), .left),
      (language.say("state", "状态"), .left),
    ])
    for row in rows {
      var state = row.state.words(language)
      if row.unknownLots > 0 {
        state += language.say(", \(row.unknownLots) unknown", "，\(row.unknownLots) 手待核实")
      }
      if row.refusal.rule != 0 { state += " [\(RefusalText.name(row.refusal.rule))]" }
      table.add([
        row.orderID.description, row.clOrdID.string, row.side.words(language),
        row.offset.words(language), row.instrument.string, OrderText.number(row.lots),
        row.price.isNone ? language.say("market", "市价") : OrderText.number(row.price),
        OrderText.number(row.cumulativeLots), OrderText.number(row.leavesLots),
        OrderText.number(row.averagePrice), yuan(row.frozenMargin), row.receivedTime.clockText,
        state,
      ])
    }
    return table.lines
  }

  private static func trades(_ rows: [OrderEntry.TradeRow], _ language: Language) -> [String] {
    var table = TextTable([
      (language.say("time", "时间"), .left), (language.say("trade", "成交编号"), .left),
      (language.say("id", "编号"), .left), (language.say("side", "买卖"), .left),
      (language.say("offset", "开平"), .left), (language.say("instrument", "合约"), .left),
      (language.say("lots", "手数"), .right), (language.say("price", "价格"), .right),
      (language.say("fee", "手续费"), .right), (language.say("counter's id", "柜台成交号"), .left),
    ])
    for row in rows {
      table.add([
        row.time.clockText, row.tradeNumber.description, row.clOrdID.string,
        row.side.words(language), row.offset.words(language), row.instrument.string,
        OrderText.number(row.lots), OrderText.number(row.price), yuan(row.fee),
        row.tradeID.string,
      ])
    }
    return table.lines
  }

  private static func positions(
    _ rows: [OrderEntry.PositionUpdate], _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("instrument", "合约"), .left), (language.say("side", "方向"), .left),
      (language.say("hedge", "投保"), .left), (language.say("today", "今仓"), .right),
      (language.say("yesterday", "昨仓"), .right), (language.say("frozen", "冻结"), .right),
      (language.say("of today", "冻结今"), .right), (language.say("opening", "在途开"), .right),
      (language.say("opened", "今开"), .right), (language.say("closed", "今平"), .right),
      (language.say("open cost", "开仓成本"), .right),
      (language.say("position cost", "持仓成本"), .right), (language.say("margin", "保证金"), .right),
      (language.say("mark", "盯市价"), .right), (language.say("profit", "持仓盈亏"), .right),
      (language.say("option value", "期权市值"), .right),
    ])
    for row in rows {
      table.add([
        row.instrument.string, language.say("\(row.side)", row.side == .long ? "多" : "空"),
        row.hedge.words(language), OrderText.number(row.todayLots),
        OrderText.number(row.yesterdayLots),
        OrderText.frozen(row),
        OrderText.number(row.frozenTodayLots), OrderText.number(row.workingOpenLots),
        OrderText.number(row.openedLots), OrderText.number(row.closedLots), yuan(row.openCost),
        yuan(row.positionCost), yuan(row.margin), OrderText.number(row.markPrice),
        yuan(row.positionProfit), yuan(row.optionValue),
      ])
    }
    return table.lines
  }

  /// One figure a line: there is only one row.
  private static func funds(
    _ row: OrderEntry.AccountUpdate, _ language: Language
  ) -> [String] {
    var table = TextTable([(row.account.string, .left), (language.say("yuan", "元"), .right)])
    for (english, chinese, money) in [
      ("opening balance", "期初权益", row.openingEquity), ("deposits", "入金", row.deposits),
      ("withdrawals", "出金", row.withdrawals), ("premium", "权利金收支", row.premium),
      ("close profit", "平仓盈亏", row.closeProfit),
      ("position profit", "持仓盈亏", row.positionProfit), ("fees", "手续费", row.fees),
      ("balance", "静态权益", row.balance), ("equity", "动态权益", row.equity),
      ("margin", "占用保证金", row.margin), ("frozen margin", "冻结保证金", row.frozenMargin),
      ("frozen fee", "冻结手续费", row.frozenFee),
      ("frozen premium", "冻结权利金", row.frozenPremium), ("available", "可用资金", row.available),
      ("withdrawable", "可取资金", row.withdrawable), ("market equity", "市值权益", row.marketEquity),
    ] {
      table.add([language.say(english, chinese), yuan(money)])
    }
    return table.lines
  }

  private static func limits(_ rows: [OrderEntry.LimitRow], _ language: Language) -> [String] {
    var table = TextTable([
      (language.say("rule", "规则"), .left), (language.say("scope", "范围"), .left),
      (language.say("instrument", "合约"), .left), (language.say("side", "买卖"), .left),
      (language.say("observed", "已用"), .right), (language.say("limit", "限额"), .right),
      (language.say("left", "剩余"), .right), (language.say("unit", "单位"), .left),
    ])
    for row in rows {
      table.add([
        RefusalText.name(row.rule),
        row.scopeName.isEmpty ? "\(row.scopeKind)" : row.scopeName.string,
        row.instrument.string, row.side == .unknown ? "" : row.side.words(language),
        figure(row.observed, row.unit), figure(row.limit, row.unit),
        figure(row.headRoom, row.unit), row.unit.words(language),
      ])
    }
    return table.lines
  }

  private static func figure(_ figure: Int64, _ unit: Unit) -> String {
    unit == .money ? yuan(Money(units: figure)) : RefusalText.plain(figure, unit)
  }

  private static func yuan(_ money: Money) -> String {
    money.isNone ? "-" : DecimalNumber.text(money.units, places: 4, groups: true)
  }
}
