import Domain
import Engine
import Gateway
import RiskRules
import Terminal

/// What rules find, as tools that look back tell it.
enum RuleWords {
  /// Nil for no rule.
  static func name(_ rule: RuleID) -> String? { RuleTable.row(rule)?.name }

  /// In the words that its terminal was told, with the rule's name behind them.
  static func refusal(_ refusal: Refusal, _ names: borrowing Names) -> String {
    RefusalText.words(names.figures(of: refusal), .english)
  }

  /// A figure with its unit; empty for one that says nothing: a condition's, or one that is not
  /// known.
  static func figure(_ figure: Int64, _ unit: Unit) -> String {
    switch unit {
    case .none, .code: return ""
    case .lots, .money, .price, .percent, .count, .milliseconds, .timestamp, .ticks:
      guard figure != .max else { return "" }
      return RefusalText.amount(figure, unit, .english) ?? ""
    }
  }

  /// "account desk-1", "commodity rb"; empty for the order itself.
  static func scope(_ refusal: Refusal, _ names: borrowing Names) -> String {
    let name = names.scopeName(refusal.scopeKind, refusal.scopeID).string
    switch refusal.scopeKind {
    case .none, .order: return ""
    case .operationAccount: return "account \(name)"
    case .instrument, .commodity, .exchange, .product, .counter:
      return name.isEmpty ? "" : "\(refusal.scopeKind) \(name)"
    case .fundAccount: return "fund account \(name)"
    case .session: return "session"
    case .platform: return "gateway"
    }
  }

  /// Whether a rule let pass, refused, or was not asked.
  static func verdict(of finding: Finding, decides: Bool) -> String {
    switch finding.standing {
    case .unset: "not set"
    case .otherKind: "not asked"
    case .lacksFigures: "not judged"
    case .asked: finding.passes ? "passed" : decides ? "REFUSED" : "would refuse"
    }
  }
}
