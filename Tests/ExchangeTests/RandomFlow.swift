import Domain

@testable import Exchange

/// A day of orders, cancels and ticks drawn from a seed, sent to an exchange and shown to a
/// naive book.
struct RandomFlow {
  static let accounts = [Market.alice, Market.bob, Market.twin]

  var market: Market
  var stream: SplitMix64
  var naive = NaiveBook()
  private var sent: [(account: FundAccountID, child: OrderID)] = []

  init(seed: UInt64, faults: FaultPlan = FaultPlan()) {
    stream = SplitMix64(seed: seed)
    market = Market(faults: faults, holdings: [ClosingTests.holding(Market.rb, 40)])
  }

  mutating func step() {
    market.now = market.now.adding(nanoseconds: 1_000_000)
    market.exchange.advance(to: market.now)
    switch stream.below(10) {
    case 0: tick()
    case 1...2: cancel()
    default: order()
    }
  }

  private mutating func tick() {
    let bid = stream.within(3480...3515)
    let ask = bid + stream.within(1...5)
    let bidLots = Lots(stream.within(0...12))
    let askLots = Lots(stream.within(0...12))
    market.tick(bid: (bid, bidLots), ask: (ask, askLots), last: stream.below(2) == 0 ? bid : ask)
    naive.tick(
      bid: BookLevel(price: Market.yuan(bid), lots: bidLots),
      ask: BookLevel(price: Market.yuan(ask), lots: askLots))
  }

  private mutating func cancel() {
    guard !sent.isEmpty else { return }
    let chosen = sent[Int(stream.below(UInt64(sent.count)))]
    let reports = market.cancel(chosen.account, chosen.child)
    if reports.contains(where: { $0.body == .cancelled }) { naive.cancel(chosen.child) }
  }

  private mutating func order() {
    let account = Self.accounts[Int(stream.below(3))]
    let side: Side = stream.below(2) == 0 ? .buy : .sell
    let offset = [Offset.open, .open, .open, .close, .closeToday][Int(stream.below(5))]
    let time = [TimeInForce.day, .day, .immediateOrCancel, .fillOrKill][Int(stream.below(4))]
    let lots = Lots(stream.within(2...20))
    let minimum = time == .immediateOrCancel ? Lots(stream.within(0...Int64(lots))) : 0
    let price = stream.within(3480...3520)
    let reports = market.send(
      account, side, lots, price, offset, in: Market.rb, time, minimum: minimum)
    sent.append((account, market.lastChild))
    guard reports.first?.body == .accepted else { return }
    naive.insert(
      NaiveBook.Order(
        child: market.lastChild, side: side, price: Market.yuan(price), lots: lots), time,
      minimum: minimum)
  }

  /// The exchange's trades, by number, from what it told the accounts.
  func matches() -> [NaiveBook.Match] {
    var found: [UInt64: NaiveBook.Match] = [:]
    for account in Self.accounts {
      for report in market.reports(account) {
        guard case .trade(let trade) = report.body else { continue }
        found[
          trade.number, default: NaiveBook.Match(children: [], price: trade.price, lots: trade.lots)
        ].children.append(report.child)
      }
    }
    return found.sorted { $0.key < $1.key }.map { match in
      var match = match.value
      match.children.sort { $0.raw < $1.raw }
      return match
    }
  }
}
