import Domain
import Messages

/// Writes the commands of a genesis: definitions first, then settings, then money and positions.
struct GenesisCompiler {
  let configuration: Configuration
  let input: Genesis.Input
  let listing: Listing
  private(set) var commands: [Command] = []
  private(set) var faults: [ConfigFault]

  init(_ configuration: Configuration, _ input: Genesis.Input) {
    self.configuration = configuration
    self.input = input
    listing = Listing(configuration, on: input.tradingDay)
    faults = listing.faults
  }

  mutating func run() {
    let calendar = configuration.calendar
    if calendar.isTradingDay(input.tradingDay.date) != true {
      let date = DateText.written(input.tradingDay.date)
      report(.inconsistent, in: CalendarReader.file, "\(date) is no trading day")
    }
    let room = configuration.gateway.capacities.instruments
    if listing.instruments.count > room {
      report(
        .inconsistent, in: GatewayReader.file,
        "capacities.instruments: \(listing.instruments.count) are listed, there is room for \(room)"
      )
    }
    define()
    setPlatform()
    setSchemes()
    setRateSettings()
    setBudgets()
    for place in configuration.products.indices { setProduct(place) }
    for place in configuration.fundAccounts.indices { setFundAccount(place) }
    for place in configuration.operationAccounts.indices { setOperationAccount(place) }
    setControllers()
    checkConservation()
  }

  mutating func append(_ command: Command) { commands.append(command) }
  mutating func append(_ fault: ConfigFault) { faults.append(fault) }

  mutating func report(_ kind: ConfigFault.Kind, in file: String, _ message: String) {
    let place = SourcePosition(whole: configuration.label(of: file))
    faults.append(ConfigFault(kind, at: place, message))
  }

  // MARK: Definitions

  private mutating func define() {
    let platform = configuration.gateway.platform
    append(
      .engineSettings(
        EngineSettings(shard: platform.shard, seed: input.seed)))
    for table in configuration.tradingHours { defineTradingHours(table) }
    for commodity in configuration.commodities {
      append(
        .defineCommodity(
          DefineCommodity(
            code: fixed(commodity.code), exchange: commodity.exchange,
            hours: TradingHoursID(UInt32(commodity.hours)),
            deliveryMultiple: commodity.deliveryMultiple)))
    }
    for (place, instrument) in listing.instruments.enumerated() {
      defineInstrument(place, instrument)
    }
    for counter in configuration.counters {
      append(.defineCounter(DefineCounter(name: fixed(counter.name))))
    }
    for product in configuration.products {
      append(.defineProduct(DefineProduct(name: fixed(product.name), mode: product.mode)))
    }
    for account in configuration.fundAccounts {
      append(
        .defineFundAccount(
          DefineFundAccount(
            name: fixed(account.name), product: productID(account.product),
            counter: CounterID(UInt32(account.counter)))))
    }
    for template in configuration.rates.templates {
      append(
        .defineTemplate(DefineTemplate(name: fixed(template.name), kind: template.kind)))
    }
    for account in configuration.operationAccounts {
      append(
        .defineOperationAccount(
          DefineOperationAccount(
            name: fixed(account.name), product: productID(account.product))))
    }
  }

  private mutating func defineTradingHours(_ table: TradingHoursTable) {
    let unused = TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0)
    var intervals = InlineArray<8, TradingInterval>(repeating: unused)
    for (index, interval) in table.intervals.enumerated() { intervals[index] = interval }
    append(
      .defineTradingHours(
        DefineTradingHours(
          name: fixed(table.name), count: UInt8(table.intervals.count), intervals: intervals)))
  }

  private mutating func defineInstrument(_ place: Int, _ instrument: ListedInstrument) {
    let commodity = configuration.commodities[instrument.commodity]
    let override = configuration.instruments.overrides.last {
      listing.place(of: $0.instrument.value, configuration.calendar) == place
    }
    let limit = override.flatMap { $0.limitLots(commodity) } ?? commodity.limitLots
    var market = commodity.marketLots
    switch override?.marketLots(commodity) {
    case .range(let range): market = range
    case InstrumentSelection.Override.MarketLots.none?: market = nil
    case .broken, nil: break
    }
    guard let lastDay = TradingDay(yyyymmdd: instrument.lastTradingDay.yyyymmdd) else {
      report(
        .outOfRange, in: InstrumentReader.file,
        "\(instrument.code): its last trading day lies beyond 2062")
      return
    }
    append(
      .defineInstrument(
        DefineInstrument(
          code: fixed(instrument.code), commodity: CommodityID(UInt32(instrument.commodity)),
          deliveryYear: UInt16(instrument.month.year), deliveryMonth: UInt8(instrument.month.month),
          lastTradingDay: lastDay, multiplier: commodity.multiplier, tick: commodity.tick,
          minimumLimitLots: limit.lowerBound, maximumLimitLots: limit.upperBound,
          minimumMarketLots: market?.lowerBound ?? 0, maximumMarketLots: market?.upperBound ?? 0,
          option: instrument.option?.option ?? .none, strike: instrument.option?.strike ?? .none,
          underlying: instrument.option.map { InstrumentID(UInt32($0.underlying)) } ?? .none)))
  }

  private mutating func setPlatform() {
    let platform = configuration.gateway.platform
    let settings: [(PlatformSetting, Int64)] = [
      (.lockoutFailures, platform.lockoutFailures),
      (.lockoutWindowSeconds, platform.lockoutWindowSeconds),
      (.lockoutSeconds, platform.lockoutSeconds),
      (.ordersPerAccountDay, platform.ordersPerAccountDay),
      (.clockForwardSeconds, platform.clockForwardSeconds),
      (.childAnswerSeconds, platform.childAnswerSeconds),
    ]
    for (setting, value) in settings {
      append(.setPlatform(SetPlatform(setting: setting, value: value)))
    }
    setEverybody()
    setRisk()
    for (place, commodity) in configuration.commodities.enumerated() {
      setRates(.platform, 0, .commodity(CommodityID(UInt32(place))), commodity.rates)
    }
    for override in configuration.instruments.overrides where !override.rates.isEmpty {
      let reference = override.instrument.value
      guard let place = listing.place(of: reference, configuration.calendar) else { continue }
      let base = configuration.commodities[reference.commodity].rates
      setRates(
        .platform, 0, .instrument(InstrumentID(UInt32(place))), override.rates.completed(with: base)
      )
    }
  }

  // MARK: Parts

  mutating func setRates(
    _ owner: RateOwnerKind, _ id: UInt32, _ scope: Scope, _ rates: RateSet
  ) {
    append(.setRates(SetRates(ownerKind: owner, ownerID: id, scope: scope, rates: rates)))
  }

  mutating func setOpening(_ kind: HolderKind, _ id: UInt32, _ opening: OpeningState) {
    if opening.allowedLoss != .zero || opening.notToLose != .zero {
      append(
        .setOpeningBalance(
          SetOpeningBalance(
            holderKind: kind, holderID: id, allowedLoss: opening.allowedLoss,
            notToLose: opening.notToLose)))
    }
    for position in opening.positions {
      guard let instrument = instrument(position.instrument) else { continue }
      let day =
        position.openDay.flatMap { TradingDay(yyyymmdd: $0.yyyymmdd) }
        ?? configuration.calendar.tradingDay(before: input.tradingDay.date) ?? .none
      if !day.isNone, day >= input.tradingDay {
        append(
          position.instrument.fault(
            .inconsistent, "opened on a day that is not before the first trading day"))
      }
      append(
        .setOpeningPosition(
          SetOpeningPosition(
            holderKind: kind, holderID: id, instrument: instrument, side: position.side,
            hedge: position.hedge, lots: position.lots, openPrice: position.openPrice,
            markPrice: position.markPrice, openDay: day)))
    }
  }

  /// A row's scope in dense ids; nil, and reported, when its instrument is not listed.
  mutating func scope(_ written: Positioned<ConfigScope>) -> Scope? {
    switch written.value {
    case .exchange(let exchange): return .exchange(exchange)
    case .commodity(let place): return .commodity(CommodityID(UInt32(place)))
    case .instrument(let reference):
      let positioned = Positioned(reference, at: written.position, keyPath: written.keyPath)
      return instrument(positioned).map { .instrument($0) }
    }
  }

  mutating func instrument(_ written: Positioned<InstrumentReference>) -> InstrumentID? {
    if let place = listing.place(of: written.value, configuration.calendar) {
      return InstrumentID(UInt32(place))
    }
    append(written.fault(.danglingReference, listing.notListed(written.value)))
    return nil
  }

  func productID(_ place: Int?) -> ProductID {
    place.map { ProductID(UInt32($0)) } ?? .none
  }

  /// Texts whose length the readers have checked.
  func fixed<let capacity: Int>(_ text: String) -> FixedText<capacity> {
    guard let fixed = FixedText<capacity>(text) else {
      preconditionFailure("the reader takes no text that is too long for its place")
    }
    return fixed
  }
}
