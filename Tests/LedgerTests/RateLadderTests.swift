import Domain
import Ledger
import Testing

/// rules.md 6, AMS manual 6, notes 8 and 10: whose rates an account has, and how they are taken.
@Suite struct RateLadderTests {
  private let commodity = CommodityID(0)
  private let instrument = InstrumentID(0)
  private let alice = OperationAccountID(0)
  private let bob = OperationAccountID(1)
  private let product = ProductID(0)
  private let north = FundAccountID(0)
  private let south = FundAccountID(1)
  private let marginTemplate = AccountTemplateID(0)
  private let feeTemplate = AccountTemplateID(1)
  private let today = TradingDay(yyyymmdd: 20_261_123)!
  private let tomorrow = TradingDay(yyyymmdd: 20_261_124)!

  private static let capacities = LedgerCapacities(
    operationAccounts: 3, fundAccounts: 2, products: 1, counters: 1, instruments: 2,
    commodities: 2, tradingHours: 1, orders: 16, children: 16, positions: 16, figures: 8,
    lots: 16, limitRows: 2, rateOwners: 8, rates: 32, rateWindow: 16, accessRows: 2,
    rateProfiles: 5, templates: 2)

  private func ledger(_ capacities: LedgerCapacities = capacities) -> Ledger {
    var ledger = Ledger(capacities: capacities)
    let counter = ledger.defineCounter()!
    let product = ledger.defineProduct(mode: .priority)!
    for _ in 0..<2 { _ = ledger.defineFundAccount(product, counter) }
    for _ in 0..<3 { _ = ledger.defineOperationAccount(product) }
    _ = ledger.defineTemplate(.margin)
    _ = ledger.defineTemplate(.fee)
    return ledger
  }

  /// A set whose rates can be told apart: margins `units`, fees a tenth of them, both per lot too.
  private func rates(_ units: Int64) -> RateSet {
    let margin = TwoPartRate(byValue: Rate(units: units), byLot: Money(units: units))
    let fee = TwoPartRate(byValue: Rate(units: units / 10), byLot: Money(units: units / 10))
    return RateSet(
      marginLong: margin, marginShort: margin, feeOpen: fee, feeClose: fee, feeCloseToday: fee)
  }

  private func take(_ ledger: inout Ledger, _ mode: RateMode, _ parts: [RatePart]) {
    for part in parts {
      let took = ledger.setRateMode(alice, part, mode)
      #expect(took)
    }
  }

  private func margin(_ ledger: borrowing Ledger, _ account: OperationAccountID) -> Int64? {
    ledger.rates(ledger.holder(of: account), instrument, commodity)?.pointee.marginLong.byValue
      .units
  }
  private func fee(_ ledger: borrowing Ledger, _ account: OperationAccountID) -> Int64? {
    ledger.rates(ledger.holder(of: account), instrument, commodity)?.pointee.feeOpen.byValue
      .units
  }

  /// Account 1, template 2, fund account 3, product 4, everybody 5, counter 6, exchange 7, each
  /// with and without: the first there is decides.
  @Test(arguments: 0..<64)
  func theFirstStepDecides(_ steps: Int) {
    var ledger = ledger()
    let owners: [RateOwner] = [
      .account(alice), .template(marginTemplate), .fundAccount(north), .product(product),
      .everybody, .counter(north),
    ]
    let chosen = owners.indices.filter { steps >> $0 & 1 == 1 }
    for index in chosen {
      let took = ledger.setRates(
        owners[index], commodity, .none, .margin, .asItIs, rates(Int64(index + 1) * 1_000_000))
      #expect(took)
    }
    let exchange = ledger.setRates(.platform, commodity, .none, rates(7_000_000))
    let template = ledger.assign(marginTemplate, .margin, to: alice)
    #expect(exchange && template)
    _ = ledger.loggedIn(north, day: today)
    take(&ledger, .own, [.margin])
    #expect(margin(ledger, alice) == Int64((chosen.first ?? 6) + 1) * 1_000_000)
    // Fees follow the fund account still, which has none of its own.
    #expect(fee(ledger, alice) == 700_000)
    // Bob follows: the fund account's, else its counter's, else the exchange's.
    let followed = [2, 5].first(where: chosen.contains) ?? 6
    #expect(margin(ledger, bob) == Int64(followed + 1) * 1_000_000)
  }

  /// decisions 10: a commodity's entry of a step beats an instrument's of a lower one.
  @Test func aStepIsWholeBeforeTheNext() {
    var ledger = ledger()
    let exchange = ledger.setRates(.platform, commodity, .none, rates(7_000_000))
    let lower = ledger.setRates(.product(product), commodity, instrument, rates(4_000_000))
    let upper = ledger.setRates(.account(alice), commodity, .none, rates(1_000_000))
    take(&ledger, .own, [.margin, .fee])
    #expect(exchange && lower && upper)
    #expect(margin(ledger, alice) == 1_000_000)
    let own = ledger.setRates(.account(alice), commodity, instrument, rates(2_000_000))
    #expect(own)
    #expect(margin(ledger, alice) == 2_000_000)
    // Taken away again, the wider one holds.
    let gone = ledger.setRates(
      .account(alice), commodity, instrument, .margin, .unknown, RateSet())
    #expect(gone)
    #expect(margin(ledger, alice) == 1_000_000)
    #expect(fee(ledger, alice) == 200_000)
  }

  /// Example 16 of spec/examples.md: percent 10 on 10 % = 11 %, on 20 % = 22 %.
  @Test func examples16RatesOfPercentages() {
    var ledger = ledger()
    _ = ledger.loggedIn(north, day: today)
    take(&ledger, .own, [.margin])
    let share = TwoPartRate(byValue: Rate(units: 10_000_000), byLot: Money(units: 10_000_000))
    let own = ledger.setRates(
      .account(alice), commodity, .none, .margin, .relativePercent,
      RateSet(marginLong: share, marginShort: share))
    #expect(own)
    for (counter, taken) in [(10, 11), (20, 22)] as [(Int64, Int64)] {
      let reported = ledger.setRates(
        .counter(north), commodity, .none, rates(counter * 1_000_000))
      #expect(reported)
      #expect(margin(ledger, alice) == taken * 1_000_000)
    }
    // A share of a rate rounds up to 1e-8: 7 % of 1e-8 more is 2e-8.
    let odd = ledger.setRates(.counter(north), commodity, .none, rates(1))
    #expect(odd)
    #expect(margin(ledger, alice) == 2)
  }

  /// Example 16: counter 2 + 8 %, entered 10 + 5 %, price 4000, multiplier 10: 1 lot 5 212.00, 3
  /// lots 15 636.00. By lot 10 = 10 a lot. 10 % and 3 a lot, 2 lots: 8 006.
  @Test func examples16RatesOfAmounts() {
    func rate(_ percent: Int64, _ yuan: Int64) -> TwoPartRate {
      TwoPartRate(byValue: Rate(units: percent * 1_000_000), byLot: Money(yuan: yuan))
    }
    func amount(_ rate: TwoPartRate, _ lots: Int64) -> Money? {
      rate.amount(basis: 40_000_000 * lots, multiplier: 10, lots: lots, roundedUpTo: 1)
    }
    let relative = rate(5, 10).taken(.relativeAbsolute, of: rate(8, 2))
    #expect(relative.flatMap { amount($0, 1) } == Money(yuan: 5_212))
    #expect(relative.flatMap { amount($0, 3) } == Money(yuan: 15_636))
    let absolute = rate(0, 10).taken(.asItIs, of: rate(8, 2))
    #expect(absolute.flatMap { amount($0, 3) } == Money(yuan: 30))
    let both = rate(10, 3).taken(.asItIs, of: rate(8, 2))
    #expect(both.flatMap { amount($0, 2) } == Money(yuan: 8_006))
    #expect(rate(1, 1).taken(.unknown, of: rate(8, 2)) == nil)
  }

  /// At the largest rate there can be, and one past it: then there is none.
  @Test func whatPassesItsRangeIsNoRate() {
    let most = TwoPartRate(
      byValue: Rate(units: Ranges.rateByValueMaximum - 1), byLot: .zero)
    let one = TwoPartRate(byValue: Rate(units: 1))
    let two = TwoPartRate(byValue: Rate(units: 2))
    #expect(one.taken(.relativeAbsolute, of: most)?.byValue.units == Ranges.rateByValueMaximum)
    #expect(two.taken(.relativeAbsolute, of: most) == nil)
    var ledger = ledger()
    let exchange = ledger.setRates(
      .platform, commodity, .none, RateSet(marginLong: most, marginShort: most))
    let own = ledger.setRates(
      .account(alice), commodity, .none, .margin, .relativeAbsolute,
      RateSet(marginLong: two, marginShort: two))
    take(&ledger, .own, [.margin])
    #expect(exchange && own)
    #expect(margin(ledger, alice) == nil)
    #expect(margin(ledger, bob) == Ranges.rateByValueMaximum - 1)
  }

  /// The first of a day to log in, fixed for the day; one whose link stays up has been first.
  @Test func whomAProductReads() {
    var ledger = ledger()
    let exchange = ledger.setRates(.platform, commodity, .none, rates(7_000_000))
    let reported = ledger.setRates(.counter(south), commodity, .none, rates(2_000_000))
    #expect(exchange && reported)
    #expect(ledger.rateAccount(product) == nil)
    func logIn(_ fund: FundAccountID, _ day: TradingDay) -> Bool {
      ledger.changeFundAccount(fund) { $0.pointee.isLinked = true }
      return ledger.loggedIn(fund, day: day)
    }
    func logOut(_ fund: FundAccountID, _ day: TradingDay) {
      ledger.changeFundAccount(fund) { $0.pointee.isLinked = false }
      ledger.loggedOut(fund, day: day)
    }
    #expect(margin(ledger, bob) == 7_000_000)
    let first = logIn(south, today)
    #expect(first && margin(ledger, bob) == 2_000_000)
    let second = logIn(north, today)
    #expect(!second && ledger.rateAccount(product) == south)
    logOut(south, today)
    let again = logIn(north, today)
    #expect(!again && ledger.rateAccount(product) == south, "fixed for the day")
    // Nobody has logged in tomorrow, but north, whose link is still up, comes anew.
    let next = logIn(north, tomorrow)
    #expect(next && ledger.rateAccount(product) == north && margin(ledger, bob) == 7_000_000)
    let named = ledger.setRateAccount(product, south)
    #expect(named && margin(ledger, bob) == 2_000_000)
    let unnamed = ledger.setRateAccount(product, .none)
    #expect(unnamed && margin(ledger, bob) == 7_000_000)
  }

  @Test func aLinkThatStaysUpWasTheFirstOfTheDay() {
    var ledger = ledger()
    ledger.changeFundAccount(south) { $0.pointee.isLinked = true }
    _ = ledger.loggedIn(south, day: today)
    _ = ledger.loggedIn(north, day: tomorrow)
    #expect(ledger.rateAccount(product) == south)
    // It drops on a day on which it was up: nobody else is the first of that day any more.
    let later = TradingDay(yyyymmdd: 20_261_125)!
    ledger.changeFundAccount(south) { $0.pointee.isLinked = false }
    ledger.loggedOut(south, day: later)
    _ = ledger.loggedIn(north, day: later)
    #expect(ledger.rateAccount(product) == south)
  }

  /// What the platform says, an account's own mode, and back: at once, part by part.
  @Test func modesOfThePlatformAndOfAccounts() {
    var ledger = ledger()
    let exchange = ledger.setRates(.platform, commodity, .none, rates(7_000_000))
    let common = ledger.setRates(.everybody, commodity, .none, rates(5_000_000))
    #expect(exchange && common)
    #expect(margin(ledger, bob) == 7_000_000)
    let own = ledger.setPlatformRateMode(.margin, .own)
    #expect(own && margin(ledger, bob) == 5_000_000 && fee(ledger, bob) == 700_000)
    take(&ledger, .fundAccount, [.margin])
    #expect(margin(ledger, alice) == 7_000_000)
    take(&ledger, .system, [.margin])
    #expect(margin(ledger, alice) == 5_000_000)
    let back = ledger.setPlatformRateMode(.margin, .fundAccount)
    #expect(back && margin(ledger, bob) == 7_000_000)
  }

  /// Five ways that rates come about: two fund accounts', and three of accounts'. Accounts with the
  /// same settings share one; one that is given back is had again.
  @Test func profilesAtTheirLimitAndOnePastIt() {
    var capacities = Self.capacities
    capacities.rateProfiles = 2
    var ledger = ledger(capacities)
    func mode(_ account: UInt32, _ mode: RateMode) -> Bool {
      ledger.setRateMode(OperationAccountID(account), .margin, mode)
    }
    let reported = ledger.setRates(.counter(north), commodity, .none, rates(2_000_000))
    let shared = [mode(0, .own), mode(1, .own), mode(2, .own)]
    #expect(reported && shared == [true, true, true])
    let others = [mode(1, .fundAccount)]
    #expect(others == [false])
    let second = ledger.setRates(.counter(south), commodity, .none, rates(2_000_000))
    #expect(!second)
    let platform = ledger.setPlatformRateMode(.fee, .own)
    #expect(!platform)
    let given = [mode(0, .system), mode(1, .system), mode(2, .fundAccount)]
    #expect(given == [true, true, true])
    let own = ledger.setRates(.account(alice), commodity, .none, rates(3_000_000))
    #expect(!own)
    let last = [mode(2, .system)]
    let after = ledger.setRates(.account(alice), commodity, .none, rates(3_000_000))
    #expect(last == [true] && after)
  }

  /// Whatever changes, what is looked up is what a fresh look finds: a snapshot keeps no answers.
  @Test func aGivenBackProfileKeepsNothing() {
    var ledger = ledger()
    let exchange = ledger.setRates(.platform, commodity, .none, rates(7_000_000))
    let own = ledger.setRates(.account(alice), commodity, .none, rates(1_000_000))
    take(&ledger, .own, [.margin, .fee])
    #expect(exchange && own && margin(ledger, alice) == 1_000_000)
    let back = ledger.setRateMode(alice, .margin, .system)
    #expect(back)
    let others = ledger.setRateMode(bob, .margin, .own)
    #expect(others && margin(ledger, bob) == 7_000_000 && fee(ledger, alice) == 100_000)
  }
}
