import Domain
import Storage

/// Which side of orders a bar stops.
public struct OffsetBar: OptionSet, Sendable, BitwiseCopyable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable public static var opening: OffsetBar { OffsetBar(rawValue: 1) }
  @inlinable public static var closing: OffsetBar { OffsetBar(rawValue: 2) }
}

/// Which working orders of an account are cancelled when its last session is gone.
public enum DisconnectCancel: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case off = 0
  /// Those that open.
  case opening = 1
  case all = 2
}

/// An operation account's settings and tallies. Unset limits are `Int64.min`.
public struct AccountRecord: BitwiseCopyable {
  public var product: ProductID
  public var enabled: Bool
  public var openPermission: Bool
  public var hedgePermission: Bool
  /// False: the list bars; true: only what is listed may be opened (not-tradable).
  public var tradableOnlyListed: Bool
  /// True once anything was listed: else not-tradable has nothing to look up.
  public var hasTradableRows: Bool
  /// What order-rate barred until release or the next trading day.
  public var orderRateBarred: OffsetBar
  /// What order-rate bars when it fires.
  public var orderRateBar: OffsetBar
  public var cancelLimitClosingToo: Bool
  /// Templates of order sizes and of lists, from 1; 0 = none.
  public internal(set) var sizeTemplate: UInt16
  public internal(set) var tradableTemplate: UInt16

  public var positionCap: Int64
  public var marginCap: Int64
  public var cancelLimit: Int64
  public var openOrders: Int64
  public var tradedValue: Int64
  public var fatFingerNotional: Int64
  public var fatFingerTicks: Int64
  public var fatFingerPercent: Int64
  public var staleSeconds: Int64
  public var duplicateCount: Int64
  public var duplicateWindowMilliseconds: Int64
  public var orderRateCount: Int64
  public var orderRateWindowMilliseconds: Int64

  /// The times of the last accepted orders (order-rate).
  public var rateWindow: RateWindow

  /// Newest order of today, 1-based; the chain goes back through `previousOfAccount`.
  public var newestOrder: UInt32
  /// First and last of the working orders, 1-based.
  public var firstWorking: UInt32
  public var lastWorking: UInt32
  /// Orders received today, refused ones included.
  public var ordersToday: UInt32
  /// When the newest order came: who looks back for identical ones need not meet its record.
  public var newestOrderAt: Timestamp
  /// Of the last report; never reset.
  public var reportSequence: UInt64

  // An order reads and writes what stands above: the first three lines.
  static let linesOfOrder = 3
  public var logon: LogonRecord
  /// How long the account may be without a session before its orders are cancelled.
  public var disconnectGraceSeconds: Int64
  /// When that time is over, while `gracePlace` says that it runs.
  public internal(set) var graceEnd: Timestamp
  /// Its place among those whose grace time runs, from 1; 0 = it does not run.
  public internal(set) var gracePlace: UInt32
  public var disconnectCancel: DisconnectCancel
  /// A session more than allowed ends the oldest one instead of being refused.
  public var dropsOlderSession: Bool
  /// Whose rates the account has.
  public internal(set) var marginMode: RateMode
  public internal(set) var feeMode: RateMode
  /// Templates of rates, from 1; 0 = none.
  public internal(set) var marginTemplate: UInt16
  public internal(set) var feeTemplate: UInt16
  /// A closing order that makes an exposure larger than a clause allows passes with a notice.
  public var ignoresExposureOnClose: Bool
  /// Where the account's margin may be one-sided.
  public internal(set) var oneSidedExchanges: ExchangeSet
  var padding16: UInt16
  // Records begin with a line: four each.
  var padding: InlineArray<2, UInt64>
}
