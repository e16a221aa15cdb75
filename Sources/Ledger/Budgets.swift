import Domain
import Storage

/// Budgets of what exchanges call abnormal trading (rules.md 8): limits by exchange, commodity and
/// instrument, and what each real-control group has used of them today.
///
/// Groups are keys: one that fund accounts name, else the legal owner behind a trading code, else
/// the fund account by itself. A day's records are forgotten by forgetting how many there are.
public struct Budgets: ~Copyable {
  private let pinned = Pinned()
  let keyCount: Int
  let commodityCapacity: Int
  public let tradeCapacity: Int

  // What is allowed.
  let exchangeLimits: Table<BudgetLimits>
  let commodityLimits: Table<BudgetLimits>
  let instrumentLimits: Table<BudgetLimits>
  let resolved: Table<ResolvedBudgets>
  /// Of limits, so far; what was resolved under another number is resolved again.
  var changes: UInt64 = 1
  /// A limit was ever set: from then on is counted.
  public internal(set) var isOn = false
  /// Share of a budget that is told, 1e-4 of one percent; unset = `Int64.min`.
  public internal(set) var warnPercent: Int64 = .min
  /// Messages within a second, and how often a day; unset = `Int64.min`.
  public internal(set) var messagesInSecond: Int64 = .min
  public internal(set) var burstsADay: Int64 = .min
  /// 1 = the fund account makes the market of the commodity.
  let marketMaking: Table<UInt8>

  // What was used.
  var generation: UInt32 = 1
  /// Of each child of the day, its group's record of the instrument; 0 = it does not count. Written
  /// with each child while budgets are set.
  let childRecords: Table<UInt32>
  let directory: Table<UInt32>
  let records: Table<BudgetRecord>
  public internal(set) var recordCount = 0
  let commodities: Table<BudgetCommodity>
  let messages: Table<BudgetMessages>
  let trades: Table<BudgetTrade>
  let tradeMask: UInt64
  public internal(set) var tradeCount = 0
  /// Of today's trades, whatever their order.
  var tradeDigest: UInt64 = 0
  /// Something found no room today; that was told.
  var hasLost = false
  var hasToldLoss = false

  init(_ capacities: LedgerCapacities) {
    keyCount = capacities.fundAccounts * 3
    commodityCapacity = capacities.commodities
    tradeCapacity = capacities.budgetTrades
    exchangeLimits = Table(capacity: Exchange.count)
    commodityLimits = Table(capacity: capacities.commodities)
    instrumentLimits = Table(capacity: capacities.instruments)
    resolved = Table(capacity: capacities.instruments)
    marketMaking = Table(capacity: capacities.fundAccounts * capacities.commodities)
    childRecords = Table(capacity: capacities.children)
    directory = Table(capacity: keyCount * capacities.instruments, isSparse: true)
    records = Table(capacity: capacities.budgetRecords)
    commodities = Table(capacity: keyCount * capacities.commodities, isSparse: true)
    messages = Table(capacity: keyCount * Exchange.count, isSparse: true)
    var size = 64
    while size < capacities.budgetTrades * 2 { size *= 2 }
    trades = Table(capacity: size, isSparse: true)
    tradeMask = UInt64(size - 1)
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(exchangeLimits)
    try archive.pass(commodityLimits)
    try archive.pass(instrumentLimits)
    try archive.pass(resolved)
    try archive.pass(&changes)
    try archive.pass(&isOn)
    try archive.pass(&warnPercent)
    try archive.pass(&messagesInSecond)
    try archive.pass(&burstsADay)
    try archive.pass(marketMaking)
    try archive.pass(&generation)
    try archive.pass(childRecords)
    try archive.pass(directory)
    try archive.pass(records)
    try archive.pass(count: &recordCount, atMost: records.capacity)
    try archive.pass(commodities)
    try archive.pass(messages)
    try archive.pass(trades)
    try archive.pass(count: &tradeCount, atMost: tradeCapacity)
    try archive.pass(&tradeDigest)
    try archive.pass(&hasLost)
    try archive.pass(&hasToldLoss)
  }

  // MARK: Reading

  /// A group's record of an instrument; 0 = it has none today.
  @inline(__always) public func number(_ key: UInt32, _ instrument: InstrumentID) -> UInt32 {
    let number = directory.at(place(key, instrument)).pointee
    // What earlier days left behind is another's by now, or nobody's.
    guard number != 0, Int(number) <= recordCount else { return 0 }
    let record = records.at(Int(number) - 1)
    return record.pointee.key == key && record.pointee.instrument == instrument ? number : 0
  }

  func place(_ key: UInt32, _ instrument: InstrumentID) -> Int {
    instrument.index * keyCount + Int(key)
  }

  public func record(_ number: UInt32) -> UnsafePointer<BudgetRecord> {
    UnsafePointer(mutableRecord(number))
  }

  func mutableRecord(_ number: UInt32) -> UnsafeMutablePointer<BudgetRecord> {
    precondition(number > 0, "budget records are 1-based")
    return records.at(Int(number) - 1)
  }

  /// A group's sums in a commodity today.
  func mutableCommodity(
    _ key: UInt32, _ commodity: CommodityID
  ) -> UnsafeMutablePointer<BudgetCommodity> {
    let record = commodities.at(Int(key) * commodityCapacity + commodity.index)
    if record.pointee.generation != generation {
      record.pointee.generation = generation
      record.pointee.opened = 0
      record.pointee.working = 0
      record.pointee.told = []
    }
    return record
  }

  /// The same, to be read.
  public func commodity(_ key: UInt32, _ commodity: CommodityID) -> BudgetCommodity {
    let record = commodities.at(Int(key) * commodityCapacity + commodity.index)
    return record.pointee.generation == generation ? record.pointee : BudgetCommodity()
  }

  public func commodity(of record: UnsafePointer<BudgetRecord>) -> BudgetCommodity {
    commodity(record.pointee.key, record.pointee.commodity)
  }

  func mutableMessages(
    _ key: UInt32, _ exchange: Exchange
  ) -> UnsafeMutablePointer<BudgetMessages> {
    let record = messages.at(Int(key) * Exchange.count + exchange.index)
    if record.pointee.generation != generation {
      record.pointee.generation = generation
      record.pointee.head = 0
      record.pointee.count = 0
      record.pointee.bursts = 0
      record.pointee.told = []
    }
    return record
  }

  /// Times that so many messages left within a second.
  func bursts(_ key: UInt32, _ exchange: Exchange) -> (bursts: Int32, told: BudgetTold) {
    let record = messages.at(Int(key) * Exchange.count + exchange.index)
    return record.pointee.generation == generation
      ? (record.pointee.bursts, record.pointee.told) : (0, [])
  }

  /// Asks for what says which record a group has, and then for the record.
  @inline(__always) func prefetchDirectory(_ key: UInt32, _ instrument: InstrumentID) {
    directory.prefetch(place(key, instrument), lines: 1)
  }
  @inline(__always) func prefetchRecord(_ key: UInt32, _ instrument: InstrumentID) {
    let number = number(key, instrument)
    if number != 0 { records.prefetch(Int(number) - 1) }
  }

  /// Whether one more order's groups have room for their records.
  public var hasRoom: Bool {
    records.capacity - recordCount >= LedgerCapacities.fundAccountsPerProduct
  }

  /// Whether one more trade can be told from those of today.
  public var hasRoomForTrades: Bool { tradeCount < tradeCapacity }

  // MARK: What is allowed

  /// What holds in an instrument.
  ///
  /// - Parameter most: lots of its largest order.
  @inline(__always) func limits(
    _ id: InstrumentID, _ commodity: CommodityID, _ exchange: Exchange, most: Lots
  ) -> UnsafePointer<ResolvedBudgets> {
    let found = resolved.at(id.raw)
    if found.pointee.changes != changes { resolve(found, id, commodity, exchange, most) }
    return UnsafePointer(found)
  }

  @inline(never) private func resolve(
    _ found: UnsafeMutablePointer<ResolvedBudgets>, _ id: InstrumentID, _ commodity: CommodityID,
    _ exchange: Exchange, _ most: Lots
  ) {
    let own = instrumentLimits.at(id.raw)
    let common = commodityLimits.at(commodity.raw)
    let widest = exchangeLimits.at(exchange.index)
    func limit(_ kind: BudgetKind) -> Int64 {
      if own.pointee[kind] != .min { return own.pointee[kind] }
      if common.pointee[kind] != .min { return common.pointee[kind] }
      return widest.pointee[kind] == .min ? .max : widest.pointee[kind]
    }
    found.pointee.selfTrades = limit(.selfTrades)
    found.pointee.cancels = limit(.cancels)
    found.pointee.limitPriceCancels = limit(.limitPriceCancels)
    found.pointee.largeCancels = limit(.largeCancels)
    func lots(_ limits: UnsafeMutablePointer<BudgetLimits>) -> Int64 {
      limits.pointee[.openedLots] == .min ? .max : limits.pointee[.openedLots]
    }
    found.pointee.opened = lots(own)
    found.pointee.openedOfCommodity = lots(common)
    // lots * 100 % >= percent * largest order, and > for the other.
    let whole: Int64 = 1_000_000
    var large = limit(.largeLots)
    let percent = limit(.largePercent)
    if percent != .max { large = min(large, (percent * Int64(most) + whole - 1) / whole) }
    let above = limit(.largeAbovePercent)
    if above != .max { large = min(large, above * Int64(most) / whole + 1) }
    found.pointee.largeFrom = large
    found.pointee.changes = changes
  }
}

// MARK: State hash

extension Budgets {
  func hash(into hasher: inout StateHasher, children: Int) {
    hasher.combine(UInt64(isOn ? 1 : 0) | UInt64(hasLost ? 2 : 0) | UInt64(hasToldLoss ? 4 : 0))
    hasher.combine(warnPercent)
    hasher.combine(messagesInSecond)
    hasher.combine(burstsADay)
    for index in 0..<Exchange.count { hash(exchangeLimits.at(index), 0, index, &hasher) }
    for index in 0..<commodityLimits.capacity {
      hash(commodityLimits.at(index), 1, index, &hasher)
    }
    for index in 0..<instrumentLimits.capacity {
      hash(instrumentLimits.at(index), 2, index, &hasher)
    }
    for index in 0..<marketMaking.capacity where marketMaking.at(index).pointee != 0 {
      hasher.combine(UInt64(index / commodityCapacity) << 32 | UInt64(index % commodityCapacity))
    }
    hasher.combine(UInt64(recordCount))
    for index in 0..<recordCount {
      let record = UnsafePointer(records.at(index))
      hasher.combine(UInt64(record.pointee.key) << 32 | UInt64(record.pointee.instrument.raw))
      hasher.combine(Int64(record.pointee.selfTrades) << 32 | Int64(record.pointee.cancels))
      hasher.combine(
        Int64(record.pointee.limitPriceCancels) << 32 | Int64(record.pointee.largeCancels))
      hasher.combine(record.pointee.opened)
      hasher.combine(record.pointee.working)
      hasher.combine(UInt64(record.pointee.fundAccount.raw))
      hasher.combine(
        UInt64(record.pointee.told.rawValue) << 16
          | UInt64(commodity(of: record).told.rawValue))
    }
    if isOn { hasher.combine(childRecords, count: children) }
    for index in 0..<messages.capacity where messages.at(index).pointee.generation == generation {
      let record = messages.at(index)
      // One that was only looked at is as if it were not there.
      guard record.pointee.count > 0 || record.pointee.bursts > 0 else { continue }
      hasher.combine(UInt64(index))
      hasher.combine(UInt64(record.pointee.bursts) << 16 | UInt64(record.pointee.told.rawValue))
      hasher.combine(UInt64(record.pointee.count))
      for back in 1...BudgetMessages.most where back <= Int(record.pointee.count) {
        let place = (Int(record.pointee.head) + BudgetMessages.most - back) % BudgetMessages.most
        hasher.combine(record.pointee.times[place])
      }
    }
    hasher.combine(UInt64(tradeCount))
    hasher.combine(tradeDigest)
  }

  private func hash(
    _ limits: UnsafeMutablePointer<BudgetLimits>, _ level: UInt64, _ index: Int,
    _ hasher: inout StateHasher
  ) {
    for kind in BudgetKind.allCases where kind != .unknown && limits.pointee[kind] != .min {
      hasher.combine(level << 40 | UInt64(index) << 8 | UInt64(kind.rawValue))
      hasher.combine(limits.pointee[kind])
    }
  }
}
