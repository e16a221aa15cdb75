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
      example: "room for 1 000 000 orders a day, 1 000 000 taken: the next is refused",
      config: ["gateway: capacities", "gateway: platform.ordersPerAccountDay"],
      fix: 0, source: "Sources/Domain/Ranges.swift",
      phases: [.entry, .approval, .attempt, .routing, .command]),
    RuleRow(
      .amountOverflow, "amount-overflow", .openingAndClosing,
      "Everything the order is worth stays within the proven ranges, and so does the account.",
      chinese: "报单与账户的各项金额均在系统可证明的范围之内。",
      compares: "price * multiplier, margin <= range",
      example: "a lot worth 100 000 000 yuan (price x multiplier) is within the proven range, "
        + "one worth 100 000 001 is refused",
      fix: 99, source: "Sources/Domain/Ranges.swift",
      phases: [.entry, .approval, .attempt, .routing]),
    RuleRow(
      .shuttingDown, "shutting-down", .openingAndClosing,
      "The gateway is not stopping.",
      chinese: "网关未在停机过程中。",
      compares: "running",
      example: "told to stop at 15:30:00: an order of 15:29:59.999 passes, one of 15:30:00.001 "
        + "is refused, cancels pass",
      fix: 4, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .unknownOrder, "unknown-order", .cancel,
      "The order to cancel is one of the account's orders of today.",
      chinese: "要撤的报单是该账户当日的报单。",
      compares: "order known",
      example: "8001-17 is one of the account's orders of today: it is cancelled; 8001-18 is "
        + "not: refused",
      fix: nil, ctp: 25, source: "docs/ARCHITECTURE.md", phases: .cancel),
    RuleRow(
      .orderDone, "order-done", .cancel,
      "The order to cancel can still fill.",
      chinese: "要撤的报单尚未了结。",
      compares: "order state",
      example: "8001-17 filled 5 of 5: its cancel is refused; with 3 of 5 the other 2 are "
        + "cancelled",
      fix: nil, ctp: 26, source: "docs/ARCHITECTURE.md", phases: .cancel),
    RuleRow(
      .staleOrder, "stale-order", .openingAndClosing,
      "The order is not older than the maximum age it states.",
      chinese: "报单未超过其声明的最长有效时延。",
      compares: "age <= stated maximum",
      example: "maximum age 500 ms: an order that came 500 ms after it was sent passes, 501 ms "
        + "is refused",
      fix: 8, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .journalUnavailable, "journal-unavailable", .openingAndClosing,
      "The journal can take the command.",
      chinese: "日志可以写入。",
      compares: "journal open",
      example: "the disk has 0 bytes left for the segment: orders are refused until it takes "
        + "them again",
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .marketDataMissing, "market-data-missing", .opening,
      "There is a price to hold the order at: a market order needs limit-up.",
      chinese: "有可用于冻结的价格：市价单需要涨停价。",
      compares: "hold price known",
      example: "a market order to buy 1 is held at limit-up 3 400; without a limit-up it is "
        + "refused",
      fix: 99, source: "fail closed", phases: .order),
    RuleRow(
      .loginBusy, "login-busy", .logon,
      "There is room in the queue of passwords to verify.",
      chinese: "密码校验队列未满。",
      compares: "waiting <= limit",
      example: "256 passwords wait to be verified: the next log in is refused and may be tried "
        + "again",
      fix: nil, source: "market-access controls", phases: .logon),
    RuleRow(
      .engineNotReady, "engine-not-ready", .openingAndClosing,
      "The engine has a trading day and is not switching it.",
      chinese: "引擎已就绪，且不在换日过程中。",
      compares: "ready",
      example: "the day is being switched in 12 slices: orders between the first and the last are "
        + "refused, cancels are not",
      fix: 4, source: "docs/ARCHITECTURE.md", phases: .entryOnly),
    RuleRow(
      .ratesMissing, "rates-missing", .opening,
      "Fee and margin rates of the instrument are configured for the holder.",
      chinese: "该合约的手续费率与保证金率已配置。",
      compares: "rates known",
      example: "rb2610 has margin 8 % and fees: passes; an instrument without rates is refused "
        + "for opening",
      config: ["commodities: marginLong", "operation-accounts: rates", "fund-accounts: rates"],
      fix: 0, source: "AMS manual 6, fail closed", phases: [.entry, .approval, .attempt, .routing]),
    RuleRow(
      .badCommand, "bad-command", .command,
      "A configuring command names things that exist and values that make sense.",
      chinese: "配置命令所指的对象存在且取值合理。",
      compares: "value within its range",
      example: "a cap of -1 lots is refused and changes nothing; 0 is taken and allows none",
      fix: nil, source: "docs/ARCHITECTURE.md", phases: .command),
    RuleRow(
      .clockUnconfirmed, "clock-unconfirmed", .opening,
      "The clock has not jumped forward without confirmation.",
      chinese: "时钟未发生未经确认的前跳。",
      compares: "jump < limit",
      example: "limit 60 s: a jump of 59 s passes, one of 60 s bars opening until it is "
        + "confirmed",
      level: .barOpening,
      config: ["gateway: platform.clockForwardSeconds"],
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .order),
  ]
}
