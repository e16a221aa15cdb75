import Domain
import Ledger
import MarketData

/// What a clause is held against: without the order that comes and with it, and what a share is
/// of. Both are the same where nobody asks for an order.
public struct ClauseReading: Equatable, BitwiseCopyable {
  public var before: Int128
  public var after: Int128
  /// Of shares: what they are of.
  public var base: Int128 = 0

  init(before: Int128, after: Int128, base: Int128 = 0) {
    self.before = before
    self.after = after
    self.base = base
  }
}

/// Reads a clause's figure off its scope. Without an order what is held counts, with one what
/// works too, at worst (decisions 21).
struct ClauseReader {
  let clause: UnsafePointer<ClauseRecord>
  let fund: SchemeFund
  let order: SchemeOrder?
  /// Of an OVERNIGHT clause: before which close, and how long before it what closes counts.
  var closing: OvernightScope?

  init(
    clause: UnsafePointer<ClauseRecord>, fund: SchemeFund, order: SchemeOrder?,
    closing: OvernightScope? = nil
  ) {
    self.clause = clause
    self.fund = fund
    self.order = order
    self.closing = closing
  }

  var isWorst: Bool { order != nil }

  /// - Parameter instrument: the one that a SINGLE clause judges.
  func read(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    let measure = clause.pointee.kind.measure
    if clause.pointee.kind.isOvernight { return readOvernight(ledger, market) }
    switch measure {
    case .dailyLoss: return SchemeDailyLoss.read(self, ledger)
    case .drawdown: return SchemeDrawdown.read(self)
    case .absoluteValue: return SchemeAbsoluteExposure.read(self, ledger, ofMargin: false)
    case .absoluteMargin: return SchemeAbsoluteExposure.read(self, ledger, ofMargin: true)
    default: break
    }
    let sums =
      clause.pointee.kind.isSingle
      ? ofInstrument(instrument, ledger) : ofScope(ledger)
    switch measure {
    case .openInterestShare:
      return SchemeOpenInterestShare.read(self, sums, instrument, ledger, market)
    case .lots, .margin, .value: return SchemePosition.read(self, sums, measure)
    case .exposureLots, .exposureMargin, .exposureValue:
      return SchemeExposure.read(self, sums, measure)
    default: return SchemeTradedValue.read(self, sums)
    }
  }

  // MARK: Scopes

  private func ofInstrument(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger
  ) -> SchemeSums {
    let number = ledger.schemes.instrumentNumber(fund.id, instrument)
    return number == 0 ? SchemeSums() : ledger.schemes.instrument(number).pointee.sums
  }

  func ofScope(_ ledger: borrowing Ledger) -> SchemeSums {
    let id = clause.pointee.scopeID
    switch clause.pointee.scopeKind {
    case .instrument: return ofInstrument(InstrumentID(id), ledger)
    case .commodity: return ledger.schemes.commodity(fund.id, CommodityID(id)).pointee.sums
    case .exchange:
      let exchange = Exchange(rawValue: UInt8(truncatingIfNeeded: id)) ?? .unknown
      return ledger.schemes.exchange(fund.id, exchange).pointee.sums
    case .sector: return ofSector(Int(id), ledger)
    case .product, .superSector, .unknown: return ledger.schemes.total(fund.id).pointee.sums
    }
  }

  /// Over the product's commodities that are in the sector.
  func ofSector(_ sector: Int, _ ledger: borrowing Ledger) -> SchemeSums {
    var sums = SchemeSums()
    var next = fund.product.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      if ledger.schemes.sectors(of: commodity) >> UInt64(sector) & 1 == 1 {
        sums.add(record.pointee.sums)
      }
      next = record.pointee.next
    }
    return sums
  }

  // MARK: Levels

  /// A cap: passed by more than its threshold (rules.md 0). A base of 0 or less under anything
  /// above 0 counts as passed.
  func isOver(_ value: Int128, _ reading: ClauseReading, _ threshold: Int64) -> Bool {
    guard threshold != .min else { return false }
    let threshold = scaled(threshold)
    guard isRatio else { return value > Int128(threshold) }
    guard value > 0 else { return false }
    let base = self.base(reading)
    guard base > 0 else { return true }
    return value * Int128(Rate.unitsPerOne) > Int128(threshold) * base
  }

  /// A threshold at the share that holds now, rounded down: what is counted in whole units is
  /// passed by as much.
  private func scaled(_ threshold: Int64) -> Int64 {
    guard fund.share != Rate.unitsPerOne else { return threshold }
    return Int64(
      clamping: Int128(threshold) * Int128(fund.share) / Int128(Rate.unitsPerOne))
  }

  var isRatio: Bool {
    clause.pointee.kind.measure.isShare || clause.pointee.basis != .absolute
  }

  func base(_ reading: ClauseReading) -> Int128 {
    clause.pointee.kind.measure.isShare ? reading.base : fund.base(clause.pointee.basis)
  }

  // MARK: For people

  var unit: Unit {
    if isRatio { return .percent }
    return clause.pointee.kind.measure.isLots ? .lots : .money
  }

  /// A value in that unit.
  func shown(_ value: Int128, _ reading: ClauseReading) -> Int64 {
    guard isRatio else { return Int64(clamping: value) }
    let base = self.base(reading)
    guard base > 0 else { return value > 0 ? .max : (value < 0 ? -.max : 0) }
    let half = value < 0 ? -base : base
    return Int64(clamping: (value * 2_000_000 + half) / (base * 2))
  }

  /// A threshold in that unit.
  func shown(threshold: Int64) -> Int64 {
    guard threshold != .min else { return threshold }
    return isRatio ? Ratio.percent(line: scaled(threshold)) : scaled(threshold)
  }
}
