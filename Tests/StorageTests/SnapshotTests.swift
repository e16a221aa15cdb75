import Domain
import Storage
import Testing

/// A state of a few fields and a table that is zero in most places.
private struct SmallState: ~Copyable {
  var number: Int64 = 0
  var count = 0
  var name = ""
  let table = Table<UInt64>(capacity: 5_000)

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(&number)
    try archive.pass(count: &count, atMost: 100)
    try archive.pass(&name)
    try archive.pass(table)
  }

  /// As a run of draws makes it.
  init(seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    number = Int64(bitPattern: draws.next())
    count = draws.below(101)
    name = String(repeating: "é", count: draws.below(40))
    for _ in 0..<draws.below(60) {
      let start = draws.below(5_000)
      for place in start..<min(5_000, start + draws.below(700)) {
        table.at(place).pointee = draws.next()
      }
    }
  }

  init() {}
}

@Suite struct SnapshotTests {
  static let facts = SnapshotFacts(
    shard: 3, engineVersion: 9, sequence: 77, time: 123, stateHash: 1, layoutHash: 2,
    genesisHash: InlineArray(repeating: 5), journalCRC: 6)

  private static func written(_ state: inout SmallState) throws -> [UInt8] {
    var writer = try SnapshotWriter(facts, to: MemorySnapshot())
    try state.pass(through: &writer)
    return try writer.finish().bytes
  }

  private static func read(_ bytes: [UInt8]) throws(SnapshotFault) -> SmallState {
    var reader = try SnapshotReader(MemorySnapshot(bytes))
    var state = SmallState()
    try state.pass(through: &reader)
    try reader.finish()
    return state
  }

  /// The fault of reading; nil when there is none.
  private static func fault(_ bytes: [UInt8]) -> SnapshotFault? {
    do throws(SnapshotFault) {
      _ = try read(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: UInt64(1)...40)
  func whatIsReadIsWhatWasWritten(_ seed: UInt64) throws {
    var state = SmallState(seed: seed)
    let bytes = try Self.written(&state)
    let again = try Self.read(bytes)
    let (number, count, name) = (again.number, again.count, again.name)
    #expect(number == state.number && count == state.count && name == state.name)
    for place in 0..<5_000 {
      let (left, right) = (state.table.at(place).pointee, again.table.at(place).pointee)
      try #require(left == right)
    }
  }

  @Test func theHeaderSaysWhatItIsOf() throws {
    var state = SmallState(seed: 1)
    let reader = try SnapshotReader(MemorySnapshot(Self.written(&state)))
    let facts = reader.facts
    #expect(facts == Self.facts)
  }

  @Test func whatIsZeroTakesNoRoom() throws {
    var state = SmallState()
    state.table.at(4_999).pointee = 1
    let bytes = try Self.written(&state)
    #expect(bytes.count < SnapshotFormat.headerByteCount + 4_200)
  }

  @Test func everyCutIsNoticed() throws {
    var state = SmallState(seed: 2)
    let bytes = try Self.written(&state)
    var draws = SplitMix64(seed: 9)
    let some = (0..<300).map { _ in draws.below(bytes.count) }
    for count in [0, 7, 8, 127, 128, 129, 135, 136, bytes.count - 8, bytes.count - 1] + some {
      let fault = Self.fault(Array(bytes.prefix(count)))
      #expect(fault != nil, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test func everyChangedByteIsNoticed() throws {
    var state = SmallState(seed: 3)
    let bytes = try Self.written(&state)
    var draws = SplitMix64(seed: 4)
    for place in Array(0..<200) + (0..<400).map({ _ in draws.below(bytes.count) }) {
      var changed = bytes
      changed[place] ^= UInt8(1 + draws.below(255))
      let fault = Self.fault(changed)
      #expect(fault != nil, "byte \(place) of \(bytes.count)")
    }
  }

  @Test func bytesBehindTheLastBlockAreNoPartOfIt() throws {
    var state = SmallState(seed: 5)
    var writer = try SnapshotWriter(Self.facts, to: MemorySnapshot())
    try state.pass(through: &writer)
    var more: UInt8 = 1
    try writer.pass(&more)
    let bytes = try writer.finish().bytes
    #expect(Self.fault(bytes) == .isTooLong)
  }

  @Test func aCountBeyondItsRoomIsRefused() throws {
    var writer = try SnapshotWriter(Self.facts, to: MemorySnapshot())
    var number: Int64 = 1
    var count = 101
    try writer.pass(&number)
    try writer.pass(count: &count, atMost: .max)
    let bytes = try writer.finish().bytes
    #expect(Self.fault(bytes) == .badCount(found: 101, maximum: 100))
  }

  @Test(
    arguments: [(40_000, 8), (39_999, 2), (UInt64.max, 1), (0, UInt64.max)] as [(UInt64, UInt64)])
  func aPieceBeyondItsTableIsRefused(_ start: UInt64, _ count: UInt64) throws {
    var writer = try SnapshotWriter(Self.facts, to: MemorySnapshot())
    var (number, lots, name, place, length) = (Int64(1), 1, "", start, count)
    try writer.pass(&number)
    try writer.pass(count: &lots, atMost: .max)
    try writer.pass(&name)
    try writer.pass(&place)
    try writer.pass(&length)
    let bytes = try writer.finish().bytes
    #expect(Self.fault(bytes) == .badPiece(offset: start, count: count))
  }

  @Test func whatIsNoSnapshotIsSaidToBeNone() throws {
    var state = SmallState(seed: 6)
    let bytes = try Self.written(&state)
    #expect(Self.fault([]) == .notASnapshot)
    #expect(Self.fault(Array("{ a: 1 }".utf8)) == .notASnapshot)
    var newer = bytes
    newer[8] = 2
    #expect(Self.fault(newer) == .wrongVersion(2))
  }
}
