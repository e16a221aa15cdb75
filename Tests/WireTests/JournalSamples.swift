import Domain
import Messages

/// One command and one effect of every kind.
enum JournalSamples {
  static let day = TradingDay(yyyymmdd: 20_261_123)!
  static let refusal = Refusal(
    .positionLimit, observed: 98, limit: 100, asked: 5, unit: .lots, scope: .commodity, scopeID: 7)

  static let orders: [Command] = [
    .newOrder(
      NewOrder(
        session: SessionID(3), account: OperationAccountID(1), instrument: InstrumentID(2),
        clOrdID: ClOrdID("order-1")!, side: .buy, offset: .open, hedge: .speculation, type: .limit,
        timeInForce: .day, price: Price(units: -31_200_000), lots: 3, minimumLots: 1)),
    .cancelOrder(
      CancelOrder(
        session: SessionID(3), account: OperationAccountID(1), requestID: ClOrdID("c-1")!,
        target: .none, targetClOrdID: ClOrdID("order-1")!)),
    .massCancel(
      MassCancel(
        session: SessionID(3), account: OperationAccountID(1), requestID: ClOrdID("c-2")!,
        instrument: .none, side: .unknown)),
    .logon(
      Logon(
        session: SessionID(3), account: OperationAccountID(1), passwordVerified: true,
        address: NetworkAddress(ipv4: 0x7F00_0001), mac: MACAddress(raw: 0x0011_2233_4455),
        terminalName: FixedText("sample")!, terminalVersion: FixedText("1.0")!)),
    .sessionClosed(SessionClosed(session: SessionID(3), account: OperationAccountID(1))),
    .childReport(
      ChildReport(
        fundAccount: FundAccountID(0), counterSequence: 4, child: OrderID(raw: 9), kind: .rejected,
        cumulativeLots: 0, rejectCode: -31, venueOrderID: VenueID("v")!)),
    .counterTrade(
      CounterTrade(
        fundAccount: FundAccountID(0), counterSequence: 5, child: .none,
        instrument: InstrumentID(2), side: .sell, offset: .closeToday, hedge: .hedge,
        price: Price(units: 1), lots: 2, tradeTime: Timestamp(nanoseconds: 7),
        tradeID: VenueID("t")!, venueOrderID: VenueID("v")!)),
    .counterLinkUp(
      CounterLinkUp(fundAccount: FundAccountID(0), epoch: 2, lastCounterSequence: 5)),
    .counterResynced(CounterResynced(fundAccount: FundAccountID(0), epoch: 2)),
    .counterLinkDown(CounterLinkDown(fundAccount: FundAccountID(0))),
    .counterFunds(
      CounterFunds(
        fundAccount: FundAccountID(0), equity: Money(yuan: 5), available: Money(yuan: -1),
        margin: .none, netCash: Money(yuan: -3))),
  ]

  static let market: [Command] = [
    .tick(
      Tick(
        instrument: InstrumentID(2), last: Price(units: 5), bid: .none, bidLots: 1,
        ask: Price(units: 6), askLots: 2, upperLimit: .none, lowerLimit: .none,
        preSettlement: Price(units: 4), volume: 1_000, openInterest: 2_000,
        exchangeTime: Timestamp(nanoseconds: 8))),
    .instrumentStatus(InstrumentStatus(instrument: InstrumentID(2), phase: .auction)),
    .dayReference(
      DayReference(
        instrument: InstrumentID(2), preSettlement: Price(units: 4), preClose: Price(units: 5),
        upperLimit: Price(units: 6), lowerLimit: Price(units: 3), openInterest: 9)),
    .settlementPrice(SettlementPrice(instrument: InstrumentID(2), price: Price(units: 4))),
    .timeReached,
    .continueWork,
    .daySwitch(DaySwitch(tradingDay: day, nightDate: 20_261_120)),
    .clockJumped(ClockJumped(nanoseconds: -2_000_000_000)),
    .confirmClock,
  ]

  static let definitions: [Command] = [
    .engineSettings(EngineSettings(shard: 1, seed: 42)),
    .defineTradingHours(
      DefineTradingHours(
        name: Name("day")!, count: 1,
        intervals: InlineArray(
          repeating: TradingInterval(
            date: .day, phase: .continuous, startSecond: 32_400, endSecond: 41_400)))),
    .defineCommodity(
      DefineCommodity(
        code: CommodityCode("rb")!, exchange: .shfe, hours: TradingHoursID(0),
        deliveryMultiple: 30)),
    .defineInstrument(
      DefineInstrument(
        code: InstrumentCode("rb2610P3500")!, commodity: CommodityID(1), deliveryYear: 2_026,
        deliveryMonth: 10, lastTradingDay: day, multiplier: 10, tick: Price(units: 5_000),
        minimumLimitLots: 1, maximumLimitLots: 500, minimumMarketLots: 1, maximumMarketLots: 0,
        option: .put, strike: Price(units: 35_000_000), underlying: InstrumentID(0))),
    .defineCounter(DefineCounter(name: Name("counter")!)),
    .defineProduct(DefineProduct(name: Name("产品")!, mode: .ratio)),
    .defineFundAccount(
      DefineFundAccount(name: Name("f1")!, product: ProductID(0), counter: CounterID(0))),
    .defineOperationAccount(DefineOperationAccount(name: Name("alpha")!, product: .none)),
  ]

  static let settings: [Command] = [
    .setPlatform(SetPlatform(setting: .lockoutFailures, value: 5)),
    .setAccount(
      SetAccount(account: OperationAccountID(1), setting: .positionCap, value: .min)),
    .setProduct(SetProduct(product: ProductID(0), setting: .mode, value: 2)),
    .setFundAccount(SetFundAccount(fundAccount: FundAccountID(0), setting: .priority, value: 1)),
    .setProductMode(
      SetProductMode(product: ProductID(0), commodity: CommodityID(0), mode: .netPosition)),
    .setDeliveryBar(
      SetDeliveryBar(product: ProductID(0), scope: .exchange(.dce), barred: true)),
    .setTradingCode(
      SetTradingCode(fundAccount: FundAccountID(0), exchange: .ine, code: FixedText("80001")!)),
    .setCredential(
      SetCredential(account: OperationAccountID(1), hash: FixedText("$argon2id$v=19$m=65536")!)),
    .allowAddress(
      AllowAddress(
        account: OperationAccountID(1), from: NetworkAddress(high: 1, low: 2),
        to: NetworkAddress(high: 1, low: 9))),
    .allowMAC(AllowMAC(account: OperationAccountID(1), mac: MACAddress(raw: 1))),
    .setPositionLimit(
      SetPositionLimit(
        account: OperationAccountID(1), scope: .commodity(CommodityID(0)), hedge: .unknown,
        lots: 100, margin: .none)),
    .setLimitBand(
      SetLimitBand(
        account: OperationAccountID(1), commodity: CommodityID(0), measure: .percent,
        value: 10_000, bar: .withMove)),
    .setAccountLine(
      SetAccountLine(
        account: OperationAccountID(2), line: .dailyLossRatio, basis: .allowedLoss, mode: .unknown,
        warn: 10_000_000, liquidate: .min)),
    .setPlatformLine(
      SetPlatformLine(
        line: .totalLossRatio, basis: .marketEquity, warn: 5, liquidate: 12_000_000)),
    .setLineAction(SetLineAction(line: .drawdown, level: .liquidate, action: .slowDown)),
    .setNoticeAudience(
      SetNoticeAudience(rule: .drawdown, level: .warn, audience: .controllers)),
    .setOvernight(
      SetOvernight(
        account: OperationAccountID(2), measure: .exposure, basis: .marketEquity,
        excess: .barOnly, limit: 200_000_000)),
    .setSessionFlat(
      SetSessionFlat(
        account: OperationAccountID(2), close: .night, action: .flatten, everything: true)),
    .setSessionFlatCommodity(
      SetSessionFlatCommodity(
        account: OperationAccountID(0), close: .midday, commodity: CommodityID(3), isIn: true)),
    .setOrderSize(
      SetOrderSize(
        account: OperationAccountID(1), commodity: CommodityID(0), lots: .min,
        margin: Money(yuan: 1))),
    .setTradable(
      SetTradable(
        account: OperationAccountID(1), scope: .instrument(InstrumentID(2)), listed: false)),
    .setFundPositionLimit(
      SetFundPositionLimit(
        fundAccount: FundAccountID(0), scope: .everything, hedge: .hedge, long: 1, short: 2,
        total: 3)),
    .setFundOrderSize(
      SetFundOrderSize(
        fundAccount: FundAccountID(0), scope: .everything, lots: 9, margin: .none)),
    .setRates(
      SetRates(
        ownerKind: .platform, ownerID: .max, scope: .everything,
        rates: RateSet(
          marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
          feeCloseToday: TwoPartRate(byLot: Money(yuan: 3))))),
    .moveCash(
      MoveCash(account: OperationAccountID(1), allowedLoss: Money(yuan: 5), notToLose: .zero)),
    .setOpeningBalance(
      SetOpeningBalance(
        holderKind: .fundAccount, holderID: 0, allowedLoss: .zero, notToLose: Money(yuan: 9))),
    .setOpeningPosition(
      SetOpeningPosition(
        holderKind: .operationAccount, holderID: 1, instrument: InstrumentID(2), side: .long,
        hedge: .arbitrage, lots: 4, openPrice: Price(units: 5), markPrice: Price(units: 6),
        openDay: day)),
  ]

  static let funds: [Command] = [
    .setFundOpenVolume(
      SetFundOpenVolume(fundAccount: FundAccountID(0), scope: .commodity(CommodityID(1)), lots: 9)),
    .releaseOrderRate(ReleaseOrderRate(holderKind: .fundAccount, holderID: 3)),
    .setFundTradable(
      SetFundTradable(
        fundAccount: FundAccountID(0), session: .night, scope: .instrument(InstrumentID(2)),
        listed: true)),
    .setSharedTradable(
      SetSharedTradable(product: .none, scope: .commodity(CommodityID(1)), listed: false)),
    .setFundQuota(
      SetFundQuota(
        fundAccount: FundAccountID(0), exchange: .cffex, cancels: 1_200, lots: .min,
        cancelReserve: 1, lotsReserve: 0)),
    .setFundPriority(
      SetFundPriority(
        fundAccount: FundAccountID(0), scope: .commodity(CommodityID(1)), open: 1, close: .min,
        closeToday: -3)),
    .assignUnmapped(
      AssignUnmapped(trade: 7, account: OperationAccountID(1), offset: .closeToday, lots: 2)),
  ]

  static let schemes: [Command] = [
    .defineSector(DefineSector(name: FixedText("metals")!)),
    .setSectorCommodity(SetSectorCommodity(sector: 1, commodity: CommodityID(2), isIn: true)),
    .defineSuperSector(DefineSuperSector(name: FixedText("all")!)),
    .setSuperSectorMember(SetSuperSectorMember(superSector: 1, sector: 0, isIn: false)),
    .defineScheme(DefineScheme(name: FixedText("narrow")!)),
    .setSchemeClause(
      SetSchemeClause(
        scheme: 0, number: 256, kind: .overnightAbsoluteExposureValue, scopeKind: .superSector,
        scopeID: 1, direction: .both, basis: .netValue, levelOne: 10_000_000, levelTwo: .min)),
    .bindScheme(
      BindScheme(
        product: .none, number: 2, scheme: .max, basis: .priorDay, from: 85_000_000, to: .min,
        period: .holiday, account: OperationAccountID(4))),
    .setNetValue(
      SetNetValue(
        product: ProductID(0), mode: .externalTotal, shares: 5, total: Money(yuan: 1),
        liabilities: Money(yuan: 2), accruedFees: .zero)),
    .setNetValueLines(
      SetNetValueLines(
        product: ProductID(0), basis: .current, topUp: .min, warn: 80_000_000,
        liquidation: 75_000_000)),
    .setSchemePeriod(
      SetSchemePeriod(product: ProductID(0), period: .night, rule: .asDay, share: 50_000_000)),
    .setSchemeHoliday(SetSchemeHoliday(number: 3, from: day, to: day)),
    .setProductFees(
      SetProductFees(
        product: ProductID(1), start: 20_260_105, days: 365, initial: Money(yuan: 10_000_000))),
    .setProductFee(
      SetProductFee(
        product: ProductID(1), kind: .custody, method: .daily, basis: .priorDay,
        value: 2_000_000)),
    .setFeeBand(
      SetFeeBand(product: ProductID(1), number: 8, from: 126_000_000, share: 9_000_000)),
  ]

  static let changes: [Command] = [
    .configurationChange(
      ConfigurationChange(
        who: FixedText("admin")!, revision: 3, changes: 12, dropsUnfit: true)),
    .clearAccess(ClearAccess(account: OperationAccountID(1), list: .macs)),
    .clearControllerAccess(
      ClearControllerAccess(controller: ControllerID(2), list: .addresses)),
  ]

  static let rates: [Command] = [
    .setMarginRates(
      SetMarginRates(
        ownerKind: .template, ownerID: 3, scope: .commodity(CommodityID(1)),
        method: .relativePercent, long: TwoPartRate(byValue: Rate(units: 10_000_000)),
        short: TwoPartRate(byLot: Money(units: 10_000_000)))),
    .setFeeRates(
      SetFeeRates(
        ownerKind: .everybody, ownerID: .max, scope: .instrument(InstrumentID(2)),
        method: .unknown, open: TwoPartRate(), close: TwoPartRate(byLot: Money(yuan: 3)),
        closeToday: TwoPartRate(byValue: Rate(units: 7)))),
    .counterRates(
      CounterRates(
        fundAccount: FundAccountID(1), scope: .commodity(CommodityID(1)),
        rates: RateSet(marginShort: TwoPartRate(byValue: Rate(units: 9))))),
    .defineTemplate(DefineTemplate(name: Name("careful")!, kind: .tradable)),
    .setTemplateOrderSize(
      SetTemplateOrderSize(
        template: AccountTemplateID(1), commodity: CommodityID(1), lots: .min,
        margin: Money(yuan: 5))),
    .setTemplateTradable(
      SetTemplateTradable(
        template: AccountTemplateID(1), scope: .instrument(InstrumentID(2)), listed: true)),
    .setTemplateOnlyListed(
      SetTemplateOnlyListed(template: AccountTemplateID(1), onlyListed: true)),
    .assignTemplate(
      AssignTemplate(account: OperationAccountID(1), kind: .fee, template: .none)),
    .setDeclared(SetDeclared(commodity: CommodityID(1), declared: true)),
    .setBudget(SetBudget(scope: .exchange(.czce), kind: .limitPriceCancels, limit: 100)),
    .setControlGroup(SetControlGroup(fundAccount: FundAccountID(1), name: Name("alpha")!)),
    .setMarketMaking(
      SetMarketMaking(
        fundAccount: FundAccountID(1), commodity: CommodityID(2), makesMarket: true)),
  ]

  static let liquidations: [Command] = [
    .forceLiquidate(
      ForceLiquidate(
        who: Name("wei")!, account: OperationAccountID(1), product: .none,
        instrument: InstrumentID(2), side: .short, hedge: .hedge, extent: .toLine)),
    .stopLiquidation(
      StopLiquidation(who: Name("wei")!, account: .none, product: ProductID(0))),
  ]

  static let commands: [Command] =
    orders + market + definitions + settings + funds + liquidations + rates
    + controllers + changes + schemes

  static let effects: [Effect] = others + ofControllers

  private static let others: [Effect] = [
    .report(
      ExecutionReport(
        account: OperationAccountID(1), reportSequence: 7, session: .none, order: OrderID(raw: 9),
        clOrdID: ClOrdID("order-1")!, requestID: ClOrdID(), execType: .trade,
        state: .partlyFilled, instrument: InstrumentID(2), side: .buy, offset: .open,
        hedge: .speculation, type: .limit, timeInForce: .day, price: Price(units: 5), lots: 3,
        lastPrice: Price(units: 4), lastLots: 1, cumulativeLots: 1, leavesLots: 2, unknownLots: 0,
        fee: Money(units: 100), tradeID: VenueID("t")!, time: Timestamp(nanoseconds: 7),
        tradingDay: day, refusal: .none)),
    .sendOrder(
      SendOrder(
        fundAccount: FundAccountID(0), child: OrderID(raw: 10), instrument: InstrumentID(2),
        side: .buy, offset: .open, hedge: .speculation, type: .market, timeInForce: .fillOrKill,
        price: .none, lots: 3, minimumLots: 0)),
    .sendCancel(
      SendCancel(
        fundAccount: FundAccountID(0), child: OrderID(raw: 10), instrument: InstrumentID(2))),
    .askFate(AskFate(fundAccount: FundAccountID(0), child: OrderID(raw: 10))),
    .logonVerdict(
      LogonVerdict(
        session: SessionID(3), account: OperationAccountID(1), refusal: refusal,
        lastReportSequence: 6, tradingDay: .none)),
    .defined(Defined(kind: .instrument, id: 2)),
    .commandRefused(CommandRefused(refusal: refusal)),
    .notice(
      Notice(
        kind: .overFill, rule: .positionLimit, scopeKind: .fundAccount, scopeID: 0,
        order: OrderID(raw: 9), observed: 4, limit: 3, unit: .lots, level: .warn,
        action: .barOpening, number: 77, scheme: 2, clause: 3, instrument: InstrumentID(4))),
    .massCancelDone(
      MassCancelDone(
        session: SessionID(3), account: OperationAccountID(1), requestID: ClOrdID("c-2")!,
        orders: 4)),
    .liquidationProgress(
      LiquidationProgress(
        account: OperationAccountID(1), number: 12, owner: .controller, phase: .ended,
        end: .backToLine, extent: .toLine, rule: .dailyLoss, level: .liquidate, who: Name("wei")!,
        instrument: InstrumentID(2), side: .long, hedge: .hedge, waits: .tradingSession,
        lotsLeft: 5, orders: 3, lotsWorking: 4)),
    .forcedCancel(
      ForcedCancel(account: OperationAccountID(1), number: 12, order: OrderID(raw: 9))),
    .childWaits(
      ChildWaits(
        fundAccount: FundAccountID(1), child: OrderID(raw: 9), instrument: InstrumentID(2),
        offset: .closeToday, lots: 5, waiting: 41)),
  ]
}
