import Domain
import Storage

/// One fee of a product as it was set.
public struct FeeTerms: BitwiseCopyable {
  public var value: Int64
  public var method: FeeMethod
  public var basis: FeeBasis
  var padding16: UInt16
  var padding32: UInt32
}

/// A band of an adviser's fee: from which unit net value on, in 1e-8 yuan a share, and the share of
/// the profit, in 1e-8 of one.
public struct FeeBand: BitwiseCopyable {
  public var from: Int64
  public var share: Int64
}

/// Fees of a product: what was set, and what has come of it by today.
public struct FeeRecord: BitwiseCopyable {
  /// Net value when the product began; zero = none is stated.
  public internal(set) var initial: Money
  /// What was stated as accrued with the net value (`SetNetValue`), and what accrued here.
  var stated: Money
  public internal(set) var accrued: Money
  /// yyyymmdd; 0 = nothing accrues.
  public internal(set) var start: UInt32
  public internal(set) var days: UInt32
  /// By `FeeKind.index`.
  public internal(set) var terms: InlineArray<3, FeeTerms>
  public internal(set) var bands: InlineArray<8, FeeBand>
  /// Those in use, a bit each.
  var usedBands: UInt64

  /// Whether anything accrues.
  public var isOn: Bool {
    start != 0 && (0..<3).contains { terms[$0].method != .unknown }
  }

  /// Bands in use by where they begin, and how many they are. Of those that begin together the last
  /// one counts.
  public var orderedBands: (bands: InlineArray<8, FeeBand>, count: Int) {
    var ordered = InlineArray<8, FeeBand>(repeating: FeeBand(from: 0, share: 0))
    var count = 0
    for number in 0..<8 where usedBands >> UInt64(number) & 1 == 1 {
      var place = count
      while place > 0, ordered[place - 1].from > bands[number].from {
        ordered[place] = ordered[place - 1]
        place -= 1
      }
      ordered[place] = bands[number]
      count += 1
    }
    return (ordered, count)
  }
}

extension Ledger {
  public func fees(_ product: ProductID) -> UnsafePointer<FeeRecord> {
    UnsafePointer(feeRecords.at(product.raw))
  }

  public mutating func setFees(
    _ product: ProductID, start: UInt32, days: UInt32, initial: Money
  ) {
    changeFees(product) {
      $0.pointee.start = start
      $0.pointee.days = days
      $0.pointee.initial = initial
    }
  }

  public mutating func setFee(
    _ product: ProductID, _ kind: FeeKind, _ method: FeeMethod, _ basis: FeeBasis, _ value: Int64
  ) {
    changeFees(product) {
      $0.pointee.terms[kind.index].method = method
      $0.pointee.terms[kind.index].basis = basis
      $0.pointee.terms[kind.index].value = value
    }
  }

  /// Sets a band by its number from 1; from `Int64.min` takes it away.
  public mutating func setFeeBand(
    _ product: ProductID, _ number: Int, from: Int64, share: Int64
  ) {
    changeFees(product) {
      let bit: UInt64 = 1 << UInt64(number - 1)
      $0.pointee.usedBands = from == .min ? $0.pointee.usedBands & ~bit : $0.pointee.usedBands | bit
      $0.pointee.bands[number - 1] =
        from == .min ? FeeBand(from: 0, share: 0) : FeeBand(from: from, share: share)
    }
  }

  /// Whether fees of any product accrue.
  public var hasFees: Bool { feeProducts > 0 }

  private mutating func changeFees(
    _ product: ProductID, _ change: (UnsafeMutablePointer<FeeRecord>) -> Void
  ) {
    let record = feeRecords.at(product.raw)
    let wasOn = record.pointee.isOn
    change(record)
    let isOn = record.pointee.isOn
    if isOn != wasOn { feeProducts += isOn ? 1 : -1 }
    // What was set is no gain and no loss: drawdown begins anew.
    schemes.subjects.at(product.raw).pointee.highNetValue = 0
  }

  /// What a product's fees have come to. They are subtracted from its net value together with what
  /// was stated.
  public mutating func setAccrued(_ product: ProductID, _ accrued: Money) {
    let record = feeRecords.at(product.raw)
    record.pointee.accrued = accrued
    schemes.subjects.at(product.raw).pointee.accruedFees = record.pointee.stated + accrued
  }

  mutating func setStatedFees(_ product: ProductID, _ stated: Money) {
    feeRecords.at(product.raw).pointee.stated = stated
    setAccrued(product, feeRecords.at(product.raw).pointee.accrued)
  }
}
