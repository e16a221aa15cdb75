import Domain
import Messages
import Wire

/// What a terminal asks of the follower, which answers it from books of its own.
public struct Question: Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// A page of rows: `Query`.
    case query = 1
    /// A page of instruments: `InstrumentsRequest`.
    case instruments = 2
    /// Updates of money and positions: `SubscribeAccount`.
    case subscription = 3
    /// Updates were lost for want of room: all of them again.
    case updatesAgain = 4
    /// The terminal is gone: no more updates.
    case farewell = 5
    /// What would become of an order: `TryOrder`.
    case tryOrder = 6
    /// What became of an order, and would now: `WhyOrder`.
    case why = 7
    /// How many lots could be ordered: `RoomRequest`.
    case room = 8
    /// A controller's picture of accounts: `SubscribeAccounts`.
    case watch = 9
    /// A page of it has been taken: there is room for another.
    case watchMore = 10
    /// A page of it found no room and is forgotten; now there is some.
    case watchAgain = 11
    /// Nobody wants it any more.
    case unwatch = 12

    /// Whether the rules are asked, many times over: such an answer takes its time.
    public var isExplained: Bool {
      switch self {
      case .tryOrder, .why, .room: true
      case .query, .instruments, .subscription, .updatesAgain, .farewell, .watch, .watchMore,
        .watchAgain, .unwatch:
        false
      }
    }

    /// Whether it is about a controller's picture of accounts.
    public var isOfWatch: Bool { rawValue >= Kind.watch.rawValue }
  }

  public var kind: Kind
  /// Of the terminal that asks (`TerminalID.ticket`).
  public var ticket: UInt64
  public var account: OperationAccountID
  public var requestNumber: UInt32 = 0
  public var query = OrderEntry.QueryKind.unknown
  public var flags: OrderEntry.QueryFlags = []
  /// A report sequence of the account that the answer knows of; 0 = any.
  public var notBefore: UInt64 = 0
  /// The trading day when it was asked: no answer is of one before.
  public var tradingDay = TradingDay.none
  /// Cursor of the row in front; 0 = from the first.
  public var after: UInt64 = 0
  /// 0 = as many as a page holds.
  public var maximumRows: UInt32 = 0
  /// What codes begin with; of `instruments`, the one in front.
  public var instrument = InstrumentCode()
  public var exchange = Exchange.unknown
  /// Of `instruments`: the exchange of the one in front, and the only commodity.
  public var afterExchange = Exchange.unknown
  public var commodity = CommodityCode()
  public var updates: OrderEntry.BookKinds = []
  public var intervalMilliseconds: UInt32 = 0
  /// Of `tryOrder`: the order, with an id where it matters. Of `room`: instrument, hedge flag and
  /// price.
  public var order: NewOrder
  /// Of `why`: by the gateway's id, or else by the client's.
  public var target = OrderID.none
  public var targetClOrdID = ClOrdID()
  /// The gateway's newest command when it was asked, which books that explain must have: 0 = any.
  public var askedBehind: UInt64 = 0
  /// The gateway's clock when it was asked: what an order sent then would be decided at.
  public var askedAt = Timestamp.none
  /// What the gateway itself would refuse an order by that opens, or closes; none = it would not.
  public var openingRefusedBy = RuleID.none
  public var closingRefusedBy = RuleID.none
  /// Of `watch`, and of the words that follow it: its place among all, which `requestNumber` names
  /// one use of; who asks, the client's number, what is wanted, and of what.
  public var place: UInt16 = 0
  public var controller = ControllerID.none
  public var requestID: UInt64 = 0
  public var rows: DeskProtocol.RowKinds = []
  public var scopeKind = ScopeKind.none
  public var scopeID = UInt32.max
  /// Monotonic; the follower's own: when it gives up to wait.
  public var deadline: Int64 = 0

  public init(_ kind: Kind, ticket: UInt64, account: OperationAccountID) {
    self.kind = kind
    self.ticket = ticket
    self.account = account
    order = NewOrder(
      session: .none, account: account, instrument: .none, clOrdID: ClOrdID(), side: .unknown,
      offset: .unknown, hedge: .unknown, type: .unknown, timeInForce: .unknown, price: .none,
      lots: 0)
  }

  init(
    _ query: OrderEntry.QueryDecoder, ticket: UInt64, account: OperationAccountID
  ) {
    self.init(.query, ticket: ticket, account: account)
    requestNumber = query.requestNumber
    self.query = query.kind
    flags = query.flags
    notBefore = query.notBefore
    after = query.after
    maximumRows = query.maximumRows
    instrument = query.instrument
    exchange = query.exchange
  }

  init(
    _ request: OrderEntry.InstrumentsRequestDecoder, ticket: UInt64, account: OperationAccountID
  ) {
    self.init(.instruments, ticket: ticket, account: account)
    requestNumber = request.requestNumber
    exchange = request.exchange
    commodity = request.commodity
    afterExchange = request.afterExchange
    instrument = request.afterInstrument
    maximumRows = request.maximumCount
  }
}

/// What stands in front of the frames of an answer.
public struct AnswerHeader: Sendable, BitwiseCopyable {
  public var ticket: UInt64
  public var requestNumber: UInt32
  /// What is answered; an update answers `.subscription`.
  public var kind: Question.Kind
  public var query: OrderEntry.QueryKind
  /// Of a `.watch`.
  public var place: UInt16 = 0

  public init(_ question: Question) {
    ticket = question.ticket
    requestNumber = question.requestNumber
    kind = question.kind
    query = question.query
  }

  /// Rows of a picture of accounts.
  public init(watch place: UInt16, serial: UInt32, ticket: UInt64) {
    self.ticket = ticket
    requestNumber = serial
    kind = .watch
    query = .unknown
    self.place = place
  }
}
