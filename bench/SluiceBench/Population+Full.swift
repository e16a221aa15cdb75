import Domain
import Messages

// The whole rule book at once: what a fund account, a product, a template and a clause can limit,
// on top of every limit and line of an account, and all of it out of reach.
extension Population {
  /// Every so-manyth commodity has rows of its own at a fund account.
  private static let commoditiesARow = 4

  func defineFullBook(ofProduct product: Int, _ feed: inout Feed) {
    guard isFull else { return }
    let id = ProductID(UInt32(product))
    feed.step(
      .setDeliveryBar(
        SetDeliveryBar(product: id, scope: .commodity(CommodityID(1)), barred: true)))
    feed.step(
      .setSharedTradable(
        SetSharedTradable(product: id, scope: .commodity(CommodityID(2)), listed: true)))
    for index in 0..<Population.fundAccountsPerProduct {
      define(FundAccountID(UInt32(product * Population.fundAccountsPerProduct + index)), &feed)
    }
  }

  private func define(_ fund: FundAccountID, _ feed: inout Feed) {
    let settings: [(FundAccountSetting, Int64)] = [
      (.hedgePermission, 1), (.priority, Int64(fund.raw % 2)), (.orderRateCount, 16),
      (.orderRateWindowMilliseconds, 1), (.orderRateBar, 3), (.nightOnlyListed, 1),
    ]
    for (setting, value) in settings {
      feed.step(.setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: value)))
    }
    for exchange in Exchange.allCases where exchange != .unknown {
      feed.step(
        .setFundQuota(
          SetFundQuota(
            fundAccount: fund, exchange: exchange, cancels: 1_000_000, lots: 1_000_000,
            cancelReserve: 10, lotsReserve: 10)))
    }
    for index in stride(
      from: Int(fund.raw) % Population.commoditiesARow, to: Population.commodities,
      by: Population.commoditiesARow)
    {
      let scope = Scope.commodity(CommodityID(UInt32(index)))
      feed.step(
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: fund, scope: scope, hedge: .unknown, long: 1_000_000, short: 1_000_000,
            total: 2_000_000)))
      feed.step(
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: fund, scope: scope, lots: 500, margin: Money(units: Ranges.cashMaximum))))
      feed.step(
        .setFundOpenVolume(
          SetFundOpenVolume(fundAccount: fund, scope: scope, lots: 1_000_000)))
      feed.step(
        .setFundPriority(
          SetFundPriority(fundAccount: fund, scope: scope, open: 1, close: 1, closeToday: 1)))
      feed.step(
        .setFundTradable(
          SetFundTradable(fundAccount: fund, session: .night, scope: scope, listed: true)))
    }
  }

  /// Lines of the unit net value, and what holds at night and on holidays.
  func defineNetValue(ofProduct product: Int, _ feed: inout Feed) {
    guard isFull else { return }
    let id = ProductID(UInt32(product))
    let unit = Rate.unitsPerOne
    feed.step(
      .setNetValue(
        SetNetValue(
          product: id, mode: .equity, shares: 1_000_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)))
    feed.step(
      .setNetValueLines(
        SetNetValueLines(
          product: id, basis: .current, topUp: unit / 2, warn: unit / 4, liquidation: unit / 8)))
    for period in [SchemePeriod.night, .holiday] {
      feed.step(
        .setSchemePeriod(
          SetSchemePeriod(product: id, period: period, rule: .asDay, share: unit / 2)))
    }
  }

  /// Templates that all accounts have.
  func defineTemplates(_ feed: inout Feed) {
    guard isFull else { return }
    feed.step(.defineTemplate(DefineTemplate(name: Name("sizes")!, kind: .orderSize)))
    feed.step(.defineTemplate(DefineTemplate(name: Name("lists")!, kind: .tradable)))
    for index in 0..<Population.commodities {
      feed.step(
        .setTemplateOrderSize(
          SetTemplateOrderSize(
            template: AccountTemplateID(0), commodity: CommodityID(UInt32(index)), lots: 500,
            margin: Money(units: Ranges.cashMaximum))))
    }
    feed.step(
      .setTemplateTradable(
        SetTemplateTradable(
          template: AccountTemplateID(1), scope: .instrument(InstrumentID(0)), listed: false)))
  }

  func assignTemplates(_ account: OperationAccountID, _ feed: inout Feed) {
    guard isFull else { return }
    for (index, kind) in [TemplateKind.orderSize, .tradable].enumerated() {
      feed.step(
        .assignTemplate(
          AssignTemplate(
            account: account, kind: kind, template: AccountTemplateID(UInt32(index)))))
    }
  }
}
