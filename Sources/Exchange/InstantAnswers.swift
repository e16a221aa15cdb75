import Domain
import Wire

/// A counter that accepts every order the moment it comes and remembers nothing but how many
/// reports each account has had.
struct InstantAnswers {
  private var sequences: [UInt64]
  private var trades: UInt64 = 0

  init(accounts: Int) { sequences = [UInt64](repeating: 0, count: accounts) }

  func lastSequence(of account: FundAccountID) -> UInt64 { sequences[account.index] }

  mutating func insert<Output: CounterOutput & ~Copyable>(
    _ order: CounterProtocol.InsertOrderDecoder, _ account: FundAccountID, fills: Bool,
    _ now: Timestamp, _ link: LinkName, _ output: inout Output
  ) {
    report(.accepted, order.childOrderID, account, leaves: order.lots, now, link, &output)
    guard fills else { return }
    trades += 1
    sequences[account.index] += 1
    let trade = CounterProtocol.TradeReport(
      counterSequence: sequences[account.index], childOrderID: order.childOrderID,
      tradeID: VenueID(number: trades), venueOrderID: VenueID(number: trades),
      instrument: order.instrument, exchange: order.exchange, side: order.side,
      offset: order.offset, hedge: order.hedge, price: order.price, lots: order.lots, time: now)
    _ = output.send(trade, to: link)
  }

  mutating func cancel<Output: CounterOutput & ~Copyable>(
    _ order: CounterProtocol.CancelOrderDecoder, _ account: FundAccountID, _ now: Timestamp,
    _ link: LinkName, _ output: inout Output
  ) {
    report(.cancelled, order.childOrderID, account, leaves: 0, now, link, &output)
  }

  private mutating func report<Output: CounterOutput & ~Copyable>(
    _ state: CounterProtocol.ChildState, _ child: OrderID, _ account: FundAccountID,
    leaves: Lots, _ now: Timestamp, _ link: LinkName, _ output: inout Output
  ) {
    sequences[account.index] += 1
    let report = CounterProtocol.OrderReport(
      counterSequence: sequences[account.index], childOrderID: child,
      venueOrderID: VenueID(number: sequences[account.index]), state: state, cumulativeLots: 0,
      leavesLots: leaves, time: now)
    _ = output.send(report, to: link)
  }
}
