import Domain
import Engine
import Exchange
import Foundation
import Journal
import Messages
import Testing
import Wire

@testable import Runtime

/// The journal that a run wrote, stepped through again.
@Suite(.timeLimit(.minutes(10))) struct ReplayTests {
  /// A run with something of everything, stopped; the state that its engine ended in.
  static func run() throws -> (house: House, hash: String) {
    let house = try House()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    for number in 0..<20 {
      try alice.place("a-\(number)", lots: Lots(number % 4), at: 3_090 + Int64(number))
      try bob.place("b-\(number)", .sell, lots: 1, at: 3_100)
    }
    try alice.report(.new, of: "a-19")
    try bob.report(.new, of: "b-19")
    try house.counter("north").misbehave(.dropLinkAfter, fundAccount: FundAccountID(0))
    try alice.place("cut")
    try alice.report(.pendingUnknown, of: "cut")
    try house.log.wait(for: "linkReady fundAccount=fund-a", times: 2)
    _ = try LogonTests.refusal(house, "carol", password: LogonTests.wrong)
    try alice.send(
      OrderEntry.MassCancel(requestID: ClOrdID("all")!, account: Name("alice")!))
    try alice.wait(for: "the end of every order") { terminal in
      let newest = Dictionary(terminal.reports.map { ($0.orderID, $0) }) { $1 }
      return newest.values.allSatisfy { $0.state.isFinal }
    }
    alice.socket.close()
    bob.socket.close()
    house.stop()
    let line = try house.log.wait(for: "stopped", "state=0x")
    let hash = try #require(line.firstRange(of: "state=0x"))
    return (house, String(line[hash.upperBound...].prefix { $0.isHexDigit }))
  }

  @Test func aNewEngineGivesTheSameEffectsByteForByte() throws {
    let (house, hash) = try Self.run()
    let journal = try JournalRecords(house.journalPath)
    var engine = Engine(capacities: house.settings.capacities)
    var effects = EffectBuffer()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 8)
    defer { room.deallocate() }
    var differing = 0
    var written = 0
    #expect(journal.records.count > 200 && journal.records.count % 2 == 0)
    for place in stride(from: 0, to: journal.records.count, by: 2) {
      let (record, outcome) = (journal.records[place], journal.records[place + 1])
      #expect(record.type == .command && outcome.type == .outcome)
      #expect(record.sequence == outcome.sequence)
      let command = try record.payload.withUnsafeBytes { try JournalCodec.command($0) }
      engine.step(
        Stamped(
          sequence: record.sequence, time: Timestamp(nanoseconds: record.time), command: command),
        into: &effects)
      var length = 0
      for index in 0..<effects.count {
        length += try JournalCodec.encode(effects[index], into: room, at: length)
      }
      if Array(room[..<length]) != outcome.payload { differing += 1 }
      written += length
    }
    #expect(differing == 0)
    #expect(written > 10_000)
    let ended = engine.stateHash
    #expect(String(ended, radix: 16) == hash)
  }

  /// `sluice replay` in a process of its own: other addresses, other hashing seeds.
  @Test func theProgramSaysThatEveryOutcomeIsTheSame() throws {
    let (house, hash) = try Self.run()
    let folder = house.folder.path + "/config"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try HouseFiles().write(to: folder)
    let (code, said) = try SluiceProcess.run("replay", house.journalPath, "--config", folder)
    #expect(code == 0, "\(said)")
    #expect(said.contains("every outcome is as it was written"))
    #expect(said.contains("state hash  \(hash)\n"))
    let commands = try JournalRecords(house.journalPath).commands().count
    #expect(said.contains("commands    \(commands)\n"))

    // A record that is not what it was.
    let damaged = try JournalRecords.copy(house.journalPath, as: "damaged.journal")
    let records = try JournalRecords(house.journalPath).records
    try JournalRecords.flip(damaged, at: records[records.count / 2].bytes.lowerBound + 33)
    #expect(try SluiceProcess.run("replay", damaged, "--config", folder).code == 1)
  }
}
