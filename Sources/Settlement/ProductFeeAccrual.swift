import Domain
import Ledger

/// Fees of a product that have accrued and are not paid (AMS manual 9.1): pure functions of what
/// was set, the day, and the product's net value before fees.
///
/// Money comes out in whole fen, half a fen away from zero; a fee is at most
/// `FeeLimits.feeMaximum`.
public enum ProductFeeAccrual {
  /// A yearly rate from the first day on: base x days since then / days of a year x rate.
  ///
  /// - Parameters:
  ///   - base: in 1e-4 yuan; what is zero or less pays nothing.
  ///   - elapsed: calendar days since the product began; none before it did.
  ///   - days: in how many the rate accrues once, from 1.
  ///   - rate: 1e-8 of one, from 0.
  public static func daily(base: Int128, elapsed: Int64, of days: Int64, rate: Int64) -> Money {
    guard base > 0, elapsed > 0 else { return .zero }
    // 1e-4 yuan x 1e-8.
    return fen(base * Int128(elapsed) * Int128(rate), unitsPerFen: 100 * one * Int128(days))
  }

  /// A share of what the net value is above the initial one; a loss gives nothing.
  ///
  /// - Parameters:
  ///   - netValue: in 1e-4 yuan, as `initial`.
  ///   - share: 1e-8 of one, from 0.
  public static func profitShare(netValue: Int128, initial: Int128, share: Int64) -> Money {
    fen(max(netValue - initial, 0) * Int128(share), unitsPerFen: 100 * one)
  }

  /// An adviser's share by bands of the unit net value. A value belongs to the band that begins
  /// with it.
  public static func bands(
    netValue: Int128, shares: Int64, _ record: UnsafePointer<FeeRecord>, isProgressive: Bool
  ) -> Money {
    let exact = bandProfit(
      netValue: netValue, shares: shares, record, isProgressive: isProgressive)
    return fen(exact, unitsPerFen: 1_000_000_000_000_000_000)
  }

  /// The same to the last digit, in 1e-20 yuan; of one share (`shares` 10 000) it is what an
  /// adviser has of each.
  ///
  /// - Parameters:
  ///   - netValue: in 1e-4 yuan.
  ///   - shares: 1e-4 shares, from 1; without shares there is no unit net value and no fee.
  static func bandProfit(
    netValue: Int128, shares: Int64, _ record: UnsafePointer<FeeRecord>, isProgressive: Bool
  ) -> Int128 {
    let (bands, count) = record.pointee.orderedBands
    guard shares > 0, count > 0 else { return 0 }
    // Both in 1e-12 yuan: nothing is divided.
    let value = netValue * one
    func start(_ band: Int) -> Int128 { Int128(bands[band].from) * Int128(shares) }
    var profit: Int128 = 0
    for band in 0..<count where value >= start(band) {
      let share = Int128(bands[band].share)
      if isProgressive {
        let end = band + 1 < count ? min(start(band + 1), value) : value
        profit += (end - start(band)) * share
      } else {
        // The highest that is reached decides.
        profit = (value - start(0)) * share
      }
    }
    return profit
  }

  private static let one = Int128(Rate.unitsPerOne)

  /// Half a fen away from zero; amounts are never below zero.
  private static func fen(_ amount: Int128, unitsPerFen: Int128) -> Money {
    let fen = (amount + unitsPerFen / 2) / unitsPerFen
    return Money(units: Int64(min(fen * 100, Int128(FeeLimits.feeMaximum))))
  }

  // MARK: A product

  /// What a product's fees come to on a day.
  ///
  /// - Parameter day: the trading day's date is the day of the query; `.none` before the first one.
  public static func accrued(
    _ product: ProductID, on day: TradingDay, _ ledger: borrowing Ledger
  ) -> Money {
    let record = ledger.fees(product)
    guard record.pointee.isOn, !day.isNone, let start = CalendarDate(yyyymmdd: record.pointee.start)
    else { return .zero }
    let elapsed = Int64(day.date.dayNumber1970) - Int64(start.dayNumber1970)
    guard elapsed >= 0 else { return .zero }
    let net = priorNetValue(product, ledger)
    let shares = ledger.schemes.product(product).pointee.shares
    var sum = Money.zero
    for index in 0..<3 {
      let terms = record.pointee.terms[index]
      switch terms.method {
      case .unknown: break
      case .daily:
        let base = terms.basis == .initial ? Int128(record.pointee.initial.units) : net
        sum += daily(
          base: base, elapsed: elapsed, of: Int64(record.pointee.days), rate: terms.value)
      case .amount: sum += Money(units: terms.value)
      case .profitShare:
        sum += profitShare(
          netValue: net, initial: Int128(record.pointee.initial.units), share: terms.value)
      case .bands, .progressiveBands:
        sum += bands(
          netValue: net, shares: shares, record, isProgressive: terms.method == .progressiveBands)
      }
    }
    return sum
  }

  /// Net value of the prior day, liabilities off and product fees not: what a fee is reckoned from
  /// does not depend on the fee.
  private static func priorNetValue(
    _ product: ProductID, _ ledger: borrowing Ledger
  ) -> Int128 {
    let record = ledger.product(product)
    var opening: Int128 = 0
    for index in 0..<Int(record.pointee.fundAccountCount) {
      let holder = ledger.holder(ledger.holder(of: record.pointee.fundAccounts[index]))
      opening += Int128(holder.pointee.openingEquity.units)
    }
    let known = ledger.schemes.product(product)
    let rest = Int128(known.pointee.total.units) - Int128(known.pointee.liabilities.units)
    switch known.pointee.mode {
    case .equity, .externalTotal, .unknown: return rest + opening
    case .statedTotal: return rest
    }
  }
}
