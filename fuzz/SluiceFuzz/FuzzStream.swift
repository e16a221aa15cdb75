import Session

/// A stream of bytes as a connection hands it over: in two parts, with room for what is answered.
enum FuzzStream {
  /// `read` says how many bytes it took.
  static func inTwo(
    _ bytes: UnsafeRawBufferPointer, cut: Int, _ read: (UnsafeRawBufferPointer) -> Int
  ) {
    var taken = 0
    for end in [min(cut, bytes.count), bytes.count] {
      let offered = UnsafeRawBufferPointer(rebasing: bytes[taken..<max(end, taken)])
      let count = read(offered)
      precondition(count >= 0 && count <= offered.count, "what was offered is taken")
      taken += count
    }
  }

  nonisolated(unsafe) private static let room = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 64 * 1024, alignment: 8)

  /// - Parameter free: bytes of it.
  static func outgoing(_ free: Int = 64 * 1024) -> OutgoingBytes {
    OutgoingBytes(UnsafeMutableRawBufferPointer(rebasing: room[..<free]))
  }
}
