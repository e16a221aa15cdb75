import Domain
import Engine
import Ledger
import MarketData
import Messages

// The commands that make the world, and the fixture that is ready to trade.
extension World {
  /// Definitions, rates and balances: what stands before the first day.
  static var definitions: [Command] {
    var commands: [Command] = [
      .engineSettings(EngineSettings(shard: shard, seed: seed)),
      .defineTradingHours(hours("commodities", night: true)),
      .defineTradingHours(hours("index", night: false)),
    ]
    let commodities: [(String, Exchange, UInt32, Lots)] = [
      ("rb", .shfe, 0, 1), ("al", .shfe, 0, 5), ("i", .dce, 0, 1), ("m", .dce, 0, 1),
      ("IF", .cffex, 1, 1),
    ]
    for (code, exchange, hours, multiple) in commodities {
      commands.append(
        .defineCommodity(
          DefineCommodity(
            code: CommodityCode(code)!, exchange: exchange, hours: TradingHoursID(hours),
            deliveryMultiple: multiple)))
    }
    commands += listings.map { .defineInstrument(define($0)) }
    for name in ["north", "south"] {
      commands.append(.defineCounter(DefineCounter(name: Name(name)!)))
    }
    for (name, mode) in [
      ("alpha", RoutingMode.priority), ("beta", .ratio), ("gamma", .netPosition),
    ] {
      commands.append(.defineProduct(DefineProduct(name: Name(name)!, mode: mode)))
    }
    commands += fundAccounts + operationAccounts
    for commodity in [rb, al, ironOre, meal, indexFuture] {
      commands.append(
        .setRates(
          SetRates(
            ownerKind: .platform, ownerID: 0, scope: .commodity(commodity),
            rates: rates(commodity))))
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
      code: InstrumentCode(listing.code)!, commodity: listing.commodity,
      deliveryYear: listing.year, deliveryMonth: listing.month, lastTradingDay: .none,
      multiplier: listing.multiplier, tick: Price(units: listing.tick), minimumLimitLots: 1,
      maximumLimitLots: 500, minimumMarketLots: listing.maximumMarketLots == 0 ? 0 : 1,
      maximumMarketLots: listing.maximumMarketLots)
  }

  private static var fundAccounts: [Command] {
    let accounts: [(String, ProductID, UInt32, Int64)] = [
      ("north1", alpha, 0, 2), ("south1", alpha, 1, 1), ("north2", beta, 0, 0),
      ("south2", beta, 1, 0), ("south3", beta, 1, 0), ("north3", gamma, 0, 0),
    ]
    var commands: [Command] = []
    for (index, (name, product, counter, priority)) in accounts.enumerated() {
      commands.append(
        .defineFundAccount(
          DefineFundAccount(name: Name(name)!, product: product, counter: CounterID(counter))))
      commands.append(
        .setFundAccount(
          SetFundAccount(
            fundAccount: FundAccountID(UInt32(index)), setting: .priority, value: priority)))
      commands.append(
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .fundAccount, holderID: UInt32(index), allowedLoss: fundBalance,
            notToLose: .zero)))
    }
    return commands
  }

  private static var operationAccounts: [Command] {
    var commands: [Command] = []
    for (index, (name, product)) in [
      ("anna", alpha), ("amir", alpha), ("bela", beta), ("boris", beta), ("cara", gamma),
      ("chen", gamma),
    ].enumerated() {
      commands.append(
        .defineOperationAccount(DefineOperationAccount(name: Name(name)!, product: product)))
      commands.append(
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: .operationAccount, holderID: UInt32(index), allowedLoss: accountBalance,
            notToLose: .zero)))
    }
    return commands
  }
}

extension EngineFixture {
  /// The world on Monday morning: links up, prices there, nobody holds anything.
  static func trading(
    before first: [Command] = [], capacities: LedgerCapacities = World.capacities
  ) -> EngineFixture {
    let fixture = EngineFixture(capacities: capacities)
    for command in World.definitions { fixture.step(command) }
    for command in first { fixture.step(command) }
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    fixture.linkAll()
    return fixture
  }

  /// Steps the day switch to its end and brings the prices the day starts from.
  @discardableResult func beginDay(
    _ day: TradingDay, nightDate: UInt32, at time: Timestamp, bringsPrices: Bool = true
  ) -> [Effect] {
    var effects = step(.daySwitch(DaySwitch(tradingDay: day, nightDate: nightDate)), at: time)
    for slice in drain() { effects += slice }
    guard bringsPrices else { return effects }
    for (index, listing) in World.listings.enumerated() {
      let instrument = InstrumentID(UInt32(index))
      let known = engine.market.instrument(instrument).pointee.preSettlement
      reference(instrument, known.isNone ? World.yuan(listing.price) : known)
    }
    return effects
  }

  /// The day's reference prices of an instrument: limits 10 % around the prior settlement.
  @discardableResult func reference(_ instrument: InstrumentID, _ price: Price) -> [Effect] {
    let tick = World.listings[instrument.index].tick
    let width = price.units / 10 / tick * tick
    return step(
      .dayReference(
        DayReference(
          instrument: instrument, preSettlement: price, preClose: price,
          upperLimit: Price(units: price.units / tick * tick + width),
          lowerLimit: Price(units: price.units / tick * tick - width), openInterest: 0)))
  }

  func linkAll() {
    for index in 0..<World.fundAccountCount { link(FundAccountID(UInt32(index))) }
  }

  /// A last price, as a tick brings it.
  @discardableResult func tick(_ instrument: InstrumentID, _ last: Price) -> [Effect] {
    step(
      .tick(
        Tick(
          instrument: instrument, last: last, bid: .none, bidLots: 0, ask: .none, askLots: 0,
          upperLimit: .none, lowerLimit: .none, preSettlement: .none, volume: 0, openInterest: 0,
          exchangeTime: time)))
  }
}
