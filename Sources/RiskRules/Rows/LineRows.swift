import Domain

extension RuleTable {
  /// rules.md 4: lines on an account.
  static let lineRows: [RuleRow] = [
    RuleRow(
      .riskDegree, "risk-degree", .opening,
      "The account's risk degree, by the platform's mode, has not reached its line, nor the "
        + "platform's floor.",
      chinese: "账户风险度（按平台模式）未触及账户线及平台底线。",
      compares: "equity against x % of margin, an amount or x % of net deposits; or margin "
        + "against x % of equity",
      example: "mode 4 (margin against equity), line 70 %: equity 1 000 000 with margin 699 999 "
        + "passes, with 700 000 opening is barred",
      level: .barOpening,
      config: [
        "operation-accounts: lines.riskDegree", "risk: riskDegree.mode", "risk: riskDegree.floor",
        "risk: actions",
      ],
      fix: 0, ctp: 29, source: "AMS manual 4.1, note 4", phases: .watched),
    RuleRow(
      .dailyLoss, "daily-loss", .opening,
      "The day's loss is below the account's line, and has been since the line was set.",
      chinese: "当日亏损未达到账户亏损线；触及后锁定至改线或交易日结束。",
      compares: "-(position profit + close profit - fees - frozen fees) < line; latched",
      example: "line 300 000: position profit -200 000, close profit -99 900, fees and frozen "
        + "fees 100 reach it; a deposit of 1 000 000 leaves it barred, the line set to 310 000 "
        + "releases it",
      level: .barOpening,
      config: ["operation-accounts: lines.dailyLoss", "risk: actions"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .dailyLossRatio, "daily-loss-ratio", .opening,
      "The day's loss is below its share of opening equity, market equity or max allowed loss.",
      chinese: "当日亏损占期初权益、市值权益或最大允许亏损金额的比例未达到线。",
      compares: "daily loss / basis < line",
      example: "10 % of opening equity 1 000 000: a loss of 99 999.99 passes, 100 000 bars "
        + "opening",
      level: .barOpening,
      config: [
        "operation-accounts: lines.dailyLossRatio", "risk: dailyLossRatio", "risk: actions",
      ],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .totalLossRatio, "total-loss-ratio", .opening,
      "Net deposits ever less equity are below their share of market equity or max allowed loss.",
      chinese: "总亏损（历史出入金之和减动态权益）占市值权益或最大允许亏损金额的比例未达到线。",
      compares: "(net deposits ever - equity) / basis < line",
      example: "30 % of the allowed loss of 1 000 000, net deposits 1 100 000: equity 800 000.01 "
        + "passes, 800 000 bars opening",
      level: .barOpening,
      config: [
        "operation-accounts: lines.totalLossRatio", "risk: totalLossRatio", "risk: actions",
      ],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .positionMarginRatio, "position-margin-ratio", .opening,
      "The account's margin is below its share of equity, market equity or max allowed loss.",
      chinese: "持仓保证金占动态权益、市值权益或最大允许亏损金额的比例未达到线。",
      compares: "margin / basis < line",
      example: "60 % of equity 1 000 000: margin 599 999.99 with the order passes, 600 000 is "
        + "refused",
      level: .barOpening,
      config: ["operation-accounts: lines.positionMarginRatio", "risk: actions"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .overnightMargin, "overnight-margin", .opening,
      "Before the close of its instrument: the account's margin in what closes now or has closed, "
        + "with the order filled, is within its share of market equity or max allowed loss.",
      chinese: "临近收盘：即将收盘及已收盘品种的保证金（含本单）占市值权益或最大允许亏损金额的比例不超限。",
      compares: "margin / basis <= limit, from 10 minutes before the close (of the night too where "
        + "account and product say so); what is over is reduced from 5 minutes before",
      example: "30 %, market equity 1 000 000, T-10: margin 300 000 with the order passes, 300 001 "
        + "is refused",
      level: .barOpening,
      config: [
        "operation-accounts: overnight", "operation-accounts: countsNightClose",
        "products: countsNightClose", "risk: windows",
      ],
      fix: 0, ctp: 29, source: "AMS manual 4.1, notes 16, 17", phases: .watched),
    RuleRow(
      .overnightExposure, "overnight-exposure", .opening,
      "The same of absolute exposure: by commodity long value less short value, summed.",
      chinese: "临近收盘：即将收盘及已收盘品种的绝对敞口市值（含本单）占市值权益或最大允许亏损金额的比例不超限。",
      compares: "sum of abs(long - short) / basis <= limit, in the same window",
      example: "200 %, market equity 1 000 000: cu long 1.5m short 0.5m and IF short 1m are 2.0m: "
        + "inside; a lot more is refused",
      level: .barOpening,
      config: [
        "operation-accounts: overnight", "operation-accounts: countsNightClose",
        "products: countsNightClose", "risk: windows",
      ],
      fix: 0, ctp: 29, source: "AMS manual 4.1, notes 16, 17", phases: .watched),
    RuleRow(
      .sessionFlat, "session-flat", .opening,
      "The account is not to open in the commodity before this close: midday, the day's or the "
        + "night's.",
      chinese: "账户未被设置为在该品种本次收盘（午盘、收盘、夜盘）前禁开或清仓。",
      compares: "the close is more than 10 minutes away, or the commodity is not listed for it",
      example: "flatten rb at midday: from 11:20 opening rb is refused, at 11:25 what is held of "
        + "it is closed but for arbitrage",
      level: .barOpening,
      config: ["operation-accounts: sessionFlat", "risk: windows"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .drawdown, "drawdown", .opening,
      "The account's equity has not fallen from its highest by its line's share.",
      chinese: "账户权益自最高点的回撤未达到线。",
      compares: "(high - equity) / high < line",
      example: "20 %, highest equity 1 250 000: 1 000 000.01 passes, 1 000 000 bars opening",
      level: .barOpening,
      config: ["operation-accounts: lines.drawdown", "risk: actions"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .watched),
    RuleRow(
      .liquidating, "liquidating", .opening,
      "The account is not being liquidated. A terminal can't cancel a forced order either, until "
        + "the liquidation is over.",
      chinese: "账户未处于强平中；强平结束前终端不能撤销强平报单。",
      compares: "no liquidation of the account runs",
      example: "a controller forces rb2701 of an account: opening anything is refused until the "
        + "liquidation has ended, closing passes",
      config: ["risk: actions", "risk: liquidation"],
      fix: 0, ctp: 29, source: "AMS manual 2.5, 9.2", phases: .entryOnly),
    RuleRow(
      .slowDown, "slow-down", .opening,
      "An account that a line slows down waits so long between its opening orders.",
      chinese: "被限速的账户两次开仓之间须间隔规定时间。",
      compares: "milliseconds since the last opening order >= delay",
      example: "delay 1 000 ms: an opening order 999 ms after the last one is refused, one at 1 "
        + "000 ms passes",
      config: ["risk: slowDownMilliseconds", "risk: actions"],
      fix: 3, ctp: 116, source: "market-access controls", phases: .entryOnly),
  ]
}
