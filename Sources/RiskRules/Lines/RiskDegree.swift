import Domain
import Ledger
import MarketData

/// How much of its money an account has at risk, by the platform's one mode: (1) equity * 100 <=
/// x * margin, (2) equity <= amount, (3) equity * 100 <= x * net deposits ever, (4) margin * 100
/// >= x * equity; 1 and 4 with margin > 0.
///
/// Opening only, and watched. The stricter of the account's own line and the platform's floor
/// holds, the floor in modes 1 and 3 alone (decisions 14). Lines that were set for another mode
/// than the platform's are off; those for the mode of the next day wait for it. Source: AMS manual
/// 4.1, note 4.
enum RiskDegree {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    LineCheck.evaluate(.riskDegree, context, ledger, isExplaining: isExplaining)
  }

  @inline(__always) static func line(
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines, _ level: LineLevel
  ) -> Int64 {
    let own = lines.pointee.riskMode == platform.mode ? lines.pointee.riskDegree[level] : .min
    switch platform.mode {
    case .equityOverMargin, .equityOverDeposits: return max(own, platform.floor[level])
    case .equity, .marginOverEquity, .unknown: return own
    }
  }

  @inline(__always) static func isReached(
    _ figures: LineFigures, _ platform: borrowing PlatformLines, _ line: Int64
  ) -> Bool {
    guard line != .min else { return false }
    switch platform.mode {
    case .equityOverMargin:
      return figures.margin > 0 && Ratio.isAtMost(figures.equity, line, of: figures.margin)
    case .equity: return figures.equity <= line
    case .equityOverDeposits:
      return Ratio.isAtMost(figures.equity, line, of: figures.netDeposits)
    case .marginOverEquity:
      return figures.margin > 0 && Ratio.reaches(figures.margin, of: figures.equity, line)
    case .unknown: return false
    }
  }

  static func observed(_ figures: LineFigures, _ platform: borrowing PlatformLines) -> Int64 {
    switch platform.mode {
    case .equityOverMargin: Ratio.percent(figures.equity, of: figures.margin)
    case .equity, .unknown: figures.equity
    case .equityOverDeposits: Ratio.percent(figures.equity, of: figures.netDeposits)
    case .marginOverEquity: Ratio.percent(figures.margin, of: figures.equity)
    }
  }
}
