import Journal

/// The start of a journal whose records a `Sequencer` frames.
public enum JournalFile {
  /// Puts the header into a storage that was opened empty; where the records start.
  public static func begin<Storage: JournalStorage & ~Copyable>(
    _ header: JournalHeader, in storage: inout Storage
  ) throws(JournalStorageError) -> JournalEnd {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JournalFormat.headerByteCount, alignment: 8)
    defer { bytes.deallocate() }
    let crc = header.encode(into: bytes)
    try storage.append(UnsafeRawBufferPointer(bytes), at: 0)
    return header.end(crc: crc)
  }
}
