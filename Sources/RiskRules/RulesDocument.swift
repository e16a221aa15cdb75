import Domain

/// The rule book as a document: `docs/RULES.md`, and what `sluice rules` prints.
public enum RulesDocument {
  /// The whole of `docs/RULES.md`.
  public static var markdown: String {
    var text = introduction
    for section in RuleSection.allCases {
      text += "\n## \(section.title) (\(section.rawValue)xx)\n\n"
      text += tableHead
      for row in RuleTable.rows where row.section == section { text += line(row) }
    }
    text += "\n## Order of evaluation\n\n"
    text += "Log in: \(chain(RuleTable.logonOrder)).\n\n"
    text += "An order at entry: \(chain(RuleTable.entryOrder)); then the product's schemes, of "
    text += "which the clause with the lowest code decides; then the product's fund accounts.\n"
    return text
  }

  /// One line a rule for a terminal: code, name and sentence, in columns.
  public static var plainText: String {
    let width = RuleTable.rows.map(\.name.count).max() ?? 0
    var text = ""
    for section in RuleSection.allCases {
      text += "\(section.title)\n"
      for row in RuleTable.rows where row.section == section {
        let padding = String(repeating: " ", count: width - row.name.count)
        text += "  \(row.code)  \(row.name)\(padding)  \(row.sentence)\n"
      }
      text += "\n"
    }
    return text
  }

  private static let introduction = """
    # Rules

    <!-- Generated from Sources/RiskRules/Rows by `sluice rules --markdown`. -->

    Every refusal names one of these rules with what it observed, its limit, what the order asked
    for, and the scope they were summed over. Codes and names never change and are never reused.

    What holds for all of them:

    - **Exits first.** Cancels are never blocked. A closing order is refused only by the rules whose
      column says so, and never for money.
    - **Caps allow the limit itself** and are broken by more. Unset is off; a cap of 0 allows none.
    - **Worst case.** Working opening orders count as if they had filled.
    - **Fail closed.** A price, limit price or rate that is not known refuses opening.
    - **The first failure decides**, in the order at the end of this page; `explain` asks them
      all, by the same functions.
    - **A refusal changes nothing** but the tallies that count attempts.

    Units: money and prices in 1e-4 yuan, percent in 1e-4 of one percent; in the examples yuan and
    percent. FIX is OrdRejReason(103) of FIX 4.4. CTP is the ErrorID that a CTP terminal is shown;
    numbers above 90000 are our own. Market-access controls are those that FIA's best practices,
    RTS 6 article 15 and SEC rule 15c3-5 have in common.

    """

  private static let columns: [(title: String, rule: String)] = [
    ("code", "---:"), ("rule", "---"), ("must hold", "---"), ("compares", "---"),
    ("example", "---"), ("refuses", "---"), ("by default", "---"), ("config", "---"),
    ("FIX", "---:"),
    ("CTP", "---:"), ("asked at", "---"), ("source", "---"),
  ]

  private static var tableHead: String {
    "| \(columns.map(\.title).joined(separator: " | ")) |\n"
      + "| \(columns.map(\.rule).joined(separator: " | ")) |\n"
  }

  private static func line(_ row: RuleRow) -> String {
    let cells = [
      "\(row.code)", "`\(row.name)`", "\(row.sentence)<br>\(row.chinese)", row.compares,
      row.example, row.reach.rawValue, row.level.rawValue,
      row.configKeys.map { "`\($0)`" }.joined(separator: "<br>"),
      row.fixReason.map { "\($0)" } ?? "", errorIDs(row), row.phases.names.joined(separator: ", "),
      row.source,
    ]
    return "| \(cells.joined(separator: " | ")) |\n"
  }

  private static func errorIDs(_ row: RuleRow) -> String {
    let all: [Offset] = [.close, .closeToday, .closeYesterday]
    var ids: [Int] = []
    for offset in all where !ids.contains(RuleTable.ctpErrorID(row.id, offset)) {
      ids.append(RuleTable.ctpErrorID(row.id, offset))
    }
    return ids.map { "\($0)" }.joined(separator: ", ")
  }

  private static func chain(_ rules: [RuleID]) -> String {
    rules.map { RuleTable.row($0)?.name ?? "" }.joined(separator: ", ")
  }
}
