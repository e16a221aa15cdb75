import CSluice
import Glibc

/// One end of a connection within this machine: frames of `ChangeFrame`, whole or not at all.
struct LocalStream: ~Copyable {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Reads one frame's body; nil when it does not come, or is too long.
  func read() -> [UInt8]? {
    guard let head = read(4), let length = ChangeFrame.length(head) else { return nil }
    return read(length)
  }

  private func read(_ count: Int) -> [UInt8]? {
    // What a peer only announces takes no memory.
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(count, 65_536))
    while bytes.count < count {
      let want = min(count - bytes.count, piece.count)
      let got = Glibc.read(descriptor, &piece, want)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      bytes += piece.prefix(got)
    }
    return bytes
  }

  /// Whether all of it went.
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
