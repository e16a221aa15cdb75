// Rates, how they are taken, and templates, as commands.

import Domain
import Messages

extension GenesisCompiler {
  /// What holds for everybody, and templates.
  mutating func setRateSettings() {
    let rates = configuration.rates
    for (setting, mode) in [
      (PlatformSetting.marginRateMode, rates.marginMode), (.feeRateMode, rates.feeMode),
    ] where mode != .fundAccount {
      append(.setPlatform(SetPlatform(setting: setting, value: Int64(mode.rawValue))))
    }
    if rates.declaration != DeclarationFee(amount: Money(yuan: 1)) {
      for (setting, value) in [
        (PlatformSetting.declarationFee, rates.declaration.amount.units),
        (.declarationUnit, Int64(rates.declaration.unit.rawValue)),
      ] {
        append(.setPlatform(SetPlatform(setting: setting, value: value)))
      }
    }
    for (place, commodity) in configuration.commodities.enumerated() where commodity.isDeclared {
      append(
        .setDeclared(SetDeclared(commodity: CommodityID(UInt32(place)), declared: true)))
    }
    setRates(.everybody, 0, rates.rates)
    for (place, template) in rates.templates.enumerated() {
      let id = AccountTemplateID(UInt32(place))
      setRates(.template, id.raw, template.rates)
      for row in template.orderSizes {
        append(
          .setTemplateOrderSize(
            SetTemplateOrderSize(
              template: id, commodity: CommodityID(UInt32(row.commodity)), lots: row.lots ?? .min,
              margin: row.margin ?? .none)))
      }
      if template.tradable.opensOnlyListed {
        append(
          .setTemplateOnlyListed(SetTemplateOnlyListed(template: id, onlyListed: true)))
      }
      for written in template.tradable.scopes {
        guard let scope = scope(written) else { continue }
        append(
          .setTemplateTradable(
            SetTemplateTradable(template: id, scope: scope, listed: true)))
      }
    }
  }

  /// Templates and modes come last, when everything is there that they speak of.
  mutating func setRateModes(_ account: OperationAccountSettings, _ id: OperationAccountID) {
    for reference in account.templates {
      append(
        .assignTemplate(
          AssignTemplate(
            account: id, kind: reference.kind,
            template: AccountTemplateID(UInt32(reference.template)))))
    }
    for (setting, mode) in [
      (AccountSetting.marginRateMode, account.marginMode), (.feeRateMode, account.feeMode),
    ] where mode != .system {
      append(
        .setAccount(SetAccount(account: id, setting: setting, value: Int64(mode.rawValue))))
    }
  }

  /// Mode, amount and unit, as the keys of settings come; none where the platform's is followed.
  func declaration(_ fee: DeclarationFee) -> [Int64] {
    fee.mode == .platform
      ? [] : [Int64(fee.mode.rawValue), fee.amount.units, Int64(fee.unit.rawValue)]
  }

  /// Exchanges as the settings' bits; nil for none.
  func bits(_ exchanges: [Exchange]) -> Int64? {
    exchanges.isEmpty ? nil : exchanges.reduce(0) { $0 | 1 << Int64($1.index) }
  }

  /// Rows of an owner. Of a part that a row speaks of and takes as it is, what it leaves out is the
  /// exchange's; of one that is added to another, nothing.
  mutating func setRates(_ owner: RateOwnerKind, _ id: UInt32, _ rows: [RateRow]) {
    for row in rows {
      guard let scope = scope(row.scope) else { continue }
      func completed(_ method: RateMethod) -> RateSet {
        row.rates.completed(with: method == .asItIs ? exchangeRates(row.scope.value) : RateSet())
      }
      if row.rates.hasMargin {
        let rates = completed(row.marginMethod)
        append(
          .setMarginRates(
            SetMarginRates(
              ownerKind: owner, ownerID: id, scope: scope, method: row.marginMethod,
              long: rates.marginLong, short: rates.marginShort)))
      }
      if row.rates.hasFee {
        let rates = completed(row.feeMethod)
        append(
          .setFeeRates(
            SetFeeRates(
              ownerKind: owner, ownerID: id, scope: scope, method: row.feeMethod,
              open: rates.feeOpen, close: rates.feeClose, closeToday: rates.feeCloseToday)))
      }
    }
  }

  /// What a fund account's counter takes; what a row leaves out is the exchange's.
  mutating func setCounterRates(_ id: FundAccountID, _ rows: [RateRow]) {
    for row in rows {
      guard let scope = scope(row.scope) else { continue }
      append(
        .counterRates(
          CounterRates(
            fundAccount: id, scope: scope,
            rates: row.rates.completed(with: exchangeRates(row.scope.value)))))
    }
  }

  private func exchangeRates(_ scope: ConfigScope) -> RateSet {
    switch scope {
    case .commodity(let place): return configuration.commodities[place].rates
    case .instrument(let reference):
      let commodity = configuration.commodities[reference.commodity].rates
      let place = listing.place(of: reference, configuration.calendar)
      let override = configuration.instruments.overrides.last {
        listing.place(of: $0.instrument.value, configuration.calendar) == place
      }
      return override?.rates.completed(with: commodity) ?? commodity
    case .exchange: preconditionFailure("a row of rates is for a commodity or an instrument")
    }
  }
}
