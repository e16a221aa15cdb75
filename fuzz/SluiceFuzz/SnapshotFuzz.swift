import CSluice
import Domain
import Engine
import Ledger
import Messages
import Storage

/// A snapshot: whatever the bytes, it ends with the state that was written, or with a fault.
///
/// The engine reads what has its checksums as they come. What fits its checksums is taken for what
/// was written, for they find accidents and not forgers; so those are made right only where a small
/// state is read, whose counts, texts and pieces are the fuzzer's.
enum SnapshotFuzz {
  private static let capacities = LedgerCapacities(
    operationAccounts: 4, fundAccounts: 2, products: 2, counters: 2, instruments: 4,
    commodities: 4, tradingHours: 2, orders: 8, children: 8, positions: 16, figures: 8, lots: 8,
    limitRows: 8, rateOwners: 4, rates: 8, rateWindow: 8, accessRows: 8)
  private static let engine = engineWritten()
  private static let small = smallWritten()
  private static let header = 128
  private static let blockHeader = 8

  /// - Parameter choice: bit 0: the bytes are the file; else they change a good one, nine bytes a
  ///   change: a place of it in two, and seven bytes. Bit 1: of a small state, every checksum is
  ///   made right; else of an engine. Bit 2: the file ends at the place of the last change. Bit 3:
  ///   nobody reads a state, all is skipped.
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let isSmall = choice & 2 != 0
    var file =
      choice & 1 != 0
      ? Array(bytes) : changed(isSmall ? small : engine, bytes, isCut: choice & 4 != 0)
    if isSmall { makeSumsRight(&file) }
    do throws(SnapshotFault) {
      var reader = try SnapshotReader(MemorySnapshot(file))
      if choice & 8 != 0 { return try reader.skipRest() }
      if isSmall {
        var state = SmallState()
        try state.pass(through: &reader)
        precondition((0...100).contains(state.count), "a count that is taken is in its range")
        try reader.finish()
      } else {
        let stated = reader.facts.stateHash
        let engine = try Engine.read(from: &reader, capacities: capacities)
        try reader.finish()
        precondition(engine.stateHash == stated, "a snapshot that is taken has the stated hash")
      }
    } catch {}
  }

  /// What the fuzzer begins with.
  static var seeds: [[UInt8]] {
    var seeds: [[UInt8]] = [[1] + engine.prefix(4_000), [3] + small, [0], [2], [8], [10]]
    for (file, choices): ([UInt8], [UInt8]) in [(engine, [0, 4]), (small, [2, 6])] {
      for start in stride(from: 0, to: min(file.count, 1_600), by: 8) {
        for choice in choices {
          seeds.append([choice] + place(start) + [1, 0, 0, 0, 0, 0, 0x80])
        }
      }
      seeds.append([choices[1]] + place(file.count - 1))
    }
    return seeds
  }

  private static func place(_ start: Int) -> [UInt8] {
    [UInt8(start & 0xFF), UInt8(start >> 8 & 0xFF)]
  }

  private static func changed(
    _ good: [UInt8], _ bytes: UnsafeRawBufferPointer, isCut: Bool
  ) -> [UInt8] {
    var file = good
    var start = 0
    var place = file.count
    while start + 2 <= bytes.count {
      place = (Int(bytes[start]) | Int(bytes[start + 1]) << 8) % file.count
      for (index, byte) in bytes[(start + 2)...].prefix(7).enumerated()
      where place + index < file.count { file[place + index] ^= byte }
      start += 9
    }
    return isCut ? Array(file[..<place]) : file
  }

  private static func makeSumsRight(_ file: inout [UInt8]) {
    guard file.count >= header else { return }
    var crc = sluice_crc32c(0, file, 124)
    put(crc, at: 124, into: &file)
    var start = header
    while start + blockHeader <= file.count {
      let length = (0..<4).reversed().reduce(0) { $0 << 8 | Int(file[start + $1]) }
      guard start + blockHeader + length <= file.count else { return }
      crc = file.withUnsafeBytes {
        sluice_crc32c(
          sluice_crc32c(crc, $0.baseAddress! + start, 4),
          $0.baseAddress! + start + blockHeader, length)
      }
      put(crc, at: start + 4, into: &file)
      start += blockHeader + length
    }
  }

  private static func put(_ crc: UInt32, at place: Int, into bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: crc >> (8 * byte)) }
  }

  private static func engineWritten() -> [UInt8] {
    var engine = Engine(capacities: capacities)
    var effects = EffectBuffer()
    let day = Command.daySwitch(DaySwitch(tradingDay: JournalSamples.day, nightDate: 20_261_120))
    let commands = JournalSamples.definitions + JournalSamples.settings + [day]
    for (index, command) in commands.enumerated() {
      engine.step(
        Stamped(
          sequence: UInt64(index + 1), time: Timestamp(nanoseconds: Int64(index + 1)),
          command: command), into: &effects)
    }
    do throws(SnapshotFault) {
      var writer = try SnapshotWriter(
        engine.facts(genesisHash: InlineArray(repeating: 0), journalCRC: 0), to: MemorySnapshot())
      try engine.pass(through: &writer)
      return try writer.finish().bytes
    } catch {
      fatalError("a snapshot in memory: \(error)")
    }
  }

  private static func smallWritten() -> [UInt8] {
    do throws(SnapshotFault) {
      let facts = SnapshotFacts(
        shard: 3, engineVersion: 9, sequence: 77, time: 123, stateHash: 1, layoutHash: 2,
        genesisHash: InlineArray(repeating: 5), journalCRC: 6)
      var writer = try SnapshotWriter(facts, to: MemorySnapshot())
      var state = SmallState()
      state.fill()
      try state.pass(through: &writer)
      return try writer.finish().bytes
    } catch {
      fatalError("a snapshot in memory: \(error)")
    }
  }
}

/// Of each kind of part a snapshot has: a field, a count, a text, a table that is zero in most
/// places.
private struct SmallState: ~Copyable {
  var number: Int64 = 0
  var count = 0
  var name = ""
  private let table = Table<UInt64>(capacity: 1_500)

  mutating func fill() {
    number = -5
    count = 100
    name = "été"
    table.at(3).pointee = 7
    table.at(1_400).pointee = 8
    table.at(1_499).pointee = 9
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(&number)
    try archive.pass(count: &count, atMost: 100)
    try archive.pass(&name)
    try archive.pass(layout: 17)
    try archive.pass(table)
  }
}
