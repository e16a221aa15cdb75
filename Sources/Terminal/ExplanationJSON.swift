import Domain
import Wire

/// Rows of `try`, `why` and `room` as JSON lines; see `EventJSON`.
enum ExplanationJSON {
  static func finding(_ row: OrderEntry.FindingRow) -> String {
    var json = JSONLine(event: "finding")
    json.add("rule", RefusalText.name(row.rule))
    json.add("ruleCode", row.rule)
    EventJSON.addKnown("standing", row.standing, &json)
    json.add("passes", row.flags.contains(.passes))
    json.add("decides", row.flags.contains(.decides))
    if row.scopeKind != .none { json.add("scope", "\(row.scopeKind)") }
    json.addPresent("scopeName", row.scopeName.string)
    guard row.unit != .none else { return json.line }
    json.add("unit", "\(row.unit)")
    for (key, figure) in [
      ("observed", row.observed), ("limit", row.limit), ("asked", row.asked),
      ("headRoom", row.headRoom),
    ] where figure != .min {
      json.add(key, RefusalText.plain(figure, row.unit))
    }
    return json.line
  }

  static func route(_ row: OrderEntry.RouteRow, _ language: Language) -> String {
    var json = JSONLine(event: "route")
    EventJSON.addKnown("part", row.part, &json)
    json.add("fundAccount", row.fundAccount.string)
    json.add("lots", row.lots)
    if row.part == .now { json.add("room", row.room) }
    for (key, lots) in [
      ("openLots", row.openLots), ("closeLots", row.closeLots),
      ("closeTodayLots", row.closeTodayLots), ("closeYesterdayLots", row.closeYesterdayLots),
    ] where lots > 0 {
      json.add(key, lots)
    }
    if row.part == .then {
      json.add("filledLots", row.filledLots)
      json.add("workingLots", row.workingLots)
    }
    EventJSON.add(row.refusal, &json, language)
    return json.line
  }

  static func room(_ row: OrderEntry.RoomRow, _ language: Language) -> String {
    var json = JSONLine(event: "room")
    EventJSON.add(row.exchange, &json)
    json.add("instrument", row.instrument.string)
    EventJSON.addKnown("side", row.side, &json)
    EventJSON.addKnown("offset", row.offset, &json)
    EventJSON.addKnown("hedge", row.hedge, &json)
    EventJSON.add("price", row.price, &json)
    json.add("lots", row.lots)
    json.add("stepLots", row.stepLots)
    EventJSON.add(row.binding, &json, language, key: "binding")
    return json.line
  }

  static func end(_ end: OrderEntry.ExplainEnd, _ language: Language) -> String {
    var json = JSONLine(event: "explainEnd")
    if !end.orderID.isNone { json.add("orderID", end.orderID.description) }
    EventJSON.addKnown("verdict", end.verdict, &json)
    for (key, lots) in [
      ("lots", end.lots), ("placedLots", end.placedLots), ("passLots", end.passLots),
      ("mostLots", end.mostLots), ("stepLots", end.stepLots),
    ] where lots != .min {
      json.add(key, lots)
    }
    EventJSON.add(end.refusal, &json, language)
    EventJSON.add(end.binding, &json, language, key: "binding")
    json.add("reportSequence", end.reportSequence)
    EventJSON.add("tradingDay", end.tradingDay, &json)
    EventJSON.add("time", end.time, &json)
    return json.line
  }
}
