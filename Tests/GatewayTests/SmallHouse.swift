import Domain
import Engine
import Ledger
import Messages

/// A house that is small enough to follow by hand: a counter or two, one product with two fund
/// accounts in priority order, two operation accounts, three instruments of SHFE and one of DCE.
enum SmallHouse {
  static let day = TradingDay(yyyymmdd: 20_261_123)!
  /// A Monday morning in continuous trading.
  static let start = Timestamp(date: day.date, secondOfDay: 10 * 3600)
  static let capacities = LedgerCapacities(
    operationAccounts: 8, fundAccounts: 4, products: 2, counters: 2, instruments: 8,
    commodities: 4, tradingHours: 2, orders: 4_096, children: 8_192, positions: 64,
    figures: 64, lots: 256, limitRows: 64, rateOwners: 8, rates: 64, rateWindow: 64,
    accessRows: 16, schemes: 4, schemeInstruments: 64)

  static let alice = OperationAccountID(0)
  static let bob = OperationAccountID(1)
  static let first = FundAccountID(0)
  static let second = FundAccountID(1)
  static let rb = InstrumentID(0)

  static let accountNames = ["alice", "bob"]
  static let fundAccountNames = ["fund-1", "fund-2"]
  static let instrumentCodes = ["rb2701", "rb2705", "hc2701", "m2701"]
  /// What `SetCredential` brings; nobody checks it here.
  static let hash = FixedText<128>("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")!

  /// From nothing to an open day with prices; the links are not up yet.
  static var genesis: [Command] { genesis(counters: ["north"]) }

  /// With two counters, each has one of the fund accounts.
  static func genesis(counters: [String]) -> [Command] {
    var commands: [Command] = [.engineSettings(EngineSettings(shard: 3, seed: 7))]
    commands += market + house(counters) + money
    commands.append(.daySwitch(DaySwitch(tradingDay: day, nightDate: 20_261_120)))
    for index in instrumentCodes.indices {
      commands.append(
        .dayReference(
          DayReference(
            instrument: InstrumentID(UInt32(index)), preSettlement: price(3_500),
            preClose: price(3_500), upperLimit: price(3_800), lowerLimit: price(3_200),
            openInterest: 0)))
    }
    return commands
  }

  private static var market: [Command] {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 9 * 3600, endSecond: 15 * 3600)
    var commands: [Command] = [
      .defineTradingHours(
        DefineTradingHours(name: Name("day")!, count: 1, intervals: intervals))
    ]
    for (code, exchange) in [("rb", Exchange.shfe), ("hc", .shfe), ("m", .dce)] {
      commands.append(
        .defineCommodity(
          DefineCommodity(
            code: CommodityCode(code)!, exchange: exchange, hours: TradingHoursID(0),
            deliveryMultiple: 1)))
    }
    for (index, code) in instrumentCodes.enumerated() {
      commands.append(
        .defineInstrument(
          DefineInstrument(
            code: InstrumentCode(code)!, commodity: CommodityID([0, 0, 1, 2][index]),
            deliveryYear: 2027, deliveryMonth: index == 1 ? 5 : 1,
            lastTradingDay: TradingDay(yyyymmdd: 20_270_115)!, multiplier: 10, tick: price(1),
            minimumLimitLots: 1, maximumLimitLots: 500, minimumMarketLots: 1,
            maximumMarketLots: 30)))
    }
    return commands
  }

  private static func house(_ counters: [String]) -> [Command] {
    var commands: [Command] = counters.map { .defineCounter(DefineCounter(name: Name($0)!)) }
    commands.append(
      .defineProduct(DefineProduct(name: Name("product-1")!, mode: .priority)))
    for (index, name) in fundAccountNames.enumerated() {
      commands.append(
        .defineFundAccount(
          DefineFundAccount(
            name: Name(name)!, product: ProductID(0),
            counter: CounterID(UInt32(min(index, counters.count - 1))))))
    }
    for (index, name) in accountNames.enumerated() {
      let id = OperationAccountID(UInt32(index))
      commands.append(
        .defineOperationAccount(
          DefineOperationAccount(name: Name(name)!, product: ProductID(0))))
      commands.append(.setCredential(SetCredential(account: id, hash: hash)))
      commands.append(
        .setAccount(SetAccount(account: id, setting: .enabled, value: 1)))
      commands.append(
        .setAccount(SetAccount(account: id, setting: .openPermission, value: 1)))
      commands.append(.setAccount(SetAccount(account: id, setting: .sessions, value: 2)))
    }
    commands.append(
      .setFundAccount(SetFundAccount(fundAccount: first, setting: .priority, value: 2)))
    commands.append(
      .setFundAccount(SetFundAccount(fundAccount: second, setting: .priority, value: 1)))
    return commands
  }

  private static var money: [Command] {
    let margin = TwoPartRate(byValue: Rate(units: 10_000_000))
    let fee = TwoPartRate(byLot: Money(yuan: 3))
    var commands: [Command] = (0..<3).map { commodity in
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(commodity)),
          rates: RateSet(
            marginLong: margin, marginShort: margin, feeOpen: fee, feeClose: fee,
            feeCloseToday: fee)))
    }
    for id in UInt32(0)..<2 {
      for kind in [HolderKind.operationAccount, .fundAccount] {
        commands.append(
          .setOpeningBalance(
            SetOpeningBalance(
              holderKind: kind, holderID: id, allowedLoss: Money(yuan: 1_000_000),
              notToLose: .zero)))
      }
    }
    return commands
  }

  /// Both fund accounts linked, resynced and ready.
  static var linksUp: [Command] {
    [first, second].flatMap { fund -> [Command] in
      [
        .counterLinkUp(CounterLinkUp(fundAccount: fund, epoch: 1, lastCounterSequence: 0)),
        .counterResynced(CounterResynced(fundAccount: fund, epoch: 1)),
      ]
    }
  }

  static func price(_ yuan: Int64) -> Price { Price(units: yuan * Price.unitsPerYuan) }

  static func order(
    _ id: String, account: OperationAccountID = alice, instrument: InstrumentID = rb,
    side: Side = .buy, price: Int64 = 3_500, lots: Lots = 2
  ) -> Command {
    .newOrder(
      NewOrder(
        session: .none, account: account, instrument: instrument, clOrdID: ClOrdID(id)!,
        side: side, offset: .open, hedge: .speculation, type: .limit, timeInForce: .day,
        price: Self.price(price), lots: lots))
  }
}
