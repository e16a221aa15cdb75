import Session

/// Bytes that wait to be sent, in an array that grows up to a limit.
struct PendingOutput: Sendable {
  /// Most bytes that wait.
  static let bytesMaximum = 1 << 20
  /// Room that there is for what one call writes.
  private static let step = 8 * 1024

  private var bytes: [UInt8] = []
  private var start = 0
  private var end = 0

  var isEmpty: Bool { start == end }

  /// Calls `body` with room behind what waits; little or none at the limit.
  mutating func write<Link, Result>(
    _ link: inout Link, _ body: (inout Link, inout OutgoingBytes) -> Result
  ) -> Result {
    if bytes.count - end < PendingOutput.step { makeRoom() }
    return bytes.withUnsafeMutableBytes { bytes in
      var outgoing = OutgoingBytes(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
      let result = body(&link, &outgoing)
      end += outgoing.count
      return result
    }
  }

  private mutating func makeRoom() {
    if start > 0 {
      bytes.removeSubrange(0..<start)
      end -= start
      start = 0
    }
    let wanted = min(max(end + PendingOutput.step, bytes.count * 2), PendingOutput.bytesMaximum)
    if wanted > bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count))
    }
  }

  /// Offers what waits; `body` says how many bytes of it were sent.
  mutating func send(_ body: (UnsafeRawBufferPointer) -> Int) {
    guard !isEmpty else { return }
    let sent = bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    precondition(sent >= 0 && sent <= end - start, "only what waits is sent")
    start += sent
    if start == end { clear() }
  }

  mutating func clear() {
    start = 0
    end = 0
  }
}
