import Domain

extension RuleTable {
  /// rules.md 5: clauses of the schemes that are bound to a product.
  static let schemeRows: [RuleRow] =
    singleRows + totalRows + overnightRows + [exposureRow] + netValueRows

  private static let clauseConfig = ["schemes: schemes[].clauses", "schemes: bindings"]

  private static func clause(
    _ id: RuleID, _ name: String, _ sentence: String, chinese: String, compares: String,
    example: String, ctp: Int? = nil
  ) -> RuleRow {
    RuleRow(
      id, name, .opening, sentence, chinese: chinese, compares: compares, example: example,
      level: .barOpening, config: clauseConfig, fix: 3, ctp: ctp,
      source: "AMS manual 5.1, notes 18, 19", phases: .watched)
  }

  private static let singleRows: [RuleRow] = [
    clause(
      .schemeSingleOpenInterestShare, "scheme-single-open-interest-share",
      "In each instrument of the scope the product has at most its share of open interest.",
      chinese: "产品在范围内每个合约的持仓占市场持仓总量的比例不超过上限。",
      compares: "(held + working + lots) / open interest <= share",
      example: "5 % of 2 000 open: 100 lots pass, 101 are refused"),
    clause(
      .schemeSinglePositionLots, "scheme-single-position-lots",
      "In each instrument of the scope the product has at most so many lots.",
      chinese: "产品在范围内每个合约的持仓手数不超过上限。",
      compares: "held + working + lots <= limit",
      example: "10 lots on IF: 10 in IF2101 and 10 in IF2102 pass, 11 in one are refused",
      ctp: 106),
    clause(
      .schemeSingleExposureLots, "scheme-single-exposure-lots",
      "In each instrument of the scope long and short differ by at most so many lots.",
      chinese: "产品在范围内每个合约的敞口手数不超过上限。",
      compares: "worst |long - short| <= limit; level one refuses what makes it larger",
      example: "limit 8, 5 long: buying 3 more passes, 4 more is refused; 10 long: selling passes",
      ctp: 106),
    clause(
      .schemeSingleMargin, "scheme-single-margin",
      "In each instrument of the scope the product's fund accounts have at most so much margin.",
      chinese: "产品在范围内每个合约的保证金不超过上限。",
      compares: "margin held + frozen + of the order <= limit",
      example: "limit 100 000, 70 000 there: an order that takes 30 000 passes, 30 000.01 does not"
    ),
    clause(
      .schemeSingleExposureMargin, "scheme-single-exposure-margin",
      "In each instrument of the scope margins of long and short differ by at most so much.",
      chinese: "产品在范围内每个合约的敞口保证金不超过上限。",
      compares: "worst |long margin - short margin| <= limit",
      example: "limit 50 000, long 80 000 short 40 000: 10 000 more long passes, 10 000.01 does "
        + "not"),
    clause(
      .schemeSinglePositionValue, "scheme-single-position-value",
      "In each instrument of the scope the product's lots are worth at most so much.",
      chinese: "产品在范围内每个合约的持仓市值不超过上限。",
      compares: "mark * lots * multiplier, held + working + of the order <= limit",
      example: "limit 350 000, a lot is worth 35 000: the tenth lot passes, the eleventh does not"),
    clause(
      .schemeSingleTradedValue, "scheme-single-traded-value",
      "In each instrument of the scope the product trades at most so much a day.",
      chinese: "产品在范围内每个合约当日的交易市值（开平累计）不超过上限。",
      compares: "value of fills today, opens and closes, + of the order <= limit",
      example: "limit 300 000: 100 000 opened and 100 000 closed leave 100 000, not 100 000.01"),
    clause(
      .schemeSingleExposureValue, "scheme-single-exposure-value",
      "In each instrument of the scope values of long and short differ by at most so much.",
      chinese: "产品在范围内每个合约的敞口市值不超过上限。",
      compares: "worst |long value - short value| <= limit",
      example: "limit 350 000, 9 lots long worth 35 000 each: 1 more passes, 2 more are refused"),
  ]

  private static let totalRows: [RuleRow] = [
    clause(
      .schemeTotalOpenInterestShare, "scheme-total-open-interest-share",
      "Of the open interest of all that is listed in the scope the product has at most its share.",
      chinese: "产品在范围内的持仓合计占市场持仓总量的比例不超过上限。",
      compares: "(held + working + lots) / open interest of the scope <= share",
      example: "5 % of rb, 4 000 open in all months: 200 lots pass, 201 are refused"),
    clause(
      .schemeTotalPositionLots, "scheme-total-position-lots",
      "In the whole scope the product has at most so many lots.",
      chinese: "产品在范围内的持仓手数合计不超过上限。",
      compares: "sum of held + working + lots <= limit",
      example: "10 lots on IF: 10 in IF2101 pass, then 1 in IF2102 is refused", ctp: 106),
    clause(
      .schemeTotalExposureLots, "scheme-total-exposure-lots",
      "In the whole scope long and short differ by at most so many lots.",
      chinese: "产品在范围内的敞口手数合计不超过上限。",
      compares: "worst |long - short| of the sum <= limit",
      example: "limit 5, 8 long in one month and 3 short in another: buying 1 is refused, selling "
        + "passes", ctp: 106),
    clause(
      .schemeTotalDailyLoss, "scheme-total-daily-loss",
      "The product lost at most so much today, altogether or in a commodity or sector.",
      chinese: "产品（或品种、板块）当日亏损不超过上限。",
      compares: "-(position profit + close profit - fees - frozen fees) <= limit",
      example: "limit 100 000: a loss of 100 000 with the order's fee passes, 100 000.01 does not"),
    clause(
      .schemeTotalPositionValue, "scheme-total-position-value",
      "In the whole scope the product's lots are worth at most so much.",
      chinese: "产品在范围内的持仓市值合计不超过上限。",
      compares: "sum of mark * lots * multiplier, with working openings <= limit",
      example: "200 % of a net value of 1 000 000: 2 000 000 pass, 2 000 001 are refused"),
    clause(
      .schemeTotalTradedValue, "scheme-total-traded-value",
      "In the whole scope the product trades at most so much a day.",
      chinese: "产品在范围内当日的交易市值合计（开平累计）不超过上限。",
      compares: "sum of the value of fills today, + of the order <= limit",
      example: "limit 200 000: open 100 000, close 100 000; any more is refused"),
    clause(
      .schemeTotalExposureValue, "scheme-total-exposure-value",
      "In the whole scope values of long and short differ by at most so much.",
      chinese: "产品在范围内的敞口市值合计不超过上限。",
      compares: "worst |long value - short value| of the sum <= limit",
      example: "limit 1 000 000, cu 1 500 000 long and IF 600 000 short: 100 000 more long pass, "
        + "100 001 do not"),
    clause(
      .schemeTotalAbsoluteExposureValue, "scheme-total-absolute-exposure-value",
      "Absolute exposures of the scope's commodities, of a super-sector's sectors, are at most so "
        + "much together.",
      chinese: "产品在范围内各品种（超级板块为各板块）绝对敞口市值之和不超过上限。",
      compares: "sum of worst |long value - short value| a commodity <= limit",
      example: "10 % of a net value of 8 800 000: 880 000 pass, 880 001 are refused, less passes"),
    clause(
      .schemeTotalMargin, "scheme-total-margin",
      "In the whole scope the product's fund accounts have at most so much margin.",
      chinese: "产品在范围内的保证金合计不超过上限。",
      compares: "margin held + frozen + of the order <= limit",
      example: "30 % of an equity of 1 000 000: 300 000 pass, 300 000.01 do not"),
    clause(
      .schemeTotalExposureMargin, "scheme-total-exposure-margin",
      "In the whole scope margins of long and short differ by at most so much.",
      chinese: "产品在范围内的敞口保证金合计不超过上限。",
      compares: "worst |long margin - short margin| of the sum <= limit",
      example: "limit 50 000, 70 000 long and 30 000 short: 10 000 more long pass, 10 000.01 do "
        + "not"),
    clause(
      .schemeTotalAbsoluteExposureMargin, "scheme-total-absolute-exposure-margin",
      "Absolute exposures of the scope's commodities in margin are at most so much together.",
      chinese: "产品在范围内各品种绝对敞口保证金之和不超过上限。",
      compares: "sum of worst |long margin - short margin| a commodity <= limit",
      example: "limit 100 000, cu 60 000 long and IF 30 000 short: 10 000 more of either pass, "
        + "10 000.01 do not"),
    clause(
      .schemeTotalDrawdown, "scheme-total-drawdown",
      "The product's net value has fallen from its highest by at most its share.",
      chinese: "产品总净值自历史最高的回撤不超过上限。",
      compares: "(high - net value) / high <= share",
      example: "20 %, highest 12 500 000: 10 000 000 passes, 9 999 999.99 bars opening"),
  ]

  private static let exposureRow = RuleRow(
    .exposureOnClose, "exposure-on-close", .closing,
    "A closing order leaves no larger exposure of the product than a clause allows, unless that "
      + "is ignored.",
    chinese: "平仓后产品敞口不得加大并超过方案限制（设置平仓忽略敞口的除外）。",
    compares: "worst exposure after closing <= level one, or level two; or no larger than before",
    example: "limit 3, 10 long 10 short: closing 3 long passes, closing 4 is refused",
    level: .refuse,
    config: [
      "schemes: schemes[].clauses", "schemes: products[].ignoresExposureOnClose",
    ],
    fix: 0, source: "AMS manual 2.2, 4.1", phases: .order)

  private static let netValueRows: [RuleRow] = [
    RuleRow(
      .netValueTopUp, "net-value-top-up", .opening,
      "A product's unit net value is above its top-up line; at it a notice is given, and nothing "
        + "is refused.",
      chinese: "产品单位净值高于补仓线；触及时仅提示。",
      compares: "unit net value > line",
      example: "line 0.9: 0.9001 passes, at 0.9 a notice is given",
      level: .refuse, config: ["schemes: products[].lines"], fix: 0,
      source: "AMS manual 5.2", phases: .watch),
    RuleRow(
      .netValueWarn, "net-value-warn", .opening,
      "A product's unit net value is above its warn line, where it bars from level one.",
      chinese: "产品单位净值高于预警线（产品自一级风控起限仓时）。",
      compares: "unit net value > line",
      example: "line 0.8: at 0.8001 opening passes, at 0.8 it is barred",
      level: .barOpening, config: ["schemes: products[].lines", "schemes: products[].barsFrom"],
      fix: 0, ctp: 29, source: "AMS manual 5.2", phases: .watched),
    RuleRow(
      .netValueLiquidation, "net-value-liquidation", .opening,
      "A product's unit net value is above its liquidation line.",
      chinese: "产品单位净值高于强平线。",
      compares: "unit net value > line",
      example: "line 0.75: at 0.7501 opening passes, at 0.75 it is barred",
      level: .barOpening, config: ["schemes: products[].lines"], fix: 0, ctp: 29,
      source: "AMS manual 5.2", phases: .watched),
  ]

  /// The words of their figures.
  static func schemeWords(_ rule: RuleID) -> RefusalWords? {
    switch rule {
    case .exposureOnClose:
      return RefusalWords("exposure limit on closing", "before", chinese: "平仓敞口上限", "平仓前")
    case .netValueTopUp: return RefusalWords("top-up line", "now", chinese: "补仓线", "当前净值")
    case .netValueWarn: return RefusalWords("net value warn line", "now", chinese: "预警线", "当前净值")
    case .netValueLiquidation:
      return RefusalWords("net value liquidation line", "now", chinese: "强平线", "当前净值")
    default: break
    }
    guard let kind = ClauseKind(rule) else { return nil }
    let (scope, chineseScope) =
      kind.isOvernight
      ? ("scheme's overnight ", "方案隔夜")
      : kind.isSingle ? ("scheme's single ", "方案单一") : ("scheme's total ", "方案汇总")
    func words(_ title: String, _ seen: String, _ chinese: String, _ chineseSeen: String)
      -> RefusalWords
    {
      RefusalWords(
        scope + title, seen, chinese: chineseScope + chinese, chineseSeen)
    }
    switch kind.measure {
    case .none: return nil
    case .openInterestShare:
      return words("open interest share limit", "held or working", "市场持仓占比上限", "持有及在途")
    case .lots: return words("position limit", "held or working", "持仓手数上限", "持有及在途")
    case .exposureLots: return words("exposure limit", "at worst", "敞口手数上限", "最坏情形")
    case .margin: return words("margin limit", "held or frozen", "保证金上限", "占用及冻结")
    case .exposureMargin:
      return words("exposure margin limit", "at worst", "敞口保证金上限", "最坏情形")
    case .value: return words("position value limit", "held or working", "持仓市值上限", "持有及在途")
    case .tradedValue: return words("traded value limit", "traded", "交易市值上限", "已成交")
    case .exposureValue:
      return words("exposure value limit", "at worst", "敞口市值上限", "最坏情形")
    case .dailyLoss: return words("daily loss limit", "lost", "当日亏损上限", "已亏")
    case .absoluteValue:
      return words("absolute exposure value limit", "at worst", "绝对敞口市值上限", "最坏情形")
    case .absoluteMargin:
      return words("absolute exposure margin limit", "at worst", "绝对敞口保证金上限", "最坏情形")
    case .drawdown: return words("drawdown limit", "fallen", "回撤上限", "已回撤")
    }
  }
}
