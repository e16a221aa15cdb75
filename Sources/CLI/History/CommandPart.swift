import Domain
import Messages

extension Command {
  /// What a command is to another configuration.
  enum Part {
    /// What exists: it has to be the same.
    case definition
    /// A limit, a permission, a rate, a way of routing: the other configuration's is taken.
    case setting
    /// Money and positions that were there, who might log in, whose orders ended with the last
    /// session: history depends on it, so it stays.
    case kept
    /// What happened.
    case history
  }

  var part: Part {
    switch self {
    case .engineSettings, .defineTradingHours, .defineCommodity, .defineInstrument, .defineCounter,
      .defineProduct, .defineFundAccount, .defineOperationAccount, .defineController,
      .defineTemplate:
      .definition
    case .setAccount(let set):
      set.setting == .cancelOnDisconnect || set.setting == .disconnectGraceSeconds
        ? .kept : .setting
    // Who got the trades that nobody sent is in the books by then; when liquidations were looked at
    // decides what else the steps of history did.
    case .setPlatform(let set):
      set.setting == .mapsExternal || set.setting == .liquidationRepriceSeconds ? .kept : .setting
    case .setProduct(let set):
      set.setting == .autoMapping || set.setting == .externalAccount ? .kept : .setting
    case .setFundAccount, .setProductMode, .setDeliveryBar, .setTradingCode, .setPositionLimit,
      .setLimitBand, .setOrderSize, .setTradable, .setFundPositionLimit, .setFundOrderSize,
      .setRates, .setFundOpenVolume, .setFundTradable, .setSharedTradable, .setFundQuota,
      .setFundPriority, .setAccountLine, .setPlatformLine, .setLineAction, .setNoticeAudience,
      .setOvernight,
      .setSessionFlat, .setSessionFlatCommodity, .defineSector,
      .setSectorCommodity, .defineSuperSector, .setSuperSectorMember, .defineScheme,
      .setSchemeClause, .bindScheme, .setNetValue, .setNetValueLines, .setSchemePeriod,
      .setSchemeHoliday, .setProductFees, .setProductFee, .setFeeBand,
      .setMarginRates,
      .setFeeRates, .counterRates, .setTemplateOrderSize, .setTemplateTradable,
      .setTemplateOnlyListed, .assignTemplate, .setDeclared, .setBudget, .setControlGroup,
      .setMarketMaking:
      .setting
    case .setCredential, .allowAddress, .allowMAC, .clearAccess, .setOpeningBalance,
      .setOpeningPosition:
      .kept
    // What a controller did is in the history, whatever another configuration lets him do.
    case .setController, .bindController, .setControllerCredential, .allowControllerAddress,
      .allowControllerMAC, .clearControllerAccess:
      .kept
    case .newOrder, .cancelOrder, .massCancel, .logon, .sessionClosed, .childReport,
      .counterTrade, .counterLinkUp, .counterResynced, .counterLinkDown, .counterFunds, .tick,
      .instrumentStatus, .dayReference, .settlementPrice, .timeReached, .continueWork, .daySwitch,
      .clockJumped, .confirmClock, .moveCash, .releaseOrderRate, .assignUnmapped, .controllerLogon,
      .controllerClosed, .barOpening, .killSwitch, .cancelAnyOrder, .kickSession,
      .controlRelease, .controlAssign, .controlLiquidate, .controlStop, .configurationChange,
      .forceLiquidate, .stopLiquidation:
      .history
    }
  }

  /// Whose setting it is, so that what belongs together stays together.
  enum Owner: Hashable {
    case platform
    case product(ProductID)
    case fundAccount(FundAccountID)
    case account(OperationAccountID)
    /// Named late among what exists, so what is said of him comes later still.
    case controller(ControllerID)
  }

  var owner: Owner {
    switch self {
    case .setAccount(let set): .account(set.account)
    case .setProduct(let set): .product(set.product)
    case .setFundAccount(let set): .fundAccount(set.fundAccount)
    case .setProductMode(let set): .product(set.product)
    case .setDeliveryBar(let set): .product(set.product)
    case .setProductFees(let set): .product(set.product)
    case .setProductFee(let set): .product(set.product)
    case .setFeeBand(let set): .product(set.product)
    case .setTradingCode(let set): .fundAccount(set.fundAccount)
    case .setCredential(let set): .account(set.account)
    case .allowAddress(let allow): .account(allow.account)
    case .allowMAC(let allow): .account(allow.account)
    case .setPositionLimit(let set): .account(set.account)
    case .setLimitBand(let set): .account(set.account)
    case .setOrderSize(let set): .account(set.account)
    case .setTradable(let set): .account(set.account)
    case .setAccountLine(let set): .account(set.account)
    case .setOvernight(let set): .account(set.account)
    case .setSessionFlat(let set): .account(set.account)
    case .setSessionFlatCommodity(let set): .account(set.account)
    case .setFundPositionLimit(let set): .fundAccount(set.fundAccount)
    case .setFundOrderSize(let set): .fundAccount(set.fundAccount)
    case .setFundOpenVolume(let set): .fundAccount(set.fundAccount)
    case .setFundTradable(let set): .fundAccount(set.fundAccount)
    case .setFundQuota(let set): .fundAccount(set.fundAccount)
    case .setFundPriority(let set): .fundAccount(set.fundAccount)
    case .setControlGroup(let set): .fundAccount(set.fundAccount)
    case .setMarketMaking(let set): .fundAccount(set.fundAccount)
    case .setSharedTradable(let set):
      set.product.isNone ? .platform : .product(set.product)
    case .setRates(let set): Self.owner(set.ownerKind, set.ownerID)
    case .setMarginRates(let set): Self.owner(set.ownerKind, set.ownerID)
    case .setFeeRates(let set): Self.owner(set.ownerKind, set.ownerID)
    case .counterRates(let report): .fundAccount(report.fundAccount)
    case .assignTemplate(let assign): .account(assign.account)
    case .setController(let set): .controller(set.controller)
    case .bindController(let bind): .controller(bind.controller)
    case .setControllerCredential(let set): .controller(set.controller)
    case .allowControllerAddress(let allow): .controller(allow.controller)
    case .allowControllerMAC(let allow): .controller(allow.controller)
    case .clearControllerAccess(let clear): .controller(clear.controller)
    case .setOpeningBalance(let set): Self.owner(set.holderKind, set.holderID)
    case .setOpeningPosition(let set): Self.owner(set.holderKind, set.holderID)
    default: .platform
    }
  }

  private static func owner(_ kind: RateOwnerKind, _ id: UInt32) -> Owner {
    switch kind {
    case .operationAccount: .account(OperationAccountID(id))
    case .fundAccount: .fundAccount(FundAccountID(id))
    case .product: .product(ProductID(id))
    case .platform, .everybody, .template, .unknown: .platform
    }
  }

  private static func owner(_ kind: HolderKind, _ id: UInt32) -> Owner {
    switch kind {
    case .operationAccount: .account(OperationAccountID(id))
    case .fundAccount: .fundAccount(FundAccountID(id))
    case .unknown: .platform
    }
  }
}
