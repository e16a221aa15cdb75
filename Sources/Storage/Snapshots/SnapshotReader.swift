import CSluice

/// Reads a snapshot into a state that was just made. Nothing in the file is trusted: a length, a
/// count or a place out of its range is a fault, and so is a checksum.
public struct SnapshotReader<Input: SnapshotInput & ~Copyable>: StateArchive, ~Copyable {
  public let facts: SnapshotFacts
  private var input: Input
  private let room = Table<UInt8>(
    capacity: SnapshotFormat.blockHeaderByteCount + SnapshotFormat.blockByteMaximum)
  /// What the block holds, and how much of that was taken.
  private var held = 0
  private var taken = 0
  private var crc: UInt32
  private var offset = UInt64(SnapshotFormat.headerByteCount)

  public var isReading: Bool { true }

  /// Reads the header.
  public init(_ input: consuming Input) throws(SnapshotFault) {
    let block = UnsafeMutableRawBufferPointer(start: room.base, count: room.capacity)
    let header = UnsafeMutableRawBufferPointer(
      rebasing: block[..<SnapshotFormat.headerByteCount])
    let count = try input.read(into: header)
    (facts, crc) = try SnapshotFacts.decode(UnsafeRawBufferPointer(rebasing: header[..<count]))
    self.input = input
  }

  private var block: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: room.base, count: room.capacity)
  }

  public mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault) {
    var done = 0
    while done < bytes.count {
      if taken == held {
        guard try readBlock() > 0 else { throw .isCut(offset: offset) }
      }
      let count = min(held - taken, bytes.count - done)
      (bytes.baseAddress! + done).copyMemory(
        from: block.baseAddress! + SnapshotFormat.blockHeaderByteCount + taken, byteCount: count)
      taken += count
      done += count
    }
  }

  public mutating func passSparse(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault) {
    var position: UInt64 = 0
    while true {
      var start: UInt64 = 0
      var count: UInt64 = 0
      try pass(&start)
      try pass(&count)
      guard start >= position, start <= UInt64(bytes.count),
        count <= UInt64(bytes.count) - start
      else { throw .badPiece(offset: start, count: count) }
      if count == 0 {
        guard start == UInt64(bytes.count) else { throw .otherLayout }
        return
      }
      try pass(
        UnsafeMutableRawBufferPointer(rebasing: bytes[Int(start)..<Int(start + count)]))
      position = start + count
    }
  }

  /// Looks for the last block: the state took all there was.
  public consuming func finish() throws(SnapshotFault) {
    guard taken == held, try readBlock() == 0 else { throw .isTooLong }
  }

  /// Reads what is left, which is somebody else's: all of it is there and whole.
  public consuming func skipRest() throws(SnapshotFault) {
    while try readBlock() > 0 {}
  }

  /// The next block's length; 0 = it was the last.
  private mutating func readBlock() throws(SnapshotFault) -> Int {
    let size = SnapshotFormat.blockHeaderByteCount
    let header = UnsafeMutableRawBufferPointer(rebasing: block[..<size])
    guard try input.read(into: header) == size else { throw .isCut(offset: offset) }
    let length: UInt32 = UnsafeRawBufferPointer(header).number(at: 0)
    guard Int(length) <= SnapshotFormat.blockByteMaximum else {
      throw .badLength(offset: offset, length: length)
    }
    let body = UnsafeMutableRawBufferPointer(rebasing: block[size..<(size + Int(length))])
    guard try input.read(into: body) == body.count else { throw .isCut(offset: offset) }
    crc = SnapshotFormat.checksum(block, Int(length), after: crc)
    let stated: UInt32 = UnsafeRawBufferPointer(header).number(at: 4)
    guard stated == crc else { throw .badChecksum(offset: offset) }
    offset += UInt64(size) + UInt64(length)
    held = Int(length)
    taken = 0
    return held
  }
}
