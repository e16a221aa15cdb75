import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// ClOrdIDs are unique per operation account and trading day (design.md).
@Suite struct ClientIDTests {
  private let price = World.yuan(3_500)

  @Test func theSameIDAndBodyGetTheStoredAnswer() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(World.anna, World.rb2701, .buy, .open, 2, at: price)
    let first = fixture.step(.newOrder(order))
    fixture.fill(first.sent[0].child, price, 1)
    let books = fixture.booksHash
    var again = order
    again.session = SessionID(8)
    let answer = fixture.step(.newOrder(again))
    #expect(answer.sent.isEmpty)
    #expect(answer.reports.map(\.execType) == [.restated])
    #expect(answer.reports.map(\.order) == [first.reports[0].order])
    #expect(answer.reports.map(\.cumulativeLots) == [1])
    #expect(answer.reports.map(\.session) == [SessionID(8)])
    #expect(answer.reports.map(\.reportSequence) == [0])
    #expect(fixture.booksHash == books)
  }

  @Test func theSameIDWithAnotherBodyIsRefused() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 3, at: price, timeInForce: .immediateOrCancel,
      minimumLots: 1)
    fixture.step(.newOrder(order))
    var others: [NewOrder] = []
    for change in 0..<9 {
      var other = order
      switch change {
      case 0: other.instrument = World.rb2705
      case 1: other.side = .sell
      case 2: other.offset = .close
      case 3: other.hedge = .arbitrage
      case 4: other.price = World.yuan(3_501)
      case 5: other.type = .market
      case 6: other.lots = 4
      case 7: other.minimumLots = 2
      default: other.timeInForce = .day
      }
      others.append(other)
    }
    for other in others {
      let answer = fixture.step(.newOrder(other))
      #expect(answer.reports.map(\.refusal.rule) == [.duplicateOrder])
    }
  }

  @Test func aRefusedOrderKeepsItsID() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(World.anna, World.rb2701, .sell, .close, 2, at: price)
    fixture.step(.newOrder(order))
    let answer = fixture.step(.newOrder(order))
    #expect(answer.reports.map(\.execType) == [.restated])
    #expect(answer.reports.map(\.state) == [.rejected])
    #expect(answer.reports.map(\.refusal.rule) == [.positionAvailable])
  }

  @Test func otherAccountsAndOtherDaysMayUseTheSameID() {
    let fixture = EngineFixture.trading()
    let id = ClOrdID("mine")!
    for account in [World.anna, World.amir] {
      let order = fixture.newOrder(
        account, World.rb2701, .buy, .open, 2, at: price, clOrdID: id)
      #expect(fixture.step(.newOrder(order)).reports.map(\.execType) == [.new])
    }
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    let order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 2, at: price, clOrdID: id)
    #expect(fixture.step(.newOrder(order)).reports.map(\.execType) == [.new])
  }

  @Test func anOrderWithoutIDIsRefused() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(
      World.anna, World.rb2701, .buy, .open, 2, at: price, clOrdID: ClOrdID())
    #expect(fixture.step(.newOrder(order)).reports.map(\.refusal.rule) == [.duplicateOrder])
  }

  @Test func aCancelMayNameTheOrderByItsClientID() {
    let fixture = EngineFixture.trading()
    let order = fixture.newOrder(World.anna, World.rb2701, .buy, .open, 2, at: price)
    let opened = fixture.step(.newOrder(order))
    let effects = fixture.step(
      .cancelOrder(
        CancelOrder(
          session: SessionID(7), account: World.anna, requestID: ClOrdID("cancel")!,
          target: .none, targetClOrdID: order.clOrdID)))
    #expect(effects.cancels.map(\.child) == [opened.sent[0].child])
  }
}
