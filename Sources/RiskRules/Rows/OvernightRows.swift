import Domain

extension RuleTable {
  private static func clause(
    _ id: RuleID, _ name: String, _ sentence: String, chinese: String, compares: String,
    example: String
  ) -> RuleRow {
    RuleRow(
      id, name, .opening,
      "Before the close of its instrument: " + sentence,
      chinese: "临近收盘：" + chinese,
      compares: compares
        + ", of what closes within 10 minutes or has closed; the second level from "
        + "5 minutes before", example: example, level: .barOpening,
      config: [
        "schemes: schemes[].clauses", "schemes: bindings", "products: countsNightClose",
        "risk: windows",
      ], fix: 3, source: "AMS manual 5.1, note 17", phases: .watched)
  }

  /// rules.md 5: OVERNIGHT clauses.
  static let overnightRows: [RuleRow] = [
    clause(
      .schemeOvernightValue, "scheme-overnight-value",
      "what the product has in the scope and closes is worth at most so much.",
      chinese: "产品在范围内即将收盘及已收盘品种的持仓市值合计不超过上限。",
      compares: "sum of mark * lots * multiplier, with working openings <= limit",
      example: "T-10 of rb, limit 350 000, a lot is worth 35 000: the tenth lot passes, the "
        + "eleventh does not; at T-11 it does"),
    clause(
      .schemeOvernightExposureValue, "scheme-overnight-exposure-value",
      "values of long and short of what closes differ by at most so much.",
      chinese: "产品在范围内即将收盘及已收盘品种的敞口市值不超过上限。",
      compares: "worst |long value - short value| of the sum <= limit",
      example: "T-10, limit 350 000, 9 lots long worth 35 000 each: 1 more passes, 2 more are "
        + "refused"),
    clause(
      .schemeOvernightAbsoluteExposureValue, "scheme-overnight-absolute-exposure-value",
      "absolute exposures of the commodities that close, of a super-sector's sectors, are at most "
        + "so much together.",
      chinese: "产品在范围内即将收盘及已收盘品种（超级板块为各板块）绝对敞口市值之和不超过上限。",
      compares: "sum of worst |long value - short value| a commodity <= limit",
      example: "14:55, rb 350 000 long, IF 1 200 000 long and closing at 15:15: 350 000 are there"),
    clause(
      .schemeOvernightMargin, "scheme-overnight-margin",
      "the product's fund accounts have at most so much margin in what closes.",
      chinese: "产品在范围内即将收盘及已收盘品种的保证金合计不超过上限。",
      compares: "margin held + frozen + of the order <= limit",
      example: "T-10, 30 % of an equity of 1 000 000: 300 000 pass, 300 000.01 do not"),
    clause(
      .schemeOvernightExposureMargin, "scheme-overnight-exposure-margin",
      "margins of long and short of what closes differ by at most so much.",
      chinese: "产品在范围内即将收盘及已收盘品种的敞口保证金不超过上限。",
      compares: "worst |long margin - short margin| of the sum <= limit",
      example: "T-10, limit 50 000, 70 000 long and 30 000 short: 10 000 more long pass, "
        + "10 000.01 do not"),
    clause(
      .schemeOvernightAbsoluteExposureMargin, "scheme-overnight-absolute-exposure-margin",
      "absolute exposures in margin of the commodities that close are at most so much together.",
      chinese: "产品在范围内即将收盘及已收盘品种绝对敞口保证金之和不超过上限。",
      compares: "sum of worst |long margin - short margin| a commodity <= limit",
      example: "T-10, limit 100 000, rb 60 000 long and al 30 000 short: 10 000 more of either pass"
    ),
  ]
}
