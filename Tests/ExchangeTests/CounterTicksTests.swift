import Domain
import Session
import Testing
import Wire

@testable import Exchange

@Suite struct CounterTicksTests {
  static let subscription = CounterProtocol.SubscribeTicks(
    instruments: [
      .init(instrument: Market.instruments[0].code, exchange: .shfe),
      .init(instrument: InstrumentCode("no")!, exchange: .shfe),
    ])

  @Test func subscribersHearTicksAndTheLastOneAtOnce() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.login(1, "bob")
    #expect(desk.send(0, Self.subscription) == [])
    desk.tick(3499, 3500)
    #expect(desk.output.take(0) == ["tick rb2705 3499/3500"])
    #expect(desk.send(1, Self.subscription) == ["tick rb2705 3499/3500"])
    desk.send(0, CounterProtocol.UnsubscribeTicks())
    desk.tick(3500, 3501)
    #expect(desk.output.take(0) == [])
    #expect(desk.output.take(1) == ["tick rb2705 3500/3501"])
  }

  @Test func aNewerTickReplacesOneThatWasNotSent() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.send(0, Self.subscription)
    desk.output.capacity = 0
    for price in Int64(3480)...3490 { desk.tick(price, price + 1) }
    desk.output.capacity = 1_000
    desk.service.outputDrained(LinkName(index: 0, generation: 0), now: desk.now, &desk.output)
    #expect(desk.output.take(0) == ["tick rb2705 3490/3491"])
  }

  @Test func aTickFillsAWaitingOrderAndItsLinkHears() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.send(0, desk.order(.buy, 4, 3500))
    desk.tick(3499, 3500, lots: 3)
    #expect(desk.output.take(0) == ["#2 1 rb2705 buy 3@3500"])
  }

  @Test func phasesAreToldToAllAndToWhoSubscribesLater() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.service.setPhase(.unknown, of: Market.rb, now: desk.now, &desk.output)
    #expect(desk.output.take(0) == ["phase rb2705 closed"])
    desk.login(1, "bob")
    #expect(desk.send(1, Self.subscription) == ["phase rb2705 closed"])
  }

  @Test func aDaySwitchTellsOfExpiredOrders() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.send(0, desk.order(.buy, 4, 3400))
    desk.service.switchDay(
      to: DaySwitchTests.next, terms: DaySwitchTests.terms(nil), now: desk.now, &desk.output)
    #expect(desk.output.take(0) == ["#2 1 cancelled 0+0"])
  }

  @Test func aDaySwitchTellsSubscribersTheirPhasesAgain() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.login(1, "bob")
    desk.send(0, Self.subscription)
    // What nobody has set is nobody's to tell.
    desk.service.switchDay(
      to: DaySwitchTests.next, terms: DaySwitchTests.terms(nil), now: desk.now, &desk.output)
    #expect(desk.output.take(0) == [])
    desk.service.setPhase(.continuous, of: Market.rb, now: desk.now, &desk.output)
    _ = (desk.output.take(0), desk.output.take(1))
    desk.service.switchDay(
      to: TradingDay(yyyymmdd: DaySwitchTests.next.yyyymmdd + 1)!,
      terms: DaySwitchTests.terms(nil), now: desk.now, &desk.output)
    #expect(desk.output.take(0) == ["phase rb2705 continuous"])
    #expect(desk.output.take(1) == [])
  }

  @Test func generatedTicksAreSpreadOverTheHalfSecond() {
    let start = Market.open
    var market = GeneratedMarket(
      Market.instruments, seed: 1, day: Market.day, start: start, speed: 2)
    var dues: [Int64] = []
    for _ in 0..<6 {
      let due = market.nextDue
      #expect(market.take(now: due.adding(nanoseconds: -1)) == nil)
      #expect(market.take(now: due)?.time == due)
      dues.append((due.nanoseconds - start.nanoseconds) / 1_000)
    }
    #expect(dues == [0, 62_500, 125_000, 187_500, 250_000, 312_500])
    let none = GeneratedMarket([], seed: 1, day: Market.day, start: start)
    #expect(none.nextDue == .never)
  }
}
