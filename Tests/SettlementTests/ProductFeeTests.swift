import Domain
import Ledger
import Testing

@testable import Settlement

/// Management, custody and adviser's fees of products (AMS manual 9.1).
@Suite struct ProductFeeTests {
  /// 1e-8.
  private static func percent(_ hundredths: Int64) -> Int64 { hundredths * 10_000 }
  private static func yuan(_ whole: Int64) -> Int128 { Int128(whole) * 10_000 }

  struct Daily: Sendable {
    var base: Int64
    var elapsed: Int64
    var days: Int64
    var rate: Int64
    /// In fen.
    var fee: Int64
  }

  /// examples 23: base 10 000 000, 100 days of 365, 2 %: 54 794.52.
  @Test(arguments: [
    Daily(base: 10_000_000, elapsed: 100, days: 365, rate: 200, fee: 5_479_452),
    Daily(base: 10_000_000, elapsed: 0, days: 365, rate: 200, fee: 0),
    Daily(base: 10_000_000, elapsed: -1, days: 365, rate: 200, fee: 0),
    Daily(base: 10_000_000, elapsed: 365, days: 365, rate: 200, fee: 20_000_000),
    // Nothing says that it ends.
    Daily(base: 10_000_000, elapsed: 730, days: 365, rate: 200, fee: 40_000_000),
    Daily(base: 0, elapsed: 100, days: 365, rate: 200, fee: 0),
    Daily(base: -10_000_000, elapsed: 100, days: 365, rate: 200, fee: 0),
    Daily(base: 10_000_000, elapsed: 100, days: 365, rate: 0, fee: 0),
    // Half a fen goes up, less than that down.
    Daily(base: 1, elapsed: 1, days: 2, rate: 100, fee: 1),
    Daily(base: 1, elapsed: 1, days: 3, rate: 100, fee: 0),
    // At most what a product can have at all.
    Daily(base: 10_000_000_000_000, elapsed: 2, days: 1, rate: 10_000, fee: 1_000_000_000_000_000),
  ])
  func examples23AYearlyRateAccruesByTheCalendarDay(_ row: Daily) {
    let fee = ProductFeeAccrual.daily(
      base: Self.yuan(row.base), elapsed: row.elapsed, of: row.days, rate: Self.percent(row.rate))
    #expect(fee == Money(units: row.fee * 100), "\(row)")
  }

  /// A product of one share with the bands 5, 7, 9 % from 1.0, 1.1 and 1.2 yuan.
  private static func banded() -> SettlementDesk {
    let desk = SettlementDesk()
    for (number, band) in [(100, 500), (110, 700), (120, 900)].enumerated() {
      desk.ledger.setFeeBand(
        desk.product, number + 1, from: Int64(band.0) * 1_000_000,
        share: percent(Int64(band.1)))
    }
    return desk
  }

  /// examples 23 (ams 9.1): at 1.26 progressive 0.0174 a share, else 0.0234; at 1.00 and below 0;
  /// at 1.10 progressive 0.005, else 0.007. Unit net values and fees in 1e-4 yuan.
  @Test(
    arguments: [
      (12_600, 174, 234), (10_000, 0, 0), (9_999, 0, 0), (-12_600, 0, 0), (11_000, 50, 70),
      (12_000, 120, 180),
    ] as [(Int64, Int64, Int64)])
  func examples23BandsOfUnitNetValuesShareTheProfit(
    _ unit: Int64, _ progressive: Int64, _ plain: Int64
  ) {
    let desk = Self.banded()
    for (isProgressive, fee) in [(true, progressive), (false, plain)] {
      let exact = ProductFeeAccrual.bandProfit(
        netValue: Int128(unit), shares: 10_000, desk.ledger.fees(desk.product),
        isProgressive: isProgressive)
      // 1e-20 yuan.
      #expect(exact == Int128(fee) * 10_000_000_000_000_000, "\(unit), \(isProgressive)")
    }
  }

  @Test func examples23AFeePerShareTimesSharesIsTheFee() {
    let desk = Self.banded()
    func fee(_ isProgressive: Bool) -> Money {
      ProductFeeAccrual.bands(
        netValue: Self.yuan(12_600_000), shares: 10_000_000 * 10_000,
        desk.ledger.fees(desk.product), isProgressive: isProgressive)
    }
    #expect(fee(true) == Money(yuan: 174_000))
    #expect(fee(false) == Money(yuan: 234_000))
  }

  /// Between 1.0999 and 1.1 the band changes: a value belongs to the band that begins with it.
  @Test func aBandBeginsWithItsOwnValue() {
    let desk = Self.banded()
    func exact(_ unit: Int64) -> Int128 {
      ProductFeeAccrual.bandProfit(
        netValue: Int128(unit), shares: 10_000, desk.ledger.fees(desk.product),
        isProgressive: false)
    }
    #expect(exact(10_999) == 999 * 5 * 100_000_000_000_000)
    #expect(exact(11_000) == 1_000 * 7 * 100_000_000_000_000)
    #expect(exact(11_999) == 1_999 * 7 * 100_000_000_000_000)
  }

  /// Whoever changes bands one by one may have them out of order meanwhile.
  @Test func bandsAreTakenByWhereTheyBegin() {
    let desk = Self.banded()
    let at = { (desk: SettlementDesk) in
      ProductFeeAccrual.bandProfit(
        netValue: 12_600, shares: 10_000, desk.ledger.fees(desk.product), isProgressive: true)
    }
    let known = at(desk)
    desk.ledger.setFeeBand(desk.product, 1, from: 120_000_000, share: Self.percent(900))
    desk.ledger.setFeeBand(desk.product, 3, from: 100_000_000, share: Self.percent(500))
    #expect(at(desk) == known)
    desk.ledger.setFeeBand(desk.product, 2, from: .min, share: .min)
    #expect(at(desk) == (2_000 * 5 + 600 * 9) * 100_000_000_000_000)
    for number in [1, 3] { desk.ledger.setFeeBand(desk.product, number, from: .min, share: .min) }
    #expect(at(desk) == 0)
  }

  @Test(arguments: [(12_600, 260), (10_000, 0), (9_000, 0)] as [(Int64, Int64)])
  func aShareOfTheProfitIsOfWhatIsAboveTheInitialNetValue(_ net: Int64, _ fee: Int64) {
    let taken = ProductFeeAccrual.profitShare(
      netValue: Self.yuan(net * 1_000), initial: Self.yuan(10_000_000), share: Self.percent(1_000))
    #expect(taken == Money(yuan: fee * 1_000))
  }

  // MARK: A product

  /// The desk's two fund accounts have 1 000 000 yuan each.
  private func desk(_ kind: FeeKind, _ method: FeeMethod, _ basis: FeeBasis, _ value: Int64)
    -> SettlementDesk
  {
    let desk = SettlementDesk()
    desk.ledger.setFees(
      desk.product, start: 20_260_101, days: 365, initial: Money(yuan: 5_000_000))
    desk.ledger.setFee(desk.product, kind, method, basis, value)
    return desk
  }

  private func accrued(_ desk: SettlementDesk, _ day: UInt32) -> Money {
    ProductFeeAccrual.accrued(desk.product, on: TradingDay(yyyymmdd: day)!, desk.ledger)
  }

  /// 73 days are a fifth of the year, in which 1 % of 2 000 000 is 20 000, of 5 000 000 50 000.
  @Test func theBaseIsTheInitialOrThePriorDaysNetValue() {
    let prior = desk(.management, .daily, .priorDay, Self.percent(100))
    #expect(accrued(prior, 20_260_315) == Money(yuan: 4_000))
    prior.ledger.setNetValue(
      SchemeSubject(prior.product), mode: .externalTotal, shares: 1, total: Money(yuan: 1_000_000),
      liabilities: Money(yuan: 500_000), accruedFees: Money(yuan: 400_000))
    // What lies elsewhere is in, liabilities are off, fees are not.
    #expect(accrued(prior, 20_260_315) == Money(yuan: 5_000))
    prior.ledger.setNetValue(
      SchemeSubject(prior.product), mode: .statedTotal, shares: 1, total: Money(yuan: 1_500_000),
      liabilities: Money(yuan: 500_000), accruedFees: .zero)
    #expect(accrued(prior, 20_260_315) == Money(yuan: 2_000))
    let initial = desk(.custody, .daily, .initial, Self.percent(100))
    #expect(accrued(initial, 20_260_315) == Money(yuan: 10_000))
  }

  @Test func feesAreAddedUp() {
    let desk = desk(.management, .daily, .initial, Self.percent(100))
    desk.ledger.setFee(desk.product, .custody, .amount, .unknown, 12_345)
    desk.ledger.setFee(desk.product, .adviser, .profitShare, .unknown, Self.percent(1_000))
    // No profit: 2 000 000 are less than 5 000 000.
    #expect(accrued(desk, 20_260_315) == Money(units: 100_012_345))
  }

  @Test(arguments: [20_260_101, 20_251_231] as [UInt32])
  func nothingAccruesBeforeTheProductBegan(_ day: UInt32) {
    let desk = desk(.management, .daily, .initial, Self.percent(100))
    #expect(accrued(desk, day) == .zero)
    #expect(ProductFeeAccrual.accrued(desk.product, on: .none, desk.ledger) == .zero)
  }

  /// What has accrued is subtracted from all net values, together with what was stated.
  @Test func whatHasAccruedIsSubtractedWithWhatWasStated() {
    let desk = desk(.management, .daily, .initial, Self.percent(100))
    let hasFees = desk.ledger.hasFees
    #expect(hasFees)
    desk.ledger.setNetValue(
      SchemeSubject(desk.product), mode: .equity, shares: 1, total: .zero, liabilities: .zero,
      accruedFees: Money(yuan: 7))
    desk.ledger.setAccrued(desk.product, Money(yuan: 10))
    func subtracted() -> Money { desk.ledger.schemes.product(desk.product).pointee.accruedFees }
    #expect(subtracted() == Money(yuan: 17))
    desk.ledger.setNetValue(
      SchemeSubject(desk.product), mode: .equity, shares: 1, total: .zero, liabilities: .zero,
      accruedFees: Money(yuan: 8))
    #expect(subtracted() == Money(yuan: 18))
    desk.ledger.setFees(desk.product, start: 0, days: 0, initial: .zero)
    let hasSome = desk.ledger.hasFees
    #expect(!hasSome)
  }
}
