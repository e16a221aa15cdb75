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

  /// A figure with its unit; empty for one that says nothing.
  static func figure(_ figure: Int64, _ unit: Unit) -> String {
    FindingText.figure(figure, unit, .english)
  }
}
