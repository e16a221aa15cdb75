import Domain
import Wire

/// What controllers' pictures of accounts show now, by subscription: rows are put in as they come,
/// a whole picture forgets the one before, what is gone is taken out.
public struct AccountsBoard: Sendable {
  /// A line of an account.
  public struct LineKey: Hashable, Sendable {
    public var account: Name
    public var rule: UInt16
  }

  /// One side of a position.
  public struct PositionKey: Hashable, Sendable {
    public var kind: ScopeKind
    public var name: Name
    public var exchange: Exchange
    public var instrument: InstrumentCode
    public var side: PositionSide
    public var hedge: HedgeFlag

    public init(_ row: DeskProtocol.PositionRow) {
      kind = row.scopeKind
      name = row.name
      exchange = row.exchange
      instrument = row.instrument
      side = row.side
      hedge = row.hedge
    }
  }

  /// What one subscription shows.
  public struct Picture: Equatable, Sendable {
    /// Counts whole pictures; 0 = none has begun.
    public var number: UInt32 = 0
    public var tradingDay = TradingDay.none
    /// Every row that was there has come.
    public var isWhole = false
    /// Of the newest AccountsComplete.
    public var sequence: UInt64 = 0
    public var time = Timestamp.none
    public var accounts: [Name: DeskProtocol.AccountRow] = [:]
    public var lines: [LineKey: DeskProtocol.LineRow] = [:]
    public var fundAccounts: [Name: DeskProtocol.FundAccountRow] = [:]
    public var products: [Name: DeskProtocol.ProductRow] = [:]
    public var positions: [PositionKey: DeskProtocol.PositionRow] = [:]
    public var orders: [OrderID: DeskProtocol.WorkingOrderRow] = [:]
    public var links: [Name: DeskProtocol.LinkRow] = [:]

    public init() {}

    mutating func take(_ event: AccountsEvent) {
      switch event {
      case .begin(let begin):
        self = Picture()
        number = begin.picture
        tradingDay = begin.tradingDay
      case .account(let row): accounts[row.account] = row
      case .line(let row):
        let key = LineKey(account: row.account, rule: row.rule)
        lines[key] = row.warn == .min && row.liquidate == .min ? nil : row
      case .fundAccount(let row): fundAccounts[row.fundAccount] = row
      case .product(let row): products[row.product] = row
      case .position(let row):
        let isGone = row.todayLots == 0 && row.yesterdayLots == 0 && row.workingOpenLots == 0
        positions[PositionKey(row)] = isGone ? nil : row
      case .order(let row): orders[row.orderID] = row.state.isFinal ? nil : row
      case .link(let row): links[row.fundAccount] = row
      case .complete(let complete):
        isWhole = true
        sequence = complete.sequence
        time = complete.time
      case .end: self = Picture()
      }
    }
  }

  /// By the subscription's number.
  public private(set) var pictures: [UInt64: Picture] = [:]

  public init() {}

  public mutating func take(_ event: AccountsEvent) {
    if case .end(let end) = event {
      if end.requestID == 0 { pictures = [:] } else { pictures[end.requestID] = nil }
      return
    }
    pictures[event.requestID, default: Picture()].take(event)
  }
}
