import Domain
import Wire

/// An account's money as told, and what its parts add up to, in 1e-4 yuan. Parts that nobody told
/// count as they stand, and wrap.
extension OrderEntry.AccountUpdate {
  public struct Sum {
    public let name: String
    public let told: Money
    public let parts: Int64

    public init(_ name: String, _ told: Money, parts: Int64) {
      self.name = name
      self.told = told
      self.parts = parts
    }

    public var holds: Bool { told.units == parts }
  }

  /// The day's opening and what came since.
  public var equityOfParts: Int64 {
    openingEquity.units &+ netCash.units &+ closeProfit.units &+ positionProfit.units
      &- fees.units
  }

  public var sums: [Sum] {
    let held =
      margin.units &+ frozenMargin.units &+ frozenFee.units &+ frozenPremium.units
    return [
      Sum("equity", equity, parts: equityOfParts),
      Sum("net cash", netCash, parts: deposits.units &- withdrawals.units &+ premium.units),
      Sum("available", available, parts: equityOfParts &- held),
    ]
  }
}
