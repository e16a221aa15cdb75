import Testing

/// The reader that the tidy tests rely on.
@Suite struct SourceTextTests {
  @Test(arguments: [
    ("print(x)", true),
    ("  print(x)", true),
    ("// print(x)", false),
    ("/* a /* nested */ print(x) */", false),
    ("let a = \"print(x)\"", false),
    ("let a = \"\\(print(x))\"", true),
    ("let a = #\"\\(print(x))\"#", false),
    ("let a = #\"\\#(print(x))\"#", true),
    ("let a = \"\"\"\n\"print(x)\n\"\"\"", false),
    ("let a = \"\\\\\"; print(x)", true),
    ("let a = \"\\\"\"; print(x)", true),
    ("let a = \"\\(\"b\") print(x)\"", false),
    ("fingerprint(x)", false),
    ("pretty.print(x)", false),
  ])
  func aPhraseCountsInCodeAlone(_ text: String, _ isFound: Bool) {
    #expect(!SourceText(text).lines(with: "print(").isEmpty == isFound)
  }

  @Test func functionsAreMeasuredFromKeywordToClosingBrace() {
    let text = """
      protocol P {
        func noBody()
        var x: Int { get }
        init()
      }
      struct S: P {
        init() {}
        func two(
          closure: () -> Void = { }
        ) {
          let f = S.init
          if true {
            func inner() {
            }
          }
        }
        deinit {
          x = "}"
        }
        var computed: Int {
          1
        }
      }
      """
    #expect(
      SourceText(text).functions == [
        .init(line: 7, lineCount: 1), .init(line: 13, lineCount: 2),
        .init(line: 8, lineCount: 9), .init(line: 17, lineCount: 3),
      ])
  }
}
