import Domain
import MarketData
import Storage

// What real-control groups use of exchanges' budgets, counted as it happens (rules.md 8).
extension Ledger {
  // MARK: Settings

  /// Sets what an exchange, a commodity or an instrument allows; `.min` = as the wider one.
  public mutating func setBudget(exchange: Exchange, _ kind: BudgetKind, _ limit: Int64) {
    budgets.exchangeLimits.at(exchange.index).pointee[kind] = limit
    budgetsChanged()
  }
  public mutating func setBudget(commodity: CommodityID, _ kind: BudgetKind, _ limit: Int64) {
    budgets.commodityLimits.at(commodity.raw).pointee[kind] = limit
    budgetsChanged()
  }
  public mutating func setBudget(instrument: InstrumentID, _ kind: BudgetKind, _ limit: Int64) {
    budgets.instrumentLimits.at(instrument.raw).pointee[kind] = limit
    budgetsChanged()
  }

  private mutating func budgetsChanged() {
    budgets.changes += 1
    budgets.isOn = true
  }

  public mutating func setBudgetWarning(_ percent: Int64) { budgets.warnPercent = percent }

  /// Messages within a second, and how often a day.
  public mutating func setBudgetMessages(inSecond: Int64? = nil, aDay: Int64? = nil) {
    if let inSecond { budgets.messagesInSecond = inSecond }
    if let aDay { budgets.burstsADay = aDay }
  }

  public mutating func setMarketMaking(
    _ fund: FundAccountID, _ commodity: CommodityID, _ isMaking: Bool
  ) {
    budgets.marketMaking.at(fund.index * budgets.commodityCapacity + commodity.index).pointee =
      isMaking ? 1 : 0
  }

  /// The group of a fund account, 1-based; 0 = none. There are no more groups than fund accounts.
  public mutating func setControlGroup(_ fund: FundAccountID, _ group: UInt32) {
    precondition(Int(group) <= capacities.fundAccounts, "a group's number was checked")
    fundAccounts.at(fund.raw).pointee.controlGroup = UInt16(group)
  }

  // MARK: Reading

  /// Whose budget a fund account uses at an exchange.
  @inline(__always) public func budgetKey(_ fund: FundAccountID, _ exchange: Exchange) -> UInt32 {
    let record = fundAccounts.at(fund.raw)
    let group = UInt32(record.pointee.controlGroup)
    if group != 0 { return (group - 1) * 3 }
    let owner = record.pointee.owners[exchange.index]
    return owner != 0 ? (owner - 1) * 3 + 1 : fund.raw * 3 + 2
  }

  @inline(__always) public func budgetLimits(
    _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UnsafePointer<ResolvedBudgets> {
    budgets.limits(
      id, instrument.pointee.commodity, instrument.pointee.exchange,
      most: instrument.pointee.maximumLimitLots)
  }

  public func makesMarket(_ fund: FundAccountID, _ commodity: CommodityID) -> Bool {
    budgets.marketMaking.at(fund.index * budgets.commodityCapacity + commodity.index).pointee != 0
  }

  /// What a group has used of a budget, and what it may.
  public func budget(
    _ tally: BudgetTally, _ record: UnsafePointer<BudgetRecord>,
    _ limits: UnsafePointer<ResolvedBudgets>
  ) -> (used: Int64, limit: Int64) {
    switch tally {
    case .selfTrades: (Int64(record.pointee.selfTrades), limits.pointee.selfTrades)
    case .cancels: (Int64(record.pointee.cancels), limits.pointee.cancels)
    case .limitPriceCancels:
      (Int64(record.pointee.limitPriceCancels), limits.pointee.limitPriceCancels)
    case .largeCancels: (Int64(record.pointee.largeCancels), limits.pointee.largeCancels)
    case .opened: (record.pointee.opened, limits.pointee.opened)
    case .openedOfCommodity:
      (budgets.commodity(of: record).opened, limits.pointee.openedOfCommodity)
    case .messages: (0, .max)
    }
  }

  // MARK: Counting

  /// The record that a fund account's group has of an instrument, made when there is none; 0 =
  /// there is no room.
  mutating func ensureBudget(
    _ fund: FundAccountID, _ id: InstrumentID, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    let key = budgetKey(fund, instrument.pointee.exchange)
    let known = budgets.number(key, id)
    guard known == 0 else { return known }
    guard budgets.recordCount < budgets.records.capacity else {
      budgets.hasLost = true
      return 0
    }
    let record = budgets.records.at(budgets.recordCount)
    budgets.recordCount += 1
    record.pointee.key = key
    record.pointee.instrument = id
    record.pointee.commodity = instrument.pointee.commodity
    record.pointee.fundAccount = fund
    record.pointee.selfTrades = 0
    record.pointee.cancels = 0
    record.pointee.limitPriceCancels = 0
    record.pointee.largeCancels = 0
    record.pointee.told = []
    record.pointee.opened = 0
    record.pointee.working = 0
    budgets.directory.at(budgets.place(key, id)).pointee = UInt32(budgets.recordCount)
    return UInt32(budgets.recordCount)
  }

  /// A child's group's record of the instrument; 0 = it does not count.
  @inline(__always) public func budgetRecord(ofChild number: UInt32) -> UInt32 {
    budgets.isOn ? budgets.childRecords.at(Int(number) - 1).pointee : 0
  }

  /// A child is there: its group's record is made, and its opening lots work.
  @inline(__always) mutating func countBudget(
    new number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    if budgets.isOn { countInForce(new: number, instrument) }
  }

  @inline(never) private mutating func countInForce(
    new number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let child = mutableChild(number)
    budgets.childRecords.at(Int(number) - 1).pointee = ensureBudget(
      child.pointee.fundAccount, child.pointee.instrument, instrument)
    moveBudget(number, working: child.pointee.lots)
  }

  /// Opening lots of a child work, or no longer do, or were filled.
  @inline(__always) func moveBudget(_ number: UInt32, working: Lots, opened: Lots = 0) {
    if budgets.isOn { moveInForce(number, working: working, opened: opened) }
  }

  @inline(never) private func moveInForce(_ number: UInt32, working: Lots, opened: Lots) {
    let record = budgets.childRecords.at(Int(number) - 1).pointee
    guard record != 0, mutableChild(number).pointee.offset == .open else { return }
    move(budgets.mutableRecord(record), working: working, opened: opened)
  }

  private func move(
    _ record: UnsafeMutablePointer<BudgetRecord>, working: Lots, opened: Lots
  ) {
    record.pointee.working += Int64(working)
    record.pointee.opened += Int64(opened)
    let commodity = budgets.mutableCommodity(record.pointee.key, record.pointee.commodity)
    commodity.pointee.working += Int64(working)
    commodity.pointee.opened += Int64(opened)
  }

  /// A trade that no child of ours made opened lots. Its group's record; 0 = it does not count.
  public mutating func countBudget(
    external trade: ExternalTrade, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    guard budgets.isOn else { return 0 }
    let number = ensureBudget(trade.fundAccount, trade.instrument, instrument)
    guard number != 0 else { return 0 }
    if trade.offset == .open {
      move(budgets.mutableRecord(number), working: 0, opened: trade.lots)
    }
    return number
  }

  /// The exchange has cancelled lots of a child: of day orders, and of none that hedges or makes a
  /// market (rules.md 8). Its group's record; 0 = it does not count.
  public mutating func countBudget(
    cancelled number: UInt32, lots: Lots, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> UInt32 {
    let child = mutableChild(number)
    let place = budgetRecord(ofChild: number)
    guard place != 0, child.pointee.timeInForce == .day,
      child.pointee.hedge != .hedge,
      !makesMarket(child.pointee.fundAccount, instrument.pointee.commodity)
    else { return 0 }
    let record = budgets.mutableRecord(place)
    record.pointee.cancels += 1
    let price = child.pointee.price
    if child.pointee.type != .market,
      price == instrument.pointee.upperLimit || price == instrument.pointee.lowerLimit
    {
      record.pointee.limitPriceCancels += 1
    }
    let large = budgetLimits(child.pointee.instrument, instrument).pointee.largeFrom
    if Int64(lots) >= large { record.pointee.largeCancels += 1 }
    return place
  }

  /// A group was on one side of a trade. Where it was on the other side before, it has traded with
  /// itself: once a trade, however it was split.
  public mutating func countBudget(trade id: VenueID, side: Side, of number: UInt32) {
    guard number != 0, !id.isEmpty, side != .unknown else { return }
    let record = budgets.mutableRecord(number)
    let sides: UInt8 = side == .buy ? 1 : 2
    let hash = Budgets.hash(record.pointee.key, record.pointee.instrument, id)
    var place = hash & budgets.tradeMask
    while true {
      let trade = budgets.trades.at(Int(place))
      guard trade.pointee.generation == budgets.generation else { break }
      if trade.pointee.id == id, trade.pointee.key == record.pointee.key,
        trade.pointee.instrument == record.pointee.instrument
      {
        let before = trade.pointee.sides
        guard before | sides != before else { return }
        trade.pointee.sides = before | sides
        budgets.tradeDigest &+= hash &* UInt64(sides)
        record.pointee.selfTrades += 1
        return
      }
      place = (place + 1) & budgets.tradeMask
    }
    guard budgets.tradeCount < budgets.tradeCapacity else {
      budgets.hasLost = true
      return
    }
    let trade = budgets.trades.at(Int(place))
    trade.pointee.id = id
    trade.pointee.key = record.pointee.key
    trade.pointee.instrument = record.pointee.instrument
    trade.pointee.generation = budgets.generation
    trade.pointee.sides = sides
    budgets.tradeCount += 1
    budgets.tradeDigest &+= hash &* UInt64(sides)
  }

  /// A message leaves for an exchange. The group's record when it was the last of so many within
  /// a second: the count starts again, so that none of them counts twice.
  public mutating func countBudgetMessage(
    _ fund: FundAccountID, _ exchange: Exchange, at time: Timestamp
  ) -> UnsafePointer<BudgetMessages>? {
    let most = budgets.messagesInSecond
    guard most != .min, exchange != .unknown else { return nil }
    let record = budgets.mutableMessages(budgetKey(fund, exchange), exchange)
    let ring = BudgetMessages.most
    record.pointee.times[Int(record.pointee.head)] = time.nanoseconds
    record.pointee.head = UInt16((Int(record.pointee.head) + 1) % ring)
    record.pointee.count = min(record.pointee.count + 1, UInt16(ring))
    guard Int64(record.pointee.count) >= most else { return nil }
    let first = (Int(record.pointee.head) + ring - Int(most)) % ring
    guard
      time.nanoseconds - record.pointee.times[first] <= Timestamp.nanosecondsPerSecond
    else { return nil }
    record.pointee.count = 0
    record.pointee.bursts += 1
    return UnsafePointer(record)
  }

  /// How often a fund account's group has sent many messages to an exchange today, and what was
  /// told of that.
  public func budgetMessages(
    _ fund: FundAccountID, _ exchange: Exchange
  ) -> (bursts: Int32, told: BudgetTold) {
    budgets.bursts(budgetKey(fund, exchange), exchange)
  }

  // MARK: What was told

  public mutating func setTold(
    _ told: BudgetTold, _ number: UInt32, ofCommodity: Bool
  ) {
    let record = budgets.mutableRecord(number)
    if ofCommodity {
      budgets.mutableCommodity(record.pointee.key, record.pointee.commodity).pointee.told = told
    } else {
      record.pointee.told = told
    }
  }

  public mutating func setTold(
    messages fund: FundAccountID, _ exchange: Exchange, _ told: BudgetTold
  ) {
    budgets.mutableMessages(budgetKey(fund, exchange), exchange).pointee.told = told
  }

  // MARK: The day switch

  /// Nothing was used yet.
  public mutating func restartBudgets() {
    budgets.generation += 1
    budgets.recordCount = 0
    budgets.tradeCount = 0
    budgets.tradeDigest = 0
    budgets.hasLost = false
    budgets.hasToldLoss = false
  }

  /// True once a day: something found no room.
  public mutating func takeLostBudgets() -> Bool {
    guard budgets.hasLost, !budgets.hasToldLoss else { return false }
    budgets.hasToldLoss = true
    return true
  }
}

extension Budgets {
  static func hash(_ key: UInt32, _ instrument: InstrumentID, _ id: VenueID) -> UInt64 {
    var value = UInt64(key) << 32 | UInt64(instrument.raw)
    for word in 0..<3 {
      var next: UInt64 = 0
      for byte in 0..<8 { next = next << 8 | UInt64(id.bytes[word * 8 + byte]) }
      value = (value ^ next) &* 0x9E37_79B9_7F4A_7C15
      value ^= value >> 29
    }
    return value
  }
}
