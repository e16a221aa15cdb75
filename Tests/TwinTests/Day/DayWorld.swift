import Domain
import Exchange
import Ledger
import Messages
import TwinChecks

/// The house of a day: four instruments that were recorded, three products, eight accounts.
///
/// | product | mode | fund accounts | operation accounts |
/// | --- | --- | --- | --- |
/// | 0 | priority | 0, 1 | 0, 1, 2 |
/// | 1 | ratio | 2, 3 | 3, 4 |
/// | 2 | net position | 4, 5 | 5, 6, 7 |
///
/// `DayWorld+Rules.swift` switches on what there is to switch on.
enum DayWorld {
  /// What is recorded of another year is played on these.
  static let days = [20_261_124, 20_261_125].map { TradingDay(yyyymmdd: $0)! }
  static let genesisTime = Timestamp(
    date: CalendarDate(yyyymmdd: 20_261_123)!, secondOfDay: 12 * 3600)
  static let shard: UInt8 = 9

  struct Listing: Sendable {
    var code: String
    /// Empty = nobody recorded it.
    var file: String
    var exchange: Exchange
    var commodity: UInt32
    var year: UInt16
    var month: UInt8
    var multiplier: Int32
    var tick: Int64
    /// Prior settlement of a day that is made up, in 1e-4 yuan.
    var price: Int64
    var marketLots: Lots
    /// How far limit prices of a day that is made up are, in 1e-4 parts.
    var band: Int64
  }

  static let commodities: [(code: String, exchange: Exchange, hours: UInt32, multiple: Lots)] = [
    ("AP", .czce, 0, 2), ("IF", .cffex, 1, 1), ("ru", .shfe, 2, 1),
  ]
  /// The first one is in its delivery month.
  static let listings = [
    Listing(
      code: "AP010", file: "AP010_20200807", exchange: .czce, commodity: 0, year: 2026, month: 11,
      multiplier: 10, tick: 10_000, price: 70_000_000, marketLots: 50, band: 500),
    Listing(
      code: "AP101", file: "AP101_20200807", exchange: .czce, commodity: 0, year: 2027, month: 1,
      multiplier: 10, tick: 10_000, price: 72_000_000, marketLots: 50, band: 500),
    Listing(
      code: "IF2101", file: "IF2101_20210104", exchange: .cffex, commodity: 1, year: 2027,
      month: 1, multiplier: 300, tick: 2_000, price: 52_000_000, marketLots: 10, band: 1_000),
    Listing(
      code: "ru1901", file: "ru1901_20181009", exchange: .shfe, commodity: 2, year: 2027,
      month: 1, multiplier: 10, tick: 50_000, price: 125_000_000, marketLots: 0, band: 700),
  ]

  static let modes: [RoutingMode] = [.priority, .ratio, .netPosition]
  static let fundProducts: [UInt32] = [0, 0, 1, 1, 2, 2]
  static let accountProducts: [UInt32] = [0, 0, 0, 1, 1, 2, 2, 2]
  static let counters = 2

  static var instruments: [InstrumentID] { listings.indices.map { InstrumentID(UInt32($0)) } }
  static var accounts: [OperationAccountID] {
    accountProducts.indices.map { OperationAccountID(UInt32($0)) }
  }
  static var funds: [FundAccountID] { fundProducts.indices.map { FundAccountID(UInt32($0)) } }
  /// Its counter, and its place there.
  static func seat(_ fund: FundAccountID) -> (counter: Int, account: FundAccountID) {
    (fund.index % counters, FundAccountID(fund.raw / UInt32(counters)))
  }

  static let extent = TwinExtent(
    accounts: accountProducts.count, funds: fundProducts.count, products: modes.count,
    instruments: listings.count, commodities: commodities.count)

  static let capacities = LedgerCapacities(
    operationAccounts: 8, fundAccounts: 6, products: 3, counters: 2, instruments: 4,
    commodities: 3, tradingHours: 3, orders: 8_192, children: 16_384, positions: 256,
    figures: 128, lots: 8_192, limitRows: 128, rateOwners: 32, rates: 128, rateWindow: 512,
    accessRows: 16, rateProfiles: 20, templates: 8, schemes: 2, schemeInstruments: 32,
    schemeAccounts: 1)

  // MARK: Genesis

  static func definitions(seed: UInt64) -> [Command] {
    var commands: [Command] = [.engineSettings(EngineSettings(shard: shard, seed: seed))]
    commands += [
      hours("apples", [(32_400, 36_900), (37_800, 41_400), (48_600, 54_000)], night: false),
      hours("index", [(34_200, 41_400), (46_800, 54_000)], night: false),
      hours("rubber", [(32_400, 36_900), (37_800, 41_400), (48_600, 54_000)], night: true),
    ]
    for commodity in commodities {
      commands.append(
        .defineCommodity(
          DefineCommodity(
            code: CommodityCode(commodity.code)!, exchange: commodity.exchange,
            hours: TradingHoursID(commodity.hours), deliveryMultiple: commodity.multiple)))
    }
    commands += listings.map { .defineInstrument(define($0)) }
    commands += ["north", "south"].map { .defineCounter(DefineCounter(name: Name($0)!)) }
    for (index, mode) in modes.enumerated() {
      commands.append(.defineProduct(DefineProduct(name: Name("product-\(index)")!, mode: mode)))
    }
    for (index, product) in fundProducts.enumerated() {
      commands.append(
        .defineFundAccount(
          DefineFundAccount(
            name: Name("fund-\(index)")!, product: ProductID(product),
            counter: CounterID(UInt32(index % counters)))))
    }
    for (index, product) in accountProducts.enumerated() {
      commands.append(
        .defineOperationAccount(
          DefineOperationAccount(name: Name("account-\(index)")!, product: ProductID(product))))
    }
    return commands + balances
  }

  /// Seconds of the day from and to, and the night from 21:00 to 23:00.
  private static func hours(
    _ name: String, _ day: [(from: Int, to: Int)], night: Bool
  ) -> Command {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    for (index, interval) in day.enumerated() {
      intervals[index] = TradingInterval(
        date: .day, phase: .continuous, startSecond: Int32(interval.from),
        endSecond: Int32(interval.to))
    }
    if night {
      intervals[day.count] = TradingInterval(
        date: .night, phase: .continuous, startSecond: 75_600, endSecond: 82_800)
    }
    return .defineTradingHours(
      DefineTradingHours(
        name: Name(name)!, count: UInt8(day.count + (night ? 1 : 0)), intervals: intervals))
  }

  private static func define(_ listing: Listing) -> DefineInstrument {
    DefineInstrument(
      code: InstrumentCode(listing.code)!, commodity: CommodityID(listing.commodity),
      deliveryYear: listing.year, deliveryMonth: listing.month, lastTradingDay: .none,
      multiplier: listing.multiplier, tick: Price(units: listing.tick), minimumLimitLots: 1,
      maximumLimitLots: 200, minimumMarketLots: listing.marketLots == 0 ? 0 : 1,
      maximumMarketLots: listing.marketLots)
  }

  // MARK: Money

  static let fundBalance = Money(yuan: 6_000_000)

  private static var balances: [Command] {
    accounts.map {
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: .operationAccount, holderID: $0.raw, allowedLoss: Money(yuan: 3_000_000),
          notToLose: Money(yuan: 500_000)))
    }
      + funds.map {
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .fundAccount, holderID: $0.raw, allowedLoss: fundBalance,
            notToLose: .zero))
      }
  }

  /// What the exchange charges, by commodity.
  static let rates: [RateSet] = [
    rateSet(long: 8_000_000, short: 8_000_000, byValue: 0, byLot: 50_000, today: 200_000),
    rateSet(long: 12_000_000, short: 14_000_000, byValue: 2_300, byLot: 0, today: 0),
    rateSet(long: 9_000_000, short: 9_000_000, byValue: 4_500, byLot: 100, today: 30_000),
  ]

  private static func rateSet(
    long: Int64, short: Int64, byValue: Int64, byLot: Int64, today: Int64
  ) -> RateSet {
    func margin(_ units: Int64) -> TwoPartRate {
      TwoPartRate(byValue: Rate(units: units), byLot: .zero)
    }
    let fee = TwoPartRate(byValue: Rate(units: byValue), byLot: Money(units: byLot))
    return RateSet(
      marginLong: margin(long), marginShort: margin(short), feeOpen: fee, feeClose: fee,
      feeCloseToday: TwoPartRate(
        byValue: Rate(units: byValue * 15), byLot: Money(units: byLot + today)))
  }

  // MARK: At the exchange

  /// The counters and the exchange behind them, as the first day begins.
  static func exchange(_ counter: Int, _ references: [DayReference]) -> SimulatedExchange {
    SimulatedExchange(
      day: days[0],
      instruments: zip(listings, references).map { instrument($0, $1) },
      accounts: funds.filter { seat($0).counter == counter }.map {
        CounterAccountTerms(name: Name("fund-\($0.raw)")!, openingEquity: fundBalance)
      },
      faults: FaultPlan([
        FaultRule(.refuse, .every(61)), FaultRule(.fillInParts(lots: 1), .every(7)),
        FaultRule(.tradeFirst, .every(11)),
      ]))
  }

  static func instrument(_ listing: Listing, _ reference: DayReference) -> ExchangeInstrument {
    ExchangeInstrument(
      code: InstrumentCode(listing.code)!, exchange: listing.exchange,
      multiplier: Int64(listing.multiplier), tick: listing.tick, limitLots: 1...200,
      marketLots: listing.marketLots > 0 ? 1...listing.marketLots : nil,
      rates: rates[Int(listing.commodity)], priorSettlement: reference.preSettlement,
      limitUp: reference.upperLimit, limitDown: reference.lowerLimit,
      declarationFee: listing.commodity == 1 ? Money(yuan: 1) : .zero)
  }
}
