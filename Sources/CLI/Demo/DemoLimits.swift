import Config
import Domain
import Messages
import Runtime

/// What the demo sets besides the configuration, so that a day of it reaches lines and clauses: an
/// account that may lose little before it is liquidated, and a product that may lose little before
/// it opens nothing more.
enum DemoLimits {
  static let account = "macro-2"
  static let product = "beta"
  /// Whose positions a controller has closed.
  static let forced = "quant-1"
  static let controller = "risk-1"

  /// Puts them behind the configuration's commands, before the day begins. False when the
  /// configuration has no such account, product or controller.
  static func add(to plan: inout ServePlan, _ configuration: Configuration) -> Bool {
    guard
      let account = configuration.operationAccounts.firstIndex(where: { $0.name == account }),
      let product = configuration.products.firstIndex(where: { $0.name == product }),
      configuration.controllers.contains(where: { $0.name == controller }),
      case .genesis(var commands, let revision, let shard) = plan.gateway.journal.beginning,
      let begin = commands.firstIndex(where: { if case .daySwitch = $0 { true } else { false } })
    else { return false }
    let bound = configuration.schemes.products.first { $0.place == product }?.bindings.count
    let scheme = UInt16(configuration.schemes.schemes.count)
    let yuan = Money.unitsPerYuan
    commands.insert(
      contentsOf: [
        .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)),
        .setAccountLine(
          SetAccountLine(
            account: OperationAccountID(UInt32(account)), line: .dailyLoss, basis: .unknown,
            mode: .unknown, warn: 2_000 * yuan, liquidate: 5_000 * yuan)),
        .defineScheme(DefineScheme(name: Name("demo") ?? Name())),
        .setSchemeClause(
          SetSchemeClause(
            scheme: scheme, number: 1, kind: .totalDailyLoss, scopeKind: .product, scopeID: 0,
            direction: .both, basis: .absolute, levelOne: 10_000 * yuan,
            levelTwo: 30_000 * yuan)),
        .bindScheme(
          BindScheme(
            product: ProductID(UInt32(product)), number: UInt16((bound ?? 0) + 1), scheme: scheme,
            basis: .priorDay, from: .min, to: .min, period: .day)),
      ], at: begin)
    plan.gateway.journal.beginning = .genesis(commands, configRevision: revision, shard: shard)
    return true
  }
}
