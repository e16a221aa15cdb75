import Domain
import Messages

// Everything that can limit an order or an account, on at once, and wide enough that orders pass.
extension DayWorld {
  static func rules(_ draw: inout SplitMix) -> [Command] {
    rateRules + templateRules + productRules + fundRules + platformRules + budgetRules
      + accounts.flatMap { accountRules($0, &draw) + lines($0, &draw) } + schemes(&draw)
      + closingRules
  }

  private static func yuan(_ amount: Int) -> Int64 { Int64(amount) * Money.unitsPerYuan }

  /// A limit, a little wider or narrower from account to account.
  private static func about(_ value: Int64, _ draw: inout SplitMix) -> Int64 {
    value * Int64(draw.within(60...220)) / 100
  }

  // MARK: Rates and templates

  private static var rateRules: [Command] {
    var commands: [Command] = rates.enumerated().map {
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(UInt32($0))), rates: $1))
    }
    // What its counter says of a fund account, and what an account pays on top of it.
    commands.append(
      .counterRates(
        CounterRates(
          fundAccount: FundAccountID(0), scope: .commodity(CommodityID(0)), rates: rates[0])))
    for account in [1, 4, 6] as [UInt32] {
      for setting in [AccountSetting.marginRateMode, .feeRateMode] {
        commands.append(
          .setAccount(
            SetAccount(account: OperationAccountID(account), setting: setting, value: 1)))
      }
      commands.append(
        .setFeeRates(
          SetFeeRates(
            ownerKind: .operationAccount, ownerID: account, scope: .commodity(CommodityID(2)),
            method: .relativeAbsolute, open: TwoPartRate(byValue: .zero, byLot: Money(units: 3)),
            close: TwoPartRate(byValue: Rate(units: 7), byLot: .zero),
            closeToday: TwoPartRate(byValue: .zero, byLot: .zero))))
    }
    return commands
  }

  private static var templateRules: [Command] {
    let share = TwoPartRate(byValue: Rate(units: 10_000_000), byLot: Money(units: 10_000_000))
    let kinds: [TemplateKind] = [.margin, .fee, .orderSize, .tradable]
    var commands: [Command] = kinds.enumerated().map {
      .defineTemplate(DefineTemplate(name: Name("template-\($0)")!, kind: $1))
    }
    commands += [
      .setMarginRates(
        SetMarginRates(
          ownerKind: .template, ownerID: 0, scope: .commodity(CommodityID(0)),
          method: .relativePercent, long: share, short: share)),
      .setFeeRates(
        SetFeeRates(
          ownerKind: .template, ownerID: 1, scope: .commodity(CommodityID(0)),
          method: .relativePercent, open: share, close: share, closeToday: share)),
      .setTemplateOrderSize(
        SetTemplateOrderSize(
          template: AccountTemplateID(2), commodity: CommodityID(2), lots: 6,
          margin: Money(yuan: 60_000))),
      .setTemplateTradable(
        SetTemplateTradable(
          template: AccountTemplateID(3), scope: .instrument(InstrumentID(1)), listed: true)),
    ]
    for account in [1, 4, 7] as [UInt32] {
      commands += kinds.enumerated().map {
        .assignTemplate(
          AssignTemplate(
            account: OperationAccountID(account), kind: $1,
            template: AccountTemplateID(UInt32($0))))
      }
    }
    return commands
  }

  // MARK: Platform, products, fund accounts

  private static var platformRules: [Command] {
    let settings: [(PlatformSetting, Int64)] = [
      (.riskDegreeMode, 1), (.slowDownMilliseconds, 5_000), (.liquidationPrice, 1),
      (.liquidationRepriceSeconds, 3), (.liquidationExtent, 1), (.mapsExternal, 1),
      (.clockForwardSeconds, 60),
    ]
    let actions: [(RuleID, LineLevel, LineAction)] = [
      (.riskDegree, .warn, .notice), (.riskDegree, .liquidate, .liquidate),
      (.dailyLoss, .warn, .slowDown), (.dailyLoss, .liquidate, .barOpening),
      (.dailyLossRatio, .warn, .barOpening), (.dailyLossRatio, .liquidate, .liquidate),
      (.totalLossRatio, .warn, .notice), (.totalLossRatio, .liquidate, .barOpening),
      (.positionMarginRatio, .warn, .barOpening), (.drawdown, .warn, .notice),
      (.drawdown, .liquidate, .liquidate),
    ]
    return settings.map { .setPlatform(SetPlatform(setting: $0, value: $1)) }
      + actions.map { .setLineAction(SetLineAction(line: $0, level: $1, action: $2)) }
      + [
        .setPlatformLine(
          SetPlatformLine(
            line: .dailyLossRatio, basis: .openingEquity, warn: 4_000_000, liquidate: 7_000_000)),
        .setPlatformLine(
          SetPlatformLine(
            line: .totalLossRatio, basis: .allowedLoss, warn: 5_000_000, liquidate: 9_000_000)),
        .setSharedTradable(
          SetSharedTradable(
            product: ProductID(2), scope: .instrument(InstrumentID(0)), listed: true)),
      ]
  }

  private static var productRules: [Command] {
    let settings: [(UInt32, ProductSetting, Int64)] = [
      (0, .tradedValue, yuan(400_000_000)), (1, .tradedValue, yuan(300_000_000)),
      (0, .lockMode, 1), (0, .closesWithoutFunds, 1), (0, .retryRejectedChild, 1),
      (1, .refusePartialPlacement, 1), (2, .retryRejectedChild, 1), (1, .rateAccount, 3),
      (1, .barsFromLevelTwo, 1), (2, .ignoresExposureOnClose, 1), (0, .externalAccount, 1),
      (2, .autoMapping, 2),
    ]
    return settings.map {
      .setProduct(SetProduct(product: ProductID($0), setting: $1, value: $2))
    } + [
      .setDeliveryBar(
        SetDeliveryBar(product: ProductID(1), scope: .commodity(CommodityID(0)), barred: true)),
      .setProductMode(
        SetProductMode(product: ProductID(0), commodity: CommodityID(1), mode: .ratio)),
    ]
  }

  /// What exchanges allow a day; fund accounts 0 and 4 are one controller's.
  private static var budgetRules: [Command] {
    func budget(_ scope: Scope, _ kind: BudgetKind, _ limit: Int64) -> Command {
      .setBudget(SetBudget(scope: scope, kind: kind, limit: limit))
    }
    let settings: [(PlatformSetting, Int64)] = [
      (.budgetWarnPercent, 800_000), (.messagesInSecond, 4), (.burstsADay, 5),
    ]
    return settings.map { .setPlatform(SetPlatform(setting: $0, value: $1)) }
      + [0, 4].map {
        .setControlGroup(SetControlGroup(fundAccount: FundAccountID($0), name: Name("alpha")!))
      }
      + [Exchange.czce, .cffex, .shfe].flatMap {
        [
          budget(.exchange($0), .cancels, 40), budget(.exchange($0), .selfTrades, 5),
          budget(.exchange($0), .limitPriceCancels, 10), budget(.exchange($0), .largeCancels, 8),
          budget(.exchange($0), .largeLots, 6),
        ]
      } + [budget(.commodity(CommodityID(2)), .openedLots, 500)]
  }

  private static var fundRules: [Command] {
    funds.flatMap { fund -> [Command] in
      let settings: [(FundAccountSetting, Int64)] = [
        (.minimumReserve, yuan(300_000)), (.priority, Int64(fund.raw % 2)),
        (.orderRateCount, 9), (.orderRateWindowMilliseconds, 4_000), (.orderRateBar, 1),
        (.hedgePermission, fund.raw == 3 ? 0 : 1), (.nightOnlyListed, 1),
      ]
      return settings.map {
        .setFundAccount(SetFundAccount(fundAccount: fund, setting: $0, value: $1))
      } + [
        .setFundTradable(
          SetFundTradable(
            fundAccount: fund, session: .night, scope: .commodity(CommodityID(2)), listed: true)),
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: fund, scope: .commodity(CommodityID(0)), hedge: .unknown, long: 120,
            short: 120, total: 180)),
        .setFundOrderSize(
          SetFundOrderSize(
            fundAccount: fund, scope: .instrument(InstrumentID(3)), lots: 5, margin: .none)),
        .setFundOpenVolume(
          SetFundOpenVolume(fundAccount: fund, scope: .commodity(CommodityID(1)), lots: 90)),
        .setFundQuota(
          SetFundQuota(
            fundAccount: fund, exchange: .shfe, cancels: 120, lots: 700, cancelReserve: 5,
            lotsReserve: 20)),
        .setFundPriority(
          SetFundPriority(
            fundAccount: fund, scope: .commodity(CommodityID(2)), open: Int64(fund.raw % 3),
            close: 1, closeToday: .min)),
        .setTradingCode(
          SetTradingCode(
            fundAccount: fund, exchange: .czce, code: FixedText("owner-\(fund.raw / 2)")!)),
      ]
    }
  }

  // MARK: Accounts

  private static func accountRules(
    _ account: OperationAccountID, _ draw: inout SplitMix
  ) -> [Command] {
    let settings: [(AccountSetting, Int64)] = [
      (.hedgePermission, account.raw == 5 ? 0 : 1), (.positionCap, about(90, &draw)),
      (.marginCap, about(yuan(1_800_000), &draw)), (.cancelLimit, about(40, &draw)),
      (.cancelLimitClosingToo, Int64(account.raw % 2)), (.openOrders, about(9, &draw)),
      (.orderRateCount, 6), (.orderRateWindowMilliseconds, 4_000),
      (.orderRateBar, Int64(account.raw % 3) + 1), (.tradedValue, about(yuan(90_000_000), &draw)),
      (.fatFingerNotional, about(yuan(6_000_000), &draw)), (.fatFingerTicks, 40),
      (.fatFingerPercent, 15_000), (.duplicateCount, 2), (.duplicateWindowMilliseconds, 2_000),
      (.staleSeconds, 120), (.ignoresExposureOnClose, account.raw == 3 ? 1 : 0),
    ]
    return settings.map {
      .setAccount(SetAccount(account: account, setting: $0, value: $1))
    } + [
      .setPositionLimit(
        SetPositionLimit(
          account: account, scope: .commodity(CommodityID(0)), hedge: .unknown,
          lots: about(40, &draw), margin: Money(units: about(yuan(260_000), &draw)))),
      .setPositionLimit(
        SetPositionLimit(
          account: account, scope: .instrument(InstrumentID(2)), hedge: .speculation,
          lots: about(7, &draw), margin: .none)),
      .setLimitBand(
        SetLimitBand(
          account: account, commodity: CommodityID(account.raw % 3),
          measure: account.raw % 2 == 0 ? .ticks : .percent,
          value: account.raw % 2 == 0 ? 8 : 900_000,
          bar: [.all, .againstMove, .withMove][Int(account.raw % 3)])),
      .setOrderSize(
        SetOrderSize(
          account: account, commodity: CommodityID(1), lots: 3,
          margin: Money(units: about(yuan(500_000), &draw)))),
      .setTradable(
        SetTradable(
          account: account, scope: .instrument(InstrumentID(0)), listed: account.raw == 6)),
    ]
  }

  /// Every line, where what a day can do reaches some of them.
  private static func lines(_ account: OperationAccountID, _ draw: inout SplitMix) -> [Command] {
    func set(
      _ line: RuleID, _ basis: LineBasis, _ warn: Int64, _ liquidate: Int64,
      mode: RiskDegreeMode = .unknown
    ) -> Command {
      .setAccountLine(
        SetAccountLine(
          account: account, line: line, basis: basis, mode: mode, warn: warn,
          liquidate: liquidate))
    }
    let loss = about(yuan(35_000), &draw)
    let ratio = about(1_200_000, &draw)
    return [
      set(
        .riskDegree, .unknown, about(230_000_000, &draw), 130_000_000, mode: .equityOverMargin),
      set(.dailyLoss, .unknown, loss, loss * 2),
      account.raw % 3 == 0
        ? set(.dailyLossRatio, .platform, .min, .min)
        : set(.dailyLossRatio, .openingEquity, ratio, ratio * 5 / 2),
      account.raw % 3 == 1
        ? set(.totalLossRatio, .platform, .min, .min)
        : set(.totalLossRatio, .marketEquity, ratio, ratio * 3),
      set(.positionMarginRatio, .equity, about(30_000_000, &draw), .min),
      set(.drawdown, .unknown, ratio, ratio * 3),
    ]
  }

  // MARK: Schemes

  /// Every kind at every scope that it allows.
  private static func schemes(_ draw: inout SplitMix) -> [Command] {
    var commands: [Command] = [
      .defineSector(DefineSector(name: FixedText("goods")!)),
      .defineSector(DefineSector(name: FixedText("indices")!)),
      .defineSuperSector(DefineSuperSector(name: FixedText("all")!)),
      .defineScheme(DefineScheme(name: FixedText("every kind")!)),
    ]
    for (commodity, sector) in [(0, 0), (1, 1), (2, 0)] as [(UInt32, UInt16)] {
      commands.append(
        .setSectorCommodity(
          SetSectorCommodity(sector: sector, commodity: CommodityID(commodity), isIn: true)))
    }
    commands += [0, 1].map {
      .setSuperSectorMember(SetSuperSectorMember(superSector: 0, sector: $0, isIn: true))
    }
    let scopes: [(ClauseScopeKind, [UInt32])] = [
      (.instrument, [0, 2, 3]), (.commodity, [0, 1, 2]),
      (.exchange, [UInt32(Exchange.shfe.rawValue), UInt32(Exchange.cffex.rawValue)]),
      (.sector, [0, 1]), (.superSector, [0]), (.product, [0]),
    ]
    var number: UInt16 = 0
    for kind in ClauseKind.allCases {
      for (scope, ids) in scopes where kind.allows(scope) {
        number += 1
        commands.append(
          .setSchemeClause(clause(number, kind, scope, draw.pick(ids), &draw)))
      }
    }
    return commands + modes.indices.flatMap { bindings(ProductID(UInt32($0))) }
  }

  private static func clause(
    _ number: UInt16, _ kind: ClauseKind, _ scope: ClauseScopeKind, _ id: UInt32,
    _ draw: inout SplitMix
  ) -> SetSchemeClause {
    let measure = kind.measure
    var basis: ClauseBasis = .absolute
    if measure.isShare {
      basis = .unknown
    } else if !measure.isLots {
      basis = draw.pick([.absolute, .netValue, .equity, .allowedLoss])
    }
    let wide: Int64 = kind.isSingle || scope == .instrument ? 1 : 2
    // Of money in yuan: a product has 12 000 000.
    let level: Int64
    switch measure {
    case .openInterestShare: level = about(wide * 60_000, &draw)
    case .lots: level = about(wide * 55, &draw)
    case .exposureLots: level = about(wide * 35, &draw)
    case .drawdown: level = about(3_000_000, &draw)
    case .none: level = 0
    default:
      let millions: Int64 =
        switch measure {
        case .margin: 2
        case .exposureMargin, .absoluteMargin: 1
        case .value: 12
        case .tradedValue: 130
        case .exposureValue, .absoluteValue: 9
        default: 0
        }
      let amount = about(
        measure == .dailyLoss ? 150_000 : millions * wide * 1_000_000, &draw)
      level =
        basis == .absolute
        ? amount * Money.unitsPerYuan : amount * 100_000_000 / 12_000_000
    }
    let hasOne = draw.chance(85)
    return SetSchemeClause(
      scheme: 0, number: number, kind: kind, scopeKind: scope, scopeID: id,
      direction: kind.hasDirections ? draw.pick([.both, .both, .long, .short]) : .both,
      basis: basis, levelOne: hasOne ? level : .min,
      levelTwo: hasOne && draw.chance(40) ? .min : level * 8 / 5)
  }

  private static func bindings(_ product: ProductID) -> [Command] {
    let unit: Int64 = 100_000_000
    return [
      .setNetValue(
        SetNetValue(
          product: product, mode: .equity, shares: 12_000_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero)),
      .bindScheme(
        BindScheme(
          product: product, number: 1, scheme: 0, basis: .current, from: unit * 9 / 10,
          to: product.raw == 2 ? unit * 11 / 10 : .min, period: .day)),
      .setSchemePeriod(
        SetSchemePeriod(
          product: product, period: .night, rule: product.raw == 1 ? .none : .asDay,
          share: product.raw == 1 ? unit : unit / 2)),
      .setSchemePeriod(
        SetSchemePeriod(product: product, period: .holiday, rule: .none, share: unit)),
      .setNetValueLines(
        SetNetValueLines(
          product: product, basis: .current, topUp: unit * 99 / 100, warn: unit * 97 / 100,
          liquidation: unit * 94 / 100)),
    ]
  }
}
