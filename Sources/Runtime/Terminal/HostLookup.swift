import CUV
import Glibc

extension SocketAddress {
  /// The addresses of a name or a numeric address, best first; empty when there is none. Asks the
  /// system's resolver and waits for it, so it is for the start of a program.
  public static func lookUp(_ host: String, port: UInt16) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &found) == 0 else { return [] }
    defer { freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var entry = found
    while let current = entry {
      entry = current.pointee.ai_next
      var storage = sockaddr_storage()
      let length = min(
        Int(current.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
      guard let bytes = current.pointee.ai_addr else { continue }
      withUnsafeMutableBytes(of: &storage) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: length))
      }
      guard var address = SocketAddress(storage) else { continue }
      address.port = port
      addresses.append(address)
    }
    return addresses
  }
}
