import Domain
import Exchange
import Ledger
import Messages

/// The house of every run: a product in each mode, its fund accounts at three counters, limits that
/// bite.
///
/// | product | mode | fund accounts (counter) | operation accounts |
/// | --- | --- | --- | --- |
/// | 0 | priority | 0 (0), 1 (1) | 0, 1 |
/// | 1 | ratio | 2 (1), 3 (2) | 2, 3 |
/// | 2 | net position | 4 (2), 5 (0) | 4 |
enum SimulatedHouse {
  struct Listing {
    var code: String
    var commodity: Int
    var multiplier: Int32
    /// Price step and prior settlement, in 1e-4 yuan.
    var tick: Int64
    var price: Int64
    /// 0 = no market orders.
    var marketLots: Lots
    /// Of an option.
    var option: ExchangeInstrument.Option?
  }

  static let days = [20_261_123, 20_261_124, 20_261_125, 20_261_126]
    .map { TradingDay(yyyymmdd: $0)! }
  static let shard: UInt8 = 9
  static let commodities: [(code: String, exchange: Exchange)] = [
    ("rb", .shfe), ("m", .dce), ("rb_o", .shfe), ("m_o", .dce),
  ]
  static let listings = [
    Listing(
      code: "rb2701", commodity: 0, multiplier: 10, tick: 10_000, price: 35_000_000, marketLots: 0),
    Listing(
      code: "rb2705", commodity: 0, multiplier: 10, tick: 10_000, price: 36_000_000, marketLots: 0),
    Listing(
      code: "m2701", commodity: 1, multiplier: 10, tick: 10_000, price: 30_000_000, marketLots: 30),
    // In the money, and a little out of it.
    Listing(
      code: "rb2701C3100", commodity: 2, multiplier: 10, tick: 5_000, price: 4_500_000,
      marketLots: 0,
      option: ExchangeInstrument.Option(
        .call, strike: Price(units: 31_000_000), underlying: InstrumentID(0))),
    Listing(
      code: "m2701-P-2900", commodity: 3, multiplier: 10, tick: 5_000, price: 3_200_000,
      marketLots: 20,
      option: ExchangeInstrument.Option(
        .put, strike: Price(units: 29_000_000), underlying: InstrumentID(2))),
  ]
  static let modes: [RoutingMode] = [.priority, .ratio, .netPosition]
  static let fundProducts = [0, 0, 1, 1, 2, 2]
  static let fundCounters = [0, 1, 1, 2, 2, 0]
  static let counterCount = 3
  static let accountProducts = [0, 0, 1, 1, 2]
  /// Whose terminal each seat is.
  static let seatAccounts = [0, 0, 1, 2, 3, 4, 4]

  static let password = FixedText<128>("open sesame")!
  static let credential = FixedText<128>("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")!
  static let accountNames = accountProducts.indices.map { Name("account-\($0)")! }
  static let fundNames = fundProducts.indices.map { Name("fund-\($0)")! }

  static let capacities = LedgerCapacities(
    operationAccounts: 8, fundAccounts: 6, products: 3, counters: 3, instruments: 6,
    commodities: 4, tradingHours: 1, orders: 1_024, children: 2_048, positions: 128, figures: 64,
    lots: 512, limitRows: 32, rateOwners: 16, rates: 48, rateWindow: 64, accessRows: 4,
    rateProfiles: 12, templates: 4, schemes: 4, schemeInstruments: 64,
    budgetRecords: 56, budgetTrades: 2_048)

  // MARK: Genesis

  /// From nothing to an open day with prices; the links are not up yet.
  static func genesis(seed: UInt64) -> [Command] {
    var commands: [Command] = [.engineSettings(EngineSettings(shard: shard, seed: seed))]
    commands += market + holders + rates + rateWays + limits + lines + balances + controllers
    commands += schemes + budgets
    commands.append(.daySwitch(DaySwitch(tradingDay: days[0], nightDate: 20_261_120)))
    for (index, listing) in listings.enumerated() {
      commands.append(
        .dayReference(
          DayReference(
            instrument: InstrumentID(UInt32(index)), preSettlement: Price(units: listing.price),
            preClose: Price(units: listing.price), upperLimit: upperLimit(listing.price),
            lowerLimit: lowerLimit(listing.price), openInterest: 0)))
    }
    return commands
  }

  static func upperLimit(_ price: Int64) -> Price { Price(units: price + 300 * 10_000) }
  static func lowerLimit(_ price: Int64) -> Price { Price(units: price - 300 * 10_000) }

  private static var market: [Command] {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 9 * 3600, endSecond: 11 * 3600)
    var commands: [Command] = [
      .defineTradingHours(
        DefineTradingHours(name: Name("day")!, count: 1, intervals: intervals))
    ]
    commands += commodities.map { commodity in
      .defineCommodity(
        DefineCommodity(
          code: CommodityCode(commodity.code)!, exchange: commodity.exchange,
          hours: TradingHoursID(0), deliveryMultiple: 1))
    }
    commands += listings.map { listing in
      .defineInstrument(
        DefineInstrument(
          code: InstrumentCode(listing.code)!, commodity: CommodityID(UInt32(listing.commodity)),
          deliveryYear: 2027, deliveryMonth: 1, lastTradingDay: .none,
          multiplier: listing.multiplier, tick: Price(units: listing.tick), minimumLimitLots: 1,
          maximumLimitLots: 500, minimumMarketLots: listing.marketLots == 0 ? 0 : 1,
          maximumMarketLots: listing.marketLots, option: listing.option?.option ?? .none,
          strike: listing.option?.strike ?? .none,
          underlying: listing.option?.underlying ?? .none))
    }
    return commands
  }

  private static var holders: [Command] {
    var commands: [Command] = (0..<counterCount).map {
      .defineCounter(DefineCounter(name: Name("counter-\($0)")!))
    }
    for (index, mode) in modes.enumerated() {
      commands.append(.defineProduct(DefineProduct(name: Name("product-\(index)")!, mode: mode)))
      commands.append(
        .setProduct(
          SetProduct(product: ProductID(UInt32(index)), setting: .retryRejectedChild, value: 1)))
    }
    for (index, product) in fundProducts.enumerated() {
      commands.append(
        .defineFundAccount(
          DefineFundAccount(
            name: fundNames[index], product: ProductID(UInt32(product)),
            counter: CounterID(UInt32(fundCounters[index])))))
      commands.append(set(fund: index, .priority, Int64(fundProducts.count - index)))
    }
    for (index, product) in accountProducts.enumerated() {
      commands.append(
        .defineOperationAccount(
          DefineOperationAccount(
            name: accountNames[index], product: ProductID(UInt32(product)))))
      commands.append(
        .setCredential(
          SetCredential(account: OperationAccountID(UInt32(index)), hash: credential)))
      for (setting, value) in [
        (AccountSetting.enabled, Int64(1)), (.openPermission, 1), (.sessions, 6),
      ] {
        commands.append(set(account: index, setting, value))
      }
    }
    return commands
  }

  static func set(account: Int, _ setting: AccountSetting, _ value: Int64) -> Command {
    .setAccount(
      SetAccount(account: OperationAccountID(UInt32(account)), setting: setting, value: value))
  }

  static func set(fund: Int, _ setting: FundAccountSetting, _ value: Int64) -> Command {
    .setFundAccount(
      SetFundAccount(fundAccount: FundAccountID(UInt32(fund)), setting: setting, value: value))
  }

  // MARK: Money

  static let rateSet = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 9_000_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 11_000_000)),
    feeOpen: TwoPartRate(byValue: Rate(units: 10_100)),
    feeClose: TwoPartRate(byLot: Money(yuan: 3)),
    feeCloseToday: TwoPartRate(byValue: Rate(units: 5_100), byLot: Money(yuan: 1)))
  /// Of an account whose rates a controller has changed.
  static let dearRates = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 12_500_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 12_500_000)),
    feeOpen: TwoPartRate(byValue: Rate(units: 20_300)),
    feeClose: TwoPartRate(byLot: Money(yuan: 4)),
    feeCloseToday: TwoPartRate(byLot: Money(yuan: 5)))
  static let equity = Money(yuan: 20_000_000)

  private static var rates: [Command] {
    commodities.indices.map { commodity in
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(UInt32(commodity))),
          rates: rateSet))
    }
  }

  private static var balances: [Command] {
    let holders =
      accountProducts.indices.map { (HolderKind.operationAccount, $0) }
      + fundProducts.indices.map { (HolderKind.fundAccount, $0) }
    return holders.map { kind, index in
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: kind, holderID: UInt32(index), allowedLoss: equity, notToLose: .zero))
    }
  }

  // MARK: Limits

  /// Lots an account may hold and work to open, by account.
  static let positionCaps: [(account: Int, lots: Int64)] = [(0, 24), (2, 18), (4, 30)]
  /// The same in a commodity.
  static let commodityCaps: [(account: Int, commodity: Int, lots: Int64)] = [
    (1, 0, 16), (3, 1, 10),
  ]
  static let openOrders: [(account: Int, count: Int64)] = [(1, 6)]
  /// Long, short and all lots of a fund account in a commodity.
  static let fundCaps: [(fund: Int, commodity: Int, side: Int64, total: Int64)] = [(0, 0, 14, 20)]
  static let answerSeconds: Int64 = 3

  private static var limits: [Command] {
    var commands: [Command] = [
      .setPlatform(SetPlatform(setting: .childAnswerSeconds, value: answerSeconds)),
      .setPlatform(SetPlatform(setting: .clockForwardSeconds, value: 1)),
    ]
    for (account, lots) in positionCaps {
      commands.append(set(account: account, .positionCap, lots))
    }
    for (account, count) in openOrders {
      commands.append(set(account: account, .openOrders, count))
    }
    for cap in commodityCaps {
      commands.append(
        .setPositionLimit(
          SetPositionLimit(
            account: OperationAccountID(UInt32(cap.account)),
            scope: .commodity(CommodityID(UInt32(cap.commodity))), hedge: .unknown, lots: cap.lots,
            margin: .none)))
    }
    for cap in fundCaps {
      commands.append(
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: FundAccountID(UInt32(cap.fund)),
            scope: .commodity(CommodityID(UInt32(cap.commodity))), hedge: .unknown, long: cap.side,
            short: cap.side, total: cap.total)))
    }
    commands += fundLimits
    // Of one legal owner at one exchange: no order of theirs may cross another.
    for fund in [2, 3] {
      commands.append(
        .setTradingCode(
          SetTradingCode(
            fundAccount: FundAccountID(UInt32(fund)), exchange: .dce, code: FixedText("one")!)))
    }
    commands.append(set(account: 3, .cancelOnDisconnect, 1))
    commands.append(set(account: 3, .disconnectGraceSeconds, 4))
    return commands
  }

  /// What fund accounts limit beyond positions, a product that locks, and one whose only account
  /// gets the trades that nobody sent.
  private static var fundLimits: [Command] {
    [
      .setFundOpenVolume(
        SetFundOpenVolume(
          fundAccount: FundAccountID(1), scope: .commodity(CommodityID(0)), lots: 60)),
      .setFundQuota(
        SetFundQuota(
          fundAccount: FundAccountID(2), exchange: .dce, cancels: 25, lots: 80, cancelReserve: 2,
          lotsReserve: 0)),
      set(fund: 0, .messageQuota, messageQuotas[0]!),
      set(fund: 3, .messageQuota, messageQuotas[3]!),
      set(fund: 3, .messageReserve, 1), set(fund: 4, .orderRateCount, 12),
      set(fund: 4, .orderRateWindowMilliseconds, 2_000),
      .setFundTradable(
        SetFundTradable(
          fundAccount: FundAccountID(5), session: .day, scope: .commodity(CommodityID(1)),
          listed: true)),
      .setFundPriority(
        SetFundPriority(
          fundAccount: FundAccountID(1), scope: .commodity(CommodityID(1)), open: 99, close: .min,
          closeToday: 99)),
      .setProduct(SetProduct(product: ProductID(1), setting: .lockMode, value: 2)),
      .setProduct(SetProduct(product: ProductID(2), setting: .autoMapping, value: 1)),
    ]
  }

  /// Messages a second to counters, by fund account; none else has a quota.
  static let messageQuotas: [Int: Int64] = [0: 12, 3: 4]

  // MARK: Counters

  /// Fund accounts of a counter, in the order the counter numbers them.
  static func funds(of counter: Int) -> [Int] {
    fundCounters.indices.filter { fundCounters[$0] == counter }
  }

  static func exchange(_ counter: Int, faults: FaultPlan) -> SimulatedExchange {
    let instruments = listings.map { listing in
      ExchangeInstrument(
        code: InstrumentCode(listing.code)!, exchange: commodities[listing.commodity].exchange,
        commodity: CommodityCode(commodities[listing.commodity].code)!,
        multiplier: Int64(listing.multiplier), tick: listing.tick, limitLots: 1...500,
        marketLots: listing.marketLots == 0 ? nil : 1...listing.marketLots, rates: rateSet,
        priorSettlement: Price(units: listing.price), limitUp: upperLimit(listing.price),
        limitDown: lowerLimit(listing.price),
        declarationFee: listing.commodity == declaredCommodity ? Money(yuan: 1) : .zero,
        option: listing.option)
    }
    return SimulatedExchange(
      day: days[0], instruments: instruments,
      accounts: funds(of: counter).map {
        // What leaves within a second may arrive in half of one: disks and networks hold it up. At
        // the gateway's own clock `Witness` and the twin count exactly.
        CounterAccountTerms(
          name: fundNames[$0], openingEquity: equity,
          messagesPerSecond: UInt32(2 * (messageQuotas[$0] ?? 0)))
      }, faults: faults)
  }
}
