import CUV
import Glibc

extension SocketAddress {
  /// Looks a name up with the system's resolver; an address stands for itself. Blocks: for the
  /// start of a program. Nil when there is no such host.
  public static func resolve(host: String, port: UInt16) -> SocketAddress? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var found: UnsafeMutablePointer<addrinfo>?
    if getaddrinfo(host, nil, &hints, &found) != 0 {
      // A machine without a network has loopback still.
      hints.ai_flags = 0
      guard getaddrinfo(host, nil, &hints, &found) == 0 else { return nil }
    }
    defer { freeaddrinfo(found) }
    var next = found
    while let entry = next {
      var storage = sockaddr_storage()
      let count = min(Int(entry.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
      withUnsafeMutableBytes(of: &storage) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: count))
      }
      if var address = SocketAddress(storage) {
        address.port = port
        return address
      }
      next = entry.pointee.ai_next
    }
    return nil
  }
}
