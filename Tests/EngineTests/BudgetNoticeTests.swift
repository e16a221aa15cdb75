import Domain
import Engine
import Ledger
import MarketData
import Messages
import RiskRules
import Testing

/// Exchanges' budgets as an engine counts and tells them (rules.md 8).
@Suite struct BudgetNoticeTests {
  private let price = World.yuan(3_500)

  private func fixture(_ more: [Command]) -> EngineFixture {
    EngineFixture.trading(
      before: [.setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 600_000))] + more)
  }
  private static func budget(_ kind: BudgetKind, _ limit: Int64, _ scope: Scope? = nil) -> Command {
    .setBudget(SetBudget(scope: scope ?? .exchange(.shfe), kind: kind, limit: limit))
  }
  private static func group(_ fund: FundAccountID, _ name: String) -> Command {
    .setControlGroup(SetControlGroup(fundAccount: fund, name: Name(name)!))
  }

  private func words(_ effects: [Effect]) -> [String] {
    effects.notices.compactMap { notice in
      let sign: String
      switch notice.kind {
      case .budgetWarned: sign = "~"
      case .budgetReached: sign = "!"
      case .budgetReleased: sign = "-"
      case .budgetUncounted: sign = "?"
      default: return nil
      }
      return "\(sign)\(notice.rule) \(notice.observed)/\(notice.limit)"
    }
  }

  private func open(
    _ fixture: EngineFixture, _ side: Side = .buy, _ lots: Lots = 1, at price: Price? = nil
  ) -> [Effect] {
    fixture.send(World.anna, World.rb2701, side, .open, lots, at: price ?? self.price)
  }

  private func cancelOne(_ fixture: EngineFixture) -> [Effect] {
    let child = open(fixture).sent[0].child
    fixture.accept(child)
    return fixture.confirmCancel(child)
  }

  /// An exchange counts what it has cancelled, whoever asked: another program at the counter, or
  /// the counter by itself. Of the account's own limit it is none.
  @Test func aCancelThatNobodyHereAskedForIsTheGroupsAndNotTheAccounts() {
    let fixture = fixture([Self.budget(.cancels, 2)])
    let effects = open(fixture)
    let own = effects.sent[0].child
    fixture.accept(own)
    fixture.cancel(effects.reports[0].order, of: World.anna)
    #expect(words(fixture.confirmCancel(own)) == [])
    #expect(fixture.cancels(of: World.anna, World.rb2701) == 1)
    #expect(words(cancelOne(fixture)) == ["~cancelBudget 2/2", "!cancelBudget 2/2"])
    #expect(fixture.cancels(of: World.anna, World.rb2701) == 1)
  }

  /// At 60 % and at all of it, once each; then opening is refused, closing passes, and another
  /// instrument goes on.
  @Test func aBudgetIsToldOnceAndBars() {
    let fixture = fixture(
      [Self.budget(.cancels, 3), Self.group(World.south1, "alpha")]
        + [Self.group(World.north1, "alpha")])
    fixture.hold(World.anna, World.rb2701, .long, 2, at: price)
    #expect(words(cancelOne(fixture)) == [])
    #expect(words(cancelOne(fixture)) == ["~cancelBudget 2/3"])
    let working = open(fixture).sent[0].child
    #expect(words(cancelOne(fixture)) == ["!cancelBudget 3/3"])
    let books = fixture.booksHash
    let refused = open(fixture)
    #expect(refused.reports.last?.refusal.rule == .cancelBudget)
    #expect(refused.reports.last?.refusal.observed == 3)
    #expect(fixture.booksHash == books)
    #expect(open(fixture, .sell).reports.last?.refusal.rule == .cancelBudget)
    // Working orders are cancelled in any case; what is above the budget is not told again.
    fixture.accept(working)
    #expect(words(fixture.confirmCancel(working)) == [])
    let closing = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 1, at: price)
    #expect(closing.sent.count == 1)
    #expect(
      fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600)).sent.count == 1)
    // More is allowed: the bar is gone, and that is told, at once.
    #expect(
      words(fixture.step(Self.budget(.cancels, 9))) == ["-cancelBudget 4/9", "-cancelBudget 4/9"])
    #expect(words(cancelOne(fixture)) == [])
  }

  /// What is set is told at once: a limit that was reached, one that no longer is, and a share. It
  /// names the fund account that the group began with.
  @Test func whatIsSetIsToldAtOnce() {
    let fixture = fixture([Self.budget(.cancels, 100)])
    _ = cancelOne(fixture)
    _ = cancelOne(fixture)
    #expect(words(fixture.step(Self.budget(.cancels, 4))) == [])
    let reached = fixture.step(Self.budget(.cancels, 2, .commodity(World.rb)))
    #expect(words(reached) == ["~cancelBudget 2/2", "!cancelBudget 2/2"])
    #expect(
      reached.notices.map(\.scopeID) == [World.north1.raw, World.north1.raw])
    #expect(reached.notices.map(\.instrument) == [World.rb2701, World.rb2701])
    #expect(words(fixture.step(Self.budget(.cancels, 2, .commodity(World.rb)))) == [])
    #expect(
      words(fixture.step(Self.budget(.cancels, .min, .commodity(World.rb))))
        == ["-cancelBudget 2/4", "-cancelBudget 2/4"])
    func share(_ percent: Int64) -> [String] {
      words(
        fixture.step(.setPlatform(SetPlatform(setting: .budgetWarnPercent, value: percent))))
    }
    #expect(share(500_001) == [])
    #expect(share(500_000) == ["~cancelBudget 2/4"])
    #expect(share(.min) == ["-cancelBudget 2/4"])
    // Refused, and nothing is told.
    let refused = fixture.step(Self.budget(.cancels, -1))
    #expect(refused.refusals.count == 1 && words(refused) == [])
  }

  /// With the day all that was told of it ends: lots of a commodity once for all its instruments,
  /// and messages too.
  @Test func whatWasToldEndsWithTheDay() {
    let fixture = fixture([
      Self.budget(.openedLots, 1, .commodity(World.rb)),
      Self.budget(.openedLots, 1, .instrument(World.rb2705)),
      .setPlatform(SetPlatform(setting: .messagesInSecond, value: 2)),
      .setPlatform(SetPlatform(setting: .burstsADay, value: 1)),
    ])
    for instrument in [World.rb2701, World.rb2705] {
      fixture.externalTrade(World.north1, instrument, .buy, .open, 1, at: price)
    }
    var told: [String] = []
    for _ in 0..<2 {
      told += words(fixture.send(World.anna, World.i2701, .buy, .open, 1, at: World.yuan(800)))
    }
    #expect(told == ["~programmeTrading 1/1", "!programmeTrading 1/1"])
    let end = fixture.step(
      .daySwitch(DaySwitch(tradingDay: World.tuesday, nightDate: 0)),
      at: Timestamp(date: World.tuesday.date, secondOfDay: 36_000))
    #expect(
      words(end)
        == [
          "-openedLotsBudget 0/1", "-openedLotsBudget 0/1", "-openedLotsBudget 0/1",
          "-openedLotsBudget 0/1", "-programmeTrading 0/1", "-programmeTrading 0/1",
        ])
    // What comes in between is counted to the day that has ended, and told to nobody.
    #expect(
      words(fixture.externalTrade(World.north1, World.rb2705, .buy, .open, 1, at: price)) == [])
    #expect(words(fixture.drain().flatMap { $0 }) == [])
    #expect(
      words(fixture.externalTrade(World.north1, World.rb2705, .buy, .open, 1, at: price))
        == [
          "~openedLotsBudget 1/1", "!openedLotsBudget 1/1", "~openedLotsBudget 1/1",
          "!openedLotsBudget 1/1",
        ])
  }

  /// A look at more groups than one step has units for goes on with the next ones.
  @Test func aLookAtManyGroupsGoesOnInSlices() {
    var capacities = World.capacities
    capacities.fundAccounts = 300
    capacities.budgetRecords = 512
    let fixture = EngineFixture.trading(
      before: [Self.budget(.openedLots, 1_000, .commodity(World.rb))], capacities: capacities)
    for number in 0..<300 {
      fixture.step(Self.group(World.north1, "group-\(number)"))
      fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 1, at: price)
    }
    fixture.drain()
    let first = fixture.step(Self.budget(.openedLots, 1, .commodity(World.rb)))
    let rest = fixture.drain().map { words($0).count }
    #expect(words(first).count == 256)
    #expect(rest == [44])
  }

  /// Both levels in one step: the share first.
  @Test func bothLevelsInOneStep() {
    let fixture = fixture([Self.budget(.cancels, 1)])
    #expect(words(cancelOne(fixture)) == ["~cancelBudget 1/1", "!cancelBudget 1/1"])
  }

  /// Two fund accounts of one group on both sides of one trade of the exchange.
  @Test func aGroupTradesWithItself() {
    for isOne in [true, false] {
      let fixture = fixture(
        [Self.budget(.selfTrades, 1), Self.group(World.north1, "alpha")]
          + (isOne ? [Self.group(World.south1, "alpha")] : []))
      let bought = open(fixture).sent[0]
      fixture.step(
        .setFundAccount(
          SetFundAccount(fundAccount: World.north1, setting: .openPermission, value: 0)))
      let sold = open(fixture, .sell).sent[0]
      #expect(bought.fundAccount != sold.fundAccount)
      var told: [String] = []
      for child in [bought, sold] {
        var trade = fixture.trade(child.child, price, 1)
        trade.tradeID = VenueID("same")!
        told += words(fixture.step(.counterTrade(trade)))
      }
      #expect(told == (isOne ? ["~selfTradeBudget 1/1", "!selfTradeBudget 1/1"] : []))
      fixture.step(
        .setFundAccount(
          SetFundAccount(fundAccount: World.north1, setting: .openPermission, value: 1)))
      #expect(
        open(fixture).reports.last?.refusal.rule
          == (isOne ? .selfTradeBudget : RuleID.none), "\(isOne)")
    }
  }

  /// Opened lots of both instruments of a commodity; a trade that nobody sent counts too.
  @Test func openedLotsOfACommodity() {
    let fixture = fixture([Self.budget(.openedLots, 10, .commodity(World.rb))])
    let north = fixture.externalTrade(
      World.north1, World.rb2705, .buy, .open, 6, at: World.yuan(3_600))
    #expect(words(north) == ["~openedLotsBudget 6/10"])
    let child = open(fixture, .buy, 4).sent[0]
    #expect(child.fundAccount == World.north1)
    #expect(open(fixture, .buy, 1).sent[0].fundAccount == World.south1, "the other group's")
    #expect(words(fixture.fill(child.child, price, 4)) == ["!openedLotsBudget 10/10"])
  }

  /// Three orders within a second are many; the second time is told, and nothing is refused.
  @Test func manyMessagesAreTold() {
    let fixture = fixture([
      .setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 500_000)),
      .setPlatform(SetPlatform(setting: .messagesInSecond, value: 3)),
      .setPlatform(SetPlatform(setting: .burstsADay, value: 2)),
    ])
    var told: [String] = []
    func orders(_ count: Int, apart milliseconds: Int64) {
      for _ in 0..<count {
        let time = fixture.time.adding(nanoseconds: milliseconds * 1_000_000)
        let order = fixture.newOrder(World.anna, World.rb2701, .buy, .open, 1, at: price)
        let effects = fixture.step(.newOrder(order), at: time)
        #expect(effects.sent.count == 1)
        told += words(effects)
      }
    }
    // The third is exactly a second after the first: many; a millisecond later they are not.
    orders(2, apart: 1_500)
    orders(1, apart: 500)
    #expect(told == [])
    orders(1, apart: 501)
    orders(2, apart: 500)
    #expect(told == ["~programmeTrading 1/2"])
    orders(3, apart: 500)
    #expect(told == ["~programmeTrading 1/2", "!programmeTrading 2/2"])
    orders(6, apart: 1)
    #expect(told.count == 2)
  }

  @Test func aNewDayBeginsWithNothing() {
    let fixture = fixture([Self.budget(.cancels, 1)])
    _ = cancelOne(fixture)
    _ = cancelOne(fixture)
    #expect(open(fixture).reports.last?.refusal.rule == .cancelBudget)
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: Timestamp(date: World.tuesday.date, secondOfDay: 36_000))
    #expect(open(fixture).sent.count == 1)
  }

  /// What waits for its turn counts when it leaves, a cancel like an order.
  @Test func aMessageCountsWhenItLeaves() {
    let fixture = fixture([
      .setPlatform(SetPlatform(setting: .messagesInSecond, value: 2)),
      .setPlatform(SetPlatform(setting: .burstsADay, value: 3)),
    ])
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(World.anna, World.rb2701, .long, 4, at: price)
    fixture.pass(seconds: 2)
    #expect(fixture.set(World.north1, .messageQuota, 1).isEmpty)
    func close() -> [Effect] {
      fixture.send(World.anna, World.rb2701, .sell, .closeToday, 1, at: price)
    }
    func bursts() -> Int32 { fixture.budgetMessages(World.north1, .shfe) }
    let before = bursts()
    let first = close().sent[0]
    #expect(close().waits.count == 1)
    #expect(bursts() == before, "one has left, one waits")
    fixture.pass(seconds: 1)
    #expect(fixture.passed.leaving.count == 1)
    #expect(bursts() == before, "the second left later than a second after the first")
    fixture.set(World.north1, .messageQuota, 9)
    fixture.accept(first.child)
    #expect(fixture.cancel(fixture.order(first), of: World.anna).cancels.count == 1)
    #expect(bursts() == before + 1, "a cancel is a message")
  }

  /// A second's start is within it (decisions 15).
  @Test(arguments: [(Int64(1_000_000_000), Int32(1)), (1_000_000_001, 0)])
  func manyWithinASecondAreManyToItsStart(_ nanoseconds: Int64, _ more: Int32) {
    let fixture = fixture([
      .setPlatform(SetPlatform(setting: .messagesInSecond, value: 2)),
      .setPlatform(SetPlatform(setting: .burstsADay, value: 3)),
    ])
    let before = fixture.budgetMessages(World.north1, .shfe)
    #expect(open(fixture).sent.map(\.fundAccount) == [World.north1])
    let second = fixture.newOrder(World.anna, World.rb2701, .buy, .open, 1, at: price)
    let sent = fixture.step(.newOrder(second), at: fixture.time.adding(nanoseconds: nanoseconds))
    #expect(sent.sent.map(\.fundAccount) == [World.north1])
    #expect(fixture.budgetMessages(World.north1, .shfe) - before == more)
  }

  @Test func explainSaysWhatIsLeft() {
    let fixture = fixture([
      Self.budget(.cancels, 3), Self.budget(.openedLots, 10, .commodity(World.rb)),
    ])
    _ = cancelOne(fixture)
    let order = fixture.newOrder(World.anna, World.rb2701, .buy, .open, 4, at: price)
    let found = fixture.explain(order).findings.filter { $0.figures.rule.rawValue / 100 == 8 }
    #expect(
      found.map(\.figures.rule) == [
        .selfTradeBudget, .cancelBudget, .limitPriceCancelBudget, .largeCancelBudget,
        .openedLotsBudget,
      ])
    #expect(found.map(\.standing) == [.unset, .asked, .unset, .unset, .asked])
    #expect([found[1].capRoom, found[4].capRoom] == [2, 10])
    #expect(!found.contains { !$0.passes })
  }

  @Test func valuesAtTheirLimitAndOnePastIt() {
    let fixture = fixture([])
    let most = Engine.budgetMaximum
    let rows: [(Command, Bool)] = [
      (Self.budget(.cancels, most), true), (Self.budget(.cancels, most + 1), false),
      (Self.budget(.cancels, 0), true), (Self.budget(.cancels, -1), false),
      (Self.budget(.largePercent, 1_000_000), true),
      (Self.budget(.largePercent, 1_000_001), false), (Self.budget(.unknown, 1), false),
      (Self.budget(.openedLots, 1), false), (Self.budget(.openedLots, 1, .everything), false),
      (Self.budget(.openedLots, 1, .instrument(World.rb2701)), true),
      (Self.budget(.cancels, 1, .instrument(InstrumentID(77))), false),
      (.setPlatform(SetPlatform(setting: .messagesInSecond, value: 1)), false),
      (.setPlatform(SetPlatform(setting: .messagesInSecond, value: 2)), true),
      (.setPlatform(SetPlatform(setting: .messagesInSecond, value: 64)), true),
      (.setPlatform(SetPlatform(setting: .messagesInSecond, value: 65)), false),
      (.setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 1_000_001)), false),
      (.setPlatform(SetPlatform(setting: .burstsADay, value: 0)), false),
      (Self.group(FundAccountID(99), "alpha"), false),
      (
        .setMarketMaking(
          SetMarketMaking(
            fundAccount: World.north1, commodity: CommodityID(99), makesMarket: true)), false
      ),
    ]
    for (command, isTaken) in rows {
      #expect(fixture.step(command).refusals.isEmpty == isTaken, "\(command)")
    }
  }

  /// There are no more groups than fund accounts there is room for.
  @Test func groupsHaveALimit() {
    let fixture = fixture([])
    for number in 0..<World.capacities.fundAccounts {
      #expect(fixture.step(Self.group(World.north1, "group-\(number)")).refusals.isEmpty)
    }
    #expect(fixture.step(Self.group(World.north1, "another")).refusals.map(\.rule) == [.capacity])
    #expect(fixture.step(Self.group(World.north1, "group-0")).refusals.isEmpty)
  }

  /// The tables full: it is told once, and opening is refused where it would count.
  @Test func withoutRoomForTradesNothingIsOpenedWhereTheyCount() {
    var capacities = World.capacities
    capacities.budgetTrades = 2
    let fixture = EngineFixture.trading(
      before: [Self.budget(.selfTrades, 9), Self.budget(.cancels, 9, .exchange(.dce))],
      capacities: capacities)
    var told: [String] = []
    for _ in 0..<4 {
      let child = open(fixture)
      for child in child.sent { told += words(fixture.fill(child.child, price, 1)) }
    }
    #expect(told == [])
    #expect(open(fixture).reports.last?.refusal.rule == .capacity)
    let outside = fixture.externalTrade(World.north1, World.rb2701, .buy, .open, 1, at: price)
    #expect(words(outside) == ["?capacity 1/2"])
    let again = fixture.externalTrade(World.south1, World.rb2701, .buy, .open, 1, at: price)
    #expect(words(again) == [])
    let ore = fixture.send(World.anna, World.i2701, .buy, .open, 1, at: World.yuan(800))
    #expect(ore.sent.count == 1, "no self-trades are limited there")
  }
}
