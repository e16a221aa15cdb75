import Domain
import Ledger
import Messages

/// The world of the engine's tests: three exchanges, two counters, a product in each mode.
///
/// | product | mode | fund accounts | operation accounts |
/// | --- | --- | --- | --- |
/// | alpha | priority | north1 (2), south1 (1) | anna, amir |
/// | beta | ratio | north2, south2, south3 | bela, boris |
/// | gamma | net position | north3 | cara, chen |
///
/// Every operation account starts with 10 000 000 yuan, every fund account with 100 000 000.
enum World {
  static let monday = TradingDay(yyyymmdd: 20_261_123)!
  static let tuesday = TradingDay(yyyymmdd: 20_261_124)!
  static let wednesday = TradingDay(yyyymmdd: 20_261_125)!
  static let friday = CalendarDate(yyyymmdd: 20_261_120)!
  /// Before the first day.
  static let genesisTime = Timestamp(date: friday, secondOfDay: 18 * 3600)
  /// Monday, 9:30: every instrument trades.
  static let openTime = Timestamp(date: monday.date, secondOfDay: 9 * 3600 + 1800)

  static let shard: UInt8 = 3
  static let seed: UInt64 = 20_261_123

  // Instruments, in the order of their definition.
  static let rb2701 = InstrumentID(0)
  static let rb2705 = InstrumentID(1)
  /// In its delivery month; children in multiples of 5.
  static let al2611 = InstrumentID(2)
  static let i2701 = InstrumentID(3)
  static let m2701 = InstrumentID(4)
  static let if2612 = InstrumentID(5)
  static let instrumentCount = 6

  static let rb = CommodityID(0)
  static let al = CommodityID(1)
  static let ironOre = CommodityID(2)
  static let meal = CommodityID(3)
  static let indexFuture = CommodityID(4)

  static let alpha = ProductID(0)
  static let beta = ProductID(1)
  static let gamma = ProductID(2)

  static let north1 = FundAccountID(0)
  static let south1 = FundAccountID(1)
  static let north2 = FundAccountID(2)
  static let south2 = FundAccountID(3)
  static let south3 = FundAccountID(4)
  static let north3 = FundAccountID(5)
  static let fundAccountCount = 6

  static let anna = OperationAccountID(0)
  static let amir = OperationAccountID(1)
  static let bela = OperationAccountID(2)
  static let boris = OperationAccountID(3)
  static let cara = OperationAccountID(4)
  static let chen = OperationAccountID(5)
  static let accountCount = 6

  static let accountBalance = Money(yuan: 10_000_000)
  static let fundBalance = Money(yuan: 100_000_000)

  static let capacities = LedgerCapacities(
    operationAccounts: 16, fundAccounts: 8, products: 4, counters: 4, instruments: 8,
    commodities: 8, tradingHours: 2, orders: 4_096, children: 8_192, positions: 512,
    figures: 256, lots: 8_192, limitRows: 128, rateOwners: 24, rates: 64, rateWindow: 256,
    accessRows: 64, schemes: 4, schemeInstruments: 64)

  // MARK: Terms

  /// What the tests need to know of an instrument.
  struct Listing {
    var code: String
    var commodity: CommodityID
    var year: UInt16
    var month: UInt8
    var multiplier: Int32
    var tick: Int64
    /// Prior settlement, in yuan.
    var price: Int64
    var maximumMarketLots: Lots
  }

  static let listings: [Listing] = [
    Listing(
      code: "rb2701", commodity: rb, year: 2027, month: 1, multiplier: 10, tick: 10_000,
      price: 3_500, maximumMarketLots: 0),
    Listing(
      code: "rb2705", commodity: rb, year: 2027, month: 5, multiplier: 10, tick: 10_000,
      price: 3_600, maximumMarketLots: 0),
    Listing(
      code: "al2611", commodity: al, year: 2026, month: 11, multiplier: 5, tick: 50_000,
      price: 20_000, maximumMarketLots: 0),
    Listing(
      code: "i2701", commodity: ironOre, year: 2027, month: 1, multiplier: 100, tick: 5_000,
      price: 800, maximumMarketLots: 1_000),
    Listing(
      code: "m2701", commodity: meal, year: 2027, month: 1, multiplier: 10, tick: 10_000,
      price: 3_000, maximumMarketLots: 1_000),
    Listing(
      code: "IF2612", commodity: indexFuture, year: 2026, month: 12, multiplier: 300, tick: 2_000,
      price: 4_000, maximumMarketLots: 10),
  ]

  /// Margin 10 % both sides; fees by value, by lot and mixed, today's close of its own.
  static func rates(_ commodity: CommodityID) -> RateSet {
    let margin = TwoPartRate(byValue: Rate(units: 10_000_000))
    func byValue(_ units: Int64) -> TwoPartRate { TwoPartRate(byValue: Rate(units: units)) }
    func byLot(_ units: Int64) -> TwoPartRate { TwoPartRate(byLot: Money(units: units)) }
    switch commodity {
    case rb:
      return RateSet(
        marginLong: margin, marginShort: margin, feeOpen: byValue(10_000),
        feeClose: byValue(10_000), feeCloseToday: byValue(0))
    case al:
      return RateSet(
        marginLong: margin, marginShort: margin, feeOpen: byLot(30_000), feeClose: byLot(30_000),
        feeCloseToday: byLot(15_000))
    case ironOre:
      return RateSet(
        marginLong: margin, marginShort: margin, feeOpen: byValue(10_000),
        feeClose: byValue(10_000), feeCloseToday: byValue(10_000))
    case meal:
      return RateSet(
        marginLong: margin, marginShort: margin, feeOpen: byLot(15_000), feeClose: byLot(15_000),
        feeCloseToday: byLot(15_000))
    default:
      return RateSet(
        marginLong: margin, marginShort: margin, feeOpen: byValue(2_300),
        feeClose: byValue(2_300), feeCloseToday: byValue(34_500))
    }
  }

  /// A price in whole yuan.
  static func yuan(_ whole: Int64) -> Price { Price(units: whole * Price.unitsPerYuan) }
}
