public import CSluice

/// Asks the cache for the lines of a record that will be read soon, or for its first ones.
/// Whatever the address, it never faults and changes nothing but time. A processor has some
/// sixteen lines on their way at once: each line that is asked for in vain keeps others waiting.
@inlinable @inline(__always)
public func prefetch<Record>(
  _ record: UnsafePointer<Record>, lines: Int = (MemoryLayout<Record>.stride + 63) / 64
) {
  var address = UnsafeRawPointer(record)
  for _ in 0..<lines {
    sluice_prefetch(address)
    address += 64
  }
}

/// Asks for the one line at an address.
@inlinable @inline(__always)
public func prefetchLine(_ address: UnsafeRawPointer) {
  sluice_prefetch(address)
}

extension Table {
  /// Asks for the record at an index. Not checked: what is asked for is not read.
  @inlinable @inline(__always)
  public func prefetch(_ index: Int, lines: Int = (MemoryLayout<Record>.stride + 63) / 64) {
    Storage.prefetch(UnsafePointer(base + index), lines: lines)
  }
}
