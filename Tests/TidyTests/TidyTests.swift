import Foundation
import Testing

/// The house style, read from the sources (style.md, rules 1, 2, 11, 12 and 17).
@Suite struct TidyTests {
  static let columnsMaximum = 100
  static let fileLinesMaximum = 400
  static let functionLinesMaximum = 70

  /// The modules that may touch the world: clock, files, sockets, terminal, randomness.
  static let edges: Set<String> = ["Runtime", "CLI", "CodecGenerator", "Store", "Console"]
  static let mayImportFoundation = edges.union(["Config"])

  static let banned: [(phrase: String, why: String)] = [
    ("Date()", "time is an argument"),
    (".random(", "randomness is an argument"),
    ("try!", "an error is a value; what cannot happen is a precondition"),
    ("print(", "only the edges talk"),
    ("fatalError(", "what cannot happen is a precondition, worded as the rule that holds"),
    ("TODO", "nothing is left behind"),
  ]

  @Test func theTreeIsFound() {
    #expect(SourceTree.files.contains { $0.path == "Sources/Domain/Domain.swift" })
  }

  @Test func linesHaveAtMost100Columns() {
    for file in SourceTree.files where !file.isGenerated {
      for (number, line) in file.lines.enumerated() where line.count > Self.columnsMaximum {
        Issue.record("\(file.path):\(number + 1): \(line.count) columns")
      }
    }
  }

  @Test func filesHaveAtMost400Lines() {
    for file in SourceTree.files where !file.isGenerated {
      if file.lines.count - 1 > Self.fileLinesMaximum {
        Issue.record("\(file.path): \(file.lines.count - 1) lines")
      }
    }
  }

  @Test func functionsHaveAtMost70Lines() {
    for file in SourceTree.files where file.isSwift && !file.isGenerated {
      for function in SourceText(file.text).functions
      where function.lineCount > Self.functionLinesMaximum {
        Issue.record("\(file.path):\(function.line): a function of \(function.lineCount) lines")
      }
    }
  }

  @Test func onlyTheEdgesTouchTheWorld() {
    for file in SourceTree.files
    where file.isSwift && file.isUnderSources && !Self.edges.contains(file.module) {
      let source = SourceText(file.text)
      for (phrase, why) in Self.banned {
        for line in source.lines(with: phrase) {
          Issue.record("\(file.path):\(line): \(phrase) is not for here: \(why)")
        }
      }
    }
  }

  @Test func pureModulesDoWithoutFoundation() {
    for file in SourceTree.files
    where file.isSwift && file.isUnderSources && !Self.mayImportFoundation.contains(file.module) {
      for line in SourceText(file.text).lines(with: "import Foundation") {
        Issue.record("\(file.path):\(line): Foundation stays at the edges")
      }
    }
  }

  @Test func testsWaitForEventsAndNotForTime() {
    for file in SourceTree.files where file.isSwift && file.path.hasPrefix("Tests/") {
      let source = SourceText(file.text)
      for phrase in ["sleep(", "usleep(", "Task.sleep", "nanosleep("] {
        for line in source.lines(with: phrase) {
          Issue.record("\(file.path):\(line): a test does not sleep")
        }
      }
    }
  }

  @Test func everyModuleSaysWhatItIsFor() {
    let sources = SourceTree.files.filter { $0.isSwift && $0.isUnderSources }
    for module in Set(sources.map(\.module)).sorted() {
      let path =
        sources.contains { $0.path == "Sources/\(module)/main.swift" }
        ? "Sources/\(module)/main.swift" : "Sources/\(module)/\(module).swift"
      guard let header = sources.first(where: { $0.path == path }) else {
        Issue.record("\(path) is missing: what is the module for, where does one start to read?")
        continue
      }
      #expect(header.text.hasPrefix("// "), "\(path) starts with a comment on the module")
    }
  }
}
