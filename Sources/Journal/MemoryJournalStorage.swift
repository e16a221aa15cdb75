/// A journal in memory, for tests and simulation: the file's stand-in, kept when its storage is
/// closed so that it can be opened again.
public final class MemoryJournalFile {
  public var bytes: [UInt8] = []
  /// Whether it was ever created.
  public var exists = false
  /// How many bytes fit; a write past it stores what fits and fails.
  public var capacity: Int
  /// How many bytes were there at the last sync.
  public private(set) var syncedCount = 0
  /// The next call of this kind fails with this.
  public var nextSyncFailure: JournalStorageError?

  public init(capacity: Int = .max) { self.capacity = capacity }

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    exists = true
    capacity = .max
  }

  fileprivate func sync() throws(JournalStorageError) {
    if let failure = nextSyncFailure {
      nextSyncFailure = nil
      throw failure
    }
    syncedCount = bytes.count
  }
}

/// A `JournalStorage` over a `MemoryJournalFile`.
public struct MemoryJournalStorage: JournalStorage, ~Copyable {
  private let file: MemoryJournalFile

  public init(_ file: MemoryJournalFile) { self.file = file }

  public mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
    switch opening {
    case .create:
      guard !file.exists else { throw .exists }
      file.exists = true
    case .append(let offset):
      guard file.exists else { throw .missing }
      precondition(offset <= UInt64(file.bytes.count), "a journal goes on at its end")
      file.bytes.removeSubrange(Int(offset)...)
    case .read:
      guard file.exists else { throw .missing }
    }
    return UInt64(file.bytes.count)
  }

  public mutating func append(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64
  ) throws(JournalStorageError) {
    let gap = Int(offset) - file.bytes.count
    if gap > 0 {
      guard Int(offset) <= file.capacity else { throw .full }
      file.bytes += repeatElement(0, count: gap)
    }
    let room = max(0, file.capacity - Int(offset))
    file.bytes.replaceSubrange(Int(offset)..., with: bytes.prefix(room))
    if bytes.count > room { throw .full }
  }

  public mutating func sync() throws(JournalStorageError) { try file.sync() }

  public mutating func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalStorageError) -> Int {
    guard offset < UInt64(file.bytes.count) else { return 0 }
    let part = file.bytes[Int(offset)...].prefix(buffer.count)
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    return part.count
  }

  public mutating func close() {}
}
