import Domain
import Ledger

/// The lines of an account, each by its rule: for an order that comes in, and for a watcher.
public enum LineCheck {
  /// The threshold that holds; unset = `Int64.min`.
  @inline(__always) public static func threshold(
    _ line: AccountLine, _ level: LineLevel, _ lines: UnsafePointer<LineRecord>,
    _ platform: borrowing PlatformLines
  ) -> Int64 {
    switch line {
    case .riskDegree: RiskDegree.line(lines, platform, level)
    case .dailyLoss: lines.pointee.dailyLoss[level]
    case .dailyLossRatio: DailyLossRatio.line(lines, platform, level)
    case .totalLossRatio: TotalLossRatio.line(lines, platform, level)
    case .positionMarginRatio: lines.pointee.positionMarginRatio[level]
    case .drawdown: lines.pointee.drawdown[level]
    }
  }

  @inline(__always) static func isReached(
    _ line: AccountLine, _ threshold: Int64, _ figures: LineFigures,
    _ lines: UnsafePointer<LineRecord>, _ platform: borrowing PlatformLines
  ) -> Bool {
    switch line {
    case .riskDegree: RiskDegree.isReached(figures, platform, threshold)
    case .dailyLoss: DailyLoss.isReached(figures, threshold)
    case .dailyLossRatio:
      DailyLossRatio.isReached(figures, DailyLossRatio.basis(lines, platform), threshold)
    case .totalLossRatio:
      TotalLossRatio.isReached(figures, TotalLossRatio.basis(lines, platform), threshold)
    case .positionMarginRatio:
      PositionMarginRatio.isReached(figures, lines.pointee.positionMarginBasis, threshold)
    case .drawdown: Drawdown.isReached(figures, threshold)
    }
  }

  // MARK: An order comes in

  /// Refuses when a level that bars opening would be reached with the order among the working ones,
  /// or is latched. What the finding shows is the tightest level that bars: warn before liquidate.
  @inline(__always) static func evaluate(
    _ line: AccountLine, _ context: OrderContext, _ ledger: borrowing Ledger, isExplaining: Bool
  ) -> Finding {
    guard context.isOpening, context.holdFault == .none else {
      return .off(line.rule, context.isOpening ? .lacksFigures : .otherKind)
    }
    let lines = ledger.lines(context.order.pointee.account)
    let warn = barring(line, .warn, lines, ledger)
    let liquidate = barring(line, .liquidate, lines, ledger)
    if warn == .min, liquidate == .min { return .off(line.rule, .unset) }
    let figures = LineFigures(entering: context.hold, context.holder, lines)
    if bars(line, .warn, warn, figures, lines, ledger) {
      return finding(line, warn, figures, context, ledger, passes: false)
    }
    if bars(line, .liquidate, liquidate, figures, lines, ledger) {
      return finding(line, liquidate, figures, context, ledger, passes: false)
    }
    guard isExplaining else { return Finding(passes: true, figures: Refusal(line.rule)) }
    return finding(
      line, warn == .min ? liquidate : warn, figures, context, ledger, passes: true)
  }

  /// The threshold of a level that bars opening; `Int64.min` when it does not, or is unset.
  @inline(__always) private static func barring(
    _ line: AccountLine, _ level: LineLevel, _ lines: UnsafePointer<LineRecord>,
    _ ledger: borrowing Ledger
  ) -> Int64 {
    ledger.platformLines.barring.contains(line, level)
      ? threshold(line, level, lines, ledger.platformLines) : .min
  }

  @inline(__always) private static func bars(
    _ line: AccountLine, _ level: LineLevel, _ threshold: Int64, _ figures: LineFigures,
    _ lines: UnsafePointer<LineRecord>, _ ledger: borrowing Ledger
  ) -> Bool {
    threshold != .min
      && (isReached(line, threshold, figures, lines, ledger.platformLines)
        || lines.pointee.latched.contains(line, level))
  }

  @inline(never) private static func finding(
    _ line: AccountLine, _ threshold: Int64, _ figures: LineFigures, _ context: OrderContext,
    _ ledger: borrowing Ledger, passes: Bool
  ) -> Finding {
    let lines = ledger.lines(context.order.pointee.account)
    let before = LineFigures(entering: .zero, context.holder, lines)
    let observed = observed(line, before, lines, ledger.platformLines)
    let after = self.observed(line, figures, lines, ledger.platformLines)
    return Finding(
      passes: passes,
      figures: Refusal(
        line.rule, observed: observed, limit: limit(line, threshold, ledger.platformLines),
        asked: Int64(clamping: Int128(after) - Int128(observed)),
        unit: unit(line, ledger.platformLines), scope: .operationAccount,
        scopeID: context.order.pointee.account.raw))
  }

  // MARK: For people

  public static func unit(_ line: AccountLine, _ platform: borrowing PlatformLines) -> Unit {
    switch line {
    case .riskDegree: platform.mode == .equity ? .money : .percent
    case .dailyLoss: .money
    case .dailyLossRatio, .totalLossRatio, .positionMarginRatio, .drawdown: .percent
    }
  }

  /// A threshold in that unit.
  public static func limit(
    _ line: AccountLine, _ threshold: Int64, _ platform: borrowing PlatformLines
  ) -> Int64 {
    unit(line, platform) == .money ? threshold : Ratio.percent(line: threshold)
  }

  /// The figure that a line is held against, in that unit.
  public static func observed(
    _ line: AccountLine, _ figures: LineFigures, _ lines: UnsafePointer<LineRecord>,
    _ platform: borrowing PlatformLines
  ) -> Int64 {
    switch line {
    case .riskDegree: return RiskDegree.observed(figures, platform)
    case .dailyLoss: return figures.dailyLoss
    case .dailyLossRatio:
      let basis = DailyLossRatio.basis(lines, platform)
      return Ratio.percent(figures.dailyLoss, of: figures.denominator(basis))
    case .totalLossRatio:
      let basis = TotalLossRatio.basis(lines, platform)
      return Ratio.percent(TotalLossRatio.loss(figures), of: figures.denominator(basis))
    case .positionMarginRatio:
      return Ratio.percent(
        figures.margin, of: figures.denominator(lines.pointee.positionMarginBasis))
    case .drawdown: return Ratio.percent(figures.high - figures.equity, of: figures.high)
    }
  }
}
