import Domain
import Gateway
import Storage

/// The snapshots on the simulated disk: written beside the journal, renamed when they are whole.
struct SimulatedShelf: SnapshotShelf {
  /// A file of that name; a name that was not synced may be gone after a loss of power.
  struct File {
    var sequence: UInt64
    var bytes: [UInt8]
    var isNameSynced = false
    var isDamaged = false
  }

  /// So many of the newest stay.
  static let kept = 2

  private(set) var files: [File] = []

  var count: Int { files.count }
  func isDamaged(_ sequence: UInt64) -> Bool {
    files.contains { $0.sequence == sequence && $0.isDamaged }
  }

  func sequences() -> [UInt64] { files.map(\.sequence).sorted(by: >) }

  func open(_ sequence: UInt64) throws(SnapshotFault) -> MemorySnapshot {
    guard let file = files.first(where: { $0.sequence == sequence }) else { throw .io(errno: 2) }
    return MemorySnapshot(file.bytes)
  }

  /// A file that is whole gets its name.
  mutating func rename(_ bytes: [UInt8], to sequence: UInt64) {
    files.removeAll { $0.sequence == sequence }
    files.append(File(sequence: sequence, bytes: bytes))
  }

  /// The names are on the disk too: what is too old, or ahead of the journal, goes.
  mutating func syncNames(behind sequence: UInt64) {
    for place in files.indices { files[place].isNameSynced = true }
    let surplus = SimulatedShelf.surplus(
      among: sequences(), behind: sequence, kept: SimulatedShelf.kept)
    files.removeAll { surplus.contains($0.sequence) }
  }

  mutating func losePower(_ draws: inout SplitMix64) {
    var lost: [UInt64] = []
    for file in files where !file.isNameSynced && draws.chance(50) { lost.append(file.sequence) }
    files.removeAll { lost.contains($0.sequence) }
  }

  /// The disk gives back other bytes than it was given, or fewer.
  mutating func damage(_ draws: inout SplitMix64) {
    guard !files.isEmpty else { return }
    let place = draws.below(files.count)
    files[place].isDamaged = true
    let position = draws.below(files[place].bytes.count)
    if draws.chance(50) {
      files[place].bytes[position] ^= UInt8(1 << draws.below(8))
    } else {
      files[place].bytes.removeSubrange(position...)
    }
  }
}
