import Domain
import Foundation
import Journal
import Testing

@testable import Runtime

/// `sluice journal` and `sluice replay` in a process of their own, on a journal that a run left.
@Suite(.timeLimit(.minutes(2))) struct JournalToolTests {
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
