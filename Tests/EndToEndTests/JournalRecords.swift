import Domain
import Engine
import Foundation
import Gateway
import Ledger
import Messages
import Runtime
import Testing
import Wire

@testable import Journal

/// A journal's records copied out, to cut it where a test wants it cut.
struct JournalRecords {
  struct Record: Equatable {
    var type: JournalRecordType
    var sequence: UInt64
    var time: Int64
    var payload: [UInt8]
    /// Where it stands in the journal.
    var bytes: Range<UInt64>
    /// The newest command whose effects could leave when it was framed.
    var released: UInt64
    /// A part of it that a disk writes at once is zero, so that a write that was interrupted can
    /// have left it.
    var hasEmptySector: Bool
  }

  let path: String
  let header: JournalHeader
  private(set) var records: [Record] = []

  init(_ path: String) throws {
    self.path = path
    var reader = try JournalReader(reading: FolderJournalStorage(path: path))
    header = reader.header
    var storage = FolderJournalStorage(path: path)
    _ = try storage.open(.read)
    while let record = try reader.next() {
      let place = record.offset..<reader.end.offset
      var bytes = [UInt8](repeating: 0, count: place.count)
      let count = try bytes.withUnsafeMutableBytes {
        try storage.read(at: place.lowerBound, into: $0)
      }
      try #require(count == place.count)
      let unreleased = bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: JournalFormat.Record.unreleased, as: UInt32.self)
      }
      let sectors = Dictionary(grouping: place) { $0 / 512 }.values
      records.append(
        Record(
          type: record.type, sequence: record.sequence, time: record.time,
          payload: Array(record.payload), bytes: place,
          released: record.sequence - UInt64(unreleased),
          hasEmptySector: sectors.contains { sector in
            sector.allSatisfy { bytes[Int($0 - place.lowerBound)] == 0 }
          }))
    }
  }

  /// The commands of these records, in order.
  func commands() throws -> [Command] {
    try records.filter { $0.type == .command }.map { record in
      try record.payload.withUnsafeBytes { try JournalCodec.command($0) }
    }
  }

  /// The record of the command that was an order with this id.
  func order(_ id: String) throws -> Record? {
    try records.first { record in
      guard record.type == .command else { return false }
      let command = try record.payload.withUnsafeBytes { try JournalCodec.command($0) }
      if case .newOrder(let order) = command { return order.clOrdID == ClOrdID(id) }
      return false
    }
  }

  /// A copy beside it; with `bytes`, as the end of a process leaves a journal of which it had
  /// written so many: zeros behind them, and a record that is not all there lacks its first bytes.
  static func copy(_ path: String, bytes: UInt64? = nil, as name: String) throws -> String {
    let copy = (path as NSString).deletingLastPathComponent + "/" + name
    let (from, to) = (JournalFolder(path: path), JournalFolder(path: copy))
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    var position: UInt64 = 0
    let torn = try bytes.flatMap { bytes in
      try JournalRecords(path).records.first {
        $0.bytes.lowerBound < bytes && bytes < $0.bytes.upperBound
      }
    }
    for number in try from.numbers() {
      var data = try Data(contentsOf: URL(filePath: from.segmentPath(number)))
      let byteCount = UInt64(data.count)
      if let bytes {
        guard position < bytes else { break }
        data.resetBytes(in: Int(min(bytes - position, byteCount))..<data.count)
      }
      if let start = torn?.bytes.lowerBound, (position..<position + byteCount).contains(start) {
        data.resetBytes(in: Int(start - position)..<Int(start - position) + 8)
      }
      try data.write(to: URL(filePath: to.segmentPath(number)))
      position += byteCount
    }
    return copy
  }

  /// Waits until links have told their funds, a moment after they are ready: the last that an idle
  /// gateway writes by itself.
  static func waitForFunds(_ path: String, ofLinks count: Int) throws {
    let deadline = Deadline()
    while deadline.millisecondsLeft > 0 {
      let told = try JournalRecords(path).records.count { record in
        guard record.type == .command else { return false }
        let command = try record.payload.withUnsafeBytes { try JournalCodec.command($0) }
        if case .counterFunds = command { return true }
        return false
      }
      if told >= count { return }
    }
    throw Overdue(what: "funds of \(count) links in \(path)")
  }

  /// Writes the beginning of a record behind the last one, as a gateway does that is just writing.
  static func writeBehind(_ path: String) throws {
    let end = try #require(try JournalRecords(path).records.last).bytes.upperBound
    let folder = JournalFolder(path: path)
    let number = try #require(try folder.numbers().first)
    let file = try FileHandle(forWritingTo: URL(filePath: folder.segmentPath(number)))
    defer { try? file.close() }
    try file.seek(toOffset: end)
    // Of 64 bytes, none of them zero but those of its length.
    try file.write(
      contentsOf: [0xAA, 0xAA, 0xAA, 0xAA, 64, 0, 0, 0] + [UInt8](repeating: 0xAA, count: 56))
  }

  /// Changes a bit of the byte at a position of the journal.
  static func flip(_ path: String, at position: UInt64) throws {
    var start: UInt64 = 0
    let folder = JournalFolder(path: path)
    for number in try folder.numbers() {
      let file = URL(filePath: folder.segmentPath(number))
      var data = try Data(contentsOf: file)
      if position - start < data.count {
        data[Int(position - start)] ^= 1
        return try data.write(to: file)
      }
      start += UInt64(data.count)
    }
    throw Overdue(what: "a byte at \(position) of \(path)")
  }

  /// Steps a new engine through all of it; the state it ends in.
  static func stateHash(_ path: String, _ capacities: LedgerCapacities) throws -> UInt64 {
    var replay = Replay(
      try JournalReader(reading: FolderJournalStorage(path: path)),
      engine: Engine(capacities: capacities))
    while try replay.next() {}
    return replay.engine.stateHash
  }
}
