import Domain
import Ledger
import MarketData

/// A subject's money as its schemes see it, in 1e-4 yuan: a product's summed over its fund
/// accounts, at most `LedgerCapacities.fundAccountsPerProduct`; an operation account's its own
/// (rules.md 3a and 5).
public struct SchemeFund: BitwiseCopyable {
  public let id: SchemeSubject
  public let subject: UnsafePointer<SchemeSubjectRecord>
  /// What notices and refusals of it name.
  public let scopeKind: ScopeKind
  public let scopeID: UInt32
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
  /// The binding that holds on though the unit net value of now may have left its range, from 1:
  /// it did not leave by a step, or not for long enough; 0 = ranges are exact.
  private(set) var kept = 0
  /// When `kept` ends by time alone; `.never` = it does not.
  public private(set) var keptUntil = Timestamp.never

  /// At a moment: night and holidays may have rules of their own.
  public init(
    _ id: SchemeSubject, _ ledger: borrowing Ledger, _ market: borrowing Market,
    at now: Timestamp
  ) {
    let record = ledger.schemes.subject(id)
    // Most have none.
    let isPlain = record.pointee.nightRule == .unknown && record.pointee.holidayRule == .unknown
    self.init(
      id, ledger, isNight: !isPlain && market.isNight(at: now),
      isHoliday: !isPlain && ledger.schemes.isHoliday(market.tradingDay))
    self.now = now
    keep(ledger)
  }

  public init(
    _ id: SchemeSubject, _ ledger: borrowing Ledger, isNight: Bool = false, isHoliday: Bool = false
  ) {
    self.id = id
    subject = ledger.schemes.subject(id)
    (period, share) = Self.period(subject, isNight: isNight, isHoliday: isHoliday)
    if let account = ledger.schemes.account(id) {
      (scopeKind, scopeID) = (.operationAccount, account.raw)
      add(ledger.holder(ledger.holder(of: account)))
    } else {
      (scopeKind, scopeID) = (.product, id.raw)
      let record = ledger.product(ProductID(id.raw))
      for index in 0..<Int(record.pointee.fundAccountCount) {
        add(ledger.holder(ledger.holder(of: record.pointee.fundAccounts[index])))
      }
    }
    gain = equity - openingEquity
  }

  private mutating func add(_ holder: UnsafePointer<HolderRecord>) {
    equity += Int128(holder.pointee.equity.units)
    openingEquity += Int128(holder.pointee.openingEquity.units)
    allowedLoss += Int128(holder.pointee.allowedLossEver.units)
    dailyLoss += Int128(holder.pointee.dailyLoss.units)
  }

  /// Holiday over night over day.
  private static func period(
    _ subject: UnsafePointer<SchemeSubjectRecord>, isNight: Bool, isHoliday: Bool
  ) -> (SchemePeriod, Int64) {
    let day = (SchemePeriod.day, Rate.unitsPerOne)
    func night() -> (SchemePeriod, Int64) {
      switch subject.pointee.nightRule {
      case .unknown, .asNight: day
      case .none: (.unknown, Rate.unitsPerOne)
      case .own: (.night, Rate.unitsPerOne)
      case .asDay: (.day, subject.pointee.nightShare)
      }
    }
    guard isHoliday else { return isNight ? night() : day }
    switch subject.pointee.holidayRule {
    case .unknown: return isNight ? night() : day
    case .none: return (.unknown, Rate.unitsPerOne)
    case .own: return (.holiday, Rate.unitsPerOne)
    case .asDay: return (.day, subject.pointee.holidayShare)
    case .asNight:
      let (period, share) = night()
      let both = Int128(share) * Int128(subject.pointee.holidayShare) / Int128(Rate.unitsPerOne)
      return (period, Int64(both))
    }
  }

  private var subtracted: Int128 {
    Int128(subject.pointee.liabilities.units) + Int128(subject.pointee.accruedFees.units)
  }

  /// Net value of now (AMS manual 2.3, the three modes); equity where no mode is set.
  public var netValue: Int128 {
    let total = Int128(subject.pointee.total.units)
    switch subject.pointee.mode {
    case .equity, .unknown: return equity - subtracted
    case .statedTotal: return total + gain - subtracted
    case .externalTotal: return total + equity - subtracted
    }
  }

  /// Net value of the prior day.
  public var priorNetValue: Int128 {
    let total = Int128(subject.pointee.total.units)
    switch subject.pointee.mode {
    case .equity, .unknown: return openingEquity - subtracted
    case .statedTotal: return total - subtracted
    case .externalTotal: return total + openingEquity - subtracted
    }
  }

  /// Net value of now a share, rounded down, in 1e-8 yuan; none without shares.
  public var unitNetValue: Rate {
    let shares = Int128(subject.pointee.shares)
    guard shares > 0 else { return .none }
    let (quotient, rest) = (netValue * Int128(Rate.unitsPerOne)).quotientAndRemainder(
      dividingBy: shares)
    return Rate(units: Int64(clamping: rest < 0 ? quotient - 1 : quotient))
  }

  /// Whether a unit net value of n / shares reaches `line`, in 1e-8 yuan a share.
  static func reaches(_ netValue: Int128, _ line: Int64, shares: Int64) -> Bool {
    Int128(line) * Int128(shares) <= netValue * Int128(Rate.unitsPerOne)
  }

  /// Bands of the unit net value of now change once it is a step beyond its band, and the band has
  /// held for its least time (design.md); that of the prior day is another once a day.
  private mutating func keep(_ ledger: borrowing Ledger) {
    let (step, dwell) = (ledger.schemes.bandStep, ledger.schemes.bandDwellSeconds)
    guard step > 0 || dwell > 0, subject.pointee.bindingCount > 0 else { return }
    for number in 1...SchemeLimits.bindingsPerProduct {
      let binding = ledger.schemes.binding(id, number)
      guard binding.pointee.wasInForce, binding.pointee.isUsed, binding.pointee.period == period,
        binding.pointee.basis == .current, !binding.pointee.isUnconditional
      else { continue }
      if isWithin(binding, step: step) {
        kept = number
      } else if now < binding.pointee.since.adding(seconds: dwell) {
        kept = number
        keptUntil = binding.pointee.since.adding(seconds: dwell)
      }
    }
  }

  /// Whether a binding holds: its unit net value lies in its half-open range. Without shares there
  /// is no unit net value, and it lies in none.
  ///
  /// - Parameter number: of the binding, from 1.
  public func isInForce(_ binding: UnsafePointer<BindingRecord>, _ number: Int) -> Bool {
    guard binding.pointee.isUsed, binding.pointee.period == period else { return false }
    if binding.pointee.isUnconditional { return true }
    if kept != 0, binding.pointee.basis == .current { return kept == number }
    return isWithin(binding, step: 0)
  }

  /// - Parameter step: by so much the range is wider at both ends, in 1e-8 yuan a share.
  private func isWithin(_ binding: UnsafePointer<BindingRecord>, step: Int64) -> Bool {
    let shares = subject.pointee.shares
    guard shares > 0 else { return false }
    let value = binding.pointee.basis == .priorDay ? priorNetValue : netValue
    let (from, to) = (binding.pointee.from, binding.pointee.to)
    return (from == .min || Self.reaches(value, from - step, shares: shares))
      && (to == .min || !Self.reaches(value, to + step, shares: shares))
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
