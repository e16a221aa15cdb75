import Journal

/// Writes a journal's records anew with a change, every checksum right: what only a comparison of
/// outcomes can find.
struct ForgedJournal {
  struct Record {
    var type: JournalRecordType
    var sequence: UInt64
    var time: Int64
    var payload: [UInt8]
  }

  let header: JournalHeader
  let records: [Record]

  init(_ file: MemoryJournalFile) throws {
    var reader = try JournalReader(reading: MemoryJournalStorage(file))
    header = reader.header
    var records: [Record] = []
    while let record = try reader.next() {
      records.append(
        Record(
          type: record.type, sequence: record.sequence, time: record.time,
          payload: Array(record.payload)))
    }
    self.records = records
  }

  func lastOutcomeReplaced() throws -> MemoryJournalFile {
    var records = records
    records[records.count - 1].payload[20] ^= 1
    return try write(records)
  }

  func withoutLastOutcome() throws -> MemoryJournalFile { try write(records.dropLast()) }

  func withoutFirstOutcome() throws -> MemoryJournalFile {
    var records = records
    records.remove(at: 1)
    return try write(records)
  }

  private func write(_ records: some Sequence<Record>) throws -> MemoryJournalFile {
    let file = MemoryJournalFile()
    var writer = try JournalWriter(creating: header, in: MemoryJournalStorage(file))
    for record in records {
      try record.payload.withUnsafeBytes { payload in
        try writer.append(
          payload, type: record.type, sequence: record.sequence, time: record.time)
      }
    }
    try writer.close()
    return file
  }
}
