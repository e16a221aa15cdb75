/// Writes a journal to a storage, a buffer at a time.
///
/// Records gather in the buffer; `flush` hands them over in one write and must have succeeded
/// before any of their effects leaves. After it they survive the end of the process; after `sync`
/// they survive a loss of power.
public struct JournalWriter<Storage: JournalStorage & ~Copyable>: ~Copyable {
  @usableFromInline var storage: Storage
  @usableFromInline var encoder: JournalEncoder
  /// No more may be written: it is closed, or a sync failed and what the storage holds is
  /// uncertain.
  @usableFromInline var isSealed = false
  /// The last record is a command: its outcome follows in the same segment.
  @usableFromInline var isBehindCommand = false

  /// Enough for a thousand orders in one turn of the loop.
  public static var bufferByteCount: Int { 1 << 20 }

  /// Begins a journal, which must not exist, with its header.
  public init(
    creating header: JournalHeader, in storage: consuming Storage,
    bufferByteCount: Int = Self.bufferByteCount
  ) throws(JournalError) {
    let end: JournalEnd
    do throws(JournalStorageError) {
      end = try storage.create(header)
    } catch {
      throw .storage(error)
    }
    self.storage = storage
    encoder = JournalEncoder(after: end, capacity: bufferByteCount)
  }

  /// Goes on behind the end that a `JournalReader` found; what lies behind it is cut off.
  public init(
    continuingAt end: JournalEnd, in storage: consuming Storage,
    bufferByteCount: Int = Self.bufferByteCount
  ) throws(JournalError) {
    do throws(JournalStorageError) {
      _ = try storage.open(.append(at: end.offset))
    } catch {
      throw .storage(error)
    }
    self.storage = storage
    encoder = JournalEncoder(after: end, capacity: bufferByteCount)
  }

  /// The end of the records, the unflushed ones included.
  @inlinable public var end: JournalEnd { encoder.end }
  /// The sequence of the last record that the storage has: its effects may leave.
  @inlinable public var storedSequence: UInt64 { encoder.storedSequence }
  @inlinable public var isFlushed: Bool { encoder.pending.isEmpty }

  /// Room for a payload of at most `count` bytes; flushes first when the buffer has too little, and
  /// begins a segment when this one has too little for two records of the longest kind, but never
  /// between a command and its outcome.
  @inlinable public mutating func reserve(
    _ count: Int
  ) throws(JournalError) -> UnsafeMutableRawBufferPointer {
    if isSealed { throw .sealed }
    if !isBehindCommand, encoder.segmentRoom < 2 * JournalFormat.recordByteMaximum {
      try flush()
      encoder.beginSegment(encoder.end.header.segment.byteCount)
    }
    if let room = encoder.reserve(count) { return room }
    try flush()
    guard let room = encoder.reserve(count) else {
      preconditionFailure("an empty journal buffer takes the longest record")
    }
    return room
  }

  /// Makes the first `count` reserved bytes a record; see `JournalEncoder.commit`.
  @inlinable public mutating func commit(
    _ count: Int, type: JournalRecordType, sequence: UInt64, time: Int64
  ) {
    encoder.commit(count, type: type, sequence: sequence, time: time)
    isBehindCommand = type == .command
  }

  /// Appends a record; when it throws, nothing was appended.
  @inlinable public mutating func append(
    _ payload: UnsafeRawBufferPointer, type: JournalRecordType, sequence: UInt64, time: Int64
  ) throws(JournalError) {
    try reserve(payload.count).copyMemory(from: payload)
    commit(payload.count, type: type, sequence: sequence, time: time)
  }

  /// Hands everything appended to the storage in one write. When it throws, the records stay in
  /// the buffer and the call can be made again, when there is space for instance.
  @inlinable public mutating func flush() throws(JournalError) {
    if isSealed { throw .sealed }
    let pending = encoder.pending
    if pending.isEmpty { return }
    do throws(JournalStorageError) {
      try storage.append(pending, at: encoder.pendingOffset)
    } catch {
      throw .storage(error)
    }
    encoder.pendingWasStored()
    encoder.released(upTo: encoder.storedSequence)
  }

  /// Flushes, and returns when everything would survive a loss of power. A failed sync seals the
  /// journal: the system may have dropped what it could not write and will not say so again.
  public mutating func sync() throws(JournalError) {
    try flush()
    do throws(JournalStorageError) {
      try storage.sync()
    } catch {
      isSealed = true
      throw .storage(error)
    }
  }

  /// Syncs and closes; nothing can be written afterwards.
  public mutating func close() throws(JournalError) {
    try sync()
    isSealed = true
    storage.close()
  }
}
