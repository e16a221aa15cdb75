import CSluice
import Testing

@testable import Journal

/// A journal of several segments is one journal, and none of them can be left out or exchanged.
@Suite struct JournalSegmentTests {
  static let header = {
    var header = testHeader
    header.segment = .first(smallSegments)
    return header
  }()

  /// Commands and outcomes of about 40 KB each: some ten to a segment.
  static let payloads: [[UInt8]] = (0..<60).map { number in
    (0..<40_000 + number * 7).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
  }

  let file = MemoryJournalFile()
  let whole: Walk
  /// Where segments start.
  let starts: [Int]

  init() throws {
    var writer = try JournalWriter(creating: Self.header, in: MemoryJournalStorage(file))
    for (number, payload) in Self.payloads.enumerated() {
      try writer.append(
        payload, type: type(of: number), sequence: 41 + UInt64(number / 2),
        time: 1000 + Int64(number))
      if number % 2 == 1 { try writer.flush() }
    }
    try writer.close()
    whole = Walk(file)
    starts = Array(stride(from: 0, to: file.bytes.count, by: Int(smallSegments)))
  }

  private func header(_ place: Int) throws -> JournalHeader {
    try file.bytes.withUnsafeBytes {
      try JournalHeader.decode(UnsafeRawBufferPointer(rebasing: $0[starts[place]...])).header
    }
  }

  @Test func allRecordsAreReadInTheirOrder() throws {
    #expect(starts.count > 3)
    #expect(whole.error == nil)
    #expect(whole.records.map(\.payload) == Self.payloads)
    #expect(whole.records.map(\.time) == (0..<60).map { 1000 + Int64($0) })
  }

  @Test func noRecordCrossesASegmentAndNoCommandIsPartedFromItsOutcome() {
    for (place, record) in whole.records.enumerated() {
      let end = Int(record.offset) + 32 + record.payload.count
      #expect(Int(record.offset) / Int(smallSegments) == (end - 1) / Int(smallSegments))
      guard place % 2 == 1 else { continue }
      let command = whole.records[place - 1]
      #expect(command.offset / smallSegments == record.offset / smallSegments)
    }
  }

  /// What a gateway writes between two reads is no damage: behind what was read, or so much that
  /// the next segment is begun.
  @Test func aJournalThatIsWrittenToIsReadToItsEnd() throws {
    for isLate in [false, true] {
      for record in [1, 3, 8, 21] {
        let place = whole.records[record].offset
        var reader = try JournalReader(
          reading: GrowingStorage(file: file, place: place, isLate: isLate))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == whole.records.count, "\(record) \(isLate)")
      }
    }
  }

  @Test func eachHeaderSaysWhereItsSegmentStands() throws {
    for place in starts.indices {
      let header = try header(place)
      #expect(header.segment.number == UInt32(place + 1))
      #expect(header.segment.position == UInt64(starts[place]))
      #expect(header.segment.byteCount == smallSegments)
      let first = try #require(whole.records.first { Int($0.offset) > starts[place] })
      #expect(header.firstSequence == first.sequence)
      #expect(header.shard == 3 && header.engineVersion == 7 && header.configRevision == 2)
    }
  }

  @Test(arguments: [UInt64(40), 41, 46, 47, 55, 69, 70])
  func aReaderBeginsBehindASequence(_ sequence: UInt64) throws {
    var reader = try JournalReader(reading: MemoryJournalStorage(file), behind: sequence)
    try reader.skip(behind: sequence)
    let end = reader.end.sequence
    #expect(end == sequence)
    let segment = reader.header.firstSequence
    #expect(segment <= sequence + 1)
    let record = try reader.next()
    #expect(record?.sequence == (sequence == 70 ? nil : sequence + 1))
    #expect(record.map { $0.type == .command } ?? true)
  }

  @Test func whatTheJournalDoesNotReachIsSaid() throws {
    #expect(throws: JournalError.beginsLater(firstSequence: 41)) {
      _ = try JournalReader(reading: MemoryJournalStorage(file), behind: 39)
    }
    var reader = try JournalReader(reading: MemoryJournalStorage(file), behind: 90)
    try reader.skip(behind: 90)
    let end = reader.end.sequence
    #expect(end == 70)
  }

  @Test func aSegmentThatIsMadeReadyAndNotBegunIsTheEnd() {
    let zeros = Int(smallSegments) - file.bytes.count % Int(smallSegments) + Int(smallSegments)
    let walk = Walk(file.bytes + [UInt8](repeating: 0, count: zeros))
    #expect(walk == whole)
  }

  /// The first eight bytes are written last: without them the header was not finished.
  @Test func aHeaderThatWasNotFinishedIsNone() {
    let last = starts[starts.count - 1]
    var bytes = Array(file.bytes[..<(last + 128)])
    for place in last..<last + 8 { bytes[place] = 0 }
    let walk = Walk(bytes)
    #expect(walk.error == nil)
    #expect(walk.records == whole.records.filter { Int($0.offset) < last })
  }

  @Test func aSegmentOfAnotherShardGenesisOrPlaceIsFound() throws {
    for change in 0..<4 {
      var header = try header(1)
      switch change {
      case 0: header.shard = 4
      case 1: header.genesisHash[31] ^= 1
      case 2: header.segment.number = 3
      default: header.segment.position += smallSegments
      }
      let error = Walk(replacing(header, at: 1)).error
      #expect(error == .foreignSegment(2), "\(change)")
    }
  }

  @Test func aSegmentThatGoesOnBehindOtherRecordsIsFound() throws {
    var later = try header(1)
    later.firstSequence += 1
    var other = try header(1)
    other.previousCRC ^= 1
    for header in [later, other] {
      guard case .brokenChain(let offset, 2)? = Walk(replacing(header, at: 1)).error else {
        Issue.record("a chain that is broken: \(Walk(replacing(header, at: 1)).error as Any)")
        return
      }
      #expect(Int(offset) < starts[1])
    }
  }

  private func replacing(_ header: JournalHeader, at place: Int) -> [UInt8] {
    var bytes = file.bytes
    bytes.withUnsafeMutableBytes {
      _ = header.encode(into: UnsafeMutableRawBufferPointer(rebasing: $0[starts[place]...]))
    }
    return bytes
  }

  /// With more of the journal behind it, a record that is cut or unreadable was whole once.
  @Test func inFrontOfAnotherSegmentNothingIsTorn() throws {
    let last = try #require(whole.records.last { Int($0.offset) < starts[1] })
    let place = Int(last.offset)
    var zeroed = file.bytes
    for byte in place..<starts[1] { zeroed[byte] = 0 }
    #expect(Walk(zeroed).error == .brokenChain(offset: last.offset, segment: 2))
    var half = file.bytes
    for byte in place + 600..<starts[1] { half[byte] = 0 }
    #expect(Walk(half).error == .badChecksum(offset: last.offset))
    var headless = file.bytes
    for byte in place..<place + 8 { headless[byte] = 0 }
    #expect(Walk(headless).error == .badLength(offset: last.offset, length: 0))
  }

  /// A sync failed: what was written behind the last one that did not is written again in a new
  /// segment, and stands here twice.
  @Test func recordsThatWereWrittenAgainInTheNextSegmentAreReadOnce() throws {
    let file = MemoryJournalFile()
    var writer = try JournalWriter(creating: Self.header, in: MemoryJournalStorage(file))
    var durable = writer.end
    for (sequence, word) in [(UInt64(41), "durable"), (42, "unsynced")] {
      durable = writer.end
      try writer.append(Array(word.utf8), type: .command, sequence: sequence, time: 5)
      try writer.append(Array(word.utf8), type: .outcome, sequence: sequence, time: 5)
      try writer.flush()
    }
    var again = JournalEncoder(after: durable, capacity: 1 << 20)
    again.beginSegment(smallSegments)
    for (sequence, word) in [(UInt64(42), "unsynced"), (43, "new")] {
      for type in [JournalRecordType.command, .outcome] {
        let room = again.reserve(word.utf8.count)
        try #require(room).copyBytes(from: Array(word.utf8))
        again.commit(word.utf8.count, type: type, sequence: sequence, time: 5)
      }
    }
    file.bytes += [UInt8](repeating: 0, count: Int(smallSegments) - file.bytes.count)
    file.bytes += again.pending
    let walk = Walk(file)
    #expect(walk.error == nil)
    #expect(walk.records.map(\.sequence) == [41, 41, 42, 42, 43, 43])
  }
}

/// A journal that somebody writes to: up to `place` at first, and all of it when it is read there;
/// late = just behind that read.
private struct GrowingStorage: JournalStorage, ~Copyable {
  let file: MemoryJournalFile
  let place: UInt64
  let isLate: Bool
  private var isWhole = false

  init(file: MemoryJournalFile, place: UInt64, isLate: Bool) {
    self.file = file
    self.place = place
    self.isLate = isLate
  }

  mutating func open(_ opening: JournalOpening) -> UInt64 { UInt64(file.bytes.count) }
  mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) { throw .notPermitted }
  mutating func sync() throws(JournalStorageError) { throw .notPermitted }
  mutating func close() {}

  mutating func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if offset == place, !isLate { isWhole = true }
    defer { if offset == place { isWhole = true } }
    let start = min(Int(offset), file.bytes.count)
    let part = file.bytes[start...].prefix(buffer.count)
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    if !isWhole {
      for index in 0..<part.count where offset + UInt64(index) >= place { buffer[index] = 0 }
    }
    return part.count
  }
}
