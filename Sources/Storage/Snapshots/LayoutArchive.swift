/// Goes through a state for the sizes of its fields and tables alone: two states of the same can
/// read each other's bytes.
public struct LayoutArchive: StateArchive {
  private var hasher = StateHasher()

  public init() {}

  public var isReading: Bool { false }
  public var value: UInt64 { hasher.value }

  public mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) {
    hasher.combine(UInt64(bytes.count))
  }

  public mutating func passSparse(_ bytes: UnsafeMutableRawBufferPointer) {
    hasher.combine(UInt64(bytes.count) << 1 | 1)
  }
}

extension StateArchive where Self: ~Copyable {
  /// What `LayoutArchive` makes of the fields and tables that follow: `otherLayout` when what is
  /// read was written by one of other sizes.
  public mutating func pass(layout: UInt64) throws(SnapshotFault) {
    var found = layout
    try pass(&found)
    guard found == layout else { throw .otherLayout }
  }
}
