import Client
import Config
import Domain
import Wire

/// One terminal of the load that sends: when its next order is due, what it is, and what became of
/// each.
struct LoadTrader {
  /// Ticks away from the market that nothing trades at.
  private static let restTicks: Int64 = 30
  /// Ticks through the market.
  private static let fillTicks: Int64 = 5

  private struct Sent {
    var due: Int64 = 0
    var at: Int64 = 0
  }

  let period: Int64
  private(set) var nextDue: Int64
  /// By the place that the client's model gives an order.
  private(set) var checks: [OrderCheck] = []
  private var times: [Sent] = []
  private var resting: [(until: Int64, id: ClOrdID)] = []
  private var restingTaken = 0
  /// Lots it opened and has not closed yet, long and short, by place of the instrument.
  private var held: [DayHolding]
  private var random: SplitMix64

  init(period: Int64, firstDue: Int64, instruments: Int, seed: UInt64) {
    self.period = period
    nextDue = firstDue
    held = Array(repeating: DayHolding(), count: instruments)
    random = SplitMix64(seed: seed)
  }

  /// Its orders are due from now on.
  mutating func begin(at start: Int64) { nextDue += start }

  /// Takes the next order's turn; the moment it was due.
  mutating func takeTurn() -> Int64 {
    defer { nextDue += period }
    return nextDue
  }

  // MARK: What it sends

  mutating func ticket(_ mix: LoadPlan.Mix, _ market: LoadMarket) -> (OrderTicket, OrderCheck.Kind)
  {
    let place = random.below(market.listed.count)
    let listed = market.listed[place]
    let draw = random.below(mix.sum)
    let isBuy = random.below(2) == 0
    if draw < mix.rest {
      let away = LoadTrader.restTicks * listed.tick
      return (ticket(listed, isBuy ? .buy : .sell, .open, isBuy ? -away : away), .rest)
    }
    if draw < mix.rest + mix.fill { return (crossing(place, listed, isBuy), .fill) }
    return (ticket(listed, isBuy ? .buy : .sell, .open, 1), .refuse)
  }

  /// Through the market: closes what the other side holds, or opens.
  private func crossing(
    _ place: Int, _ listed: LoadMarket.Listed, _ isBuy: Bool
  ) -> OrderTicket {
    let through = LoadTrader.fillTicks * listed.tick
    let has = isBuy ? held[place].short : held[place].long
    let offset: Offset = has >= Int64(listed.lots) ? listed.exchange.closingToday : .open
    var order = ticket(listed, isBuy ? .buy : .sell, offset, isBuy ? through : -through)
    order.timeInForce = .immediateOrCancel
    return order
  }

  private func ticket(
    _ listed: LoadMarket.Listed, _ side: Side, _ offset: Offset, _ away: Int64
  ) -> OrderTicket {
    let base = side == .buy ? listed.ask : listed.bid
    var price = Price(units: base.units + away)
    if !listed.upper.isNone, price > listed.upper { price = listed.upper }
    if !listed.lower.isNone, price < listed.lower { price = listed.lower }
    return OrderTicket(
      side, offset, listed.code, exchange: listed.exchange, lots: listed.lots, price: price)
  }

  /// It was sent under an id that the model keeps at a place.
  mutating func sent(
    _ ticket: OrderTicket, _ kind: OrderCheck.Kind, _ id: ClOrdID, at place: Int, due: Int64,
    now: Int64, restsUntil: Int64
  ) {
    grow(to: place + 1)
    checks[place] = OrderCheck(kind, ticket.side, ticket.price, ticket.lots)
    times[place] = Sent(due: due, at: now)
    if kind == .rest { resting.append((restsUntil, id)) }
  }

  /// The next order that has rested long enough.
  mutating func nextRested(at now: Int64) -> ClOrdID? {
    guard restingTaken < resting.count, resting[restingTaken].until <= now else { return nil }
    restingTaken += 1
    if restingTaken == 1_024 {
      resting.removeFirst(restingTaken)
      restingTaken = 0
      return nil
    }
    return resting[restingTaken - 1].id
  }

  /// Orders without an answer were sent again.
  mutating func resent() {
    for place in checks.indices where !checks[place].isAnswered { checks[place].wasResent = true }
  }

  // MARK: What it hears

  /// When an order was due and sent; zeros for another terminal's.
  func times(at place: Int) -> (due: Int64, sent: Int64) {
    place < times.count ? (times[place].due, times[place].at) : (0, 0)
  }

  func isAnswered(_ place: Int) -> Bool { place < checks.count && checks[place].isAnswered }

  /// Takes in a report of the order at a place; what is wrong with it.
  mutating func note(
    _ report: OrderEntry.ExecutionReport, _ order: ClientOrder, at place: Int,
    _ market: LoadMarket
  ) -> String? {
    if place >= checks.count {
      grow(to: place)
      checks.append(OrderCheck(.foreign, order.side, order.price, order.lots))
      times.append(Sent())
    }
    if report.execType == .trade, checks[place].kind != .foreign,
      let instrument = market.place(of: report.instrument)
    {
      held[instrument].note(report)
    }
    return checks[place].note(report)
  }

  mutating func noteReject(at place: Int) -> String? {
    place < checks.count ? checks[place].rejectMessage() : nil
  }

  private mutating func grow(to count: Int) {
    while checks.count < count {
      checks.append(OrderCheck(.foreign, .unknown, .none, 0))
      times.append(Sent())
    }
  }
}
