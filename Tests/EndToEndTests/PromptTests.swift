import Domain
import Foundation
import Glibc
import Testing

/// A person at the prompt of `sluice terminal`: the program on a screen.
@Suite(.timeLimit(.minutes(10))) struct PromptTests {
  /// A house, and alice at the prompt; another terminal of hers makes reports.
  static func begin(
    columns: Int = 80, environment: [String: String] = [:]
  ) throws -> TypedTerminal {
    let typed = try TypedTerminal(House(), columns: columns, environment: environment)
    try typed.waitForLine("alice> ")
    return typed
  }

  static let up = "\u{1B}[A"
  static let left = "\u{1B}[D"

  @Test func aReportInTheMiddleOfTypingLeavesTheLineWhole() throws {
    let typed = try Self.begin()
    let other = try typed.house.terminal("alice")
    try typed.type("buy open rb" + Self.left + Self.left)
    try typed.waitForLine("alice> buy open rb", back: 2)
    try other.place("a-1", .buy, lots: 3)
    try other.report(.workingConfirmed, of: "a-1")
    try typed.wait(for: "the report") { screen in
      screen.lines.contains { $0.contains("working") } && screen.cursor.line.hasPrefix("alice>")
    }
    try typed.waitForLine("alice> buy open rb", back: 2)
    // Nothing of the line is left above.
    #expect(
      typed.screen.lines.filter { $0.contains("buy open rb") && $0.contains("alice>") } == [
        "alice> buy open rb"
      ])
    let torn = typed.screen.lines.filter { $0.contains("alice>") && $0.contains("accepted") }
    #expect(torn == [])
    // And goes on being typed where the cursor was.
    try typed.type("x")
    try typed.waitForLine("alice> buy open xrb", back: 2)
  }

  @Test func aLineOfSeveralRowsWithWideCharactersIsDrawnAgainWhole() throws {
    let typed = try Self.begin(columns: 25)
    let other = try typed.house.terminal("alice")
    // Of 13 cells behind "echo" six characters take 12: the seventh begins the next row.
    try typed.type("echo 合约代码区分大小写吗")
    let rows = ["alice> echo 合约代码区分", "大小写吗"]
    try typed.wait(for: "two rows") { Array($0.lines.suffix(2)) == rows }
    try other.place("a-1", .buy, lots: 3)
    try other.report(.workingConfirmed, of: "a-1")
    try typed.wait(for: "the report") { screen in
      screen.lines.joined().contains("working") && Array(screen.lines.suffix(2)) == rows
    }
    #expect(typed.screen.lines.filter { $0.hasPrefix("alice> echo") }.count == 1)
    try typed.type("\r")
    try typed.wait(for: "the echo") { $0.cursor.line == "alice>" }
    #expect(typed.screen.lines.joined().contains("合约代码区分大小写吗合约代码区分大小写吗"))
  }

  @Test func linesComeBackByArrowsInThisRunAndTheNext() throws {
    let typed = try Self.begin()
    try typed.type("echo one\r")
    try typed.wait(for: "one") { $0.lines.contains("one") && $0.cursor.line == "alice>" }
    // No command: it comes back, and is in no file.
    try typed.type("pa55word\r")
    try typed.wait(for: "a complaint") {
      $0.lines.joined().contains("is no command") && $0.cursor.line == "alice>"
    }
    try typed.type(Self.up)
    try typed.waitForLine("alice> pa55word")
    try typed.type(Self.up)
    try typed.waitForLine("alice> echo one")
    try typed.type("\u{3}")
    try typed.waitForLine("alice> ")
    try typed.type("\u{4}")
    #expect(try typed.end() == 0)
    #expect(typed.hasModesOfBefore)

    let file = typed.state.path + "/sluice/history"
    #expect(ScratchFolder.mode(file) == 0o600)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "echo one\n")
    let again = try TypedTerminal(typed.house, state: typed.state)
    try again.waitForLine("alice> ")
    try again.type(Self.up)
    try again.waitForLine("alice> echo one")
    again.send(signal: SIGTERM)
    #expect(try again.end() == 143)
    #expect(again.hasModesOfBefore)
  }

  @Test func aHistoryThatCannotBeKeptIsSaidOnceAndStopsNothing() throws {
    let typed = try Self.begin(environment: ["XDG_STATE_HOME": "/dev/null"])
    for word in ["one", "two"] {
      try typed.type("echo \(word)\r")
      try typed.wait(for: word) { $0.lines.contains(word) && $0.cursor.line == "alice>" }
    }
    #expect(typed.screen.lines.filter { $0.contains("history is not kept") }.count == 1)
  }

  @Test func controlCDropsTheLineAndWhatIsWaitedFor() throws {
    let typed = try Self.begin()
    try typed.type("buy open nonsense")
    try typed.waitForLine("alice> buy open nonsense")
    try typed.type("\u{3}")
    try typed.wait(for: "an empty line") {
      $0.lines.contains("alice> buy open nonsense^C") && $0.cursor.line == "alice>"
    }
    try typed.type("buy open \(typed.house.instrument.string) 1 @ 3100\r")
    try typed.wait(for: "the order") {
      $0.lines.contains { $0.contains("working") } && $0.cursor.line == "alice>"
    }
    try typed.type("wait within 600\r")
    try typed.wait(for: "the wait") { $0.cursor.line.isEmpty }
    // What is typed ahead of a wait goes with it.
    try typed.type("echo never\r\u{3}")
    try typed.wait(for: "the prompt") {
      $0.lines.contains("no longer waited for") && $0.cursor.line == "alice>"
    }
    try typed.type("quit\r")
    #expect(try typed.end() == 0)
    #expect(!typed.screen.lines.contains("never"))
    #expect(typed.hasModesOfBefore)
  }

  @Test func aPastedBlockIsDoneLineByLine() throws {
    let typed = try Self.begin()
    try typed.type("echo one\recho two\recho th")
    try typed.waitForLine("alice> echo th")
    #expect(
      Array(typed.screen.lines.suffix(5)) == [
        "alice> echo one", "one", "alice> echo two", "two", "alice> echo th",
      ])
  }

  @Test func tabCompletesCommandsInstrumentsAndOwnOrders() throws {
    let typed = try Self.begin()
    let code = typed.house.instrument.string
    try typed.type("bu\top\t")
    try typed.waitForLine("alice> buy open ")
    // The instruments come behind the logon: Tab says nothing until they are there.
    try typed.type(code)
    let deadline = Deadline()
    repeat {
      try typed.type("\t")
      try typed.readOnce(by: deadline, "an instrument")
    } while typed.screen.cursor.column != "alice> buy open \(code) ".count
    try typed.type("\u{15}buy open \(code) 3 @ 3100\r")
    try typed.wait(for: "the order") {
      $0.lines.contains { $0.contains("working") } && $0.cursor.line == "alice>"
    }
    try typed.type("cancel #\t")
    try typed.waitForLine("alice> cancel #1 ")
    try typed.type("\r")
    try typed.wait(for: "the cancel") { $0.lines.contains { $0.contains("cancelled") } }
  }

  @Test func aRefusalSaysWhatIsLeft() throws {
    let typed = try Self.begin(columns: 200)
    let code = typed.house.instrument.string
    for line in ["buy open \(code) 48 @ 3100", "buy open \(code) 5 @ 3100"] {
      try typed.type(line + "\r")
      try typed.wait(for: "an answer") { $0.cursor.line == "alice>" }
    }
    try typed.wait(for: "the refusal") {
      $0.lines.joined().contains(": 48 held or working, 5 asked, 2 left [position-limit]")
    }
  }

  @Test func theEndOfTheGatewayLeavesNothingOfTheLine() throws {
    let typed = try Self.begin()
    try typed.type("buy open rb")
    try typed.waitForLine("alice> buy open rb")
    typed.house.stop()
    #expect(try typed.end() == 4)
    #expect(typed.hasModesOfBefore)
    #expect(!typed.screen.lines.contains { $0.contains("alice> buy open rb") })
    #expect(
      typed.screen.lines.contains { $0.contains("the gateway stops") || $0.contains("sluice:") })
  }

  @Test func controlZGivesTheScreenBackAndTakesItAgain() throws {
    let typed = try Self.begin()
    try typed.type("echo hal")
    try typed.waitForLine("alice> echo hal")
    // Its session has no other job: the system does not stop it, and it goes on at once.
    try typed.type("\u{1A}")
    try typed.wait(for: "the line again") { screen in
      screen.lines.contains("alice> echo hal^Z") && screen.cursor.line == "alice> echo hal"
    }
    try typed.type("f\r")
    try typed.wait(for: "half") { $0.lines.contains("half") }
  }

  @Test func aScreenThatIsResizedIsDrawnAgain() throws {
    let typed = try Self.begin()
    try typed.type("echo half")
    try typed.waitForLine("alice> echo half")
    typed.resize(columns: 40)
    try typed.type("!")
    try typed.waitForLine("alice> echo half!")
    #expect(typed.screen.lines.filter { $0.hasPrefix("alice> echo") }.count == 1)
  }

  @Test func withoutAScreenThatCanBeDrawnOnItIsThePlainPrompt() throws {
    let typed = try Self.begin(environment: ["TERM": "dumb"])
    try typed.type("echo one\n")
    try typed.wait(for: "one") { $0.lines.contains("one") }
    typed.send(signal: SIGINT)
    #expect(try typed.end() == 130)
  }

  @Test func booksAreFollowedAboveTheLine() throws {
    let typed = try Self.begin(columns: 120)
    try typed.type("follow funds every 50\r")
    try typed.wait(for: "the money") { $0.lines.contains { $0.contains("available") } }
    try typed.type("unfollow\recho done\r")
    try typed.wait(for: "the end of it") { $0.lines.contains("done") }
  }
}
