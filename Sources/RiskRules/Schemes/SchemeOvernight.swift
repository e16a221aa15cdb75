import Domain
import Ledger
import MarketData

/// What an OVERNIGHT clause counts: commodities whose session ends within so long, or has ended.
public struct OvernightScope: Equatable, BitwiseCopyable {
  public let close: SessionClose
  public let seconds: Int64

  /// For an order: its instrument's own close, from when opening is barred; nil outside of it.
  init?(
    _ context: OrderContext, _ product: ProductID, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) {
    guard let instrument = context.instrument else { return nil }
    seconds = ledger.platformLines.barSeconds
    close = market.closeAhead(instrument, within: seconds, now: context.now).close
    guard Self.counts(close, product, ledger) else { return nil }
  }

  /// For a product as it stands: level one from when opening is barred, level two from when
  /// positions are reduced; nil when no session is about to end.
  init?(
    _ level: LineLevel, _ fund: SchemeFund, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) {
    let lines = ledger.platformLines
    let seconds = level == .liquidate ? lines.reducingSeconds : lines.barSeconds
    for close in [SessionClose.day, .night]
    where Self.counts(close, fund.id, ledger)
      && !market.lastEnd(of: close, within: seconds, now: fund.now).isNone
    {
      self.close = close
      self.seconds = seconds
      return
    }
    return nil
  }

  /// The day's close, and the night's where the product says so (decisions 25).
  private static func counts(
    _ close: SessionClose, _ product: ProductID, _ ledger: borrowing Ledger
  ) -> Bool {
    close == .day || close == .night && ledger.product(product).pointee.countsNightClose
  }
}

/// scheme-overnight-value, -exposure-value, -absolute-exposure-value and the same of margin: the
/// TOTAL kinds, of the commodities that close now or have closed.
///
/// 1e-4 yuan. Source: AMS manual 5.1, note 17.
extension ClauseReader {
  @inline(never) func readOvernight(
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    guard let closing else { return ClauseReading(before: 0, after: 0) }
    let measure = clause.pointee.kind.measure
    guard measure == .absoluteValue || measure == .absoluteMargin else {
      let sums = sum(closing, ledger, market) { isInScope($0, ledger) }
      if measure.isExposure { return SchemeExposure.read(self, sums, measure) }
      return SchemePosition.read(self, sums, measure)
    }
    guard clause.pointee.scopeKind == .superSector else {
      return absolute(closing, measure, ledger, market)
    }
    var reading = ClauseReading(before: 0, after: 0)
    for sector in 0..<ledger.schemes.sectorCount
    where ledger.schemes.superSectors(of: sector) >> UInt64(clause.pointee.scopeID) & 1 == 1 {
      let sums = sum(closing, ledger, market) {
        ledger.schemes.sectors(of: $0) >> UInt64(sector) & 1 == 1
      }
      let isOrders = order.map { $0.sectors >> UInt64(sector) & 1 == 1 } ?? false
      add(SchemeColumns(sums, measure), measure, isOrders: isOrders, to: &reading)
    }
    return reading
  }

  /// Each commodity by itself.
  private func absolute(
    _ closing: OvernightScope, _ measure: ClauseMeasure, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> ClauseReading {
    var reading = ClauseReading(before: 0, after: 0)
    var hasOrders = false
    var next = fund.product.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      next = record.pointee.next
      guard isInScope(commodity, ledger), isClosing(commodity, closing, market) else { continue }
      let isOrders = order?.commodity == commodity
      if isOrders { hasOrders = true }
      add(
        SchemeColumns(record.pointee.sums, measure), measure, isOrders: isOrders, to: &reading)
    }
    if order != nil, !hasOrders { add(SchemeColumns(), measure, isOrders: true, to: &reading) }
    return reading
  }

  private func add(
    _ columns: SchemeColumns, _ measure: ClauseMeasure, isOrders: Bool,
    to reading: inout ClauseReading
  ) {
    let before = columns.exposure(.both, isWorst: isWorst)
    reading.before += before
    guard isOrders, let order else {
      reading.after += before
      return
    }
    reading.after += order.added(to: columns, order.amount(measure))
      .exposure(.both, isWorst: true)
  }

  /// Over the product's commodities that are meant and close.
  private func sum(
    _ closing: OvernightScope, _ ledger: borrowing Ledger, _ market: borrowing Market,
    where isMeant: (CommodityID) -> Bool
  ) -> SchemeSums {
    var sums = SchemeSums()
    // One instrument's figures are its own.
    if clause.pointee.scopeKind == .instrument {
      let number = ledger.schemes.instrumentNumber(fund.id, InstrumentID(clause.pointee.scopeID))
      guard number != 0 else { return sums }
      let record = ledger.schemes.instrument(number)
      return isClosing(record.pointee.commodity, closing, market) ? record.pointee.sums : sums
    }
    var next = fund.product.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      next = record.pointee.next
      if isMeant(commodity), isClosing(commodity, closing, market) {
        sums.add(record.pointee.sums)
      }
    }
    return sums
  }

  private func isClosing(
    _ commodity: CommodityID, _ closing: OvernightScope, _ market: borrowing Market
  ) -> Bool {
    market.isClosing(
      market.commodity(commodity).pointee.hours, at: closing.close, within: closing.seconds,
      now: fund.now)
  }

  private func isInScope(_ commodity: CommodityID, _ ledger: borrowing Ledger) -> Bool {
    let id = clause.pointee.scopeID
    switch clause.pointee.scopeKind {
    case .commodity: return commodity.raw == id
    case .exchange:
      return UInt32(ledger.schemes.commodity(fund.id, commodity).pointee.exchange.rawValue) == id
    case .sector: return ledger.schemes.sectors(of: commodity) >> UInt64(id) & 1 == 1
    case .product: return true
    case .instrument, .superSector, .unknown: return false
    }
  }
}
