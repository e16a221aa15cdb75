/// Where a state goes, or comes from. One walk over its fields does both, so that what is read is
/// what was written.
///
/// A state that is read into was just made: its tables are zero.
public protocol StateArchive: ~Copyable {
  /// Whether fields are read; else they are written.
  var isReading: Bool { get }

  /// Writes these bytes, or reads as many into them.
  mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault)

  /// The same for a block that may be zero in most places: only the others take up room.
  mutating func passSparse(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault)
}

extension StateArchive where Self: ~Copyable {
  /// A field.
  public mutating func pass<Value: BitwiseCopyable>(
    _ value: inout Value
  ) throws(SnapshotFault) {
    var copy = value
    try withUnsafeMutableBytes(of: &copy) { bytes throws(SnapshotFault) in try pass(bytes) }
    value = copy
  }

  /// A number of things, of which there is only so much room.
  public mutating func pass(count: inout Int, atMost maximum: Int) throws(SnapshotFault) {
    var wide = Int64(count)
    try pass(&wide)
    guard wide >= 0, wide <= Int64(maximum) else {
      throw .badCount(found: wide, maximum: Int64(maximum))
    }
    count = Int(wide)
  }

  /// All records of a table; what they are counted by is passed on its own.
  public mutating func pass<Record>(_ table: borrowing Table<Record>) throws(SnapshotFault) {
    try passSparse(
      UnsafeMutableRawBufferPointer(
        start: table.base, count: table.capacity * MemoryLayout<Record>.stride))
  }

  /// A short text of at most 65 535 bytes of UTF-8.
  public mutating func pass(_ text: inout String) throws(SnapshotFault) {
    var bytes = Array(text.utf8)
    var count = bytes.count
    try pass(count: &count, atMost: Int(UInt16.max))
    if isReading { bytes = Array(repeating: 0, count: count) }
    var fault: SnapshotFault?
    bytes.withUnsafeMutableBytes { room in
      do throws(SnapshotFault) {
        try pass(room)
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    if isReading { text = String(decoding: bytes, as: UTF8.self) }
  }
}
