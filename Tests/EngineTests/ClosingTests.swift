import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Which lots a closing reaches: SHFE keeps today's and yesterday's apart, others close the oldest
/// first (decisions 3).
@Suite struct ClosingTests {
  private static let price = World.yuan(3_500)

  /// Long 4 of yesterday's and 6 of today's in the instrument, at the account and its fund
  /// account.
  private func holding(_ instrument: InstrumentID, _ price: Price) -> EngineFixture {
    var opening: [Command] = []
    for (kind, id) in [
      (HolderKind.operationAccount, World.anna.raw), (.fundAccount, World.north1.raw),
    ] {
      opening.append(
        .setOpeningPosition(
          SetOpeningPosition(
            holderKind: kind, holderID: id, instrument: instrument, side: .long,
            hedge: .speculation, lots: 4, openPrice: price, markPrice: price,
            openDay: TradingDay(yyyymmdd: 20_261_120)!)))
    }
    let fixture = EngineFixture.trading(before: opening)
    fixture.hold(World.anna, instrument, .long, 6, at: price)
    return fixture
  }

  struct Row {
    var offset: Offset
    var lots: Lots
    var passes: Bool
    var today: Lots
    var yesterday: Lots
  }

  @Test(arguments: [
    Row(offset: .close, lots: 4, passes: true, today: 6, yesterday: 0),
    Row(offset: .close, lots: 5, passes: false, today: 6, yesterday: 4),
    Row(offset: .closeYesterday, lots: 3, passes: true, today: 6, yesterday: 1),
    Row(offset: .closeYesterday, lots: 5, passes: false, today: 6, yesterday: 4),
    Row(offset: .closeToday, lots: 6, passes: true, today: 0, yesterday: 4),
    Row(offset: .closeToday, lots: 7, passes: false, today: 6, yesterday: 4),
  ])
  func atSHFEEachOffsetReachesItsOwnDay(_ row: Row) {
    let fixture = holding(World.rb2701, Self.price)
    check(fixture, World.rb2701, Self.price, row)
  }

  @Test(arguments: [
    Row(offset: .close, lots: 5, passes: true, today: 5, yesterday: 0),
    Row(offset: .closeToday, lots: 3, passes: true, today: 6, yesterday: 1),
    Row(offset: .closeYesterday, lots: 10, passes: true, today: 0, yesterday: 0),
    Row(offset: .close, lots: 11, passes: false, today: 6, yesterday: 4),
  ])
  func elsewhereEveryOffsetTakesTheOldestFirst(_ row: Row) {
    let fixture = holding(World.m2701, World.yuan(3_000))
    check(fixture, World.m2701, World.yuan(3_000), row)
  }

  private func check(
    _ fixture: EngineFixture, _ instrument: InstrumentID, _ price: Price, _ row: Row
  ) {
    let effects = fixture.send(World.anna, instrument, .sell, row.offset, row.lots, at: price)
    #expect(effects.reports.map(\.state) == [row.passes ? .accepted : .rejected])
    if row.passes {
      #expect(effects.sent.map(\.offset) == [row.offset])
      #expect(fixture.side(World.anna, instrument, .long)?.frozen == row.lots)
      fixture.fill(effects.sent[0].child, price, row.lots)
    } else {
      #expect(effects.reports.map(\.refusal.rule) == [.positionAvailable])
    }
    for side in [
      fixture.side(World.anna, instrument, .long), fixture.side(World.north1, instrument, .long),
    ] {
      #expect(side?.today == row.today)
      #expect(side?.yesterday == row.yesterday)
      #expect(side?.frozen == 0)
      #expect(side?.frozenToday == 0)
    }
  }

  @Test func lotsBeingClosedCannotBeClosedTwice() {
    let fixture = holding(World.rb2701, Self.price)
    fixture.send(World.anna, World.rb2701, .sell, .closeToday, 4, at: Self.price)
    let more = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: Self.price)
    #expect(more.reports.map(\.refusal.rule) == [.positionAvailable])
    #expect(more.reports.map(\.refusal.limit) == [2])
    let old = fixture.send(World.anna, World.rb2701, .sell, .close, 4, at: Self.price)
    #expect(old.reports.map(\.state) == [.accepted])
  }

  /// Yesterday's lots gain from the prior settlement, today's from their fill.
  @Test func closeProfitIsTakenFromTheMarkCost() {
    let fixture = holding(World.rb2701, Self.price)
    fixture.tick(World.rb2701, World.yuan(3_520))
    #expect(fixture.holder(World.anna).positionProfit == Money(yuan: 2_000))
    let effects = fixture.send(World.anna, World.rb2701, .sell, .close, 4, at: World.yuan(3_530))
    fixture.fill(effects.sent[0].child, World.yuan(3_530), 4)
    #expect(fixture.holder(World.anna).closeProfit == Money(yuan: 1_200))
    #expect(fixture.holder(World.anna).positionProfit == Money(yuan: 1_200))
    #expect(fixture.holder(World.anna).closedValue == Money(yuan: 3_530 * 40))
  }

  /// A hedge position is no speculation position.
  @Test func hedgeFlagsNeverMix() {
    let fixture = holding(World.rb2701, Self.price)
    let effects = fixture.send(
      World.anna, World.rb2701, .sell, .close, 1, at: Self.price, hedge: .arbitrage)
    #expect(effects.reports.map(\.refusal.rule) == [.positionAvailable])
  }

  /// Exits first (rules.md 0): with every record of figures taken, who has one still gets out.
  @Test func anExitPassesFullTables() {
    var capacities = World.capacities
    capacities.figures = 2
    let fixture = EngineFixture(capacities: capacities)
    for command in World.definitions { fixture.step(command) }
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    fixture.linkAll()
    let price = World.yuan(3_500)
    fixture.hold(World.anna, World.rb2701, .long, 3, at: price)
    let refused = fixture.send(World.amir, World.rb2701, .buy, .open, 1, at: price)
    #expect(refused.reports.map(\.refusal.rule) == [.capacity])
    let out = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: price)
    #expect(out.sent.map(\.lots) == [3])
  }
}
