import Domain
import Ledger
import MarketData

/// The day's loss over opening equity, market equity or max allowed loss is below the account's
/// line, or the platform's where the account follows it.
///
/// Opening only, and watched. A denominator of 0 or less under a loss counts as reached. Source:
/// AMS manual 4.1.
enum DailyLossRatio {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.dailyLossRatio, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func line(
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines, _ level: LineLevel
  ) -> Int64 {
    switch lines.pointee.dailyLossBasis {
    case .platform: platform.dailyLossBasis == .none ? .min : platform.dailyLossRatio[level]
    case .none: .min
    default: lines.pointee.dailyLossRatio[level]
    }
  }

  @inline(__always) static func basis(
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines
  ) -> LineBasis {
    lines.pointee.dailyLossBasis == .platform
      ? platform.dailyLossBasis : lines.pointee.dailyLossBasis
  }

  @inline(__always) static func isReached(
    _ figures: LineFigures, _ basis: LineBasis, _ line: Int64
  ) -> Bool {
    Ratio.reaches(figures.dailyLoss, of: figures.denominator(basis), line)
  }
}
