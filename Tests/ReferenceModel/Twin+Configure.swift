import Domain
import Messages

/// Whose position-limit, for what.
struct TwinLimitKey: Hashable {
  var account: OperationAccountID
  var scope: Scope
  var hedge: HedgeFlag
}

extension Twin {
  func configure(_ command: Command, _ effects: [Effect]) {
    if case .releaseOrderRate(let release) = command {
      return self.release(release, isRefused: effects.isRefused)
    }
    if case .configurationChange(let change) = command { return changed(change, effects) }
    guard !effects.isRefused else { return }
    switch command {
    case .defineTradingHours(let define): windows.hours.append(define)
    case .defineCommodity(let define):
      windows.hoursOf.append(define.hours)
      exchanges.append(define.exchange)
      deliveryMultiples.append(define.deliveryMultiple)
    case .defineInstrument(let define):
      instruments.append(
        TwinInstrument(
          commodity: define.commodity, exchange: exchanges[define.commodity.index],
          multiplier: Int64(define.multiplier),
          deliveryMonth: Int(define.deliveryYear) * 12 + Int(define.deliveryMonth),
          tick: define.tick.units,
          limitLots: define.minimumLimitLots...define.maximumLimitLots,
          option: define.option == .none
            ? nil
            : TwinOption(
              isCall: define.option == .call, strike: define.strike.units,
              underlying: define.underlying), lastTradingDay: define.lastTradingDay.yyyymmdd))
    case .defineCounter: counterCount += 1
    case .defineProduct(let define):
      productCount += 1
      productModes.append(define.mode)
      productSettings.append([:])
      commodityModes.append([:])
    case .defineFundAccount(let define):
      cash[.fund(FundAccountID(UInt32(funds.count)))] = TwinCash()
      funds.append(TwinFund(product: define.product, counter: define.counter))
    case .defineOperationAccount(let define):
      cash[.account(OperationAccountID(UInt32(accounts.count)))] = TwinCash()
      accounts.append(TwinAccount(product: define.product))
    case .setRates, .setMarginRates, .setFeeRates, .counterRates, .assignTemplate,
      .setTemplateTradable, .setTemplateOnlyListed, .setTemplateOrderSize, .setOrderSize:
      setRates(command)
    case .setDeclared(let set):
      if set.declared {
        declaredCommodities.insert(set.commodity)
      } else {
        declaredCommodities.remove(set.commodity)
      }
    case .setOpeningBalance(let set):
      cash[holder(set.holderKind, set.holderID)] = opening(set)
    case .setOpeningPosition(let set): openingPosition(set)
    case .moveCash(let move): moveCash(move)
    case .assignUnmapped(let assign): assigned(assign, effects)
    default: set(command)
    }
  }

  /// What was decided on another revision is refused.
  private func changed(_ change: ConfigurationChange, _ effects: [Effect]) {
    let isTaken = change.revision == revision && change.changes > 0
    if isTaken == effects.isRefused {
      complain("change on revision \(change.revision), it is \(revision): taken \(!isTaken)")
    }
    if isTaken { revision += 1 }
  }

  private func set(_ command: Command) {
    switch command {
    case .setPlatform(let set):
      if set.setting == .childAnswerSeconds { answerSeconds = set.value }
      platformSettings[set.setting] = set.value
      setBudgets(command)
      setLine(command)
    case .setAccountLine, .setPlatformLine, .setLineAction: setLine(command)
    case .setOvernight, .setSessionFlat, .setSessionFlatCommodity: setWindow(command)
    case .forceLiquidate, .stopLiquidation: askLiquidation(command)
    case .setAccount(let set):
      accounts[set.account.index].settings[set.setting.rawValue] = set.value
      if set.setting == .orderRateCount { acceptedAt[set.account] = [] }
    case .setPositionLimit(let set):
      positionLimits[TwinLimitKey(account: set.account, scope: set.scope, hedge: set.hedge)] = set
    case .setProduct(let set):
      productSettings[set.product.index][set.setting.rawValue] = set.value
    case .setProductMode(let set): commodityModes[set.product.index][set.commodity] = set.mode
    case .setFundAccount(let set):
      if set.setting == .minimumReserve {
        funds[set.fundAccount.index].minimumReserve = set.value == .min ? 0 : set.value
      }
      if set.setting == .orderRateCount { sentAt[set.fundAccount] = [] }
      setQuota(set)
      funds[set.fundAccount.index].settings[set.setting] = set.value == .min ? nil : set.value
    case .defineSector, .setSectorCommodity, .defineSuperSector, .setSuperSectorMember,
      .defineScheme, .setSchemeClause, .bindScheme, .setNetValue, .setNetValueLines,
      .setSchemePeriod,
      .setSchemeHoliday:
      setScheme(command)
    case .setBudget, .setControlGroup, .setMarketMaking, .setTradingCode: setBudgets(command)
    case .setProductFees, .setProductFee, .setFeeBand: setFee(command)
    default: setFundLimit(command)
    }
  }

  private func holder(_ kind: HolderKind, _ id: UInt32) -> TwinHolder {
    kind == .fundAccount ? .fund(FundAccountID(id)) : .account(OperationAccountID(id))
  }

  private func opening(_ set: SetOpeningBalance) -> TwinCash {
    let total = set.allowedLoss.units + set.notToLose.units
    return TwinCash(
      openingEquity: total, netDepositsEver: total, allowedLossEver: set.allowedLoss.units)
  }

  private func openingPosition(_ set: SetOpeningPosition) {
    record(
      .opening(
        holder(set.holderKind, set.holderID), TwinPlace(set.instrument, set.side, set.hedge),
        TwinLot(
          price: set.openPrice, lots: set.lots, day: set.openDay.yyyymmdd, isToday: false,
          cost: set.markPrice)))
  }

  /// decisions 1: an account's first cash is its opening equity.
  private func moveCash(_ move: MoveCash) {
    let holder = TwinHolder.account(move.account)
    guard var cash = cash[holder] else { return }
    let total = move.allowedLoss.units + move.notToLose.units
    if cash.netDepositsEver == 0, cash.openingEquity == 0 {
      cash.openingEquity += total
    } else {
      cash.netCash += total
    }
    cash.netDepositsEver += total
    cash.allowedLossEver += move.allowedLoss.units
    self.cash[holder] = cash
  }

  // MARK: Rates

  /// rules.md 6: price * multiplier * lots * by-value + lots * by-lot, in 1e-12 yuan.
  func amount(_ rate: TwoPartRate, basis: Int64, _ multiplier: Int64, lots: Int64) -> Int128 {
    Int128(basis.magnitude) * Int128(multiplier) * Int128(rate.byValue.units)
      + Int128(lots) * Int128(rate.byLot.units) * 100_000_000
  }

  /// decisions 5: up to 0.0001 yuan.
  func margin(_ holder: TwinHolder, _ place: TwinPlace, basis: Int64, lots: Int64) -> Int64 {
    rates(holder, place.instrument).map { margin($0, place, basis: basis, lots: lots) } ?? 0
  }

  func margin(_ rates: RateSet, _ place: TwinPlace, basis: Int64, lots: Int64) -> Int64 {
    // Nothing was ever taken of a short option that nobody knows the margin of.
    guard rates.knowsMargin(place.side) else { return 0 }
    return roundedUp(
      amount(
        place.side == .long ? rates.marginLong : rates.marginShort, basis: basis,
        instruments[place.instrument.index].multiplier, lots: lots), to: 1)
  }

  func roundedUp(_ amount: Int128, to step: Int64) -> Int64 {
    let unit = 100_000_000 * Int128(step)
    let whole = amount / unit
    return Int64(whole * unit < amount ? whole + 1 : whole) * step
  }

  // MARK: Settings

  func setting(_ account: OperationAccountID, _ setting: AccountSetting) -> Int64? {
    accounts[account.index].settings[setting.rawValue].flatMap { $0 == .min ? nil : $0 }
  }

  func mode(_ product: ProductID, _ commodity: CommodityID) -> RoutingMode {
    if let own = commodityModes[product.index][commodity], own != .unknown { return own }
    let set = productSettings[product.index][ProductSetting.mode.rawValue]
    return set.flatMap { RoutingMode(rawValue: UInt8($0)) } ?? productModes[product.index]
  }
}
