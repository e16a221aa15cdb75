import Domain
import Ledger
import MarketData

/// A product's money as its schemes see it, in 1e-4 yuan: summed over its fund accounts, at most
/// `LedgerCapacities.fundAccountsPerProduct` (rules.md 3a and 5).
public struct SchemeFund: BitwiseCopyable {
  public let id: ProductID
  public let product: UnsafePointer<SchemeProduct>
  /// When; `.none` = nothing is asked of closes.
  public private(set) var now = Timestamp.none
  public private(set) var equity: Int128 = 0
  public private(set) var openingEquity: Int128 = 0
  public private(set) var allowedLoss: Int128 = 0
  public private(set) var dailyLoss: Int128 = 0
  /// Today's profit after fees, and net cash.
  public private(set) var gain: Int128 = 0

  /// Which bindings hold now; `.unknown` = none, nor do lines.
  public let period: SchemePeriod
  /// Of the thresholds of clauses, in 1e-8 of one.
  let share: Int64

  /// At a moment: night and holidays may have rules of their own.
  public init(
    _ id: ProductID, _ ledger: borrowing Ledger, _ market: borrowing Market, at now: Timestamp
  ) {
    let record = ledger.schemes.product(id)
    // Most have none.
    let isPlain = record.pointee.nightRule == .unknown && record.pointee.holidayRule == .unknown
    self.init(
      id, ledger, isNight: !isPlain && market.isNight(at: now),
      isHoliday: !isPlain && ledger.schemes.isHoliday(market.tradingDay))
    self.now = now
  }

  public init(
    _ id: ProductID, _ ledger: borrowing Ledger, isNight: Bool = false, isHoliday: Bool = false
  ) {
    self.id = id
    product = ledger.schemes.product(id)
    (period, share) = Self.period(product, isNight: isNight, isHoliday: isHoliday)
    let record = ledger.product(id)
    for index in 0..<Int(record.pointee.fundAccountCount) {
      let holder = ledger.holder(ledger.holder(of: record.pointee.fundAccounts[index]))
      equity += Int128(holder.pointee.equity.units)
      openingEquity += Int128(holder.pointee.openingEquity.units)
      allowedLoss += Int128(holder.pointee.allowedLossEver.units)
      dailyLoss += Int128(holder.pointee.dailyLoss.units)
    }
    gain = equity - openingEquity
  }

  /// Holiday over night over day.
  private static func period(
    _ product: UnsafePointer<SchemeProduct>, isNight: Bool, isHoliday: Bool
  ) -> (SchemePeriod, Int64) {
    let day = (SchemePeriod.day, Rate.unitsPerOne)
    func night() -> (SchemePeriod, Int64) {
      switch product.pointee.nightRule {
      case .unknown, .asNight: day
      case .none: (.unknown, Rate.unitsPerOne)
      case .own: (.night, Rate.unitsPerOne)
      case .asDay: (.day, product.pointee.nightShare)
      }
    }
    guard isHoliday else { return isNight ? night() : day }
    switch product.pointee.holidayRule {
    case .unknown: return isNight ? night() : day
    case .none: return (.unknown, Rate.unitsPerOne)
    case .own: return (.holiday, Rate.unitsPerOne)
    case .asDay: return (.day, product.pointee.holidayShare)
    case .asNight:
      let (period, share) = night()
      let both = Int128(share) * Int128(product.pointee.holidayShare) / Int128(Rate.unitsPerOne)
      return (period, Int64(both))
    }
  }

  private var subtracted: Int128 {
    Int128(product.pointee.liabilities.units) + Int128(product.pointee.accruedFees.units)
  }

  /// Net value of now (AMS manual 2.3, the three modes); equity where no mode is set.
  public var netValue: Int128 {
    let total = Int128(product.pointee.total.units)
    switch product.pointee.mode {
    case .equity, .unknown: return equity - subtracted
    case .statedTotal: return total + gain - subtracted
    case .externalTotal: return total + equity - subtracted
    }
  }

  /// Net value of the prior day.
  public var priorNetValue: Int128 {
    let total = Int128(product.pointee.total.units)
    switch product.pointee.mode {
    case .equity, .unknown: return openingEquity - subtracted
    case .statedTotal: return total - subtracted
    case .externalTotal: return total + openingEquity - subtracted
    }
  }

  /// Whether a unit net value of n / shares reaches `line`, in 1e-8 yuan a share.
  static func reaches(_ netValue: Int128, _ line: Int64, shares: Int64) -> Bool {
    Int128(line) * Int128(shares) <= netValue * Int128(Rate.unitsPerOne)
  }

  /// Whether a binding's unit net value lies in its half-open range. Without shares there is no
  /// unit net value, and it lies in none.
  public func isInForce(_ binding: UnsafePointer<BindingRecord>) -> Bool {
    guard binding.pointee.isUsed, binding.pointee.period == period else { return false }
    if binding.pointee.isUnconditional { return true }
    let shares = product.pointee.shares
    guard shares > 0 else { return false }
    let value = binding.pointee.basis == .priorDay ? priorNetValue : netValue
    let (from, to) = (binding.pointee.from, binding.pointee.to)
    return (from == .min || Self.reaches(value, from, shares: shares))
      && (to == .min || !Self.reaches(value, to, shares: shares))
  }

  /// What a percentage is taken of.
  func base(_ basis: ClauseBasis) -> Int128 {
    switch basis {
    case .netValue: netValue
    case .equity: equity
    case .allowedLoss: allowedLoss
    case .absolute, .unknown: 0
    }
  }
}
