public import CSluice

/// Asks the cache for the lines of a record that will be read soon. Whatever the address, it
/// never faults and changes nothing but time.
@inlinable @inline(__always)
public func prefetch<Record>(_ record: UnsafePointer<Record>) {
  let lines = (MemoryLayout<Record>.stride + 63) / 64
  var address = UnsafeRawPointer(record)
  for _ in 0..<lines {
    sluice_prefetch(address)
    address += 64
  }
}
