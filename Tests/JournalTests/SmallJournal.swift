import Journal

/// A journal's record with a payload that stays.
struct KeptRecord: Equatable {
  var type: JournalRecordType
  var sequence: UInt64
  var time: Int64
  var payload: [UInt8]
  var offset: UInt64
}

let testHeader = JournalHeader(
  shard: 3, firstSequence: 41, engineVersion: 7, configRevision: 2,
  createdTime: 1_763_690_000_000_000_000, genesisHash: InlineArray<32, UInt8> { UInt8($0) })

/// The smallest segments.
let smallSegments = JournalFormat.segmentBytes.lowerBound

/// Payload lengths around the padding's edges; a command and its outcome share a sequence.
let smallPayloads: [[UInt8]] = [0, 1, 7, 8, 9, 16, 31, 3].enumerated().map { number, count in
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ number &+ 1) }
}

func type(of number: Int) -> JournalRecordType { number % 2 == 0 ? .command : .outcome }

/// Writes `payloads` as commands and outcomes, flushing after each pair.
func write(_ payloads: [[UInt8]], to file: MemoryJournalFile) throws(JournalError) {
  var writer = try JournalWriter(
    creating: testHeader, in: MemoryJournalStorage(file),
    bufferByteCount: JournalEncoder.capacityMinimum)
  for (number, payload) in payloads.enumerated() {
    try writer.append(
      payload, type: type(of: number), sequence: 41 + UInt64(number / 2),
      time: 1000 + Int64(number))
    if number % 2 == 1 { try writer.flush() }
  }
  try writer.close()
}

extension JournalWriter where Storage: ~Copyable {
  mutating func append(
    _ payload: [UInt8], type: JournalRecordType, sequence: UInt64, time: Int64
  ) throws(JournalError) {
    try reserve(payload.count).copyBytes(from: payload)
    commit(payload.count, type: type, sequence: sequence, time: time)
  }
}

/// What a walk over a journal found, and how it ended; nil is a clean end.
struct Walk: Equatable {
  var records: [KeptRecord] = []
  var error: JournalError?

  init(_ bytes: [UInt8]) { self.init(MemoryJournalFile(bytes)) }

  init(_ file: MemoryJournalFile) {
    do throws(JournalError) {
      var reader = try JournalReader(reading: MemoryJournalStorage(file))
      while let record = try reader.next() {
        records.append(
          KeptRecord(
            type: record.type, sequence: record.sequence, time: record.time,
            payload: Array(record.payload), offset: record.offset))
      }
    } catch {
      self.error = error
    }
  }
}

/// A small seeded generator, the same everywhere.
struct Dice {
  var state: UInt64
  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
