import Domain

extension RuleTable {
  /// What the gateway itself refuses, and what every rule with a hold needs (rules.md 0).
  static let gatewayRows: [RuleRow] = [
    RuleRow(
      .capacity, "capacity", .openingAndClosing,
      "There is room in the tables for what is asked, and the account stays within the "
        + "lots that a holder can have.",
      chinese: "系统容量足够，且账户手数在系统可证明的范围之内。",
      compares: "used + asked <= room",
      config: ["gateway: capacities", "gateway: platform.ordersPerAccountDay"],
      fix: 0, source: "Sources/Domain/Ranges.swift",
      phases: [.entry, .approval, .attempt, .routing, .command]),
    RuleRow(
      .amountOverflow, "amount-overflow", .openingAndClosing,
      "Everything the order is worth stays within the proven ranges, and so does the account.",
      chinese: "报单与账户的各项金额均在系统可证明的范围之内。",
      compares: "price * multiplier, margin <= range",
      fix: 99, source: "Sources/Domain/Ranges.swift",
      phases: [.entry, .approval, .attempt, .routing]),
    RuleRow(
      .shuttingDown, "shutting-down", .openingAndClosing,
      "The gateway is not stopping.",
      chinese: "网关未在停机过程中。",
      compares: "running",
      fix: 4, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .unknownOrder, "unknown-order", .cancel,
      "The order to cancel is one of the account's orders of today.",
      chinese: "要撤的报单是该账户当日的报单。",
      compares: "order known",
      fix: nil, ctp: 25, source: "docs/ARCHITECTURE.md", phases: .cancel),
    RuleRow(
      .orderDone, "order-done", .cancel,
      "The order to cancel can still fill.",
      chinese: "要撤的报单尚未了结。",
      compares: "order state",
      fix: nil, ctp: 26, source: "docs/ARCHITECTURE.md", phases: .cancel),
    RuleRow(
      .staleOrder, "stale-order", .openingAndClosing,
      "The order is not older than the maximum age it states.",
      chinese: "报单未超过其声明的最长有效时延。",
      compares: "age <= stated maximum",
      fix: 8, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .journalUnavailable, "journal-unavailable", .openingAndClosing,
      "The journal can take the command.",
      chinese: "日志可以写入。",
      compares: "journal open",
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .marketDataMissing, "market-data-missing", .opening,
      "There is a price to hold the order at: a market order needs limit-up.",
      chinese: "有可用于冻结的价格：市价单需要涨停价。",
      compares: "hold price known",
      fix: 99, source: "fail closed", phases: .order),
    RuleRow(
      .loginBusy, "login-busy", .logon,
      "There is room in the queue of passwords to verify.",
      chinese: "密码校验队列未满。",
      compares: "waiting <= limit",

      fix: nil, source: "market-access controls", phases: .logon),
    RuleRow(
      .engineNotReady, "engine-not-ready", .openingAndClosing,
      "The engine has a trading day and is not switching it.",
      chinese: "引擎已就绪，且不在换日过程中。",
      compares: "ready",
      fix: 4, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .ratesMissing, "rates-missing", .opening,
      "Fee and margin rates of the instrument are configured for the holder.",
      chinese: "该合约的手续费率与保证金率已配置。",
      compares: "rates known",
      config: ["commodities: marginLong", "operation-accounts: rates", "fund-accounts: rates"],
      fix: 0, source: "AMS manual 6, fail closed", phases: [.entry, .approval, .attempt, .routing]),
    RuleRow(
      .badCommand, "bad-command", .command,
      "A configuring command names things that exist and values that make sense.",
      chinese: "配置命令所指的对象存在且取值合理。",
      compares: "value within its range",
      fix: nil, source: "docs/ARCHITECTURE.md", phases: .command),
    RuleRow(
      .clockUnconfirmed, "clock-unconfirmed", .opening,
      "The clock has not jumped forward without confirmation.",
      chinese: "时钟未发生未经确认的前跳。",
      compares: "jump <= limit",
      level: .barOpening,
      config: ["gateway: platform.clockForwardSeconds"],
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .order),
  ]
}
