import CSluice

/// Writes a state as a snapshot: header, blocks, and an empty block that says that it is whole.
public struct SnapshotWriter<Output: SnapshotOutput & ~Copyable>: StateArchive, ~Copyable {
  private var output: Output
  private let room = Table<UInt8>(
    capacity: SnapshotFormat.blockHeaderByteCount + SnapshotFormat.blockByteMaximum)
  /// Of the block that is being filled.
  private var filled = 0
  /// The last block's, which the next one's is chained to.
  private var crc: UInt32
  public private(set) var byteCount: UInt64 = 0

  public var isReading: Bool { false }

  public init(_ facts: SnapshotFacts, to output: consuming Output) throws(SnapshotFault) {
    let block = UnsafeMutableRawBufferPointer(start: room.base, count: room.capacity)
    crc = facts.encode(into: block)
    try output.write(UnsafeRawBufferPointer(rebasing: block[..<SnapshotFormat.headerByteCount]))
    byteCount = UInt64(SnapshotFormat.headerByteCount)
    self.output = output
  }

  private var block: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: room.base, count: room.capacity)
  }

  public mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault) {
    var done = 0
    while done < bytes.count {
      let room = SnapshotFormat.blockByteMaximum - filled
      let count = min(room, bytes.count - done)
      (block.baseAddress! + SnapshotFormat.blockHeaderByteCount + filled)
        .copyMemory(from: bytes.baseAddress! + done, byteCount: count)
      filled += count
      done += count
      if filled == SnapshotFormat.blockByteMaximum { try writeBlock() }
    }
  }

  public mutating func passSparse(_ bytes: UnsafeMutableRawBufferPointer) throws(SnapshotFault) {
    var position = 0
    while position < bytes.count {
      let start = nextUsed(bytes, from: position)
      var end = start
      while end < bytes.count, isUsed(bytes, at: end) { end += SnapshotFormat.sparseByteCount }
      end = min(end, bytes.count)
      if start < end {
        try pass(piece: start, count: end - start)
        try pass(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
      }
      position = end
    }
    try pass(piece: bytes.count, count: 0)
  }

  /// Writes what is left and the last block; the state was whole.
  public consuming func finish() throws(SnapshotFault) -> Output {
    if filled > 0 { try writeBlock() }
    try writeBlock()
    return output
  }

  private mutating func pass(piece start: Int, count: Int) throws(SnapshotFault) {
    var start = UInt64(start)
    var count = UInt64(count)
    try pass(&start)
    try pass(&count)
  }

  /// Where the next piece begins that is not zero; the end when there is none.
  private func nextUsed(_ bytes: UnsafeMutableRawBufferPointer, from start: Int) -> Int {
    var position = start
    while position < bytes.count, !isUsed(bytes, at: position) {
      position += SnapshotFormat.sparseByteCount
    }
    return min(position, bytes.count)
  }

  private func isUsed(_ bytes: UnsafeMutableRawBufferPointer, at position: Int) -> Bool {
    let end = min(position + SnapshotFormat.sparseByteCount, bytes.count)
    var found: UInt64 = 0
    var place = position
    while place + 8 <= end {
      found |= bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      place += 8
    }
    while place < end {
      found |= UInt64(bytes[place])
      place += 1
    }
    return found != 0
  }

  private mutating func writeBlock() throws(SnapshotFault) {
    let size = SnapshotFormat.blockHeaderByteCount
    block.storeBytes(of: UInt32(filled).littleEndian, toByteOffset: 0, as: UInt32.self)
    crc = SnapshotFormat.checksum(block, filled, after: crc)
    block.storeBytes(of: crc.littleEndian, toByteOffset: 4, as: UInt32.self)
    try output.write(UnsafeRawBufferPointer(rebasing: block[..<(size + filled)]))
    byteCount += UInt64(size + filled)
    filled = 0
  }
}

extension SnapshotFormat {
  /// Of a block's length and its bytes, chained to the block before it.
  static func checksum(
    _ block: UnsafeMutableRawBufferPointer, _ count: Int, after crc: UInt32
  ) -> UInt32 {
    let length = sluice_crc32c(crc, block.baseAddress!, 4)
    return sluice_crc32c(length, block.baseAddress! + blockHeaderByteCount, count)
  }
}

extension SnapshotFacts {
  /// Fills the header; its CRC.
  func encode(into bytes: UnsafeMutableRawBufferPointer) -> UInt32 {
    typealias At = SnapshotFormat.Header
    bytes[..<SnapshotFormat.headerByteCount].initializeMemory(as: UInt8.self, repeating: 0)
    for (index, byte) in SnapshotFormat.magic.enumerated() { bytes[At.magic + index] = byte }
    bytes.put(SnapshotFormat.version, at: At.version)
    bytes.put(shard, at: At.shard)
    bytes.put(engineVersion, at: At.engineVersion)
    bytes.put(sequence, at: At.sequence)
    bytes.put(time, at: At.time)
    bytes.put(stateHash, at: At.stateHash)
    bytes.put(layoutHash, at: At.layoutHash)
    for index in 0..<32 { bytes[At.genesisHash + index] = genesisHash[index] }
    bytes.put(journalCRC, at: At.journalCRC)
    let crc = sluice_crc32c(0, bytes.baseAddress!, At.crc)
    bytes.put(crc, at: At.crc)
    return crc
  }

  /// Reads a header, with its CRC.
  static func decode(
    _ bytes: UnsafeRawBufferPointer
  ) throws(SnapshotFault) -> (facts: SnapshotFacts, crc: UInt32) {
    typealias At = SnapshotFormat.Header
    for (index, byte) in SnapshotFormat.magic.enumerated()
    where index >= bytes.count || bytes[index] != byte { throw .notASnapshot }
    guard bytes.count >= SnapshotFormat.headerByteCount else {
      throw .isCut(offset: UInt64(bytes.count))
    }
    let version: UInt16 = bytes.number(at: At.version)
    guard version == SnapshotFormat.version else { throw .wrongVersion(version) }
    let crc: UInt32 = bytes.number(at: At.crc)
    let shard: UInt16 = bytes.number(at: At.shard)
    guard sluice_crc32c(0, bytes.baseAddress!, At.crc) == crc, shard < 64,
      bytes[At.reserved..<At.crc].allSatisfy({ $0 == 0 })
    else { throw .headerIsDamaged }
    var genesisHash = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { genesisHash[index] = bytes[At.genesisHash + index] }
    let facts = SnapshotFacts(
      shard: shard, engineVersion: bytes.number(at: At.engineVersion),
      sequence: bytes.number(at: At.sequence), time: bytes.number(at: At.time),
      stateHash: bytes.number(at: At.stateHash), layoutHash: bytes.number(at: At.layoutHash),
      genesisHash: genesisHash, journalCRC: bytes.number(at: At.journalCRC))
    return (facts, crc)
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func put<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}

extension UnsafeRawBufferPointer {
  func number<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
