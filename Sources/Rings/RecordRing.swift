import Synchronization

/// A ring of trivial records: one thread puts in, one takes out.
///
/// Take the two ends out of it and hand each to its thread.
@frozen public struct RecordRing<Record: BitwiseCopyable>: ~Copyable {
  public var producer: RecordProducer<Record>
  public var consumer: RecordConsumer<Record>

  /// `capacity` records, rounded up to a power of two. All memory is taken and touched here.
  public init(capacity: Int) {
    let count = powerOfTwo(atLeast: capacity, minimum: 2)
    let memory = RingMemory(byteCount: count * MemoryLayout<Record>.stride)
    let slots = memory.records.bindMemory(to: Record.self, capacity: count)
    producer = RecordProducer(memory: memory, slots: slots, capacity: count)
    consumer = RecordConsumer(memory: memory, slots: slots, capacity: count)
  }
}

/// The end of a `RecordRing` that puts in. It belongs to one thread at a time.
public struct RecordProducer<Record: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  let memory: RingMemory
  @usableFromInline let tailPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let headPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let slots: UnsafeMutablePointer<Record>
  /// Records the ring holds when full, a power of two.
  public let capacity: Int
  @usableFromInline var tail = 0
  /// The consumer's position when it was last looked at.
  @usableFromInline var knownHead = 0

  init(memory: RingMemory, slots: UnsafeMutablePointer<Record>, capacity: Int) {
    self.memory = memory
    tailPosition = memory.tail
    headPosition = memory.head
    self.slots = slots
    self.capacity = capacity
  }

  deinit { memory.release() }

  /// The slot of the next record, to be filled in place and then committed; nil when full.
  /// It holds what an earlier record left there.
  @inlinable public mutating func reserve() -> UnsafeMutablePointer<Record>? {
    if tail - knownHead == capacity {
      knownHead = headPosition.pointee.load(ordering: .acquiring)
      if tail - knownHead == capacity { return nil }
    }
    return slots + (tail & (capacity - 1))
  }

  /// Hands the reserved slot to the consumer.
  @inlinable public mutating func commit() {
    tail += 1
    tailPosition.pointee.store(tail, ordering: .releasing)
  }

  @inlinable public mutating func push(_ record: Record) -> Stored {
    guard let slot = reserve() else { return .full }
    slot.pointee = record
    commit()
    return .stored
  }

  /// Records put in and not taken out yet, at most; the consumer may be taking.
  public var backlog: Int { tail - headPosition.pointee.load(ordering: .relaxed) }
}

/// The end of a `RecordRing` that takes out. It belongs to one thread at a time.
public struct RecordConsumer<Record: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  let memory: RingMemory
  @usableFromInline let tailPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let headPosition: UnsafeMutablePointer<Atomic<Int>>
  @usableFromInline let slots: UnsafeMutablePointer<Record>
  /// Records the ring holds when full, a power of two.
  public let capacity: Int
  @usableFromInline var head = 0
  /// The producer's position when it was last looked at.
  @usableFromInline var knownTail = 0

  init(memory: RingMemory, slots: UnsafeMutablePointer<Record>, capacity: Int) {
    self.memory = memory
    tailPosition = memory.tail
    headPosition = memory.head
    self.slots = slots
    self.capacity = capacity
  }

  deinit { memory.release() }

  /// The oldest record, in place, the consumer's to read or wipe until it is released; nil when
  /// there is none.
  @inlinable public mutating func peek() -> UnsafeMutablePointer<Record>? {
    if head == knownTail {
      knownTail = tailPosition.pointee.load(ordering: .acquiring)
      if head == knownTail { return nil }
    }
    return slots + (head & (capacity - 1))
  }

  /// Gives the slot of the peeked record back to the producer.
  @inlinable public mutating func release() {
    precondition(head < knownTail, "only a peeked record is released")
    head += 1
    headPosition.pointee.store(head, ordering: .releasing)
  }

  @inlinable public mutating func pop() -> Record? {
    guard let slot = peek() else { return nil }
    let record = slot.pointee
    release()
    return record
  }

  @inlinable public var isEmpty: Bool {
    head == knownTail && head == tailPosition.pointee.load(ordering: .acquiring)
  }
}
