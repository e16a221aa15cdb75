import Domain
import Ledger
import RiskRules
import Testing

/// The rule book's worked examples of lines (spec, examples 1, 3, 4, 24), as an account stands.
@Suite struct LineExamplesTests {
  private func reached(
    _ line: AccountLine, _ threshold: Int64, of basis: LineBasis = .unknown,
    mode: RiskDegreeMode = .equityOverMargin, _ change: (inout LineFigures) -> Void
  ) -> Bool {
    let desk = Desk()
    desk.ledger.changePlatformLines { $0.floor = LinePair() }
    desk.setMode(mode)
    desk.setLine(line, warn: threshold, of: basis, mode: mode)
    let lines = desk.ledger.lines(desk.account)
    var figures = LineFigures(watching: desk.ledger.holder(desk.holder), lines)
    change(&figures)
    return LineWatch.reached(figures, lines, desk.ledger.platformLines).contains(line, .warn)
  }

  @Test(arguments: [(700_000, true), (699_999, false)])
  func examples1RiskDegreeMode1(_ margin: Int64, _ fires: Bool) {
    // x = 142.857143 %.
    let isReached = reached(.riskDegree, 142_857_143) {
      $0.equity = .yuan(1_000_000)
      $0.margin = .yuan(margin)
    }
    #expect(isReached == fires)
  }

  @Test(arguments: [(Int64.yuan(700_000), true), (.yuan(700_000) + 100, false)])
  func examples1RiskDegreeMode2(_ equity: Int64, _ fires: Bool) {
    #expect(reached(.riskDegree, .yuan(700_000), mode: .equity) { $0.equity = equity } == fires)
  }

  @Test(arguments: [(Int64.yuan(700_000), true), (.yuan(700_000) + 1, false)])
  func examples1RiskDegreeMode3(_ equity: Int64, _ fires: Bool) {
    let isReached = reached(.riskDegree, .percent(70), mode: .equityOverDeposits) {
      $0.netDeposits = .yuan(1_000_000)
      $0.equity = equity
    }
    #expect(isReached == fires)
  }

  @Test(arguments: [(700_000, true), (699_999, false)])
  func examples1RiskDegreeMode4(_ margin: Int64, _ fires: Bool) {
    let isReached = reached(.riskDegree, .percent(70), mode: .marginOverEquity) {
      $0.equity = .yuan(1_000_000)
      $0.margin = .yuan(margin)
    }
    #expect(isReached == fires)
  }

  @Test(arguments: [(Int64.yuan(100_000), true), (.yuan(100_000) - 100, false)])
  func examples3DailyLossRatio(_ loss: Int64, _ fires: Bool) {
    let isReached = reached(.dailyLossRatio, .percent(10), of: .openingEquity) {
      $0.openingEquity = .yuan(1_000_000)
      $0.dailyLoss = loss
    }
    #expect(isReached == fires)
  }

  /// In 800 000 and 300 000, out 100 000 of allowed-loss money, in 100 000 of the other.
  @Test(arguments: [
    (Int64(30), Int64.yuan(800_000), true), (30, .yuan(800_000) + 100, false),
    (40, .yuan(700_000), true), (40, .yuan(700_000) + 100, false),
  ])
  func examples4TotalLossRatio(_ percent: Int64, _ equity: Int64, _ fires: Bool) {
    let desk = Desk()
    desk.setFunds(0)
    for (allowed, other) in [(800_000, 0), (300_000, 0), (-100_000, 100_000)] as [(Int64, Int64)] {
      _ = desk.ledger.moveCash(
        desk.account, allowedLoss: Money(yuan: allowed), notToLose: Money(yuan: other))
    }
    let money = desk.ledger.holder(desk.holder).pointee
    #expect(money.netDepositsEver == Money(yuan: 1_100_000))
    #expect(money.allowedLossEver == Money(yuan: 1_000_000))
    let isReached = reached(.totalLossRatio, .percent(percent), of: .allowedLoss) {
      $0.netDeposits = money.netDepositsEver.units
      $0.allowedLoss = money.allowedLossEver.units
      $0.equity = equity
    }
    #expect(isReached == fires)
  }

  /// 1.25 to 1.00 is 20 %.
  @Test(arguments: [(Int64.percent(20), true), (.percent(20) + 1, false)])
  func examples24Drawdown(_ line: Int64, _ fires: Bool) {
    let isReached = reached(.drawdown, line) {
      $0.high = 12_500
      $0.equity = 10_000
    }
    #expect(isReached == fires)
  }

  /// Every line is reached at any profit below one where it is, so that the quiet range may be
  /// found from its ends.
  @Test func linesAreReachedDownward() {
    var draws = SplitMix64(seed: 4)
    for _ in 0..<2_000 {
      let desk = Desk()
      desk.arrangeLines(&draws)
      desk.hold(draws.pick([1, 10]), last: draws.within(3_600...4_400))
      let lines = desk.ledger.lines(desk.account)
      let holder = desk.ledger.holder(desk.holder)
      let quiet = LineWatch.quiet(holder, lines, desk.ledger.platformLines)
      let profit = holder.pointee.positionProfit.units
      #expect(quiet.contains(profit))
      let reached = desk.reached
      for _ in 0..<8 {
        let width = Int64(1) << Int64(draws.below(45))
        let other = profit + draws.within(-width...width)
        var figures = LineFigures(watching: holder, lines)
        figures.equity += other - profit
        figures.dailyLoss -= other - profit
        let there = LineWatch.reached(figures, lines, desk.ledger.platformLines)
        if quiet.contains(other) { #expect(there == reached) }
        let lower = other < profit ? there.bits : reached.bits
        let higher = other < profit ? reached.bits : there.bits
        #expect(higher & ~lower == 0)
      }
    }
  }
}
