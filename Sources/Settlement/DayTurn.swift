import Domain
import Ledger
import MarketData
import Storage

/// The books' part of a day switch, in an order that keeps every figure explainable: instruments
/// settle, positions are marked at settlement and roll, holders close their day, products and the
/// day's orders start from nothing. Instruments come first, so that a price that arrives between
/// two slices is the new day's for every position alike.
public struct DayTurn: Equatable, Sendable, BitwiseCopyable {
  enum Phase: UInt8, Sendable, BitwiseCopyable {
    case instruments, positions, holders, products, orders, clientIDs, done
  }

  var phase = Phase.instruments
  var next = 0

  public init() {}

  public func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(phase.rawValue))
    hasher.combine(UInt64(next))
  }

  public var isDone: Bool { phase == .done }

  /// Does at most `budget` units of work; one unit is one record.
  public mutating func advance(
    _ ledger: inout Ledger, _ market: inout Market, budget: Int
  ) {
    switch phase {
    case .instruments:
      let end = min(next + budget, market.instrumentCount)
      for index in next..<max(end, next) {
        let id = InstrumentID(UInt32(index))
        market.settle(id)
        // Every position takes its margin anew as it rolls.
        _ = ledger.setPriorSettlement(id, market.instrument(id).pointee.preSettlement)
      }
      finish(end, of: market.instrumentCount, then: .positions)
    case .positions:
      let end = min(next + budget, ledger.positionSlots)
      for slot in next..<max(end, next) where ledger.isUsed(positionSlot: slot) {
        let number = UInt32(slot) + 1
        let instrument = market.instrument(ledger.position(number).pointee.instrument)
        ledger.rollPosition(slot: slot, instrument)
      }
      finish(end, of: ledger.positionSlots, then: .holders)
    case .holders:
      let end = min(next + budget, ledger.holderSlots)
      for slot in next..<max(end, next) { ledger.rollHolder(slot: slot) }
      finish(end, of: ledger.holderSlots, then: .products)
    case .products:
      let end = min(next + budget, ledger.productCount)
      for slot in next..<max(end, next) { ledger.rollProduct(slot: slot) }
      finish(end, of: ledger.productCount, then: .orders)
    case .orders:
      if let go = ledger.forgetOrders(from: next, count: budget) {
        next = go
      } else {
        enter(.clientIDs)
      }
    case .clientIDs:
      // A slot is four bytes: a unit is a line of sixteen.
      if let go = ledger.forgetClOrdIDs(from: next, count: budget * 16) {
        next = go
      } else {
        // With the day, so that what comes in between counts to the one that has ended.
        ledger.restartBudgets()
        enter(.done)
      }
    case .done:
      break
    }
  }

  private mutating func finish(_ end: Int, of count: Int, then phase: Phase) {
    if end >= count { enter(phase) } else { next = end }
  }

  private mutating func enter(_ phase: Phase) {
    self.phase = phase
    next = 0
  }
}
