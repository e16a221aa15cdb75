/// Text of at most `capacity` bytes, stored in place and padded with zeros, so that it can be
/// part of a trivial record. What it holds is compared byte by byte; the edge decides what is
/// legal in it (ASCII codes, UTF-8 names).
public struct FixedText<let capacity: Int>: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var bytes: InlineArray<capacity, UInt8>

  @inlinable public init() { bytes = InlineArray(repeating: 0) }

  /// Takes the UTF-8 of `text`; nil when it is longer than `capacity` or holds a zero byte.
  @inlinable public init?(_ text: some StringProtocol) {
    bytes = InlineArray(repeating: 0)
    var index = 0
    for byte in text.utf8 {
      guard index < capacity, byte != 0 else { return nil }
      bytes[index] = byte
      index += 1
    }
  }

  /// How many bytes come before the padding.
  @inlinable public var count: Int {
    var index = 0
    while index < capacity, bytes[index] != 0 { index += 1 }
    return index
  }

  @inlinable public var isEmpty: Bool { capacity == 0 || bytes[0] == 0 }

  /// The text as a String; bytes that are not UTF-8 are repaired. For the edges only.
  public var string: String {
    var utf8: [UInt8] = []
    let length = count
    utf8.reserveCapacity(length)
    for index in 0..<length { utf8.append(bytes[index]) }
    return String(decoding: utf8, as: UTF8.self)
  }

  @inlinable public static func == (left: Self, right: Self) -> Bool {
    var index = 0
    while index < capacity {
      if left.bytes[index] != right.bytes[index] { return false }
      index += 1
    }
    return true
  }

  @inlinable public func hash(into hasher: inout Hasher) {
    for index in 0..<capacity { hasher.combine(bytes[index]) }
  }
}

extension FixedText: CustomStringConvertible {
  public var description: String { string }
}

/// A client's own id of an order, unique per operation account and trading day.
/// `FIX: ClOrdID(11)`, `CTP: OrderRef`. ASCII, 1 to 20 bytes.
public typealias ClOrdID = FixedText<20>
/// An exchange's code of an instrument, such as `rb2610`, `SR609C6000`. ASCII, at most 31 bytes.
/// `FIX: Symbol(55)`, `CTP: InstrumentID`.
public typealias InstrumentCode = FixedText<32>
/// A commodity's code, such as `rb`. ASCII. `CTP: ProductID`.
public typealias CommodityCode = FixedText<16>
/// The name an account, product, counter or controller is known by outside. UTF-8.
public typealias Name = FixedText<32>
/// An order's or trade's id at the counter or the exchange. `CTP: OrderSysID, TradeID`.
public typealias VenueID = FixedText<24>
