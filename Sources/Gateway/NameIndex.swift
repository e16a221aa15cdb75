import Domain
import Storage

/// Names of 32 bytes by dense id, and dense ids by name: fixed room, no allocation after the start.
///
/// `qualifier` tells apart equal names: the exchange of an instrument's code, 0 elsewhere.
public struct NameIndex: ~Copyable {
  public struct Row: BitwiseCopyable {
    public var name: FixedText<32>
    public var qualifier: UInt8

    public init(name: FixedText<32>, qualifier: UInt8) {
      self.name = name
      self.qualifier = qualifier
    }
  }

  private let rows: Table<Row>
  /// Dense id + 1, 0 = free; linear probing, at most half full.
  private let buckets: Table<UInt32>
  private let mask: Int
  public private(set) var count = 0

  init(capacity: Int) {
    rows = Table(capacity: capacity)
    var bucketCount = 16
    while bucketCount < capacity * 2 { bucketCount *= 2 }
    buckets = Table(capacity: bucketCount)
    mask = bucketCount - 1
  }

  /// Gives the next dense id to a name. The engine has refused what is double or too much.
  mutating func add(_ name: FixedText<32>, qualifier: UInt8 = 0) {
    precondition(count < rows.capacity, "the engine gives no more ids than there is room for")
    rows.at(count).pointee = Row(name: name, qualifier: qualifier)
    var bucket = Self.hash(name) & mask
    while buckets.at(bucket).pointee != 0 { bucket = (bucket + 1) & mask }
    count += 1
    buckets.at(bucket).pointee = UInt32(count)
  }

  /// The row of a dense id; nil when there is no such id.
  public func row(_ id: UInt32) -> UnsafePointer<Row>? {
    Int(id) < count ? UnsafePointer(rows.at(id)) : nil
  }

  public func name(_ id: UInt32) -> FixedText<32> { row(id)?.pointee.name ?? FixedText() }

  /// The dense id of a name; with qualifier 0 the only one of that name. Nil for none or several.
  public func id(_ name: FixedText<32>, qualifier: UInt8 = 0) -> UInt32? {
    var bucket = Self.hash(name) & mask
    var found: UInt32?
    while true {
      let entry = buckets.at(bucket).pointee
      guard entry != 0 else { return found }
      let row = rows.at(entry - 1)
      if Self.isEqual(row.pointee.name, name) {
        if qualifier == row.pointee.qualifier { return entry - 1 }
        if qualifier == 0 {
          guard found == nil else { return nil }
          found = entry - 1
        }
      }
      bucket = (bucket + 1) & mask
    }
  }

  private static func words(_ name: FixedText<32>) -> SIMD4<UInt64> {
    withUnsafeBytes(of: name) { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  private static func isEqual(_ left: FixedText<32>, _ right: FixedText<32>) -> Bool {
    words(left) == words(right)
  }

  private static func hash(_ name: FixedText<32>) -> Int {
    let words = words(name)
    var mixed: UInt64 = 0x9E37_79B9_7F4A_7C15
    for index in 0..<4 {
      mixed = (mixed ^ words[index]) &* 0xFF51_AFD7_ED55_8CCD
      mixed ^= mixed >> 32
    }
    return Int(truncatingIfNeeded: mixed & 0x7FFF_FFFF)
  }
}
