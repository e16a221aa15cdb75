import CSluice
import Testing

@testable import Journal

/// Everything that can happen to a file is noticed, where it happened.
@Suite struct JournalDamageTests {
  let bytes: [UInt8]
  let whole: Walk
  /// Where each record starts, and the end.
  let bounds: [Int]

  init() throws {
    let file = MemoryJournalFile()
    try write(smallPayloads, to: file)
    bytes = file.bytes
    whole = Walk(file)
    bounds = whole.records.map { Int($0.offset) } + [file.bytes.count]
  }

  /// The records that lie wholly before `offset`.
  private func records(before offset: Int) -> [KeptRecord] {
    zip(whole.records, bounds.dropFirst()).filter { $0.1 <= offset }.map(\.0)
  }

  private func start(of record: Int) -> UInt64 { UInt64(bounds[record]) }

  @Test func everyTruncationIsACleanEndOrATornTail() {
    for count in 0..<bytes.count {
      let walk = Walk(Array(bytes[..<count]))
      if count < JournalFormat.headerByteCount {
        #expect(walk.error == .headerIsCut, "\(count)")
        continue
      }
      #expect(walk.records == records(before: count), "\(count)")
      let isBound = bounds.contains(count)
      let torn = bounds.last { $0 <= count }!
      #expect(walk.error == (isBound ? nil : .tornTail(offset: UInt64(torn))), "\(count)")
    }
  }

  @Test func everyFlippedBitIsNoticedAtItsRecord() {
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        let walk = Walk(damaged)
        #expect(walk.records == records(before: index), "byte \(index) bit \(bit)")
        if index < JournalFormat.headerByteCount {
          #expect(walk.error != nil, "byte \(index) bit \(bit)")
        } else {
          let at = UInt64(bounds.last { $0 <= index }!)
          #expect(offset(of: walk.error) == at, "byte \(index) bit \(bit)")
        }
      }
    }
  }

  private func offset(of error: JournalError?) -> UInt64? {
    switch error {
    case .tornTail(let offset), .badLength(let offset, _), .badChecksum(let offset),
      .badRecord(let offset), .outOfOrder(let offset, _), .recordIsCut(let offset):
      offset
    default: nil
    }
  }

  @Test(arguments: [1, 7, 8, 9, 31, 32, 33, 4096, 2_000_000])
  func zerosBehindTheRecordsAreACleanEnd(_ count: Int) {
    let walk = Walk(bytes + [UInt8](repeating: 0, count: count))
    #expect(walk.records == whole.records)
    #expect(walk.error == nil)
  }

  @Test(arguments: [8, 32, 4096, 2_000_000])
  func aByteBehindTheZerosIsNotACleanEnd(_ zeros: Int) {
    let walk = Walk(bytes + [UInt8](repeating: 0, count: zeros) + [1])
    #expect(walk.records == whole.records)
    #expect(walk.error == .tornTail(offset: UInt64(bytes.count)))
  }

  @Test func aRecordLeftOutSwappedRepeatedOrForeignIsNoticed() throws {
    let piece = (0..<8).map { Array(bytes[bounds[$0]..<bounds[$0 + 1]]) }
    func walk(_ order: [[UInt8]]) -> Walk { Walk(Array(bytes[..<128]) + order.flatMap { $0 }) }

    let without = walk(Array(piece[..<2]) + Array(piece[3...]))
    #expect(without.records.count == 2)
    #expect(without.error == .badChecksum(offset: start(of: 2)))

    // Records 3 and 4 take up the same number of bytes.
    #expect(piece[3].count == 40)
    #expect(piece[2].count == 40)
    let swapped = walk([piece[0], piece[1], piece[3], piece[2]] + Array(piece[4...]))
    #expect(swapped.records.count == 2)
    #expect(swapped.error == .badChecksum(offset: start(of: 2)))

    let twice = walk(Array(piece[..<4]) + [piece[3]] + Array(piece[4...]))
    #expect(twice.records.count == 4)
    #expect(twice.error == .badChecksum(offset: start(of: 4)))

    var otherHeader = testHeader
    otherHeader.shard = 4
    let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 128, alignment: 8)
    defer { head.deallocate() }
    otherHeader.encode(into: head)
    let foreign = Walk(Array(head) + Array(bytes[128...]))
    #expect(foreign.records.isEmpty)
    #expect(foreign.error == .badChecksum(offset: 128))
  }

  /// Somebody who can compute checksums still gets a typed answer.
  @Test(arguments: [
    (
      JournalFormat.Record.type, [UInt8](repeating: 0, count: 2),
      JournalError.badRecord(offset: 128)
    ),
    (JournalFormat.Record.flags, [1, 0], .badRecord(offset: 128)),
    (JournalFormat.Record.sequence, [40, 0], .outOfOrder(offset: 128, sequence: 40)),
    (JournalFormat.Record.sequence, [42, 0], .outOfOrder(offset: 128, sequence: 42)),
  ])
  func aWellSummedLieIsFound(_ field: Int, _ lie: [UInt8], _ expected: JournalError) {
    var damaged = bytes
    damaged.replaceSubrange(128 + field..<128 + field + lie.count, with: lie)
    let seed = UInt32(littleEndianBytes: damaged[124..<128])
    let summed = Array(damaged[132..<bounds[1]])
    let crc = sluice_crc32c(seed, summed, summed.count)
    for index in 0..<4 { damaged[128 + index] = UInt8(truncatingIfNeeded: crc >> (8 * index)) }
    let walk = Walk(damaged)
    #expect(walk.records.isEmpty)
    #expect(walk.error == expected)
  }

  @Test(arguments: [
    (UInt32(31), true), (32, false), (UInt32(JournalFormat.recordByteMaximum), false),
    (UInt32(JournalFormat.recordByteMaximum) + 1, true), (.max, true),
  ])
  func anImpossibleLengthIsNotBelieved(_ length: UInt32, _ isImpossible: Bool) {
    var damaged = bytes
    for index in 0..<4 {
      damaged[132 + index] = UInt8(truncatingIfNeeded: length >> (8 * index))
    }
    let error = Walk(damaged).error
    #expect((error == .badLength(offset: 128, length: length)) == isImpossible)
  }

  @Test func anotherFileOrVersionIsRefused() {
    #expect(Walk(Array("time,price,volume\n".utf8)).error == .notAJournal)
    #expect(Walk([UInt8](repeating: 0, count: 500)).error == .notAJournal)
    var newer = bytes
    newer[8] = 3
    #expect(Walk(newer).error == .wrongVersion(3))
    var older = bytes
    older[8] = 1
    #expect(Walk(older).error == .wrongVersion(1))
  }

  @Test func noiseNeverCrashesTheReader() {
    var dice = Dice(state: 11)
    for _ in 0..<5_000 {
      var damaged = bytes
      for _ in 0...dice.roll(6) {
        switch dice.roll(4) {
        case 0: damaged[dice.roll(damaged.count)] = UInt8(dice.roll(256))
        case 1: damaged.removeLast(dice.roll(min(60, damaged.count - 1)))
        case 2: damaged.insert(UInt8(dice.roll(256)), at: dice.roll(damaged.count))
        default: damaged += (0..<dice.roll(80)).map { _ in UInt8(dice.roll(256)) }
        }
      }
      let walk = Walk(damaged)
      let isWhole = damaged.starts(with: bytes)
      if !isWhole { #expect(walk.records.count < whole.records.count || walk.error != nil) }
      #expect(Array(whole.records.prefix(walk.records.count)) == walk.records)
    }
  }
}

extension UInt32 {
  fileprivate init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
