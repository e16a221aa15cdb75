import Domain
import Ledger
import MarketData
import Routing
import Testing

/// A parent's state is the fold of its children's (routing.md "Life of an order").
@Suite struct ParentFoldTests {
  struct Row: Sendable {
    var filled: Lots
    var ended: Lots
    var isConfirmed = false
    var cancelRequested = false
    var refusal = RuleID.none
    var expected: OrderState
  }

  /// Of 10 lots.
  @Test(arguments: [
    Row(filled: 0, ended: 0, expected: .accepted),
    Row(filled: 0, ended: 0, isConfirmed: true, expected: .working),
    Row(filled: 0, ended: 4, isConfirmed: true, expected: .working),
    Row(filled: 1, ended: 0, expected: .partlyFilled),
    Row(filled: 1, ended: 8, isConfirmed: true, expected: .partlyFilled),
    Row(filled: 10, ended: 0, isConfirmed: true, expected: .filled),
    Row(filled: 9, ended: 1, isConfirmed: true, expected: .cancelled),
    Row(filled: 0, ended: 10, isConfirmed: true, expected: .cancelled),
    Row(
      filled: 0, ended: 10, cancelRequested: true, refusal: .counterRefused, expected: .cancelled),
    Row(filled: 0, ended: 10, refusal: .counterRefused, expected: .rejected),
    Row(filled: 0, ended: 10, isConfirmed: true, refusal: .counterRefused, expected: .cancelled),
    Row(filled: 1, ended: 9, refusal: .counterRefused, expected: .cancelled),
    Row(filled: 0, ended: 10, expected: .cancelled),
  ])
  func lotsAndWordsOfTheCounterMakeTheState(_ row: Row) {
    let desk = RouteDesk(.priority)
    desk.addFund(1_000_000)
    let instrument = desk.market.instrument(desk.rb)
    let terms = desk.buy(10)
    let number = desk.ledger.addOrder(
      terms, state: .accepted, refusal: .none, at: RouteDesk.now, day: RouteDesk.day, shard: 0,
      seed: 1)
    desk.ledger.takeHold(order: number, instrument, price: terms.price, hold: .zero)
    if row.filled > 0 {
      _ = desk.ledger.fill(
        order: number, instrument, price: terms.price, lots: row.filled,
        day: RouteDesk.day.yyyymmdd)
    }
    if row.ended > 0 {
      desk.ledger.end(order: number, instrument, lots: row.ended, refusal: Refusal(row.refusal))
    }
    if row.isConfirmed { desk.ledger.setConfirmed(order: number) }
    if row.cancelRequested { desk.ledger.setCancelRequested(order: number) }
    let order = desk.ledger.order(number)
    #expect(ParentFold.state(order) == row.expected)
    desk.ledger.setState(order: number, .inReview)
    #expect(ParentFold.state(order) == .inReview)
  }
}
