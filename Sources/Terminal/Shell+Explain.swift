import Client
import Domain
import Wire

/// What is being asked about an order, page by page.
struct ExplanationPages: Sendable {
  enum Subject: Equatable, Sendable {
    /// `try`
    case ticket(OrderTicket)
    /// `why`
    case order(OrderID, ClOrdID)
    /// `room`
    case room(InstrumentReference, HedgeFlag, Price)
  }

  var subject: Subject
  /// Of the page that is awaited; 0 = none is.
  var requestNumber: UInt32 = 0
  /// The order as it was stored.
  var order: OrderEntry.OrderRow?
  var findings: [OrderEntry.FindingRow] = []
  var routes: [OrderEntry.RouteRow] = []
  var rooms: [OrderEntry.RoomRow] = []
  /// The page is complete.
  var end: OrderEntry.ExplainEnd?

  func isFor(_ number: UInt32) -> Bool { number != 0 && number == requestNumber }
}

// Orders that are not sent, and those that were: what rules find in them.
extension Shell {
  mutating func explain(
    _ subject: ExplanationPages.Subject, _ client: inout TerminalClient, at now: Int64
  ) {
    explanation = ExplanationPages(subject: subject)
    askExplanation(after: 0, &client, at: now)
  }

  /// `8001-17` is order 17 of account 8001, where no order has all of it as its id.
  mutating func why(
    _ reference: OrderReference, _ client: inout TerminalClient, at now: Int64
  ) {
    if case .orderID(let id) = reference {
      return explain(.order(id, ClOrdID()), &client, at: now)
    }
    guard var id = resolve(reference, client) else { return }
    let prefix = account.string + "-"
    if client.model.order(id) == nil, id.string.hasPrefix(prefix),
      let own = ClOrdID(id.string.dropFirst(prefix.count)), !own.isEmpty
    {
      id = own
    }
    explain(.order(.none, id), &client, at: now)
  }

  private mutating func askExplanation(
    after place: UInt64, _ client: inout TerminalClient, at now: Int64
  ) {
    guard let subject = explanation?.subject else { return }
    let asked =
      switch subject {
      case .ticket(let ticket): client.tryOrder(ticket, after: place, at: now)
      case .order(let id, let clOrdID): client.why(id, clOrdID, after: place, at: now)
      case .room(let instrument, let hedge, let price):
        client.room(
          instrument.code, instrument.exchange, hedge: hedge, price: price, after: place, at: now)
      }
    guard isSent(asked) else {
      explanation = nil
      if case .waiting = phase { phase = .ready }
      return
    }
    explanation?.requestNumber = client.lastRequestNumber
    wait(.explanation, nil, at: now)
  }

  /// Takes in a row that was asked for; false for one of something else.
  mutating func took(_ event: ClientEvent) -> Bool {
    guard let awaited = explanation else { return false }
    let language = settings.language
    switch event {
    case .orderRow(let row) where awaited.isFor(row.requestNumber):
      explanation?.order = row
      if settings.isJSON { show(QueryJSON.order(row, language)) }
    case .findingRow(let row) where awaited.isFor(row.requestNumber):
      explanation?.findings.append(row)
      if settings.isJSON { show(ExplanationJSON.finding(row)) }
    case .routeRow(let row) where awaited.isFor(row.requestNumber):
      explanation?.routes.append(row)
      if settings.isJSON { show(ExplanationJSON.route(row, language)) }
    case .roomRow(let row) where awaited.isFor(row.requestNumber):
      explanation?.rooms.append(row)
      if settings.isJSON { show(ExplanationJSON.room(row, language)) }
    case .explainEnd(let end) where awaited.isFor(end.requestNumber): explanation?.end = end
    default: return false
    }
    return true
  }

  /// Asks for the next page, or shows what came.
  mutating func explanationEnded(_ client: inout TerminalClient, at now: Int64) {
    guard let pages = explanation, let end = pages.end else { return }
    if end.result == .more {
      explanation?.end = nil
      return askExplanation(after: end.after, &client, at: now)
    }
    explanation = nil
    phase = .ready
    guard end.result == .complete else {
      let why = RefusalText.words(end.refusal, settings.language)
      return fail(
        .lineFailed,
        QueryText.refusal(end.result, settings.language)
          + (why.isEmpty ? "" : say(": ", "：") + why))
    }
    if settings.isJSON {
      show(ExplanationJSON.end(end, settings.language))
    } else {
      for line in ExplanationText.lines(pages, settings.language) { show(line) }
    }
    if case .ticket = pages.subject, end.verdict == .refused, settings.isScript {
      fail(.orderRefused, say("the order would be refused", "该报单将被拒绝"))
    }
  }
}
