import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// What counts toward cancel-limit: an order whose cancel its terminal asked for and a counter
/// confirmed, once; not FAK and FOK remainders, nor what ended otherwise (rules.md 3).
@Suite struct CancelTallyTests {
  private let price = World.yuan(3_500)

  private func cancels(_ fixture: EngineFixture) -> Int32 {
    let head = fixture.engine.ledger.firstPosition(
      fixture.engine.ledger.holder(of: World.anna), World.rb2701)
    return head == 0 ? 0 : fixture.engine.ledger.position(head).pointee.cancels
  }

  private func opened(_ timeInForce: TimeInForce = .day) -> (EngineFixture, OrderID, OrderID) {
    let fixture = EngineFixture.trading()
    let effects = fixture.step(
      .newOrder(
        fixture.newOrder(
          World.anna, World.rb2701, .buy, .open, 10, at: price, timeInForce: timeInForce)))
    return (fixture, effects.reports[0].order, effects.sent[0].child)
  }

  @Test func aConfirmedCancelCountsOnce() {
    let (fixture, order, child) = opened()
    fixture.cancel(order, of: World.anna)
    #expect(cancels(fixture) == 0)
    fixture.confirmCancel(child)
    #expect(cancels(fixture) == 1)
    // A late fill leaves the order cancelled, and the cancel counted once.
    fixture.fill(child, price, 2)
    #expect(cancels(fixture) == 1)
  }

  @Test(arguments: [TimeInForce.immediateOrCancel, .fillOrKill])
  func aRemainderIsNoCancel(_ timeInForce: TimeInForce) {
    let (fixture, order, child) = opened(timeInForce)
    fixture.cancel(order, of: World.anna)
    fixture.confirmCancel(child)
    #expect(cancels(fixture) == 0)
  }

  @Test func anOrderThatItsCounterRefusedIsNoCancel() {
    let (fixture, order, child) = opened()
    fixture.cancel(order, of: World.anna)
    fixture.reject(child)
    #expect(cancels(fixture) == 0)
  }

  @Test func anOrderThatNeverArrivedIsNoCancel() {
    let (fixture, order, child) = opened()
    fixture.cancel(order, of: World.anna)
    fixture.linkDown(World.north1)
    fixture.linkUp(World.north1)
    fixture.neverArrived(child)
    #expect(cancels(fixture) == 0)
  }

  /// The counter confirms the cancel and says that fills are still to come: the last one ends it.
  @Test func aCancelWhoseFillsCameLaterCounts() {
    let (fixture, order, child) = opened()
    fixture.cancel(order, of: World.anna)
    fixture.confirmCancel(child, cumulative: 3)
    #expect(cancels(fixture) == 0)
    let last = fixture.fill(child, price, 3)
    #expect(last.reports.map(\.state) == [.cancelled])
    #expect(cancels(fixture) == 1)
  }

  /// One part is cancelled, the other fills before its cancel arrives.
  @Test func aCancelOfAPartCountsWhenTheOtherPartFills() {
    let fixture = EngineFixture.trading()
    fixture.step(
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: World.north1, scope: .commodity(World.rb), lots: 5, margin: .none)))
    let effects = fixture.send(World.anna, World.rb2701, .buy, .open, 10, at: price)
    fixture.cancel(effects.reports[0].order, of: World.anna)
    fixture.confirmCancel(effects.sent[0].child)
    #expect(cancels(fixture) == 0)
    let last = fixture.fill(effects.sent[1].child, price, 5)
    #expect(last.reports.map(\.state) == [.cancelled])
    #expect(cancels(fixture) == 1)
  }
}
