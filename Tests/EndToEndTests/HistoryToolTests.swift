import Domain
import Foundation
import Gateway
import Journal
import Messages
import Testing
import Wire

@testable import Runtime

/// `sluice explain` and `sluice what-if` in a process of their own, on journals that runs left.
@Suite(.timeLimit(.minutes(10))) struct HistoryToolTests {
  /// A journal of a run with something of everything, and configurations for it, in a folder that
  /// goes when the run does.
  final class Left {
    let house: House
    private(set) var folders: [String] = []

    init(_ house: House) { self.house = house }
    deinit { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }

    var journal: String { house.journalPath }

    /// The house's configuration, changed: `change` gets the texts by file.
    func configuration(
      _ change: (inout [String: String]) -> Void = { _ in }
    ) throws -> String {
      let folder = house.folder.path + "/config-\(folders.count)"
      folders.append(folder)
      var files = HouseFiles()
      change(&files.texts)
      try files.write(to: folder)
      return folder
    }

    /// A configuration of which a part of one file is another text.
    func configuration(
      _ file: String, _ part: String, _ other: String
    ) throws -> String {
      try configuration { texts in
        texts[file] = texts[file]?.replacing(part, with: other)
      }
    }
  }

  static func left() throws -> Left {
    let house = try House()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 2)
    try alice.report(.trade, of: "a-1")
    try bob.report(.trade, of: "b-1")
    // Her cap is 50 lots: 3 are held or working.
    try alice.place("large", lots: 48)
    try alice.report(.rejected, of: "large")
    try alice.place("none", lots: 0)
    try alice.report(.rejected, of: "none")
    try alice.place("a-1", lots: 3)
    try alice.report(.restated, of: "a-1")
    try alice.cancel("a-1")
    try alice.report(.cancelled, of: "a-1")
    try alice.cancel("a-1")
    try alice.report(.cancelRejected, of: "a-1")
    for terminal in [alice, bob] { terminal.socket.close() }
    house.stop()
    return Left(house)
  }

  private static func json(_ said: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
  }

  // MARK: Explain

  @Test func anOrderIsExplainedFromItsRulesToItsEnd() throws {
    let left = try Self.left()
    let config = try left.configuration()
    let (code, said) = try SluiceProcess.run(
      "explain", "alice-a-1", "--journal", left.journal, "--config", config)
    #expect(code == 0, "\(said)")
    for part in [
      "order       alice-a-1  ",
      "asked       buy open \(left.house.instrument.string) 3 @ 3100 day",
      "decided     taken\n", "split by priority\n", " confirmed child ", " filled 2 @ 3100 ",
      "as before", "cancel asked for by x-a-1", "cancel of child ", "cancel REFUSED",
      "ended as    cancelled, 2 of 3 lots filled",
    ] {
      #expect(said.contains(part), "\(part) in \(said)")
    }
    let limit = try #require(said.split(separator: "\n").first { $0.contains(" position-limit ") })
    #expect(limit.contains("passed") && limit.contains("50 lots"), "\(limit)")
    // By its id it is the same.
    let object = try Self.json(
      try SluiceProcess.run(
        "explain", "alice-a-1", "--journal", left.journal, "--config", config, "--json"
      ).said)
    let id = try #require(object["orderID"] as? String)
    let byID = try SluiceProcess.run(
      "explain", id, "--journal", left.journal, "--config", config)
    #expect(byID.said == said)
  }

  @Test func aRefusalIsExplainedByTheFiguresThatItHad() throws {
    let left = try Self.left()
    let config = try left.configuration()
    for (order, name, figures) in [
      ("alice-large", "position-limit", (observed: 3, asked: 48, limit: 50)),
      ("alice-none", "bad-quantity", (observed: 0, asked: 0, limit: 1)),
    ] {
      let (code, said) = try SluiceProcess.run(
        "explain", order, "--journal", left.journal, "--config", config, "--json")
      #expect(code == 0, "\(said)")
      let object = try Self.json(said)
      let rules = try #require(object["rules"] as? [[String: Any]])
      let deciding = rules.filter { $0["decides"] as? Bool == true }
      #expect(deciding.count == 1 && deciding[0]["rule"] as? String == name)
      #expect(deciding[0]["observed"] as? Int == figures.observed)
      #expect(deciding[0]["asked"] as? Int == figures.asked)
      #expect(deciding[0]["limit"] as? Int == figures.limit)
      let ended = try #require(object["ended"] as? [String: Any])
      #expect(ended["state"] as? String == "rejected")
      let why = try #require(ended["why"] as? [String: Any])
      #expect(why["rule"] as? String == name)
    }
  }

  @Test func whatCantBeExplainedIsSaid() throws {
    let left = try Self.left()
    let config = try left.configuration()
    func explain(_ order: String, _ journal: String) throws -> (code: Int32, said: String) {
      try SluiceProcess.run("explain", order, "--journal", journal, "--config", config)
    }
    let unknown = try explain("alice-a-2", left.journal)
    #expect(unknown.code == 1 && unknown.said.contains("no order 'alice-a-2'"), "\(unknown.said)")
    let missing = try explain("alice-a-1", left.journal + "-elsewhere")
    #expect(missing.code == 1 && missing.said.contains("there is no such journal: it is a folder"))

    let other = try JournalRecords.copy(left.journal, as: "other.journal")
    let file = URL(filePath: JournalFolder(path: other).segmentPath(1))
    let whole = try Data(contentsOf: file)
    var bytes = whole
    bytes[8] = 1
    try bytes.write(to: file)
    let version = try explain("alice-a-1", other)
    #expect(
      version.code == 1 && version.said.contains("a journal of format version 1; this program"))
    try whole.write(to: file)
    let records = try JournalRecords(other).records
    try JournalRecords.flip(other, at: records[records.count / 2].bytes.lowerBound + 33)
    let damaged = try explain("alice-a-1", other)
    #expect(damaged.code == 1 && damaged.said.contains("its checksum does not fit"))
  }

  /// While its gateway writes to it, a journal is read as far as it was stored when that was asked:
  /// what is just being written behind looks like damage, and is none.
  @Test func aRunningGatewaysJournalIsExplainedAsFarAsItIsStored() throws {
    let house = try House()
    let left = Left(house)
    let config = try left.configuration()
    func explain(_ journal: String) throws -> (code: Int32, said: String) {
      try SluiceProcess.run("explain", "alice-a-1", "--journal", journal, "--config", config)
    }
    let alice = try house.terminal("alice")
    try alice.place("a-1", lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try JournalRecords.waitForFunds(house.journalPath, ofLinks: 3)
    try JournalRecords.writeBehind(house.journalPath)
    // A copy is what nobody writes to.
    let copy = try JournalRecords.copy(house.journalPath, as: "copy.journal")
    let damaged = try explain(copy)
    #expect(damaged.code == 1 && damaged.said.contains("its checksum does not fit"))
    let running = try explain(house.journalPath)
    #expect(running.code == 0, "\(running.said)")
    #expect(running.said.contains(" confirmed child "), "\(running.said)")
    #expect(running.said.contains("0 of 3 lots filled"), "\(running.said)")
    // Orders go on, over those bytes, and what is stored by then is told with the next beat.
    try alice.cancel("a-1")
    try alice.report(.cancelled, of: "a-1")
    let deadline = Deadline()
    var later = try explain(house.journalPath)
    while later.code == 0, !later.said.contains("ended as    cancelled"),
      deadline.millisecondsLeft > 0
    {
      later = try explain(house.journalPath)
    }
    #expect(later.code == 0 && later.said.contains("cancel asked for by x-a-1"), "\(later.said)")
    #expect(later.said.contains("ended as    cancelled, 0 of 3 lots filled"), "\(later.said)")
  }

  /// Its first segments were put away: an engine can't be stepped up to any order.
  @Test func historyThatTheJournalNoLongerHasIsSaid() throws {
    let house = try House()
    let left = Left(house)
    let config = try left.configuration()
    let alice = try house.terminal("alice")
    try alice.beginThreeSegments()
    alice.socket.close()
    house.stop()
    let short = try JournalRecords.copy(left.journal, as: "short.journal")
    let folder = JournalFolder(path: short)
    #expect(try folder.numbers().count >= 3)
    func explain() throws -> (code: Int32, said: String) {
      try SluiceProcess.run(
        "explain", "alice-f-29-99", "--journal", short, "--config", config)
    }
    let whole = try explain()
    #expect(whole.code == 0 && whole.said.contains("position-limit"), "\(whole.said)")
    try FileManager.default.moveItem(
      atPath: folder.segmentPath(1), toPath: house.folder.path + "/away")
    let gone = try explain()
    #expect(gone.code == 1, "\(gone.said)")
    #expect(gone.said.contains("its first segments are missing: it begins with command "))
    #expect(gone.said.contains("put those in front of it back"), "\(gone.said)")
    try FileManager.default.moveItem(
      atPath: house.folder.path + "/away", toPath: folder.segmentPath(1))
    #expect(try explain().said == whole.said)
  }

  // MARK: What if

  @Test func theSameConfigurationDecidesEveryOrderAsItWas() throws {
    let (house, _) = try ReplayTests.run()
    let left = Left(house)
    let (code, said) = try SluiceProcess.run(
      "what-if", left.journal, "--config", try left.configuration(), "--json", "--orders")
    #expect(code == 0, "\(said)")
    let object = try Self.json(said)
    for key in [
      "newlyRefused", "newlyTaken", "refusedByOtherRule", "takenForOtherLots",
    ] {
      #expect(object[key] as? Int == 0, "\(key)")
    }
    #expect((object["differences"] as? [Any])?.isEmpty == true)
    #expect((object["notices"] as? [Any])?.isEmpty == true, "\(said)")
    let sent = try JournalRecords(left.journal).commands().filter { command in
      if case .newOrder = command { return true }
      return false
    }
    #expect(object["orders"] as? Int == sent.count && sent.count == 41)
    #expect(object["takenInBoth"] as? Int ?? 0 > 20)
    #expect(object["refusedBySameRule"] as? Int ?? 0 > 0)
  }

  @Test func otherLimitsRefuseAndLetThrough() throws {
    let left = try Self.left()
    let narrow = try left.configuration(
      "operation-accounts.json5", "positionCap: 50", "positionCap: 2")
    let (code, said) = try SluiceProcess.run(
      "what-if", left.journal, "--config", narrow, "--orders")
    #expect(code == 0, "\(said)")
    for part in [
      "orders            4\n", "taken in both     1\n", "newly refused     1\n",
      "refused in both   2, 0 of them by another rule\n", "newly taken       0\n",
      "position limit 2 lots for account alice: 0 held or working, 3 asked, 2 left",
    ] {
      #expect(said.contains(part), "\(part) in \(said)")
    }
    let wide = try left.configuration(
      "operation-accounts.json5", "positionCap: 50", "positionCap: 51")
    let loose = try Self.json(
      try SluiceProcess.run(
        "what-if", left.journal, "--config", wide, "--orders", "--json"
      ).said)
    #expect(loose["newlyTaken"] as? Int == 1 && loose["newlyRefused"] as? Int == 0)
    let differences = try #require(loose["differences"] as? [[String: Any]])
    #expect(differences.count == 1 && differences[0]["clOrdID"] as? String == "large")
    let then = try #require(differences[0]["then"] as? [String: Any])
    #expect(then["rule"] as? String == "position-limit" && then["limit"] as? Int == 50)
    let now = try #require(differences[0]["now"] as? [String: Any])
    #expect(now["verdict"] as? String == "taken" && now["lots"] as? Int == 48)
  }

  /// What exists has to be what existed; each difference is told at once.
  @Test func otherDefinitionsAreNamedAndRefused() throws {
    let left = try Self.left()
    let config = try left.configuration { texts in
      texts["commodities/shfe.json5"]?.replace("multiplier: 10", with: "multiplier: 20")
      texts["fund-accounts.json5"]?.replace("counter: 'south'", with: "counter: 'north'")
      texts["operation-accounts.json5"]?.replace("name: 'dora'", with: "name: 'doris'")
    }
    let (code, said) = try SluiceProcess.run(
      "what-if", left.journal, "--config", config)
    #expect(code == 1)
    for part in [
      "instruments: SHFE.\(left.house.instrument.string): multiplier: journal 10, configuration 20",
      "fund-accounts: fund-c: counter: journal south, configuration north",
      "operation-accounts: dora: journal place 4, configuration none",
      "operation-accounts: doris: journal none, configuration place 4", "does not fit",
    ] {
      #expect(said.contains(part), "\(part) in \(said)")
    }
  }

  @Test func aConfigurationThatCantBeUsedIsSaid() throws {
    let left = try Self.left()
    func judge(_ config: String) throws -> (code: Int32, said: String) {
      try SluiceProcess.run("what-if", left.journal, "--config", config)
    }
    let faulty = try judge(
      try left.configuration("operation-accounts.json5", "positionCap: 50", "positionCap: -1"))
    #expect(
      faulty.code == 1 && faulty.said.contains("positionCap") && faulty.said.contains("not usable"),
      "\(faulty.said)")
    let small = try judge(
      try left.configuration("gateway.json5", "orders: 20000", "orders: 1"))
    #expect(
      small.code == 1 && small.said.contains("the configuration's capacities"), "\(small.said)")
    // What history depends on stays, and is said.
    let money = try judge(
      try left.configuration("operation-accounts.json5", "5000000", "6000000"))
    #expect(
      money.code == 0 && money.said.contains("opening money and positions are history"),
      "\(money.said)")
    #expect(money.said.hasSuffix("every order is decided as it was\n"))
  }
}
