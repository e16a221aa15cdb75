import Domain
import Foundation
import Glibc
import Testing

/// A risk controller at `sluice desk`: the program on a screen, and its table of accounts.
@Suite(.timeLimit(.minutes(10))) struct DeskScreenTests {
  private static let head = "as of command"

  /// The command that the newest table is of; nil while there is none.
  private static func command(_ screen: PlayedScreen) -> Int? {
    guard let line = screen.lines.last(where: { $0.contains(head) }),
      let range = line.range(of: head + " ")
    else { return nil }
    return Int(line[range.upperBound...].prefix { $0.isNumber })
  }

  /// The lines behind the line that was typed.
  private static func table(_ screen: PlayedScreen, behind typed: String) -> [String] {
    let lines = screen.lines
    guard let first = lines.lastIndex(of: typed) else { return [] }
    var table = Array(lines[(first + 1)...])
    while table.last == "" { table.removeLast() }
    return table
  }

  /// A controller who has been let in, at a screen, and has asked for his accounts; all six of them
  /// with what stands above are a line each.
  private static func begin(
    _ house: House, columns: Int, height: Int = 24
  ) throws -> (typed: TypedTerminal, first: Int) {
    let typed = try TypedTerminal(house, desk: "chief", columns: columns, height: height)
    try typed.wait(for: "his welcome") { $0.lines.count > 1 && $0.cursor.column == 0 }
    try typed.type("accounts\r")
    try typed.wait(for: "the table") { command($0) != nil && $0.isWrapping }
    return (typed, try #require(command(typed.screen)))
  }

  private static let accounts = ["alice", "bob  ", "carol", "dora ", "erin ", "frank"]

  /// As it is written: autowrap is off exactly while a table is drawn.
  private static func wrapsWhileDrawing(_ written: String) -> Bool {
    var isOff = false
    var rest = Substring(written)
    while let escape = rest.firstIndex(of: "\u{1B}") {
      if isOff != rest[..<escape].contains("alice") { return true }
      rest = rest[rest.index(after: escape)...]
      if rest.hasPrefix("[?7l") { isOff = true }
      if rest.hasPrefix("[?7h") { isOff = false }
    }
    return isOff
  }

  /// Whether it is wide enough for the table or not: the table of before is gone, nothing of it is
  /// left, and what stood above it still does.
  @Test(arguments: [200, 40])
  func theTableIsDrawnAgainInItsPlace(columns: Int) throws {
    let house = try DeskAccountsTests.house()
    let alice = try house.terminal("alice")
    let (typed, first) = try Self.begin(house, columns: columns)
    // The time, the head and six accounts: a line each, however wide they are.
    #expect(Self.table(typed.screen, behind: "accounts").count == 8)
    let above = typed.screen.lines.prefix { $0 != "accounts" }
    try alice.send(DeskAccountsTests.order(house, "a-1", of: "alice"))
    try alice.report(.workingConfirmed, of: "a-1")
    try typed.wait(for: "another table") { (Self.command($0) ?? 0) > first && $0.isWrapping }
    let table = Self.table(typed.screen, behind: "accounts")
    #expect(table.count == 8, "\(table)")
    #expect(table.first?.contains(Self.head) == true)
    #expect(table.dropFirst(2).map { $0.prefix(5) } == Self.accounts.map { $0[...] })
    #expect(table.allSatisfy { $0.count <= columns })
    #expect(typed.screen.lines.prefix { $0 != "accounts" } == above)
    if columns == 200 {
      let row = table[2].split(separator: " ").map(String.init)
      #expect(row.contains("1"), "the order that works: \(table[2])")
    }
    #expect(!Self.wrapsWhileDrawing(typed.written))
    #expect(typed.written.contains("\u{1B}[8A\u{1B}[J"))
    try typed.type("quit\r")
    #expect(try typed.end() == 0)
    #expect(typed.screen.isWrapping && typed.hasModesOfBefore)
  }

  /// A screen of six lines: the table takes no more than it has, so that it can be drawn again.
  @Test func theScreenSaysHowMuchOfATableItTakes() throws {
    let house = try DeskAccountsTests.house()
    let alice = try house.terminal("alice")
    let (typed, first) = try Self.begin(house, columns: 200, height: 6)
    let small = Self.table(typed.screen, behind: "accounts")
    #expect(small.count <= 4 && small.last == "and 5 more", "\(small)")
    try alice.send(DeskAccountsTests.order(house, "a-1", of: "alice"))
    try typed.wait(for: "another table") { (Self.command($0) ?? 0) > first && $0.isWrapping }
    #expect(Self.table(typed.screen, behind: "accounts").count == small.count)
    #expect(typed.screen.lines.filter { $0.contains(Self.head) }.count == 1)
  }

  /// A window that is made larger shows more of the table and a smaller one less, though nothing
  /// has come from the gateway; what stood above stays.
  @Test func theTableFollowsTheSizeOfItsWindow() throws {
    let house = try DeskAccountsTests.house()
    let (typed, _) = try Self.begin(house, columns: 40, height: 6)
    #expect(Self.table(typed.screen, behind: "accounts").last == "and 5 more")
    let above = typed.screen.lines.prefix { $0 != "accounts" }
    typed.resize(columns: 200, height: 24)
    try typed.wait(for: "all of the table") {
      Self.table($0, behind: "accounts").count == 8 && $0.isWrapping
    }
    let table = Self.table(typed.screen, behind: "accounts")
    #expect(table.dropFirst(2).map { $0.prefix(5) } == Self.accounts.map { $0[...] })
    #expect(table.contains { $0.count > 40 })
    #expect(typed.screen.lines.prefix { $0 != "accounts" } == above)
    typed.resize(columns: 200, height: 6)
    try typed.wait(for: "less of it") { $0.lines.contains("and 5 more") && $0.isWrapping }
    // What had scrolled away is out of reach.
    #expect(typed.screen.lines.suffix(6).filter { $0.contains(Self.head) }.count == 1)
    #expect(!Self.wrapsWhileDrawing(typed.written))
    try typed.type("quit\r")
    #expect(try typed.end() == 0)
  }

  /// Control-C, and a word to end: the screen is left as it was found.
  @Test(arguments: [SIGINT, SIGTERM])
  func whoLeavesItInTheMiddleFindsHisScreenAsItWas(signal: Int32) throws {
    let house = try DeskAccountsTests.house()
    let alice = try house.terminal("alice")
    let (typed, _) = try Self.begin(house, columns: 40)
    // It is drawn while it is told to end.
    for number in 1...20 {
      try alice.send(DeskAccountsTests.order(house, "a-\(number)", of: "alice"))
    }
    if signal == SIGINT { try typed.type("\u{3}") } else { typed.send(signal: signal) }
    #expect(try typed.end() == 128 + signal)
    // Control-C has the system throw away what is on its way to the screen, in the middle of a
    // table too: its end with it.
    #expect(typed.screen.isWrapping && typed.hasModesOfBefore)
    if signal != SIGINT { #expect(!Self.wrapsWhileDrawing(typed.written)) }
    // What is typed next stands in a line of its own.
    #expect(typed.screen.cursor.column == 0)
  }
}
