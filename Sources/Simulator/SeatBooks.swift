import Client
import Domain
import Engine
import Ledger
import Wire

/// What a terminal asks for when everything has calmed down: its orders, positions
/// and money, by pages.
struct SeatBooks {
  private(set) var orders: [OrderEntry.OrderRow] = []
  private(set) var positions: [OrderEntry.PositionUpdate] = []
  private(set) var funds: OrderEntry.AccountUpdate?
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
    case .account(let row) where row.requestNumber == number: funds = row
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
    case (.complete, .positions): ask(.funds, after: 0, &client, at: now)
    case (.complete, _):
      isWhole = true
      asked = nil
    // The world asks again.
    default: asked = nil
    }
  }
}

extension SeatBooks {
  /// A figure of its money that is other than the books have it; nil when all are the same.
  func difference(_ account: Int, _ engine: borrowing Engine) -> String? {
    guard let funds else { return "no money" }
    let holder = engine.ledger.holder(of: OperationAccountID(UInt32(account)))
    let money = engine.ledger.holder(holder)
    for (name, told, real) in [
      ("equity", funds.equity, money.pointee.equity),
      ("available", funds.available, money.pointee.available),
      ("premium", funds.premium, money.pointee.premium),
      ("frozen premium", funds.frozenPremium, money.pointee.frozenPremium),
      ("market equity", funds.marketEquity, money.pointee.marketEquity),
    ] where told != real {
      return "\(name) \(told), it is \(real)"
    }
    var value: Int64 = 0
    for row in positions where !row.optionValue.isNone { value += row.optionValue.units }
    return value == money.pointee.optionValue.units
      ? nil : "options of \(value), they are \(money.pointee.optionValue)"
  }

  /// What does not add up in money that was told; nil when all of it does.
  static func fault(_ update: OrderEntry.AccountUpdate) -> String? {
    if let sum = update.sums.first(where: { !$0.holds }) { return sum.name }
    return update.balance.units == update.equityOfParts - update.positionProfit.units
      ? nil : "balance"
  }

  /// What is wrong with a position that was told: an option has a value, at its mark, and no
  /// profit; a future the reverse.
  static func fault(_ update: OrderEntry.PositionUpdate) -> String? {
    guard
      let listing = SimulatedHouse.listings.first(where: { $0.code == update.instrument.string })
    else { return "nobody lists it" }
    guard listing.option != nil else { return update.optionValue.isNone ? nil : "value" }
    let lots = Int64(update.todayLots) + Int64(update.yesterdayLots)
    let mark = update.markPrice.isNone ? 0 : update.markPrice.units
    let value = update.side.sign * lots * mark * Int64(listing.multiplier)
    if update.optionValue.units != value { return "value" }
    return update.positionProfit == .zero ? nil : "profit"
  }
}
