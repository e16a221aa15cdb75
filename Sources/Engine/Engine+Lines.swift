import Domain
import Ledger
import Messages

// Lines as they are set: an account's own, the platform's, and what their levels do.
extension Engine {
  mutating func setAccountLine(_ set: SetAccountLine, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account), let line = AccountLine(set.line), isLegal(set, line) else {
      return refuse(
        &effects, observed: set.warn, limit: set.liquidate, scope: .operationAccount,
        scopeID: set.account.raw)
    }
    ledger.setLine(
      set.account, line, LinePair(warn: set.warn, liquidate: set.liquidate), basis: set.basis,
      mode: set.mode)
    watch(ledger.holder(of: set.account), &effects)
  }

  private func isLegal(_ set: SetAccountLine, _ line: AccountLine) -> Bool {
    let pair = LinePair(warn: set.warn, liquidate: set.liquidate)
    switch line {
    case .riskDegree:
      guard set.basis == .unknown, set.mode != .unknown else { return false }
      let isAmount = set.mode == .equity
      return (isAmount ? Self.isAmount(pair) : Self.isRatio(pair))
        && Self.isOrdered(pair, falling: set.mode.fallsToward)
    case .dailyLoss:
      return set.basis == .unknown && Self.isAmount(pair)
        && Self.isOrdered(pair, falling: false)
    case .dailyLossRatio:
      return [.openingEquity, .marketEquity, .allowedLoss, .platform, .none].contains(set.basis)
        && Self.isRatio(pair) && Self.isOrdered(pair, falling: false)
    case .totalLossRatio:
      return [.marketEquity, .allowedLoss, .platform, .none].contains(set.basis)
        && Self.isRatio(pair) && Self.isOrdered(pair, falling: false)
    case .positionMarginRatio:
      return [.equity, .marketEquity, .allowedLoss, .none].contains(set.basis)
        && Self.isRatio(pair) && pair.liquidate == .min
    case .drawdown:
      return set.basis == .unknown && Self.isRatio(pair)
        && Self.isOrdered(pair, falling: false)
    }
  }

  private static func isAmount(_ pair: LinePair) -> Bool {
    [pair.warn, pair.liquidate].allSatisfy { $0 == .min || abs($0) <= Ranges.cashMaximum }
  }

  /// 0 is off, and what is off comes before nothing.
  private static func isRatio(_ pair: LinePair) -> Bool {
    if pair.warn == 0, pair.liquidate > 0 { return false }
    return [pair.warn, pair.liquidate].allSatisfy {
      $0 == .min || $0 >= 0 && $0 <= Ranges.lineRatioMaximum
    }
  }

  /// rules.md 0, "Load checks": warn comes before liquidate, and liquidate never stands alone.
  private static func isOrdered(_ pair: LinePair, falling: Bool) -> Bool {
    guard pair.liquidate != .min else { return true }
    guard pair.warn != .min else { return false }
    return falling ? pair.warn > pair.liquidate : pair.warn < pair.liquidate
  }

  mutating func setPlatformLine(_ set: SetPlatformLine, _ effects: inout EffectBuffer) {
    let pair = LinePair(warn: set.warn, liquidate: set.liquidate)
    guard Self.isRatio(pair) else {
      return refuse(&effects, observed: set.warn, limit: set.liquidate)
    }
    switch AccountLine(set.line) {
    case .riskDegree where set.basis == .unknown && Self.isOrdered(pair, falling: true):
      ledger.changePlatformLines { $0.floor = pair }
    case .dailyLossRatio
    where [.openingEquity, .marketEquity, .allowedLoss, .none].contains(set.basis)
      && Self.isOrdered(pair, falling: false):
      ledger.changePlatformLines {
        $0.dailyLossRatio = pair
        $0.dailyLossBasis = set.basis
      }
    case .totalLossRatio
    where [.marketEquity, .allowedLoss, .none].contains(set.basis)
      && Self.isOrdered(pair, falling: false):
      ledger.changePlatformLines {
        $0.totalLossRatio = pair
        $0.totalLossBasis = set.basis
      }
    default: return refuse(&effects, observed: set.warn, limit: set.liquidate)
    }
    watchEveryone()
  }

  /// What a level does holds at once: bars and delays are asked of each order.
  mutating func setLineAction(_ set: SetLineAction, _ effects: inout EffectBuffer) {
    guard let line = AccountLine(set.line), set.level != .unknown, set.action != .unknown,
      line != .positionMarginRatio || set.level == .warn,
      set.action != .liquidate || line.mayLiquidate
    else { return refuse(&effects, observed: Int64(set.action.rawValue)) }
    ledger.setLineAction(line, set.level, set.action)
    // Who is there already is liquidated now.
    if set.action == .liquidate { watchEveryone() }
  }

  /// The mode that all accounts are judged by: from the next trading day on, before the first one
  /// at once (desk.md). Accounts' lines that are set for it then wait for it (`Ledger.setLine`).
  mutating func setRiskDegreeMode(_ value: Int64, _ effects: inout EffectBuffer) {
    let code = value == .min ? Int64(RiskDegreeMode.equityOverMargin.rawValue) : value
    guard let mode = UInt8(exactly: code).flatMap({ RiskDegreeMode(rawValue: $0) }),
      mode != .unknown
    else { return refuse(&effects, observed: value) }
    let isOpen = isTrading
    ledger.changePlatformLines {
      $0.nextMode = mode
      if !isOpen { $0.mode = mode }
    }
  }
}
