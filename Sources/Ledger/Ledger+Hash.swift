import Domain
import Storage

extension Ledger {
  /// Everything the ledger decides by: not its capacities, not how its free lists lie.
  public func hash(into hasher: inout StateHasher) {
    hasher.combine(accounts, count: accountCount)
    hasher.combine(products, count: productCount)
    hasher.combine(fundAccounts, count: fundAccountCount)
    hasher.combine(orders, count: orderCount)
    hasher.combine(children, count: childCount)
    hashBooks(into: &hasher)
  }

  /// The money, positions and holds alone: what a refused order must leave as it was.
  public func hashBooks(into hasher: inout StateHasher) {
    hasher.combine(holders, count: accountCount)
    for index in 0..<fundAccountCount {
      let record = holders.at(capacities.operationAccounts + index)
      hasher.combine(UInt64(bitPattern: record.pointee.equity.units))
      hasher.combine(UInt64(bitPattern: record.pointee.available.units))
      hasher.combine(UInt64(bitPattern: Int64(record.pointee.rangeLots)))
    }
    hasher.combine(positions, count: positionSlots)
    hasher.combine(figures, count: figuresCount)
    hasher.combine(unmapped.rows, count: unmapped.count)
    for slot in 0..<positionSlots where isUsed(positionSlot: slot) {
      hashLots(positions.at(slot).pointee.long, into: &hasher)
      hashLots(positions.at(slot).pointee.short, into: &hasher)
    }
  }

  private func hashLots(_ side: PositionSideRecord, into hasher: inout StateHasher) {
    for first in [side.firstYesterday, side.firstToday] {
      var number = first
      while number != 0 {
        let node = lots.at(number)
        hasher.combine(UInt64(bitPattern: node.pointee.basis))
        hasher.combine(
          UInt64(UInt32(bitPattern: node.pointee.lots)) << 32
            | UInt64(node.pointee.openDay))
        number = node.pointee.next
      }
    }
  }
}
