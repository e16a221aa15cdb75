import CSluice
import Journal

/// The reader of a journal: whatever the bytes, it ends, and gives out only what they hold.
enum JournalReaderFuzz {
  static let header = JournalHeader(
    shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 1, createdTime: 0,
    genesisHash: InlineArray(repeating: 0),
    segment: .first(JournalFormat.segmentBytes.lowerBound))

  /// - Parameter cut: where the bytes of the second segment begin. An odd one has every checksum
  ///   made right, so that the fuzzer comes behind them.
  static func run(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    var pieces = [Array(bytes.prefix(cut)), Array(bytes.dropFirst(cut))]
    if pieces[0].count < 128 || pieces[0][0] != JournalFormat.magic[0] {
      pieces[0] = headerBytes() + pieces[0]
    }
    if cut % 2 == 1 { pieces = pieces.map(summed) }
    walk(PiecesStorage(pieces), behind: nil)
    walk(PiecesStorage(pieces), behind: UInt64(cut))
  }

  private static func walk(_ storage: consuming PiecesStorage, behind sequence: UInt64?) {
    do throws(JournalError) {
      var reader =
        if let sequence {
          try JournalReader(reading: storage, behind: sequence)
        } else {
          try JournalReader(reading: storage)
        }
      if let sequence { try reader.skip(behind: sequence) }
      var last = reader.end
      while let record = try reader.next() {
        let end = reader.end
        precondition(
          record.offset >= last.offset && end.offset > record.offset, "a reader goes on")
        precondition(
          record.sequence >= last.sequence && record.time >= last.time, "records are in order")
        precondition(end.offset <= end.header.segment.end, "a record lies in its segment")
        last = end
      }
    } catch {}
  }

  /// Of the segment behind one that has these bytes at its beginning, and ends with them.
  static func header(behind bytes: [UInt8]) -> [UInt8] {
    var end = header.end(crc: 0)
    do throws(JournalError) {
      var reader = try JournalReader(reading: PiecesStorage([bytes]))
      while try reader.next() != nil {}
      end = reader.end
    } catch {}
    let next = header.next(behind: end, byteCount: header.segment.byteCount)
    return [UInt8](unsafeUninitializedCapacity: JournalFormat.headerByteCount) { room, count in
      next.encode(into: UnsafeMutableRawBufferPointer(room))
      count = JournalFormat.headerByteCount
    }
  }

  private static func headerBytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: JournalFormat.headerByteCount) { room, count in
      header.encode(into: UnsafeMutableRawBufferPointer(room))
      count = JournalFormat.headerByteCount
    }
  }

  /// The same with the checksums that a header and records there would have.
  private static func summed(_ piece: [UInt8]) -> [UInt8] {
    var piece = piece
    guard piece.count >= JournalFormat.headerByteCount else { return piece }
    var crc = sluice_crc32c(0, piece, 124)
    put(crc, at: 124, into: &piece)
    var start = JournalFormat.headerByteCount
    while start + JournalFormat.recordHeaderByteCount <= piece.count {
      let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(piece[start + $1]) }
      let size = (length + 7) & ~7
      guard size >= JournalFormat.recordHeaderByteCount, start + size <= piece.count else { break }
      crc = piece.withUnsafeBytes {
        sluice_crc32c(crc, $0.baseAddress! + start + 4, size - 4)
      }
      put(crc, at: start, into: &piece)
      start += size
    }
    return piece
  }

  private static func put(_ crc: UInt32, at place: Int, into bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: crc >> (8 * byte)) }
  }

  /// Segments of the smallest size with these bytes at their beginnings, zeros behind.
  private struct PiecesStorage: JournalStorage, ~Copyable {
    let pieces: [[UInt8]]

    init(_ pieces: [[UInt8]]) { self.pieces = pieces }

    mutating func open(_ opening: JournalOpening) throws(JournalStorageError) -> UInt64 {
      UInt64(pieces.count) * JournalFormat.segmentBytes.lowerBound
    }

    mutating func append(
      _ bytes: UnsafeRawBufferPointer, at offset: UInt64
    ) throws(JournalStorageError) { throw .notPermitted }

    mutating func sync() throws(JournalStorageError) { throw .notPermitted }

    mutating func read(
      at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(JournalStorageError) -> Int {
      let size = JournalFormat.segmentBytes.lowerBound
      let number = Int(min(offset / size, UInt64(pieces.count)))
      guard number < pieces.count else { return 0 }
      let start = Int(offset % size)
      let count = min(buffer.count, Int(size) - start)
      let part = pieces[number].dropFirst(start).prefix(count)
      UnsafeMutableRawBufferPointer(rebasing: buffer[part.count..<count])
        .initializeMemory(as: UInt8.self, repeating: 0)
      part.withUnsafeBytes { buffer.copyMemory(from: $0) }
      return count
    }

    mutating func close() {}
  }
}
