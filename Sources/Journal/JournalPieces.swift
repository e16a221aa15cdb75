/// Framed bytes, piece by piece: headers and records.
public enum JournalPieces {
  /// Calls `body` with the place and the padded length of each piece, in order.
  ///
  /// - Parameter bytes: as a `JournalEncoder` framed them.
  @inline(__always)
  public static func forEach(
    in bytes: UnsafeRawBufferPointer, _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    var start = 0
    while start < bytes.count {
      let length: UInt32 = bytes.value(at: start + JournalFormat.Record.length)
      // A header's magic is longer than any record there.
      let count =
        length > JournalFormat.recordByteMaximum
        ? JournalFormat.headerByteCount : JournalFormat.paddedByteCount(length: Int(length))
      precondition(count > 0 && start + count <= bytes.count, "framed records are whole")
      body(start, count)
      start += count
    }
  }
}
