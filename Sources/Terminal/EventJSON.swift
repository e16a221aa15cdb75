import Client
import Domain
import Session
import Wire

/// What happened, as a JSON line for a program. Keys are those of schema/order-entry.xml, prices
/// and money decimal strings, counts numbers; docs/TERMINAL.md lists them.
enum EventJSON {
  static func report(
    _ report: OrderEntry.ExecutionReport, number: Int, _ language: Language
  ) -> String {
    var json = JSONLine(event: "report")
    if report.reportSequence > 0 { json.add("reportSequence", report.reportSequence) }
    json.add("account", report.account.string)
    if number > 0 { json.add("number", number) }
    if !report.orderID.isNone { json.add("orderID", report.orderID.description) }
    json.addPresent("clOrdID", report.clOrdID.string)
    json.addPresent("requestID", report.requestID.string)
    json.add("execType", "\(report.execType)")
    addKnown("state", report.state, &json)
    if report.flags.contains(.possiblyResent) { json.add("possiblyResent", true) }
    if report.flags.contains(.replayed) { json.add("replayed", true) }
    add(report.exchange, &json)
    json.addPresent("instrument", report.instrument.string)
    addKnown("side", report.side, &json)
    addKnown("offset", report.offset, &json)
    addKnown("hedge", report.hedge, &json)
    addKnown("type", report.type, &json)
    addKnown("timeInForce", report.timeInForce, &json)
    add("price", report.price, &json)
    add(lots: "lots", report.lots, &json)
    add("lastPrice", report.lastPrice, &json)
    if report.lastLots > 0 { json.add("lastLots", report.lastLots) }
    add(lots: "cumulativeLots", report.cumulativeLots, &json)
    add(lots: "leavesLots", report.leavesLots, &json)
    add(lots: "unknownLots", report.unknownLots, &json)
    add("fee", report.fee, &json)
    json.addPresent("tradeID", report.tradeID.string)
    if report.counterError != 0 { json.add("counterError", report.counterError) }
    add("transactTime", report.transactTime, &json)
    add("tradingDay", report.tradingDay, &json)
    add(report.refusal, &json, language)
    return json.line
  }

  static func reject(
    _ reject: OrderEntry.BusinessReject, number: Int, _ language: Language
  ) -> String {
    var json = JSONLine(event: "reject")
    json.add("refTemplateID", reject.refTemplateID)
    json.addPresent("refRequestID", reject.refRequestID.string)
    if number > 0 { json.add("number", number) }
    add(reject.refusal, &json, language)
    json.addPresent("text", reject.text.string)
    return json.line
  }

  static func massCancel(_ report: OrderEntry.MassCancelReport) -> String {
    var json = JSONLine(event: "massCancel")
    json.add("account", report.account.string)
    json.addPresent("requestID", report.requestID.string)
    json.add("orders", report.orders)
    add("transactTime", report.transactTime, &json)
    add("tradingDay", report.tradingDay, &json)
    return json.line
  }

  static func order(_ order: ClientOrder, number: Int, _ language: Language) -> String {
    var json = JSONLine(event: "order")
    json.add("number", number)
    if !order.orderID.isNone { json.add("orderID", order.orderID.description) }
    json.add("clOrdID", order.clOrdID.string)
    addKnown("state", order.state, &json)
    add(order.exchange, &json)
    json.addPresent("instrument", order.instrument.string)
    addKnown("side", order.side, &json)
    addKnown("offset", order.offset, &json)
    add("price", order.price, &json)
    add(lots: "lots", order.lots, &json)
    add(lots: "cumulativeLots", order.cumulativeLots, &json)
    add(lots: "leavesLots", order.leavesLots, &json)
    add(lots: "unknownLots", order.unknownLots, &json)
    add("averagePrice", order.averagePrice, &json)
    add(order.refusal, &json, language)
    return json.line
  }

  static func sent(_ id: ClOrdID, number: Int, line: Int) -> String {
    var json = JSONLine(event: "sent")
    json.add("line", line)
    if number > 0 { json.add("number", number) }
    json.add("clOrdID", id.string)
    return json.line
  }

  static func tick(_ tick: OrderEntry.Tick) -> String {
    var json = JSONLine(event: "tick")
    json.add("instrument", tick.instrument.string)
    add(tick.exchange, &json)
    add("tradingDay", tick.tradingDay, &json)
    add("time", tick.time, &json)
    add("last", tick.last, &json)
    add("bid", tick.bid, &json)
    add(lots: "bidLots", tick.bidLots, &json)
    add("ask", tick.ask, &json)
    add(lots: "askLots", tick.askLots, &json)
    add("upperLimit", tick.upperLimit, &json)
    add("lowerLimit", tick.lowerLimit, &json)
    add("preSettlement", tick.preSettlement, &json)
    if tick.volume != .min { json.add("volume", tick.volume) }
    if tick.openInterest != .min { json.add("openInterest", tick.openInterest) }
    return json.line
  }

  static func instrument(_ row: OrderEntry.InstrumentDefinition) -> String {
    var json = JSONLine(event: "instrument")
    add(row.exchange, &json)
    json.add("instrument", row.instrument.string)
    json.add("commodity", row.commodity.string)
    json.add("multiplier", row.multiplier)
    add("priceTick", row.priceTick, &json)
    add(lots: "minimumLimitLots", row.minimumLimitLots, &json)
    add(lots: "maximumLimitLots", row.maximumLimitLots, &json)
    add(lots: "minimumMarketLots", row.minimumMarketLots, &json)
    add(lots: "maximumMarketLots", row.maximumMarketLots, &json)
    add("lastTradingDay", row.lastTradingDay, &json)
    add("preSettlement", row.preSettlement, &json)
    add("upperLimit", row.upperLimit, &json)
    add("lowerLimit", row.lowerLimit, &json)
    for (name, rate, perLot) in [
      ("longMargin", row.longMarginRate, row.longMarginPerLot),
      ("shortMargin", row.shortMarginRate, row.shortMarginPerLot),
      ("openFee", row.openFeeRate, row.openFeePerLot),
      ("closeFee", row.closeFeeRate, row.closeFeePerLot),
      ("closeTodayFee", row.closeTodayFeeRate, row.closeTodayFeePerLot),
    ] {
      if rate.units != .min {
        json.add("\(name)Rate", DecimalNumber.text(rate.units, places: 8))
      }
      add("\(name)PerLot", perLot, &json)
    }
    addKnown("kind", row.kind, &json)
    addKnown("option", row.option, &json)
    add("strike", row.strike, &json)
    json.addPresent("underlying", row.underlying.string)
    return json.line
  }

  static func loggedOn(_ accepted: OrderEntry.LogonAccepted, account: Name) -> String {
    var json = JSONLine(event: "loggedOn")
    json.add("account", account.string)
    json.add("sessionEpoch", accepted.sessionEpoch)
    add("serverTime", accepted.serverTime, &json)
    add("tradingDay", accepted.tradingDay, &json)
    json.add("nextReportSequence", accepted.nextReportSequence)
    return json.line
  }

  static func resumed(lastReportSequence: UInt64, firstAvailable: UInt64) -> String {
    var json = JSONLine(event: "resumed")
    json.add("lastReportSequence", lastReportSequence)
    if firstAvailable > 0 { json.add("firstAvailableSequence", firstAvailable) }
    return json.line
  }

  static func account(_ update: OrderEntry.AccountUpdate) -> String {
    var json = JSONLine(event: "account")
    json.add("account", update.account.string)
    add("tradingDay", update.tradingDay, &json)
    add("time", update.time, &json)
    add("openingEquity", update.openingEquity, &json)
    add("netCash", update.netCash, &json)
    add("balance", update.balance, &json)
    add("equity", update.equity, &json)
    add("available", update.available, &json)
    add("margin", update.margin, &json)
    add("frozenMargin", update.frozenMargin, &json)
    add("frozenFee", update.frozenFee, &json)
    add("closeProfit", update.closeProfit, &json)
    add("positionProfit", update.positionProfit, &json)
    add("fees", update.fees, &json)
    add("deposits", update.deposits, &json)
    add("withdrawals", update.withdrawals, &json)
    add("withdrawable", update.withdrawable, &json)
    add("premium", update.premium, &json)
    add("frozenPremium", update.frozenPremium, &json)
    add("marketEquity", update.marketEquity, &json)
    return json.line
  }

  static func position(_ update: OrderEntry.PositionUpdate) -> String {
    var json = JSONLine(event: "position")
    json.add("account", update.account.string)
    json.add("instrument", update.instrument.string)
    add(update.exchange, &json)
    addKnown("side", update.side, &json)
    addKnown("hedge", update.hedge, &json)
    add(lots: "todayLots", update.todayLots, &json)
    add(lots: "yesterdayLots", update.yesterdayLots, &json)
    add(lots: "frozenTodayLots", update.frozenTodayLots, &json)
    add(lots: "frozenYesterdayLots", update.frozenYesterdayLots, &json)
    add(lots: "workingOpenLots", update.workingOpenLots, &json)
    add("openCost", update.openCost, &json)
    add("positionCost", update.positionCost, &json)
    add("margin", update.margin, &json)
    add("positionProfit", update.positionProfit, &json)
    add("closeProfit", update.closeProfit, &json)
    add(lots: "openedLots", update.openedLots, &json)
    add(lots: "closedLots", update.closedLots, &json)
    add("frozenMargin", update.frozenMargin, &json)
    add("markPrice", update.markPrice, &json)
    add("optionValue", update.optionValue, &json)
    add("tradingDay", update.tradingDay, &json)
    add("time", update.time, &json)
    return json.line
  }

  // MARK: Values

  static func add(_ exchange: Exchange, _ json: inout JSONLine) {
    if exchange != .unknown { json.add("exchange", exchange.code) }
  }

  /// The schema's name of a code; nothing for one that says nothing.
  static func addKnown<Code: RawRepresentable>(
    _ key: String, _ code: Code, _ json: inout JSONLine
  ) where Code.RawValue == UInt8 {
    if code.rawValue != 0 { json.add(key, "\(code)") }
  }

  /// The smallest number is the wire's "none".
  static func add(lots key: String, _ lots: Lots, _ json: inout JSONLine) {
    if lots != .min { json.add(key, lots) }
  }

  static func add(_ key: String, _ price: Price, _ json: inout JSONLine) {
    if !price.isNone { json.add(key, DecimalNumber.text(price.units, places: 4)) }
  }

  static func add(_ key: String, _ money: Money, _ json: inout JSONLine) {
    if !money.isNone { json.add(key, DecimalNumber.text(money.units, places: 4)) }
  }

  static func add(_ key: String, _ time: Timestamp, _ json: inout JSONLine) {
    if !time.isNone { json.add(key, time.isoText) }
  }

  static func add(_ key: String, _ day: TradingDay, _ json: inout JSONLine) {
    if day != .none { json.add(key, "\(day.yyyymmdd)") }
  }

  static func add(
    _ refusal: OrderEntry.RefusalFigures, _ json: inout JSONLine, _ language: Language,
    key: String = "refusal"
  ) {
    guard refusal.rule != 0 else { return }
    var inner = JSONLine()
    inner.add("rule", RefusalText.name(refusal.rule))
    inner.add("ruleCode", refusal.rule)
    if refusal.unit != .none {
      inner.add("unit", "\(refusal.unit)")
      for (key, figure) in [
        ("observed", refusal.observed), ("limit", refusal.limit), ("asked", refusal.asked),
      ] where figure != .min {
        inner.add(key, RefusalText.plain(figure, refusal.unit))
      }
    }
    if refusal.scopeKind != .none { inner.add("scope", "\(refusal.scopeKind)") }
    inner.addPresent("scopeName", refusal.scopeName.string)
    inner.add("words", RefusalText.words(refusal, language))
    json.add(key, inner)
  }
}
