import Domain
import Foundation
import RiskRules
import Testing

@Suite struct RulesDocumentTests {
  /// `sluice rules --markdown > docs/RULES.md` makes it fresh.
  @Test func theTreesDocumentIsFresh() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let stored = try String(
      contentsOf: root.appending(path: "docs/RULES.md"), encoding: .utf8)
    #expect(stored == RulesDocument.markdown, "docs/RULES.md is stale")
  }

  @Test func itNamesEveryRule() {
    for row in RuleTable.rows {
      #expect(RulesDocument.markdown.contains("| \(row.code) | `\(row.name)` |"))
      #expect(RulesDocument.plainText.contains("\(row.code)  \(row.name) "))
    }
  }
}
