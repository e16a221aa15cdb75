import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// A mass cancel's own answer, and whose request ended an order.
@Suite struct MassCancelTests {
  private let price = World.yuan(3_500)

  private func done(_ effects: [Effect]) -> [MassCancelDone] {
    effects.compactMap { if case .massCancelDone(let done) = $0 { done } else { nil } }
  }

  @Test func itSaysHowManyOrdersItAskedToCancel() {
    let fixture = EngineFixture.trading()
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    fixture.send(World.anna, World.rb2701, .sell, .open, 1, at: World.yuan(3_510))
    fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600))
    let buys = fixture.massCancel(World.anna, World.rb2701, .buy)
    #expect(
      done(buys) == [
        MassCancelDone(
          session: SessionID(7), account: World.anna, requestID: ClOrdID("mass")!, orders: 1)
      ])
    // The one that is asked already still works: it is asked for again, by this request.
    #expect(done(fixture.massCancel(World.anna)).map(\.orders) == [3])
    for cancel in fixture.cancels {
      let reports = fixture.confirmCancel(cancel.child).reports
      #expect(reports.map(\.execType) == [.cancelled])
      #expect(reports.map(\.requestID) == [ClOrdID("mass")!])
    }
    #expect(done(fixture.massCancel(World.anna)).map(\.orders) == [0])
  }

  /// The walk starts over whenever the order it stopped at has ended: each is counted once.
  @Test func eachOrderIsCountedOnceHoweverManySlicesItTakes() {
    let fixture = EngineFixture.trading()
    for _ in 0..<600 { fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price) }
    var answers = done(fixture.massCancel(World.anna))
    #expect(answers.isEmpty)
    var confirmed = 0
    while fixture.hasWork {
      // All but the first: what is asked already stands in front of what is not.
      while confirmed < fixture.cancels.count {
        if confirmed > 0 { fixture.confirmCancel(fixture.cancels[confirmed].child) }
        confirmed += 1
      }
      if let next = fixture.sent.first(where: { sent in
        !fixture.cancels.contains { $0.child == sent.child }
      }) {
        // The order the walk stopped at ends by itself.
        fixture.fill(next.child, price, 1)
      }
      answers += done(fixture.step(.continueWork))
    }
    #expect(answers.count == 1)
    #expect(answers.first?.orders == UInt32(fixture.cancels.count))
    #expect(Set(fixture.cancels.map(\.child.raw)).count == fixture.cancels.count)
  }

  @Test func theLastRequestIsTheOneThatEnded() {
    let fixture = EngineFixture.trading()
    let sent = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price)
    let order = sent.reports[0].order
    fixture.cancel(order, of: World.anna)
    #expect(fixture.cancels.count == 1)
    fixture.massCancel(World.anna)
    // It is asked of the counter once.
    #expect(fixture.cancels.count == 1)
    let report = fixture.confirmCancel(fixture.cancels[0].child).reports[0]
    #expect(report.requestID == ClOrdID("mass")!)
    // What nobody asked for carries nothing.
    let other = fixture.send(World.anna, World.rb2701, .buy, .open, 2, at: price).sent[0]
    #expect(fixture.confirmCancel(other.child).reports.map(\.requestID) == [ClOrdID()])
  }
}
