import Domain
import Ledger
import RiskRules

extension Desk {
  /// Lines that a few lots reach, or none.
  func arrangeLines(_ draws: inout SplitMix64) {
    for line in AccountLine.allCases where draws.once(in: 3) {
      arrange(line, &draws)
      does(
        line, draws.pick([.warn, .liquidate]), draws.pick([.notice, .slowDown, .barOpening]))
    }
    if draws.once(in: 4) {
      does(.drawdown, .warn, .slowDown)
      latch(.drawdown, .warn)
      ledger.countOpening(account, at: now.adding(nanoseconds: -500_000_000))
    }
    if draws.once(in: 9) {
      ledger.setLiquidationPhase(account, draws.pick([.cancelling, .closing, .stopping]))
    }
    if draws.once(in: 6) { latch(.dailyLoss, .liquidate) }
    if draws.once(in: 4) { hold(1, last: draws.pick([3_950, 4_050])) }
  }

  /// Shortly before the close.
  func arrangeWindow(_ draws: inout SplitMix64) {
    beforeClose(draws.pick([601, 600, 300, 1]))
    if draws.once(in: 3) {
      ledger.setSessionFlat(
        account, draws.pick([.day, .night]), draws.pick([.barOpening, .flatten]),
        everything: draws.once(in: 2))
      _ = ledger.setSessionFlat(account, .day, draws.pick([rebar, iron]), isIn: true)
    } else {
      setOvernight(
        draws.pick([.margin, .exposure]), draws.pick([.percent(1), .percent(2), .percent(10)]))
    }
  }

  private func arrange(_ line: AccountLine, _ draws: inout SplitMix64) {
    switch line {
    case .riskDegree:
      let mode = draws.pick(RiskDegreeMode.allCases)
      if draws.once(in: 2) { setMode(mode) }
      let isAmount = mode == .equity
      let warn: Int64 = isAmount ? .yuan(1_000_001) : .percent(draws.pick([2, 100, 9_000]))
      setLine(
        line, warn: warn, liquidate: mode.fallsToward ? warn - 1 : warn + 1, mode: mode)
    case .dailyLoss: setLine(line, warn: draws.pick([0, .yuan(3)]), liquidate: .yuan(4))
    case .dailyLossRatio:
      setLine(line, warn: 1, liquidate: draws.pick([2, 400]), of: .openingEquity)
    case .totalLossRatio:
      setLine(line, warn: 1, liquidate: 2, of: draws.pick([.allowedLoss, .marketEquity]))
    case .positionMarginRatio: setLine(line, warn: draws.pick([1, .percent(4)]), of: .equity)
    case .drawdown: setLine(line, warn: 1, liquidate: draws.pick([2, 40_000]))
    }
  }
}
