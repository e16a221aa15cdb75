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
  /// are gone by now: day orders ended first.
  public mutating func rollPosition(
    slot: Int, _ instrument: UnsafePointer<InstrumentRecord>, settlement: Price
  ) {
    let number = UInt32(slot) + 1
    let position = mutablePosition(number)
    let settlement = settlement.isNone ? costPrice(position) : settlement
    mark(number, at: settlement, multiplier: instrument.pointee.multiplier)
    rollLots(sidePointer(position, .long), settlement: settlement)
    rollLots(sidePointer(position, .short), settlement: settlement)
    position.pointee.cancels = 0
    // The profit moves into the holder's equity with `rollHolder`; the position starts at 0.
    let holder = holders.at(position.pointee.holder.raw)
    holder.pointee.positionProfit -= position.pointee.profit
    holder.pointee.closeProfit += position.pointee.profit
    position.pointee.profit = .zero
    position.pointee.markedAt = settlement
    position.pointee.overClosed = 0
    remargin(number, instrument)
  }

  /// Without any price of the instrument, a position settles at its own average cost, so that
  /// nothing is gained or lost by not knowing.
  private func costPrice(_ position: UnsafeMutablePointer<PositionRecord>) -> Price {
    let side = position.pointee.long.held > 0 ? position.pointee.long : position.pointee.short
    return side.held > 0 ? Price(units: side.markBasis / Int64(side.held)) : .none
  }

  /// Closes a holder's day: equity becomes the opening equity, tallies and latches start again.
  /// All its positions were rolled before.
  public mutating func rollHolder(slot: Int) {
    let record = holders.at(slot)
    record.pointee.openingEquity = record.pointee.equity
    record.pointee.netCash = .zero
    record.pointee.closeProfit = .zero
    record.pointee.positionProfit = .zero
    record.pointee.fees = .zero
    record.pointee.openedValue = .zero
    record.pointee.closedValue = .zero
    record.pointee.rangeLots = record.pointee.heldLots
    guard slot < capacities.operationAccounts else { return }
    let account = accounts.at(slot)
    account.pointee.orderRateBarred = []
    account.pointee.rateWindowHead = 0
    account.pointee.rateWindowCount = 0
    account.pointee.newestOrder = 0
    account.pointee.firstWorking = 0
    account.pointee.lastWorking = 0
    account.pointee.ordersToday = 0
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
