import Foundation
import Testing

/// docs/RULEBOOK.md says which test holds what; a test that is gone is no test.
@Suite struct RuleBookTests {
  private static let tests = SourceTree.files.filter { $0.isSwift && $0.path.hasPrefix("Tests/") }

  /// Names of functions that tests declare.
  private static let names: Set<Substring> = {
    var names: Set<Substring> = []
    for file in tests {
      for match in file.text.matches(of: /func ([A-Za-z0-9_]+)[(<]/) { names.insert(match.1) }
    }
    return names
  }()

  @Test func everyTestThatIsNamedIsThere() throws {
    let path = SourceTree.root.appending(path: "docs/RULEBOOK.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("`") }
    #expect(rows.count > 40)
    for row in rows {
      let named = row.matches(of: /`([A-Za-z0-9_]+)`/).map(\.1)
      #expect(!named.isEmpty, "no test: \(row)")
      for name in named { #expect(Self.names.contains(name), "\(name) is no test") }
    }
  }

  /// The specification's worked examples are tests by their numbers. That of management fees (23)
  /// waits for what it is about.
  @Test(arguments: 1...25)
  func everyWorkedExampleIsATest(_ number: Int) {
    guard number != 23 else { return }
    let prefix = "examples\(number)"
    let found = Self.names.contains {
      $0.hasPrefix(prefix) && $0.dropFirst(prefix.count).first?.isNumber == false
    }
    #expect(found, "no test is named \(prefix)...")
  }
}
