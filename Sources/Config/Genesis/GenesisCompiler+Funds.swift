// What fund accounts may do, and what holds for everybody, as commands.

import Domain
import Messages

extension GenesisCompiler {
  mutating func setEverybody() {
    let everybody = configuration.everybody
    if everybody.mapsExternal {
      append(.setPlatform(SetPlatform(setting: .mapsExternal, value: 1)))
    }
    if everybody.tradable.opensOnlyListed {
      append(.setPlatform(SetPlatform(setting: .tradableOnlyListed, value: 1)))
    }
    for written in everybody.tradable.scopes {
      guard let scope = scope(written) else { continue }
      append(.setSharedTradable(SetSharedTradable(product: .none, scope: scope, listed: true)))
    }
  }

  mutating func setFundAccount(_ place: Int) {
    let account = configuration.fundAccounts[place]
    let id = FundAccountID(UInt32(place))
    var settings: [(FundAccountSetting, Int64)] = [
      (.openPermission, account.mayOpen ? 1 : 0), (.hedgePermission, account.mayHedge ? 1 : 0),
      (.minimumReserve, account.minimumReserve.units), (.priority, account.priority),
    ]
    if account.tradableDay.opensOnlyListed { settings.append((.dayOnlyListed, 1)) }
    if account.tradableNight.opensOnlyListed { settings.append((.nightOnlyListed, 1)) }
    if let rate = account.orderRate {
      settings.append((.orderRateWindowMilliseconds, rate.windowMilliseconds))
      settings.append((.orderRateBar, rate.bar.rawValue))
      settings.append((.orderRateCount, rate.count))
    }
    settings += zip(
      [FundAccountSetting.declarationMode, .declarationFee, .declarationUnit],
      declaration(account.declaration))
    if let bits = bits(account.oneSided) { settings.append((.oneSidedExchanges, bits)) }
    if let bits = bits(account.counterOneSided) {
      settings.append((.counterOneSidedExchanges, bits))
    }
    if let quota = configuration.messageQuota(of: account) {
      settings.append((.messageQuota, quota))
      settings.append((.messageReserve, account.messageReserve))
    }
    for (setting, value) in settings {
      append(.setFundAccount(SetFundAccount(fundAccount: id, setting: setting, value: value)))
    }
    for code in account.tradingCodes {
      append(
        .setTradingCode(
          SetTradingCode(fundAccount: id, exchange: code.exchange, code: fixed(code.code))))
    }
    if let group = account.controlGroup {
      append(.setControlGroup(SetControlGroup(fundAccount: id, name: fixed(group))))
    }
    for commodity in account.marketMaking {
      append(
        .setMarketMaking(
          SetMarketMaking(
            fundAccount: id, commodity: CommodityID(UInt32(commodity)), makesMarket: true)))
    }
    for row in account.orderSizes {
      guard let scope = scope(row.scope) else { continue }
      append(
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: id, scope: scope, lots: row.lots ?? .min, margin: row.margin ?? .none)))
    }
    for row in account.positionLimits {
      guard let scope = scope(row.scope) else { continue }
      append(
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: id, scope: scope, hedge: row.hedge, long: row.long ?? .min,
            short: row.short ?? .min, total: row.total ?? .min)))
    }
    setLimits(account, id)
    setCounterRates(id, account.counterRates)
    setRates(.fundAccount, id.raw, account.rates)
    setOpening(.fundAccount, id.raw, account.opening)
  }

  private mutating func setLimits(_ account: FundAccountSettings, _ id: FundAccountID) {
    for row in account.openVolumes {
      guard let scope = scope(row.scope) else { continue }
      append(
        .setFundOpenVolume(SetFundOpenVolume(fundAccount: id, scope: scope, lots: row.lots)))
    }
    for (session, list) in [
      (SessionDate.day, account.tradableDay), (.night, account.tradableNight),
    ] {
      for written in list.scopes {
        guard let scope = scope(written) else { continue }
        append(
          .setFundTradable(
            SetFundTradable(fundAccount: id, session: session, scope: scope, listed: true)))
      }
    }
    for row in account.quotas {
      append(
        .setFundQuota(
          SetFundQuota(
            fundAccount: id, exchange: row.exchange, cancels: row.cancels ?? .min,
            lots: row.lots ?? .min, cancelReserve: row.cancelReserve,
            lotsReserve: row.lotsReserve)))
    }
    for row in account.priorities {
      guard let scope = scope(row.scope) else { continue }
      append(
        .setFundPriority(
          SetFundPriority(
            fundAccount: id, scope: scope, open: row.open ?? .min, close: row.close ?? .min,
            closeToday: row.closeToday ?? .min)))
    }
  }
}
