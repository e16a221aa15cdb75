// Inside, everything is called by a dense number that the engine gives in command order and never
// reuses within a day. Names live at the edge (`Directory` in Engine).

/// A dense id of an operation account (操作账户). `FIX: Account(1)`.
public struct OperationAccountID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a fund account (资金账户) at a counter.
public struct FundAccountID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a product (产品): a group of fund accounts.
public struct ProductID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a template (模板): one list of numbers for all kinds.
public struct AccountTemplateID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of an instrument (合约): an exchange, a code and a listing.
public struct InstrumentID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a commodity (品种).
public struct CommodityID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a counter (柜台). Each fund account has one link to its counter.
public struct CounterID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A dense id of a table of trading hours (`TradingHours`).
public struct TradingHoursID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public static var none: Self { Self(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// A connection of a terminal, numbered by the gateway from 1 and never reused within its run.
public struct SessionID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt64
  @inlinable public init(_ raw: UInt64) { self.raw = raw }
  @inlinable public static var none: Self { Self(0) }
  @inlinable public var isNone: Bool { raw == 0 }
}

/// The id of a parent or child order: trading day (14 bits: days since 2018-01-01), shard
/// (6 bits), sequence (44 bits, from 1). Text at the edge is `<day>-<shard>-<sequence>`.
public struct OrderID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt64
  @inlinable public init(raw: UInt64) { self.raw = raw }

  @inlinable public init(day: TradingDay, shard: UInt8, sequence: UInt64) {
    precondition(shard < 64, "a shard number has 6 bits")
    precondition(sequence < 1 << 44, "an order sequence has 44 bits")
    raw = UInt64(day.number) << 50 | UInt64(shard) << 44 | sequence
  }

  @inlinable public static var none: Self { Self(raw: 0) }
  @inlinable public var isNone: Bool { raw == 0 }
  @inlinable public var dayNumber: UInt16 { UInt16(raw >> 50) }
  @inlinable public var shard: UInt8 { UInt8(raw >> 44 & 0x3F) }
  @inlinable public var sequence: UInt64 { raw & 0xFFF_FFFF_FFFF }
}

extension OrderID: CustomStringConvertible {
  public var description: String { "\(dayNumber)-\(shard)-\(sequence)" }

  /// Reads what `description` writes; nil for anything else.
  public init?(text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let day = UInt16(parts[0]), day < 1 << 14,
      let shard = UInt8(parts[1]), shard < 64,
      let sequence = UInt64(parts[2]), sequence > 0, sequence < 1 << 44
    else { return nil }
    raw = UInt64(day) << 50 | UInt64(shard) << 44 | sequence
  }
}
