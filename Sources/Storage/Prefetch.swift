public import CSluice

extension Table {
  /// Asks the cache for the lines of a record that will be read soon, or for its first ones.
  ///
  /// Not checked: what is asked for is not read. Whatever the address, it never faults and changes
  /// nothing but time. A processor has some sixteen lines on their way at once: each line that is
  /// asked for in vain keeps others waiting.
  @inlinable @inline(__always)
  public func prefetch(_ index: Int, lines: Int = (MemoryLayout<Record>.stride + 63) / 64) {
    var address = UnsafeRawPointer(base + index)
    for _ in 0..<lines {
      sluice_prefetch(address)
      address += 64
    }
  }
}
