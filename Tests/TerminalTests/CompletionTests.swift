import Domain
import Testing

@testable import Terminal

/// What Tab does, by what stands before the cursor.
@Suite struct CompletionTests {
  static let names: CompletionNames = {
    var names = CompletionNames()
    names.instruments = [
      (Exchange.shfe, "rb2610", "rb"), (.shfe, "rb2701", "rb"), (.shfe, "hc2610", "hc"),
      (.czce, "AP705", "AP"), (.ine, "sc2612", "sc"),
    ].map { CompletionNames.Instrument(exchange: $0, code: $1, commodity: $2) }
    names.orders = [
      CompletionNames.Order(number: 2, ids: ["3181-0-17", "t00abc"], summary: "buy open rb2610"),
      CompletionNames.Order(number: 11, ids: ["3181-0-18", "t00abd"], summary: "sell open hc2610"),
      CompletionNames.Order(
        number: 3, ids: ["3181-0-19", "t00b"], summary: "buy open AP705", isFinal: true),
    ]
    names.watched = ["hc2610", "rb2610"]
    return names
  }()

  static func completion(
    _ line: String, _ language: Language = .english, columns: Int = 80
  ) -> Completion {
    Completion(of: line, names, columns: columns, language)
  }

  /// The line, and what it becomes.
  static let completed: [(String, String)] = [
    ("b", "buy "), ("  b", "  buy "), ("fo", "follow "), ("un", "un"), ("unw", "unwatch "),
    ("buy o", "buy open "), ("buy cl", "buy close"), ("sell close-t", "sell close-today "),
    ("buy open r", "buy open rb2"), ("buy open rb26", "buy open rb2610 "),
    ("buy open SHFE.h", "buy open SHFE.hc2610 "), ("buy open shfe.h", "buy open SHFE.hc2610 "),
    ("buy open ap", "buy open AP705 "), ("buy open CZCE.rb", "buy open CZCE.rb"),
    ("buy open rb2610 3 m", "buy open rb2610 3 market "),
    ("buy open rb2610 3 @ 3120 fa", "buy open rb2610 3 @ 3120 fak "),
    ("buy open rb2610 3 @3120 fa", "buy open rb2610 3 @3120 fak "),
    ("buy open rb2610 3 @ 3120 fak mi", "buy open rb2610 3 @ 3120 fak min "),
    // Only fill and kill has a minimum, and what was said is not said again.
    ("buy open rb2610 3 @ 3120 day mi", "buy open rb2610 3 @ 3120 day mi"),
    ("buy open rb2610 3 market fak fo", "buy open rb2610 3 market fak fo"),
    ("cancel l", "cancel last "), ("cancel a", "cancel all "), ("cancel #1", "cancel #11 "),
    ("cancel 2", "cancel 2 "), ("cancel t00", "cancel t00ab"),
    ("cancel all se", "cancel all sell "),
    ("cancel all sell h", "cancel all sell hc2610 "), ("cancel all sell rb2610 b", same),
    ("orders a", "orders all "), ("orders all h", "orders all hc"), ("positions A", "positions AP"),
    ("watch rb2610 h", "watch rb2610 hc2610 "), ("watch rb2610 rb26", same),
    ("unwatch h", "unwatch hc2610 "), ("unwatch s", same),
    ("follow p", "follow positions "), ("follow funds e", "follow funds every "),
    ("follow every 50 p", same), ("instruments CZ", "instruments CZCE "),
    ("why #1", "why #11 "), ("why #3", "why #3 "), ("why t00b", "why t00b "),
    ("cancel t00b", same), ("try b", "try buy "), ("try sell cl", "try sell close"),
    ("try buy open rb2610 3 m", "try buy open rb2610 3 market "), ("try open r", same),
    ("ro", "room "), ("room rb26", "room rb2610 "), ("room rb2610 he", "room rb2610 hedge "),
    ("room rb2610 hedge sp", same), ("why #1 l", same),
    ("wait fil", "wait filled "), ("wait filled l", "wait filled last "),
    ("wait filled last w", "wait filled last within "), ("help fo", "help follow "),
    ("echo b", same), ("nonsense b", same), ("funds r", same), ("quit 中", same),
  ]

  /// It stays as it is.
  private static let same = ""

  @Test func aWordIsCompletedAsFarAsItIsCertain() {
    for (line, expected) in Self.completed {
      for language in Language.allCases {
        let completion = Self.completion(line, language)
        var changed = String(line.unicodeScalars.dropLast(completion.replaced))
        changed += completion.text
        #expect(changed == (expected == Self.same ? line : expected), "\(line)")
      }
    }
  }

  /// The line, and what is shown.
  static let listed: [(String, [String])] = [
    ("buy ", ["open             close            close-today      close-yesterday"]),
    ("buy close", ["close            close-today      close-yesterday"]),
    ("buy open rb2", ["rb2610  rb2701"]), ("buy open rb2610 ", ["LOTS: a whole number from 1"]),
    ("buy open rb2610 3 ", ["@       market"]),
    ("buy open rb2610 3 @", ["PRICE: such as 3120 or 3120.5"]),
    ("buy open rb2610 3 @ ", ["PRICE: such as 3120 or 3120.5"]),
    ("buy open rb2610 3 @ 1 fak min ", ["LOTS: a whole number from 1"]),
    ("cancel ", ["#2  buy open rb2610", "#11  sell open hc2610", "last  all"]),
    ("cancel #", ["#2  buy open rb2610", "#11  sell open hc2610"]),
    ("why #", ["#2  buy open rb2610", "#11  sell open hc2610", "#3  buy open AP705"]),
    ("try ", ["buy   sell"]), ("room rb2610 @ ", ["PRICE: such as 3120 or 3120.5"]),
    ("room rb2610 @ 1 ", ["speculation  arbitrage    hedge"]),
    ("follow all every ", ["MILLISECONDS: 50-60000"]), ("wait within ", ["SECONDS: 1 to 86400"]),
    ("echo ", []), ("buy open x", []), ("cancel all rb2610 sell ", []),
  ]

  @Test func whatIsNotCertainIsListed() {
    for (line, lines) in Self.listed {
      let completion = Self.completion(line)
      #expect(completion.listing == lines, "\(line)")
      #expect(completion.text == "", "\(line)")
      let chinese = Self.completion(line, .chinese)
      #expect(chinese.listing.isEmpty == lines.isEmpty, "\(line)")
    }
    #expect(Self.completion("buy open rb2610 ", .chinese).listing == ["手数：1 起的整数"])
  }

  @Test func everyCommandCanBeBegunAndExplained() throws {
    let all = Self.completion("", columns: 1000).listing.joined()
    for command in CommandName.allCases {
      #expect(all.contains(command.rawValue))
      #expect(CommandName.begins("  \(command.rawValue) x"))
      for language in Language.allCases {
        let lines = CommandHelp.lines(command, language)
        #expect(lines.count >= 2 && lines[0].contains(command.rawValue), "\(command)")
        #expect(lines.allSatisfy { TextTable.width($0) <= 100 }, "\(lines)")
        #expect(TerminalHelp.commands(language).joined().contains(command.rawValue), "\(command)")
      }
      let parsed = try CommandParser.parse("help \(command.rawValue)")
      #expect(parsed == .help(command))
    }
    #expect(CommandName(word: "?") == .help && CommandName(word: "exit") == .quit)
    #expect(!CommandName.begins("") && !CommandName.begins("pa55word"))
    #expect(!CommandName.begins("buyer"))
  }

  @Test func listsFitTheScreenAndHaveAnEnd() {
    #expect(Completion.inColumns(["a", "bb", "中文", "d"], 13) == ["a     bb", "中文  d"])
    #expect(Completion.inColumns(["longer than that"], 3) == ["longer than that"])
    var names = CompletionNames()
    let most = Completion.listedMaximum
    names.instruments = (0...most).map {
      CompletionNames.Instrument(exchange: .shfe, code: "rb\(1000 + $0)", commodity: "rb")
    }
    let one = Completion(of: "watch rb1", names, columns: 20, .english)
    #expect(one.listing.count == most / 2 + 1 && one.listing.last == "... 1 more")
    names.instruments.removeLast()
    let none = Completion(of: "watch rb1", names, columns: 20, .english)
    #expect(none.listing.count == most / 2 && none.listing.last?.hasSuffix("1199") == true)
  }
}
