import Domain
import RiskRules
import Wire

/// Why something was refused, in words, by the rule book's own table:
/// "position limit 100 lots in rb: 98 held or working, 5 asked, 2 left"; of a rule without figures
/// what is wrong and what is required: "no rates in rb2610; required: ...".
public enum RefusalText {
  /// Empty when nothing was refused. A rule that this version does not know goes by its code.
  public static func words(_ refusal: OrderEntry.RefusalFigures, _ language: Language) -> String {
    guard refusal.rule != 0 else { return "" }
    guard let rule = RuleID(rawValue: refusal.rule), let row = RuleTable.row(rule),
      let words = RuleTable.refusalWords(rule)
    else {
      return language.say("rule \(refusal.rule)", "规则 \(refusal.rule)")
        + figures(refusal, observed: "", language)
    }
    let title = language.say(words.title, words.chineseTitle)
    let scope = refusal.scopeKind.phrase(refusal.scopeName.string, language)
    if rule == .counterRefused, refusal.observed != .min {
      return joined(title, "\(refusal.observed)", scope, language) + " [\(row.name)]"
    }
    guard hasFigures(refusal) else { return condition(row, words, refusal, language) }
    let limit = amount(refusal.limit, refusal.unit, language) ?? ""
    return joined(title, limit, scope, language)
      + figures(
        refusal, observed: language.say(words.observed, words.chineseObserved),
        asked: AccountLine(rule) == nil ? "asked" : "by the order", left: headRoom(rule, refusal),
        language)
      + " [\(row.name)]"
  }

  /// The name of a rule; its code where this version does not know it.
  static func name(_ code: UInt16) -> String {
    RuleID(rawValue: code).flatMap { RuleTable.row($0) }?.name ?? "\(code)"
  }

  /// What is wrong and what is required, of a rule without figures; nil for one that this version
  /// does not know.
  static func condition(_ rule: RuleID, _ language: Language) -> String? {
    guard let row = RuleTable.row(rule), let words = RuleTable.refusalWords(rule) else {
      return nil
    }
    return condition(row, words, OrderEntry.RefusalFigures(), language)
  }

  private static func condition(
    _ row: RuleRow, _ words: RefusalWords, _ refusal: OrderEntry.RefusalFigures,
    _ language: Language
  ) -> String {
    let name = refusal.scopeName.string
    // The whole gateway and this session say nothing of what is wrong.
    let isLocal = refusal.scopeKind != .platform && refusal.scopeKind != .session
    let isName = row.id == .unknownInstrument
    var text = joined(
      language.say(words.fault, words.chineseFault), isName ? name : "",
      isName || !isLocal ? "" : refusal.scopeKind.phrase(name, language), language)
    if !words.saysAll {
      text += language.say("; required: ", "；须：") + clause(language.say(row.sentence, row.chinese))
    }
    return text + " [\(row.name)]"
  }

  /// A sentence as a part of another one.
  private static func clause(_ sentence: String) -> String {
    var text = sentence.prefix(1).lowercased() + sentence.dropFirst()
    if text.hasSuffix(".") || text.hasSuffix("。") { text.removeLast() }
    return text
  }

  /// A figure with its unit; nil for one that is not known.
  public static func amount(_ figure: Int64, _ unit: Unit, _ language: Language) -> String? {
    guard figure != .min else { return nil }
    switch unit {
    case .none, .count, .code: return "\(figure)"
    case .lots: return language.say(figure == 1 ? "1 lot" : "\(figure) lots", "\(figure) 手")
    case .money: return money(figure) + language.say(" yuan", " 元")
    case .price: return DecimalNumber.text(figure, places: 4)
    case .percent: return DecimalNumber.text(figure, places: 4) + "%"
    case .milliseconds: return language.say("\(figure) ms", "\(figure) 毫秒")
    case .timestamp: return Timestamp(nanoseconds: figure).isoText
    case .ticks: return language.say(figure == 1 ? "1 tick" : "\(figure) ticks", "\(figure) 跳")
    }
  }

  /// A figure without words: exact, in whole units (yuan, percent), for machines.
  static func plain(_ figure: Int64, _ unit: Unit) -> String {
    switch unit {
    case .money, .price, .percent: DecimalNumber.text(figure, places: 4)
    case .timestamp: Timestamp(nanoseconds: figure).isoText
    case .none, .lots, .count, .milliseconds, .ticks, .code: "\(figure)"
    }
  }

  private static func money(_ figure: Int64) -> String {
    DecimalNumber.text(figure, places: 4, groups: true)
  }

  private static func hasFigures(_ refusal: OrderEntry.RefusalFigures) -> Bool {
    switch refusal.unit {
    case .none, .code: false
    case .lots, .money, .price, .percent, .count, .milliseconds, .timestamp, .ticks:
      refusal.observed != .min || refusal.limit != .min || refusal.asked != .min
    }
  }

  private static func joined(
    _ title: String, _ limit: String, _ scope: String, _ language: Language
  ) -> String {
    var text = title
    if !limit.isEmpty { text += " " + limit }
    if !scope.isEmpty { text += language.say(" \(scope)", "（\(scope)）") }
    return text
  }

  /// What an order may still ask for: of limits that orders use up, where both figures are known.
  private static func headRoom(_ rule: RuleID, _ refusal: OrderEntry.RefusalFigures) -> Int64? {
    switch rule {
    case .positionLimit, .marginLimit, .cancelLimit, .openOrders, .tradedValue,
      .fundPositionLimit, .fundOpenVolume, .fundCancelQuota, .fundVolumeQuota,
      .fundMessageQuota, .openedLotsBudget:
      guard refusal.asked > 0, refusal.observed != .min, refusal.limit != .min else { return nil }
      let (left, overflow) = refusal.limit.subtractingReportingOverflow(refusal.observed)
      return overflow ? nil : max(0, left)
    default: return nil
    }
  }

  /// ": 98 held or working, 5 asked, 2 left". An observed 0 without a word of its own says nothing,
  /// and nothing that was asked neither. An order asks for lots, and moves a line's figure.
  private static func figures(
    _ refusal: OrderEntry.RefusalFigures, observed word: String, asked asking: String = "asked",
    left: Int64? = nil, _ language: Language
  ) -> String {
    var parts: [String] = []
    let unit: Unit = refusal.unit == .lots ? .count : refusal.unit
    if !word.isEmpty || refusal.observed != 0,
      let observed = amount(refusal.observed, unit, language)
    {
      parts.append(
        language.say(
          word.isEmpty ? "\(observed) seen" : "\(observed) \(word)", "\(word) \(observed)"))
    }
    if refusal.asked != 0, let asked = amount(refusal.asked, unit, language) {
      parts.append(language.say("\(asked) \(asking)", "本次 \(asked)"))
    }
    if let left, let amount = amount(left, unit, language) {
      parts.append(language.say("\(amount) left", "剩余 \(amount)"))
    }
    guard !parts.isEmpty else { return "" }
    return language.say(": ", "：") + parts.joined(separator: language.say(", ", "，"))
  }
}
