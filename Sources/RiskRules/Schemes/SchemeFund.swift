import Domain
import Ledger

/// A product's money as its schemes see it, in 1e-4 yuan: summed over its fund accounts, at most
/// `LedgerCapacities.fundAccountsPerProduct` (rules.md 3a and 5).
public struct SchemeFund: BitwiseCopyable {
  public let id: ProductID
  public let product: UnsafePointer<SchemeProduct>
  public private(set) var equity: Int128 = 0
  public private(set) var openingEquity: Int128 = 0
  public private(set) var allowedLoss: Int128 = 0
  public private(set) var dailyLoss: Int128 = 0
  /// Today's profit after fees, and net cash.
  public private(set) var gain: Int128 = 0

  public init(_ id: ProductID, _ ledger: borrowing Ledger) {
    self.id = id
    product = ledger.schemes.product(id)
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
    guard binding.pointee.isUsed else { return false }
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
