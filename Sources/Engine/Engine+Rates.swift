import Domain
import Ledger
import MarketData
import Messages

// Rates: what is set for whom, how accounts take them, and what a product reads them from. All of
// it holds from the next order on; margins of held lots follow in slices (decisions 7).
extension Engine {
  mutating func configureRates(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .setMarginRates(let set): setMarginRates(set, &effects)
    case .setFeeRates(let set): setFeeRates(set, &effects)
    case .counterRates(let report): counterRates(report, &effects)
    case .defineTemplate(let define): defineTemplate(define, &effects)
    case .setTemplateOrderSize(let set): setTemplateOrderSize(set, &effects)
    case .setTemplateTradable(let set): setTemplateTradable(set, &effects)
    case .setTemplateOnlyListed(let set):
      guard ledger.templates.kind(set.template) == .tradable else { return refuse(&effects) }
      ledger.setTemplate(set.template, onlyListed: set.onlyListed)
    case .assignTemplate(let assign): assignTemplate(assign, &effects)
    case .setDeclared(let set): setDeclared(set, &effects)
    default: refuse(&effects)
    }
  }

  // MARK: What is set

  mutating func setRates(_ set: SetRates, _ effects: inout EffectBuffer) {
    guard set.rates.isLegal(.margin, as: .asItIs), set.rates.isLegal(.fee, as: .asItIs),
      let owner = rateOwner(set.ownerKind, set.ownerID), let place = place(set.scope),
      !Self.isTemplate(owner)
    else { return refuse(&effects) }
    guard ledger.setRates(owner, place.commodity, place.instrument, set.rates) else {
      return refuse(&effects, .capacity)
    }
    takeMarginsAnew(set.scope, &effects)
  }

  private mutating func setMarginRates(
    _ set: SetMarginRates, _ effects: inout EffectBuffer
  ) {
    let rates = RateSet(marginLong: set.long, marginShort: set.short)
    guard rates.isLegal(.margin, as: set.method),
      let owner = rateOwner(set.ownerKind, set.ownerID), let place = place(set.scope),
      !Self.isTemplate(owner) || ledger.templates.kind(AccountTemplateID(set.ownerID)) == .margin,
      !market.listsOptions(place.commodity)
    else { return refuse(&effects) }
    let isTaken = ledger.setRates(
      owner, place.commodity, place.instrument, .margin, set.method, rates)
    guard isTaken else { return refuse(&effects, .capacity) }
    takeMarginsAnew(set.scope, &effects)
  }

  private mutating func setFeeRates(_ set: SetFeeRates, _ effects: inout EffectBuffer) {
    let rates = RateSet(
      feeOpen: set.open, feeClose: set.close, feeCloseToday: set.closeToday)
    guard rates.isLegal(.fee, as: set.method),
      let owner = rateOwner(set.ownerKind, set.ownerID), let place = place(set.scope),
      !Self.isTemplate(owner) || ledger.templates.kind(AccountTemplateID(set.ownerID)) == .fee
    else { return refuse(&effects) }
    let isTaken = ledger.setRates(
      owner, place.commodity, place.instrument, .fee, set.method, rates)
    if !isTaken { return refuse(&effects, .capacity) }
    // Margins wait for fees: without any there are no rates.
    takeMarginsAnew(set.scope, &effects)
  }

  private mutating func counterRates(
    _ report: CounterRates, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(report.fundAccount), let place = place(report.scope),
      report.rates.isLegal(.margin, as: .asItIs), report.rates.isLegal(.fee, as: .asItIs)
    else { return refuse(&effects) }
    let isTaken = ledger.setRates(
      .counter(report.fundAccount), place.commodity, place.instrument, report.rates)
    guard isTaken else { return refuse(&effects, .capacity) }
    takeMarginsAnew(report.scope, &effects)
  }

  /// Who is meant; nil when there is nobody of that number.
  private func rateOwner(_ kind: RateOwnerKind, _ id: UInt32) -> RateOwner? {
    switch kind {
    case .platform: .platform
    case .everybody: .everybody
    case .operationAccount:
      ledger.exists(OperationAccountID(id)) ? .account(OperationAccountID(id)) : nil
    case .fundAccount:
      ledger.exists(FundAccountID(id)) ? .fundAccount(FundAccountID(id)) : nil
    case .template:
      ledger.templates.kind(AccountTemplateID(id)) == .unknown
        ? nil : .template(AccountTemplateID(id))
    case .product: ledger.exists(ProductID(id)) ? .product(ProductID(id)) : nil
    case .unknown: nil
    }
  }

  private static func isTemplate(_ owner: RateOwner) -> Bool {
    if case .template = owner { return true }
    return false
  }

  /// Holders of the instruments that a change speaks of take their margin anew.
  private mutating func takeMarginsAnew(_ scope: Scope, _ effects: inout EffectBuffer) {
    let isAlone = work.isEmpty
    for index in 0..<market.instrumentCount {
      let id = InstrumentID(UInt32(index))
      // An option has the margin of what it is on.
      let future = market.instrument(id).pointee.underlying
      guard isMeant(id, scope) || !future.isNone && isMeant(future, scope) else { continue }
      takeMargin(id)
    }
    if isAlone { beginWork(&effects) }
  }

  private func isMeant(_ id: InstrumentID, _ scope: Scope) -> Bool {
    switch scope {
    case .instrument(let only): only == id
    case .commodity(let only): only == market.commodity(of: id)
    case .everything, .exchange: true
    }
  }

  /// Queues an instrument's holders; one step's units are for all that a command queues.
  private mutating func takeMargin(_ id: InstrumentID) {
    let holders = ledger.firstHolder(of: id)
    guard !holders.isAtEnd else { return }
    work.push(
      WorkItem(
        kind: .remargin, side: .unknown, subject: id.raw, instrument: id, cursor: 0, bound: 0,
        holders: holders))
  }

  /// The prior settlement of an instrument may have changed: then an option takes its margin anew,
  /// and so do the options on it.
  mutating func takeOptionMargins(_ id: InstrumentID, _ effects: inout EffectBuffer) {
    let instrument = market.instrument(id)
    guard ledger.setPriorSettlement(id, instrument.pointee.preSettlement) else { return }
    let isAlone = work.isEmpty
    if instrument.pointee.isOption { takeMargin(id) }
    for index in 0..<(instrument.pointee.hasOptions ? market.instrumentCount : 0) {
      let option = InstrumentID(UInt32(index))
      if market.instrument(option).pointee.underlying == id { takeMargin(option) }
    }
    if isAlone { beginWork(&effects) }
  }

  /// Everybody does: accounts have other rates than before, or read them from elsewhere.
  mutating func takeAllMarginsAnew(_ effects: inout EffectBuffer) {
    guard ledger.positionSlots > 0 else { return }
    start(
      WorkItem(
        kind: .remarginAll, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: 0,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)), &effects)
  }

  /// Position after position, whoever holds it.
  mutating func remarginAllSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while Int(item.pointee.cursor) < ledger.positionSlots {
      guard units > 0, effects.hasRoom(for: 16) else { return false }
      let slot = Int(item.pointee.cursor)
      item.pointee.cursor += 1
      units -= 1
      guard ledger.isUsed(positionSlot: slot) else { continue }
      let number = UInt32(slot) + 1
      ledger.remargin(
        number, market.instrument(ledger.position(number).pointee.instrument))
      units -= watch(ledger.position(number).pointee.holder, &effects)
    }
    return true
  }

  // MARK: How accounts take them

  /// True when it was taken: a `RateMode`, unset = what the platform says.
  mutating func setRateMode(_ set: SetAccount, _ effects: inout EffectBuffer) {
    let part: RatePart = set.setting == .feeRateMode ? .fee : .margin
    let mode = set.value == .min ? .system : RateMode(rawValue: UInt8(clamping: set.value))
    guard let mode, ledger.setRateMode(set.account, part, mode) else {
      return refuse(
        &effects, mode == nil ? .badCommand : .capacity, observed: set.value,
        scope: .operationAccount, scopeID: set.account.raw)
    }
    takeAllMarginsAnew(&effects)
  }

  /// What accounts take that follow the platform; unset = the fund account's (decisions 10).
  mutating func setRateMode(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    let part: RatePart = set.setting == .feeRateMode ? .fee : .margin
    let mode =
      set.value == .min ? .fundAccount : RateMode(rawValue: UInt8(clamping: set.value))
    guard let mode, mode != .system else { return refuse(&effects, observed: set.value) }
    guard ledger.setPlatformRateMode(part, mode) else {
      return refuse(&effects, .capacity, observed: set.value)
    }
    takeAllMarginsAnew(&effects)
  }

  /// Names the fund account that a product reads its rates from; it is one of the product's.
  mutating func setRateAccount(_ set: SetProduct, _ effects: inout EffectBuffer) {
    var fund = FundAccountID.none
    if set.value != .min {
      guard let raw = UInt32(exactly: set.value), ledger.exists(FundAccountID(raw)),
        ledger.fundAccount(FundAccountID(raw)).pointee.product == set.product
      else {
        return refuse(&effects, observed: set.value, scope: .product, scopeID: set.product.raw)
      }
      fund = FundAccountID(raw)
    }
    if ledger.setRateAccount(set.product, fund) { readFromAnother(set.product, &effects) }
  }

  /// A fund account has logged in: the first of a day is what its product reads its rates from.
  mutating func readRates(_ id: FundAccountID, _ effects: inout EffectBuffer) {
    if ledger.loggedIn(id, day: market.tradingDay) {
      readFromAnother(ledger.fundAccount(id).pointee.product, &effects)
    }
  }

  private mutating func readFromAnother(_ product: ProductID, _ effects: inout EffectBuffer) {
    notice(
      .rateAccount, &effects, scope: .product, scopeID: product.raw,
      observed: ledger.rateAccount(product).map { Int64($0.raw) } ?? .min)
    takeAllMarginsAnew(&effects)
  }

  /// Exchanges as bits; unset = none. Nil where the value is no set of them.
  private static func exchanges(_ value: Int64) -> ExchangeSet? {
    if value == .min { return ExchangeSet() }
    guard let raw = UInt8(exactly: value),
      ExchangeSet.all.isSuperset(of: ExchangeSet(rawValue: raw))
    else { return nil }
    return ExchangeSet(rawValue: raw)
  }

  /// Where margin is the larger side's alone.
  mutating func setOneSided(_ set: SetAccount, _ effects: inout EffectBuffer) {
    guard let exchanges = Self.exchanges(set.value) else {
      return refuse(
        &effects, observed: set.value, scope: .operationAccount, scopeID: set.account.raw)
    }
    ledger.setOneSided(set.account, exchanges)
    takeAllMarginsAnew(&effects)
  }

  mutating func setOneSided(_ set: SetFundAccount, _ effects: inout EffectBuffer) {
    guard let exchanges = Self.exchanges(set.value) else {
      return refuse(
        &effects, observed: set.value, scope: .fundAccount, scopeID: set.fundAccount.raw)
    }
    if set.setting == .counterOneSidedExchanges {
      ledger.setOneSided(set.fundAccount, counter: exchanges)
    } else {
      ledger.setOneSided(set.fundAccount, set: exchanges)
    }
    takeAllMarginsAnew(&effects)
  }

  // MARK: Templates

  private mutating func defineTemplate(
    _ define: DefineTemplate, _ effects: inout EffectBuffer
  ) {
    let name = define.name.string
    guard !name.isEmpty, define.kind != .unknown, directory.templates.id(name) == nil else {
      return refuse(&effects)
    }
    guard let id = ledger.defineTemplate(define.kind) else {
      return refuse(
        &effects, .capacity, observed: Int64(ledger.templates.count),
        limit: Int64(ledger.capacities.templates))
    }
    directory.addTemplate(name)
    defined(.template, id.raw, &effects)
  }

  private mutating func setTemplateOrderSize(
    _ set: SetTemplateOrderSize, _ effects: inout EffectBuffer
  ) {
    guard ledger.templates.kind(set.template) == .orderSize, market.exists(set.commodity),
      isLimit(set.lots), isLimit(set.margin.units)
    else { return refuse(&effects, observed: set.lots) }
    ledger.setTemplate(
      set.template, set.commodity, OrderSizeLimit(lots: set.lots, margin: set.margin.units))
  }

  private mutating func setTemplateTradable(
    _ set: SetTemplateTradable, _ effects: inout EffectBuffer
  ) {
    guard ledger.templates.kind(set.template) == .tradable, let place = place(set.scope) else {
      return refuse(&effects)
    }
    ledger.setTemplate(set.template, place.commodity, place.instrument, listed: set.listed)
  }

  private mutating func assignTemplate(
    _ assign: AssignTemplate, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(assign.account), assign.kind != .unknown,
      assign.template.isNone || ledger.templates.kind(assign.template) == assign.kind
    else {
      return refuse(&effects, scope: .operationAccount, scopeID: assign.account.raw)
    }
    guard ledger.assign(assign.template, assign.kind, to: assign.account) else {
      return refuse(&effects, .capacity)
    }
    if assign.kind == .margin || assign.kind == .fee { takeAllMarginsAnew(&effects) }
  }
}
