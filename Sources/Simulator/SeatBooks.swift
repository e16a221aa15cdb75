import Client
import Domain
import Wire

/// What a terminal asks for when everything has calmed down: its orders and positions, by pages.
struct SeatBooks {
  private(set) var orders: [OrderEntry.OrderRow] = []
  private(set) var positions: [OrderEntry.PositionUpdate] = []
  /// What is asked for; nil = nothing, or everything is there.
  private(set) var asked: OrderEntry.QueryKind?
  private var number: UInt32 = 0
  private(set) var isWhole = false

  /// Asks from the start.
  mutating func begin(_ client: inout TerminalClient, at now: Int64) {
    self = SeatBooks()
    ask(.orders, after: 0, &client, at: now)
  }

  private mutating func ask(
    _ kind: OrderEntry.QueryKind, after cursor: UInt64, _ client: inout TerminalClient,
    at now: Int64
  ) {
    asked = client.query(kind, after: cursor, at: now).isSent ? kind : nil
    number = client.lastRequestNumber
  }

  mutating func heard(_ event: ClientEvent, _ client: inout TerminalClient, at now: Int64) {
    switch event {
    case .orderRow(let row) where row.requestNumber == number: orders.append(row)
    case .position(let row) where row.requestNumber == number: positions.append(row)
    case .queryEnd(let end) where end.requestNumber == number: ended(end, &client, at: now)
    default: break
    }
  }

  /// Whatever was asked for has no answer any more.
  mutating func disconnected() { asked = nil }

  private mutating func ended(
    _ end: OrderEntry.QueryEnd, _ client: inout TerminalClient, at now: Int64
  ) {
    switch (end.result, end.kind) {
    case (.more, let kind): ask(kind, after: end.after, &client, at: now)
    case (.complete, .orders): ask(.positions, after: 0, &client, at: now)
    case (.complete, _):
      isWhole = true
      asked = nil
    // The world asks again.
    default: asked = nil
    }
  }
}
