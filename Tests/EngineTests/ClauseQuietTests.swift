import Domain
import Engine
import Ledger
import MarketData
import Messages
import RiskRules
import Testing

/// Looks pass over clauses that can't stand otherwise: whoever looks at all of them finds the same
/// at the same commands.
@Suite struct ClauseQuietTests {
  /// What an engine is made to do before each command.
  private enum Way {
    case asItIs
    /// Knows nothing, and looks at every clause.
    case forgets
    /// Is not told of trades: a fault.
    case isNotTold
  }

  private struct Outcome {
    /// The first command that was answered otherwise than by an engine that forgets.
    var difference: String?
    var reached = 0
    var released = 0
    var read: UInt64 = 0
    var readAll: UInt64 = 0
    var passed: UInt64 = 0
  }

  /// Steps commands in two engines; one forgets.
  private func compare(_ commands: [Stamped], _ way: Way) -> Outcome {
    var outcome = Outcome()
    var engine = Engine(capacities: CrowdedHouse.capacities)
    var other = Engine(capacities: CrowdedHouse.capacities)
    var effects = EffectBuffer()
    var expected = EffectBuffer()
    for stamped in commands {
      prepare(&engine, way)
      prepare(&other, .forgets)
      engine.step(stamped, into: &effects)
      other.step(stamped, into: &expected)
      var isSame = effects.count == expected.count
      for index in 0..<expected.count {
        if isSame, effects[index] != expected[index] { isSame = false }
        guard case .notice(let notice) = expected[index] else { continue }
        if notice.kind == .clauseReached { outcome.reached += 1 }
        if notice.kind == .clauseReleased { outcome.released += 1 }
      }
      if stamped.sequence % 8 == 0, engine.stateHash != other.stateHash { isSame = false }
      if !isSame {
        outcome.difference = "#\(stamped.sequence) \(stamped.command)"
        break
      }
    }
    outcome.read = engine.ledger.schemes.lookTotals.read
    outcome.passed = engine.ledger.schemes.lookTotals.passed
    outcome.readAll = other.ledger.schemes.lookTotals.read
    return outcome
  }

  private func prepare(_ engine: inout Engine, _ way: Way) {
    switch way {
    case .asItIs: break
    case .forgets: engine.ledger.schemes.forgetQuiet()
    case .isNotTold: engine.ledger.schemes.clearNamed(SchemeSubject(World.alpha))
    }
  }

  @Test(arguments: UInt64(1)...4)
  func whatIsPassedOverCouldNotStandOtherwise(_ seed: UInt64) {
    let house = CrowdedHouse(seed: seed)
    house.play(steps: 800)
    let outcome = compare(house.fixture.commands, .asItIs)
    #expect(outcome.difference == nil, "seed \(seed)")
    #expect(outcome.reached > 5 && outcome.released > 5, "seed \(seed): \(outcome)")
    #expect(outcome.passed > 1_000 && outcome.read < outcome.readAll, "seed \(seed): \(outcome)")
  }

  /// The check can fail: an engine that is not told of trades passes over clauses they moved.
  @Test func aMovementThatIsNotToldIsNoticed() {
    let house = CrowdedHouse(seed: 1)
    house.play(steps: 800)
    #expect(compare(house.fixture.commands, .isNotTold).difference != nil)
  }

  /// A price takes a clause over its level though no look named its instrument.
  @Test func aClauseIsLookedAtOncePricesHaveMovedFarEnough() {
    let price = World.yuan(3_500)
    let fixture = SchemeTests.fixture([SchemeTests.clause(.totalPositionValue, one: 353_000_000)])
    fixture.hold(World.anna, World.rb2701, .long, 1, at: price)
    var told: [Int64] = []
    // 35 000 yuan, and 10 yuan more with each yuan of the price: over 35 300 at 3 531.
    for yuan in Int64(3_500)...3_540 {
      var effects = fixture.tick(World.rb2701, World.yuan(yuan))
      effects += fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
      for slice in fixture.drain() { effects += slice }
      if effects.notices.contains(where: { $0.kind == .clauseReached }) { told.append(yuan) }
    }
    #expect(told == [3_531])
    let totals = fixture.engine.ledger.schemes.lookTotals
    #expect(totals.looks >= 40)
    #expect(totals.read < 20)
  }

  /// A level of 0 on nothing held stands exactly on its figure, which no price moves: other
  /// clauses' room is not used up by it. What brings lots there names its instrument.
  @Test(arguments: [
    ClauseKind.totalPositionValue, .totalExposureValue, .totalAbsoluteExposureValue,
    .singlePositionValue,
  ])
  func aLevelOfNothingOnNothingIsQuietUntilSomethingIsHeld(_ kind: ClauseKind) throws {
    let price = World.yuan(3_500)
    let fixture = SchemeTests.fixture([
      SchemeTests.clause(kind, .commodity, World.ironOre.raw, one: 0)
    ])
    fixture.hold(World.anna, World.rb2701, .long, 1, at: price)
    fixture.pass(seconds: 1)
    let before = fixture.engine.ledger.schemes.lookTotals
    for yuan in Int64(3_501)...3_540 {
      fixture.tick(World.rb2701, World.yuan(yuan))
      fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 60_000_000))
      fixture.drain()
    }
    let after = fixture.engine.ledger.schemes.lookTotals
    #expect(after.looks >= before.looks + 40)
    #expect(after.read <= before.read + 1)
    var effects = fixture.externalTrade(
      World.north1, World.i2701, .buy, .open, 1, at: World.yuan(800))
    fixture.pass(seconds: 1)
    effects += fixture.passed
    #expect(effects.notices(.clauseReached).count == 1)
  }
}

/// A product with positions in 280 instruments, and two schemes of clauses of all kinds, close to
/// where it stands: more than a step goes through, and something is passed or released all the
/// time.
final class CrowdedHouse {
  private static let more = 280
  private static let clausesPerScheme = 100

  static var capacities: LedgerCapacities {
    var capacities = World.capacities
    capacities.instruments = 320
    capacities.positions = 2_048
    capacities.figures = 1_024
    capacities.schemeInstruments = 1_024
    return capacities
  }

  let fixture = EngineFixture(capacities: capacities)
  private var draw: SplitMix64
  private var prices: [Int64] = []
  private var commodities: [CommodityID] = []

  init(seed: UInt64) {
    draw = SplitMix64(seed: seed)
    for listing in World.listings {
      prices.append(listing.price)
      commodities.append(listing.commodity)
    }
    for command in World.definitions { fixture.step(command) }
    defineInstruments()
    defineSchemes()
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    for index in World.instrumentCount..<prices.count { reference(index) }
    fixture.linkAll()
    fixture.drain()
    for scheme in UInt16(0)..<2 {
      for number in 1...Self.clausesPerScheme { setClause(scheme, UInt16(number)) }
    }
    fixture.drain()
  }

  private func below(_ bound: Int) -> Int { Int(draw.next() % UInt64(bound)) }
  private func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
  private func chance(_ percent: Int) -> Bool { below(100) < percent }

  // MARK: What there is

  private func defineInstruments() {
    for index in 0..<Self.more {
      let listing = World.listings[[0, 2, 3, 4][index % 4]]
      let prefix = String(listing.code.prefix { $0.isLetter })
      prices.append(listing.price)
      commodities.append(listing.commodity)
      fixture.step(
        .defineInstrument(
          DefineInstrument(
            code: InstrumentCode("\(prefix)\(3_000 + index)")!, commodity: listing.commodity,
            deliveryYear: 2028, deliveryMonth: UInt8(index % 12 + 1), lastTradingDay: .none,
            multiplier: listing.multiplier, tick: Price(units: listing.tick), minimumLimitLots: 1,
            maximumLimitLots: 500, minimumMarketLots: 0, maximumMarketLots: 0)))
      let (side, lots) = (pick([PositionSide.long, .short]), Lots(below(4) + 1))
      for kind in [HolderKind.operationAccount, .fundAccount] {
        fixture.step(
          .setOpeningPosition(
            SetOpeningPosition(
              holderKind: kind, holderID: 0,
              instrument: InstrumentID(UInt32(World.instrumentCount + index)), side: side,
              hedge: .speculation, lots: lots, openPrice: World.yuan(listing.price),
              markPrice: World.yuan(listing.price), openDay: World.monday)))
      }
    }
  }

  private func reference(_ index: Int) {
    let price = prices[index]
    fixture.step(
      .dayReference(
        DayReference(
          instrument: InstrumentID(UInt32(index)), preSettlement: World.yuan(price),
          preClose: World.yuan(price), upperLimit: World.yuan(price * 2),
          lowerLimit: World.yuan(price / 2), openInterest: Int64(100 + below(1_000)))))
  }

  /// The first binds below a unit net value that the product stands close to, the second above.
  private func defineSchemes() {
    for name in ["metals", "others"] {
      fixture.step(.defineSector(DefineSector(name: Name(name)!)))
    }
    fixture.step(.defineSuperSector(DefineSuperSector(name: Name("all")!)))
    for (sector, commodity) in [(0, World.rb), (0, World.al), (1, World.ironOre), (1, World.al)] {
      setSector(UInt16(sector), commodity, true)
    }
    for sector in UInt16(0)..<2 {
      fixture.step(
        .setSuperSectorMember(
          SetSuperSectorMember(superSector: 0, sector: sector, isIn: true)))
    }
    for name in ["one", "two"] {
      fixture.step(.defineScheme(DefineScheme(name: Name(name)!)))
    }
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: World.fundBalance.units / 500 * 999,
          total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    let one = Rate.unitsPerOne
    fixture.step(SchemeTests.bind(number: 1, scheme: 0, to: one))
    fixture.step(SchemeTests.bind(number: 2, scheme: 1, from: one))
    fixture.drain()
  }

  private func setSector(_ sector: UInt16, _ commodity: CommodityID, _ isIn: Bool) {
    fixture.step(
      .setSectorCommodity(
        SetSectorCommodity(sector: sector, commodity: commodity, isIn: isIn)))
  }

  // MARK: Clauses

  /// Any clause, its levels close to what the product has.
  private func setClause(_ scheme: UInt16, _ number: UInt16) {
    var kind: ClauseKind
    var scope: ClauseScopeKind
    repeat {
      kind = pick(ClauseKind.allCases.filter { $0 != .unknown && !$0.isOvernight })
      scope = pick(ClauseScopeKind.allCases)
    } while !kind.allows(scope)
    let id: UInt32
    switch scope {
    case .instrument: id = UInt32(below(prices.count))
    case .commodity: id = UInt32(below(4))
    case .exchange: id = UInt32(pick([Exchange.shfe, .dce]).rawValue)
    case .sector: id = UInt32(below(2))
    case .superSector, .product, .unknown: id = 0
    }
    let measure = kind.measure
    let basis: ClauseBasis =
      measure.isShare
      ? .unknown
      : measure.isLots ? .absolute : pick([.absolute, .absolute, .netValue, .equity, .allowedLoss])
    var clause = SetSchemeClause(
      scheme: scheme, number: number, kind: kind, scopeKind: scope, scopeID: id,
      direction: kind.hasDirections ? pick([.long, .short, .both]) : .both, basis: basis,
      levelOne: .min, levelTwo: 0)
    fixture.step(.setSchemeClause(clause))
    let observed = min(max(self.observed(clause), 0), Ranges.cashMaximum / 1_000)
    let figure = basis == .absolute ? observed : min(observed * 100, Ranges.lineRatioMaximum / 2)
    // Some prices away, and a few lots: trades pass levels at once, prices by and by.
    let (least, most) =
      measure.isLots ? (0, 4) : basis == .absolute ? (30_000_000, 300_000_000) : (1_500, 15_000)
    let distance = Int64(least + below(most - least))
    // Of many instruments nobody is over at first.
    let isBelow = figure > distance && !(kind.isSingle && scope != .instrument) && chance(50)
    let first = isBelow ? figure - distance : figure + distance
    clause.levelOne = chance(70) ? first : .min
    clause.levelTwo = clause.levelOne == .min || chance(50) ? first + Int64(most) : .min
    fixture.step(.setSchemeClause(clause))
  }

  /// What the clause finds, as it is shown; of a SINGLE kind the most of any instrument.
  private func observed(_ clause: SetSchemeClause) -> Int64 {
    let inScope = prices.indices.filter { index in
      switch clause.scopeKind {
      case .instrument: index == Int(clause.scopeID)
      case .commodity: commodities[index].raw == clause.scopeID
      default: true
      }
    }
    let place = Schemes.clauseNumber(UInt32(clause.scheme) + 1, Int(clause.number))
    let fund = SchemeFund(
      SchemeSubject(World.alpha), fixture.engine.ledger, fixture.engine.market, at: fixture.time)
    var most: Int64 = 0
    for index in clause.kind.isSingle ? inScope : [inScope[0]] {
      let figures = SchemeCheck.figures(
        fixture.engine.ledger.schemes.clause(place), fund, InstrumentID(UInt32(index)), .liquidate,
        fixture.engine.ledger, fixture.engine.market)
      most = max(most, figures.observed == .max ? 0 : figures.observed)
    }
    return most
  }

  // MARK: What happens

  func play(steps: Int) {
    for _ in 0..<steps {
      happen()
      // Looks are in progress while the next thing happens.
      while fixture.hasWork, chance(70) { fixture.step(.continueWork) }
    }
    fixture.drain()
  }

  private func happen() {
    let index = chance(30) ? below(8) : below(prices.count)
    let instrument = InstrumentID(UInt32(index))
    let price = World.yuan(prices[index])
    switch below(100) {
    case 0..<20: tick(index)
    case 20..<40:
      fixture.externalTrade(
        World.north1, instrument, pick([.buy, .sell]), .open, Lots(below(3) + 1), at: price)
    case 40..<65:
      let effects = fixture.send(
        pick([World.anna, World.amir]), instrument, pick([.buy, .sell]),
        pick([.open, .close, .closeToday]), 1, at: price)
      for child in effects.sent where chance(80) { fixture.fill(child.child, price, child.lots) }
    case 65..<98:
      fixture.step(.timeReached, at: fixture.time.adding(nanoseconds: 25_000_000))
    case 98 where chance(20): setClause(UInt16(below(2)), UInt16(below(Self.clausesPerScheme) + 1))
    case 99 where chance(20): setSector(UInt16(below(2)), CommodityID(UInt32(below(4))), chance(50))
    default: break
    }
  }

  private func tick(_ index: Int) {
    prices[index] = max(1, prices[index] + Int64(below(3)) - 1)
    fixture.step(
      .tick(
        Tick(
          instrument: InstrumentID(UInt32(index)), last: World.yuan(prices[index]), bid: .none,
          bidLots: 0, ask: .none, askLots: 0, upperLimit: .none, lowerLimit: .none,
          preSettlement: .none, volume: 0, openInterest: chance(5) ? Int64(100 + below(1_000)) : 0,
          exchangeTime: fixture.time)))
  }
}
