import Domain
import Messages

/// Lines as they were set, for the twin.
struct TwinLines {
  var ofAccounts: [OperationAccountID: [RuleID: SetAccountLine]] = [:]
  /// Of risk-degree, for the mode of the next day.
  var later: [OperationAccountID: SetAccountLine] = [:]
  /// rules.md 4: the floor is there from the start, 35 and 25 percent.
  var ofPlatform: [RuleID: SetPlatformLine] = [
    .riskDegree: SetPlatformLine(
      line: .riskDegree, basis: .unknown, warn: 35_000_000, liquidate: 25_000_000),
    .dailyLossRatio: SetPlatformLine(
      line: .dailyLossRatio, basis: .openingEquity, warn: .min, liquidate: .min),
    .totalLossRatio: SetPlatformLine(
      line: .totalLossRatio, basis: .allowedLoss, warn: .min, liquidate: .min),
  ]
  var actions: [TwinLevel: LineAction] = [:]
  var mode = RiskDegreeMode.equityOverMargin
  var nextMode = RiskDegreeMode.equityOverMargin
  var slowDownMilliseconds: Int64 = 1_000
  /// What the engine has said is reached, and what of daily-loss stays so.
  var reached: [OperationAccountID: Set<TwinLevel>] = [:]
  var latched: [OperationAccountID: Set<TwinLevel>] = [:]
  var lastOpening: [OperationAccountID: Timestamp] = [:]
  /// Levels that this step says are not reached any more: before they were.
  var releasedInStep: [OperationAccountID: Set<TwinLevel>] = [:]
}

struct TwinLevel: Hashable {
  var line: RuleID
  var level: LineLevel
}

/// rules.md 3a and 4, word by word: every figure anew, every comparison in exact fractions.
extension Twin {
  static let allLines: [RuleID] = [
    .riskDegree, .dailyLoss, .dailyLossRatio, .totalLossRatio, .positionMarginRatio, .drawdown,
  ]

  func setLine(_ command: Command) {
    switch command {
    case .setAccountLine(let set) where isForTomorrow(set): lines.later[set.account] = set
    case .setAccountLine(let set):
      if set.line == .riskDegree { lines.later[set.account] = nil }
      let old = lines.ofAccounts[set.account]?[set.line]
      lines.ofAccounts[set.account, default: [:]][set.line] = set
      guard set.line == .dailyLoss else { return }
      for level in [LineLevel.warn, .liquidate]
      where old.map({ Self.value($0, level) }) != Self.value(set, level) {
        latchAnew(set.account, TwinLevel(line: .dailyLoss, level: level))
      }
    case .setPlatformLine(let set): lines.ofPlatform[set.line] = set
    case .setLineAction(let set):
      lines.actions[TwinLevel(line: set.line, level: set.level)] = set.action
    case .setPlatform(let set) where set.setting == .riskDegreeMode:
      lines.nextMode = RiskDegreeMode(rawValue: UInt8(set.value)) ?? .unknown
      if day.isNone { lines.mode = lines.nextMode }
    case .setPlatform(let set) where set.setting == .slowDownMilliseconds:
      lines.slowDownMilliseconds = max(set.value, 0)
    default: break
    }
  }

  private static func isEmpty(_ set: SetAccountLine) -> Bool {
    set.warn == .min && set.liquidate == .min
  }

  /// While another mode is to come: what is meant for it, and what takes lines away.
  private func isForTomorrow(_ set: SetAccountLine) -> Bool {
    set.line == .riskDegree && lines.nextMode != lines.mode
      && (set.mode == lines.nextMode || Self.isEmpty(set))
  }

  /// The mode that is to come, or the one that holds when none is.
  public var nextRiskMode: RiskDegreeMode { lines.nextMode }

  /// The day switch was asked for.
  func modeOfNewDay() {
    lines.mode = lines.nextMode
    for (account, set) in lines.later where set.mode == lines.mode || Self.isEmpty(set) {
      lines.ofAccounts[account, default: [:]][.riskDegree] = set
      lines.later[account] = nil
    }
  }

  /// rules.md 0: a changed line is released, and latches again where it is reached already.
  private func latchAnew(_ account: OperationAccountID, _ place: TwinLevel) {
    lines.latched[account]?.remove(place)
    guard !day.isNone, comingDay == nil else { return }
    let money = money(.account(account))
    if isReached(account, place.line, place.level, money, margin: money.margin) {
      lines.latched[account, default: []].insert(place)
    }
  }

  private static func value(_ set: SetAccountLine, _ level: LineLevel) -> Int64 {
    level == .warn ? set.warn : set.liquidate
  }

  func action(_ level: TwinLevel) -> LineAction {
    lines.actions[level]
      ?? (level.level == .liquidate || level.line == .positionMarginRatio ? .barOpening : .notice)
  }

  // MARK: Thresholds

  private func threshold(_ account: OperationAccountID, _ level: TwinLevel) -> Int64? {
    func known(_ value: Int64?) -> Int64? { value == .min ? nil : value }
    let own = lines.ofAccounts[account]?[level.line]
    let ownValue = known(own.map { Self.value($0, level.level) })
    let platform = lines.ofPlatform[level.line]
    let platformValue = known(level.level == .warn ? platform?.warn : platform?.liquidate)
    switch level.line {
    case .riskDegree:
      let meant = own?.mode == lines.mode ? ownValue : nil
      switch lines.mode {
      case .equityOverMargin, .equityOverDeposits:
        return [meant, platformValue].compactMap(\.self).max()
      default: return meant
      }
    case .dailyLossRatio, .totalLossRatio:
      switch own?.basis {
      case .platform: return platform?.basis == LineBasis.none ? nil : platformValue
      case LineBasis.none?: return nil
      default: return ownValue
      }
    default: return ownValue
    }
  }

  private func denominator(
    _ account: OperationAccountID, _ line: RuleID, _ money: TwinMoney
  ) -> Int64 {
    var basis = lines.ofAccounts[account]?[line]?.basis
    if basis == .platform { basis = lines.ofPlatform[line]?.basis }
    switch basis {
    case .openingEquity: return money.openingEquity
    case .equity: return money.equity
    case .marketEquity: return money.marketEquity
    case .allowedLoss: return money.allowedLossEver
    default: return 0
    }
  }

  // MARK: Comparisons

  /// numerator / denominator >= x, where x is in 1e-8; 0 is off.
  private func reaches(_ numerator: Int64, _ denominator: Int64, _ x: Int64) -> Bool {
    if x == 0 { return false }
    if denominator <= 0 { return numerator > 0 }
    return Int128(numerator) * 100_000_000 >= Int128(x) * Int128(denominator)
  }

  /// Whether a level is reached by these figures.
  ///
  /// - Parameters:
  ///   - margin: held alone when watching, with working orders and the order when one comes.
  ///   - fee: of the order that comes.
  public func isReached(
    _ account: OperationAccountID, _ line: RuleID, _ level: LineLevel, _ money: TwinMoney,
    margin: Int64, fee: Int64 = 0, high: Int64 = 0
  ) -> Bool {
    guard let x = threshold(account, TwinLevel(line: line, level: level)) else { return false }
    let equity = money.equity
    let loss = -(money.positionProfit + money.closeProfit - money.fees - money.frozenFees - fee)
    let base = denominator(account, line, money)
    switch line {
    case .riskDegree:
      switch lines.mode {
      case .equityOverMargin:
        return x != 0 && margin > 0
          && Int128(equity) * 100_000_000 <= Int128(x) * Int128(margin)
      case .equity: return equity <= x
      case .equityOverDeposits:
        return x != 0
          && Int128(equity) * 100_000_000 <= Int128(x) * Int128(money.netDepositsEver)
      case .marginOverEquity: return margin > 0 && reaches(margin, equity, x)
      case .unknown: return false
      }
    case .dailyLoss: return loss >= x
    case .dailyLossRatio: return reaches(loss, base, x)
    case .totalLossRatio: return reaches(money.netDepositsEver - equity, base, x)
    case .positionMarginRatio: return reaches(margin, base, x)
    case .drawdown: return reaches(high - equity, high, x)
    default: return false
    }
  }

  /// Which rules of rules.md 4 an opening order breaks; drawdown's high is the engine's to know.
  func brokenLines(
    _ account: OperationAccountID, _ money: TwinMoney, _ hold: TwinHold
  ) -> [(rule: RuleID, isBroken: Bool)] {
    var broken = Self.allLines.filter { $0 != .drawdown }.map { line in
      (
        rule: line,
        isBroken: [LineLevel.warn, .liquidate].contains { level in
          let place = TwinLevel(line: line, level: level)
          guard action(place) == .barOpening || action(place) == .liquidate else { return false }
          return lines.latched[account]?.contains(place) ?? false
            || isReached(
              account, line, level, money, margin: money.margin + money.frozenMargin + hold.margin,
              fee: hold.fee)
        }
      )
    }
    broken.append((rule: .slowDown, isBroken: isTooSoon(account)))
    broken.append((rule: .liquidating, isBroken: isLiquidating(account)))
    return broken
  }

  private func isTooSoon(_ account: OperationAccountID) -> Bool {
    guard (lines.reached[account] ?? []).contains(where: { action($0) == .slowDown }),
      let last = lines.lastOpening[account]
    else { return false }
    return (now.nanoseconds - last.nanoseconds) / 1_000_000 < lines.slowDownMilliseconds
  }

  // MARK: What the engine said

  /// A level is said once when it is reached and once when it no longer is.
  func lineNotice(_ notice: Notice) {
    let account = OperationAccountID(notice.scopeID)
    let place = TwinLevel(line: notice.rule, level: notice.level)
    if notice.action != action(place) {
      complain("\(place) does \(action(place)), the notice says \(notice.action)")
    }
    if notice.kind == .lineReached {
      if !lines.reached[account, default: []].insert(place).inserted {
        complain("\(place) of \(account.raw) is said to be reached twice")
      }
      if place.line == .dailyLoss { lines.latched[account, default: []].insert(place) }
      if place.level == .liquidate,
        !lines.reached[account]!.contains(TwinLevel(line: place.line, level: .warn)),
        place.line != .riskDegree
      {
        complain("\(place) of \(account.raw) is reached without its warn line")
      }
    } else if lines.reached[account, default: []].remove(place) == nil {
      complain("\(place) of \(account.raw) is released without having been reached")
    } else {
      lines.releasedInStep[account, default: []].insert(place)
    }
  }

  /// A line that is reached on the new day too is latched again, and nobody is told twice.
  func linesOfNewDay() {
    lines.latched = [:]
    for (account, places) in lines.reached {
      for place in places where place.line == .dailyLoss { latchAnew(account, place) }
    }
  }
}
