import Domain
import Wire

/// Rows of queries, as a JSON line each.
enum QueryJSON {
  static func order(_ row: OrderEntry.OrderRow, _ language: Language) -> String {
    var json = JSONLine(event: "orderRow")
    json.add("orderID", row.orderID.description)
    json.add("clOrdID", row.clOrdID.string)
    EventJSON.addKnown("state", row.state, &json)
    EventJSON.add(row.exchange, &json)
    json.addPresent("instrument", row.instrument.string)
    EventJSON.addKnown("side", row.side, &json)
    EventJSON.addKnown("offset", row.offset, &json)
    EventJSON.addKnown("hedge", row.hedge, &json)
    EventJSON.addKnown("type", row.type, &json)
    EventJSON.addKnown("timeInForce", row.timeInForce, &json)
    EventJSON.add("price", row.price, &json)
    EventJSON.add(lots: "lots", row.lots, &json)
    if row.minimumLots > 0 { json.add("minimumLots", row.minimumLots) }
    EventJSON.add(lots: "cumulativeLots", row.cumulativeLots, &json)
    EventJSON.add(lots: "leavesLots", row.leavesLots, &json)
    EventJSON.add(lots: "unknownLots", row.unknownLots, &json)
    EventJSON.add("averagePrice", row.averagePrice, &json)
    EventJSON.add("frozenMargin", row.frozenMargin, &json)
    EventJSON.add("frozenFee", row.frozenFee, &json)
    EventJSON.add("receivedTime", row.receivedTime, &json)
    EventJSON.add("tradingDay", row.tradingDay, &json)
    EventJSON.add(row.refusal, &json, language)
    return json.line
  }

  static func trade(_ row: OrderEntry.TradeRow) -> String {
    var json = JSONLine(event: "trade")
    json.add("tradeNumber", row.tradeNumber.description)
    json.add("reportSequence", row.reportSequence)
    json.add("orderID", row.orderID.description)
    json.add("clOrdID", row.clOrdID.string)
    json.addPresent("tradeID", row.tradeID.string)
    json.addPresent("venueOrderID", row.venueOrderID.string)
    EventJSON.add(row.exchange, &json)
    json.add("instrument", row.instrument.string)
    EventJSON.addKnown("side", row.side, &json)
    EventJSON.addKnown("offset", row.offset, &json)
    EventJSON.addKnown("hedge", row.hedge, &json)
    EventJSON.add("price", row.price, &json)
    EventJSON.add(lots: "lots", row.lots, &json)
    EventJSON.add("fee", row.fee, &json)
    EventJSON.add("time", row.time, &json)
    EventJSON.add("venueTime", row.venueTime, &json)
    EventJSON.add("tradingDay", row.tradingDay, &json)
    return json.line
  }

  static func limit(_ row: OrderEntry.LimitRow) -> String {
    var json = JSONLine(event: "limit")
    json.add("rule", RefusalText.name(row.rule))
    json.add("ruleCode", row.rule)
    json.add("unit", "\(row.unit)")
    json.add("scope", "\(row.scopeKind)")
    json.addPresent("scopeName", row.scopeName.string)
    EventJSON.add(row.exchange, &json)
    json.add("instrument", row.instrument.string)
    EventJSON.addKnown("side", row.side, &json)
    json.add("observed", RefusalText.plain(row.observed, row.unit))
    json.add("limit", RefusalText.plain(row.limit, row.unit))
    json.add("headRoom", RefusalText.plain(row.headRoom, row.unit))
    return json.line
  }

  static func end(_ end: OrderEntry.QueryEnd) -> String {
    var json = JSONLine(event: "queryEnd")
    json.add("kind", "\(end.kind)")
    if end.lost > 0 { json.add("lost", end.lost) }
    json.add("reportSequence", end.reportSequence)
    EventJSON.add("tradingDay", end.tradingDay, &json)
    EventJSON.add("time", end.time, &json)
    return json.line
  }
}
