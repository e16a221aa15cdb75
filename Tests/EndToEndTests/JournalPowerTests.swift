import Foundation
import Glibc
import Journal
import Testing

@testable import Runtime

/// Durability `power`: what is released is on the disk, and a failed sync loses nothing.
@Suite struct JournalPowerTests {
  static let segmentBytes = JournalSyncer.segmentBytesMinimum

  let header = JournalHeader(
    shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 0, createdTime: 0,
    genesisHash: InlineArray(repeating: 0), segment: .first(JournalPowerTests.segmentBytes))

  /// Commands with outcomes, each pair stored as a turn stores it.
  struct Written: ~Copyable {
    var journal: LiveJournal
    var encoder: JournalEncoder

    init(_ folder: JournalFolder, _ header: JournalHeader) throws {
      journal = try LiveJournal.make(folder, header, .power)
      encoder = JournalEncoder(after: journal.start, capacity: 1 << 20)
    }

    mutating func frame(_ bytes: Int) throws {
      let sequence = encoder.end.sequence + 1
      for type in [JournalRecordType.command, .outcome] {
        guard let room = encoder.reserve(bytes) else { throw JournalError.sealed }
        room.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: sequence))
        encoder.commit(bytes, type: type, sequence: sequence, time: Int64(sequence))
      }
    }

    /// As a turn of the loop does, again and again while it has to wait.
    mutating func store() throws {
      while true {
        do throws(JournalStorageError) {
          try journal.mend(&encoder)
          try journal.store(encoder)
          encoder.pendingWasStored()
          if encoder.segmentRoom < 2 * JournalFormat.recordByteMaximum {
            encoder.beginSegment(try journal.awaitAndAdvance())
            try journal.store(encoder)
            encoder.pendingWasStored()
          }
          return
        } catch .notReady {
          sched_yield()
        } catch {
          throw error
        }
      }
    }

    /// Until the disk has all of it, whatever fails meanwhile.
    mutating func settle() throws {
      while journal.released(stored: 0) < encoder.end.sequence {
        try store()
        sched_yield()
      }
    }
  }

  private static func inFolder(_ body: (JournalFolder) throws -> Void) throws {
    let scratch = try ScratchFolder()
    try body(JournalFolder(path: scratch.path + "/a.journal"))
  }

  private func read(_ folder: JournalFolder) throws -> [UInt64] {
    var reader = try JournalReader(
      reading: FolderJournalStorage(path: folder.path), behind: 0)
    var sequences: [UInt64] = []
    while let record = try reader.next() {
      #expect(record.payload.allSatisfy { $0 == UInt8(truncatingIfNeeded: record.sequence) })
      sequences.append(record.sequence)
    }
    return sequences
  }

  private static func pairs(_ count: UInt64) -> [UInt64] { (1...count).flatMap { [$0, $0] } }

  @Test func whatIsReleasedIsOnTheDiskAndInTheJournal() throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      for sequence in UInt64(1)...300 {
        try written.frame(200)
        try written.store()
        if sequence % 50 == 0 {
          try written.journal.awaitReleased(sequence)
          #expect(try read(folder).last ?? 0 >= sequence)
        }
        let released = written.journal.released(stored: sequence)
        #expect(released <= sequence)
      }
      try written.settle()
      let durable = written.journal.readable(stored: written.encoder.end)
      let end = written.encoder.end
      #expect(durable == end)
      #expect(try read(folder) == Self.pairs(300))
    }
  }

  @Test func lettingGoOfItSyncsAllThatWasStored() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        for _ in 0..<100 {
          try written.frame(5_000)
          try written.store()
        }
      }
      #expect(try read(folder) == Self.pairs(100))
    }
  }

  @Test func itGoesOnOverSegments() throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      for _ in 0..<200 {
        try written.frame(200_000)
        try written.store()
      }
      try written.settle()
      #expect(try folder.numbers().count >= 3)
      #expect(try read(folder) == Self.pairs(200))
    }
  }

  /// Every sync of the first segment fails from some place on; also while more is pending, and when
  /// the loop has gone over to the next segment already.
  @Test(arguments: [0, 1, 5], [200, 200_000])
  func aFailedSyncLosesNothing(_ before: Int, _ bytes: Int) throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      for _ in 0..<before {
        try written.frame(bytes)
        try written.store()
      }
      try written.settle()
      let sealed = written.encoder.end.offset
      try SyncFault(folder.segmentPath(1)).strike()
      for _ in 0..<100 {
        try written.frame(bytes)
        try written.store()
      }
      // One is framed and not stored when the loop hears of it.
      try written.frame(bytes)
      try written.settle()
      let count = UInt64(before + 101)
      #expect(try read(folder) == Self.pairs(count))
      let data = try Data(contentsOf: URL(filePath: folder.segmentPath(2))).prefix(128)
      let header = try [UInt8](data).withUnsafeBytes { try JournalHeader.decode($0).header }
      #expect(header.firstSequence == UInt64(before + 1))
      var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
      for _ in 0..<2 * before { _ = try reader.next() }
      let end = reader.end.offset
      #expect(end == sealed, "the sealed segment ends where the disk was sure")
    }
  }

  @Test func withoutAnotherSegmentItSaysWhyAndGoesOnWhenThereIsOne() throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      symlink("/dev/full", folder.unfinishedPath(3))
      for number in UInt32(1)...2 {
        try written.frame(200)
        try written.store()
        try written.settle()
        try SyncFault(folder.segmentPath(number)).strike()
      }
      // The first of them goes to the last segment there is, the second to none.
      try written.frame(200)
      var refused: JournalStorageError?
      let deadline = Date.now.addingTimeInterval(20)
      while refused == nil, Date.now < deadline {
        do {
          try written.store()
        } catch let error as JournalStorageError {
          refused = error
        }
      }
      #expect(refused == .full)
      let released = written.journal.released(stored: 3)
      #expect(released == 2, "nothing that the disk may lack is released")
      unlink(folder.unfinishedPath(3))
      while written.journal.released(stored: 0) < 3, Date.now < deadline {
        do { try written.store() } catch is JournalStorageError {}
        sched_yield()
      }
      #expect(try read(folder) == Self.pairs(3))
    }
  }
}
