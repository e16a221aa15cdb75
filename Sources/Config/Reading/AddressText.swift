import Domain
import Messages

/// Addresses from ... to, ends included.
public struct AddressRange: Equatable, Sendable {
  public var from: NetworkAddress
  public var to: NetworkAddress

  public init(from: NetworkAddress, to: NetworkAddress) {
    self.from = from
    self.to = to
  }
}

/// IP and MAC addresses in texts.
public enum AddressText {
  /// One address (`10.0.0.1`, `fd00::1`), a network (`10.0.0.0/8`) or a range
  /// (`10.0.0.1-10.0.0.9`). Nil for anything else: both ends of one family and in order, no bits
  /// of a network's address beyond its prefix.
  public static func range(_ text: String) -> AddressRange? {
    if let slash = text.firstIndex(of: "/") {
      return network(text[..<slash], prefix: text[text.index(after: slash)...])
    }
    if let dash = text.firstIndex(of: "-") {
      let first = text[..<dash]
      let last = text[text.index(after: dash)...]
      guard first.contains(":") == last.contains(":"), let from = address(first),
        let to = address(last), from <= to
      else { return nil }
      return AddressRange(from: from, to: to)
    }
    return address(text[...]).map { AddressRange(from: $0, to: $0) }
  }

  /// An IPv4 address (mapped to ::ffff:a.b.c.d) or an IPv6 address.
  public static func address(_ text: Substring) -> NetworkAddress? {
    text.contains(":") ? ipv6(text) : ipv4(text).map(NetworkAddress.init(ipv4:))
  }

  private static func network(_ text: Substring, prefix: Substring) -> AddressRange? {
    guard let base = address(text), let written = decimal(prefix, most: 128) else { return nil }
    let isIPv6 = text.contains(":")
    guard isIPv6 || written <= 32 else { return nil }
    let bits = isIPv6 ? Int(written) : Int(written) + 96
    let highMask: UInt64 = bits >= 64 ? 0 : .max >> UInt64(bits)
    let lowMask: UInt64 = bits <= 64 ? .max : bits == 128 ? 0 : .max >> UInt64(bits - 64)
    guard base.high & highMask == 0, base.low & lowMask == 0 else { return nil }
    return AddressRange(
      from: base, to: NetworkAddress(high: base.high | highMask, low: base.low | lowMask))
  }

  private static func ipv4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let byte = decimal(part, most: 255) else { return nil }
      value = value << 8 | byte
    }
    return value
  }

  private static func ipv6(_ text: Substring) -> NetworkAddress? {
    // "::" may stand once for a run of zero groups.
    let halves = text.splitOnce(byDoubleColon: ())
    guard let head = groups(halves.head, isLast: halves.tail == nil) else { return nil }
    var all = head
    if let tail = halves.tail {
      guard let end = groups(tail, isLast: true), head.count + end.count <= 7 else { return nil }
      all += Array(repeating: 0, count: 8 - head.count - end.count) + end
    }
    guard all.count == 8 else { return nil }
    let words = all.map(UInt64.init)
    return NetworkAddress(
      high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
      low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
  }

  /// Groups of 16 bits; the last may be an IPv4 address.
  private static func groups(_ text: Substring, isLast: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if isLast, index == parts.count - 1, part.contains(".") {
        guard let value = ipv4(part) else { return nil }
        groups += [UInt16(value >> 16), UInt16(value & 0xFFFF)]
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
          let value = UInt16(part, radix: 16)
        else { return nil }
        groups.append(value)
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  /// Digits without a sign or a needless zero in front.
  private static func decimal(_ text: Substring, most: UInt32) -> UInt32? {
    guard (1...3).contains(text.utf8.count),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0"), let value = UInt32(text),
      value <= most
    else { return nil }
    return value
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    SourceScanner.hexadecimalValue(Unicode.Scalar(byte)) != nil
  }

  /// Six bytes in hexadecimal with ':' or '-' in between.
  public static func mac(_ text: String) -> MACAddress? { MACAddress(text: text) }
}

extension Substring {
  /// What stands before and after the first "::"; no tail when there is none.
  fileprivate func splitOnce(byDoubleColon: Void) -> (head: Substring, tail: Substring?) {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if self[index] == ":", next < endIndex, self[next] == ":" {
        return (self[..<index], self[self.index(after: next)...])
      }
      index = next
    }
    return (self, nil)
  }
}

extension ValueKind where Value == AddressRange {
  static var addressRange: ValueKind {
    let none = NetworkAddress(high: 0, low: 0)
    return fromText(
      "address, network '10.0.0.0/8' or range '10.0.0.1-10.0.0.9', IPv4 or IPv6",
      placeholder: AddressRange(from: none, to: none), show: { _ in "" }, parse: AddressText.range)
  }
}

extension ValueKind where Value == MACAddress {
  static var mac: ValueKind {
    fromText(
      "'00:1b:44:11:3a:b7'", placeholder: MACAddress(raw: 0), show: { _ in "" },
      parse: AddressText.mac)
  }
}
