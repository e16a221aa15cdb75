import Domain
import Ledger
import MarketData

/// What an OVERNIGHT clause counts: commodities whose session ends within so long, or has ended.
public struct OvernightScope: Equatable, BitwiseCopyable {
  public let close: SessionClose
  public let seconds: Int64

  /// For an order: its instrument's own close, from when opening is barred; nil outside of it.
  init?(
    _ context: OrderContext, _ subject: SchemeSubject, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) {
    guard let instrument = context.instrument else { return nil }
    seconds = ledger.platformLines.barSeconds
    close = market.closeAhead(instrument, within: seconds, now: context.now).close
    guard Self.counts(close, subject, ledger) else { return nil }
  }

  /// For a subject as it stands: level one from when opening is barred, level two from when
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

  /// The day's close, and the night's where the product says so (decisions 25); of an account's
  /// own scheme, the account and its product.
  private static func counts(
    _ close: SessionClose, _ subject: SchemeSubject, _ ledger: borrowing Ledger
  ) -> Bool {
    guard close == .night else { return close == .day }
    guard let account = ledger.schemes.account(subject) else {
      return ledger.product(ProductID(subject.raw)).pointee.countsNightClose
    }
    let product = ledger.account(account).pointee.product
    return ledger.window(account).pointee.countsNightClose && !product.isNone
      && ledger.product(product).pointee.countsNightClose
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
    guard measure == .absoluteValue || measure == .absoluteMargin else {
      var sums = sum(closing, ledger, market) { isInScope($0, ledger) }
      let columns = SchemeColumns(&sums, measure)
      if measure.isExposure { return SchemeExposure.read(self, columns) }
      return SchemePosition.read(self, columns)
    }
    guard clause.pointee.scopeKind == .superSector else {
      return absolute(closing, ledger, market)
    }
    var reading = ClauseReading(before: 0, after: 0)
    for sector in 0..<ledger.schemes.sectorCount
    where ledger.schemes.superSectors(of: sector) >> UInt64(clause.pointee.scopeID) & 1 == 1 {
      var sums = sum(closing, ledger, market) {
        ledger.schemes.sectors(of: $0) >> UInt64(sector) & 1 == 1
      }
      let isOrders = isWorst && order.sectors >> UInt64(sector) & 1 == 1
      add(SchemeColumns(&sums, measure), isOrders: isOrders, to: &reading)
    }
    return reading
  }

  /// Each commodity by itself.
  private func absolute(
    _ closing: OvernightScope, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    var reading = ClauseReading(before: 0, after: 0)
    var hasOrders = false
    var next = fund.subject.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      next = record.pointee.next
      guard isInScope(commodity, ledger), isClosing(commodity, closing, market) else { continue }
      let isOrders = isWorst && order.commodity == commodity
      if isOrders { hasOrders = true }
      add(SchemeColumns(record.sums, measure), isOrders: isOrders, to: &reading)
    }
    if isWorst, !hasOrders { add(SchemeColumns(), isOrders: true, to: &reading) }
    return reading
  }

  private func add(
    _ columns: SchemeColumns, isOrders: Bool, to reading: inout ClauseReading
  ) {
    let before = columns.exposure(.both, isWorst: isWorst)
    reading.before += before
    guard isOrders else {
      reading.after += before
      return
    }
    reading.after += order.added(to: columns, measure).exposure(.both, isWorst: true)
  }

  /// Over the subject's commodities that are meant and close.
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
    var next = fund.subject.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      next = record.pointee.next
      if isMeant(commodity), isClosing(commodity, closing, market) {
        sums.add(record.sums)
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
