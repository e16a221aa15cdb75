import Domain
import Storage

/// Exchanges as bits, by their index.
public struct ExchangeSet: OptionSet, Sendable, BitwiseCopyable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable public static var all: ExchangeSet { ExchangeSet(rawValue: 0x3F) }

  @inlinable public func contains(_ exchange: Exchange) -> Bool {
    rawValue >> exchange.index & 1 == 1
  }
}

// One-sided margin (大单边; rules.md 6, decisions 9; AMS manual 2.2, 4.1): of a commodity the larger
// side's margin alone, where counter, fund account and operation account all have it, and with an
// operation account every fund account of its product. Holds count in full.
extension Ledger {
  /// Where an operation account has it set.
  public mutating func setOneSided(_ account: OperationAccountID, _ exchanges: ExchangeSet) {
    accounts.at(account.raw).pointee.oneSidedExchanges = exchanges
  }

  /// Where a fund account has it set, and where its counter has it.
  public mutating func setOneSided(
    _ fund: FundAccountID, set: ExchangeSet? = nil, counter: ExchangeSet? = nil
  ) {
    let record = fundAccounts.at(fund.raw)
    if let set { record.pointee.oneSidedExchanges = set }
    if let counter { record.pointee.counterOneSidedExchanges = counter }
    narrowOneSided(record.pointee.product)
  }

  /// What all fund accounts of a product have.
  func narrowOneSided(_ product: ProductID) {
    guard !product.isNone else { return }
    let record = products.at(product.raw)
    var common = record.pointee.fundAccountCount == 0 ? ExchangeSet() : .all
    for index in 0..<Int(record.pointee.fundAccountCount) {
      let fund = fundAccounts.at(record.pointee.fundAccounts[index].raw)
      common.formIntersection(fund.pointee.oneSided)
    }
    record.pointee.oneSidedExchanges = common
  }

  /// Whether a holder's margin at an exchange is one-sided now.
  public func isOneSided(_ holder: HolderID, _ exchange: Exchange) -> Bool {
    guard let id = operationAccount(holder) else {
      let fund = FundAccountID(UInt32(holder.index - capacities.operationAccounts))
      return fundAccounts.at(fund.raw).pointee.oneSided.contains(exchange)
    }
    let account = accounts.at(id.raw)
    guard account.pointee.oneSidedExchanges.contains(exchange), !account.pointee.product.isNone
    else { return false }
    return products.at(account.pointee.product.raw).pointee.oneSidedExchanges.contains(exchange)
  }
}
