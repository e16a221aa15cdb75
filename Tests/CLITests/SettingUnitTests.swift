import Domain
import Messages
import Testing

@testable import sluice

/// Who confirms a change reads what its numbers say, and not how they are kept.
@Suite struct SettingUnitTests {
  private static let account = OperationAccountID(0)

  private static func line(_ rule: RuleID, _ mode: RiskDegreeMode = .unknown) -> Command {
    .setAccountLine(
      SetAccountLine(
        account: account, line: rule, basis: .unknown, mode: mode, warn: 0, liquidate: .min))
  }

  private static func clause(_ kind: ClauseKind, _ basis: ClauseBasis) -> Command {
    .setSchemeClause(
      SetSchemeClause(
        scheme: 0, number: 1, kind: kind, scopeKind: .product, scopeID: 0, direction: .both,
        basis: basis, levelOne: 0, levelTwo: .min))
  }

  static let rows: [(Command, String, Int64, String)] = [
    (line(.riskDegree, .equityOverMargin), "warn", 142_857_143, "142.857143%"),
    (line(.riskDegree, .equity), "warn", 7_000_000_000, "700,000 yuan"),
    (line(.dailyLoss), "warn", 3_000_000_000, "300,000 yuan"),
    (line(.drawdown), "liquidate", 20_000_000, "20%"),
    (
      .setPlatformLine(
        SetPlatformLine(line: .riskDegree, basis: .unknown, warn: 0, liquidate: 0)), "warn",
      35_000_000, "35%"
    ),
    (clause(.totalMargin, .equity), "levelOne", 95_000_000, "95%"),
    (clause(.totalMargin, .absolute), "levelOne", 50_000_000_000, "5,000,000 yuan"),
    (clause(.totalPositionLots, .absolute), "levelOne", 1_000, "1000 lots"),
    (clause(.totalDrawdown, .absolute), "levelTwo", 20_000_000, "20%"),
    (
      .setNetValueLines(
        SetNetValueLines(
          product: ProductID(0), basis: .current, topUp: 0, warn: 0, liquidation: 0)), "warn",
      85_000_000, "0.85"
    ),
    (
      .setPlatform(SetPlatform(setting: .budgetWarnPercent, value: 0)), "value", 800_000, "80%"
    ),
    (
      .setBudget(SetBudget(scope: .exchange(.dce), kind: .largeAbovePercent, limit: 0)), "limit",
      800_000, "80%"
    ),
    (.setBudget(SetBudget(scope: .exchange(.dce), kind: .cancels, limit: 0)), "limit", 500, "500"),
    (.setPlatform(SetPlatform(setting: .lockoutFailures, value: 0)), "value", 5, "5"),
  ]

  @Test(arguments: rows)
  func aNumberIsToldInItsUnit(
    _ command: Command, _ label: String, _ number: Int64, _ text: String
  ) {
    #expect(command.unit(of: label).text(number) == text)
  }
}
