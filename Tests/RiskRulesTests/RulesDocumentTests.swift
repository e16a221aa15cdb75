import Domain
import Foundation
import RiskRules
import Testing

@Suite struct RulesDocumentTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `sluice rules --markdown > docs/RULES.md` makes it fresh.
  @Test func theTreesDocumentIsFresh() throws {
    let stored = try String(
      contentsOf: Self.root.appending(path: "docs/RULES.md"), encoding: .utf8)
    #expect(stored == RulesDocument.markdown, "docs/RULES.md is stale")
  }

  /// A key is "file: a.b": the file or folder under config/ and the key's path in it.
  @Test func configKeysAreThoseOfTheExample() throws {
    let config = Self.root.appending(path: "config")
    for row in RuleTable.rows {
      for key in row.configKeys {
        let parts = key.components(separatedBy: ": ")
        let text = try Self.text(config, parts[0])
        for name in parts[1].components(separatedBy: ".") {
          #expect(text.contains("\(name):"), "\(row.name): \(key)")
        }
      }
    }
  }

  /// A file of config/ by its name, or all files of a folder.
  private static func text(_ config: URL, _ name: String) throws -> String {
    let file = config.appending(path: name + ".json5")
    if let text = try? String(contentsOf: file, encoding: .utf8) { return text }
    let folder = try FileManager.default.contentsOfDirectory(
      at: config.appending(path: name), includingPropertiesForKeys: nil)
    return try folder.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
  }

  @Test func itNamesEveryRule() {
    for row in RuleTable.rows {
      #expect(RulesDocument.markdown.contains("| \(row.code) | `\(row.name)` |"))
      #expect(RulesDocument.plainText.contains("\(row.code)  \(row.name) "))
    }
  }
}
