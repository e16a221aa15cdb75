import CUV
import Messages

/// An address and a port. IPv4 is kept mapped into IPv6, so the two compare as one kind.
public struct SocketAddress: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var address: NetworkAddress
  public var port: UInt16

  public init(address: NetworkAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// "There is no address": a peer that was gone before it could be asked.
  public static var none: SocketAddress {
    SocketAddress(address: NetworkAddress(high: 0, low: 0), port: 0)
  }
  /// This machine alone can reach it. Port 0 is a free one of the system's choice.
  public static func loopback(port: UInt16) -> SocketAddress {
    SocketAddress(address: NetworkAddress(ipv4: 0x7F00_0001), port: port)
  }

  /// Whether only this machine can reach it: 127.0.0.0/8 and ::1.
  public var isLoopback: Bool {
    isIPv4 ? address.low >> 24 & 0xFF == 127 : address.high == 0 && address.low == 1
  }

  var isIPv4: Bool { address.high == 0 && address.low >> 32 == 0xFFFF }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(address.high)
    hasher.combine(address.low)
    hasher.combine(port)
  }
}

extension SocketAddress: CustomStringConvertible {
  /// Reads `127.0.0.1:7001` and `[::1]:7001`; nil for anything else, names among it.
  public init?(text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    let host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      var bytes = in6_addr()
      guard uv_inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &bytes) == 0
      else { return nil }
      self.init(address: NetworkAddress(bytes), port: port)
    } else {
      var bytes = in_addr()
      guard uv_inet_pton(AF_INET, String(host), &bytes) == 0 else { return nil }
      self.init(address: NetworkAddress(ipv4: UInt32(bigEndian: bytes.s_addr)), port: port)
    }
  }

  public var description: String { isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)" }

  /// The address without the port.
  public var host: String {
    var text = [CChar](repeating: 0, count: 64)
    if isIPv4 {
      var bytes = in_addr(s_addr: UInt32(truncatingIfNeeded: address.low).bigEndian)
      uv_inet_ntop(AF_INET, &bytes, &text, text.count)
    } else {
      var bytes = address.networkBytes
      uv_inet_ntop(AF_INET6, &bytes, &text, text.count)
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension SocketAddress {
  /// From what the system filled in; nil when it is of neither family.
  init?(_ storage: sockaddr_storage) {
    var storage = storage
    switch Int32(storage.ss_family) {
    case AF_INET:
      self = withUnsafeBytes(of: &storage) { bytes in
        let address = bytes.load(as: sockaddr_in.self)
        return SocketAddress(
          address: NetworkAddress(ipv4: UInt32(bigEndian: address.sin_addr.s_addr)),
          port: UInt16(bigEndian: address.sin_port))
      }
    case AF_INET6:
      self = withUnsafeBytes(of: &storage) { bytes in
        let address = bytes.load(as: sockaddr_in6.self)
        return SocketAddress(
          address: NetworkAddress(address.sin6_addr), port: UInt16(bigEndian: address.sin6_port))
      }
    default:
      return nil
    }
  }

  /// As the system wants it.
  var system: sockaddr_storage {
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { bytes in
      if isIPv4 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: self.address.low).bigEndian
        bytes.storeBytes(of: address, as: sockaddr_in.self)
      } else {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = self.address.networkBytes
        bytes.storeBytes(of: address, as: sockaddr_in6.self)
      }
    }
    return storage
  }
}

extension NetworkAddress {
  init(_ bytes: in6_addr) {
    self = withUnsafeBytes(of: bytes) { bytes in
      NetworkAddress(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  var networkBytes: in6_addr {
    var bytes = in6_addr()
    withUnsafeMutableBytes(of: &bytes) { bytes in
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return bytes
  }
}
