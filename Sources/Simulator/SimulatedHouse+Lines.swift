import Domain
import Messages

// Lines on the accounts of a run: near enough for a bad hour to reach them.
extension SimulatedHouse {
  static var lines: [Command] {
    func line(
      _ account: UInt32, _ line: RuleID, _ basis: LineBasis = .unknown, warn: Int64,
      liquidate: Int64, mode: RiskDegreeMode = .unknown
    ) -> Command {
      .setAccountLine(
        SetAccountLine(
          account: OperationAccountID(account), line: line, basis: basis, mode: mode, warn: warn,
          liquidate: liquidate))
    }
    return [
      line(0, .dailyLoss, warn: 200 * 10_000, liquidate: 1_500 * 10_000),
      line(1, .drawdown, warn: 100, liquidate: 10_000),
      line(2, .dailyLossRatio, .openingEquity, warn: 200, liquidate: 8_000),
      line(3, .totalLossRatio, .marketEquity, warn: 300, liquidate: 20_000),
      line(3, .positionMarginRatio, .equity, warn: 300_000, liquidate: .min),
      line(
        4, .riskDegree, warn: 60_000_000_000, liquidate: 30_000_000_000, mode: .equityOverMargin),
      .setLineAction(SetLineAction(line: .drawdown, level: .warn, action: .slowDown)),
      .setPlatform(SetPlatform(setting: .slowDownMilliseconds, value: 700)),
    ]
  }

  /// A controller changes a line.
  static func line(account: Int, _ draws: inout SplitMix64) -> Command {
    let yuan = Money.unitsPerYuan
    let account = OperationAccountID(UInt32(account))
    switch draws.below(4) {
    case 0:
      let warn = draws.pick([-500, 50, 300, 60_000]) * yuan
      return .setAccountLine(
        SetAccountLine(
          account: account, line: .dailyLoss, basis: .unknown, mode: .unknown, warn: warn,
          liquidate: draws.chance(30) ? .min : warn + 5_000 * yuan))
    case 1:
      return .setAccountLine(
        SetAccountLine(
          account: account, line: .drawdown, basis: .unknown, mode: .unknown,
          warn: draws.pick([.min, 100, 5_000]), liquidate: .min))
    case 2:
      return .setLineAction(
        SetLineAction(
          line: draws.pick([.dailyLoss, .dailyLossRatio, .totalLossRatio]),
          level: draws.pick([.warn, .liquidate]),
          action: draws.pick([.notice, .slowDown, .barOpening])))
    default:
      return .setPlatform(
        SetPlatform(setting: .riskDegreeMode, value: draws.pick([1, 1, 3, 4])))
    }
  }
}
