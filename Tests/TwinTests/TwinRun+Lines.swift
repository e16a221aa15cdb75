import Domain
import Messages
import ReferenceModel

// Lines close to where accounts stand, so that prices and fills reach them and leave them.
extension TwinRun {
  func line() {
    switch draw.below(12) {
    case 0: mode()
    case 1: platformLine()
    case 2, 3: action()
    default: accountLine()
    }
  }

  private func yuan(_ amount: Int) -> Int64 { Int64(amount) * Money.unitsPerYuan }

  private func mode() {
    step(
      .setPlatform(
        SetPlatform(setting: .riskDegreeMode, value: Int64(draw.pick([1, 1, 2, 3, 4])))))
    step(
      .setPlatform(
        SetPlatform(setting: .slowDownMilliseconds, value: Int64(draw.pick([200, 20_000])))))
  }

  private func action() {
    let set = SetLineAction(
      line: draw.pick(Self.lines), level: draw.pick([.warn, .liquidate]),
      action: draw.pick([.notice, .slowDown, .slowDown, .barOpening, .barOpening, .liquidate]))
    step(.setLineAction(set))
    // Who hears of it changes nothing that an order meets.
    step(
      .setNoticeAudience(
        SetNoticeAudience(
          rule: set.line, level: set.level,
          audience: set.action == .notice ? .controllers : .unknown)))
  }

  private func platformLine() {
    let (warn, liquidate) = rising(from: Int64(draw.pick([10, 5_000, 200_000])))
    switch draw.below(3) {
    case 0:
      step(
        .setPlatformLine(
          SetPlatformLine(
            line: .riskDegree, basis: .unknown, warn: 1_000_000_000 * Int64(draw.within(2...30)),
            liquidate: draw.chance(50) ? .min : 900_000_000)))
    case 1:
      step(
        .setPlatformLine(
          SetPlatformLine(
            line: .dailyLossRatio,
            basis: draw.pick([.openingEquity, .marketEquity, .allowedLoss, .none]), warn: warn,
            liquidate: liquidate)))
    default:
      step(
        .setPlatformLine(
          SetPlatformLine(
            line: .totalLossRatio, basis: draw.pick([.marketEquity, .allowedLoss, .none]),
            warn: warn, liquidate: liquidate)))
    }
  }

  private static let lines: [RuleID] = [
    .riskDegree, .dailyLoss, .dailyLossRatio, .totalLossRatio, .positionMarginRatio, .drawdown,
  ]

  /// A threshold and one beyond it, or none.
  private func rising(from warn: Int64) -> (warn: Int64, liquidate: Int64) {
    (warn, draw.chance(25) ? .min : warn + Int64(draw.pick([1, 3_000, 100_000])))
  }

  private func ratio(_ numerator: Int64, _ denominator: Int64) -> Int64 {
    guard numerator > 0, denominator > 0 else { return 1 }
    return max(Int64(clamping: Int128(numerator) * 100_000_000 / Int128(denominator)), 1)
  }

  private func accountLine() {
    let account = OperationAccountID(UInt32(draw.below(8)))
    let money = twin.money(.account(account))
    let line = draw.pick(Self.lines)
    let loss = -(money.positionProfit + money.closeProfit - money.fees - money.frozenFees)
    var set = SetAccountLine(
      account: account, line: line, basis: .unknown, mode: .unknown, warn: .min, liquidate: .min)
    let beyond = Int64(draw.pick([-1, 0, 1, 400, 30_000]))
    switch line {
    case .riskDegree:
      let next = twin.nextRiskMode
      set.mode = draw.pick([
        .equityOverMargin, .equity, .equityOverDeposits, .marginOverEquity, next, next,
      ])
      riskDegree(&set, money, beyond)
      if draw.chance(8) { (set.warn, set.liquidate) = (.min, .min) }
    case .dailyLoss:
      set.warn = loss + beyond * 10_000
      set.liquidate = draw.chance(30) ? .min : set.warn + yuan(draw.pick([1, 2_000]))
    case .dailyLossRatio:
      set.basis = draw.pick([.openingEquity, .marketEquity, .allowedLoss, .platform, .none])
      (set.warn, set.liquidate) = rising(from: max(ratio(loss, money.openingEquity) + beyond, 1))
    case .totalLossRatio:
      set.basis = draw.pick([.marketEquity, .allowedLoss, .platform, .none])
      let lost = money.netDepositsEver - money.equity
      (set.warn, set.liquidate) = rising(from: max(ratio(lost, money.equity) + beyond, 1))
    case .positionMarginRatio:
      set.basis = draw.pick([.equity, .marketEquity, .allowedLoss])
      set.warn = max(ratio(money.margin + money.frozenMargin, money.equity) + beyond * 20, 1)
    default:
      (set.warn, set.liquidate) = rising(from: Int64(draw.pick([1, 300, 40_000])))
    }
    step(.setAccountLine(set))
    if line == .drawdown, draw.chance(30) {
      step(
        .setAccount(
          SetAccount(
            account: account, setting: .highEquity, value: money.equity + yuan(draw.below(2_000))
          )))
    }
  }

  private func riskDegree(_ set: inout SetAccountLine, _ money: TwinMoney, _ beyond: Int64) {
    switch set.mode {
    case .equity:
      set.warn = money.equity - beyond * 10_000
      set.liquidate = draw.chance(30) ? .min : set.warn - yuan(draw.pick([1, 2_000]))
    case .equityOverMargin, .equityOverDeposits:
      let base = set.mode == .equityOverMargin ? money.margin : money.netDepositsEver
      set.warn = min(max(ratio(money.equity, base) - beyond, 2), Ranges.lineRatioMaximum)
      set.liquidate = draw.chance(30) ? .min : set.warn - 1
    default:
      (set.warn, set.liquidate) = rising(
        from: min(max(ratio(money.margin, money.equity) + beyond, 1), 1_000_000_000))
    }
  }
}
