import Domain
import Wire

/// What `try`, `why` and `room` tell a person.
enum ExplanationText {
  typealias Line = EventText.Line

  static func lines(_ rows: ExplanationPages, _ language: Language) -> [Line] {
    switch rows.subject {
    case .room: return plain(room(rows.rooms, language))
    case .ticket, .order: break
    }
    guard let end = rows.end else { return [] }
    var lines: [Line] = []
    if let order = rows.order {
      lines += then(order, rows.routes.filter { $0.part == .then }, language)
      lines.append(Line(text: ""))
    }
    lines.append(verdict(end, isAgain: rows.order != nil, language))
    if end.verdict != .answeredAgain { lines += plain(lots(end, language)) }
    lines += plain([""] + FindingText.table(rows.findings, language))
    let routes = rows.routes.filter { $0.part == .now }
    lines += plain(
      routes.isEmpty
        ? ["", language.say("not split: see the rules", "无法拆单：见上列规则")]
        : [""] + split(routes, language))
    return lines
  }

  private static func plain(_ lines: [String]) -> [Line] { lines.map { Line(text: $0) } }

  // MARK: Now

  private static func verdict(
    _ end: OrderEntry.ExplainEnd, isAgain: Bool, _ language: Language
  ) -> Line {
    let head = isAgain ? language.say("now: ", "现在：") : ""
    let why = RefusalText.words(end.refusal, language)
    switch end.verdict {
    case .taken where end.placedLots >= end.lots:
      return Line(text: head + language.say("would be taken", "可受理"), tone: .good)
    case .taken:
      return Line(
        text: head
          + language.say(
            "would be taken, \(end.placedLots) of \(end.lots) lots: \(why)",
            "可受理，\(end.lots) 手中 \(end.placedLots) 手可派单：\(why)"))
    case .refused:
      return Line(
        text: head + language.say("would be REFUSED: \(why)", "将被拒绝：\(why)"), tone: .bad)
    case .answeredAgain:
      return Line(
        text: head
          + language.say(
            "known as \(end.orderID): would be answered again",
            "与报单 \(end.orderID) 相同：将重述原答复"))
    case .unknown: return Line(text: head + "?")
    }
  }

  /// How many lots would pass, and why not more.
  private static func lots(_ end: OrderEntry.ExplainEnd, _ language: Language) -> [String] {
    var text = language.say(
      "\(end.passLots) of \(end.lots) lots would pass", "\(end.lots) 手中 \(end.passLots) 手可通过")
    if end.mostLots != end.passLots {
      text += language.say(", \(end.mostLots) at most", "，最多 \(end.mostLots) 手")
    }
    if end.stepLots > 1 {
      text += language.say(", in steps of \(end.stepLots)", "，须为 \(end.stepLots) 手的整数倍")
    }
    let binding = RefusalText.words(end.binding, language)
    guard !binding.isEmpty else { return [text] }
    // What refuses is told already where nothing passes.
    if end.binding == end.refusal { return [text] }
    return [text, language.say("more: ", "再多：") + binding]
  }

  private static func split(
    _ rows: [OrderEntry.RouteRow], _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("fund account", "资金账户"), .left), (language.say("may take", "可派"), .right),
      (language.say("given", "派单"), .right), (language.say("as", "开平"), .left),
      (language.say("why not more", "不能更多的原因"), .left),
    ])
    for row in rows {
      table.add([
        row.fundAccount.string, OrderText.number(row.room), OrderText.number(row.lots),
        offsets(row, language), RefusalText.words(row.refusal, language),
      ])
    }
    return table.lines
  }

  /// "close 3, open 2".
  private static func offsets(_ row: OrderEntry.RouteRow, _ language: Language) -> String {
    let parts: [(Offset, Lots)] = [
      (.closeToday, row.closeTodayLots), (.closeYesterday, row.closeYesterdayLots),
      (.close, row.closeLots), (.open, row.openLots),
    ]
    return parts.filter { $0.1 > 0 }.map { "\($0.0.words(language)) \($0.1)" }
      .joined(separator: ", ")
  }

  // MARK: Then

  private static func then(
    _ order: OrderEntry.OrderRow, _ routes: [OrderEntry.RouteRow], _ language: Language
  ) -> [Line] {
    let what = """
      \(order.side.words(language)) \(order.offset.words(language)) \(order.instrument.string) \
      \(order.lots) \(OrderText.price(order.price, language))
      """
    var state = order.state.words(language)
    if order.state != .rejected {
      state += language.say(
        ", \(order.cumulativeLots) of \(order.lots) filled",
        "，成交 \(order.cumulativeLots)/\(order.lots)")
    }
    let why = RefusalText.words(order.refusal, language)
    if !why.isEmpty { state += language.say(": ", "：") + why }
    var lines = [
      Line(text: "\(order.orderID)  \(order.clOrdID.string)  \(what)"),
      Line(
        text: language.say("then: ", "当时：") + "\(order.receivedTime.clockText)  \(state)",
        tone: order.state == .rejected ? .bad : .plain),
    ]
    guard !routes.isEmpty else { return lines }
    var table = TextTable([
      (language.say("fund account", "资金账户"), .left), (language.say("sent", "派单"), .right),
      (language.say("as", "开平"), .left), (language.say("filled", "已成"), .right),
      (language.say("working", "在途"), .right),
    ])
    for row in routes {
      table.add([
        row.fundAccount.string, OrderText.number(row.lots), offsets(row, language),
        OrderText.number(row.filledLots), OrderText.number(row.workingLots),
      ])
    }
    lines += plain(table.lines)
    return lines
  }

  // MARK: Room

  private static func room(_ rows: [OrderEntry.RoomRow], _ language: Language) -> [String] {
    var table = TextTable([
      (language.say("side", "买卖"), .left), (language.say("offset", "开平"), .left),
      (language.say("instrument", "合约"), .left), (language.say("lots", "可报手数"), .right),
      (language.say("price", "价格"), .right), (language.say("why not more", "不能更多的原因"), .left),
    ])
    for row in rows {
      table.add([
        row.side.words(language), row.offset.words(language), row.instrument.string,
        OrderText.number(row.lots), OrderText.number(row.price),
        RefusalText.words(row.binding, language),
      ])
    }
    return table.lines
  }
}
