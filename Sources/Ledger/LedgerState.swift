import Domain
import Storage

/// The tables of a shard's books. See Ledger.swift for where to start.
public struct Ledger: ~Copyable {
  public let capacities: LedgerCapacities
  private let pinned = Pinned()

  // Who.
  let holders: Table<HolderRecord>
  let accounts: Table<AccountRecord>
  let products: Table<ProductRecord>
  let lineRecords: Table<LineRecord>
  /// By operation account.
  let laterRiskDegree: Table<LaterRiskDegree>
  let windowRecords: Table<WindowRecord>
  /// Accounts that something is set for in windows before closes.
  public internal(set) var windowAccounts = 0
  /// What holds for the lines of every account.
  public internal(set) var platformLines = PlatformLines()
  public let noticeAudiences = NoticeAudiences()
  let fundAccounts: Table<FundAccountRecord>
  /// What records say of an account's product and a product's fund accounts, once more and small;
  /// see Ledger+Prefetch.swift. No part of the state.
  let accountProducts: Table<ProductID>
  let routeStarts: Table<RouteStart>
  /// Accounts without a session whose grace time runs, a heap by its end.
  let graces: Table<UInt32>
  let liquidations: Table<LiquidationRecord>
  /// When each liquidation is looked at next.
  var liquidationLooks: DeadlineHeap
  /// When each fund account's next message may leave, of those where one waits.
  var messageTimes: DeadlineHeap
  /// Of the children that have waited: the first that left and may be unanswered, and the last.
  var firstLeft: UInt32 = 0
  var lastLeft: UInt32 = 0
  /// Liquidations of the shard so far.
  public internal(set) var liquidationCount: UInt64 = 0
  public internal(set) var graceCount = 0
  public internal(set) var accountCount = 0
  public internal(set) var productCount = 0
  public internal(set) var fundAccountCount = 0
  public internal(set) var counterCount = 0

  // What they have.
  let positions: Table<PositionRecord>
  let positionDirectory: HolderDirectory
  let positionChunks: Table<PositionChunk>
  let instrumentChunks: Table<InstrumentChunks>
  var positionChunkCount = 0
  let figures: Table<CommodityFigures>
  let figuresDirectory: HolderDirectory
  public internal(set) var figuresCount = 0
  var lots: NodePool<LotNode>
  /// Nodes that only the first lots of a list may take, so that a fill always finds one: four
  /// lists a position, two sides and two days.
  let lotReserve: Int

  // What they may do.
  var limitRows: NodePool<LimitRow>
  var accessRows: NodePool<AccessRow>
  var rates: RateBook
  let routingModes: Table<UInt8>
  let deliveryBarCommodities: Table<UInt8>
  let deliveryBarInstruments: Table<UInt8>
  /// By fund account and exchange.
  let quotas: Table<FundQuota>
  public internal(set) var sharedLists: SharedLists
  public internal(set) var controllers: Controllers
  public internal(set) var controls: Controls
  public internal(set) var templates: Templates
  /// By holder, and for those that follow the platform: 1 yuan an order (AMS manual 4.1).
  let declarationFees: Table<DeclarationFee>
  public internal(set) var declarationFee = DeclarationFee(amount: Money(yuan: 1))
  /// 1 = orders of the commodity are declared for a fee.
  let declaredCommodities: Table<UInt8>
  let rateWindow: Table<Int64>
  var rateWindowUsed = 0
  /// By product.
  let feeRecords: Table<FeeRecord>
  /// Products some of whose fees accrue.
  var feeProducts = 0

  // What they want.
  let orders: Table<OrderRecord>
  let children: Table<ChildRecord>
  public internal(set) var orderCount = 0
  public internal(set) var childCount = 0
  var clOrdIndex: ClOrdIndex
  var books: WorkingBooks

  // What fund accounts did and no operation account has.
  public internal(set) var unmapped: UnmappedTrades

  /// Clauses on products, and the figures they are held against.
  public internal(set) var schemes: Schemes

  /// What exchanges allow real-control groups a day, and what they have used of it.
  public internal(set) var budgets: Budgets

  public init(capacities: LedgerCapacities) {
    self.capacities = capacities
    let holderCount = capacities.operationAccounts + capacities.fundAccounts
    holders = Table(capacity: holderCount)
    accounts = Table(capacity: capacities.operationAccounts)
    graces = Table(capacity: capacities.operationAccounts)
    lineRecords = Table(capacity: capacities.operationAccounts)
    laterRiskDegree = Table(capacity: capacities.operationAccounts)
    windowRecords = Table(capacity: capacities.operationAccounts)
    liquidations = Table(capacity: capacities.operationAccounts)
    liquidationLooks = DeadlineHeap(capacity: capacities.operationAccounts)
    messageTimes = DeadlineHeap(capacity: capacities.fundAccounts)
    products = Table(capacity: capacities.products)
    fundAccounts = Table(capacity: capacities.fundAccounts)
    accountProducts = Table(capacity: capacities.operationAccounts)
    routeStarts = Table(capacity: capacities.products)
    // Chunks of one instrument each: room for the last, half-filled one of every instrument.
    let chunks = capacities.positions / PositionChunk.size + capacities.instruments
    positions = Table(capacity: chunks * PositionChunk.size)
    positionDirectory = HolderDirectory(rows: capacities.instruments, holders: holderCount)
    positionChunks = Table(capacity: chunks)
    instrumentChunks = Table(capacity: capacities.instruments)
    figures = Table(capacity: capacities.figures)
    figuresDirectory = HolderDirectory(rows: capacities.commodities, holders: holderCount)
    lotReserve = chunks * PositionChunk.size * 4
    lots = NodePool(capacity: capacities.lots + lotReserve)
    limitRows = NodePool(capacity: capacities.limitRows)
    accessRows = NodePool(capacity: capacities.accessRows)
    rates = RateBook(capacities)
    templates = Templates(capacities)
    declarationFees = Table(capacity: holderCount)
    declaredCommodities = Table(capacity: capacities.commodities)
    routingModes = Table(capacity: capacities.products * capacities.commodities)
    deliveryBarCommodities = Table(capacity: capacities.products * capacities.commodities)
    deliveryBarInstruments = Table(capacity: capacities.products * capacities.instruments)
    quotas = Table(capacity: capacities.fundAccounts * FundQuota.exchangeCount)
    sharedLists = SharedLists(
      products: capacities.products, commodities: capacities.commodities,
      instruments: capacities.instruments)
    controllers = Controllers(
      controllers: capacities.controllers, accounts: capacities.operationAccounts)
    controls = Controls(
      accounts: capacities.operationAccounts, products: capacities.products,
      counters: capacities.counters)
    rateWindow = Table(capacity: capacities.rateWindow)
    feeRecords = Table(capacity: capacities.products)
    orders = Table(capacity: capacities.orders)
    children = Table(capacity: capacities.children)
    clOrdIndex = ClOrdIndex(orders: capacities.orders)
    books = WorkingBooks(owners: capacities.fundAccounts, instruments: capacities.instruments)
    unmapped = UnmappedTrades(capacity: 4_096)
    precondition(capacities.products < 1 << 16, "product numbers have 16 bits here")
    precondition(capacities.fundAccounts < 1 << 16, "numbers of groups have 16 bits here")
    schemes = Schemes(capacities)
    budgets = Budgets(capacities)
  }

  // MARK: Reading
  //
  // Everybody else reads through these; the pointers they get can't write.

  public func holder(_ id: HolderID) -> UnsafePointer<HolderRecord> {
    UnsafePointer(holders.at(id.raw))
  }
  public func account(_ id: OperationAccountID) -> UnsafePointer<AccountRecord> {
    UnsafePointer(accounts.at(id.raw))
  }
  public func product(_ id: ProductID) -> UnsafePointer<ProductRecord> {
    UnsafePointer(products.at(id.raw))
  }
  public func fundAccount(_ id: FundAccountID) -> UnsafePointer<FundAccountRecord> {
    UnsafePointer(fundAccounts.at(id.raw))
  }
  /// A position record by its 1-based number.
  public func position(_ number: UInt32) -> UnsafePointer<PositionRecord> {
    UnsafePointer(mutablePosition(number))
  }
  /// A holder's figures of a commodity by their 1-based number.
  public func figures(_ number: UInt32) -> UnsafePointer<CommodityFigures> {
    UnsafePointer(mutableFigures(number))
  }
  public func limitRow(_ number: UInt32) -> UnsafePointer<LimitRow> {
    UnsafePointer(limitRows.at(number))
  }
  public func accessRow(_ number: UInt32) -> UnsafePointer<AccessRow> {
    UnsafePointer(accessRows.at(number))
  }
  public func lotNode(_ number: UInt32) -> UnsafePointer<LotNode> {
    UnsafePointer(lots.at(number))
  }
  /// An order of today by its 1-based number.
  public func order(_ number: UInt32) -> UnsafePointer<OrderRecord> {
    UnsafePointer(mutableOrder(number))
  }
  /// A child order of today by its 1-based number.
  public func child(_ number: UInt32) -> UnsafePointer<ChildRecord> {
    UnsafePointer(mutableChild(number))
  }
  /// The rates of an instrument for a holder; nil when none were configured.
  public func rates(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) -> UnsafePointer<RateSet>? {
    rates.find(holders.at(holder.raw).pointee.rateSubject, instrument, commodity)
  }
  /// The same, of who has them (`HolderRecord.rateSubject`).
  public func rates(
    of subject: RateSubject, _ instrument: InstrumentID, _ commodity: CommodityID
  ) -> UnsafePointer<RateSet>? {
    rates.find(subject, instrument, commodity)
  }
  /// Lot nodes that can still be had before fills are merged.
  public var freeLots: Int { max(lots.free - lotReserve, 0) }

  // MARK: Writing, inside the module only

  func mutablePosition(_ number: UInt32) -> UnsafeMutablePointer<PositionRecord> {
    precondition(number > 0, "position numbers are 1-based")
    return positions.at(Int(number) - 1)
  }
  func mutableFigures(_ number: UInt32) -> UnsafeMutablePointer<CommodityFigures> {
    precondition(number > 0, "figures numbers are 1-based")
    return figures.at(Int(number) - 1)
  }
  func mutableOrder(_ number: UInt32) -> UnsafeMutablePointer<OrderRecord> {
    precondition(number > 0, "order numbers are 1-based")
    return orders.at(Int(number) - 1)
  }
  func mutableChild(_ number: UInt32) -> UnsafeMutablePointer<ChildRecord> {
    precondition(number > 0, "child numbers are 1-based")
    return children.at(Int(number) - 1)
  }

  // MARK: Holders

  @inlinable public func holder(of account: OperationAccountID) -> HolderID {
    HolderID(account.raw)
  }
  @inlinable public func holder(of fundAccount: FundAccountID) -> HolderID {
    HolderID(UInt32(capacities.operationAccounts) + fundAccount.raw)
  }
  /// The operation account a holder is; nil for a fund account.
  @inlinable public func operationAccount(_ holder: HolderID) -> OperationAccountID? {
    holder.index < capacities.operationAccounts ? OperationAccountID(holder.raw) : nil
  }
  public func exists(_ account: OperationAccountID) -> Bool { account.index < accountCount }
  public func exists(_ fundAccount: FundAccountID) -> Bool {
    fundAccount.index < fundAccountCount
  }
  public func exists(_ product: ProductID) -> Bool { product.index < productCount }
  public func exists(_ counter: CounterID) -> Bool { counter.index < counterCount }
  public func exists(_ controller: ControllerID) -> Bool { controllers.exists(controller) }

  // MARK: Product settings by commodity and instrument

  /// The routing mode of a commodity in a product: its own, else the product's.
  public func routingMode(_ product: ProductID, _ commodity: CommodityID) -> RoutingMode {
    let own = routingModes.at(product.index * capacities.commodities + commodity.index).pointee
    return RoutingMode(rawValue: own).flatMap { $0 == .unknown ? nil : $0 }
      ?? products.at(product.raw).pointee.mode
  }

  /// Whether delivery-month bars opening in an instrument, were its delivery month now.
  public func isDeliveryBarred(
    _ product: ProductID, exchange: Exchange, commodity: CommodityID, instrument: InstrumentID
  ) -> Bool {
    if products.at(product.raw).pointee.deliveryBarExchanges >> exchange.index & 1 == 1 {
      return true
    }
    if deliveryBarCommodities.at(product.index * capacities.commodities + commodity.index)
      .pointee != 0
    {
      return true
    }
    return
      deliveryBarInstruments.at(product.index * capacities.instruments + instrument.index)
      .pointee != 0
  }
}
