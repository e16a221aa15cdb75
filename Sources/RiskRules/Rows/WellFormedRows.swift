import Domain

extension RuleTable {
  /// rules.md 2: is the order well formed.
  static let wellFormedRows: [RuleRow] = [
    RuleRow(
      .unknownInstrument, "unknown-instrument", .openingAndClosing,
      "The instrument is listed here.",
      chinese: "合约已在本系统挂牌。",
      compares: "instrument known",
      example: "rb2610 is listed: an order in it passes; rb2699 is refused",
      config: ["instruments: list"],
      fix: 1, ctp: 16, source: "exchange rules", phases: .order),
    RuleRow(
      .badSide, "bad-side", .openingAndClosing,
      "The side is buy or sell.",
      chinese: "买卖方向合法。",
      compares: "side known",
      example: "side 1 (buy) and 2 (sell) pass, 3 is refused",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badOffset, "bad-offset", .openingAndClosing,
      "The offset is open, close, close-today or close-yesterday.",
      chinese: "开平标志合法。",
      compares: "offset known",
      example: "open, close, close-today and close-yesterday pass, code 9 is refused",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badHedge, "bad-hedge", .openingAndClosing,
      "The hedge flag is speculation, arbitrage or hedge.",
      chinese: "投机套保标志合法。",
      compares: "hedge flag known",
      example: "speculation, arbitrage and hedge pass, code 9 is refused",
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badOrderType, "bad-order-type", .openingAndClosing,
      "Order type and time in force are known, and a market order goes only where the "
        + "exchange takes one.",
      chinese: "报单类型与有效期合法；市价单仅限交易所支持的合约。",
      compares: "type and time in force known",
      example: "a market order passes where the exchange takes up to 30 lots of one, and is "
        + "refused where it takes 0",
      config: ["commodities: marketLotsMinimum", "commodities: marketLotsMaximum"],
      fix: 11, source: "exchange rules", phases: .order),
    RuleRow(
      .badQuantity, "bad-quantity", .openingAndClosing,
      "The lots are within the exchange's bounds for a limit or a market order; a "
        + "minimum quantity is only for immediate-or-cancel and at most the lots.",
      chinese: "手数在交易所限价单或市价单的上下限之内；最小成交量仅用于 FAK 且不超过手数。",
      compares: "minimum <= lots <= maximum",
      example: "limit orders of 1 to 500 lots: 1 and 500 pass, 0 and 501 are refused; a minimum "
        + "quantity of 4 of 3 lots is refused",
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
      example: "tick 5: 52 035 passes, 52 033 is refused",
      config: ["commodities: tick"],
      fix: 99, source: "exchange rules", phases: .order),
    RuleRow(
      .tradingSession, "trading-session", .openingAndClosing,
      "The instrument is in a trading session now; in an auction only limit orders for "
        + "the day are taken.",
      chinese: "合约正处于交易时段；集合竞价只接受当日有效的限价单。",
      compares: "now within [start, end), or the exchange's status",
      example: "session [09:00, 10:15): 09:00:00.000 and 10:14:59.999 pass, 10:15:00.000 is "
        + "refused",
      config: ["calendar: years", "calendar: tradingHours"],
      fix: 2, source: "exchange rules", phases: .order),
    RuleRow(
      .priceLimits, "price-limits", .openingAndClosing,
      "A limit order's price is within today's limit-down and limit-up; opening needs "
        + "both to be known.",
      chinese: "限价在当日跌停价与涨停价之间；涨跌停价未知时不得开仓。",
      compares: "limit-down <= price <= limit-up",
      example: "limit-down 3 000, limit-up 3 400, tick 1: 3 000 and 3 400 pass, 2 999 and 3 401 "
        + "are refused",
      fix: 3, source: "exchange rules", phases: .order),
    RuleRow(
      .deliveryMultiple, "delivery-multiple", .openingAndClosing,
      "In the delivery month the lots are a multiple of the commodity's.",
      chinese: "交割月内手数为品种规定手数的整数倍。",
      compares: "lots modulo multiple = 0",
      example: "multiple 3 in the delivery month: 3 and 6 pass, 4 is refused",
      config: ["commodities: deliveryMultiple"],
      fix: 13, source: "AMS manual 9.5", phases: .order),
    RuleRow(
      .duplicateOrder, "duplicate-order", .openingAndClosing,
      "A ClOrdID is not used again for another order of the day; at most N identical "
        + "orders within T ms.",
      chinese: "同一交易日内客户报单号不得用于不同报单；T 毫秒内相同报单不超过 N 笔。",
      compares: "identical orders within [0, T) and this one <= N",
      example: "at most 2 identical orders within 1 000 ms: at 0, 400 and 999 ms the third is "
        + "refused; at 1 000 ms it passes",
      config: [
        "operation-accounts: duplicates.count", "operation-accounts: duplicates.windowMilliseconds",
      ],
      fix: 6, ctp: 22, source: "market-access controls", phases: .entryOnly),
    RuleRow(
      .staleMarketData, "stale-market-data", .opening,
      "The instrument's last price is at most T seconds old.",
      chinese: "合约最新价距今不超过 T 秒。",
      compares: "age of last <= T",
      example: "5 s: a last price of 5.000 s ago passes, one of 5.001 s ago bars opening",
      level: .barOpening,
      config: ["operation-accounts: staleSeconds"],
      fix: 99, source: "market-access controls", phases: .order),
  ]
}
