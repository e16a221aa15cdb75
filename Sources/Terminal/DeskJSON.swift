import Client
import Domain
import Session
import Wire

/// What happened at the desk, as a JSON line for a program. Keys are those of schema/desk.xml.
public enum DeskJSON {
  public static func line(_ event: DeskEvent) -> String {
    switch event {
    case .loggedOn(let accepted):
      var json = JSONLine(event: "loggedOn")
      json.add("sessionEpoch", accepted.sessionEpoch)
      json.add("tradingDay", accepted.tradingDay.yyyymmdd)
      json.add("rights", accepted.rights)
      json.add("isBoundToAll", accepted.isBoundToAll != 0)
      json.add("newestNotice", accepted.newestNotice)
      return json.line
    case .answer(let answer):
      var json = JSONLine(event: "answer")
      json.add("requestID", answer.requestID)
      json.add("kind", "\(answer.kind)")
      json.add("done", answer.refusal.rule == 0)
      add(answer.refusal, &json)
      return json.line
    case .businessReject(let reject):
      var json = JSONLine(event: "reject")
      json.add("requestID", reject.requestID)
      json.add("refTemplateID", reject.refTemplateID)
      add(reject.refusal, &json)
      json.addPresent("text", reject.text.string)
      return json.line
    case .notice(let notice): return self.notice(notice)
    case .noticesComplete(let complete):
      return self.complete(complete.requestID, complete.lastNumber)
    case .noticesTruncated(let truncated):
      return self.truncated(
        truncated.requestID, truncated.firstAvailable, truncated.lastNumber)
    case .standingRow(let row):
      var json = JSONLine(event: "standing")
      json.add("requestID", row.requestID)
      json.add("kind", "\(row.kind)")
      json.add("scopeKind", "\(row.scopeKind)")
      json.addPresent("scopeName", row.scopeName.string)
      json.add("controller", row.controller.string)
      json.add("since", row.since.isoText)
      json.add("number", row.number)
      json.add("reason", row.reason.string)
      return json.line
    case .standingEnd(let end):
      var json = JSONLine(event: "standingEnd")
      json.add("requestID", end.requestID)
      json.add("rows", end.rows)
      json.add("isTruncated", end.isTruncated != 0)
      return json.line
    case .liquidation(let progress): return LiquidationText.json(progress)
    case .liquidationsComplete(let complete):
      var json = JSONLine(event: "liquidationsComplete")
      json.add("requestID", complete.requestID)
      return json.line
    case .accounts(let event): return AccountsJSON.line(event)
    case .ended(let end):
      var json = JSONLine(event: "ended")
      json.add("cause", "\(end.cause)")
      if end.reason != .unknown { json.add("reason", "\(end.reason)") }
      if end.rule != .none { json.add("rule", RuleNames.name(end.rule)) }
      return json.line
    }
  }

  static func complete(_ request: UInt64, _ last: UInt64) -> String {
    var json = JSONLine(event: "noticesComplete")
    json.add("requestID", request)
    json.add("lastNumber", last)
    return json.line
  }

  static func truncated(_ request: UInt64, _ first: UInt64, _ last: UInt64) -> String {
    var json = JSONLine(event: "noticesTruncated")
    json.add("requestID", request)
    json.add("firstAvailable", first)
    json.add("lastNumber", last)
    return json.line
  }

  static func notice(_ notice: DeskProtocol.Notice) -> String {
    var json = JSONLine(event: "notice")
    json.add("number", notice.number)
    json.add("time", notice.time.isoText)
    json.add("tradingDay", notice.tradingDay.yyyymmdd)
    if notice.control != .unknown {
      json.add("control", "\(notice.control)")
    } else {
      json.add("kind", NoticeWords.name(notice.kind))
    }
    if let rule = RuleID(rawValue: notice.rule), rule != .none {
      json.add("rule", RuleNames.name(rule))
    }
    if notice.scopeKind != .none { json.add("scopeKind", "\(notice.scopeKind)") }
    json.addPresent("scopeName", notice.scopeName.string)
    if !notice.orderID.isNone { json.add("orderID", notice.orderID.description) }
    if notice.observed != .min {
      json.add("observed", RefusalText.plain(notice.observed, notice.unit))
    }
    if notice.limit != .min { json.add("limit", RefusalText.plain(notice.limit, notice.unit)) }
    if notice.unit != .none { json.add("unit", "\(notice.unit)") }
    if notice.level != .unknown { json.add("level", "\(notice.level)") }
    if notice.action != .unknown { json.add("action", "\(notice.action)") }
    json.addPresent("instrument", notice.instrument.string)
    if notice.clause != 0 {
      json.add("scheme", notice.scheme.string)
      json.add("clause", notice.clause)
    }
    json.addPresent("controller", notice.controller.string)
    json.addPresent("reason", notice.reason.string)
    return json.line
  }

  private static func add(_ refusal: DeskProtocol.RefusalFigures, _ json: inout JSONLine) {
    guard refusal.rule != 0 else { return }
    json.add("code", refusal.rule)
    if let rule = RuleID(rawValue: refusal.rule) { json.add("rule", RuleNames.name(rule)) }
    if refusal.scopeKind != .none { json.add("scopeKind", "\(refusal.scopeKind)") }
    json.addPresent("scopeName", refusal.scopeName.string)
  }
}
