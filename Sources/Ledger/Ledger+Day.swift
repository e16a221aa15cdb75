import Domain
import MarketData
import Storage

// The ledger's part of the day switch, one record at a time so that the engine can do it in
// slices (Settlement drives it).
extension Ledger {
  /// How many position slots are in use or were; slots of a chunk that were never given have no
  /// figures.
  public var positionSlots: Int { positionChunkCount * PositionChunk.size }
  public func isUsed(positionSlot slot: Int) -> Bool {
    positions.at(slot).pointee.figures != 0
  }
  public var holderSlots: Int { holders.capacity }

  /// Marks a position at settlement for the last time, then makes today's lots yesterday's. Holds
  /// are gone by now: day orders ended first. The instrument has settled already: its prior
  /// settlement is the one to settle at, and its mark may be a price of the new day.
  public mutating func rollPosition(
    slot: Int, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let number = UInt32(slot) + 1
    let position = mutablePosition(number)
    let settlement = instrument.pointee.preSettlement
    mutableFigures(position.pointee.figures).pointee.openedToday -=
      position.pointee.long.openedToday + position.pointee.short.openedToday
    let multiplier = instrument.pointee.multiplier
    let profit =
      roll(position, .long, settlement: settlement)
      - roll(position, .short, settlement: settlement)
    position.pointee.cancels = 0
    // The profit moves into the holder's equity with `rollHolder`; the position starts at 0.
    let holder = holders.at(position.pointee.holder.raw)
    // An option's value is nobody's profit: it is carried as it is and marked below.
    if !position.pointee.isOption {
      holder.pointee.positionProfit -= position.pointee.profit
      if holder.pointee.isInSchemes {
        countScheme(profit: number, -position.pointee.profit.units)
      }
      holder.pointee.closeProfit += Money(units: profit * multiplier)
      position.pointee.profit = .zero
    }
    position.pointee.overClosed = 0
    remargin(number, instrument)
    mark(number, at: instrument.pointee.mark, multiplier: multiplier)
    if holder.pointee.isInSchemes { rollSchemes(number, holder, instrument) }
    unlinkIfEmpty(number)
  }

  /// Rolls one side; returns what its lots are worth at settlement above their mark cost, in price
  /// units. Without any price a side settles at its own average cost.
  private mutating func roll(
    _ position: UnsafeMutablePointer<PositionRecord>, _ positionSide: PositionSide,
    settlement: Price
  ) -> Int64 {
    let side = sidePointer(position, positionSide)
    let cost = costPointer(position, positionSide)
    let held = Int64(side.pointee.held)
    guard held > 0 else {
      rollLots(side, cost, settlement: settlement)
      return 0
    }
    let price =
      settlement.isNone ? Price(units: cost.pointee.markBasis / held) : settlement
    let gain = price.units * held - cost.pointee.markBasis
    rollLots(side, cost, settlement: price)
    return gain
  }

  /// Closes a holder's day: equity at settlement becomes the opening equity, tallies and latches
  /// start again. All its positions were rolled before: what position profit there is by now comes
  /// from prices of the new day and stays.
  public mutating func rollHolder(slot: Int) {
    let record = holders.at(slot)
    if slot >= capacities.operationAccounts {
      let product = fundAccounts.at(slot - capacities.operationAccounts).pointee.product
      if !product.isNone { rollStatedTotal(record, SchemeSubject(product)) }
    } else if record.pointee.schemeAccount != 0 {
      rollStatedTotal(record, ownSubject(UnsafePointer(record)))
    }
    record.pointee.openingEquity = record.pointee.equity - record.pointee.positionProfit
    record.pointee.netCash = .zero
    record.pointee.premium = .zero
    record.pointee.closeProfit = .zero
    record.pointee.fees = .zero
    record.pointee.openedValue = .zero
    record.pointee.closedValue = .zero
    record.pointee.rangeLots = record.pointee.heldLots
    disturb(HolderID(UInt32(slot)))
    guard slot < capacities.operationAccounts else {
      rollFundAccount(slot: slot - capacities.operationAccounts)
      return
    }
    let account = accounts.at(slot)
    lineRecords.at(slot).pointee.latched = LineMask()
    beginRiskDegree(slot: slot)
    rollWindows(slot: slot)
    account.pointee.orderRateBarred = []
    account.pointee.rateWindow.restart()
    account.pointee.newestOrder = 0
    account.pointee.newestOrderAt = Timestamp(nanoseconds: 0)
    account.pointee.firstWorking = 0
    account.pointee.lastWorking = 0
    account.pointee.ordersToday = 0
  }

  /// fund-order-rate's bar ends with the day.
  private func rollFundAccount(slot: Int) {
    let fund = fundAccounts.at(slot)
    fund.pointee.orderRateBarred = []
    fund.pointee.rateWindow.restart()
    fund.pointee.counterCash = .zero
  }

  public mutating func rollProduct(slot: Int) {
    products.at(slot).pointee.openedValue = 0
  }

  /// Forgets the day's orders; they are in the journal. All are final, so nothing holds.
  public mutating func forgetOrders(from start: Int, count: Int) -> Int? {
    let end = min(start + count, max(orderCount, childCount))
    let orderEnd = min(end, orderCount)
    if start < orderEnd {
      for slot in start..<orderEnd { Self.zero(orders.at(slot)) }
    }
    let childEnd = min(end, childCount)
    if start < childEnd {
      for slot in start..<childEnd { Self.zero(children.at(slot)) }
    }
    guard end >= max(orderCount, childCount) else { return end }
    orderCount = 0
    childCount = 0
    return nil
  }

  /// Empties part of the index of client ids.
  public mutating func forgetClOrdIDs(from start: Int, count: Int) -> Int? {
    clearClOrdIndex(from: start, count: count)
  }

  private static func zero<Record>(_ record: UnsafeMutablePointer<Record>) {
    UnsafeMutableRawPointer(record).initializeMemory(
      as: UInt8.self, repeating: 0, count: MemoryLayout<Record>.stride)
  }
}
