import Domain
import Ledger
import MarketData
import Storage

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
/// works too, at worst (decisions 21). One reader asks clause after clause: what all of them read
/// is in it, and never copied.
struct ClauseReader: ~Copyable {
  private let pinned = Pinned()
  private(set) var clause: UnsafePointer<ClauseRecord>
  /// What the clause measures.
  private(set) var measure: ClauseMeasure
  let fund: SchemeFund
  /// Of nobody, and adding nothing, unless `isWorst`.
  let order: SchemeOrder
  /// An order comes.
  let isWorst: Bool
  /// Of an OVERNIGHT clause: before which close, and how long before it what closes counts.
  let closing: OvernightScope?

  init(
    clause: UnsafePointer<ClauseRecord>, fund: SchemeFund, order: SchemeOrder?,
    closing: OvernightScope? = nil
  ) {
    self.clause = clause
    measure = clause.pointee.kind.measure
    self.fund = fund
    self.order = order ?? SchemeOrder()
    isWorst = order != nil
    self.closing = closing
  }

  /// Goes on to another clause.
  @inline(__always) mutating func ask(_ clause: UnsafePointer<ClauseRecord>) {
    self.clause = clause
    measure = clause.pointee.kind.measure
  }

  /// - Parameter instrument: the one that a SINGLE clause judges.
  @inline(__always) func read(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    if clause.pointee.kind.isOvernight { return readOvernight(ledger, market) }
    switch measure {
    case .dailyLoss: return SchemeDailyLoss.read(self, ledger)
    case .drawdown: return SchemeDrawdown.read(self)
    case .absoluteValue: return SchemeAbsoluteExposure.read(self, ledger, ofMargin: false)
    case .absoluteMargin: return SchemeAbsoluteExposure.read(self, ledger, ofMargin: true)
    default: break
    }
    guard let sums = sums(instrument, ledger) else {
      return readSummed(instrument, ledger, market)
    }
    return read(sums, instrument, ledger, market)
  }

  @inline(__always) private func read(
    _ sums: UnsafePointer<SchemeSums>, _ instrument: InstrumentID, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> ClauseReading {
    switch measure {
    case .openInterestShare:
      return SchemeOpenInterestShare.read(self, sums, instrument, ledger, market)
    case .lots, .margin, .value: return SchemePosition.read(self, SchemeColumns(sums, measure))
    case .exposureLots, .exposureMargin, .exposureValue:
      return SchemeExposure.read(self, SchemeColumns(sums, measure))
    default: return SchemeTradedValue.read(self, sums)
    }
  }

  /// Of a sector, whose sums are not kept, and of an instrument that the subject has nothing in.
  @inline(never) private func readSummed(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> ClauseReading {
    var sums = isOfSector ? ofSector(Int(clause.pointee.scopeID), ledger) : SchemeSums()
    return read(&sums, instrument, ledger, market)
  }

  // MARK: Scopes

  private var isOfSector: Bool {
    !clause.pointee.kind.isSingle && clause.pointee.scopeKind == .sector
  }

  /// The sums that are kept of the clause's scope; nil when there are none.
  @inline(__always) private func sums(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger
  ) -> UnsafePointer<SchemeSums>? {
    if clause.pointee.kind.isSingle { return ofInstrument(instrument, ledger) }
    let id = clause.pointee.scopeID
    switch clause.pointee.scopeKind {
    case .instrument: return ofInstrument(InstrumentID(id), ledger)
    case .commodity: return ledger.schemes.commodity(fund.id, CommodityID(id)).sums
    case .exchange:
      let exchange = Exchange(rawValue: UInt8(truncatingIfNeeded: id)) ?? .unknown
      return ledger.schemes.exchange(fund.id, exchange).sums
    case .sector: return nil
    case .product, .superSector, .unknown: return ledger.schemes.total(fund.id).sums
    }
  }

  @inline(__always) private func ofInstrument(
    _ instrument: InstrumentID, _ ledger: borrowing Ledger
  ) -> UnsafePointer<SchemeSums>? {
    let number = ledger.schemes.instrumentNumber(fund.id, instrument)
    return number == 0 ? nil : ledger.schemes.instrument(number).sums
  }

  /// Whether prices move what the clause is held against by moving values of what is held.
  var isOfPrices: Bool {
    switch measure {
    case .value, .exposureValue: true
    case .absoluteValue: clause.pointee.scopeKind != .instrument
    default: false
    }
  }

  /// Whether the subject holds no lots in the clause's scope: whatever brings some there names its
  /// instrument. Of a super-sector, in no scope at all.
  func holdsNothing(_ instrument: InstrumentID, _ ledger: borrowing Ledger) -> Bool {
    if isOfSector {
      let sums = ofSector(Int(clause.pointee.scopeID), ledger)
      return sums.long == 0 && sums.short == 0
    }
    guard let sums = sums(instrument, ledger) else { return true }
    return sums.pointee.long == 0 && sums.pointee.short == 0
  }

  /// Profit of the scope.
  func profit(_ ledger: borrowing Ledger) -> Int128 {
    if isOfSector { return ofSector(Int(clause.pointee.scopeID), ledger).profit }
    return sums(InstrumentID(clause.pointee.scopeID), ledger)?.pointee.profit ?? 0
  }

  /// Over the subject's commodities that are in the sector.
  func ofSector(_ sector: Int, _ ledger: borrowing Ledger) -> SchemeSums {
    var sums = SchemeSums()
    var next = fund.subject.pointee.firstCommodity
    while next != 0 {
      let commodity = CommodityID(next - 1)
      let record = ledger.schemes.commodity(fund.id, commodity)
      if ledger.schemes.sectors(of: commodity) >> UInt64(sector) & 1 == 1 {
        sums.add(record.sums)
      }
      next = record.pointee.next
    }
    return sums
  }

  // MARK: Levels

  /// A cap: passed by more than its threshold (rules.md 0). A base of 0 or less under anything
  /// above 0 counts as passed.
  @inline(__always) func isOver(_ value: Int128, _ reading: ClauseReading, _ threshold: Int64)
    -> Bool
  {
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
  func scaled(_ threshold: Int64) -> Int64 {
    guard fund.share != Rate.unitsPerOne else { return threshold }
    return Int64(
      clamping: Int128(threshold) * Int128(fund.share) / Int128(Rate.unitsPerOne))
  }

  var isRatio: Bool {
    measure.isShare || clause.pointee.basis != .absolute
  }

  func base(_ reading: ClauseReading) -> Int128 {
    measure.isShare ? reading.base : fund.base(clause.pointee.basis)
  }

  // MARK: For people

  var unit: Unit {
    if isRatio { return .percent }
    return measure.isLots ? .lots : .money
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
