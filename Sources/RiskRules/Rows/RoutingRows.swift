import Domain

extension RuleTable {
  /// rules.md 7 and routing.md: the product's fund accounts and counters.
  static let routingRows: [RuleRow] = [
    RuleRow(
      .noFundAccount, "no-fund-account", .child,
      "At least one fund account of the product could take the order.",
      chinese: "产品下至少有一个资金账户可以承接本单。",
      compares: "lots without a place against 0",
      example: "2 fund accounts, neither with room: an order of 5 has 5 lots without a place and "
        + "is refused",
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .routing),
    RuleRow(
      .fundMinReserve, "fund-min-reserve", .child,
      "A fund account's available money stays at or above its reserve.",
      chinese: "资金账户的可用资金不低于最小预留金额。",
      compares: "available after the hold >= reserve",
      example: "reserve 50 000, available 60 000: a child that holds 10 000.00 goes there, one "
        + "that holds 10 000.01 goes elsewhere",
      config: ["fund-accounts: minimumReserve"],
      fix: 0, ctp: 31, source: "AMS manual 2.2", phases: .routing),
    RuleRow(
      .fundOpenPermission, "fund-open-permission", .child,
      "The fund account is allowed to open.",
      chinese: "资金账户允许开仓。",
      compares: "permitted",
      example: "FA1 may not open, FA2 may: 5 opening lots go to FA2; closing 3 held at FA1 goes "
        + "to FA1",
      config: ["fund-accounts: mayOpen"],
      fix: 0, ctp: 29, source: "AMS manual 2.2", phases: .routing),
    RuleRow(
      .fundHedgePermission, "fund-hedge-permission", .child,
      "The fund account may trade under the order's hedge flag.",
      chinese: "资金账户允许以该投机套保标志交易。",
      compares: "permitted",
      example: "FA1 without the permission, FA2 with it: 5 lots with the hedge flag go to FA2",
      config: ["fund-accounts: mayHedge"],
      fix: 0, source: "AMS manual 2.2", phases: .routing),
    RuleRow(
      .fundOrderSize, "fund-order-size", .child,
      "A child has at most so many lots and so much margin at the fund account.",
      chinese: "资金账户的单笔子单手数与保证金不超过上限。",
      compares: "lots, margin <= limit",
      example: "20 lots a child: an order of 30 sends 20 there, the other 10 go elsewhere",
      config: ["fund-accounts: orderSizes"],
      fix: 3, source: "AMS manual 8.3", phases: .routing),
    RuleRow(
      .fundPositionLimit, "fund-position-limit", .child,
      "Long, short and total lots of the fund account, working ones included, are at "
        + "most its limits.",
      chinese: "资金账户的多、空及总持仓（含在途）不超过上限。",
      compares: "held + working + lots <= limit",
      example: "long limit 50, 40 held, 5 working: 5 more lots fit, the sixth goes elsewhere",
      config: ["fund-accounts: positionLimits"],
      fix: 3, ctp: 106, source: "AMS manual 8.7", phases: .routing),
    RuleRow(
      .fundPositionAvailable, "fund-position-available", .child,
      "The fund account holds the lots that a closing child would close.",
      chinese: "资金账户持有子单要平的手数。",
      compares: "lots <= closable",
      example: "FA1 holds 3, FA2 holds 4: closing 7 sends 3 and 4; FA1 never gets a fourth",
      fix: 3, ctp: 30, source: "docs/ARCHITECTURE.md", phases: .routing),
    RuleRow(
      .fundLinkDown, "fund-link-down", .child,
      "The fund account's link to its counter is up and has caught up.",
      chinese: "资金账户与柜台的连接已就绪。",
      compares: "link ready",
      example: "FA1's link is down, FA2's up: 5 opening lots go to FA2; with both down the order "
        + "is refused",
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .routing),
    RuleRow(
      .selfTrade, "self-trade", .child,
      "The order can't trade with a working order of a fund account of the same legal owner.",
      chinese: "报单不会与同一法人的在途报单自成交。",
      compares: "price against the owner's best opposite price",
      example: "the owner's selling order works at 3 120: buying at 3 119 goes there, buying at "
        + "3 120 goes to another owner's account",
      config: ["fund-accounts: tradingCodes"],
      fix: 0, source: "AMS manual note 15", phases: .routing),
    RuleRow(
      .partialPlacement, "partial-placement", .child,
      "All lots of the order find a place, where the product refuses a part.",
      chinese: "产品不接受部分下单时，全部手数均可下达。",
      compares: "lots placed >= lots",
      example: "room for 7 of 10 lots: 7 are sent and 3 end at once where parts are allowed, all "
        + "10 are refused where they are not",
      config: ["products: partialPlacement"],
      fix: 0, source: "AMS manual note 14", phases: .routing),
    RuleRow(
      .counterRefused, "counter-refused", .child,
      "The counter took the child order.",
      chinese: "柜台接受了子单。",
      compares: "the counter's own error number",
      example: "the counter refuses 5 lots with its error 31: they are tried once at an account "
        + "that has not refused, and end if there is none",
      fix: 0, source: "docs/ARCHITECTURE.md", phases: .routing),
    RuleRow(
      .fundOpenVolume, "fund-open-volume", .child,
      "Lots the fund account opens in a day, working ones included, are at most its limit.",
      chinese: "资金账户当日开仓总量（含在途）不超过上限。",
      compares: "opened today + working + lots <= limit",
      example: "limit 100 a day, 90 opened, 5 working: 5 more lots fit, the sixth goes elsewhere",
      config: ["fund-accounts: openVolumes"],
      fix: 3, ctp: 106, source: "AMS manual 8.5", phases: .routing),
    RuleRow(
      .fundOrderRate, "fund-order-rate", .child,
      "No bar of the fund account's order rate stands against the child.",
      chinese: "资金账户未因报单频率超限被禁止开仓或平仓。",
      compares: "the Nth child within T sets the bar",
      example: "10 in 1 s: the tenth child passes and sets the bar; the eleventh goes elsewhere",
      config: ["fund-accounts: orderRate"],
      fix: 0, ctp: 116, source: "AMS manual 2.2", phases: .routing),
    RuleRow(
      .fundNotTradable, "fund-not-tradable", .child,
      "The fund account's list of the session, day or night, lets it open here.",
      chinese: "资金账户当前时段（日盘或夜盘）的可交易名单允许开仓。",
      compares: "listed, or not listed",
      example: "the night list lets cu alone open: at 21:00 rb2610 goes elsewhere, at 09:00 by "
        + "the day list it may open",
      config: ["fund-accounts: tradableDay, tradableNight"],
      fix: 0, source: "AMS manual 8.4", phases: .routing),
    RuleRow(
      .fundCancelQuota, "fund-cancel-quota", .child,
      "Every order that works could still be cancelled within the fund account's quota in the "
        + "instrument.",
      chinese: "资金账户在该合约的撤单额度足以撤销全部在途报单。",
      compares: "cancels today + working + 1 <= quota - reserve",
      example: "quota 1 200, 1 198 cancelled, 1 working: one more order fits (1 198 + 1 + 1 = 1 "
        + "200), a second goes elsewhere",
      config: ["fund-accounts: quotas"],
      fix: 0, source: "AMS manual note 13", phases: .routing),
    RuleRow(
      .fundVolumeQuota, "fund-volume-quota", .child,
      "Lots traded and working at the fund account in the instrument stay within its quota.",
      chinese: "资金账户在该合约的成交及在途手数不超过额度。",
      compares: "traded + working + lots <= quota - reserve",
      example: "quota 10, 8 lots traded, none working: 2 lots fit, 3 do not; with 2 working none "
        + "fits",
      config: ["fund-accounts: quotas"],
      fix: 3, source: "AMS manual note 13", phases: .routing),
    RuleRow(
      .fundMessageQuota, "fund-message-quota", .child,
      "A child of an opening order finds room within the messages a second to its counter, and "
        + "nothing waits there.",
      chinese: "开仓子单须在柜台每秒请求额度内即时发出，且无排队请求；平仓、撤单与强平排队等候。",
      compares: "messages within 1 s + waiting + children <= quota - reserve",
      example: "quota 6 a second, 1 kept back, 5 orders and cancels within the last second: "
        + "opening goes elsewhere; a close takes the sixth place, the next one waits",
      config: ["fund-accounts: messageQuota, messageReserve"],
      fix: 0, ctp: 116, source: "FIA", phases: .routing),
  ]
}
