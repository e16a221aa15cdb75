import Domain
import Engine
import Messages
import ReferenceModel

// What administrators change, and who logs on.
extension TwinRun {
  var anyAccount: OperationAccountID { OperationAccountID(UInt32(draw.below(8))) }
  var anyFund: FundAccountID { draw.pick(TwinWorld.funds) }
  var anyCommodity: CommodityID { CommodityID(UInt32(draw.below(6))) }
  var anyScope: Scope {
    draw.chance(50)
      ? .commodity(anyCommodity) : .instrument(InstrumentID(draw.pick(TwinWorld.traded)))
  }
  private var anyHedge: HedgeFlag { draw.pick([.unknown, .speculation, .hedge]) }
  private func yuan(_ amount: Int) -> Int64 { Int64(amount) * Money.unitsPerYuan }

  func setting() {
    if draw.chance(22) { return fundLimit() }
    if draw.chance(12) { return changeRates() }
    switch draw.weighted([40, 8, 8, 5, 5, 5, 4, 5, 5, 5, 5, 5, 4, 3, 3, 14]) {
    case 0: step(.setAccount(accountSetting()))
    case 1: step(.setProduct(productSetting()))
    case 2: step(.setFundAccount(fundSetting()))
    case 3:
      step(
        .setPositionLimit(
          SetPositionLimit(
            account: anyAccount, scope: anyScope, hedge: anyHedge,
            lots: draw.chance(70) ? Int64(draw.within(5...60)) : .min,
            margin: draw.chance(50) ? .none : Money(units: yuan(draw.within(50_000...900_000))))))
    case 4:
      step(
        .setLimitBand(
          SetLimitBand(
            account: anyAccount, commodity: anyCommodity,
            measure: draw.chance(50) ? .ticks : .percent,
            value: draw.pick([5, 20, 300_000, .min]),
            bar: draw.pick([.all, .againstMove, .withMove])
          )))
    case 5:
      step(
        .setOrderSize(
          SetOrderSize(
            account: anyAccount, commodity: anyCommodity, lots: Int64(draw.within(6...20)),
            margin: draw.chance(60) ? .none : Money(units: yuan(200_000)))))
    case 6:
      step(
        .setTradable(
          SetTradable(account: anyAccount, scope: anyScope, listed: draw.chance(50))))
    case 7:
      step(
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: anyFund, scope: anyScope, hedge: anyHedge,
            long: Int64(draw.within(5...50)), short: Int64(draw.within(5...50)),
            total: draw.chance(50) ? .min : 60)))
    case 8:
      step(
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: anyFund, scope: anyScope, lots: Int64(draw.within(2...15)),
            margin: .none)))
    case 9:
      step(
        .setTradingCode(
          SetTradingCode(
            fundAccount: anyFund, exchange: draw.pick([.shfe, .dce, .cffex]),
            code: FixedText(draw.pick(["", "one", "one", "two"]))!)))
    case 10:
      step(
        .setProductMode(
          SetProductMode(
            product: ProductID(UInt32(draw.below(3))), commodity: anyCommodity,
            mode: draw.pick([.unknown, .priority, .ratio, .netPosition]))))
    case 11: moveCash()
    case 12: access()
    case 13: deliveryBar()
    case 14: changeRates()
    default: line()
    }
  }

  private func deliveryBar() {
    step(
      .setDeliveryBar(
        SetDeliveryBar(
          product: ProductID(UInt32(draw.below(3))),
          scope: draw.pick([
            .exchange(.shfe), .commodity(CommodityID(1)), .instrument(InstrumentID(2)),
          ]),
          barred: draw.chance(40))))
  }

  /// What the seed is about: settings that go together, so that a rule is met often.
  func theme() {
    let accounts = TwinWorld.accounts.prefix(8)
    func all(_ setting: AccountSetting, _ value: Int64) {
      for account in accounts where draw.chance(40) {
        step(.setAccount(SetAccount(account: account, setting: setting, value: value)))
      }
    }
    if draw.chance(38) { return draw.chance(50) ? fundTheme() : schemeTheme() }
    switch draw.below(15) {
    case 12...14: for _ in 0..<16 { line() }
    case 0:
      for _ in 0..<3 { all(.cancelLimit, 1) }
      all(.cancelLimitClosingToo, Int64(draw.below(2)))
    case 1:
      for account in accounts where draw.chance(40) {
        for (setting, value) in [
          (AccountSetting.orderRateCount, 4), (.orderRateWindowMilliseconds, 15_000),
          (.orderRateBar, draw.within(1...3)),
        ] {
          step(
            .setAccount(SetAccount(account: account, setting: setting, value: Int64(value))))
        }
      }
    case 2:
      step(.setPlatform(SetPlatform(setting: .lockoutFailures, value: 2)))
      for _ in 0..<6 { access() }
      for _ in 0..<30 { session() }
    case 3:
      for fund in TwinWorld.funds where draw.chance(40) {
        step(
          .setFundAccount(SetFundAccount(fundAccount: fund, setting: .openPermission, value: 0)))
      }
    case 4:
      for fund in TwinWorld.funds {
        step(
          .setFundOrderSize(
            SetFundOrderSize(
              fundAccount: fund, scope: .commodity(anyCommodity),
              lots: Int64(draw.pick([0, 0, 2])), margin: .none)))
      }
    case 5:
      oneOwner()
    case 6: comingAndGoing()
    case 7: all(.openOrders, 1)
    case 8:
      for product in 0..<UInt32(3) {
        step(
          .setProduct(
            SetProduct(
              product: ProductID(product), setting: .refusePartialPlacement, value: 1)))
      }
    case 9:
      for fund in TwinWorld.funds {
        step(
          .setFundPositionLimit(
            SetFundPositionLimit(
              fundAccount: fund, scope: .commodity(CommodityID(0)), hedge: .unknown, long: 8,
              short: 8, total: .min)))
      }
    case 10:
      for fund in TwinWorld.funds {
        step(
          .setFundAccount(
            SetFundAccount(
              fundAccount: fund, setting: .minimumReserve,
              value: twin.money(.fund(fund)).available - yuan(200_000))))
      }
    default: break
    }
  }

  /// Accounts whose orders go with their last session.
  private func comingAndGoing() {
    isComingAndGoing = true
    step(.setPlatform(SetPlatform(setting: .lockoutFailures, value: .min)))
    for account in TwinWorld.accounts.prefix(8) {
      for (setting, value) in [
        (AccountSetting.sessions, Int64(2)),
        (.cancelOnDisconnect, Int64(draw.within(0...2))),
        (.disconnectGraceSeconds, Int64(draw.pick([0, 2, 10]))),
      ] {
        step(.setAccount(SetAccount(account: account, setting: setting, value: value)))
      }
      comeOrGo(account)
    }
  }

  /// Somebody logs on, or a session is over; of an account without one that is a new run's word.
  func comeOrGo(_ account: OperationAccountID) {
    let session = SessionID(UInt64(stepNumber) + 100)
    guard draw.chance(50) else {
      step(.sessionClosed(SessionClosed(session: session, account: account)))
      return
    }
    step(
      .logon(
        Logon(
          session: session, account: account, passwordVerified: true,
          address: NetworkAddress(ipv4: 150), mac: MACAddress(raw: 5),
          terminalName: FixedText("twin")!, terminalVersion: FixedText("1")!)))
  }

  /// Fund accounts of one legal owner, at some exchanges.
  private func oneOwner() {
    for fund in TwinWorld.funds {
      for exchange in [Exchange.shfe, .dce, .czce] where draw.chance(60) {
        step(
          .setTradingCode(
            SetTradingCode(fundAccount: fund, exchange: exchange, code: FixedText("one")!)))
      }
    }
  }

  /// Most may hedge, and most products try a refused child again: else little would come of them.
  func permissions() {
    for account in TwinWorld.accounts.prefix(8) where draw.chance(75) {
      step(.setAccount(SetAccount(account: account, setting: .hedgePermission, value: 1)))
    }
    for fund in TwinWorld.funds where draw.chance(75) {
      step(.setFundAccount(SetFundAccount(fundAccount: fund, setting: .hedgePermission, value: 1)))
    }
    for product in 0..<UInt32(3) where draw.chance(60) {
      step(
        .setProduct(
          SetProduct(product: ProductID(product), setting: .retryRejectedChild, value: 1)))
    }
  }

  /// Limits that bite now and then; half the time they are taken away again.
  private func accountSetting() -> SetAccount {
    let choices: [(AccountSetting, [Int64])] = [
      (.enabled, [0, 1, 1]), (.openPermission, [0, 1, 1]), (.hedgePermission, [0, 1, 1]),
      (.positionCap, [20, 60, 200]), (.marginCap, [yuan(300_000), yuan(2_000_000)]),
      (.cancelLimit, [1, 3]), (.cancelLimitClosingToo, [0, 1]), (.openOrders, [2, 6]),
      (.orderRateCount, [3, 6]), (.orderRateWindowMilliseconds, [1_000, 20_000]),
      (.orderRateBar, [1, 2, 3]), (.tradedValue, [yuan(2_000_000), yuan(20_000_000)]),
      (.fatFingerNotional, [yuan(400_000), yuan(4_000_000)]), (.fatFingerTicks, [3, 10]),
      (.fatFingerPercent, [1_000, 50_000]), (.duplicateCount, [1, 2]),
      (.duplicateWindowMilliseconds, [500, 60_000]), (.staleSeconds, [2, 30]), (.sessions, [1, 3]),
      (.tradableOnlyListed, [0, 0, 1]), (.ignoresExposureOnClose, [0, 1]),
    ]
    let (setting, values) = draw.pick(choices)
    let isLoose = draw.chance(50)
    return SetAccount(
      account: draw.chance(98) ? anyAccount : OperationAccountID(44), setting: setting,
      value: isLoose ? .min : draw.pick(values))
  }

  private func productSetting() -> SetProduct {
    let choices: [(ProductSetting, [Int64])] = [
      (.openPermission, [0, 1, 1, 1]), (.tradedValue, [yuan(30_000_000), .min]),
      (.refusePartialPlacement, [0, 1]), (.retryRejectedChild, [0, 1, 1]), (.mode, [9]),
      (.lockMode, [0, 1, 2, 2, 7]), (.closesWithoutFunds, [0, 1]),
      (.closesTodayWithoutLock, [0, 1]), (.autoMapping, [0, 1, 2, 3]),
      (.externalAccount, [.min, 0, 3, 5, 6]), (.tradableOnlyListed, [0, 0, 0, 0, 0, 1]),
      (.barsFromLevelTwo, [0, 0, 1]), (.ignoresExposureOnClose, [0, 0, 1]),
      (.schemeLiquidation, [0, 1, 2, 2, 3]), (.schemeLiquidationExtent, [.min, 1, 2, 5]),
    ]
    let (setting, values) = draw.pick(choices)
    return SetProduct(
      product: ProductID(UInt32(draw.below(3))), setting: setting, value: draw.pick(values))
  }

  private func fundSetting() -> SetFundAccount {
    let choices: [(FundAccountSetting, [Int64])] = [
      (.openPermission, [0, 1, 1]), (.hedgePermission, [0, 1, 1]),
      (.minimumReserve, [yuan(100_000), yuan(1_900_000), .min]), (.priority, [0, 1, 2]),
      (.orderRateCount, [.min, 3, 6]), (.orderRateWindowMilliseconds, [1_000, 20_000, .min]),
      (.orderRateBar, [1, 2, 3, .min]), (.dayOnlyListed, [0, 0, 0, 0, 1]),
      (.nightOnlyListed, [0, 1]), (.messageQuota, [.min, 1, 3, 9, 0, 5_000]),
      (.messageReserve, [0, 1, 4]),
    ]
    let (setting, values) = draw.pick(choices)
    return SetFundAccount(fundAccount: anyFund, setting: setting, value: draw.pick(values))
  }

  private func moveCash() {
    let yuan = draw.pick([100_000, 1_000_000, -50_000, -9_000_000, -400_000])
    step(
      .moveCash(
        MoveCash(
          account: draw.pick(TwinWorld.accounts), allowedLoss: Money(yuan: Int64(yuan)),
          notToLose: draw.chance(70) ? .zero : Money(yuan: 7_000))))
  }

  // MARK: Sessions

  private func access() {
    let account = anyAccount
    switch draw.below(6) {
    case 4:
      step(.clearAccess(ClearAccess(account: account, list: draw.pick([.addresses, .macs]))))
    case 5:
      let revision = engine.configurationRevision + draw.pick([0, 0, 1])
      step(
        .configurationChange(
          ConfigurationChange(who: FixedText("admin")!, revision: revision, changes: 1)))
    case 0:
      step(
        .allowAddress(
          AllowAddress(
            account: account, from: NetworkAddress(ipv4: 100), to: NetworkAddress(ipv4: 200))))
    case 1: step(.allowMAC(AllowMAC(account: account, mac: MACAddress(raw: 5))))
    case 2: step(.setCredential(SetCredential(account: account, hash: FixedText("hash")!)))
    default:
      step(
        .setPlatform(
          SetPlatform(
            setting: draw.pick([.childAnswerSeconds, .ordersPerAccountDay]),
            value: draw.pick([.min, 5, 60]))))
    }
  }

  func session() {
    let account = anyAccount
    let session = SessionID(UInt64(stepNumber) + 100)
    guard draw.chance(80) else {
      step(.sessionClosed(SessionClosed(session: session, account: account)))
      return
    }
    step(
      .logon(
        Logon(
          session: session, account: account, passwordVerified: draw.chance(50),
          address: NetworkAddress(ipv4: UInt32(draw.pick([50, 150]))),
          mac: MACAddress(raw: UInt64(draw.pick([5, 6]))),
          terminalName: FixedText("twin")!, terminalVersion: FixedText("1")!)))
  }
}
