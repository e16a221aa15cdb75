import Domain
import Storage

/// Lots opened at one price on one day; nodes of equal price and day are merged.
public struct LotNode: LinkedNode {
  public var next: UInt32
  public var lots: Lots
  /// Open price * lots. Only when the pool ran dry does a node hold more than one price: then the
  /// sum stays exact and the split is by average.
  public var basis: Int64
  /// The trading day they were opened on, yyyymmdd.
  public var openDay: UInt32
  var padding: UInt32
}

/// What a closing took off one side of a position.
public struct ClosedLots: Equatable, Sendable {
  public var today: Lots = 0
  public var yesterday: Lots = 0
  /// Sum of open price * lots, and of mark cost * lots, of what was taken.
  public var openBasis: Int64 = 0
  public var markBasis: Int64 = 0
  public init() {}
  public var lots: Lots { today + yesterday }
}

extension Ledger {
  /// Adds lots to a side at a price, as today's.
  mutating func addToday(
    _ side: UnsafeMutablePointer<PositionSideRecord>,
    _ cost: UnsafeMutablePointer<PositionCostRecord>, price: Price, lots count: Lots, day: UInt32
  ) {
    let basis = price.units * Int64(count)
    append(
      first: &cost.pointee.firstToday, last: &cost.pointee.lastToday, basis: basis, lots: count,
      day: day)
    side.pointee.today += count
    side.pointee.openedToday += count
    cost.pointee.openBasis += basis
    cost.pointee.markBasis += basis
  }

  /// Adds lots held since before today (genesis).
  mutating func addYesterday(
    _ side: UnsafeMutablePointer<PositionSideRecord>,
    _ cost: UnsafeMutablePointer<PositionCostRecord>, price: Price, lots count: Lots, day: UInt32
  ) {
    let basis = price.units * Int64(count)
    append(
      first: &cost.pointee.firstYesterday, last: &cost.pointee.lastYesterday, basis: basis,
      lots: count, day: day)
    side.pointee.yesterday += count
    cost.pointee.openBasis += basis
    cost.pointee.markBasis += cost.pointee.yesterdayMark.units * Int64(count)
  }

  private mutating func append(
    first: inout UInt32, last: inout UInt32, basis: Int64, lots count: Lots, day: UInt32
  ) {
    if last != 0 {
      let tail = lots.at(last)
      let samePrice =
        tail.pointee.basis == basis / Int64(count) * Int64(tail.pointee.lots)
        && basis % Int64(count) == 0
      if tail.pointee.openDay == day && samePrice || freeLots == 0 {
        tail.pointee.lots += count
        tail.pointee.basis += basis
        return
      }
    }
    guard let number = lots.take() else {
      preconditionFailure("the reserve has a node for the first lots of every list")
    }
    let node = lots.at(number)
    node.pointee.lots = count
    node.pointee.basis = basis
    node.pointee.openDay = day
    if last == 0 { first = number } else { lots.at(last).pointee.next = number }
    last = number
  }

  /// Takes at most `count` lots off a side, oldest first within what the offset reaches
  /// (decisions 3). Takes fewer when fewer are held: a closing never flips a position.
  mutating func take(
    _ side: UnsafeMutablePointer<PositionSideRecord>,
    _ cost: UnsafeMutablePointer<PositionCostRecord>, lots count: Lots, offset: Offset,
    separatesToday: Bool
  ) -> ClosedLots {
    var closed = ClosedLots()
    var left = count
    if !separatesToday || offset != .closeToday {
      let taken = takeFrom(
        first: &cost.pointee.firstYesterday, last: &cost.pointee.lastYesterday, count: left,
        basis: &closed.openBasis)
      side.pointee.yesterday -= taken
      closed.yesterday = taken
      closed.markBasis += cost.pointee.yesterdayMark.units * Int64(taken)
      left -= taken
    }
    if left > 0, !separatesToday || offset == .closeToday {
      var basis: Int64 = 0
      let taken = takeFrom(
        first: &cost.pointee.firstToday, last: &cost.pointee.lastToday, count: left,
        basis: &basis)
      side.pointee.today -= taken
      closed.today = taken
      closed.openBasis += basis
      closed.markBasis += basis
    }
    side.pointee.closedToday += closed.lots
    cost.pointee.openBasis -= closed.openBasis
    cost.pointee.markBasis -= closed.markBasis
    return closed
  }

  private mutating func takeFrom(
    first: inout UInt32, last: inout UInt32, count: Lots, basis: inout Int64
  ) -> Lots {
    var left = count
    while left > 0, first != 0 {
      let node = lots.at(first)
      if node.pointee.lots > left {
        let part = node.pointee.basis / Int64(node.pointee.lots) * Int64(left)
        node.pointee.basis -= part
        node.pointee.lots -= left
        basis += part
        return count
      }
      left -= node.pointee.lots
      basis += node.pointee.basis
      let emptied = first
      first = node.pointee.next
      if first == 0 { last = 0 }
      lots.put(emptied)
    }
    return count - left
  }

  /// Gives the first node of today's list back: its lots go into the last of yesterday's. Without
  /// this the reserve would wander into longer lists, day by day.
  private mutating func mergeFirstToday(_ cost: UnsafeMutablePointer<PositionCostRecord>) {
    let first = lots.at(cost.pointee.firstToday)
    let tail = lots.at(cost.pointee.lastYesterday)
    tail.pointee.lots += first.pointee.lots
    tail.pointee.basis += first.pointee.basis
    let merged = cost.pointee.firstToday
    cost.pointee.firstToday = first.pointee.next
    if cost.pointee.firstToday == 0 { cost.pointee.lastToday = 0 }
    lots.put(merged)
  }

  /// Today's lots become yesterday's, marked from `settlement` (day switch).
  mutating func rollLots(
    _ side: UnsafeMutablePointer<PositionSideRecord>,
    _ cost: UnsafeMutablePointer<PositionCostRecord>, settlement: Price
  ) {
    if cost.pointee.firstToday != 0 {
      if cost.pointee.lastYesterday == 0 {
        cost.pointee.firstYesterday = cost.pointee.firstToday
      } else {
        if freeLots == 0 { mergeFirstToday(cost) }
        lots.at(cost.pointee.lastYesterday).pointee.next = cost.pointee.firstToday
      }
      if cost.pointee.lastToday != 0 { cost.pointee.lastYesterday = cost.pointee.lastToday }
      cost.pointee.firstToday = 0
      cost.pointee.lastToday = 0
    }
    side.pointee.yesterday += side.pointee.today
    side.pointee.today = 0
    side.pointee.openedToday = 0
    side.pointee.closedToday = 0
    cost.pointee.yesterdayMark = settlement
    // A side that holds nothing may have no price to settle at.
    cost.pointee.markBasis =
      side.pointee.yesterday == 0 ? 0 : settlement.units * Int64(side.pointee.yesterday)
  }
}
