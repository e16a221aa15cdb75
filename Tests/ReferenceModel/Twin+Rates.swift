import Domain
import Messages

/// Who has set rates.
enum TwinRateOwner: Hashable {
  case exchange
  case everybody
  case product(ProductID)
  case fund(FundAccountID)
  case counter(FundAccountID)
  case template(AccountTemplateID)
  case account(OperationAccountID)
}

/// Whose rates, for what.
struct TwinRateKey: Hashable {
  var owner: TwinRateOwner
  var scope: Scope
  var part: RatePart
}

struct TwinRate {
  var method: RateMethod
  /// Margin long and short; or fee of opening, closing, and closing today's lots.
  var rates: [TwoPartRate]
}

struct TwinTemplateKey: Hashable {
  var account: OperationAccountID
  var kind: TemplateKind
}

// rules.md 6, decisions 10: rates looked up step by step, every time.
extension Twin {
  func setRates(_ command: Command) {
    switch command {
    case .setRates(let set):
      keep(set.rates, owner(set.ownerKind, set.ownerID), set.scope)
    case .counterRates(let report):
      keep(report.rates, .counter(report.fundAccount), report.scope)
    case .setMarginRates(let set):
      keep(
        [set.long, set.short], set.method,
        TwinRateKey(
          owner: owner(set.ownerKind, set.ownerID), scope: set.scope, part: .margin))
    case .setFeeRates(let set):
      keep(
        [set.open, set.close, set.closeToday], set.method,
        TwinRateKey(owner: owner(set.ownerKind, set.ownerID), scope: set.scope, part: .fee))
    case .assignTemplate(let assign):
      templates[TwinTemplateKey(account: assign.account, kind: assign.kind)] =
        assign.template.isNone ? nil : assign.template
    case .setTemplateTradable(let set): list(.template(set.template), set.scope, set.listed)
    case .setTemplateOnlyListed(let set): onlyListedTemplates[set.template] = set.onlyListed
    case .setTemplateOrderSize(let set):
      templateSizes[TwinSizeKey(template: set.template, commodity: set.commodity)] = (
        set.lots, set.margin.units
      )
    case .setOrderSize(let set):
      orderSizes[TwinSizeKey(account: set.account, commodity: set.commodity)] = (
        set.lots, set.margin.units
      )
    default: break
    }
  }

  private func keep(_ rates: RateSet, _ owner: TwinRateOwner, _ scope: Scope) {
    keep(
      [rates.marginLong, rates.marginShort], .asItIs,
      TwinRateKey(owner: owner, scope: scope, part: .margin))
    keep(
      [rates.feeOpen, rates.feeClose, rates.feeCloseToday], .asItIs,
      TwinRateKey(owner: owner, scope: scope, part: .fee))
  }

  private func keep(_ rates: [TwoPartRate], _ method: RateMethod, _ key: TwinRateKey) {
    self.rates[key] = method == .unknown ? nil : TwinRate(method: method, rates: rates)
  }

  private func owner(_ kind: RateOwnerKind, _ id: UInt32) -> TwinRateOwner {
    switch kind {
    case .operationAccount: .account(OperationAccountID(id))
    case .fundAccount: .fund(FundAccountID(id))
    case .product: .product(ProductID(id))
    case .template: .template(AccountTemplateID(id))
    case .everybody: .everybody
    case .platform, .unknown: .exchange
    }
  }

  // MARK: Looking up

  func rates(_ holder: TwinHolder, _ instrument: InstrumentID) -> RateSet? {
    if let option = instruments[instrument.index].option {
      guard let fee = rates(holder, instrument, .fee) else { return nil }
      return RateSet(
        marginShort: TwoPartRate(byLot: Money(units: shortLot(option, instrument, holder) ?? .min)),
        feeOpen: fee[0], feeClose: fee[1], feeCloseToday: fee[2])
    }
    guard let margin = rates(holder, instrument, .margin),
      let fee = rates(holder, instrument, .fee)
    else { return nil }
    return RateSet(
      marginLong: margin[0], marginShort: margin[1], feeOpen: fee[0], feeClose: fee[1],
      feeCloseToday: fee[2])
  }

  /// docs/ARCHITECTURE.md, decision 154, in 1e-12 yuan; nil while something of it is not known.
  private func shortLot(
    _ option: TwinOption, _ instrument: InstrumentID, _ holder: TwinHolder
  ) -> Int64? {
    let listed = instruments[instrument.index]
    let future = instruments[option.underlying.index].preSettlement
    guard !listed.preSettlement.isNone, !future.isNone,
      let rates = rates(holder, option.underlying, .margin)
    else { return nil }
    let one: Int128 = 100_000_000
    let premium = Int128(max(listed.preSettlement.units, 0) * listed.multiplier) * one
    // A lot of the underlying is margin in whole units of money.
    let margin =
      Int128(
        roundedUp(
          amount(rates[1], basis: future.units, listed.multiplier, lots: 1), to: 1)) * one
    let distance = option.isCall ? option.strike - future.units : future.units - option.strike
    let away = Int128(max(distance, 0) * listed.multiplier) * one
    return roundedUp(max(premium + margin - away / 2, premium + margin / 2), to: 1)
  }

  private func rates(
    _ holder: TwinHolder, _ instrument: InstrumentID, _ part: RatePart
  ) -> [TwoPartRate]? {
    let account: OperationAccountID
    switch holder {
    case .fund(let fund): return fundRates(fund, instrument, part)
    case .account(let id): account = id
    }
    let product = accounts[account.index].product
    let reader = product.isNone ? nil : reader(product)
    // What a relative rate is relative to, and all that there is for who follows.
    let base =
      reader.map { fundRates($0, instrument, part) } ?? stated(.exchange, instrument, part)?.rates
    guard mode(account, part) == .own else { return base }
    let template = templates[
      TwinTemplateKey(account: account, kind: part == .margin ? .margin : .fee)]
    var steps: [TwinRateOwner] = [.account(account)]
    if let template { steps.append(.template(template)) }
    if let reader { steps.append(.fund(reader)) }
    if !product.isNone { steps.append(.product(product)) }
    steps.append(.everybody)
    for step in steps {
      guard let found = stated(step, instrument, part) else { continue }
      if case .fund = step { return base }
      return taken(found, of: base)
    }
    return reader.map { counterRates($0, instrument, part) }
      ?? stated(.exchange, instrument, part)?.rates
  }

  private func mode(_ account: OperationAccountID, _ part: RatePart) -> RateMode {
    let own = setting(account, part == .margin ? .marginRateMode : .feeRateMode) ?? 0
    if own != 0 { return own == 1 ? .own : .fundAccount }
    let common = platformSettings[part == .margin ? .marginRateMode : .feeRateMode] ?? .min
    return common == 1 ? .own : .fundAccount
  }

  private func counterRates(
    _ fund: FundAccountID, _ instrument: InstrumentID, _ part: RatePart
  ) -> [TwoPartRate]? {
    (stated(.counter(fund), instrument, part) ?? stated(.exchange, instrument, part))?.rates
  }

  private func fundRates(
    _ fund: FundAccountID, _ instrument: InstrumentID, _ part: RatePart
  ) -> [TwoPartRate]? {
    let ofCounter = counterRates(fund, instrument, part)
    guard let own = stated(.fund(fund), instrument, part) else { return ofCounter }
    return taken(own, of: ofCounter)
  }

  private func stated(
    _ owner: TwinRateOwner, _ instrument: InstrumentID, _ part: RatePart
  ) -> TwinRate? {
    let commodity = instruments[instrument.index].commodity
    return rates[TwinRateKey(owner: owner, scope: .instrument(instrument), part: part)]
      ?? rates[TwinRateKey(owner: owner, scope: .commodity(commodity), part: part)]
  }

  /// c + x, or c * (1 + x); a rate is kept to 1e-8 and per lot to 0.0001 yuan, rounded up.
  private func taken(_ rate: TwinRate, of base: [TwoPartRate]?) -> [TwoPartRate]? {
    if rate.method == .asItIs { return rate.rates }
    guard let base else { return nil }
    func more(_ units: Int64, _ share: Int64) -> Int64 {
      roundedUp(Int128(units) * (100_000_000 + Int128(share)), to: 1)
    }
    let taken = zip(rate.rates, base).map { entered, base in
      rate.method == .relativeAbsolute
        ? TwoPartRate(
          byValue: Rate(units: base.byValue.units + entered.byValue.units),
          byLot: base.byLot + entered.byLot)
        : TwoPartRate(
          byValue: Rate(units: more(base.byValue.units, entered.byValue.units)),
          byLot: Money(units: more(base.byLot.units, entered.byLot.units)))
    }
    let isLegal = taken.allSatisfy {
      $0.byValue.units <= Ranges.rateByValueMaximum && $0.byLot.units <= Ranges.rateByLotMaximum
    }
    return isLegal ? taken : nil
  }

  // MARK: What a product reads from

  func reader(_ product: ProductID) -> FundAccountID? {
    let named = productSettings[product.index][ProductSetting.rateAccount.rawValue] ?? .min
    return named == .min ? firstLogins[product]?.fund : FundAccountID(UInt32(named))
  }

  /// The first of a day to log in is read from that day; one whose link stayed up was the first.
  func logsIn(_ fund: FundAccountID) {
    let product = funds[fund.index].product
    guard !product.isNone else { return }
    guard let first = firstLogins[product] else {
      firstLogins[product] = (fund, day)
      return
    }
    guard first.day != day else { return }
    firstLogins[product] = (funds[first.fund.index].isLinked ? first.fund : fund, day)
  }

  func logsOut(_ fund: FundAccountID) {
    let product = funds[fund.index].product
    if !product.isNone, firstLogins[product]?.fund == fund { firstLogins[product]?.day = day }
  }

  // MARK: Order sizes

  /// The account's own limits in a commodity, else its template's.
  func orderSize(_ terms: TwinTerms) -> (lots: Int64?, margin: Int64?) {
    let commodity = instruments[terms.instrument.index].commodity
    func limits(_ size: (lots: Int64, margin: Int64)?) -> (lots: Int64?, margin: Int64?)? {
      guard let size, size.lots != .min || size.margin != .min else { return nil }
      return (size.lots == .min ? nil : size.lots, size.margin == .min ? nil : size.margin)
    }
    let own = orderSizes[TwinSizeKey(account: terms.account, commodity: commodity)]
    if let own = limits(own) { return own }
    let template = templates[TwinTemplateKey(account: terms.account, kind: .orderSize)]
    guard let template else { return (nil, nil) }
    return limits(templateSizes[TwinSizeKey(template: template, commodity: commodity)])
      ?? (nil, nil)
  }
}

struct TwinSizeKey: Hashable {
  var account = OperationAccountID.none
  var template = AccountTemplateID.none
  var commodity: CommodityID
}
