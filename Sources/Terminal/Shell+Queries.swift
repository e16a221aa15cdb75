import Client
import Domain
import Wire

/// The rows of the query that is being asked, page by page.
struct QueryRows: Sendable {
  var kind = OrderEntry.QueryKind.unknown
  var filter = TerminalClient.QueryFilter()
  /// Of the page that is awaited; 0 = none is.
  var requestNumber: UInt32 = 0
  var orders: [OrderEntry.OrderRow] = []
  var trades: [OrderEntry.TradeRow] = []
  var positions: [OrderEntry.PositionUpdate] = []
  var funds: [OrderEntry.AccountUpdate] = []
  var limits: [OrderEntry.LimitRow] = []
  var instruments: [OrderEntry.InstrumentDefinition] = []
  /// The page is complete.
  var end: OrderEntry.QueryEnd?

  func isFor(_ number: UInt32) -> Bool { number != 0 && number == requestNumber }
}

// Rows that the gateway has: asked for page by page, shown as one table.
extension Shell {
  mutating func ask(
    _ kind: OrderEntry.QueryKind, _ instrument: InstrumentReference?,
    _ client: inout TerminalClient, at now: Int64
  ) {
    var filter = TerminalClient.QueryFilter()
    filter.instrument = instrument?.code ?? InstrumentCode()
    filter.exchange = instrument?.exchange ?? .unknown
    guard isSent(client.query(kind, filter, at: now)) else { return }
    queryRows = QueryRows()
    queryRows.kind = kind
    queryRows.filter = filter
    queryRows.requestNumber = client.lastRequestNumber
    wait(.rows, nil, at: now)
  }

  /// Asks for the next page, or shows what came.
  mutating func rowsEnded(_ client: inout TerminalClient, at now: Int64) {
    guard let end = queryRows.end else { return }
    queryRows.end = nil
    if end.result == .more {
      let asked = client.query(queryRows.kind, queryRows.filter, after: end.after, at: now)
      if isSent(asked) {
        queryRows.requestNumber = client.lastRequestNumber
        return wait(.rows, nil, at: now)
      }
    }
    phase = .ready
    guard end.result == .complete else {
      fail(.lineFailed, QueryText.refusal(end.result, settings.language))
      return
    }
    if settings.isJSON {
      show(QueryJSON.end(end))
    } else {
      for line in QueryText.table(queryRows, settings.language) { show(line) }
      if end.lost > 0 {
        show(
          say(
            "\(end.lost) fills of today were too many to be kept", "当日另有 \(end.lost) 笔成交未保留"))
      }
    }
    queryRows = QueryRows()
  }
}
