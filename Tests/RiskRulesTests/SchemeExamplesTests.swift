import Domain
import Ledger
import MarketData
import RiskRules
import Testing

/// spec/examples.md 10 to 15, as far as they are about clauses.
@Suite struct SchemeExamplesTests {
  /// examples 10 (ams 5.1): 10 lots on a commodity, by month and altogether.
  @Test func examples10SingleAndTotalTenLots() {
    let single = Desk()
    single.give(.long, 10, single.rb)
    single.clause(.singlePositionLots, .commodity, single.rebar.raw, one: 10)
    #expect(single.schemeFailure(single.order(lots: 10, of: single.rbJune)) == nil)
    #expect(
      single.schemeFailure(single.order(lots: 11, of: single.rbJune))?.rule
        == .schemeSinglePositionLots)
    let total = Desk()
    total.give(.long, 10, total.rb)
    total.clause(.totalPositionLots, .commodity, total.rebar.raw, one: 10)
    #expect(
      total.schemeFailure(total.order(lots: 10, of: total.rbJune))?.rule
        == .schemeTotalPositionLots)
    // Another commodity is not in the scope.
    #expect(total.schemeFailure(total.order(lots: 50, of: total.ore)) == nil)
  }

  /// examples 12 (ams 5.1.3, 5.2.3): 10 % of a net value of 8 800 000 in [0.85, 0.90).
  @Test(arguments: [
    (Int64(8_800_000), Lots(22), true), (8_800_000, 23, false), (9_000_000, 23, true),
    (8_500_000, 21, true), (8_500_000, 22, false), (8_400_000, 23, true),
  ])
  func examples12ABandOfUnitNetValues(_ netValue: Int64, _ lots: Lots, _ passes: Bool) {
    let desk = Desk()
    desk.setFund(netValue)
    desk.clause(.totalAbsoluteExposureValue, of: .netValue, one: .percent(10))
    desk.ledger.setNetValue(
      desk.subject, mode: .equity, shares: 100_000_000_000, total: .zero, liabilities: .zero,
      accruedFees: .zero)
    desk.ledger.bindScheme(
      desk.subject, 1, scheme: 1, basis: .current, from: 85_000_000, to: 90_000_000)
    // 40 000 yuan a lot: 880 000 are 22 lots.
    #expect(
      desk.schemeFailure(desk.order(lots: lots))?.rule
        == (passes ? nil : .schemeTotalAbsoluteExposureValue))
  }

  /// examples 12: one unit of 0.0001 yuan beyond 880 000 is too much, reducing passes.
  @Test func examples12TheBandsCapIsExact() {
    let desk = Desk()
    desk.setFund(8_800_000)
    desk.give(.long, 22, desk.rb)
    desk.clause(.totalAbsoluteExposureValue, of: .netValue, one: .percent(10))
    #expect(desk.passed(1).isEmpty)
    #expect(desk.schemeFailure(desk.order(.sell, lots: 5)) == nil)
    desk.reprice(desk.rb, 4_001)
    #expect(desk.passed(1) == [.warn])
    #expect(desk.schemeFailure(desk.order(.sell, lots: 5)) == nil)
    #expect(desk.schemeFailure(desk.order(lots: 1)) != nil)
  }

  /// examples 14: rebar 10 long and 4 short in two months of one sector, ore 5 short in another.
  /// The sectors here have one commodity each, and then both in one.
  @Test func examples14ASuperSectorCountsItsSectors() {
    let desk = Desk()
    desk.give(.long, 10, desk.rb)
    desk.give(.short, 6, desk.rbJune)
    desk.give(.short, 5, desk.ore)
    for _ in 0..<2 { _ = desk.ledger.defineSector() }
    _ = desk.ledger.defineSuperSector()
    for sector in 0..<2 { desk.ledger.setSuperSector(0, sector, true) }
    desk.ledger.setSector(0, desk.rebar, true)
    desk.ledger.setSector(1, desk.iron, true)
    desk.clause(.totalAbsoluteExposureValue, .superSector, 0, one: .money(9 * 40_000))
    // |4| + |-5| = 9 lots' worth.
    #expect(desk.passed(1).isEmpty)
    #expect(desk.schemeFailure(desk.order(lots: 1))?.observed == .money(9 * 40_000))
    #expect(desk.schemeFailure(desk.order(.sell, lots: 4)) == nil)
    // One sector of both: |4 - 5| = 1; and nothing in the other.
    desk.ledger.setSector(0, desk.iron, true)
    desk.ledger.setSector(1, desk.iron, false)
    #expect(desk.schemeFailure(desk.order(lots: 9)) == nil)
    let failure = desk.schemeFailure(desk.order(lots: 11))
    #expect(failure?.observed == .money(40_000))
    #expect(failure?.asked == .money(9 * 40_000))
  }

  /// examples 15 (ams 2.3): three modes, now and prior, liabilities.
  @Test(arguments: [
    (
      NetValueMode.equity, Int64(1_000_000), Int64(0), Int64(0), Int64(105_000_000),
      Int64(100_000_000)
    ),
    (.statedTotal, 10_000_000, 10_000_000, 0, 100_500_000, 100_000_000),
    (.externalTotal, 10_000_000, 9_000_000, 0, 100_500_000, 100_000_000),
    (.externalTotal, 10_000_000, 9_000_000, 100_000, 99_500_000, 99_000_000),
  ])
  func examples15UnitNetValues(
    _ mode: NetValueMode, _ shares: Int64, _ total: Int64, _ liabilities: Int64, _ now: Int64,
    _ prior: Int64
  ) {
    let desk = Desk()
    desk.setFund(1_000_000)
    // 50 000 earned.
    desk.giveFund(.long, 10, desk.rb)
    desk.reprice(desk.rb, 4_500)
    desk.ledger.setNetValue(
      desk.subject, mode: mode, shares: shares * 10_000, total: Money(yuan: total),
      liabilities: Money(yuan: liabilities), accruedFees: .zero)
    let fund = SchemeFund(desk.subject, desk.ledger)
    let unit = Int128(shares) * 10_000
    #expect(fund.netValue * 100_000_000 == Int128(now) * unit)
    #expect(fund.priorNetValue * 100_000_000 == Int128(prior) * unit)
  }

  /// A stated total rolls forward by what the day brought (ams 2.3).
  @Test func aStatedTotalRollsForward() {
    let desk = Desk()
    desk.setFund(1_000_000)
    desk.bindScheme()
    desk.giveFund(.long, 10, desk.rb)
    desk.reprice(desk.rb, 4_500)
    desk.ledger.setNetValue(
      desk.subject, mode: .statedTotal, shares: 100_000_000_000, total: Money(yuan: 10_000_000),
      liabilities: .zero, accruedFees: .zero)
    let before = SchemeFund(desk.subject, desk.ledger).netValue
    desk.market.settle(desk.rb)
    for slot in 0..<desk.ledger.positionSlots where desk.ledger.isUsed(positionSlot: slot) {
      desk.ledger.rollPosition(slot: slot, desk.market.instrument(desk.rb))
    }
    for slot in 0..<desk.ledger.holderSlots { desk.ledger.rollHolder(slot: slot) }
    let fund = SchemeFund(desk.subject, desk.ledger)
    #expect(before == Int128(Int64.money(10_050_000)))
    #expect(fund.priorNetValue == before)
    #expect(fund.netValue == before)
  }
}

/// What explain says of clauses, and which of several decides.
@Suite struct SchemeFindingTests {
  @Test func theLowestCodeDecidesAndExplainSaysTheSame() {
    let desk = Desk()
    desk.give(.long, 5, desk.rb)
    desk.clause(.totalPositionValue, one: .money(1))
    desk.clause(.singlePositionLots, one: 5)
    desk.clause(.singlePositionLots, .instrument, desk.rb.raw, one: 4)
    desk.clause(.totalPositionLots, .commodity, desk.iron.raw, one: 0)
    let failure = desk.schemeFailure(desk.order())
    #expect(failure?.rule == .schemeSinglePositionLots)
    let findings = desk.schemeFindings(desk.order())
    #expect(findings.map(\.figures.rule) == SchemeCheck.order)
    #expect(findings.first { !$0.passes }?.figures == failure)
    // A clause that the order is not in the scope of says nothing.
    let lots = findings.first { $0.figures.rule == .schemeTotalPositionLots }
    #expect(lots?.isActive == false)
  }

  /// Over random clauses and orders: the decision is explain's first failure.
  @Test func theHotWayIsExplainsFirstFailure() {
    var reached: Set<RuleID> = []
    for seed in UInt64(0)..<800 {
      var draws = SplitMix64(seed: seed)
      let desk = Desk()
      desk.setFund(500_000, allowedLoss: 200_000)
      for give in [desk.give, desk.giveFundLots] {
        give(.long, Lots(draws.below(9) + 1), desk.rb, .speculation)
        give(.short, Lots(draws.below(9) + 1), desk.rbJune, .speculation)
        give(.short, Lots(draws.below(9) + 1), desk.ore, .speculation)
      }
      for _ in 0...draws.below(6) { desk.anyClause(&draws) }
      desk.reprice(desk.rb, Int64(3_400 + draws.below(700)))
      desk.ledger.raiseNetValue(desk.subject, to: Int128(Int64.money(510_000)))
      if draws.once(in: 3) { desk.anyLines(&draws) }
      // Half of them shortly before the close, when OVERNIGHT clauses are asked.
      if seed % 2 == 1 { desk.beforeClose(300) }
      for _ in 0..<12 {
        let isClosing = draws.below(3) == 0
        let instrument = [desk.rb, desk.rbJune, desk.ore][Int(draws.below(3))]
        let order = desk.order(
          draws.below(2) == 0 ? .buy : .sell, isClosing ? .close : .open,
          lots: Lots(draws.below(12) + 1), of: instrument)
        let failure = desk.schemeFailure(order)
        #expect(
          failure == desk.schemeFindings(order).first { !$0.passes }?.figures, "seed \(seed)")
        if let failure { reached.insert(failure.rule) }
      }
    }
    for rule in SchemeCheck.order { #expect(reached.contains(rule), "\(rule) was never reached") }
  }
}

extension Desk {
  /// The fund is worth about one yuan a share.
  func anyLines(_ draws: inout SplitMix64) {
    ledger.setBarsFromLevelTwo(subject, draws.once(in: 2))
    ledger.setNetValue(
      subject, mode: .equity, shares: .money(500_000), total: .zero, liabilities: .zero,
      accruedFees: .zero)
    ledger.setNetValueLines(
      subject, .current, topUp: .min, warn: 99_000_000 + Int64(draws.below(4)) * 1_000_000,
      liquidation: 98_000_000 + Int64(draws.below(4)) * 1_000_000)
  }

  func anyClause(_ draws: inout SplitMix64) {
    let kind = ClauseKind(rawValue: UInt8(draws.below(26) + 1))!
    let isLots = kind.measure.isLots
    let most: UInt64
    switch kind {
    case .totalDailyLoss: most = 20_000
    // It is the last one that is asked: what passes all others is to meet it.
    case .overnightAbsoluteExposureMargin: most = 60_000
    default: most = 900_000
    }
    let level = isLots ? Int64(draws.below(20)) : .money(Int64(draws.below(most)))
    clause(kind, one: kind.measure.isShare ? .percent(Int64(draws.below(3))) : level)
  }
}
