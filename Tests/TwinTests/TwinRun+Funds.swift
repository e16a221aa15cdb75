import Domain
import Messages
import ReferenceModel

// What a fund account limits, and what controllers do about fund accounts.
extension TwinRun {
  func fundLimit() {
    if draw.chance(20) { return budget() }
    switch draw.below(11) {
    case 0:
      step(
        .setFundOpenVolume(
          SetFundOpenVolume(
            fundAccount: anyFund, scope: anyScope,
            lots: draw.pick([.min, 0, 10, 30, Int64(draw.within(5...60))]))))
    case 1, 2: release()
    case 3:
      step(
        .setFundTradable(
          SetFundTradable(
            fundAccount: anyFund, session: draw.pick([.day, .day, .night, .unknown]),
            scope: anyScope, listed: draw.chance(40))))
    case 4:
      step(
        .setSharedTradable(
          SetSharedTradable(
            product: draw.chance(30) ? .none : ProductID(UInt32(draw.below(4))), scope: anyScope,
            listed: draw.chance(30))))
    case 5, 6:
      step(
        .setFundQuota(
          SetFundQuota(
            fundAccount: anyFund, exchange: draw.pick([.shfe, .dce, .cffex, .czce, .unknown]),
            cancels: draw.pick([.min, 1, 4, 40]), lots: draw.pick([.min, 20, 60]),
            cancelReserve: draw.pick([0, 0, 1]), lotsReserve: draw.pick([0, 5]))))
    case 7:
      step(
        .setFundPriority(
          SetFundPriority(
            fundAccount: anyFund, scope: anyScope, open: draw.pick([.min, 1, 5]),
            close: draw.pick([.min, 1, 5]), closeToday: draw.pick([.min, 1, 5]))))
    case 8:
      step(
        .setPlatform(
          SetPlatform(
            setting: draw.pick([.mapsExternal, .mapsExternal, .tradableOnlyListed]),
            value: draw.pick([.min, 0, 0, 0, 0, 1]))))
    default: assign()
    }
  }

  /// What a seed is about, where it is about fund accounts.
  func fundTheme() {
    switch draw.below(7) {
    case 5, 6: tightBudgets()
    case 0: tightFunds()
    case 1: locks()
    case 2: listsAndVolumes()
    case 3: slowLinks()
    default: mapping()
    }
  }

  private func release() {
    let isFund = draw.chance(60)
    if draw.chance(40) { return releaseByController(isFund: isFund) }
    step(
      .releaseOrderRate(
        ReleaseOrderRate(
          holderKind: draw.chance(4) ? .unknown : isFund ? .fundAccount : .operationAccount,
          holderID: UInt32(draw.below(isFund ? 9 : 8)))))
  }

  /// A controller gives a waiting trade to somebody, sometimes to the wrong one.
  func assign() {
    guard let trade = twin.waitingTrades.last else {
      step(
        .assignUnmapped(
          AssignUnmapped(trade: 9_999, account: anyAccount, offset: .open, lots: 1)))
      return
    }
    let bound = TwinWorld.accountProducts.indices.filter {
      TwinWorld.accountProducts[$0].map { ProductID($0) } == trade.product
    }
    let account =
      bound.isEmpty || draw.chance(6) ? anyAccount : OperationAccountID(UInt32(draw.pick(bound)))
    step(
      .assignUnmapped(
        AssignUnmapped(
          trade: trade.number, account: account,
          offset: draw.chance(80) ? trade.offset : draw.pick([.open, .close, .unknown]),
          lots: draw.chance(70)
            ? Lots(draw.within(1...Int(trade.lots))) : trade.lots + Lots(draw.below(2)))))
  }

  /// Everything that a fund account limits, tight.
  private func tightFunds() {
    let isByLots = draw.chance(50)
    for fund in TwinWorld.funds {
      for (setting, value) in [
        (FundAccountSetting.orderRateCount, Int64(4)), (.orderRateWindowMilliseconds, 15_000),
        (.orderRateBar, Int64(draw.within(1...3))),
      ] where draw.chance(60) {
        step(.setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: value)))
      }
      for exchange in [Exchange.shfe, .dce, .czce, .cffex] where draw.chance(90) {
        step(
          .setFundQuota(
            SetFundQuota(
              fundAccount: fund, exchange: exchange,
              cancels: isByLots ? .min : draw.pick([2, 3]),
              lots: isByLots ? 9 : .min, cancelReserve: 1, lotsReserve: 2)))
      }
    }
  }

  /// Few messages a second, so that much waits.
  private func slowLinks() {
    isAboutMessages = true
    for fund in TwinWorld.funds {
      for (setting, value) in [
        (FundAccountSetting.messageQuota, Int64(draw.within(1...6))),
        (.messageReserve, Int64(draw.below(3))),
      ] where draw.chance(85) {
        step(.setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: value)))
      }
    }
  }

  /// What no fund account may open although the accounts' own lists allow it, and little of the
  /// rest.
  private func listsAndVolumes() {
    for account in TwinWorld.accounts.prefix(8) {
      step(
        .setTradable(
          SetTradable(account: account, scope: .instrument(InstrumentID(7)), listed: true)))
    }
    for fund in TwinWorld.funds {
      step(
        .setFundTradable(
          SetFundTradable(
            fundAccount: fund, session: .day, scope: .commodity(CommodityID(0)), listed: true)))
      for commodity in UInt32(1)..<6 where draw.chance(50) {
        step(
          .setFundOpenVolume(
            SetFundOpenVolume(
              fundAccount: fund, scope: .commodity(CommodityID(commodity)),
              lots: Int64(draw.pick([0, 3, 8])))))
      }
    }
  }

  /// Products that lock, with little money here and there.
  private func locks() {
    for product in 0..<UInt32(2) {
      for (setting, value) in [
        (ProductSetting.lockMode, Int64(draw.within(1...2))),
        (.closesWithoutFunds, Int64(draw.below(2))),
        (.closesTodayWithoutLock, Int64(draw.below(2))),
      ] {
        step(
          .setProduct(SetProduct(product: ProductID(product), setting: setting, value: value)))
      }
    }
    for fund in TwinWorld.funds where draw.chance(30) {
      step(
        .setFundAccount(
          SetFundAccount(
            fundAccount: fund, setting: .minimumReserve,
            value: twin.money(.fund(fund)).available - 200_000 * Money.unitsPerYuan)))
    }
  }

  /// Trades of nobody's become an account's.
  private func mapping() {
    step(.setPlatform(SetPlatform(setting: .mapsExternal, value: 1)))
    for (product, account) in [(UInt32(0), Int64(1)), (1, 3), (2, 6)] {
      step(
        .setProduct(
          SetProduct(
            product: ProductID(product), setting: draw.chance(70) ? .externalAccount : .autoMapping,
            value: draw.chance(70) ? account : 2)))
    }
    step(.setProduct(SetProduct(product: ProductID(3), setting: .autoMapping, value: 2)))
  }
}
