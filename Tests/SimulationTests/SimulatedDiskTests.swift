import Domain
import Journal
import Testing

@testable import Simulator

@Suite struct SimulatedDiskTests {
  private func disk() throws -> (SimulatedDisk, CrashPlan) {
    let crashes = CrashPlan()
    let disk = SimulatedDisk(crashes: crashes, draws: SplitMix64(seed: 3, purpose: 1))
    var storage = SimulatedDiskStorage(disk)
    _ = try storage.open(.create)
    return (disk, crashes)
  }

  private func append(_ count: Int, _ disk: SimulatedDisk) throws {
    var storage = SimulatedDiskStorage(disk)
    let bytes = [UInt8](repeating: 7, count: count)
    try bytes.withUnsafeBytes { try storage.append($0, at: UInt64(disk.bytes.count)) }
  }

  /// Of what was not synced any part may be there after a loss of power; of the rest all is.
  @Test func aLossOfPowerTakesWhatWasNotSynced() throws {
    var kept: Set<Int> = []
    for seed in UInt64(0)..<60 {
      let (disk, _) = try disk()
      disk.draws = SplitMix64(seed: seed, purpose: 1)
      var storage = SimulatedDiskStorage(disk)
      try append(10, disk)
      try storage.sync()
      try append(5, disk)
      disk.losePower()
      #expect((10...15).contains(disk.bytes.count))
      kept.insert(disk.bytes.count)
    }
    #expect(kept == Set(10...15))
  }

  @Test func aFullDiskTakesWhatFits() throws {
    let (disk, _) = try disk()
    disk.capacity = 8
    #expect(throws: JournalStorageError.full) { try append(10, disk) }
    #expect(disk.bytes.count == 8)
    #expect(disk.capacity == 8)
  }

  /// Every call in front of which, in which and behind which a process can die.
  @Test(arguments: [
    (1, CrashPoint.beforeAppend, 0...0), (2, .duringAppend, 0...9), (3, .afterAppend, 10...10),
  ])
  func aProcessDiesAtTheCallThatWasDrawn(
    _ calls: Int, _ point: CrashPoint, _ stored: ClosedRange<Int>
  ) throws {
    let (disk, crashes) = try disk()
    crashes.arm(calls)
    #expect(throws: JournalStorageError.io(errno: 0)) { try append(10, disk) }
    #expect(crashes.died == point)
    #expect(stored.contains(disk.bytes.count))
    // Dead is dead: nothing else dies until there is a new process.
    crashes.begin()
    try append(10, disk)
  }

  @Test func aReaderSeesNoFurtherThanItsMark() throws {
    let (disk, _) = try disk()
    try append(10, disk)
    let mark = StoredMark()
    mark.offset = 4
    var reader = SimulatedDiskStorage(disk, upTo: mark)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 8)
    defer { room.deallocate() }
    let count = try reader.read(at: 1, into: room)
    #expect(count == 3)
  }
}
