import Domain

extension RuleTable {
  /// rules.md 2: is the order well formed.
  static let wellFormedRows: [RuleRow] = [
    RuleRow(
      .unknownInstrument, "unknown-instrument", .openingAndClosing,
      "The instrument is listed here.",
      chinese: "合约已在本系统挂牌。",
      compares: "instrument known",
      config: ["instruments: list"],
      fix: 1, ctp: 16, source: "exchange rules", phases: .order),
    RuleRow(
      .badSide, "bad-side", .openingAndClosing,
      "The side is buy or sell.",
      chinese: "买卖方向合法。",
      compares: "side known",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badOffset, "bad-offset", .openingAndClosing,
      "The offset is open, close, close-today or close-yesterday.",
      chinese: "开平标志合法。",
      compares: "offset known",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badHedge, "bad-hedge", .openingAndClosing,
      "The hedge flag is speculation, arbitrage or hedge.",
      chinese: "投机套保标志合法。",
      compares: "hedge flag known",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badOrderType, "bad-order-type", .openingAndClosing,
      "Order type and time in force are known, and a market order goes only where the "
        + "exchange takes one.",
      chinese: "报单类型与有效期合法；市价单仅限交易所支持的合约。",
      compares: "type and time in force known",
      config: ["commodities: marketLotsMinimum", "commodities: marketLotsMaximum"],
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badQuantity, "bad-quantity", .openingAndClosing,
      "The lots are within the exchange's bounds for a limit or a market order; a "
        + "minimum quantity is only for immediate-or-cancel and at most the lots.",
      chinese: "手数在交易所限价单或市价单的上下限之内；最小成交量仅用于 FAK 且不超过手数。",
      compares: "minimum <= lots <= maximum",
      config: [
        "commodities: limitLotsMinimum", "commodities: limitLotsMaximum",
        "commodities: marketLotsMinimum", "commodities: marketLotsMaximum",
      ],
      fix: 13, source: "exchange rules", phases: .order),
    RuleRow(
      .badPriceTick, "bad-price-tick", .openingAndClosing,
      "A limit order's price is a multiple of the tick; a market order states none.",
      chinese: "限价为最小变动价位的整数倍；市价单不带价格。",
      compares: "price modulo tick = 0",
      config: ["commodities: tick"],
      fix: 99, source: "exchange rules", phases: .order),
    RuleRow(
      .tradingSession, "trading-session", .openingAndClosing,
      "The instrument is in a trading session now; in an auction only limit orders for "
        + "the day are taken.",
      chinese: "合约正处于交易时段；集合竞价只接受当日有效的限价单。",
      compares: "now within [start, end), or the exchange's status",
      config: ["calendar: years", "calendar: tradingHours"],
      fix: 2, source: "exchange rules", phases: .order),
    RuleRow(
      .priceLimits, "price-limits", .openingAndClosing,
      "A limit order's price is within today's limit-down and limit-up; opening needs "
        + "both to be known.",
      chinese: "限价在当日跌停价与涨停价之间；涨跌停价未知时不得开仓。",
      compares: "limit-down <= price <= limit-up",
      fix: 3, source: "exchange rules", phases: .order),
    RuleRow(
      .deliveryMultiple, "delivery-multiple", .openingAndClosing,
      "In the delivery month the lots are a multiple of the commodity's.",
      chinese: "交割月内手数为品种规定手数的整数倍。",
      compares: "lots modulo multiple = 0",
      config: ["commodities: deliveryMultiple"],
      fix: 13, source: "AMS manual 9.5", phases: .order),
    RuleRow(
      .duplicateOrder, "duplicate-order", .openingAndClosing,
      "A ClOrdID is not used again for another order of the day; at most N identical "
        + "orders within T ms.",
      chinese: "同一交易日内客户报单号不得用于不同报单；T 毫秒内相同报单不超过 N 笔。",
      compares: "identical orders within [0, T) and this one <= N",
      config: [
        "operation-accounts: duplicates.count", "operation-accounts: duplicates.windowMilliseconds",
      ],
      fix: 6, ctp: 22, source: "market-access controls", phases: .entryOnly),
    RuleRow(
      .staleMarketData, "stale-market-data", .opening,
      "The instrument's last price is at most T seconds old.",
      chinese: "合约最新价距今不超过 T 秒。",
      compares: "age of last <= T",
      level: .barOpening,
      config: ["operation-accounts: staleSeconds"],
      fix: 99, source: "market-access controls", phases: .order),
  ]
}
