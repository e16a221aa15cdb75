import Domain

extension Command {
  /// Whether somebody may send it to a running gateway as a change of its configuration.
  public var isChange: Bool {
    switch self {
    case .setRates, .counterRates, .allowAddress, .allowMAC, .clearAccess,
      .allowControllerAddress, .allowControllerMAC, .clearControllerAccess:
      true
    default: removal != nil || isAddition
    }
  }

  /// A definition of something that settings are gathered in: more of it can be added to a running
  /// gateway, and none taken away, for settings and history name it by its place.
  public var isAddition: Bool {
    switch self {
    case .defineTemplate, .defineSector, .defineSuperSector, .defineScheme: true
    default: false
    }
  }

  /// The command that takes away what this one sets. Two commands with the same one set the same
  /// thing, so it stands for that thing.
  ///
  /// Nil for what is no setting of a running gateway: definitions, events, money; passwords, which
  /// change in their own way; rates, which can be replaced and not taken away; rows of a login
  /// list, which `ClearAccess` and `ClearControllerAccess` take away together.
  public var removal: Command? {
    switch self {
    case .setPlatform(let set): .setPlatform(SetPlatform(setting: set.setting, value: .min))
    case .setAccount(let set):
      .setAccount(SetAccount(account: set.account, setting: set.setting, value: .min))
    case .setProduct(let set):
      .setProduct(SetProduct(product: set.product, setting: set.setting, value: .min))
    case .setFundAccount(let set):
      .setFundAccount(
        SetFundAccount(fundAccount: set.fundAccount, setting: set.setting, value: .min))
    case .setProductMode(let set):
      .setProductMode(
        SetProductMode(product: set.product, commodity: set.commodity, mode: .unknown))
    case .setDeliveryBar(let set):
      .setDeliveryBar(SetDeliveryBar(product: set.product, scope: set.scope, barred: false))
    case .setAccountLine(let set):
      .setAccountLine(
        SetAccountLine(
          account: set.account, line: set.line, basis: Self.noBasis(set.line),
          mode: set.line == .riskDegree ? .equityOverMargin : .unknown, warn: .min,
          liquidate: .min))
    case .setPlatformLine(let set):
      .setPlatformLine(
        SetPlatformLine(
          line: set.line, basis: Self.noBasis(set.line), warn: .min, liquidate: .min))
    case .setLineAction(let set):
      // What a level does is never nothing (rules.md 0, "Levels").
      .setLineAction(
        SetLineAction(
          line: set.line, level: set.level,
          action: set.level == .liquidate || set.line == .positionMarginRatio
            ? .barOpening : .notice))
    case .setNoticeAudience(let set):
      .setNoticeAudience(
        SetNoticeAudience(rule: set.rule, level: set.level, audience: .unknown))
    default: limitRemoval
    }
  }

  /// Of a ratio line that is off; other lines have none.
  private static func noBasis(_ line: RuleID) -> LineBasis {
    switch line {
    case .dailyLossRatio, .totalLossRatio, .positionMarginRatio: .none
    default: .unknown
    }
  }

  private var limitRemoval: Command? {
    switch self {
    case .setPositionLimit(let set):
      .setPositionLimit(
        SetPositionLimit(
          account: set.account, scope: set.scope, hedge: set.hedge, lots: .min, margin: .none))
    case .setLimitBand(let set):
      .setLimitBand(
        SetLimitBand(
          account: set.account, commodity: set.commodity, measure: .unknown, value: .min,
          bar: .unknown))
    case .setOrderSize(let set):
      .setOrderSize(
        SetOrderSize(
          account: set.account, commodity: set.commodity, lots: .min, margin: .none))
    case .setTradable(let set):
      .setTradable(SetTradable(account: set.account, scope: set.scope, listed: false))
    case .setSharedTradable(let set):
      .setSharedTradable(
        SetSharedTradable(product: set.product, scope: set.scope, listed: false))
    default: fundRemoval
    }
  }

  private var fundRemoval: Command? {
    switch self {
    case .setTradingCode(let set):
      .setTradingCode(
        SetTradingCode(fundAccount: set.fundAccount, exchange: set.exchange, code: FixedText()))
    case .setFundPositionLimit(let set):
      .setFundPositionLimit(
        SetFundPositionLimit(
          fundAccount: set.fundAccount, scope: set.scope, hedge: set.hedge, long: .min,
          short: .min, total: .min))
    case .setFundOrderSize(let set):
      .setFundOrderSize(
        SetFundOrderSize(
          fundAccount: set.fundAccount, scope: set.scope, lots: .min, margin: .none))
    case .setFundOpenVolume(let set):
      .setFundOpenVolume(
        SetFundOpenVolume(fundAccount: set.fundAccount, scope: set.scope, lots: .min))
    case .setFundTradable(let set):
      .setFundTradable(
        SetFundTradable(
          fundAccount: set.fundAccount, session: set.session, scope: set.scope, listed: false))
    case .setFundQuota(let set):
      .setFundQuota(
        SetFundQuota(
          fundAccount: set.fundAccount, exchange: set.exchange, cancels: .min, lots: .min,
          cancelReserve: 0, lotsReserve: 0))
    case .setFundPriority(let set):
      .setFundPriority(
        SetFundPriority(
          fundAccount: set.fundAccount, scope: set.scope, open: .min, close: .min,
          closeToday: .min))
    default: rateRemoval
    }
  }

  private var rateRemoval: Command? {
    switch self {
    case .setMarginRates(let set):
      .setMarginRates(
        SetMarginRates(
          ownerKind: set.ownerKind, ownerID: set.ownerID, scope: set.scope, method: .unknown,
          long: TwoPartRate(), short: TwoPartRate()))
    case .setFeeRates(let set):
      .setFeeRates(
        SetFeeRates(
          ownerKind: set.ownerKind, ownerID: set.ownerID, scope: set.scope, method: .unknown,
          open: TwoPartRate(), close: TwoPartRate(), closeToday: TwoPartRate()))
    case .setTemplateOrderSize(let set):
      .setTemplateOrderSize(
        SetTemplateOrderSize(
          template: set.template, commodity: set.commodity, lots: .min, margin: .none))
    case .setTemplateTradable(let set):
      .setTemplateTradable(
        SetTemplateTradable(template: set.template, scope: set.scope, listed: false))
    case .setTemplateOnlyListed(let set):
      .setTemplateOnlyListed(
        SetTemplateOnlyListed(template: set.template, onlyListed: false))
    case .assignTemplate(let assign):
      .assignTemplate(
        AssignTemplate(account: assign.account, kind: assign.kind, template: .none))
    case .setDeclared(let set):
      .setDeclared(SetDeclared(commodity: set.commodity, declared: false))
    default: windowRemoval
    }
  }

  private var windowRemoval: Command? {
    switch self {
    case .setOvernight(let set):
      .setOvernight(
        SetOvernight(
          account: set.account, measure: .unknown, basis: .unknown, excess: .unknown,
          limit: .min))
    case .setSessionFlat(let set):
      .setSessionFlat(
        SetSessionFlat(
          account: set.account, close: set.close, action: .unknown, everything: false))
    case .setSessionFlatCommodity(let set):
      .setSessionFlatCommodity(
        SetSessionFlatCommodity(
          account: set.account, close: set.close, commodity: set.commodity, isIn: false))
    default: budgetRemoval
    }
  }

  private var budgetRemoval: Command? {
    switch self {
    case .setBudget(let set):
      .setBudget(SetBudget(scope: set.scope, kind: set.kind, limit: .min))
    case .setControlGroup(let set):
      .setControlGroup(SetControlGroup(fundAccount: set.fundAccount, name: Name()))
    case .setMarketMaking(let set):
      .setMarketMaking(
        SetMarketMaking(
          fundAccount: set.fundAccount, commodity: set.commodity, makesMarket: false))
    default: schemeRemoval
    }
  }

  private var schemeRemoval: Command? {
    switch self {
    case .setSectorCommodity(let set):
      .setSectorCommodity(
        SetSectorCommodity(sector: set.sector, commodity: set.commodity, isIn: false))
    case .setSuperSectorMember(let set):
      .setSuperSectorMember(
        SetSuperSectorMember(superSector: set.superSector, sector: set.sector, isIn: false))
    case .setSchemeClause(let set):
      .setSchemeClause(
        SetSchemeClause(
          scheme: set.scheme, number: set.number, kind: .unknown, scopeKind: .unknown, scopeID: 0,
          direction: .unknown, basis: .unknown, levelOne: .min, levelTwo: .min))
    case .bindScheme(let bind):
      .bindScheme(
        BindScheme(
          product: bind.product, number: bind.number, scheme: .max, basis: .unknown, from: .min,
          to: .min, period: .unknown, account: bind.account))
    case .setNetValue(let set):
      .setNetValue(
        SetNetValue(
          product: set.product, mode: .unknown, shares: 0, total: .zero, liabilities: .zero,
          accruedFees: .zero, account: set.account))
    case .setNetValueLines(let set):
      .setNetValueLines(
        SetNetValueLines(
          product: set.product, basis: set.basis, topUp: .min, warn: .min, liquidation: .min,
          account: set.account))
    case .setSchemePeriod(let set):
      // A period nobody says anything of is as by day.
      .setSchemePeriod(
        SetSchemePeriod(
          product: set.product, period: set.period, rule: .asDay, share: Rate.unitsPerOne,
          account: set.account))
    case .setSchemeHoliday(let set):
      .setSchemeHoliday(SetSchemeHoliday(number: set.number, from: .none, to: .none))
    default: feeRemoval
    }
  }

  private var feeRemoval: Command? {
    switch self {
    case .setProductFees(let set):
      .setProductFees(SetProductFees(product: set.product, start: 0, days: 0, initial: .zero))
    case .setProductFee(let set):
      .setProductFee(
        SetProductFee(
          product: set.product, kind: set.kind, method: .unknown, basis: .unknown, value: .min))
    case .setFeeBand(let set):
      .setFeeBand(
        SetFeeBand(product: set.product, number: set.number, from: .min, share: .min))
    default: controllerRemoval
    }
  }

  /// What a risk controller may do, and whose he is. His lists of addresses are not among it.
  private var controllerRemoval: Command? {
    switch self {
    case .setController(let set):
      .setController(
        SetController(controller: set.controller, setting: set.setting, value: .min))
    case .bindController(let bind):
      .bindController(
        BindController(controller: bind.controller, account: bind.account, bound: false))
    default: nil
    }
  }
}
