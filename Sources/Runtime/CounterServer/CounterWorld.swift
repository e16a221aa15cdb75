import Domain
import Exchange
import Messages

/// What a simulated counter has to know, taken from the commands that a gateway's journal begins
/// with: so both sides agree about instruments, rates, money and positions.
public struct CounterWorld: Sendable {
  /// By dense id of the gateway, which is also the exchange's.
  public private(set) var instruments: [ExchangeInstrument] = []
  /// Of this counter, in the order of the gateway's ids.
  public private(set) var accounts: [CounterAccountTerms] = []
  /// The gateway's fund accounts behind `accounts`.
  public private(set) var fundAccounts: [FundAccountID] = []

  private var commodities: [DefineCommodity] = []
  private var definitions: [DefineInstrument] = []
  private var fundAccountCount: UInt32 = 0
  private var commodityRates: [CommodityID: RateSet] = [:]
  private var instrumentRates: [InstrumentID: RateSet] = [:]
  /// Commodities whose exchange takes a declaration fee: 1 yuan an order and a cancel.
  private var declared: Set<CommodityID> = []

  /// - Parameters:
  ///   - commands: genesis commands, in order.
  ///   - references: the first day's prices; an instrument without one is listed at its tick.
  ///   - counter: which counter's fund accounts.
  ///   - users: what each fund account logs in as, by its id; missing = its name.
  public init(
    commands: [Command], references: [DayReference], counter: CounterID, users: [Name] = []
  ) {
    for command in commands { define(command, counter, users) }
    for command in commands { take(rates: command) }
    list(references)
    for command in commands { set(command) }
  }

  private mutating func define(_ command: Command, _ counter: CounterID, _ users: [Name]) {
    switch command {
    case .defineCommodity(let commodity): commodities.append(commodity)
    case .defineInstrument(let instrument): definitions.append(instrument)
    case .defineFundAccount(let account):
      let id = FundAccountID(fundAccountCount)
      fundAccountCount += 1
      guard account.counter == counter else { return }
      let user = id.index < users.count ? users[id.index] : account.name
      fundAccounts.append(id)
      accounts.append(CounterAccountTerms(name: user, openingEquity: .zero))
    default: break
    }
  }

  private mutating func take(rates command: Command) {
    if case .setDeclared(let set) = command {
      if set.declared { declared.insert(set.commodity) } else { declared.remove(set.commodity) }
    }
    guard case .setRates(let row) = command, row.ownerKind == .platform else { return }
    switch row.scope {
    case .commodity(let commodity): commodityRates[commodity] = row.rates
    case .instrument(let instrument): instrumentRates[instrument] = row.rates
    case .everything, .exchange: break
    }
  }

  private mutating func list(_ references: [DayReference]) {
    var prices: [InstrumentID: DayReference] = [:]
    for reference in references { prices[reference.instrument] = reference }
    for (place, definition) in definitions.enumerated() {
      let id = InstrumentID(UInt32(place))
      let commodity = commodities[definition.commodity.index]
      let price = prices[id]
      let takesMarket = definition.maximumMarketLots > 0
      instruments.append(
        ExchangeInstrument(
          code: definition.code, exchange: commodity.exchange, commodity: commodity.code,
          multiplier: Int64(definition.multiplier), tick: definition.tick.units,
          limitLots: definition.minimumLimitLots...definition.maximumLimitLots,
          marketLots: takesMarket
            ? definition.minimumMarketLots...definition.maximumMarketLots : nil,
          rates: instrumentRates[id] ?? commodityRates[definition.commodity] ?? RateSet(),
          priorSettlement: price?.preSettlement ?? definition.tick,
          limitUp: price?.upperLimit ?? .none, limitDown: price?.lowerLimit ?? .none,
          declarationFee: declared.contains(definition.commodity) ? Money(yuan: 1) : .zero,
          option: definition.option == .none
            ? nil
            : ExchangeInstrument.Option(
              definition.option, strike: definition.strike, underlying: definition.underlying)))
    }
  }

  private func place(_ fundAccount: UInt32) -> Int? {
    fundAccounts.firstIndex(of: FundAccountID(fundAccount))
  }

  private mutating func set(_ command: Command) {
    switch command {
    case .setOpeningBalance(let balance) where balance.holderKind == .fundAccount:
      guard let place = place(balance.holderID) else { return }
      accounts[place].openingEquity = balance.allowedLoss + balance.notToLose
    case .setOpeningPosition(let position) where position.holderKind == .fundAccount:
      guard let place = place(position.holderID) else { return }
      accounts[place].holdings.append(
        CounterAccountTerms.Holding(
          instrument: position.instrument, side: position.side, hedge: position.hedge,
          lots: position.lots, openPrice: position.openPrice, markPrice: position.markPrice))
    case .setTradingCode(let code):
      guard let place = place(code.fundAccount.raw), code.exchange != .unknown else { return }
      accounts[place].tradingCodes[code.exchange.index] = Name(code.code.string) ?? Name()
    case .counterRates(let row):
      guard let place = place(row.fundAccount.raw) else { return }
      for (index, definition) in definitions.enumerated() {
        let id = InstrumentID(UInt32(index))
        switch row.scope {
        case .instrument(id): accounts[place].rates[id] = row.rates
        case .commodity(definition.commodity) where accounts[place].rates[id] == nil:
          accounts[place].rates[id] = row.rates
        case .everything, .exchange, .commodity, .instrument: break
        }
      }
    default: break
    }
  }
}
