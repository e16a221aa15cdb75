import Domain
import Ledger

/// Where an account stands, without an order: after prices, fills and cash (rules.md 4).
public enum LineWatch {
  /// Every level that is reached by these figures; latches are the caller's.
  @inline(__always) public static func reached(
    _ figures: LineFigures, _ lines: UnsafePointer<LineRecord>,
    _ platform: borrowing PlatformLines
  ) -> LineMask {
    var mask = LineMask()
    mask.bits |= reached(.riskDegree, figures, lines, platform)
    mask.bits |= reached(.dailyLoss, figures, lines, platform)
    mask.bits |= reached(.dailyLossRatio, figures, lines, platform)
    mask.bits |= reached(.totalLossRatio, figures, lines, platform)
    mask.bits |= reached(.positionMarginRatio, figures, lines, platform)
    mask.bits |= reached(.drawdown, figures, lines, platform)
    return mask
  }

  @inline(__always) private static func reached(
    _ line: AccountLine, _ figures: LineFigures, _ lines: UnsafePointer<LineRecord>,
    _ platform: borrowing PlatformLines
  ) -> UInt16 {
    let warn = LineCheck.threshold(line, .warn, lines, platform)
    let liquidate = LineCheck.threshold(line, .liquidate, lines, platform)
    var bits: UInt16 = 0
    if LineCheck.isReached(line, warn, figures, lines, platform) {
      bits |= LineMask.bit(line, .warn)
    }
    if LineCheck.isReached(line, liquidate, figures, lines, platform) {
      bits |= LineMask.bit(line, .liquidate)
    }
    return bits
  }

  /// A range of position profits around the account's own, both ends in, in which the same levels
  /// are reached and no new high is made, nothing else being changed. Every line is reached at any
  /// profit below one where it is, so that it is enough to ask at both ends.
  public static func quiet(
    _ holder: UnsafePointer<HolderRecord>, _ lines: UnsafePointer<LineRecord>,
    _ platform: borrowing PlatformLines
  ) -> ClosedRange<Int64> {
    let profit = holder.pointee.positionProfit.units
    let figures = LineFigures(watching: holder, lines)
    let reached = reached(figures, lines, platform)
    // Above its high the account makes a new one.
    let roof = lines.pointee.drawdown.isUnset ? Int64.max : figures.high - figures.equity
    var width = Self.widest
    while width >= Self.narrowest {
      let up = min(width, roof)
      if up >= 0, let below = figures.moved(by: -width), let above = figures.moved(by: up),
        self.reached(below, lines, platform) == reached,
        self.reached(above, lines, platform) == reached
      {
        return max(profit, .min + width) - width...min(profit, .max - up) + up
      }
      width >>= 2
    }
    return profit...profit
  }

  // From 2^44 units, 1.7 billion yuan, down to 2^14, some 1.6 yuan: at most 16 times.
  private static let widest: Int64 = 1 << 44
  private static let narrowest: Int64 = 1 << 14
}
