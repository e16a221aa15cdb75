import Domain
import Engine
import Ledger
import Messages
import Storage

/// What the ledger does not keep and people ask for: the day's fills, the order of an account's
/// orders, cash in and out apart.
struct DayBook: ~Copyable {
  struct Trade: BitwiseCopyable {
    var report: ExecutionReport
    var venueOrderID: VenueID
    var venueTime: Timestamp
    /// The account's next fill, 1-based; 0 = none.
    var next: UInt32
  }

  /// The numbers of an account's first and last, 1-based.
  struct Account: BitwiseCopyable {
    var firstOrder: UInt32
    var lastOrder: UInt32
    var firstTrade: UInt32
    var lastTrade: UInt32
    /// Fills of the day that were not kept.
    var lostTrades: UInt32
    var deposits: Money
    var withdrawals: Money
    /// The ledger's net cash when it was last looked at.
    var netCash: Money
  }

  private let accounts: Table<Account>
  /// The account's next order, by order number - 1.
  private let nextOrders: Table<UInt32>
  private let trades: Table<Trade>
  private var orderCount = 0
  private(set) var tradeCount = 0

  init(_ capacities: LedgerCapacities, trades: Int) {
    accounts = Table(capacity: capacities.operationAccounts)
    nextOrders = Table(capacity: capacities.orders)
    self.trades = Table(capacity: max(trades, 1))
  }

  /// All of it; of the same capacities alone.
  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    var layout = LayoutArchive()
    try passTables(through: &layout)
    try archive.pass(layout: layout.value)
    try passTables(through: &archive)
  }

  private mutating func passTables<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(count: &orderCount, atMost: nextOrders.capacity)
    try archive.pass(count: &tradeCount, atMost: trades.capacity)
    try archive.pass(accounts)
    try archive.pass(nextOrders)
    try archive.pass(trades)
  }

  func account(_ id: OperationAccountID) -> UnsafePointer<Account> {
    UnsafePointer(accounts.at(id.raw))
  }
  func trade(_ number: UInt32) -> UnsafePointer<Trade> {
    UnsafePointer(trades.at(number - 1))
  }
  func order(after number: UInt32) -> UInt32 { nextOrders.at(number - 1).pointee }

  // MARK: What happened

  mutating func stepped(
    _ command: Command, _ effects: borrowing EffectBuffer, _ engine: borrowing Engine
  ) {
    for index in 0..<effects.count {
      switch effects.pointer(at: index).pointee {
      case .report(let report) where report.execType == .trade: add(report, command)
      case .notice(let notice) where notice.kind == .dayStarted: startDay(engine)
      default: break
      }
    }
    if case .moveCash(let cash) = command { cashMoved(cash.account, engine) }
    while orderCount < engine.ledger.orderCount {
      orderCount += 1
      add(order: UInt32(orderCount), of: engine.ledger.order(UInt32(orderCount)).pointee.account)
    }
  }

  private mutating func startDay(_ engine: borrowing Engine) {
    orderCount = 0
    tradeCount = 0
    for index in 0..<engine.ledger.accountCount {
      let holder = engine.ledger.holder(engine.ledger.holder(of: OperationAccountID(UInt32(index))))
      let cash = holder.pointee.netDeposits
      accounts.at(index).pointee = Account(
        firstOrder: 0, lastOrder: 0, firstTrade: 0, lastTrade: 0, lostTrades: 0,
        deposits: max(cash, .zero), withdrawals: max(-cash, .zero), netCash: cash)
    }
  }

  private mutating func add(order number: UInt32, of account: OperationAccountID) {
    nextOrders.at(number - 1).pointee = 0
    let row = accounts.at(account.raw)
    if row.pointee.lastOrder == 0 {
      row.pointee.firstOrder = number
    } else {
      nextOrders.at(row.pointee.lastOrder - 1).pointee = number
    }
    row.pointee.lastOrder = number
  }

  private mutating func add(_ report: ExecutionReport, _ command: Command) {
    let row = accounts.at(report.account.raw)
    guard tradeCount < trades.capacity else {
      row.pointee.lostTrades += 1
      return
    }
    var trade = Trade(
      report: report, venueOrderID: VenueID(), venueTime: .none, next: 0)
    if case .counterTrade(let filled) = command {
      trade.venueOrderID = filled.venueOrderID
      trade.venueTime = filled.tradeTime
    }
    trades.at(tradeCount).pointee = trade
    tradeCount += 1
    let number = UInt32(tradeCount)
    if row.pointee.lastTrade == 0 {
      row.pointee.firstTrade = number
    } else {
      trades.at(row.pointee.lastTrade - 1).pointee.next = number
    }
    row.pointee.lastTrade = number
  }

  private mutating func cashMoved(_ account: OperationAccountID, _ engine: borrowing Engine) {
    guard engine.ledger.exists(account) else { return }
    let cash = engine.ledger.holder(engine.ledger.holder(of: account)).pointee.netDeposits
    let row = accounts.at(account.raw)
    let change = cash - row.pointee.netCash
    row.pointee.netCash = cash
    if change.units > 0 {
      row.pointee.deposits += change
    } else {
      row.pointee.withdrawals -= change
    }
  }
}
