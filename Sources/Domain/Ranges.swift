/// The legal range of every number an outsider can drive, and the proof that no product or sum
/// of legal inputs overflows 64 bits. The edge refuses what lies beyond; the ledger relies on it.
///
/// Units: prices and money 1e-4 yuan, rates 1e-8.
///
/// - contract value = |price| * multiplier <= 1e12 units (10^8 yuan a lot)
/// - one order's value <= `orderLotsMaximum` * 1e12 = 1e17
/// - a holder's gross lots of a day (held at its start + opened + working to open) <= 2e6, so any
///   sum of its values is <= 2e18, and opens plus closes of a day <= 4e18 < 9.22e18 = Int64.max
/// - cash is within +-1e17, so equity = cash + profit - fees stays within +-(4e18 + 2e17)
/// - value * rate is taken in 128 bits; a rate is at most 10 (1e9 units), which keeps a margin of
///   one order within 1e18, and of a holder within `marginMaximum` by the ledger's own check
/// - sums over holders (product, sector, platform) are kept in 128 bits
public enum Ranges {
  /// Largest magnitude of a price, in units of 1e-4 yuan (10^7 yuan).
  public static let priceMaximum: Int64 = 100_000_000_000
  /// Smallest and largest contract multiplier, in units of the underlying per lot.
  public static let multiplierMaximum: Int64 = 100_000
  /// Largest magnitude of price * multiplier, in units of 1e-4 yuan per lot (10^8 yuan).
  public static let contractValueMaximum: Int64 = 1_000_000_000_000
  /// Most lots one order can name.
  public static let orderLotsMaximum: Lots = 100_000
  /// Most lots one holder can hold, have opened today and have working to open, together.
  public static let holderLotsMaximum: Lots = 2_000_000
  /// Largest magnitude of one cash movement or balance, in units of 1e-4 yuan (10^13 yuan).
  public static let cashMaximum: Int64 = 100_000_000_000_000_000
  /// Largest rate by value, in units of 1e-8 (1000 %).
  public static let rateByValueMaximum: Int64 = 1_000_000_000
  /// Largest declaration fee of an order or a lot, in units of 1e-4 yuan (10^5 yuan): of the most
  /// lots of an order 1e14. A holder's fees grow by them to `cashMaximum` and no further.
  public static let declarationFeeMaximum: Int64 = 1_000_000_000
  /// Largest threshold of a ratio line, in units of 1e-8 (1 000 000 %): in 128 bits with any money.
  public static let lineRatioMaximum: Int64 = 1_000_000_000_000
  /// Largest rate by lot, in units of 1e-4 yuan (10^7 yuan a lot).
  public static let rateByLotMaximum: Int64 = 100_000_000_000
  /// Most margin, held and frozen, one holder can have, in units of 1e-4 yuan.
  public static let marginMaximum: Int64 = 4_000_000_000_000_000_000

  /// Whether a price can be used with a multiplier: both alone in range, and their product too.
  @inlinable public static func allows(price: Price, multiplier: Int64) -> Bool {
    guard price.units >= -priceMaximum, price.units <= priceMaximum else { return false }
    let (value, overflow) = price.units.multipliedReportingOverflow(by: multiplier)
    return !overflow && value >= -contractValueMaximum && value <= contractValueMaximum
  }
}
