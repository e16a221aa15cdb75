import Glibc

/// A fixed number of trivial records in one zeroed block of memory.
///
/// Large tables are aligned to 2 MiB and advised for huge pages: a decision that lands anywhere in
/// a million records then misses the cache but not the page table as well. Whoever does not want to
/// wait for a page when it is first touched has them filled before (`TableMemory`).
public struct Table<Record: BitwiseCopyable>: ~Copyable {
  public let base: UnsafeMutablePointer<Record>
  public let capacity: Int
  let byteCount: Int

  /// Allocates room for `capacity` records, all bytes zero. Stops the process when the memory
  /// can't be had: this happens at start-up alone.
  ///
  /// - Parameter isSparse: most of it is never touched: it has small pages.
  public init(capacity: Int, isSparse: Bool = false) {
    precondition(capacity >= 0, "a table's capacity is not negative")
    self.capacity = capacity
    let huge = 2 << 20
    let wanted = max(capacity, 1) * MemoryLayout<Record>.stride
    byteCount = (wanted + huge - 1) & ~(huge - 1)
    if wanted < huge / 2 {
      let line = 64
      let block = aligned_alloc(line, (max(wanted, 1) + line - 1) & ~(line - 1))
      precondition(block != nil, "memory for a table can be had at start-up")
      memset(block!, 0, wanted)
      base = block!.assumingMemoryBound(to: Record.self)
      mapped = false
      return
    }
    // Over-allocate by one huge page, then give back what lies outside the aligned part.
    let raw = mmap(
      nil, byteCount + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(raw != MAP_FAILED, "memory for a table can be had at start-up")
    let start = UInt(bitPattern: raw)
    let aligned = (start + UInt(huge) - 1) & ~(UInt(huge) - 1)
    if aligned > start { munmap(raw, Int(aligned - start)) }
    let tail = Int(start + UInt(byteCount + huge) - (aligned + UInt(byteCount)))
    if tail > 0 { munmap(UnsafeMutableRawPointer(bitPattern: aligned + UInt(byteCount)), tail) }
    let block = UnsafeMutableRawPointer(bitPattern: aligned)!
    if !isSparse { madvise(block, byteCount, MADV_HUGEPAGE) }
    base = block.assumingMemoryBound(to: Record.self)
    mapped = true
  }

  let mapped: Bool

  deinit {
    if mapped { munmap(base, byteCount) } else { free(base) }
  }

  /// The record at `index`, in place.
  @inlinable public func at(_ index: Int) -> UnsafeMutablePointer<Record> {
    // As unsigned numbers, of which a negative one is never below: one compare.
    precondition(
      UInt(bitPattern: index) < UInt(bitPattern: capacity), "a table index is below its capacity")
    return base + index
  }

  /// The record at a dense id.
  @inlinable public func at(_ index: UInt32) -> UnsafeMutablePointer<Record> {
    at(Int(index))
  }
}
