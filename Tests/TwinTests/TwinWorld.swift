import Domain
import Ledger
import Messages

/// The world of a seed: every exchange's habits, a product in each mode, odd rates, and limits here
/// and there.
///
/// | product | mode | fund accounts | operation accounts |
/// | --- | --- | --- | --- |
/// | 0 | priority | 0, 1 | 0, 1, 2 |
/// | 1 | ratio | 2, 3, 4 | 3, 4 |
/// | 2 | net position | 5, 6 | 5, 6, 7 |
/// | 3 | priority | none | 8 |
/// | none | | 7 | 9 |
enum TwinWorld {
  static let days = [20_261_123, 20_261_124, 20_261_125, 20_261_126, 20_261_127, 20_261_130]
    .map { TradingDay(yyyymmdd: $0)! }
  static let genesisTime = Timestamp(
    date: CalendarDate(yyyymmdd: 20_261_120)!, secondOfDay: 18 * 3600)
  static let shard: UInt8 = 5

  struct Listing {
    var code: String
    var commodity: UInt32
    var year: UInt16
    var month: UInt8
    var multiplier: Int32
    var tick: Int64
    /// Prior settlement, in 1e-4 yuan.
    var price: Int64
    var marketLots: Lots
    var option = OptionClass.none
    var strike = Price.none
    var underlying = InstrumentID.none
    var lastTradingDay = TradingDay.none
  }

  static let commodities: [(code: String, exchange: Exchange, hours: UInt32, multiple: Lots)] = [
    ("rb", .shfe, 0, 1), ("al", .shfe, 0, 5), ("i", .dce, 0, 1), ("sc", .ine, 0, 1),
    ("IF", .cffex, 1, 1), ("SA", .czce, 0, 1), ("xx", .gfex, 0, 1),
    ("sp", .czce, 0, 1), ("rb_o", .shfe, 0, 1), ("SA_o", .czce, 0, 1),
  ]
  static let listings = [
    Listing(
      code: "rb2701", commodity: 0, year: 2027, month: 1, multiplier: 10, tick: 10_000,
      price: 35_000_000, marketLots: 0),
    Listing(
      code: "rb2705", commodity: 0, year: 2027, month: 5, multiplier: 10, tick: 10_000,
      price: 36_000_000, marketLots: 0),
    // In its delivery month all November.
    Listing(
      code: "al2611", commodity: 1, year: 2026, month: 11, multiplier: 5, tick: 50_000,
      price: 200_000_000, marketLots: 0),
    Listing(
      code: "i2701", commodity: 2, year: 2027, month: 1, multiplier: 100, tick: 5_000,
      price: 8_000_000, marketLots: 100),
    Listing(
      code: "sc2701", commodity: 3, year: 2027, month: 1, multiplier: 1_000, tick: 1_000,
      price: 5_000_000, marketLots: 0),
    Listing(
      code: "IF2612", commodity: 4, year: 2026, month: 12, multiplier: 300, tick: 2_000,
      price: 40_000_000, marketLots: 10),
    Listing(
      code: "SA701", commodity: 5, year: 2027, month: 1, multiplier: 20, tick: 10_000,
      price: 13_000_000, marketLots: 200),
    // Nobody has rates for it.
    Listing(
      code: "xx2701", commodity: 6, year: 2027, month: 1, multiplier: 1, tick: 1,
      price: 1_000_000, marketLots: 10),
    // Around zero, on both sides of it.
    Listing(
      code: "sp701", commodity: 7, year: 2027, month: 1, multiplier: 50, tick: 10_000,
      price: 20_000, marketLots: 50, lastTradingDay: days[3]),
    Listing(
      code: "rb2701C3500", commodity: 8, year: 2027, month: 1, multiplier: 10, tick: 5_000,
      price: 1_200_000, marketLots: 0, option: .call, strike: Price(units: 35_000_000),
      underlying: InstrumentID(0)),
    Listing(
      code: "SA701P1280", commodity: 9, year: 2027, month: 1, multiplier: 20, tick: 5_000,
      price: 400_000, marketLots: 100, option: .put, strike: Price(units: 12_800_000),
      underlying: InstrumentID(6), lastTradingDay: days[1]),
  ]
  /// Those that are traded: all but the one without rates.
  static let traded: [UInt32] = futures + options
  static let futures: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 8]
  static let options: [UInt32] = [9, 10]
  static let withoutRates: UInt32 = 7

  static let modes: [RoutingMode] = [.priority, .ratio, .netPosition, .priority]
  static let fundProducts: [UInt32?] = [0, 0, 1, 1, 1, 2, 2, nil]
  static let accountProducts: [UInt32?] = [0, 0, 0, 1, 1, 2, 2, 2, 3, nil]

  static var instruments: [InstrumentID] { listings.indices.map { InstrumentID(UInt32($0)) } }
  static var accounts: [OperationAccountID] {
    accountProducts.indices.map { OperationAccountID(UInt32($0)) }
  }
  static var funds: [FundAccountID] { fundProducts.indices.map { FundAccountID(UInt32($0)) } }

  static let capacities = LedgerCapacities(
    operationAccounts: 12, fundAccounts: 8, products: 4, counters: 2, instruments: 11,
    commodities: 10, tradingHours: 2, orders: 2_048, children: 4_096, positions: 512, figures: 256,
    lots: 4_096, limitRows: 256, rateOwners: 40, rates: 320, rateWindow: 512, accessRows: 64,
    rateProfiles: 20, templates: 8, schemes: 4, schemeInstruments: 64, schemeAccounts: 3,
    budgetRecords: 112, budgetTrades: 64)

  /// Two of each kind.
  static let templates: [TemplateKind] = [
    .margin, .margin, .fee, .fee, .orderSize, .orderSize, .tradable, .tradable,
  ]
  static func templates(of kind: TemplateKind) -> [AccountTemplateID] {
    templates.indices.filter { templates[$0] == kind }.map { AccountTemplateID(UInt32($0)) }
  }

  // MARK: Genesis

  static func definitions(seed: UInt64, _ draw: inout SplitMix) -> [Command] {
    var commands: [Command] = [
      .engineSettings(EngineSettings(shard: shard, seed: seed)),
      .defineTradingHours(hours("commodities", night: true)),
      .defineTradingHours(hours("index", night: false)),
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
            name: Name("fund-\(index)")!, product: product.map { ProductID($0) } ?? .none,
            counter: CounterID(UInt32(index % 2)))))
    }
    for (index, product) in accountProducts.enumerated() {
      commands.append(
        .defineOperationAccount(
          DefineOperationAccount(
            name: Name("account-\(index)")!, product: product.map { ProductID($0) } ?? .none)))
    }
    for (index, kind) in templates.enumerated() {
      commands.append(
        .defineTemplate(DefineTemplate(name: Name("template-\(index)")!, kind: kind)))
    }
    return commands + rates(&draw) + balances(&draw) + openingPositions(&draw) + controllers
  }

  /// One may do everything, one some things to four accounts, one is bound to two and may not bar,
  /// one may do nothing.
  static let controllerCount: UInt32 = 4
  private static var controllers: [Command] {
    var commands: [Command] = (0..<controllerCount).map {
      .defineController(DefineController(name: Name("controller-\($0)")!))
    }
    let rights: [ControllerRights] = [.all, [.bar, .adjust], [.kill, .watch], []]
    for (index, rights) in rights.enumerated() {
      commands.append(
        .setController(
          SetController(
            controller: ControllerID(UInt32(index)), setting: .rights,
            value: Int64(rights.rawValue))))
    }
    commands.append(
      .setController(SetController(controller: ControllerID(0), setting: .bindsAll, value: 1)))
    for (controller, account) in [(1, 0), (1, 1), (1, 3), (1, 5), (2, 0), (2, 4)] {
      commands.append(
        .bindController(
          BindController(
            controller: ControllerID(UInt32(controller)),
            account: OperationAccountID(UInt32(account)), bound: true)))
    }
    return commands
  }

  private static func hours(_ name: String, night: Bool) -> DefineTradingHours {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 9 * 3600, endSecond: 11 * 3600 + 1_800)
    intervals[1] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 13 * 3600,
      endSecond: 15 * 3600 + (night ? 0 : 900))
    intervals[2] = TradingInterval(
      date: .night, phase: .continuous, startSecond: 21 * 3600, endSecond: 23 * 3600)
    return DefineTradingHours(name: Name(name)!, count: night ? 3 : 2, intervals: intervals)
  }

  private static func define(_ listing: Listing) -> DefineInstrument {
    DefineInstrument(
      code: InstrumentCode(listing.code)!, commodity: CommodityID(listing.commodity),
      deliveryYear: listing.year, deliveryMonth: listing.month,
      lastTradingDay: listing.lastTradingDay,
      multiplier: listing.multiplier, tick: Price(units: listing.tick), minimumLimitLots: 1,
      maximumLimitLots: 500, minimumMarketLots: listing.marketLots == 0 ? 0 : 1,
      maximumMarketLots: listing.marketLots, option: listing.option, strike: listing.strike,
      underlying: listing.underlying)
  }

  // MARK: Money

  /// Rates that leave something to round.
  static func rateSet(_ draw: inout SplitMix) -> RateSet {
    func margin() -> TwoPartRate {
      TwoPartRate(
        byValue: Rate(units: Int64(draw.within(4_000_000...17_000_000))),
        byLot: Money(units: draw.chance(30) ? Int64(draw.below(50_000)) : 0))
    }
    func fee() -> TwoPartRate {
      TwoPartRate(
        byValue: Rate(units: draw.chance(60) ? Int64(draw.below(40_000)) : 0),
        byLot: Money(units: draw.chance(50) ? Int64(draw.below(90_000)) : 0))
    }
    return RateSet(
      marginLong: margin(), marginShort: margin(), feeOpen: fee(), feeClose: fee(),
      feeCloseToday: fee())
  }

  static func setRates(
    _ kind: RateOwnerKind, _ id: UInt32, _ scope: Scope, _ draw: inout SplitMix
  ) -> Command {
    .setRates(SetRates(ownerKind: kind, ownerID: id, scope: scope, rates: rateSet(&draw)))
  }

  private static func rates(_ draw: inout SplitMix) -> [Command] {
    var commands: [Command] = []
    for commodity in 0..<UInt32(commodities.count) where commodity != 6 {
      commands.append(setRates(.platform, 0, .commodity(CommodityID(commodity)), &draw))
    }
    commands.append(setRates(.platform, 0, .instrument(InstrumentID(1)), &draw))
    for _ in 0..<6 {
      let isFund = draw.chance(50)
      let listing = draw.pick(traded)
      let commodity = listings[Int(listing)].commodity
      commands.append(
        setRates(
          isFund ? .fundAccount : .operationAccount,
          UInt32(draw.below(isFund ? funds.count : accounts.count)),
          draw.chance(50)
            ? .commodity(CommodityID(commodity)) : .instrument(InstrumentID(listing)), &draw))
    }
    return commands
  }

  private static func balances(_ draw: inout SplitMix) -> [Command] {
    var commands: [Command] = []
    for index in accounts.indices where !draw.chance(4) {
      let yuan = draw.pick([600_000, 20_000_000, 200_000_000, 200_000_000])
      commands.append(
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .operationAccount, holderID: UInt32(index),
            allowedLoss: Money(yuan: Int64(yuan)), notToLose: Money(yuan: 500_000))))
    }
    for index in funds.indices {
      let yuan = draw.pick([4_000_000, 100_000_000, 200_000_000])
      commands.append(
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .fundAccount, holderID: UInt32(index),
            allowedLoss: Money(yuan: Int64(yuan)), notToLose: .zero)))
    }
    return commands
  }

  /// Lots from before the first day, the same on both sides of a product.
  private static func openingPositions(_ draw: inout SplitMix) -> [Command] {
    var commands: [Command] = []
    for (account, fund) in [(0, 0), (3, 2), (5, 5)] where draw.chance(60) {
      let instrument = Int(draw.pick(traded))
      let listing = listings[instrument]
      let lots = Lots(draw.within(1...4)) * 5
      let side: PositionSide = draw.chance(50) ? .long : .short
      for (kind, id) in [(HolderKind.operationAccount, account), (.fundAccount, fund)] {
        commands.append(
          .setOpeningPosition(
            SetOpeningPosition(
              holderKind: kind, holderID: UInt32(id), instrument: InstrumentID(UInt32(instrument)),
              side: side, hedge: .speculation, lots: lots,
              openPrice: Price(units: listing.price - 3 * listing.tick),
              markPrice: Price(units: listing.price), openDay: TradingDay(yyyymmdd: 20_261_119)!)))
      }
    }
    return commands
  }
}
