// What products and accounts may do, as commands. Settings that are off are not written.

import Domain
import Messages

extension GenesisCompiler {
  /// What holds for the lines of all accounts.
  mutating func setRisk() {
    let risk = configuration.risk
    for (setting, value) in [
      (PlatformSetting.riskDegreeMode, Int64(risk.mode.rawValue)),
      (.slowDownMilliseconds, risk.slowDownMilliseconds),
      (.liquidationPrice, Int64(risk.liquidation.price.rawValue)),
      (.liquidationTicks, risk.liquidation.ticks),
      (.liquidationRepriceSeconds, risk.liquidation.repriceSeconds),
      (.liquidationExtent, Int64(risk.liquidation.extent.rawValue)),
      (.schemeLiquidation, risk.liquidation.schemes ? 1 : 0),
      (.reductionFinish, Int64(risk.liquidation.finish.rawValue)),
      (.windowBarSeconds, risk.windows.barSeconds),
      (.windowReduceSeconds, risk.windows.reduceSeconds),
    ] {
      append(.setPlatform(SetPlatform(setting: setting, value: value)))
    }
    for line in [risk.floor, risk.dailyLossRatio, risk.totalLossRatio] {
      append(
        .setPlatformLine(
          SetPlatformLine(
            line: line.line.rule, basis: line.basis, warn: line.warn ?? .min,
            liquidate: line.liquidate ?? .min)))
    }
    for row in risk.actions {
      append(
        .setLineAction(
          SetLineAction(line: row.line.rule, level: row.level, action: row.action)))
    }
    for row in risk.told {
      append(
        .setNoticeAudience(
          SetNoticeAudience(rule: row.rule, level: row.level, audience: row.to)))
    }
  }

  mutating func setProduct(_ place: Int) {
    let product = configuration.products[place]
    let id = ProductID(UInt32(place))
    var settings: [(ProductSetting, Int64)] = [
      (.openPermission, product.mayOpen ? 1 : 0),
      (.refusePartialPlacement, product.refusesPartialPlacement ? 1 : 0),
      (.retryRejectedChild, product.retriesRejectedChild ? 1 : 0),
    ]
    if product.countsNightClose { settings.append((.countsNightClose, 1)) }
    if let value = product.tradedValue { settings.append((.tradedValue, value.units)) }
    if product.tradable.opensOnlyListed { settings.append((.tradableOnlyListed, 1)) }
    if product.lockMode != .off {
      settings.append((.lockMode, Int64(product.lockMode.rawValue)))
      settings.append((.closesWithoutFunds, product.closesWithoutFunds ? 1 : 0))
      settings.append((.closesTodayWithoutLock, product.closesTodayWithoutLock ? 1 : 0))
    }
    if product.autoMapping != .no {
      settings.append((.autoMapping, Int64(product.autoMapping.rawValue)))
    }
    if let name = product.externalAccount?.value,
      let account = configuration.operationAccounts.firstIndex(where: { $0.name == name })
    {
      settings.append((.externalAccount, Int64(account)))
    }
    if let name = product.rateAccount?.value,
      let fund = configuration.fundAccounts.firstIndex(where: { $0.name == name })
    {
      settings.append((.rateAccount, Int64(fund)))
    }
    for (setting, value) in settings {
      append(.setProduct(SetProduct(product: id, setting: setting, value: value)))
    }
    setRates(.product, id.raw, product.rates)
    setFees(id, product.fees)
    for row in product.commodityModes {
      append(
        .setProductMode(
          SetProductMode(
            product: id, commodity: CommodityID(UInt32(row.commodity)), mode: row.mode)))
    }
    for written in product.deliveryMonthBarred {
      guard let scope = scope(written) else { continue }
      append(.setDeliveryBar(SetDeliveryBar(product: id, scope: scope, barred: true)))
    }
    for written in product.tradable.scopes {
      guard let scope = scope(written) else { continue }
      append(.setSharedTradable(SetSharedTradable(product: id, scope: scope, listed: true)))
    }
  }

  mutating func setOperationAccount(_ place: Int) {
    let account = configuration.operationAccounts[place]
    let id = OperationAccountID(UInt32(place))
    setCredential(account, id)
    for (setting, value) in settings(of: account) {
      append(.setAccount(SetAccount(account: id, setting: setting, value: value)))
    }
    for line in account.lines {
      append(
        .setAccountLine(
          SetAccountLine(
            account: id, line: line.line.rule, basis: line.basis,
            mode: line.line == .riskDegree ? configuration.risk.mode : .unknown,
            warn: line.warn ?? .min, liquidate: line.liquidate ?? .min)))
    }
    setWindows(account, id)
    for range in account.addresses {
      append(.allowAddress(AllowAddress(account: id, from: range.from, to: range.to)))
    }
    for mac in account.macs { append(.allowMAC(AllowMAC(account: id, mac: mac))) }
    for row in account.positionLimits {
      guard let scope = scope(row.scope) else { continue }
      append(
        .setPositionLimit(
          SetPositionLimit(
            account: id, scope: scope, hedge: row.hedge, lots: row.lots ?? .min,
            margin: row.margin ?? .none)))
    }
    for row in account.limitBands {
      append(
        .setLimitBand(
          SetLimitBand(
            account: id, commodity: CommodityID(UInt32(row.commodity)), measure: row.measure,
            value: row.value, bar: row.bar)))
    }
    for row in account.orderSizes {
      append(
        .setOrderSize(
          SetOrderSize(
            account: id, commodity: CommodityID(UInt32(row.commodity)), lots: row.lots ?? .min,
            margin: row.margin ?? .none)))
    }
    for written in account.tradable.scopes {
      guard let scope = scope(written) else { continue }
      append(.setTradable(SetTradable(account: id, scope: scope, listed: true)))
    }
    setRates(.operationAccount, id.raw, account.rates)
    setRateModes(account, id)
    setOpening(.operationAccount, id.raw, account.opening)
  }

  private mutating func setCredential(
    _ account: OperationAccountSettings, _ id: OperationAccountID
  ) {
    let hash: String?
    if case .hash(let written) = account.credential {
      hash = written
    } else {
      hash = input.passwordHashes[account.name]
    }
    guard let hash, let text = FixedText<128>(hash), !text.isEmpty else {
      report(
        .missingKey, in: OperationAccountReader.file,
        "the operation account \(ConfigNode.quoted(account.name)) has no password hash")
      return
    }
    append(.setCredential(SetCredential(account: id, hash: text)))
  }

  private func settings(of account: OperationAccountSettings) -> [(AccountSetting, Int64)] {
    var settings: [(AccountSetting, Int64)] = [
      (.enabled, account.isEnabled ? 1 : 0), (.openPermission, account.mayOpen ? 1 : 0),
      (.hedgePermission, account.mayHedge ? 1 : 0), (.positionCap, account.positionCap),
      (.marginCap, account.marginCap.units), (.sessions, account.sessions),
      (.tradableOnlyListed, account.tradable.opensOnlyListed ? 1 : 0),
    ]
    if account.dropsOlderSession { settings.append((.dropsOlderSession, 1)) }
    if account.ignoresExposureOnClose { settings.append((.ignoresExposureOnClose, 1)) }
    if account.countsNightClose { settings.append((.countsNightClose, 1)) }
    if account.disconnectCancel != .off {
      settings.append((.cancelOnDisconnect, account.disconnectCancel.rawValue))
      settings.append((.disconnectGraceSeconds, account.disconnectGraceSeconds))
    }
    if let count = account.cancelLimit {
      settings.append((.cancelLimit, count))
      settings.append((.cancelLimitClosingToo, account.cancelLimitBarsClosing ? 1 : 0))
    }
    if let rate = account.orderRate {
      settings.append((.orderRateWindowMilliseconds, rate.windowMilliseconds))
      settings.append((.orderRateBar, rate.bar.rawValue))
      settings.append((.orderRateCount, rate.count))
    }
    if let count = account.duplicateCount {
      settings.append((.duplicateWindowMilliseconds, account.duplicateWindowMilliseconds))
      settings.append((.duplicateCount, count))
    }
    let limits: [(AccountSetting, Int64?)] = [
      (.openOrders, account.openOrders), (.tradedValue, account.tradedValue?.units),
      (.fatFingerNotional, account.fatFingerNotional?.units),
      (.fatFingerTicks, account.fatFingerTicks),
      (.fatFingerPercent, account.fatFingerPercent?.units), (.staleSeconds, account.staleSeconds),
    ]
    for (setting, value) in limits {
      if let value { settings.append((setting, value)) }
    }
    settings += zip(
      [AccountSetting.declarationMode, .declarationFee, .declarationUnit],
      declaration(account.declaration))
    if let bits = bits(account.oneSided) { settings.append((.oneSidedExchanges, bits)) }
    return settings
  }

  /// Signed lots of operation accounts and of fund accounts agree per product and instrument
  /// (design.md, "Conservation"). A difference is a notice: the counter's own positions decide.
  mutating func checkConservation() {
    struct Key: Hashable {
      var product: Int
      var instrument: Int
    }
    var difference: [Key: Int64] = [:]
    func add(_ product: Int?, _ opening: OpeningState, _ sign: Int64) {
      guard let product else { return }
      for position in opening.positions {
        let reference = position.instrument.value
        guard let place = listing.place(of: reference, configuration.calendar) else { continue }
        difference[Key(product: product, instrument: place), default: 0] +=
          sign * position.side.sign * Int64(position.lots)
      }
    }
    for account in configuration.operationAccounts { add(account.product, account.opening, 1) }
    for account in configuration.fundAccounts { add(account.product, account.opening, -1) }
    let broken = difference.filter { $0.value != 0 }
      .sorted { ($0.key.product, $0.key.instrument) < ($1.key.product, $1.key.instrument) }
    for (key, lots) in broken {
      report(
        .notice, in: OperationAccountReader.file,
        "product \(ConfigNode.quoted(configuration.products[key.product].name)), "
          + "\(listing.instruments[key.instrument].code): opening lots of its operation accounts "
          + "less those of its fund accounts are \(lots), not 0")
    }
  }
}
