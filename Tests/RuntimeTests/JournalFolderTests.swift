import Foundation
import Glibc
import Journal
import Testing

@testable import Runtime

/// A journal on a disk: written through mapped segments, read as a folder of files.
@Suite struct JournalFolderTests {
  static let segmentBytes = JournalFormat.segmentBytes.lowerBound

  let header = JournalHeader(
    shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 0, createdTime: 0,
    genesisHash: InlineArray(repeating: 0), segment: .first(JournalFolderTests.segmentBytes))

  /// A journal that the body writes, in a folder that is gone when it ends.
  static func inFolder(_ body: (JournalFolder) throws -> Void) throws {
    let place = FileManager.default.temporaryDirectory
      .appending(path: "sluice-journal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    try body(JournalFolder(path: place.appending(path: "a.journal").path))
  }

  private func error(_ body: () throws(JournalStorageError) -> Void) -> JournalStorageError? {
    do throws(JournalStorageError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func read(_ folder: JournalFolder) throws -> (sequences: [UInt64], end: JournalEnd) {
    var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
    var sequences: [UInt64] = []
    while let record = try reader.next() { sequences.append(record.sequence) }
    return (sequences, reader.end)
  }

  /// A journal with commands of 50 KB, some of them stored.
  struct Written: ~Copyable {
    var journal: LiveJournal
    var encoder: JournalEncoder

    init(_ folder: JournalFolder, _ header: JournalHeader) throws {
      journal = try LiveJournal.make(folder, header)
      encoder = JournalEncoder(after: journal.start, capacity: 1 << 20)
    }

    init(_ journal: consuming LiveJournal, after end: JournalEnd) {
      self.journal = journal
      encoder = JournalEncoder(after: end, capacity: 1 << 20)
    }

    mutating func write(_ count: Int, bytes: Int = 50_000) throws {
      for _ in 0..<count {
        if encoder.segmentRoom < 2 * JournalFormat.recordByteMaximum {
          encoder.beginSegment(try journal.awaitAndAdvance())
          try store()
        }
        guard let room = encoder.reserve(bytes) else { throw JournalError.sealed }
        room.initializeMemory(as: UInt8.self, repeating: 7)
        encoder.commit(bytes, type: .command, sequence: encoder.end.sequence + 1, time: 0)
        try store()
      }
    }

    mutating func store() throws(JournalStorageError) {
      try journal.store(encoder)
      encoder.pendingWasStored()
      encoder.released(upTo: encoder.storedSequence)
    }
  }

  @Test func whatIsWrittenIsReadOverSegments() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(60)
        // While it is written, and by another reader than the one that began before.
        let (sequences, end) = try read(folder)
        #expect(sequences == Array(1...60))
        let expected = written.encoder.end
        #expect(end == expected)
      }
      let numbers = try folder.numbers()
      #expect(numbers.count >= 6 && numbers.first == 1)
      for number in numbers {
        let facts = try FileManager.default.attributesOfItem(atPath: folder.segmentPath(number))
        #expect(facts[.posixPermissions] as? Int == 0o600)
        #expect(facts[.size] as? UInt64 == Self.segmentBytes)
      }
      #expect(
        try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
          == 0o700)
      #expect(try read(folder).sequences == Array(1...60))
    }
  }

  @Test func itGoesOnBehindItsEndAndBehindATornOne() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(12)
      }
      let (_, end) = try read(folder)
      for isTorn in [false, true] {
        if isTorn {
          // What a process that was killed in the middle of a record leaves.
          let file = try #require(fopen(folder.segmentPath(end.header.segment.number), "r+"))
          fseek(file, Int(try read(folder).end.offset - end.header.segment.position) + 8, SEEK_SET)
          fputs("the rest of a record without its first bytes", file)
          fclose(file)
          #expect(throws: JournalError.tornTail(offset: try read2(folder).offset)) {
            _ = try read(folder)
          }
        }
        let behind = try read2(folder)
        var written = Written(
          try LiveJournal.goOn(
            folder, try JournalLock(folder), at: behind, cutsOff: isTorn, .process,
            segmentBytes: Self.segmentBytes), after: behind)
        try written.write(1, bytes: 100)
      }
      #expect(try read(folder).sequences == Array(1...14))
    }
  }

  /// The end of the good records, torn or not.
  private func read2(_ folder: JournalFolder) throws -> JournalEnd {
    var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
    do {
      while try reader.next() != nil {}
    } catch JournalError.tornTail {}
    return reader.end
  }

  /// Also while the next segment is being made.
  @Test func whatIsRemovedIsGone() throws {
    try Self.inFolder { folder in
      for _ in 0..<20 {
        var journal = try LiveJournal.make(folder, header)
        journal.remove()
        #expect(access(folder.path, F_OK) != 0)
        _ = journal.isSynced
      }
    }
  }

  /// Segments may be smaller or larger from one run to the next; one was made ready already.
  @Test(arguments: [(UInt64(3), UInt64(1)), (1, 3)])
  func aReaderFollowsBehindASegmentThatWasMadeForOthers(_ made: UInt64, _ taken: UInt64) throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(3)
      }
      try Data(count: Int(made * Self.segmentBytes)).write(
        to: URL(filePath: folder.segmentPath(2)))
      let end = try read(folder).end
      var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
      var written = Written(
        try LiveJournal.goOn(
          folder, try JournalLock(folder), at: end, cutsOff: false, .process,
          segmentBytes: taken * Self.segmentBytes), after: end)
      var count = 0
      for _ in 0..<150 {
        try written.write(1)
        while try reader.next() != nil { count += 1 }
      }
      #expect(count == 153)
      #expect(try read(folder).sequences.count == 153)
      let facts = try FileManager.default.attributesOfItem(atPath: folder.segmentPath(2))
      #expect(facts[.size] as? UInt64 == taken * Self.segmentBytes)
    }
  }

  /// Of a file that was cut nobody knows what stood behind; a repair leaves what can be gone on
  /// with.
  @Test(arguments: [0, 1, 100_000, 100_192, 200_000])
  func aSegmentWhoseEndIsGoneIsNoEnd(_ left: Int) throws {
    try Self.inFolder { folder in
      let end: JournalEnd
      do {
        var written = try Written(folder, header)
        try written.write(16)
        end = written.encoder.end
      }
      // It has some records of 50 032 bytes.
      #expect(end.header.segment.number == 2)
      unlink(folder.segmentPath(3))
      truncate(folder.segmentPath(2), left)
      let whole = left < 128 ? 0 : (left - 128) / 50_032
      let start = Self.segmentBytes
      let position =
        whole > 0
        ? start + 128 + UInt64(whole * 50_032) : left == 0 ? try firstEnd(folder) : start
      #expect(throws: JournalError.segmentIsCut(2, offset: position)) { try read(folder) }
      try JournalRepair(folder, at: position).carryOut()
      let (sequences, _) = try read(folder)
      #expect(sequences.count >= 1 && sequences == Array(1...UInt64(sequences.count)))
      for number in try folder.numbers() {
        let facts = try FileManager.default.attributesOfItem(atPath: folder.segmentPath(number))
        #expect(facts[.size] as? UInt64 == Self.segmentBytes)
      }
    }
  }

  /// Where the records of the first segment end.
  private func firstEnd(_ folder: JournalFolder) throws -> UInt64 {
    var reader = try JournalReader(
      reading: FolderJournalStorage(path: folder.segmentPath(1)))
    while try reader.next() != nil {}
    return reader.end.offset
  }

  @Test func aReaderFollowsIntoNewSegments() throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      var reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
      for sequence in UInt64(1)...40 {
        let early = try reader.next() == nil
        #expect(early)
        try written.write(1)
        let read = try reader.next()?.sequence
        #expect(read == sequence)
      }
    }
  }

  @Test func oneProcessWritesAndAMissingFolderIsSaid() throws {
    try Self.inFolder { folder in
      #expect(error { () throws(JournalStorageError) in _ = try JournalLock(folder) } == .missing)
      let written = try Written(folder, header)
      #expect(error { () throws(JournalStorageError) in _ = try JournalLock(folder) } == .inUse)
      #expect(
        error { () throws(JournalStorageError) in
          _ = try LiveJournal.make(folder, header)
        } == .exists)
      _ = consume written
      #expect(error { () throws(JournalStorageError) in _ = try JournalLock(folder) } == nil)
      #expect(throws: JournalError.storage(.missing)) {
        _ = try JournalReader(reading: FolderJournalStorage(path: folder.path + "/none"))
      }
    }
  }

  /// A program that is started meanwhile has copies of all files until it runs.
  @Test func aLockThatWasLetGoIsNotKeptByACopyOfItsFile() throws {
    try Self.inFolder { folder in
      let written = try Written(folder, header)
      let copies = (3..<1_024 as Range<Int32>).filter { file in
        var (one, other) = (stat(), stat())
        return fstat(file, &one) == 0 && stat(folder.path, &other) == 0
          && one.st_ino == other.st_ino && one.st_dev == other.st_dev
      }.map { dup($0) }
      defer { for copy in copies { close(copy) } }
      #expect(!copies.isEmpty)
      _ = consume written
      #expect(error { () throws(JournalStorageError) in _ = try JournalLock(folder) } == nil)
    }
  }

  @Test func aMissingSegmentIsSaidByItsNumber() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(40)
      }
      unlink(folder.segmentPath(2))
      #expect(throws: JournalError.storage(.segmentIsMissing(2))) { try read(folder) }
      // Those in front of the first that is left may have been removed on purpose.
      unlink(folder.segmentPath(1))
      #expect(try read(folder).sequences.first ?? 0 > 1)
    }
  }

  @Test func theFirstSegmentsAreMissedByWhoNeedsThem() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(40)
      }
      unlink(folder.segmentPath(1))
      let reader = try JournalReader(reading: FolderJournalStorage(path: folder.path))
      let first = reader.header.firstSequence
      #expect(first > 1 && reader.header.segment.number == 2)
      #expect(throws: JournalError.beginsLater(firstSequence: first)) {
        _ = try JournalReader(reading: FolderJournalStorage(path: folder.path), behind: 0)
      }
    }
  }

  /// Whoever looks at a folder of somebody else's files is told, and not thrown out.
  @Test func filesThatAreCalledLikeSegmentsAndAreNoneAreLeftOut() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(3)
      }
      for name in ["1", "+0000001", "4294967296", "000000001", "0000001x", ""] {
        let path = "\(folder.path)/\(name).sluicejournal"
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
      }
      let numbers = try folder.numbers()
      #expect(numbers.first == 1 && numbers.count <= 2)
      #expect(try read(folder).sequences == [1, 2, 3])
      // The last number there is: nothing is looked for behind it.
      for number in numbers { rename(folder.segmentPath(number), folder.segmentPath(.max)) }
      #expect(try folder.numbers() == [.max])
      _ = try? read(folder)
    }
  }

  /// A process that dies in between leaves no journal that the next start would go on with.
  @Test func aJournalIsMarkedUntilItsBeginningIsStored() throws {
    try Self.inFolder { folder in
      #expect(!folder.isUnbegun)
      // What a process left that died before its folder had a name.
      mkdir(folder.path + ".new", 0o700)
      var written = try Written(folder, header)
      #expect(folder.isUnbegun)
      #expect(access(folder.path + ".new", F_OK) != 0)
      try written.write(3)
      #expect(folder.isUnbegun)
      try written.journal.begun(written.encoder.end)
      #expect(!folder.isUnbegun)
      #expect(try read(folder).sequences == [1, 2, 3])
    }
  }

  /// A segment that was cut in the middle of the journal does not move what follows.
  @Test func aSegmentThatIsCutIsFoundWhereItIsCut() throws {
    try Self.inFolder { folder in
      do {
        var written = try Written(folder, header)
        try written.write(40)
      }
      truncate(folder.segmentPath(2), 100_000)
      let cut = Self.segmentBytes + 128 + UInt64(50_032)
      #expect(throws: JournalError.recordIsCut(offset: cut)) { try read(folder) }
    }
  }

  /// Linux: every write to /dev/full fails with `ENOSPC`.
  @Test func aFullDiskIsSaidAndLeavesTheJournalWritable() throws {
    try Self.inFolder { folder in
      var written = try Written(folder, header)
      // The second is made by now, or fails to be; the third fails.
      try written.write(6)
      symlink("/dev/full", folder.unfinishedPath(3))
      try written.write(4)
      var full: JournalStorageError?
      do {
        try written.write(20)
      } catch let error as JournalStorageError {
        full = error
      }
      #expect(full == .full)
      let trouble = written.journal.lastSegmentTrouble()
      #expect(trouble == .full)
      let stored = written.encoder.end.sequence
      #expect(try read(folder).sequences == Array(1...stored))
      unlink(folder.unfinishedPath(3))
      // The keeper tries again by itself.
      var tries = 0
      while written.journal.lastSegmentTrouble() != nil, tries < 100_000_000 {
        tries += 1
        sched_yield()
      }
      try written.write(20)
      #expect(try read(folder).sequences.count == Int(stored) + 20)
    }
  }
}
