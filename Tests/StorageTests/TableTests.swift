import Storage
import Testing

/// A fixed number of trivial records, all bytes zero at the start.
@Suite struct TableTests {
  struct Record: BitwiseCopyable {
    var first: UInt64
    var second: UInt32
    var third: UInt32
  }

  /// Small ones come from the heap, large ones are mapped: at one huge page and around it.
  @Test(arguments: [0, 1, 3, 65_535, 65_536, 65_537, 131_072, 300_000])
  func everyRecordStartsAtZeroAndKeepsWhatIsWritten(_ capacity: Int) {
    let table = Table<Record>(capacity: capacity)
    let size = table.capacity
    #expect(size == capacity)
    var sum: UInt64 = 0
    for index in 0..<capacity {
      let record = table.at(index).pointee
      sum |= record.first | UInt64(record.second) | UInt64(record.third)
    }
    #expect(sum == 0)
    for index in 0..<capacity {
      table.at(index).pointee.first = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      table.at(UInt32(index)).pointee.second = UInt32(index)
    }
    var wrong = 0
    for index in 0..<capacity {
      let record = table.at(index).pointee
      if record.first != UInt64(index) &* 0x9E37_79B9_7F4A_7C15 || record.second != UInt32(index) {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  /// Filling takes memory and changes nothing, whatever became of the table.
  @Test func aTableThatIsFilledKeepsWhatItHolds() {
    var memory = TableMemory()
    var asked = 0
    do {
      let table = Table<Record>(capacity: 1 << 22)
      let small = Table<Record>(capacity: 10)
      do throws(SnapshotFault) {
        try memory.pass(table)
        try memory.pass(small)
      } catch {
        Issue.record(error)
      }
      #expect(memory.byteCount == (1 << 22) * MemoryLayout<Record>.stride)
      table.at(3).pointee.first = 7
      table.at((1 << 22) - 1).pointee.first = 8
      memory.fill {
        asked += 1
        return true
      }
      #expect(asked == 2)
      let (first, last) = (table.at(3).pointee.first, table.at((1 << 22) - 1).pointee.first)
      #expect(first == 7 && last == 8)
    }
    memory.fill { true }
    memory.fill {
      asked += 1
      return false
    }
    #expect(asked == 3)
  }

  @Test func recordsLieOneAfterTheOther() {
    let table = Table<Record>(capacity: 4)
    for index in 0..<4 {
      let address = UnsafeRawPointer(table.at(index))
      let expected = UnsafeRawPointer(table.base) + index * 16
      #expect(address == expected)
    }
  }

  /// A decision anywhere in a large table misses few page table entries.
  @Test func aLargeTableIsAlignedToHugePages() {
    let table = Table<Record>(capacity: 200_000)
    let address = UInt(bitPattern: table.base)
    #expect(address % (2 << 20) == 0)
  }

  /// What was freed comes back zeroed.
  @Test func aNewTableIsZeroWhateverWasThereBefore() {
    for capacity in [16, 100_000] {
      for _ in 0..<20 {
        let table = Table<Record>(capacity: capacity)
        let first = table.at(0).pointee.first | table.at(capacity - 1).pointee.first
        #expect(first == 0)
        table.at(0).pointee.first = .max
        table.at(capacity - 1).pointee.first = .max
      }
    }
  }

  @Test func anIndexBeyondTheTableStopsTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let table = Table<UInt64>(capacity: 4)
      table.at(4).pointee = 1
    }
    await #expect(processExitsWith: .failure) {
      let table = Table<UInt64>(capacity: 4)
      table.at(-1).pointee = 1
    }
  }

  /// Whatever the index, asking for it changes nothing.
  @Test func prefetchingNeverFaults() {
    let table = Table<Record>(capacity: 4)
    table.at(2).pointee.first = 7
    for index in [2, 4, -1, Int(Int32.max), -1 << 40] { table.prefetch(index) }
    let kept = table.at(2).pointee.first
    #expect(kept == 7)
  }
}

/// A pinned struct is borrowed by its address, however many calls deep.
@Suite struct PinnedTests {
  struct Kept: ~Copyable {
    private let pinned = Pinned()
    var words: InlineArray<40, UInt64> = InlineArray(repeating: 1)
  }

  @inline(never) private func address(of kept: borrowing Kept) -> UInt {
    withUnsafePointer(to: kept) { UInt(bitPattern: $0) }
  }
  @inline(never) private func addressThroughACall(of kept: borrowing Kept) -> UInt {
    kept.words[3] == 0 ? 0 : address(of: kept)
  }

  @Test func aBorrowIsNoCopy() {
    let kept = Kept()
    let here = withUnsafePointer(to: kept) { UInt(bitPattern: $0) }
    let there = address(of: kept)
    let further = addressThroughACall(of: kept)
    #expect(there == here)
    #expect(further == here)
  }
}
