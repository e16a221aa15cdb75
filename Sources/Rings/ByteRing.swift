import Synchronization

/// A ring of records of any length: one thread puts in, one takes out.
///
/// A record is a kind that the two threads agree on and bytes, contiguous and aligned to eight.
/// Take the two ends out of it and hand each to its thread.
@frozen public struct ByteRing: ~Copyable {
  public var producer: ByteProducer
  public var consumer: ByteConsumer

  /// Room for `capacity` bytes, headers included, rounded up to a power of two of at least 64.
  /// All memory is taken and touched here.
  public init(capacity: Int) {
    let count = powerOfTwo(atLeast: capacity, minimum: 64)
    let memory = RingMemory(byteCount: count)
    producer = ByteProducer(memory: memory, capacity: count)
    consumer = ByteConsumer(memory: memory, capacity: count)
  }
}

/// What stands before each record: `count` bytes of payload follow, then padding to eight.
@usableFromInline struct ByteRecordHeader: BitwiseCopyable {
  @usableFromInline var count: UInt32
  @usableFromInline var kind: UInt32

  @usableFromInline static var byteCount: Int { 8 }
  /// In `count`: nothing more before the end of the ring's memory; go on at its start.
  @usableFromInline static var skip: UInt32 { .max }

  @inlinable init(count: UInt32, kind: UInt32) {
    self.count = count
    self.kind = kind
  }

  @inlinable static func size(payload count: Int) -> Int { byteCount + (count + 7) & ~7 }
}

/// A record as its consumer sees it, until it is released.
public struct ByteRecord {
  public let kind: UInt32
  public let bytes: UnsafeRawBufferPointer

  @inlinable init(kind: UInt32, bytes: UnsafeRawBufferPointer) {
    self.kind = kind
    self.bytes = bytes
  }
}

/// The end of a `ByteRing` that puts in. It belongs to one thread at a time.
public struct ByteProducer: ~Copyable, @unchecked Sendable {
  let memory: RingMemory
  @usableFromInline let tailPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let headPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let bytes: UnsafeMutableRawPointer
  /// Bytes the ring holds when full, headers included, a power of two.
  public let capacity: Int
  @usableFromInline var tail = 0
  /// The consumer's position when it was last looked at.
  @usableFromInline var knownHead = 0
  /// Bytes reserved and not committed yet.
  @usableFromInline var reserved = 0

  init(memory: RingMemory, capacity: Int) {
    self.memory = memory
    tailPosition = memory.tail
    headPosition = memory.head
    bytes = memory.records
    self.capacity = capacity
  }

  deinit { memory.release() }

  /// The longest record that an empty ring is sure to take, wherever it stands.
  @inlinable public var recordMaximum: Int { capacity / 2 - ByteRecordHeader.byteCount }

  /// Room for a record of at most `count` bytes, to be filled in place and then committed; nil
  /// when full. A second reservation before the commit replaces the first.
  @inlinable public mutating func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer? {
    precondition(count >= 0 && count <= recordMaximum, "a record fits half of its ring")
    let size = ByteRecordHeader.size(payload: count)
    let toEnd = capacity - (tail & (capacity - 1))
    let needed = size <= toEnd ? size : toEnd + size
    if tail + needed - knownHead > capacity {
      knownHead = headPosition.pointee.load(ordering: .acquiring)
      if tail + needed - knownHead > capacity { return nil }
    }
    if size > toEnd {
      // The consumer sees the skip together with the record, at the commit.
      bytes.storeBytes(
        of: ByteRecordHeader(count: ByteRecordHeader.skip, kind: 0),
        toByteOffset: tail & (capacity - 1), as: ByteRecordHeader.self)
      tail += toEnd
    }
    reserved = count
    return UnsafeMutableRawBufferPointer(
      start: bytes + (tail & (capacity - 1)) + ByteRecordHeader.byteCount, count: count)
  }

  /// Hands the first `count` reserved bytes to the consumer as one record.
  @inlinable public mutating func commit(_ count: Int, kind: UInt32) {
    precondition(count >= 0 && count <= reserved, "only reserved bytes are committed")
    bytes.storeBytes(
      of: ByteRecordHeader(count: UInt32(count), kind: kind),
      toByteOffset: tail & (capacity - 1), as: ByteRecordHeader.self)
    tail += ByteRecordHeader.size(payload: count)
    reserved = 0
    tailPosition.pointee.store(tail, ordering: .releasing)
  }

  @inlinable public mutating func push(_ record: UnsafeRawBufferPointer, kind: UInt32) -> Stored {
    guard let room = reserve(record.count) else { return .full }
    room.copyMemory(from: record)
    commit(record.count, kind: kind)
    return .stored
  }

  /// Bytes put in and not taken out yet, headers included, at most.
  public var backlog: Int { tail - headPosition.pointee.load(ordering: .relaxed) }
}

/// The end of a `ByteRing` that takes out. It belongs to one thread at a time.
public struct ByteConsumer: ~Copyable, @unchecked Sendable {
  let memory: RingMemory
  @usableFromInline let tailPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let headPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let bytes: UnsafeMutableRawPointer
  /// Bytes the ring holds when full, headers included, a power of two.
  public let capacity: Int
  @usableFromInline var head = 0
  /// The producer's position when it was last looked at.
  @usableFromInline var knownTail = 0

  init(memory: RingMemory, capacity: Int) {
    self.memory = memory
    tailPosition = memory.tail
    headPosition = memory.head
    bytes = memory.records
    self.capacity = capacity
  }

  deinit { memory.release() }

  /// The next record, in place until `release`; nil when there is none. Several may be taken
  /// before one release gives all of them back.
  @inlinable public mutating func next() -> ByteRecord? {
    if head == knownTail {
      knownTail = tailPosition.pointee.load(ordering: .acquiring)
      if head == knownTail { return nil }
    }
    var header = bytes.load(
      fromByteOffset: head & (capacity - 1), as: ByteRecordHeader.self)
    if header.count == ByteRecordHeader.skip {
      head += capacity - (head & (capacity - 1))
      header = bytes.load(fromByteOffset: 0, as: ByteRecordHeader.self)
    }
    let start = bytes + (head & (capacity - 1)) + ByteRecordHeader.byteCount
    head += ByteRecordHeader.size(payload: Int(header.count))
    return ByteRecord(
      kind: header.kind, bytes: UnsafeRawBufferPointer(start: start, count: Int(header.count)))
  }

  /// Gives every record taken so far back to the producer.
  @inlinable public mutating func release() {
    headPosition.pointee.store(head, ordering: .releasing)
  }

  @inlinable public var isEmpty: Bool {
    head == knownTail && head == tailPosition.pointee.load(ordering: .acquiring)
  }
}
