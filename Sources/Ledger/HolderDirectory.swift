import Storage

/// A number for each holder in each row, 0 = none; a row is an instrument or a commodity.
///
/// Row by row: the fund accounts of a product are neighbours, so that an order finds them in one
/// line of its row, and the rows of what nobody trades are never touched.
struct HolderDirectory: ~Copyable {
  private let entries: Table<UInt32>
  private let holders: Int

  init(rows: Int, holders: Int) {
    self.holders = holders
    entries = Table(capacity: rows * holders)
  }

  func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(entries)
  }

  /// Asks the cache for the entry.
  @inline(__always) func prefetch(_ row: Int, _ holder: HolderID) {
    entries.prefetch(row &* holders &+ holder.index, lines: 1)
  }

  func at(_ row: Int, _ holder: HolderID) -> UnsafeMutablePointer<UInt32> {
    entries.at(row &* holders &+ holder.index)
  }
}
