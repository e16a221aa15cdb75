import Domain
import Ledger
import MarketData
import Messages

// Definitions and settings: at genesis, and live. Each is taken whole or refused with a reason;
// an object gets the next dense id of its kind.
extension Engine {
  /// The commands that no trading depends on for speed.
  mutating func configure(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .engineSettings(let settings): engineSettings(settings, &effects)
    case .defineTradingHours(let define): defineTradingHours(define, &effects)
    case .defineCommodity(let define): defineCommodity(define, &effects)
    case .defineInstrument(let define): defineInstrument(define, &effects)
    case .defineCounter(let define): defineCounter(define, &effects)
    case .defineProduct(let define): defineProduct(define, &effects)
    case .defineFundAccount(let define): defineFundAccount(define, &effects)
    case .defineOperationAccount(let define): defineOperationAccount(define, &effects)
    case .setPlatform(let set): setPlatform(set, &effects)
    case .setAccount(let set): setAccount(set, &effects)
    case .setProduct(let set): setProduct(set, &effects)
    case .setFundAccount(let set): setFundAccount(set, &effects)
    case .setCredential(let set): setCredential(set, &effects)
    case .allowAddress(let allow): allowAddress(allow, &effects)
    case .allowMAC(let allow): allowMAC(allow, &effects)
    case .moveCash(let move): moveCash(move, &effects)
    case .setOpeningBalance(let set): setOpeningBalance(set, &effects)
    case .setOpeningPosition(let set): setOpeningPosition(set, &effects)
    case .setRates(let set): setRates(set, &effects)
    case .forceLiquidate(let force): forceLiquidate(force, &effects)
    case .stopLiquidation(let stop): stopLiquidation(stop, &effects)
    default: configureLimits(command, &effects)
    }
  }

  /// A command that was not taken; nothing changed.
  func refuse(
    _ effects: inout EffectBuffer, _ rule: RuleID = .badCommand, observed: Int64 = 0,
    limit: Int64 = 0, unit: Unit = .none, scope: ScopeKind = .none, scopeID: UInt32 = .max
  ) {
    effects.append(
      .commandRefused(
        CommandRefused(
          refusal: Refusal(
            rule, observed: observed, limit: limit, unit: unit, scope: scope, scopeID: scopeID))))
  }

  func defined(_ kind: ObjectKind, _ id: UInt32, _ effects: inout EffectBuffer) {
    effects.append(.defined(Defined(kind: kind, id: id)))
  }

  // MARK: Definitions

  private mutating func engineSettings(
    _ settings: EngineSettings, _ effects: inout EffectBuffer
  ) {
    guard !hasSettings, settings.shard < 64 else {
      refuse(&effects, observed: Int64(settings.shard), limit: 63)
      return
    }
    hasSettings = true
    shard = settings.shard
    seed = settings.seed
  }

  private mutating func defineTradingHours(
    _ define: DefineTradingHours, _ effects: inout EffectBuffer
  ) {
    let name = define.name.string
    guard !name.isEmpty, directory.tradingHours.id(name) == nil,
      let id = market.defineTradingHours(
        count: Int(define.count), intervals: define.intervals)
    else {
      refuse(&effects, observed: Int64(define.count), limit: 8)
      return
    }
    directory.addTradingHours(name)
    awaitNight()
    defined(.tradingHours, id.raw, &effects)
  }

  private mutating func defineCommodity(
    _ define: DefineCommodity, _ effects: inout EffectBuffer
  ) {
    let code = define.code.string
    guard !code.isEmpty, define.exchange != .unknown,
      directory.commodities.id(Directory.key(define.exchange, code)) == nil,
      let id = market.defineCommodity(
        exchange: define.exchange, hours: define.hours, deliveryMultiple: define.deliveryMultiple)
    else {
      refuse(&effects, observed: Int64(define.hours.raw))
      return
    }
    directory.addCommodity(code, define.exchange)
    defined(.commodity, id.raw, &effects)
  }

  private mutating func defineInstrument(
    _ define: DefineInstrument, _ effects: inout EffectBuffer
  ) {
    let code = define.code.string
    guard !code.isEmpty, market.exists(define.commodity),
      define.minimumLimitLots >= 1, define.maximumLimitLots >= define.minimumLimitLots,
      define.maximumMarketLots == 0
        || define.minimumMarketLots >= 1 && define.maximumMarketLots >= define.minimumMarketLots
    else {
      refuse(&effects, observed: Int64(define.maximumLimitLots))
      return
    }
    let exchange = market.commodity(define.commodity).pointee.exchange
    let listing = Market.Listing(
      commodity: define.commodity, deliveryYear: define.deliveryYear,
      deliveryMonth: define.deliveryMonth, lastTradingDay: define.lastTradingDay,
      multiplier: define.multiplier, tick: define.tick,
      limitLots: define.minimumLimitLots...define.maximumLimitLots,
      marketLots: define.maximumMarketLots == 0
        ? nil : define.minimumMarketLots...define.maximumMarketLots,
      option: define.option, strike: define.strike, underlying: define.underlying)
    guard directory.instruments.id(Directory.key(exchange, code)) == nil,
      let id = market.defineInstrument(listing)
    else {
      refuse(
        &effects, observed: Int64(market.instrumentCount),
        limit: Int64(ledger.capacities.instruments))
      return
    }
    ledger.list(id, market)
    directory.addInstrument(code, exchange)
    defined(.instrument, id.raw, &effects)
  }

  private mutating func defineCounter(_ define: DefineCounter, _ effects: inout EffectBuffer) {
    let name = define.name.string
    guard !name.isEmpty, directory.counters.id(name) == nil, let id = ledger.defineCounter()
    else {
      refuse(
        &effects, .capacity, observed: Int64(ledger.counterCount),
        limit: Int64(ledger.capacities.counters))
      return
    }
    directory.addCounter(name)
    defined(.counter, id.raw, &effects)
  }

  private mutating func defineProduct(_ define: DefineProduct, _ effects: inout EffectBuffer) {
    let name = define.name.string
    guard !name.isEmpty, directory.products.id(name) == nil,
      let id = ledger.defineProduct(mode: define.mode)
    else {
      refuse(
        &effects, .capacity, observed: Int64(ledger.productCount),
        limit: Int64(ledger.capacities.products))
      return
    }
    directory.addProduct(name)
    defined(.product, id.raw, &effects)
  }

  private mutating func defineFundAccount(
    _ define: DefineFundAccount, _ effects: inout EffectBuffer
  ) {
    let name = define.name.string
    guard !name.isEmpty, directory.fundAccounts.id(name) == nil,
      let id = ledger.defineFundAccount(define.product, define.counter)
    else {
      refuse(
        &effects, .capacity, observed: Int64(ledger.fundAccountCount),
        limit: Int64(ledger.capacities.fundAccounts))
      return
    }
    directory.addFundAccount(name)
    defined(.fundAccount, id.raw, &effects)
  }

  private mutating func defineOperationAccount(
    _ define: DefineOperationAccount, _ effects: inout EffectBuffer
  ) {
    let name = define.name.string
    guard !name.isEmpty, directory.operationAccounts.id(name) == nil,
      let id = ledger.defineOperationAccount(define.product)
    else {
      refuse(
        &effects, .capacity, observed: Int64(ledger.accountCount),
        limit: Int64(ledger.capacities.operationAccounts))
      return
    }
    directory.addOperationAccount(name)
    defined(.operationAccount, id.raw, &effects)
  }

  private mutating func setCredential(_ set: SetCredential, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account) else { return refuse(&effects) }
    directory.setCredential(set.account, set.hash)
  }

  private mutating func allowAddress(_ allow: AllowAddress, _ effects: inout EffectBuffer) {
    guard ledger.exists(allow.account),
      ledger.allowAddress(
        allow.account, from: (allow.from.high, allow.from.low),
        to: (allow.to.high, allow.to.low))
    else { return refuse(&effects) }
  }

  private mutating func allowMAC(_ allow: AllowMAC, _ effects: inout EffectBuffer) {
    guard ledger.exists(allow.account), ledger.allowMAC(allow.account, allow.mac.raw) else {
      return refuse(&effects)
    }
  }

  // MARK: Money

  /// Whether an amount is one that a holder can have; one that is not told is none.
  func isCash(_ amount: Money) -> Bool {
    amount.units >= -Ranges.cashMaximum && amount.units <= Ranges.cashMaximum
  }

  private mutating func moveCash(_ move: MoveCash, _ effects: inout EffectBuffer) {
    guard ledger.exists(move.account), isCash(move.allowedLoss), isCash(move.notToLose),
      isCash(
        ledger.holder(ledger.holder(of: move.account)).pointee.netDepositsEver
          + move.allowedLoss + move.notToLose)
    else { return refuse(&effects) }
    if let available = ledger.moveCash(
      move.account, allowedLoss: move.allowedLoss, notToLose: move.notToLose)
    {
      return refuse(
        &effects, .fundsAvailable, observed: available.units,
        limit: -(move.allowedLoss + move.notToLose).units, unit: .money,
        scope: .operationAccount, scopeID: move.account.raw)
    }
    disturb(ledger.holder(of: move.account))
    watch(ledger.holder(of: move.account), &effects)
  }

  /// The holder a genesis command names; nil when there is none.
  func holder(_ kind: HolderKind, _ id: UInt32) -> HolderID? {
    switch kind {
    case .operationAccount:
      ledger.exists(OperationAccountID(id)) ? ledger.holder(of: OperationAccountID(id)) : nil
    case .fundAccount:
      ledger.exists(FundAccountID(id)) ? ledger.holder(of: FundAccountID(id)) : nil
    case .unknown: nil
    }
  }

  private mutating func setOpeningBalance(
    _ set: SetOpeningBalance, _ effects: inout EffectBuffer
  ) {
    guard !isTrading, let holder = holder(set.holderKind, set.holderID),
      isCash(set.allowedLoss), isCash(set.notToLose), isCash(set.allowedLoss + set.notToLose)
    else { return refuse(&effects) }
    ledger.setOpeningBalance(holder, allowedLoss: set.allowedLoss, notToLose: set.notToLose)
  }

  private mutating func setOpeningPosition(
    _ set: SetOpeningPosition, _ effects: inout EffectBuffer
  ) {
    guard !isTrading, let holder = holder(set.holderKind, set.holderID),
      market.exists(set.instrument), set.side != .unknown, set.hedge != .unknown, set.lots > 0,
      set.lots <= Ranges.holderLotsMaximum
    else { return refuse(&effects, observed: Int64(set.lots)) }
    let instrument = market.instrument(set.instrument)
    let multiplier = instrument.pointee.multiplier
    guard Ranges.allows(price: set.openPrice, multiplier: multiplier),
      Ranges.allows(price: set.markPrice, multiplier: multiplier),
      ledger.addOpeningPosition(
        holder, set.instrument, instrument,
        Ledger.OpeningPosition(
          side: set.side, hedge: set.hedge, lots: set.lots, openPrice: set.openPrice,
          markPrice: set.markPrice, openDay: set.openDay.yyyymmdd))
    else { return refuse(&effects, observed: set.markPrice.units) }
  }
}
