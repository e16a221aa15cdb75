import Domain

// Lots of a holder by side, for the limits that routing keeps.
extension Ledger {
  /// Long and short lots, held and working to open.
  public struct SideLots: Equatable, Sendable {
    public var long: Int64
    public var short: Int64
  }

  /// In a commodity; `.unknown` = under every hedge flag. Without `held`, those working alone.
  public func sideLots(
    of figures: UnsafePointer<CommodityFigures>, hedge: HedgeFlag, held: Bool = true
  ) -> SideLots {
    var lots = SideLots(long: 0, short: 0)
    func add(_ flag: HedgeFigures) {
      lots.long += Int64(flag.workingOpenLong) + (held ? Int64(flag.heldLong) : 0)
      lots.short += Int64(flag.workingOpenShort) + (held ? Int64(flag.heldShort) : 0)
    }
    if hedge == .unknown || hedge == .speculation { add(figures.pointee.speculation) }
    if hedge == .unknown || hedge == .arbitrage { add(figures.pointee.arbitrage) }
    if hedge == .unknown || hedge == .hedge { add(figures.pointee.hedge) }
    return lots
  }

  /// In an instrument, from its first record on; `.unknown` = under every hedge flag.
  public func sideLots(ofHead head: UnsafePointer<PositionRecord>?, hedge: HedgeFlag) -> SideLots {
    var lots = SideLots(long: 0, short: 0)
    var next = head
    while let record = next {
      if hedge == .unknown || record.pointee.hedge == hedge {
        lots.long += Int64(record.pointee.long.held) + Int64(record.pointee.long.workingOpen)
        lots.short += Int64(record.pointee.short.held) + Int64(record.pointee.short.workingOpen)
      }
      next = record.pointee.sibling == 0 ? nil : position(record.pointee.sibling)
    }
    return lots
  }

  /// Lots held in an instrument, both sides and every hedge flag together.
  public func heldLots(ofHead head: UnsafePointer<PositionRecord>?) -> Int64 {
    var total: Int64 = 0
    var next = head
    while let record = next {
      total += Int64(record.pointee.long.held) + Int64(record.pointee.short.held)
      next = record.pointee.sibling == 0 ? nil : position(record.pointee.sibling)
    }
    return total
  }
}
