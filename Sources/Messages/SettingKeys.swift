// One integer setting each, so that a change is one small command with a before and an after.
// A value of `Int64.min` unsets: the rule is off, or the default stands (rules.md 0, "Unset =
// off").

import Domain

/// Settings of the whole gateway.
public enum PlatformSetting: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  /// login-lockout: failures that lock an account.
  case lockoutFailures = 1
  case lockoutWindowSeconds = 2
  /// How long it stays locked.
  case lockoutSeconds = 3
  /// Most orders, refused ones included, an account can send in a trading day.
  case ordersPerAccountDay = 4
  /// A jump of the clock beyond this bars opening until confirmed.
  case clockForwardSeconds = 5
  /// A child without a word from its counter for so long is reported.
  case childAnswerSeconds = 6
  /// A `RiskDegreeMode`, from the next trading day on; before the first one, at once.
  case riskDegreeMode = 7
  /// Least time between opening orders of an account that a line slows down.
  case slowDownMilliseconds = 8
  /// A `LiquidationPrice`.
  case liquidationPrice = 80
  /// Of `LiquidationPrice.last`: ticks toward the counterparty.
  case liquidationTicks = 81
  /// How long a forced order rests before it is priced anew.
  case liquidationRepriceSeconds = 82
  /// A `LiquidationExtent`: how far liquidations go that lines start.
  case liquidationExtent = 83
  /// 1 = second levels of schemes liquidate in products that follow the platform.
  case schemeLiquidation = 84
  /// How long before a close opening is barred, by overnight lines and session-flat.
  case windowBarSeconds = 60
  /// How long before a close they reduce positions; not before opening is barred.
  case windowReduceSeconds = 61
  /// A `ReductionFinish`.
  case reductionFinish = 62
  /// By so much a unit net value of now has to leave the range of a binding before another holds:
  /// 1e-8 yuan a share; unset = ranges are exact.
  case bandStep = 100
  /// How long a binding to a range holds at least; unset = no longer than its range.
  case bandDwellSeconds = 101
  /// 1 = products that follow the platform map external trades to their one operation account.
  case mapsExternal = 31
  /// The list of everybody: 0 = it bars, 1 = only what is listed may be opened.
  case tradableOnlyListed = 32
  /// Whose margin rates accounts have that follow the platform: 1 = their own, by the ladder, 2 =
  /// those of the fund account, the default (`RateMode`).
  case marginRateMode = 40
  /// The same of fees.
  case feeRateMode = 41
  /// The declaration fee of whoever follows the platform, 1e-4 yuan; unset = 1 yuan.
  case declarationFee = 42
  /// A `DeclarationUnit`: 0 = an order, 1 = a lot.
  case declarationUnit = 43
  /// Share of an exchange's budget that gives a notice, 1e-4 of one percent.
  case budgetWarnPercent = 90
  /// Messages to an exchange within a second that count as many, 2 to 64.
  case messagesInSecond = 91
  /// How often a day many messages give a notice.
  case burstsADay = 92
}

/// Settings of an operation account. Money in 1e-4 yuan, percent in 1e-4 of one percent.
public enum AccountSetting: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  /// 0 = only closing (and no log in).
  case enabled = 1
  case openPermission = 2
  /// Hedge-flag orders (套保).
  case hedgePermission = 3
  /// Lots held plus working to open (持仓上限).
  case positionCap = 4
  /// Margin held plus frozen (持仓保证金上限).
  case marginCap = 5
  /// Cancels in an instrument a day (最大撤单次数).
  case cancelLimit = 6
  /// 1 = closing orders are refused too.
  case cancelLimitClosingToo = 7
  /// Most working orders.
  case openOrders = 8
  case orderRateCount = 9
  case orderRateWindowMilliseconds = 10
  /// 1 opening, 2 closing, 3 both.
  case orderRateBar = 11
  /// Gross notional opened today, working orders included.
  case tradedValue = 12
  case fatFingerNotional = 13
  /// Largest distance from the last price, in ticks.
  case fatFingerTicks = 14
  /// The same in percent of the last price.
  case fatFingerPercent = 15
  case duplicateCount = 16
  case duplicateWindowMilliseconds = 17
  /// stale-market-data: no tick for so long bars opening.
  case staleSeconds = 18
  /// Most simultaneous sessions.
  case sessions = 19
  /// 0 = the list bars, 1 = only what is listed may be opened.
  case tradableOnlyListed = 20
  /// What is cancelled when the last session is gone: 0 nothing, 1 orders
  /// that open, 2 all.
  case cancelOnDisconnect = 21
  /// How long a terminal has to come back before that, 0 = no time.
  case disconnectGraceSeconds = 22
  /// 1 = a session more than `sessions` ends the oldest one, 0 = it is refused.
  case dropsOlderSession = 23
  /// What drawdown falls from, by hand: 1e-4 yuan, at least what the account is worth.
  case highEquity = 24
  /// Whose margin rates: a `RateMode`; unset = what the platform says.
  case marginRateMode = 40
  /// The same of fees.
  case feeRateMode = 41
  /// A `DeclarationMode`; unset = the platform's.
  case declarationMode = 42
  /// Of mode 2: 1e-4 yuan for each order or lot; unset = 0.
  case declarationFee = 43
  /// A `DeclarationUnit`: 0 = an order, 1 = a lot.
  case declarationUnit = 44
  /// Where margin may be one-sided (大单边): a bit by exchange, 1 SHFE, 2 INE, 4 DCE, 8 CZCE, 16
  /// CFFEX, 32 GFEX; unset = nowhere.
  case oneSidedExchanges = 45
  /// 1 = a closing order that makes an exposure of its product larger than a clause allows passes
  /// with a notice (平仓忽略敞口).
  case ignoresExposureOnClose = 60
  /// 1 = the night close counts as overnight, where it does for the product too
  /// (夜盘收盘计算隔夜风险).
  case countsNightClose = 61
  /// Of an account with shares and schemes of its own: 1 = the first level of a clause gives a
  /// notice alone, the second bars; 0 = the first bars.
  case schemeBarsFromLevelTwo = 100
  /// Whether a second level, or the liquidation line, has it liquidated: a `SchemeLiquidation`,
  /// unset = no.
  case schemeLiquidation = 101
  /// How far: a `LiquidationExtent`, unset = all of it.
  case schemeLiquidationExtent = 102
}

/// Settings of a product.
public enum ProductSetting: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  case openPermission = 1
  /// Gross notional opened today, working orders included.
  case tradedValue = 2
  /// 1 = refuse the whole order when not all of it can be placed (note 14).
  case refusePartialPlacement = 3
  /// 1 = a child refused by its counter tries the next fund account.
  case retryRejectedChild = 4
  /// A `RoutingMode`.
  case mode = 5
  /// A `LockMode`.
  case lockMode = 6
  /// 1 = a close-today that lacks the funds to open opposite closes after all (没资金开仓时平仓).
  case closesWithoutFunds = 7
  /// 1 = today's lots are closed when the funds for a lock are lacking (无法开仓锁单时平仓).
  case closesTodayWithoutLock = 8
  /// An `AutoMapping`.
  case autoMapping = 9
  /// Dense id of the operation account that takes external trades; unset = none is named.
  case externalAccount = 10
  /// 0 = the product's list bars, 1 = only what is listed may be opened.
  case tradableOnlyListed = 11
  /// Dense id of the fund account that the product's rates are read from; unset = the first one of
  /// a day to log in.
  case rateAccount = 40
  /// 1 = the first level of a clause gives a notice alone, the second bars; 0 = the first bars.
  case barsFromLevelTwo = 60
  /// 1 = closing orders that make an exposure larger than a clause allows pass with a notice.
  case ignoresExposureOnClose = 61
  /// Whether a second level, or the liquidation line, has the accounts liquidated: a
  /// `SchemeLiquidation`, unset = no.
  case schemeLiquidation = 80
  /// How far: a `LiquidationExtent`, unset = all of it.
  case schemeLiquidationExtent = 81
  /// 1 = the night close counts as overnight.
  case countsNightClose = 62
}

/// Settings of a fund account.
public enum FundAccountSetting: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  case openPermission = 1
  case hedgePermission = 2
  /// Available money that must stay (最小预留金额).
  case minimumReserve = 3
  /// Larger is tried first.
  case priority = 4
  /// fund-order-rate: so many children within the window set the bar.
  case orderRateCount = 5
  case orderRateWindowMilliseconds = 6
  /// 1 opening, 2 closing, 3 both.
  case orderRateBar = 7
  /// 0 = the list of the day session bars, 1 = only what is listed may be opened then.
  case dayOnlyListed = 8
  /// The same of the night session.
  case nightOnlyListed = 9
  /// A `DeclarationMode`; unset = the platform's.
  case declarationMode = 40
  /// Of mode 2: 1e-4 yuan for each order or lot; unset = 0.
  case declarationFee = 41
  /// A `DeclarationUnit`: 0 = an order, 1 = a lot.
  case declarationUnit = 42
  /// Where margin may be one-sided (大单边): bits as of an operation account's.
  case oneSidedExchanges = 43
  /// Where the counter's is.
  case counterOneSidedExchanges = 44
  /// Most orders and cancels a second to its counter, 1 to 4 096; unset = no quota.
  case messageQuota = 80
  /// Of these, so many are kept for what is no opening, below the quota; unset = 0.
  case messageReserve = 81
}
