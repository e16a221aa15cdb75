import Domain
import Ledger
import RiskRules

extension Desk {
  /// A line of the account; percents in 1e-8 of one.
  func setLine(
    _ line: AccountLine, warn: Int64 = .min, liquidate: Int64 = .min,
    of basis: LineBasis = .unknown, mode: RiskDegreeMode = .equityOverMargin
  ) {
    ledger.setLine(
      account, line, LinePair(warn: warn, liquidate: liquidate), basis: basis, mode: mode)
  }

  func setMode(_ mode: RiskDegreeMode) {
    ledger.changePlatformLines {
      $0.mode = mode
      $0.nextMode = mode
    }
  }

  func does(_ line: AccountLine, _ level: LineLevel, _ action: LineAction) {
    ledger.setLineAction(line, level, action)
  }

  /// The account holds rebar at 4 000 and its price is now another.
  func hold(_ lots: Lots, last: Int64 = 4_000) {
    fill(accept(order(lots: lots)), lots)
    tick(rb, last: last)
    mark(rb)
  }

  /// Reached once, and so until the line is changed.
  func latch(_ line: AccountLine, _ level: LineLevel) {
    var mask = LineMask()
    mask.set(line, level, true)
    ledger.setReached(account, mask, latched: mask)
  }

  /// What is reached as the account stands.
  var reached: LineMask {
    let lines = ledger.lines(account)
    return LineWatch.reached(
      LineFigures(watching: ledger.holder(holder), lines), lines, ledger.platformLines)
  }
}

extension Int64 {
  /// So many percent of one, in 1e-8.
  static func percent(_ percent: Int64) -> Int64 { percent * 1_000_000 }
}
