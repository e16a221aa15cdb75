import Storage
import Testing

/// The hash of a state moves with every bit of it.
@Suite struct StateHasherTests {
  struct Odd: BitwiseCopyable {
    var a: UInt8
    var b: UInt8
    var c: UInt8
  }
  struct Twelve: BitwiseCopyable {
    var a: UInt32
    var b: UInt32
    var c: UInt32
  }
  struct Large: BitwiseCopyable {
    var words: InlineArray<9, UInt64>
  }

  private func hash<Record>(
    _ table: borrowing Table<Record>, from start: Int = 0, _ count: Int
  ) -> UInt64 {
    var hasher = StateHasher()
    hasher.combine(table, from: start, count: count)
    return hasher.value
  }

  /// Flips each bit of the records: the hash differs, from the first one and from all others.
  private func flip<Record: BitwiseCopyable>(_ type: Record.Type, count: Int) {
    let table = Table<Record>(capacity: count + 1)
    let bytes = UnsafeMutableRawBufferPointer(
      start: table.base, count: count * MemoryLayout<Record>.stride)
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 37 &+ 11) }
    var seen: Set<UInt64> = [hash(table, count)]
    for bit in 0..<bytes.count * 8 {
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let isNew = seen.insert(hash(table, count)).inserted
      #expect(isNew, "bit \(bit)")
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    let again = hash(table, count)
    #expect(seen.contains(again) && seen.count == bytes.count * 8 + 1)
    // What lies behind the records is no part of it.
    let behind = UnsafeMutableRawPointer(table.at(count))
    behind.storeBytes(of: 0xFF, as: UInt8.self)
    let same = hash(table, count)
    #expect(same == again)
  }

  @Test func everyByteOfARecordCounts() {
    flip(UInt8.self, count: 1)
    flip(Odd.self, count: 5)
    flip(Twelve.self, count: 3)
    flip(Large.self, count: 2)
  }

  /// Zeros are not nothing, and records are not their neighbours.
  @Test func howManyAndWhichRecordsCounts() {
    let table = Table<Twelve>(capacity: 8)
    let counts = (0...8).map { hash(table, $0) }
    #expect(Set(counts).count == 9)
    for index in 0..<8 { table.at(index).pointee.a = UInt32(index) }
    let windows = (0..<6).map { hash(table, from: $0, 3) }
    #expect(Set(windows).count == 6)
  }

  @Test func theOrderOfWordsCounts() {
    func hash(_ words: [UInt64]) -> UInt64 {
      var hasher = StateHasher()
      for word in words { hasher.combine(word) }
      return hasher.value
    }
    let hashes = [[], [0], [0, 0], [1, 2], [2, 1], [1], [1, 0], [0, 1]].map(hash)
    #expect(Set(hashes).count == hashes.count)
  }

  /// No seed of the process: a journal's hash is the same in every engine and on every day.
  @Test func theHashIsThisFormula() {
    var expected: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hasher = StateHasher()
    for word in [UInt64(0), 1, .max, 0x0123_4567_89AB_CDEF] {
      expected = (expected ^ word) &* 0xD6E8_FEB8_6659_FD93
      expected ^= expected >> 32
      hasher.combine(word)
      #expect(hasher.value == expected)
    }
    var signed = hasher
    hasher.combine(UInt64.max)
    signed.combine(Int64(-1))
    #expect(hasher.value == signed.value)
  }

  @Test func recordsBeyondTheTableStopTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let table = Table<UInt64>(capacity: 4)
      var hasher = StateHasher()
      hasher.combine(table, from: 2, count: 3)
    }
  }
}
