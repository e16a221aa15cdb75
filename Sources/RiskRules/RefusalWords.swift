import Domain

/// What the figures of a rule are called, for the words of a refusal:
/// "position limit 100 lots in rb: 98 held or working, 5 asked"; and what is wrong where there are
/// none: "no permission to open for account desk-1".
public struct RefusalWords: Equatable, Sendable {
  /// Stands before the limit.
  public let title: String
  /// Stands behind what was observed; empty where only what was asked for counts.
  public let observed: String
  public let chineseTitle: String
  public let chineseObserved: String
  /// What is wrong, when no figures are told; the title, where that says it.
  public let fault: String
  public let chineseFault: String
  /// The fault says what is required too.
  public let saysAll: Bool

  init(
    _ title: String, _ observed: String = "", chinese chineseTitle: String,
    _ chineseObserved: String = "", fault: (english: String, chinese: String)? = nil,
    saysAll: Bool = false
  ) {
    self.fault = fault?.english ?? title
    chineseFault = fault?.chinese ?? chineseTitle
    self.saysAll = saysAll
    self.title = title
    self.observed = observed
    self.chineseTitle = chineseTitle
    self.chineseObserved = chineseObserved
  }
}

extension RuleTable {
  /// The words of a rule's figures; nil for `.none`.
  public static func refusalWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .none: nil
    case .loginCredentials, .loginLockout, .ipWhitelist, .macWhitelist, .oneSession, .loginBusy:
      logonWords(rule)
    case .unknownInstrument, .badSide, .badOffset, .badHedge, .badQuantity, .badPriceTick,
      .tradingSession, .priceLimits, .deliveryMultiple, .duplicateOrder, .staleMarketData,
      .badOrderType:
      wellFormedWords(rule)
    case .notBound, .accountEnabled, .openPermission, .hedgePermission, .notTradable,
      .deliveryMonth, .limitBand, .orderSize, .fatFinger, .positionLimit, .marginLimit,
      .cancelLimit, .openOrders, .orderRate, .tradedValue, .positionAvailable, .fundsAvailable:
      accountWords(rule)
    case .riskDegree, .dailyLoss, .dailyLossRatio, .totalLossRatio, .positionMarginRatio, .drawdown,
      .overnightMargin, .overnightExposure, .sessionFlat, .slowDown, .liquidating:
      lineWords(rule)
    case .schemeSingleOpenInterestShare, .schemeSinglePositionLots, .schemeSingleExposureLots,
      .schemeSingleMargin, .schemeSingleExposureMargin, .schemeSinglePositionValue,
      .schemeSingleTradedValue, .schemeSingleExposureValue, .schemeTotalOpenInterestShare,
      .schemeTotalPositionLots, .schemeTotalExposureLots, .schemeTotalDailyLoss,
      .schemeTotalPositionValue, .schemeTotalTradedValue, .schemeTotalExposureValue,
      .schemeTotalAbsoluteExposureValue, .schemeTotalMargin, .schemeTotalExposureMargin,
      .schemeTotalAbsoluteExposureMargin, .schemeTotalDrawdown, .schemeOvernightValue,
      .schemeOvernightExposureValue, .schemeOvernightAbsoluteExposureValue, .schemeOvernightMargin,
      .schemeOvernightExposureMargin, .schemeOvernightAbsoluteExposureMargin, .exposureOnClose,
      .netValueTopUp, .netValueWarn, .netValueLiquidation:
      schemeWords(rule)
    case .noFundAccount, .fundMinReserve, .fundOpenPermission, .fundHedgePermission,
      .fundOrderSize, .fundPositionLimit, .fundPositionAvailable, .fundLinkDown, .selfTrade,
      .partialPlacement, .counterRefused, .fundOpenVolume, .fundOrderRate, .fundNotTradable,
      .fundCancelQuota, .fundVolumeQuota, .fundMessageQuota:
      routingWords(rule)
    case .notPermitted, .accountNotBoundToController, .reasonMissing, .killSwitch,
      .barredByController, .fundKillSwitch:
      deskWords(rule)
    case .selfTradeBudget, .cancelBudget, .limitPriceCancelBudget, .largeCancelBudget,
      .openedLotsBudget, .programmeTrading:
      budgetWords(rule)
    case .capacity, .amountOverflow, .shuttingDown, .unknownOrder, .orderDone, .staleOrder,
      .journalUnavailable, .marketDataMissing, .engineNotReady, .ratesMissing, .badCommand,
      .clockUnconfirmed:
      gatewayWords(rule)
    }
  }

  private static func logonWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .loginCredentials:
      RefusalWords(
        "account or password is wrong, or the account is disabled", chinese: "账户或密码错误，或账户已停用",
        saysAll: true)
    case .loginLockout:
      RefusalWords(
        "locked until", "now", chinese: "锁定至", "当前",
        fault: ("the account is locked: too many log ins failed", "登录失败次数过多，账户已锁定"), saysAll: true)
    case .ipWhitelist:
      RefusalWords(
        "the terminal's address is not on the account's list", chinese: "终端地址不在账户的 IP 白名单内",
        saysAll: true)
    case .macWhitelist:
      RefusalWords(
        "the network card stated is not on the account's list", chinese: "上报的 MAC 不在账户的白名单内",
        saysAll: true)
    case .oneSession:
      RefusalWords(
        "session limit", "open", chinese: "会话数上限", "已有",
        fault: ("the account has as many sessions as it may", "账户会话数已达上限"), saysAll: true)
    case .loginBusy:
      RefusalWords(
        "log in queue", "waiting", chinese: "登录排队上限", "排队",
        fault: ("too many log in at once: try again soon", "同时登录过多，请稍后再试"), saysAll: true)
    default: nil
    }
  }

  private static func wellFormedWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .unknownInstrument: RefusalWords("unknown instrument", chinese: "未知合约")
    case .badSide: RefusalWords("unknown side", chinese: "未知买卖方向")
    case .badOffset: RefusalWords("unknown offset", chinese: "未知开平标志")
    case .badHedge: RefusalWords("unknown hedge flag", chinese: "未知投机套保标志")
    case .badOrderType:
      RefusalWords("order type or time in force not taken", chinese: "报单类型或有效期不受理")
    case .badQuantity: RefusalWords("bound of an order", chinese: "单笔手数界限")
    case .badPriceTick: RefusalWords("price tick", "stated", chinese: "最小变动价位", "报价")
    case .tradingSession: RefusalWords("not taken at this time", chinese: "当前时段不受理")
    case .priceLimits: RefusalWords("price limit", "stated", chinese: "涨跌停价", "报价")
    case .deliveryMultiple: RefusalWords("delivery multiple", chinese: "交割月手数倍数")
    case .duplicateOrder:
      RefusalWords(
        "identical orders at most", "before", chinese: "相同报单上限", "此前",
        fault: (
          "the client's order id is empty, reserved or another order's", "客户报单号为空、被保留或已用于其他报单"
        ))
    case .staleMarketData:
      RefusalWords("age of the last price at most", "old", chinese: "最新价时效", "已过")
    default: nil
    }
  }

  private static func accountWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .notBound: RefusalWords("fund accounts at least", "bound", chinese: "资金账户至少", "已绑定")
    case .accountEnabled: RefusalWords("account disabled", chinese: "账户停用")
    case .openPermission: RefusalWords("no permission to open", chinese: "无开仓权限")
    case .hedgePermission: RefusalWords("no permission to hedge", chinese: "无套保权限")
    case .notTradable: RefusalWords("not tradable", chinese: "不可交易")
    case .deliveryMonth: RefusalWords("no opening in the delivery month", chinese: "交割月禁开")
    case .limitBand: RefusalWords("limit band from", "seen", chinese: "涨跌停禁开区间", "价格")
    case .orderSize: RefusalWords("order size limit", chinese: "单笔上限")
    case .fatFinger: RefusalWords("fat finger limit", chinese: "胖手指上限")
    case .positionLimit:
      RefusalWords("position limit", "held or working", chinese: "持仓上限", "持有及在途")
    case .marginLimit:
      RefusalWords("margin limit", "held or frozen", chinese: "保证金上限", "占用及冻结")
    case .cancelLimit: RefusalWords("cancel limit", "cancelled", chinese: "撤单次数上限", "已撤")
    case .openOrders:
      RefusalWords("working order limit", "working", chinese: "在途报单上限", "在途")
    case .orderRate: RefusalWords("order rate limit", "sent", chinese: "报单频率上限", "已报")
    case .tradedValue:
      RefusalWords("traded value limit", "opened or working", chinese: "开仓金额上限", "已开及在途")
    case .positionAvailable: RefusalWords("closable", chinese: "可平")
    case .fundsAvailable: RefusalWords("funds available", chinese: "可用资金")
    default: nil
    }
  }

  private static func lineWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .riskDegree: RefusalWords("risk degree line", "now", chinese: "风险度线", "当前")
    case .dailyLoss: RefusalWords("daily loss line", "lost", chinese: "当日亏损线", "已亏")
    case .dailyLossRatio:
      RefusalWords("daily loss ratio line", "lost", chinese: "当日亏损比例线", "已亏")
    case .totalLossRatio: RefusalWords("total loss ratio line", "lost", chinese: "总亏损比例线", "已亏")
    case .positionMarginRatio:
      RefusalWords("position margin ratio line", "held or frozen", chinese: "持仓保证金比例线", "占用及冻结")
    case .overnightMargin:
      RefusalWords(
        "overnight margin limit", "closing now or closed", chinese: "隔夜保证金比例上限", "即将或已经收盘")
    case .overnightExposure:
      RefusalWords(
        "overnight exposure limit", "closing now or closed", chinese: "隔夜绝对敞口市值比例上限",
        "即将或已经收盘")
    case .sessionFlat:
      RefusalWords("no opening so long before the close", "left", chinese: "收盘前禁开时段", "距收盘")
    case .drawdown: RefusalWords("drawdown line", "fallen", chinese: "回撤线", "已回撤")
    case .liquidating:
      RefusalWords("the account is being liquidated", chinese: "账户正在强平", saysAll: true)
    case .slowDown:
      RefusalWords("delay between opening orders", "waited", chinese: "开仓间隔", "已等待")
    default: nil
    }
  }

  private static func routingWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .noFundAccount:
      RefusalWords("lots without a place at most", "fund accounts asked", chinese: "无处下达上限", "候选账户")
    case .fundMinReserve: RefusalWords("reserve", "available", chinese: "最小预留", "可用")
    case .fundOpenPermission: RefusalWords("fund account may not open", chinese: "资金账户禁开")
    case .fundHedgePermission: RefusalWords("fund account may not hedge", chinese: "资金账户无套保权限")
    case .fundOrderSize: RefusalWords("child order limit", chinese: "子单上限")
    case .fundPositionLimit:
      RefusalWords("position limit", "held or working", chinese: "持仓上限", "持有及在途")
    case .fundPositionAvailable: RefusalWords("closable", "held", chinese: "可平", "持有")
    case .fundLinkDown: RefusalWords("link to the counter is down", chinese: "柜台连接中断")
    case .selfTrade: RefusalWords("self-trade", "would cross", chinese: "自成交", "将成交价")
    case .partialPlacement:
      RefusalWords("lots to be placed", "have a place", chinese: "须全部下达", "可下达")
    case .counterRefused: RefusalWords("counter's error", chinese: "柜台错误")
    case .fundOpenVolume:
      RefusalWords("open volume limit", "opened or working", chinese: "开仓总量上限", "已开及在途")
    case .fundOrderRate: RefusalWords("child order rate limit", "sent", chinese: "子单频率上限", "已报")
    case .fundNotTradable: RefusalWords("not tradable", chinese: "不可交易")
    case .fundCancelQuota:
      RefusalWords("cancel quota", "cancelled or working", chinese: "撤单额度", "已撤及在途")
    case .fundVolumeQuota:
      RefusalWords("volume quota", "traded or working", chinese: "成交额度", "已成交及在途")
    case .fundMessageQuota:
      RefusalWords(
        "messages a second to the counter", "sent or waiting", chinese: "每秒柜台请求上限", "已发及排队")
    default: nil
    }
  }

  private static func budgetWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .selfTradeBudget:
      RefusalWords(
        "self-trades of the group a day", "counted", chinese: "账户组当日自成交上限", "已计")
    case .cancelBudget:
      RefusalWords("cancels of the group a day", "counted", chinese: "账户组当日撤单上限", "已计")
    case .limitPriceCancelBudget:
      RefusalWords(
        "cancels at limit prices a day", "counted", chinese: "账户组当日涨跌停价撤单上限", "已计")
    case .largeCancelBudget:
      RefusalWords(
        "large cancels of the group a day", "counted", chinese: "账户组当日大额撤单上限", "已计")
    case .openedLotsBudget:
      RefusalWords(
        "lots the group opens a day", "opened or working", chinese: "账户组当日开仓上限", "已开及在途")
    case .programmeTrading:
      RefusalWords("seconds with many messages a day", "counted", chinese: "程序化交易报备标准", "已计")
    default: nil
    }
  }

  private static func deskWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .notPermitted: RefusalWords("the controller has no right to do it", chinese: "风控账户无此权限")
    case .accountNotBoundToController:
      RefusalWords("not bound to the controller", chinese: "未绑定到该风控账户")
    case .reasonMissing: RefusalWords("a reason is needed", chinese: "须填写原因", saysAll: true)
    case .killSwitch: RefusalWords("stopped by a kill switch", chinese: "已急停")
    case .barredByController:
      RefusalWords("barred from opening by a risk controller", chinese: "已被风控禁止开仓")
    case .fundKillSwitch:
      RefusalWords("the counter is stopped by a kill switch", chinese: "柜台已急停")
    default: nil
    }
  }

  private static func gatewayWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .capacity: RefusalWords("capacity", "used", chinese: "系统容量", "已用")
    case .amountOverflow:
      RefusalWords(
        "range of amounts", "there", chinese: "金额范围", "已有",
        fault: ("an amount is out of range", "金额超出范围"))
    case .shuttingDown:
      RefusalWords("the gateway is stopping", chinese: "网关停机中", saysAll: true)
    case .unknownOrder: RefusalWords("unknown order", chinese: "未知报单")
    case .orderDone: RefusalWords("the order is done", chinese: "报单已了结")
    case .staleOrder: RefusalWords("age of the order at most", "old", chinese: "报单时延上限", "已过")
    case .journalUnavailable:
      RefusalWords("the journal can't be written", chinese: "日志无法写入", saysAll: true)
    case .marketDataMissing: RefusalWords("no price", chinese: "缺少价格")
    case .engineNotReady: RefusalWords("the engine is not ready", chinese: "引擎未就绪")
    case .ratesMissing: RefusalWords("no rates", chinese: "缺少费率")
    case .badCommand: RefusalWords("the request makes no sense", chinese: "请求无效")
    case .clockUnconfirmed: RefusalWords("clock jump at most", "jumped", chinese: "时钟前跳上限", "已跳")
    default: nil
    }
  }
}
