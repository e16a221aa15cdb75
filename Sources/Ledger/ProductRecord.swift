import Domain

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
  var padding8: InlineArray<3, UInt8>
  public var fundAccountCount: UInt32
  public var fundAccounts: InlineArray<32, FundAccountID>
  // The widest field's size is 16.
  var padding: InlineArray<3, UInt32>
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
  // An order reads what stands above: the first line.
  static let linesOfOrder = 1
  /// The counter's epoch, and the newest of its reports that was applied.
  public var epoch: UInt64
  public var lastCounterSequence: UInt64
  // Records begin with a line: two each.
  var padding: InlineArray<7, UInt64>
}
