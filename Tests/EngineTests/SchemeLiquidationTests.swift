import Domain
import Engine
import Ledger
import Messages
import Testing

/// A second level, or the liquidation line, has a product's accounts liquidated where the product
/// says so (rules.md 5).
@Suite struct SchemeLiquidationTests {
  private let anna = World.anna
  private let amir = World.amir
  private let price = World.yuan(3_500)

  /// Anna and Amir have six lots each; a thirteenth passes level two.
  private func fixture(
    _ settings: [(ProductSetting, Int64)], platform: Int64? = nil
  ) -> EngineFixture {
    let fixture = SchemeTests.fixture([
      SchemeTests.clause(.totalPositionLots, .commodity, World.rb.raw, two: 12)
    ])
    fixture.holdEqually(6, platform: platform) {
      for (setting, value) in settings { set(fixture, setting, value) }
    }
    return fixture
  }

  private func set(_ fixture: EngineFixture, _ setting: ProductSetting, _ value: Int64) {
    let set = SetProduct(product: World.alpha, setting: setting, value: value)
    #expect(fixture.step(.setProduct(set)).refusals.isEmpty)
  }

  static let rows: [(own: Int64?, platform: Int64?, liquidates: Bool)] = [
    (nil, nil, false), (0, 1, false), (1, nil, true), (1, 0, true), (2, 1, true), (2, 0, false),
    (2, nil, false),
  ]

  @Test(arguments: rows)
  func theProductSaysWhetherOrFollows(_ own: Int64?, _ platform: Int64?, _ liquidates: Bool) {
    let fixture = fixture(
      own.map { [(.schemeLiquidation, $0)] } ?? [], platform: platform)
    let begun = fixture.lowerLevel(to: 11).liquidations.filter { $0.phase == .cancelling }
    #expect(begun.map(\.account) == (liquidates ? [anna, amir] : []))
    #expect(begun.allSatisfy { $0.owner == .product && $0.extent == .all && $0.who.isEmpty })
    #expect(begun.allSatisfy { $0.rule == .schemeTotalPositionLots && $0.level == .liquidate })
  }

  @Test func whoIsOverALevelAlreadyIsLiquidatedWhenTheProductBeginsToSaySo() {
    let fixture = fixture([(.schemeLiquidation, 2)])
    #expect(fixture.lowerLevel(to: 11).liquidations.isEmpty)
    fixture.step(.setPlatform(SetPlatform(setting: .schemeLiquidation, value: 1)))
    let begun = Array(fixture.drain().joined()).liquidations
    #expect(begun.filter { $0.phase == .cancelling }.map(\.account) == [anna, amir])
  }

  /// Everything is closed, once: the level is answered until it is released.
  @Test func allIsClosedAndOnce() {
    let fixture = fixture([(.schemeLiquidation, 1)])
    let sent = fixture.lowerLevel(to: 11).sent
    #expect(sent.map(\.lots) == [6, 6])
    for order in sent { fixture.fill(order.child, World.yuan(3_499), order.lots) }
    fixture.pass(seconds: 20)
    #expect(fixture.passed.liquidations.filter { $0.phase == .ended }.map(\.end) == [.done, .done])
    #expect(fixture.passed.sent.isEmpty)
    #expect(fixture.side(anna, World.rb2701, .long)?.held == 0)
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.pass(seconds: 20)
    #expect(fixture.passed.liquidations.isEmpty)
  }

  /// Rounds of a tenth, each judged by what it brought: 12 lots, a lot of each account a round.
  @Test func backToTheLineGoesNoFurther() {
    let fixture = fixture([(.schemeLiquidation, 1), (.schemeLiquidationExtent, 2)])
    var sent = fixture.lowerLevel(to: 9).sent
    var closed: Lots = 0
    for _ in 0..<20 where !sent.isEmpty {
      for order in sent {
        closed += order.lots
        fixture.fill(order.child, World.yuan(3_499), order.lots)
      }
      fixture.pass(seconds: 1)
      sent = fixture.passed.sent
    }
    // The line is more than nine lots: three closed bring it back, a round makes it four.
    #expect((3...4).contains(closed), "\(closed) lots closed")
    #expect(fixture.refusal(anna) != .liquidating)
    fixture.pass(seconds: 30)
    #expect(fixture.passed.sent.isEmpty)
  }

  /// One machine an account: the product's is stronger than a line's, a controller's stronger than
  /// either.
  @Test func aControllersGoesOnAndALinesIsTakenOver() {
    let fixture = fixture([(.schemeLiquidation, 1)])
    fixture.force(anna)
    fixture.drain()
    fixture.step(
      .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)))
    fixture.setLine(amir, warn: 1, liquidate: 2)
    fixture.tick(World.rb2701, World.yuan(3_400))
    fixture.drain()
    fixture.pass(seconds: 1)
    #expect(fixture.owner(of: amir) == .account)
    let told = fixture.lowerLevel(to: 11).liquidations
    #expect(!told.contains { $0.account == anna && $0.owner == .product })
    #expect(
      told.contains { $0.account == amir && $0.phase == .ended && $0.end == .takenOver })
    #expect(fixture.owner(of: amir) == .product)
    #expect(fixture.owner(of: anna) == .controller)
  }

  @Test func theLiquidationLineOfTheNetValueLiquidatesToo() {
    let fixture = fixture([(.schemeLiquidation, 1)])
    fixture.step(
      .setNetValue(
        SetNetValue(
          product: World.alpha, mode: .equity, shares: 1_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    fixture.step(
      .setNetValueLines(
        SetNetValueLines(
          product: World.alpha, basis: .current, topUp: .min,
          warn: 500 * 100_000_000, liquidation: 400 * 100_000_000)))
    fixture.pass(seconds: 1)
    let begun = fixture.passed.liquidations.filter { $0.phase == .cancelling }
    #expect(begun.map(\.account) == [anna, amir])
    #expect(begun.allSatisfy { $0.rule == .netValueLiquidation && $0.owner == .product })
  }

  /// An OVERNIGHT clause liquidates from five minutes before the close, back to its level.
  @Test func anOvernightClauseClosesWhatIsTooMuch() {
    let fixture = SchemeTests.fixture([
      SchemeTests.clause(.overnightValue, one: 140_000 * 10_000, two: 280_000 * 10_000)
    ])
    fixture.tick(World.rb2701, price)
    fixture.quote(World.rb2701, bid: 3_500, ask: 3_500)
    set(fixture, .schemeLiquidation, 1)
    set(fixture, .schemeLiquidationExtent, 2)
    // 210 000 yuan each.
    fixture.hold(anna, World.rb2701, .long, 6, at: price)
    fixture.hold(amir, World.rb2701, .long, 6, at: price)
    fixture.pass(to: 14, 49, 59)
    #expect(fixture.passed.notices(.clauseReached).isEmpty)
    fixture.pass(to: 14, 51)
    #expect(fixture.passed.notices(.clauseReached).map(\.level) == [.warn])
    #expect(fixture.passed.liquidations.isEmpty)
    fixture.pass(to: 14, 54, 59)
    #expect(fixture.passed.sent.isEmpty)
    fixture.pass(to: 14, 55, 1)
    #expect(fixture.passed.notices(.clauseReached).map(\.level) == [.liquidate])
    let begun = fixture.passed.liquidations.filter { $0.phase == .cancelling }
    #expect(begun.map(\.account) == [anna, amir])
    #expect(begun.allSatisfy { $0.rule == .schemeOvernightValue && $0.owner == .product })
    var sent = fixture.passed.sent
    for _ in 0..<20 where !sent.isEmpty {
      for order in sent {
        fixture.fill(order.child, World.yuan(3_500), order.lots)
      }
      fixture.pass(seconds: 1)
      sent = fixture.passed.sent
    }
    // 280 000 yuan are eight lots, which the level allows.
    let left = fixture.held(anna, World.rb2701) + fixture.held(amir, World.rb2701)
    #expect(left <= 8 && left >= 7, "\(left) lots are left")
    #expect(fixture.engine.ledger.liquidation(anna).pointee.end == .backToLine)
    #expect(fixture.passed.notices(.clauseReached).isEmpty)
  }

  @Test(arguments: [
    (ProductSetting.schemeLiquidation, Int64(3)), (.schemeLiquidationExtent, 0),
    (.schemeLiquidationExtent, 3),
  ])
  func whatMakesNoSenseIsRefused(_ setting: ProductSetting, _ value: Int64) {
    let fixture = fixture([])
    let set = SetProduct(product: World.alpha, setting: setting, value: value)
    #expect(fixture.step(.setProduct(set)).refusals.map(\.rule) == [.badCommand])
  }
}

extension EngineFixture {
  func owner(of account: OperationAccountID) -> LiquidationOwner {
    engine.ledger.liquidation(account).pointee.owner
  }
}
