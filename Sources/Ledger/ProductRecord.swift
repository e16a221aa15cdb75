import Domain

/// When a lock is not possible for lack of funds, what is closed after all.
public struct LockFallback: OptionSet, Sendable, BitwiseCopyable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// A close-today under `LockMode.closeTodayAsOpening`.
  @inlinable public static var withoutFunds: LockFallback { LockFallback(rawValue: 1) }
  /// Today's lots under `LockMode.preferYesterday`.
  @inlinable public static var todayWithoutLock: LockFallback { LockFallback(rawValue: 2) }
}

/// A product's settings and day figures.
public struct ProductRecord: BitwiseCopyable {
  /// Value of today's opening fills and working opening orders of its operation accounts.
  public var openedValue: Int128
  /// Unset = `Int64.min`.
  public var tradedValue: Int64
  public var mode: RoutingMode
  public var openPermission: Bool
  public var refusesPartialPlacement: Bool
  public var retriesRejectedChild: Bool
  /// Bit per exchange index: delivery-month bars it as a whole.
  public var deliveryBarExchanges: UInt8
  public var lockMode: LockMode
  public var lockFallback: LockFallback
  public var autoMapping: AutoMapping
  public var fundAccountCount: UInt32
  public var fundAccounts: InlineArray<32, FundAccountID>
  /// Who gets trades that nobody here sent; `.none` = nobody is named.
  public var externalAccount: OperationAccountID
  /// The first operation account that was bound to the product, and how many are.
  public var firstAccount: OperationAccountID
  public var accountCount: UInt32
  /// What the product reads its rates from; `.none` = the first fund account of a day to log in.
  public var rateAccount: FundAccountID
  /// That one: of `loginDay`, so of an earlier day while nobody has logged in today.
  public internal(set) var firstLoggedIn: FundAccountID
  /// As yyyymmdd.
  public internal(set) var loginDay: UInt32
  /// Where all fund accounts' margins are one-sided.
  public internal(set) var oneSidedExchanges: ExchangeSet
  /// Its night close counts as overnight too (夜盘收盘计算隔夜风险).
  public var countsNightClose: Bool
  var padding16: UInt16
}

/// A fund account's settings and link.
public struct FundAccountRecord: BitwiseCopyable {
  public var product: ProductID
  public var counter: CounterID
  public var openPermission: Bool
  public var hedgePermission: Bool
  /// The link is logged in and has brought what was missed: children can be sent.
  public var isReady: Bool
  public var isLinked: Bool
  public var priority: Int32
  public var minimumReserve: Money
  /// Legal owner per exchange, 1-based; 0 = no trading code.
  public var owners: InlineArray<6, UInt32>
  /// First and last of the working children, 1-based.
  public var firstWorking: UInt32
  public var lastWorking: UInt32
  /// What fund-order-rate barred until release or the next trading day, and what it bars.
  public var orderRateBarred: OffsetBar
  public var orderRateBar: OffsetBar
  /// Which lists of instruments there are (fund-not-tradable).
  public var lists: FundLists
  /// Bit per exchange index: there is a quota (`FundQuota`).
  public var quotaExchanges: UInt8
  /// fund-order-rate: children within the window that set the bar; 0 = off.
  public var orderRateCount: UInt32
  // The first line ends here; fund-order-rate alone reads on.
  /// Unset = `Int64.min`.
  public var rateMilliseconds: Int64
  /// The times of the last children.
  public var rateWindow: RateWindow
  /// Most messages to the counter within a second; 0 = as many as there are.
  public var messageQuota: UInt32
  /// Of these, for what is no opening.
  public var messageReserve: UInt32
  /// The times of the last messages: a ring of as many as the quota.
  public var messageWindow: RateWindow
  /// Messages that wait for their turn.
  public var waitingMessages: UInt32
  /// Where the account's margin may be one-sided, and where its counter's is.
  public internal(set) var oneSidedExchanges: ExchangeSet
  public internal(set) var counterOneSidedExchanges: ExchangeSet
  /// The real-control group (`Budgets`), 1-based; 0 = none that is named.
  public internal(set) var controlGroup: UInt16
  /// The counter's epoch.
  public var epoch: UInt64
  // An order reads what stands above: the first two lines.
  static let linesOfOrder = 2
  /// The newest of the counter's reports that was applied.
  public var lastCounterSequence: UInt64
  /// The first and the last child that waits, 1-based, by `MessagePriority`.
  var firstWaiting: InlineArray<3, UInt32>
  var lastWaiting: InlineArray<3, UInt32>
  /// How many wait, by `MessagePriority`.
  var waitingAs: InlineArray<3, UInt32>
  /// The counter has told its cash of a day.
  var knowsCounterCash: Bool
  var padding8: UInt8
  var paddingAfter: UInt16
  /// Cash in less cash out of this trading day, as the counter told it last.
  var counterCash: Money
  // Records begin with a line: three each.
  var padding: UInt64

  @inlinable public var oneSided: ExchangeSet {
    oneSidedExchanges.intersection(counterOneSidedExchanges)
  }
}
