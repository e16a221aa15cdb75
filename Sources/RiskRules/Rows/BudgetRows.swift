import Domain

extension RuleTable {
  /// rules.md 8: exchanges' budgets of abnormal trading, by real-control group.
  static let budgetRows: [RuleRow] = [
    RuleRow(
      .selfTradeBudget, "self-trade-budget", .child,
      "The real-control group of the fund account has traded with itself in the instrument less "
        + "often today than the exchange lets pass.",
      chinese: "实际控制关系账户组在该合约的当日自成交次数低于交易所标准。",
      compares: "self-trades today < limit",
      example: "limit 5: after 4 the group may open, after the fifth its fund accounts open "
        + "nothing more there today; closing passes",
      level: .barOpening, config: ["budgets: rows.selfTrades", "fund-accounts: controlGroup"],
      fix: 0, source: source, phases: .routing),
    RuleRow(
      .cancelBudget, "cancel-budget", .child,
      "The group has cancelled less often in the instrument today than the exchange lets pass: "
        + "neither FAK and FOK orders count, nor hedges, nor market making.",
      chinese: "实际控制关系账户组在该合约的当日撤单次数低于交易所标准（FAK、FOK、套保与做市除外）。",
      compares: "cancels today < limit",
      example: "limit 500: 499 cancels pass, at 500 opening is barred; of index futures 400",
      level: .barOpening,
      config: ["budgets: rows.cancels", "fund-accounts: marketMaking"],
      fix: 0, source: source, phases: .routing),
    RuleRow(
      .limitPriceCancelBudget, "limit-price-cancel-budget", .child,
      "The group has cancelled fewer orders at a limit price in the instrument today than the "
        + "exchange lets pass.",
      chinese: "实际控制关系账户组在该合约以涨跌停价报单的当日撤单次数低于交易所标准。",
      compares: "cancels at limit-up or limit-down today < limit",
      example: "limit 100 at CZCE: 99 pass, at 100 opening is barred",
      level: .barOpening, config: ["budgets: rows.limitPriceCancels"],
      fix: 0, source: source, phases: .routing),
    RuleRow(
      .largeCancelBudget, "large-cancel-budget", .child,
      "The group has cancelled many lots at once in the instrument less often today than the "
        + "exchange lets pass.",
      chinese: "实际控制关系账户组在该合约的当日大额撤单次数低于交易所标准。",
      compares: "large cancels today < limit",
      example: "large from 300 lots, limit 50: 50 cancels of 299 lots pass, the fiftieth of 300 "
        + "bars opening; above 80 % of a largest order of 1 000: 800 is not large, 801 is",
      level: .barOpening,
      config: [
        "budgets: rows.largeCancels", "budgets: rows.largeLots", "budgets: rows.largePercent",
        "budgets: rows.largeAbovePercent",
      ],
      fix: 0, source: source, phases: .routing),
    RuleRow(
      .openedLotsBudget, "opened-lots-budget", .child,
      "Lots that the group opens in a day, of the commodity or of the instrument, working ones "
        + "and the child's included, are at most what the exchange allows.",
      chinese: "实际控制关系账户组当日开仓量（含在途与本单）不超过交易所限额。",
      compares: "opened today + working + lots <= limit",
      example: "limit 500, 490 opened, 5 working: 5 more fit, the sixth goes to another group's "
        + "fund account or nowhere",
      config: ["budgets: rows.openedLots"],
      fix: 3, ctp: 106, source: source, phases: .routing),
    RuleRow(
      .programmeTrading, "programme-trading", .child,
      "Messages to an exchange that have to be reported as programme trading give a notice.",
      chinese: "一秒内报撤单笔数及单日次数达到程序化交易报备标准时提示。",
      compares: "seconds with so many orders and cancels today >= limit: a notice",
      example: "10 in a second, ten times a day: the tenth such second gives the notice, and "
        + "nothing is refused",
      config: ["budgets: messages"],
      fix: 0, source: source, phases: .watch),
  ]

  private static let source = "market-access controls, rules of the exchanges"
}
