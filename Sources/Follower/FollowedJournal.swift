import Journal
import Rings
import Synchronization

/// How far the journal is stored: written by who stores it, read by who follows.
public final class JournalMark: Sendable {
  private let offset = Atomic<UInt64>(0)
  private let command = Atomic<UInt64>(0)

  public init() {}

  /// Everything in front of `end` is stored, and was offered to the ring before.
  public func stored(_ end: JournalEnd) {
    command.store(end.sequence, ordering: .relaxed)
    offset.store(end.offset, ordering: .releasing)
  }

  public var storedOffset: UInt64 { offset.load(ordering: .acquiring) }
  public var storedSequence: UInt64 { command.load(ordering: .relaxed) }
}

/// The stored bytes of a journal on their way to its follower: the end that puts in.
///
/// It never waits: what finds no room is read from the file.
public struct JournalFeed: ~Copyable {
  private var ring: ByteProducer
  public let mark: JournalMark
  /// Bytes that found no room so far.
  public private(set) var overflowBytes: UInt64 = 0

  static let kind: UInt32 = 1

  public init(_ ring: consuming ByteProducer, _ mark: JournalMark) {
    self.ring = ring
    self.mark = mark
  }

  /// Whole records that belong at `offset`; they may be read when `mark` says so.
  public mutating func offer(_ records: UnsafeRawBufferPointer, at offset: UInt64) {
    guard !records.isEmpty else { return }
    let count = records.count + MemoryLayout<UInt64>.size
    if count <= ring.recordMaximum, let room = ring.reserve(count) {
      room.storeBytes(of: offset, as: UInt64.self)
      UnsafeMutableRawBufferPointer(rebasing: room[MemoryLayout<UInt64>.size...])
        .copyMemory(from: records)
      ring.commit(count, kind: JournalFeed.kind)
    } else {
      overflowBytes += UInt64(records.count)
    }
  }
}

/// A journal that is still written to, as its follower reads it: from the ring while that has the
/// bytes, else from the file.
struct FollowedJournal<File: JournalStorage & ~Copyable>: JournalStorage, ~Copyable {
  private var file: File
  private var ring: ByteConsumer
  private let mark: JournalMark
  /// The oldest bytes of the ring that were not passed yet, and where they belong.
  private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
  private var chunkOffset: UInt64 = 0

  init(_ file: consuming File, _ ring: consuming ByteConsumer, _ mark: JournalMark) {
    self.file = file
    self.ring = ring
    self.mark = mark
  }

  mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
    try file.open(opening)
  }

  mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) { throw .notPermitted }

  mutating func sync() throws(JournalStorageError) { throw .notPermitted }

  /// It ends where the ring's bytes end, at the latest: those are whole records, so that no record
  /// is read in part.
  mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int {
    // Looked at first: what is in front of it is in the ring by now, or never will be.
    let end = mark.storedOffset
    guard offset < end, buffer.count > 0 else { return 0 }
    passChunks(before: offset)
    var count = Int(min(UInt64(buffer.count), end - offset))
    if !chunk.isEmpty, chunkOffset <= offset {
      let start = Int(offset - chunkOffset)
      count = min(count, chunk.count - start)
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk[start..<start + count]))
      return count
    }
    if !chunk.isEmpty { count = Int(min(UInt64(count), chunkOffset - offset)) }
    return try file.read(
      at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
  }

  mutating func close() { file.close() }

  /// Gives back to the ring what lies wholly in front of `offset`.
  private mutating func passChunks(before offset: UInt64) {
    while true {
      if !chunk.isEmpty {
        guard chunkOffset + UInt64(chunk.count) <= offset else { return }
        chunk = UnsafeRawBufferPointer(start: nil, count: 0)
        ring.release()
      }
      guard let record = ring.next() else { return }
      chunkOffset = record.bytes.loadUnaligned(as: UInt64.self)
      chunk = UnsafeRawBufferPointer(rebasing: record.bytes[MemoryLayout<UInt64>.size...])
    }
  }
}
