import Domain
import Ledger
import MarketData

/// What the account has lost since its first day, net deposits ever - equity, over market equity or
/// max allowed loss, is below its line, or the platform's where the account follows it.
///
/// Opening only, and watched. A denominator of 0 or less under a loss counts as reached. Source:
/// AMS manual 4.1.
enum TotalLossRatio {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.totalLossRatio, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func line(
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines, _ level: LineLevel
  ) -> Int64 {
    switch lines.pointee.totalLossBasis {
    case .platform: platform.totalLossBasis == .none ? .min : platform.totalLossRatio[level]
    case .none: .min
    default: lines.pointee.totalLossRatio[level]
    }
  }

  @inline(__always) static func basis(
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines
  ) -> LineBasis {
    lines.pointee.totalLossBasis == .platform
      ? platform.totalLossBasis : lines.pointee.totalLossBasis
  }

  /// Net deposits ever less equity: both are within +-1e18 (`Ranges`).
  @inline(__always) static func loss(_ figures: LineFigures) -> Int64 {
    figures.netDeposits - figures.equity
  }

  @inline(__always) static func isReached(
    _ figures: LineFigures, _ basis: LineBasis, _ line: Int64
  ) -> Bool {
    Ratio.reaches(loss(figures), of: figures.denominator(basis), line)
  }
}
