import Domain
import Foundation
import Journal
import Testing

@testable import Runtime

/// `sluice journal` and `sluice replay` in a process of their own, on a journal that a run left.
@Suite(.timeLimit(.minutes(10))) struct JournalToolTests {
  /// A run that has been stopped, and the configuration it had, in a folder.
  static func left() throws -> (house: House, config: String) {
    let (house, alice, bob) = try RestartTests.tradingHouse()
    for terminal in [alice, bob] { terminal.socket.close() }
    house.stop()
    let folder = house.folder.path + "/journal/config"
    try HouseFiles().write(to: folder)
    return (house, folder)
  }

  @Test func aJournalIsInspectedVerifiedAndExported() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let path = house.journalPath
    let records = try JournalRecords(path).records
    let last = records[records.count - 1]
    let (inspected, table) = try SluiceProcess.run("journal", "inspect", path)
    #expect(inspected == 0)
    #expect(table.contains("ends at      \(last.bytes.upperBound)\n"), "\(table)")
    let (verified, said) = try SluiceProcess.run("journal", "verify", path)
    #expect(verified == 0 && said.contains("records      \(records.count)\n"), "\(said)")
    #expect(said.hasSuffix("every record is as it was written\n"))

    let (exported, lines) = try SluiceProcess.run("journal", "export", path, "--json")
    #expect(exported == 0)
    let objects = try lines.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.count == records.count)
    #expect(objects.contains { $0["command"] as? String == "newOrder" && "\($0)".contains("a-1") })
    let credentials = objects.filter { $0["command"] as? String == "setCredential" }
    #expect(!credentials.isEmpty)
    #expect(credentials.allSatisfy { "\($0)".contains("redacted") })
    #expect(!lines.contains("argon2"))
    let part = try SluiceProcess.run(
      "journal", "export", path, "--json", "--from", "5", "--until", "6")
    #expect(part.said.split(separator: "\n").count == 4)
  }

  @Test func aReplayStopsWhereItIsToldAndTellsTheBooks() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let path = house.journalPath
    let whole = try SluiceProcess.run("replay", path, "--config", config, "--books")
    #expect(whole.code == 0, "\(whole.said)")
    #expect(whole.said.contains("alice "))
    let instrument = house.instrument.string
    let positions = whole.said.split(separator: "\n").filter { $0.hasPrefix(instrument) }
    #expect(positions.count == 2, "alice has bought, bob has sold: \(whole.said)")
    let records = try JournalRecords(path).records
    let middle = records[records.count / 2].sequence
    let part = try SluiceProcess.run("replay", path, "--config", config, "--until", "\(middle)")
    #expect(part.code == 0 && part.said.contains("sequence    \(middle)\n"), "\(part.said)")
    // The genesis has one time; nothing stands before it.
    let early = try SluiceProcess.run(
      "replay", path, "--config", config, "--until", "2020-01-01T00:00:00Z")
    #expect(early.code == 0 && early.said.contains("commands    0\n"), "\(early.said)")
  }

  @Test func damageIsNamedCutOffAndKept() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let records = try JournalRecords(house.journalPath).records
    let damaged = try JournalRecords.copy(house.journalPath, as: "damaged.journal")
    // A command in the middle.
    let place = records.count / 4 * 2
    let position = records[place].bytes.lowerBound
    try JournalRecords.flip(damaged, at: position + 33)
    let verified = try SluiceProcess.run("journal", "verify", damaged)
    #expect(verified.code == 1)
    #expect(
      verified.said.contains("sluice journal repair \(damaged) --truncate-at \(position)\n"),
      "\(verified.said)")

    let elsewhere = try SluiceProcess.run(
      "journal", "repair", damaged, "--truncate-at", "\(position - 8)", "--yes")
    #expect(elsewhere.code == 1 && elsewhere.said.contains("no record begins there"))
    let first = URL(filePath: JournalFolder(path: damaged).segmentPath(1))
    let before = try Data(contentsOf: first)
    let rehearsed = try SluiceProcess.run(
      "journal", "repair", damaged, "--truncate-at", "\(position)")
    #expect(rehearsed.code == 1 && rehearsed.said.contains("nothing was done"))
    #expect(try Data(contentsOf: first) == before)

    let repaired = try SluiceProcess.run(
      "journal", "repair", damaged, "--truncate-at", "\(position)", "--yes")
    #expect(repaired.code == 0 && repaired.said.contains("warning: "), "\(repaired.said)")
    #expect(try SluiceProcess.run("journal", "verify", damaged).code == 0)
    #expect(try JournalRecords(damaged).records == Array(records.prefix(place)))
    let copy = JournalFolder(path: "\(damaged).cut-at-\(position)")
    #expect(try Data(contentsOf: URL(filePath: copy.segmentPath(1))) == before)
    let replayed = try SluiceProcess.run("replay", damaged, "--config", config)
    #expect(replayed.code == 0, "\(replayed.said)")
    try FileManager.default.removeItem(atPath: copy.path)
  }

  /// A record that was being written when the process died is an end like any other.
  @Test func aTornEndIsAnEndForEveryTool() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let records = try JournalRecords(house.journalPath).records
    let path = try JournalRecords.copy(
      house.journalPath, bytes: records[records.count - 1].bytes.upperBound - 3, as: "torn.journal")
    for until in [[], ["--until", "2200-01-01T00:00:00Z"], ["--until", "999999"]] {
      let replayed = try SluiceProcess.run(["replay", path, "--config", config] + until)
      #expect(replayed.code == 0 && replayed.said.contains("is torn"), "\(replayed.said)")
    }
    let exported = try SluiceProcess.run("journal", "export", path, "--json")
    let lines = exported.said.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(exported.code == 0 && lines.count == records.count - 1)
    #expect(exported.said.contains("is there in part, and left out"))
    #expect(try SluiceProcess.run("journal", "verify", path).code == 0)
  }

  /// What is left of a file that was cut may be half of what was answered.
  @Test func aSegmentThatWasCutIsSaidByEveryToolAndRepaired() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let records = try JournalRecords(house.journalPath).records
    let last = records[records.count / 2 * 2 - 3]
    let path = try JournalRecords.copy(house.journalPath, as: "short.journal")
    truncate(JournalFolder(path: path).segmentPath(1), Int(last.bytes.upperBound) + 20)
    let words =
      "the file of segment 1 is shorter than it was made; what stood behind offset "
      + "\(last.bytes.upperBound) is gone"
    let advice = "sluice journal repair \(path) --truncate-at \(last.bytes.upperBound)"
    for arguments in [
      ["journal", "verify", path], ["journal", "inspect", path],
      ["replay", path, "--config", config],
    ] {
      let told = try SluiceProcess.run(arguments)
      #expect(told.code == 1 && told.said.contains(words), "\(arguments): \(told.said)")
      #expect(told.said.contains(advice), "\(arguments): \(told.said)")
    }
    let exported = try SluiceProcess.run("journal", "export", path, "--json")
    #expect(exported.code == 1 && exported.said.contains(words), "\(exported.said)")
    let repaired = try SluiceProcess.run(
      "journal", "repair", path, "--truncate-at", "\(last.bytes.upperBound)", "--yes")
    #expect(repaired.code == 0, "\(repaired.said)")
    let verified = try SluiceProcess.run("journal", "verify", path)
    #expect(verified.code == 0, "\(verified.said)")
    #expect(try JournalRecords(path).records == Array(records.prefix { $0 != last }) + [last])
    try FileManager.default.removeItem(atPath: "\(path).cut-at-\(last.bytes.upperBound)")
  }

  /// A pipe would keep whoever opens it waiting.
  @Test(.timeLimit(.minutes(10)))
  func whatIsNoJournalIsSaidWithWhatToDo() throws {
    let scratch = try ScratchFolder()
    let folder = JournalFolder(path: scratch.path + "/a.journal")
    func verify(_ path: String) throws -> String {
      let (code, said) = try SluiceProcess.run("journal", "verify", path)
      #expect(code == 1, "\(said)")
      return said
    }
    #expect(try verify(folder.path).contains("there is no such journal"))
    #expect(mkdir(folder.path, 0o700) == 0)
    #expect(try verify(folder.path).contains("there is no segment in this folder"))
    for make in [{ mkfifo($0, 0o600) }, { mkdir($0, 0o700) }] as [(String) -> Int32] {
      #expect(make(folder.segmentPath(1)) == 0)
      #expect(try verify(folder.path).contains("00000001.sluicejournal is no file: move it away"))
      remove(folder.segmentPath(1))
    }
    #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
    #expect(try verify(scratch.path + "/pipe").contains("it is neither a folder nor a file"))
  }

  /// A name that ends in a slash is the same folder, and what was kept once is not written over.
  @Test func whatIsCutIsKeptBesideTheJournalEachTime() throws {
    let (house, config) = try Self.left()
    defer { try? FileManager.default.removeItem(atPath: config) }
    let records = try JournalRecords(house.journalPath).records
    let path = try JournalRecords.copy(house.journalPath, as: "twice.journal")
    let segment = URL(filePath: JournalFolder(path: path).segmentPath(1))
    let position = records[records.count / 4].bytes.lowerBound
    var kept: [Data] = []
    for _ in 0..<2 {
      // Other bytes each time.
      try JournalRecords.flip(path, at: position + 33)
      kept.append(try Data(contentsOf: segment))
      let repaired = try SluiceProcess.run(
        "journal", "repair", path + "/", "--truncate-at", "\(position)", "--yes")
      #expect(repaired.code == 0, "\(repaired.said)")
    }
    #expect(kept[0] != kept[1])
    let first = "\(path).cut-at-\(position)"
    for (copy, bytes) in zip([first, first + "-2"], kept) {
      #expect(
        try Data(contentsOf: URL(filePath: JournalFolder(path: copy).segmentPath(1))) == bytes)
      try FileManager.default.removeItem(atPath: copy)
    }
  }

  @Test func aRunningGatewaysJournalIsNotRepaired() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    let repaired = try SluiceProcess.run(
      "journal", "repair", house.journalPath, "--truncate-at", "128", "--yes")
    #expect(repaired.code == 1 && repaired.said.contains("another process writes to it"))
    #expect(try SluiceProcess.run("journal", "verify", house.journalPath).code == 0)
    alice.socket.close()
  }

  /// A position at the beginning of a segment cuts whole segments.
  @Test func wholeSegmentsAreCutAndKept() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    try alice.beginThreeSegments()
    alice.socket.close()
    house.stop()
    let size = JournalFormat.segmentBytes.lowerBound
    let records = try JournalRecords(house.journalPath).records
    let repair = try JournalRepair(JournalFolder(path: house.journalPath), at: size)
    let cut = repair.segments
    #expect(cut >= 2)
    try repair.carryOut()
    let copy = JournalFolder(path: repair.copyPath)
    _ = consume repair
    #expect(
      try JournalRecords(house.journalPath).records
        == records.filter { $0.bytes.lowerBound < size })
    #expect(try copy.numbers().first == 2)
    try FileManager.default.removeItem(atPath: copy.path)
  }
}
