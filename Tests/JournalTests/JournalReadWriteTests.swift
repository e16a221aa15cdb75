import Testing

@testable import Journal

@Suite struct JournalReadWriteTests {
  @Test func whatIsWrittenIsRead() throws {
    let file = MemoryJournalFile()
    try write(smallPayloads, to: file)
    let walk = Walk(file)
    #expect(walk.error == nil)
    #expect(walk.records.map(\.payload) == smallPayloads)
    #expect(walk.records.map(\.sequence) == [41, 41, 42, 42, 43, 43, 44, 44])
    #expect(walk.records.map(\.time) == Array(1000...1007))
    #expect(walk.records.map(\.type) == (0..<8).map(type(of:)))
    #expect(walk.records.allSatisfy { $0.offset % 8 == 0 })
    #expect(file.bytes.count % 8 == 0)
    #expect(file.syncedCount == file.bytes.count)
  }

  @Test func theHeaderIsReadAsItWasWritten() throws {
    let file = MemoryJournalFile()
    try write([], to: file)
    let reader = try JournalReader(reading: MemoryJournalStorage(file))
    let header = reader.header
    #expect(header == testHeader)
    let end = reader.end
    #expect(end.offset == 128 && end.sequence == 40 && end.time == .min)
  }

  /// The example of docs/JOURNAL.md: version 2 is these bytes, for ever.
  @Test func versionTwoIsTheseBytes() throws {
    let file = MemoryJournalFile()
    try write([Array("buy 5".utf8)], to: file)
    let expected: [UInt8] = [
      0x89, 0x53, 0x4C, 0x4A, 0x0D, 0x0A, 0x1A, 0x0A, 0x02, 0x00, 0x80, 0x00, 0x03, 0x00, 0x00,
      0x00,
      0x29, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00,
      0x00,
      0x00, 0xA0, 0xE8, 0xE7, 0xB5, 0xE2, 0x79, 0x18, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
      0x07,
      0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
      0x17,
      0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
      0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,
      0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xBA, 0xEF, 0xBB,
      0x0A,
      0x20, 0xD4, 0x7A, 0xC5, 0x25, 0x00, 0x00, 0x00, 0x29, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00,
      0xE8, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
      0x00,
      0x62, 0x75, 0x79, 0x20, 0x35, 0x00, 0x00, 0x00,
    ]
    #expect(file.bytes == expected)
  }

  @Test func payloadsOfEveryLengthAndFarMoreThanABufferPass() throws {
    var dice = Dice(state: 5)
    var payloads: [[UInt8]] = []
    for number in 0..<400 {
      let count = number % 50 == 0 ? JournalFormat.payloadMaximum : dice.roll(3000)
      payloads.append((0..<count).map { UInt8(truncatingIfNeeded: $0 &+ number) })
    }
    let file = MemoryJournalFile()
    try write(payloads, to: file)
    let walk = Walk(file)
    #expect(walk.error == nil)
    #expect(walk.records.map(\.payload) == payloads)
  }

  @Test func aWriterGoesOnBehindATornTail() throws {
    let file = MemoryJournalFile()
    try write(smallPayloads, to: file)
    file.bytes.removeLast(5)
    var reader = try JournalReader(reading: MemoryJournalStorage(file))
    var torn: JournalError?
    do throws(JournalError) {
      while try reader.next() != nil {}
    } catch {
      torn = error
    }
    let end = reader.end
    #expect(torn == .tornTail(offset: end.offset))

    var writer = try JournalWriter(continuingAt: end, in: MemoryJournalStorage(file))
    try writer.append(smallPayloads[7], type: .outcome, sequence: 44, time: 1007)
    try writer.close()
    let walk = Walk(file)
    #expect(walk.error == nil)
    #expect(walk.records.map(\.payload) == smallPayloads)
  }

  @Test func aJournalCanBeFollowedWhileItIsWritten() throws {
    let file = MemoryJournalFile()
    var writer = try JournalWriter(creating: testHeader, in: MemoryJournalStorage(file))
    var reader = try JournalReader(reading: MemoryJournalStorage(file))
    for sequence in UInt64(41)..<60 {
      let payload = [UInt8](repeating: UInt8(sequence), count: Int(sequence))
      let early = try reader.next() == nil
      #expect(early)
      try writer.append(payload, type: .command, sequence: sequence, time: 0)
      let unflushed = try reader.next() == nil
      #expect(unflushed)
      try writer.flush()
      let record = try #require(try reader.next())
      #expect(Array(record.payload) == payload)
    }
  }

  @Test func aFullDiskLosesNothingAndIsRetried() throws {
    let file = MemoryJournalFile(capacity: 200)
    var writer = try JournalWriter(creating: testHeader, in: MemoryJournalStorage(file))
    let payload = [UInt8](repeating: 1, count: 64)
    var refused: JournalError?
    do throws(JournalError) {
      try writer.append(payload, type: .command, sequence: 41, time: 1)
      try writer.flush()
    } catch {
      refused = error
    }
    #expect(refused == .storage(.full))
    let stored = writer.storedSequence
    #expect(stored == 40)
    #expect(Walk(file) == Walk(Array(file.bytes)))
    #expect(Walk(file).error == .tornTail(offset: 128))

    file.capacity = .max
    try writer.flush()
    let storedThen = writer.storedSequence
    #expect(storedThen == 41)
    #expect(Walk(file).records.map(\.payload) == [payload])
    #expect(Walk(file).error == nil)
  }

  @Test func afterAFailedSyncNothingIsWritten() throws {
    let file = MemoryJournalFile()
    var writer = try JournalWriter(creating: testHeader, in: MemoryJournalStorage(file))
    file.nextSyncFailure = .io(errno: 5)
    var errors: [JournalError] = []
    for _ in 0..<2 {
      do throws(JournalError) { try writer.sync() } catch { errors.append(error) }
    }
    do throws(JournalError) { _ = try writer.reserve(1) } catch { errors.append(error) }
    #expect(errors == [.storage(.io(errno: 5)), .sealed, .sealed])
  }

  @Test func aJournalIsCreatedOnceAndReadOnlyWhenThere() throws {
    let file = MemoryJournalFile()
    #expect(Walk(file).error == .storage(.missing))
    try write([], to: file)
    #expect(throws: JournalError.storage(.exists)) { try write([], to: file) }
  }
}
