import Domain
import Ledger
import MarketData
import Messages

// Limits by commodity and instrument: account rows, fund account rows, product rows.
extension Engine {
  mutating func configureLimits(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .setProductMode(let set):
      guard ledger.exists(set.product), market.exists(set.commodity) else {
        return refuse(&effects)
      }
      ledger.setRoutingMode(set.product, set.commodity, set.mode)
    case .setDeliveryBar(let set): setDeliveryBar(set, &effects)
    case .setTradingCode(let set): setTradingCode(set, &effects)
    case .setPositionLimit(let set): setPositionLimit(set, &effects)
    case .setLimitBand(let set): setLimitBand(set, &effects)
    case .setOrderSize(let set): setOrderSize(set, &effects)
    case .setTradable(let set): setTradable(set, &effects)
    case .setFundPositionLimit(let set): setFundPositionLimit(set, &effects)
    case .setFundOrderSize(let set): setFundOrderSize(set, &effects)
    case .setAccountLine(let set): setAccountLine(set, &effects)
    case .setPlatformLine(let set): setPlatformLine(set, &effects)
    case .setLineAction(let set): setLineAction(set, &effects)
    case .setNoticeAudience(let set): setNoticeAudience(set, &effects)
    case .setOvernight(let set): setOvernight(set, &effects)
    case .setSessionFlat(let set): setSessionFlat(set, &effects)
    case .setSessionFlatCommodity(let set): setSessionFlatCommodity(set, &effects)
    case .defineSector, .setSectorCommodity, .defineSuperSector, .setSuperSectorMember,
      .defineScheme, .setSchemeClause, .bindScheme, .setNetValue, .setNetValueLines,
      .setSchemePeriod,
      .setSchemeHoliday:
      configureSchemes(command, &effects)
    case .setFundOpenVolume, .releaseOrderRate, .setFundTradable, .setSharedTradable,
      .setFundQuota, .setFundPriority, .assignUnmapped:
      configureFunds(command, &effects)
    case .setMarginRates, .setFeeRates, .counterRates, .defineTemplate, .setTemplateOrderSize,
      .setTemplateTradable, .setTemplateOnlyListed, .assignTemplate, .setDeclared:
      configureRates(command, &effects)
    case .setBudget, .setControlGroup, .setMarketMaking: configureBudgets(command, &effects)
    case .setProductFees, .setProductFee, .setFeeBand: configureFees(command, &effects)
    case .configurationChange, .clearAccess, .clearControllerAccess:
      configureChange(command, &effects)
    default: configureControllers(command, &effects)
    }
  }

  /// What a scope of a commodity or an instrument means to rows; nil when it names nothing.
  func place(_ scope: Scope) -> (commodity: CommodityID, instrument: InstrumentID)? {
    switch scope {
    case .commodity(let commodity):
      return market.exists(commodity) ? (commodity, .none) : nil
    case .instrument(let instrument):
      guard market.exists(instrument) else { return nil }
      return (market.instrument(instrument).pointee.commodity, instrument)
    case .everything, .exchange: return nil
    }
  }

  func isLimit(_ value: Int64) -> Bool { value == .min || value >= 0 }

  private mutating func setDeliveryBar(_ set: SetDeliveryBar, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.product) else { return refuse(&effects) }
    switch set.scope {
    case .exchange(let exchange) where exchange != .unknown:
      ledger.setDeliveryBar(set.product, exchange: exchange, set.barred)
    case .commodity(let commodity) where market.exists(commodity):
      ledger.setDeliveryBar(set.product, commodity: commodity, set.barred)
    case .instrument(let instrument) where market.exists(instrument):
      ledger.setDeliveryBar(set.product, instrument: instrument, set.barred)
    case .everything:
      for exchange in Exchange.allCases where exchange != .unknown {
        ledger.setDeliveryBar(set.product, exchange: exchange, set.barred)
      }
    default: refuse(&effects)
    }
  }

  private mutating func setTradingCode(_ set: SetTradingCode, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.fundAccount), set.exchange != .unknown else {
      return refuse(&effects)
    }
    let owner =
      set.code.isEmpty ? 0 : directory.legalOwner(set.exchange, set.code.string)
    if !ledger.setLegalOwner(set.fundAccount, set.exchange, owner) { refuse(&effects) }
  }

  private mutating func setPositionLimit(
    _ set: SetPositionLimit, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.account), let place = place(set.scope), isLimit(set.lots),
      isLimit(set.margin.units)
    else { return refuse(&effects, observed: set.lots) }
    let holder = ledger.holder(of: set.account)
    let isTaken: Bool
    if place.instrument.isNone, set.hedge == .unknown {
      isTaken = ledger.changeFigures(holder, place.commodity) { figures in
        figures.pointee.lotsCap = set.lots
        figures.pointee.marginCap = set.margin.units
      }
    } else {
      isTaken = ledger.changeLimitRow(
        holder, place.commodity, kind: .position, instrument: place.instrument, hedge: set.hedge
      ) { row in
        row.pointee.lots = set.lots
        row.pointee.margin = set.margin.units
      }
    }
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func setLimitBand(_ set: SetLimitBand, _ effects: inout EffectBuffer) {
    let isOff = set.value == .min
    guard ledger.exists(set.account), market.exists(set.commodity),
      isOff || set.value >= 0 && set.measure != .unknown && set.bar != .unknown,
      isOff || set.measure != .percent || set.value <= 100 * 10_000
    else { return refuse(&effects, observed: set.value) }
    let isTaken = ledger.changeFigures(ledger.holder(of: set.account), set.commodity) {
      figures in
      figures.pointee.bandValue = set.value
      figures.pointee.bandMeasure = set.measure.rawValue
      figures.pointee.bandBar = set.bar.rawValue
    }
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func setOrderSize(_ set: SetOrderSize, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account), market.exists(set.commodity), isLimit(set.lots),
      isLimit(set.margin.units)
    else { return refuse(&effects, observed: set.lots) }
    let isTaken = ledger.changeFigures(ledger.holder(of: set.account), set.commodity) {
      figures in
      figures.pointee.orderLots = set.lots
      figures.pointee.orderMargin = set.margin.units
    }
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func setTradable(_ set: SetTradable, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account), let place = place(set.scope) else {
      return refuse(&effects)
    }
    let holder = ledger.holder(of: set.account)
    let isTaken: Bool
    if place.instrument.isNone {
      isTaken = ledger.changeFigures(holder, place.commodity) { figures in
        figures.pointee.isListed = set.listed
      }
    } else {
      isTaken = ledger.changeLimitRow(
        holder, place.commodity, kind: .tradable, instrument: place.instrument, hedge: .unknown
      ) { row in
        row.pointee.lots = set.listed ? 1 : 0
      }
    }
    guard isTaken else { return refuse(&effects, .capacity) }
    let hasRows = set.listed || ledger.hasListings(holder, isNight: false)
    ledger.changeAccount(set.account) { $0.pointee.hasTradableRows = hasRows }
  }

  private mutating func setFundPositionLimit(
    _ set: SetFundPositionLimit, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.fundAccount), let place = place(set.scope), isLimit(set.long),
      isLimit(set.short), isLimit(set.total)
    else { return refuse(&effects, observed: set.total) }
    let isTaken = ledger.changeLimitRow(
      ledger.holder(of: set.fundAccount), place.commodity, kind: .fundPosition,
      instrument: place.instrument, hedge: set.hedge
    ) { row in
      row.pointee.long = set.long
      row.pointee.short = set.short
      row.pointee.lots = set.total
    }
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func setFundOrderSize(
    _ set: SetFundOrderSize, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.fundAccount), let place = place(set.scope), isLimit(set.lots),
      isLimit(set.margin.units)
    else { return refuse(&effects, observed: set.lots) }
    let isTaken = ledger.changeLimitRow(
      ledger.holder(of: set.fundAccount), place.commodity, kind: .orderSize,
      instrument: place.instrument, hedge: .unknown
    ) { row in
      row.pointee.lots = set.lots
      row.pointee.margin = set.margin.units
    }
    if !isTaken { refuse(&effects, .capacity) }
  }
}
