import Domain

extension RuleTable {
  /// rules.md 3: may this account do it.
  static let accountRows: [RuleRow] = [
    RuleRow(
      .notBound, "not-bound", .openingAndClosing,
      "The account is bound to a product that has a fund account.",
      chinese: "账户已绑定产品且产品下有资金账户。",
      compares: "fund accounts >= 1",
      example: "bound to a product with 1 fund account: passes; with 0 every order is refused, "
        + "closing too",
      config: ["operation-accounts: product", "fund-accounts: product"],
      fix: 15, source: "AMS manual note 3", phases: .order),
    RuleRow(
      .accountEnabled, "account-enabled", .opening,
      "The account is enabled; a disabled one may only close.",
      chinese: "账户已启用；停用账户只能平仓。",
      compares: "enabled",
      example: "disabled and 3 lots held: buying to open 1 is refused, closing 3 passes",
      level: .barOpening,
      config: ["operation-accounts: enabled"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .order),
    RuleRow(
      .openPermission, "open-permission", .opening,
      "Account and product are allowed to open.",
      chinese: "账户及其产品允许开仓。",
      compares: "permitted",
      example: "the account may open, its product may not: opening 1 is refused, closing passes",
      level: .barOpening,
      config: ["operation-accounts: mayOpen", "products: mayOpen"],
      fix: 0, ctp: 29, source: "AMS manual 4.1", phases: .order),
    RuleRow(
      .hedgePermission, "hedge-permission", .opening,
      "Orders with the hedge flag need the account's permission.",
      chinese: "套保报单须有账户的套保权限。",
      compares: "permitted",
      example: "without permission 1 lot with the hedge flag is refused, 1 speculative lot "
        + "passes",
      config: ["operation-accounts: mayHedge"],
      fix: 0, source: "AMS manual 4.1", phases: .order),
    RuleRow(
      .notTradable, "not-tradable", .opening,
      "The first list there is lets open in this commodity or instrument: the account's own, else "
        + "its template's, a fund account's, the product's or everybody's.",
      chinese: "最优先的可交易或不可交易名单允许在该品种或合约开仓：账户自身优先于模板、资金账户、产品与全局。",
      compares: "listed, against \"barred\" or \"only these\"",
      example: "\"only these\" with cu listed: cu2610 passes, rb2610 is refused; closing 2 "
        + "rb2610 passes",
      config: [
        "operation-accounts: tradable.scopes", "operation-accounts: tradable.listed",
        "rates: templates.tradable", "fund-accounts: tradableDay", "fund-accounts: tradableNight",
        "products: tradable",
        "products: everybody.tradable",
      ],
      fix: 0, source: "AMS manual 6.3, 8.4, note 10", phases: .order),
    RuleRow(
      .deliveryMonth, "delivery-month", .opening,
      "The product does not bar opening in an instrument whose delivery month is now.",
      chinese: "产品未禁止在交割月合约上开仓。",
      compares: "barred by exchange, commodity or instrument",
      example: "in October 2026: rb2610 is barred for opening, rb2611 passes; closing rb2610 "
        + "passes",
      config: ["products: deliveryMonthBarred"],
      fix: 0, source: "AMS manual 9.4", phases: .order),
    RuleRow(
      .limitBand, "limit-band", .opening,
      "Neither the last price nor the order's own is in the barred zone next to limit-up "
        + "or limit-down.",
      chinese: "最新价与报单价均不在涨跌停附近的禁开区间内。",
      compares: "last and limit price against the zone's inner end",
      example: "limit-up 5 000, tick 1, 10 ticks: last at 4 989 passes, at 4 990 opening is "
        + "barred; limit-down 3 000: 3 011 passes, 3 010 is barred",
      config: ["operation-accounts: limitBands"],
      fix: 3, source: "AMS manual 4.2", phases: .order),
    RuleRow(
      .orderSize, "order-size", .openingAndClosing,
      "An order has at most so many lots and, opening, so much margin in a commodity: by the "
        + "account's own limits there, else by its template's.",
      chinese: "单笔报单的手数及开仓保证金不超过品种上限（账户自身优先于模板）。",
      compares: "lots, margin <= limit",
      example: "100 lots an order: 100 pass, 101 are refused",
      config: ["operation-accounts: orderSizes", "rates: templates.orderSize"],
      fix: 3, source: "AMS manual 4.6", phases: .order),
    RuleRow(
      .fatFinger, "fat-finger", .opening,
      "The order's value is at most so much, and its price not further from last than so "
        + "many ticks or percent.",
      chinese: "报单名义金额不超过上限，报单价偏离最新价不超过规定的跳数或百分比。",
      compares: "value, distance <= limit",
      example: "value at most 1 000 000: 10 lots at 3 120 x 10 = 312 000 pass, 33 lots = 1 029 "
        + "600 are refused; 20 ticks of 1 from last 3 120: 3 140 passes, 3 141 is refused",
      config: [
        "operation-accounts: fatFinger.notional", "operation-accounts: fatFinger.ticks",
        "operation-accounts: fatFinger.percent",
      ],
      fix: 3, source: "market-access controls", phases: .order),
    RuleRow(
      .positionLimit, "position-limit", .opening,
      "Lots held and working to open, this order included, are at most the account's and "
        + "every matching entry's.",
      chinese: "持仓与在途开仓手数（含本单）不超过账户及各匹配条目的上限。",
      compares: "held + working + lots <= limit (account default 100 000)",
      example: "limit 100, 90 held, 8 working to open: 2 more pass, 3 are refused",
      config: ["operation-accounts: positionCap", "operation-accounts: positionLimits"],
      fix: 3, ctp: 106, source: "AMS manual 4.1, 4.3", phases: .order),
    RuleRow(
      .marginLimit, "margin-limit", .opening,
      "Margin held and frozen, this order included, is at most the account's and every "
        + "matching entry's.",
      chinese: "占用与冻结保证金（含本单）不超过账户及各匹配条目的上限。",
      compares: "margin + frozen + order <= limit (account default 100 000 000)",
      example: "limit 100 000, 60 000 held, 30 000 frozen: an order of 10 000.00 passes, one of "
        + "10 000.01 is refused",
      config: ["operation-accounts: marginCap", "operation-accounts: positionLimits"],
      fix: 3, source: "AMS manual 4.1, 4.3", phases: .order),
    RuleRow(
      .cancelLimit, "cancel-limit", .openingAndClosing,
      "The account has confirmed fewer cancels in the instrument today than it may; "
        + "closing only if set so.",
      chinese: "账户当日在该合约的撤单次数未达上限；仅在设置时限制平仓。",
      compares: "cancels < limit",
      example: "limit 3: after 3 confirmed cancels in rb2610 opening there is refused; rb2611 "
        + "and cancelling a fourth working order pass",
      config: [
        "operation-accounts: cancelLimit.count", "operation-accounts: cancelLimit.closingToo",
      ],
      fix: 3, source: "AMS manual 4.1", phases: .order),
    RuleRow(
      .openOrders, "open-orders", .opening,
      "The account has at most so many working orders, this one included.",
      chinese: "账户在途报单数（含本单）不超过上限。",
      compares: "working + 1 <= limit",
      example: "limit 5, 4 working: the fifth passes, the sixth is refused",
      config: ["operation-accounts: openOrders"],
      fix: 3, source: "market-access controls", phases: .order),
    RuleRow(
      .orderRate, "order-rate", .openingAndClosing,
      "No bar stands that the Nth order within T has set; it bars opening, closing or "
        + "both until released or the next trading day.",
      chinese: "报单频率未触发限制；触发后限制开仓、平仓或两者，直至解除或下一交易日。",
      compares: "orders within [t - T, t) against N",
      example: "10 in 1 s: ten pass and set the bar, the eleventh opening order is refused, "
        + "closing passes",
      level: .barOpening,
      config: [
        "operation-accounts: orderRate.count", "operation-accounts: orderRate.windowMilliseconds",
        "operation-accounts: orderRate.bar",
      ],
      fix: 3, ctp: 116, source: "AMS manual 2.2", phases: .entryOnly),
    RuleRow(
      .tradedValue, "traded-value", .opening,
      "The value of today's opening fills and working opening orders, this order "
        + "included, is at most the account's and the product's.",
      chinese: "当日开仓成交与在途开仓的名义金额（含本单）不超过账户及产品上限。",
      compares: "opened + working + value <= limit",
      example: "limit 1 000 000, 700 000 opened, 200 000 working: 100 000 more pass, 100 000.01 "
        + "are refused",
      config: ["operation-accounts: tradedValue", "products: tradedValue"],
      fix: 3, source: "market-access controls", phases: .order),
    RuleRow(
      .positionAvailable, "position-available", .closing,
      "The lots to close are held on that side, reached by the offset, and not already "
        + "being closed.",
      chinese: "平仓手数不超过该方向可平手数；上期所、上期能源区分今昨仓。",
      compares: "lots <= closable",
      example: "10 long, 4 of them being closed: closing 6 passes, 7 is refused",
      fix: 3, ctp: 30, source: "exchange rules", phases: .order),
    RuleRow(
      .fundsAvailable, "funds-available", .opening,
      "The account's available money pays the order's margin or premium, and its fee.",
      chinese: "账户可用资金足以支付本单保证金（买入期权为权利金）与手续费。",
      compares: "margin + premium + fee <= available",
      example: "available 10 000: margin 9 990 and fee 10 pass, fee 10.01 is refused",
      fix: 3, ctp: 31, source: "exchange rules", phases: .order),
  ]
}
