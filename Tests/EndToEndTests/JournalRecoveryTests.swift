import Domain
import Foundation
import Gateway
import Glibc
import Journal
import Testing

@testable import Runtime

/// The table of docs/JOURNAL.md, "Starting again": what is found, and what a start does.
@Suite(.timeLimit(.minutes(10))) struct JournalRecoveryTests {
  /// What a row does to a journal that a stopped gateway left, in three segments or more.
  struct Left {
    let path: String
    let records: [JournalRecords.Record]
    let numbers: [UInt32]

    var folder: JournalFolder { JournalFolder(path: path) }
    var last: JournalRecords.Record { records[records.count - 1] }
    /// The number of the last segment that is begun: the one behind it is made ready.
    var begun: UInt32 { UInt32(last.bytes.lowerBound / JournalRecoveryTests.segmentBytes) + 1 }
    /// The newest record of which a later one, behind another one, says that it was released.
    var released: JournalRecords.Record {
      let seen = last.released
      return records.dropLast(2).last { $0.sequence <= seen } ?? records[0]
    }
    /// The newest record that, damaged, can't be what an interrupted write left.
    var full: JournalRecords.Record { records.last { !$0.hasEmptySector } ?? records[0] }

    /// Changes a segment's bytes.
    func edit(_ number: UInt32, _ change: (inout Data) -> Void) throws {
      let file = URL(filePath: folder.segmentPath(number))
      var data = try Data(contentsOf: file)
      change(&data)
      try data.write(to: file)
    }

    /// Cuts a segment's file at a position of the journal.
    func shorten(_ number: UInt32, to position: UInt64) throws {
      try edit(number) { data in
        data = data.prefix(Int(position - UInt64(number - 1) * JournalRecoveryTests.segmentBytes))
      }
    }

    /// Makes bytes of the journal zero.
    func clear(_ range: Range<UInt64>) throws {
      let start =
        UInt64(range.lowerBound / JournalRecoveryTests.segmentBytes)
        * JournalRecoveryTests.segmentBytes
      try edit(UInt32(start / JournalRecoveryTests.segmentBytes) + 1) { data in
        for place in range { data[Int(place - start)] = 0 }
      }
    }

    /// Changes a segment's header, its checksum right.
    func changeHeader(_ number: UInt32, _ change: (inout JournalHeader) -> Void) throws {
      try edit(number) { data in
        var bytes = [UInt8](data.prefix(128))
        bytes.withUnsafeMutableBytes { bytes in
          guard var (header, _) = try? JournalHeader.decode(UnsafeRawBufferPointer(bytes)) else {
            return
          }
          change(&header)
          header.encode(into: bytes)
        }
        data.replaceSubrange(0..<128, with: bytes)
      }
    }
  }

  enum Answer: Sendable {
    /// It starts with all records but so many.
    case goesOn(isTorn: Bool = false, lacksOutcome: Bool = false, less: Int = 0)
    case refuses(@Sendable (Left) -> GatewayStartError)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var found: String
    var answer: Answer
    var damage: @Sendable (Left) throws -> Void
    var testDescription: String { found }

    init(
      _ found: String, _ answer: Answer, _ damage: @escaping @Sendable (Left) throws -> Void
    ) {
      self.found = found
      self.answer = answer
      self.damage = damage
    }
  }

  static let segmentBytes = JournalFormat.segmentBytes.lowerBound

  private static func journal(_ error: JournalError) -> GatewayStartError {
    .journal(.replay(.journal(error)))
  }

  static let ends: [Row] = [
    Row("zeros behind the last record", .goesOn()) { _ in },
    Row(
      "the last record without its first bytes", .goesOn(isTorn: true, lacksOutcome: true, less: 1)
    ) {
      try $0.clear($0.last.bytes.lowerBound..<$0.last.bytes.lowerBound + 8)
    },
    Row(
      "a segment whose file was cut in a record",
      .refuses { left in
        journal(.segmentIsCut(left.begun, offset: left.last.bytes.lowerBound))
      }
    ) { try $0.shorten($0.begun, to: $0.last.bytes.upperBound - 3) },
    Row(
      "a segment whose file was cut behind a record",
      .refuses { left in
        journal(.segmentIsCut(left.begun, offset: left.last.bytes.lowerBound))
      }
    ) { try $0.shorten($0.begun, to: $0.last.bytes.lowerBound) },
    Row(
      "a segment whose file was cut behind its records",
      .refuses { left in
        journal(.segmentIsCut(left.begun, offset: left.last.bytes.upperBound))
      }
    ) { try $0.shorten($0.begun, to: UInt64($0.begun) * segmentBytes - 1) },
    Row(
      "a segment whose file was cut in its header",
      .refuses { left in
        journal(
          .segmentIsCut(left.begun, offset: UInt64(left.begun - 1) * segmentBytes))
      }
    ) { try $0.shorten($0.begun, to: UInt64($0.begun - 1) * segmentBytes + 100) },
    Row("a command without its outcome", .goesOn(lacksOutcome: true, less: 1)) {
      try $0.clear($0.last.bytes)
    },
    Row(
      "a whole last record with a wrong checksum",
      .refuses { left in
        journal(.badChecksum(offset: left.full.bytes.lowerBound))
      }
    ) { left in
      try left.clear(left.full.bytes.upperBound..<left.last.bytes.upperBound)
      try JournalRecords.flip(left.path, at: left.full.bytes.lowerBound + 33)
    },
    Row(
      "an empty last segment",
      .refuses { left in
        journal(.segmentIsCut(left.begun + 1, offset: left.last.bytes.upperBound))
      }
    ) { left in
      try left.edit(left.begun + 1) { $0 = Data() }
    },
    Row("a last segment that was made ready for larger ones", .goesOn()) { left in
      try left.edit(left.begun + 1) { $0 = Data(count: 3 * Int(segmentBytes)) }
    },
    Row("a last segment without a header", .goesOn()) { left in
      try left.edit(left.begun + 1) { #expect($0.allSatisfy { $0 == 0 }) }
    },
    Row("a last segment whose header was not finished", .goesOn()) { left in
      let header = try Data(contentsOf: URL(filePath: left.folder.segmentPath(left.begun)))
      try left.edit(left.begun + 1) { $0.replaceSubrange(8..<128, with: header[8..<128]) }
    },
    Row("a segment that is not filled", .goesOn()) { left in
      unlink(left.folder.segmentPath(left.begun + 1))
      try Data([1, 2, 3]).write(to: URL(filePath: left.folder.unfinishedPath(left.begun + 1)))
    },
    Row("no segment made ready", .goesOn()) { left in
      unlink(left.folder.segmentPath(left.begun + 1))
    },
  ]

  static let middles: [Row] = [
    Row(
      "a released record without its first bytes",
      .refuses { left in
        journal(.badLength(offset: left.released.bytes.lowerBound, length: 0))
      }
    ) { left in
      let start = left.released.bytes.lowerBound
      try left.clear(start..<start + 8)
    },
    Row(
      "a wrong checksum in the middle",
      .refuses { left in
        journal(.badChecksum(offset: left.records[left.records.count / 2].bytes.lowerBound))
      }
    ) {
      try JournalRecords.flip($0.path, at: $0.records[$0.records.count / 2].bytes.lowerBound + 20)
    },
    Row(
      "a missing segment",
      .refuses { _ in
        journal(.storage(.segmentIsMissing(2)))
      }
    ) { unlink($0.folder.segmentPath(2)) },
    Row(
      "a missing first segment",
      .refuses { left in
        journal(.beginsLater(firstSequence: first(in: 2, of: left)))
      }
    ) { unlink($0.folder.segmentPath(1)) },
    Row("a missing last segment", .goesOn(less: -1)) { left in
      unlink(left.folder.segmentPath(left.begun + 1))
      unlink(left.folder.segmentPath(left.begun))
    },
    Row("a segment of another shard", .refuses { _ in journal(.foreignSegment(2)) }) {
      try $0.changeHeader(2) { $0.shard += 1 }
    },
    Row("a segment of another genesis", .refuses { _ in journal(.foreignSegment(2)) }) {
      try $0.changeHeader(2) { $0.genesisHash[0] ^= 1 }
    },
    Row(
      "a segment that goes on behind other records",
      .refuses { left in
        journal(.brokenChain(offset: end(of: 1, in: left), segment: 2))
      }
    ) { try $0.changeHeader(2) { $0.previousCRC ^= 1 } },
    Row(
      "a header that was changed",
      .refuses { _ in
        journal(.headerIsDamaged(offset: segmentBytes))
      }
    ) { try $0.edit(2) { $0[40] ^= 1 } },
    Row("an older format version", .refuses { _ in journal(.wrongVersion(1)) }) {
      try $0.edit(1) { $0[8] = 1 }
    },
    Row("a newer format version", .refuses { _ in journal(.wrongVersion(3)) }) {
      try $0.edit(1) { $0[8] = 3 }
    },
    Row("a journal of one file", .refuses { _ in .journal(.isOneFile) }) { left in
      let file = try Data(contentsOf: URL(filePath: left.folder.segmentPath(1)))
      left.folder.remove()
      try file.write(to: URL(filePath: left.path))
    },
    Row("a genesis that is not whole", .refuses { _ in .journal(.notBegun) }) { left in
      for number in left.numbers.dropFirst() { unlink(left.folder.segmentPath(number)) }
      try left.clear(left.records[40].bytes.lowerBound..<segmentBytes)
    },
    Row("a mark that it was not begun", .refuses { _ in .journal(.notBegun) }) { left in
      try Data().write(to: URL(filePath: left.path + "/unbegun"))
    },
    Row("no segment at all", .refuses { _ in journal(.storage(.noSegments)) }) { left in
      for number in left.numbers { unlink(left.folder.segmentPath(number)) }
    },
    Row("a pipe in a segment's place", .refuses { _ in journal(.storage(.notAFile(2))) }) {
      unlink($0.folder.segmentPath(2))
      #expect(mkfifo($0.folder.segmentPath(2), 0o600) == 0)
    },
    Row("a folder in a segment's place", .refuses { _ in journal(.storage(.notAFile(2))) }) {
      unlink($0.folder.segmentPath(2))
      #expect(mkdir($0.folder.segmentPath(2), 0o700) == 0)
    },
  ]

  /// The first command of a segment.
  private static func first(in number: UInt32, of left: Left) -> UInt64 {
    left.records.first { $0.bytes.lowerBound >= UInt64(number - 1) * segmentBytes }?.sequence ?? 0
  }

  /// Where the records of a segment end.
  private static func end(of number: UInt32, in left: Left) -> UInt64 {
    left.records.last { $0.bytes.lowerBound < UInt64(number) * segmentBytes }?.bytes.upperBound ?? 0
  }

  @Test(arguments: ends + middles)
  func aStartDoesWhatTheTableSays(_ row: Row) throws {
    let house = try House()
    let alice = try house.terminal("alice")
    try alice.beginThreeSegments()
    alice.socket.close()
    house.stop()
    let records = try JournalRecords(house.journalPath).records
    let folder = JournalFolder(path: house.journalPath)
    var left = Left(path: house.journalPath, records: records, numbers: try folder.numbers())
    if left.numbers.last == left.begun {
      // It stopped before the next segment was ready.
      try Data(count: Int(Self.segmentBytes)).write(
        to: URL(filePath: folder.segmentPath(left.begun + 1)))
      left = Left(path: left.path, records: records, numbers: try folder.numbers())
    }
    try #require(left.begun >= 3 && left.numbers.last == left.begun + 1)
    try row.damage(left)
    var settings = house.settings
    settings.journal = JournalPlan(path: left.path, .existing)
    settings.journal.segmentBytes = Self.segmentBytes
    switch row.answer {
    case .refuses(let error):
      #expect(throws: error(left)) { _ = try StartedGateway.begin(settings) }
    case .goesOn(let isTorn, let lacksOutcome, let less):
      let kept =
        less < 0
        ? records.filter { $0.bytes.lowerBound < UInt64(left.begun - 1) * Self.segmentBytes }
        : Array(records.dropLast(less))
      do {
        let started = try StartedGateway.begin(settings)
        let left = started.left
        let found = try #require(left)
        #expect(found.isTorn == isTorn && found.lacksOutcome == lacksOutcome)
        #expect(found.sequence == kept[kept.count - 1].sequence)
      }
      // It went on right there, and can go on again.
      let again = try JournalRecords(left.path).records
      #expect(Array(again.prefix(kept.count)) == kept)
      #expect(again.count % 2 == 0)
      let started = try StartedGateway.begin(settings)
      let last = started.left
      let found = try #require(last)
      #expect(!found.isTorn && !found.lacksOutcome)
    }
  }
}
