/// Where a snapshot's bytes are put, one behind the other.
public protocol SnapshotOutput: ~Copyable {
  /// Takes all of the bytes, or fails.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SnapshotFault)
}

/// Where a snapshot's bytes come from, one behind the other.
public protocol SnapshotInput: ~Copyable {
  /// As many as `buffer` takes, fewer only at the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SnapshotFault) -> Int
}

/// A snapshot in memory, for tests and simulation.
public struct MemorySnapshot: SnapshotOutput, SnapshotInput {
  public var bytes: [UInt8]
  private var position = 0

  public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  public mutating func write(_ bytes: UnsafeRawBufferPointer) {
    self.bytes += bytes
  }

  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes[position..<position + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
    position += count
    return count
  }
}
