import Domain
import Ledger

/// scheme-total-absolute-exposure-value and -margin: the absolute exposure of each commodity,
/// summed. Of a super-sector each of its sectors counts as one commodity.
///
/// 1e-4 yuan. cu long 1.5m short 0.5m, IF short 1m: 2m. Source: AMS manual 5.1.
enum SchemeAbsoluteExposure {
  @inline(never) static func read(
    _ reader: borrowing ClauseReader, _ ledger: borrowing Ledger, ofMargin: Bool
  ) -> ClauseReading {
    let measure: ClauseMeasure = ofMargin ? .absoluteMargin : .absoluteValue
    let subject = reader.fund.id
    let id = reader.clause.pointee.scopeID
    switch reader.clause.pointee.scopeKind {
    case .commodity:
      return exposure(reader, CommodityID(id), measure, ledger)
    case .exchange:
      let exchange = Exchange(rawValue: UInt8(truncatingIfNeeded: id)) ?? .unknown
      return group(ledger.schemes.exchange(subject, exchange), reader, measure, ledger)
    case .sector: return sector(reader, Int(id), measure, ledger)
    case .superSector: return superSector(reader, Int(id), measure, ledger)
    case .product, .instrument, .unknown:
      return group(ledger.schemes.total(subject), reader, measure, ledger)
    }
  }

  /// One commodity's.
  private static func exposure(
    _ reader: borrowing ClauseReader, _ commodity: CommodityID, _ measure: ClauseMeasure,
    _ ledger: borrowing Ledger
  ) -> ClauseReading {
    let sums = ledger.schemes.commodity(reader.fund.id, commodity).sums
    return exposure(
      reader, SchemeColumns(sums, measure),
      isOrders: reader.isWorst && reader.order.commodity == commodity)
  }

  @inline(__always) private static func exposure(
    _ reader: borrowing ClauseReader, _ columns: SchemeColumns, isOrders: Bool
  ) -> ClauseReading {
    let before = columns.exposure(.both, isWorst: reader.isWorst)
    guard isOrders else { return ClauseReading(before: before, after: before) }
    let with = reader.order.added(to: columns, reader.measure)
    return ClauseReading(before: before, after: with.exposure(.both, isWorst: true))
  }

  /// A sum that is kept, and what the order changes in its commodity's part of it.
  private static func group(
    _ group: UnsafePointer<SchemeGroup>, _ reader: borrowing ClauseReader, _ measure: ClauseMeasure,
    _ ledger: borrowing Ledger
  ) -> ClauseReading {
    let isMargin = measure == .absoluteMargin
    guard reader.isWorst else {
      let held = isMargin ? group.pointee.absoluteMargin : group.pointee.absoluteValue
      return ClauseReading(before: held, after: held)
    }
    let worst = isMargin ? group.pointee.worstMargin : group.pointee.worstValue
    let own = exposure(reader, reader.order.commodity, measure, ledger)
    return ClauseReading(before: worst, after: worst + own.after - own.before)
  }

  private static func sector(
    _ reader: borrowing ClauseReader, _ sector: Int, _ measure: ClauseMeasure,
    _ ledger: borrowing Ledger
  ) -> ClauseReading {
    var sum = ClauseReading(before: 0, after: 0)
    var hasOrders = false
    var next = reader.fund.subject.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      if ledger.schemes.sectors(of: commodity) >> UInt64(sector) & 1 == 1 {
        let part = exposure(reader, commodity, measure, ledger)
        sum.before += part.before
        sum.after += part.after
        if reader.isWorst, commodity == reader.order.commodity { hasOrders = true }
      }
      next = ledger.schemes.commodity(reader.fund.id, commodity).pointee.next
    }
    // A commodity that the subject has nothing of yet is not among its commodities.
    if reader.isWorst, !hasOrders, reader.order.sectors >> UInt64(sector) & 1 == 1 {
      sum.after += exposure(reader, reader.order.commodity, measure, ledger).after
    }
    return sum
  }

  private static func superSector(
    _ reader: borrowing ClauseReader, _ superSector: Int, _ measure: ClauseMeasure,
    _ ledger: borrowing Ledger
  ) -> ClauseReading {
    var sum = ClauseReading(before: 0, after: 0)
    for sector in 0..<ledger.schemes.sectorCount
    where ledger.schemes.superSectors(of: sector) >> UInt64(superSector) & 1 == 1 {
      let isOrders = reader.isWorst && reader.order.sectors >> UInt64(sector) & 1 == 1
      var sums = reader.ofSector(sector, ledger)
      let part = exposure(reader, SchemeColumns(&sums, measure), isOrders: isOrders)
      sum.before += part.before
      sum.after += part.after
    }
    return sum
  }
}
