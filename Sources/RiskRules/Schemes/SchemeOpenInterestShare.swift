import Domain
import Ledger
import MarketData

/// scheme-single-open-interest-share and -total-: lots held and working to open, over the open
/// interest of the instrument, or of all that is listed in the scope (decisions 24).
///
/// A ratio in 1e-8. Open interest that is not known is 0, and any lots are too many.
/// Source: AMS manual 5.1.
enum SchemeOpenInterestShare {
  @inline(never) static func read(
    _ reader: borrowing ClauseReader, _ sums: UnsafePointer<SchemeSums>, _ instrument: InstrumentID,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    var reading = SchemePosition.read(reader, SchemeColumns(sums, reader.measure))
    reading.base = Int128(openInterest(reader.clause, instrument, ledger, market))
    return reading
  }

  private static func openInterest(
    _ clause: UnsafePointer<ClauseRecord>, _ instrument: InstrumentID,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Int64 {
    if clause.pointee.kind.isSingle { return market.instrument(instrument).pointee.openInterest }
    let id = clause.pointee.scopeID
    switch clause.pointee.scopeKind {
    case .instrument: return market.instrument(InstrumentID(id)).pointee.openInterest
    case .commodity: return market.openInterest(of: CommodityID(id))
    case .exchange, .sector, .product, .superSector, .unknown: break
    }
    var sum: Int64 = 0
    for index in 0..<market.commodityCount {
      let commodity = CommodityID(UInt32(index))
      switch clause.pointee.scopeKind {
      case .exchange
      where UInt32(market.commodity(commodity).pointee.exchange.rawValue) != id:
        continue
      case .sector where ledger.schemes.sectors(of: commodity) >> UInt64(id) & 1 == 0: continue
      default: break
      }
      let (next, overflow) = sum.addingReportingOverflow(market.openInterest(of: commodity))
      sum = overflow ? .max : next
    }
    return sum
  }
}
