import Domain
import Wire

/// What every rule finds in an order, as a table: of `try` and `why`, and of tools that look back.
public enum FindingText {
  /// In the order rules are asked; `>` is the one that decides.
  public static func table(
    _ rows: [OrderEntry.FindingRow], _ language: Language
  ) -> [String] {
    var table = TextTable([
      ("", .left), (language.say("rule", "规则"), .left), (language.say("code", "代码"), .right),
      (language.say("verdict", "结论"), .left), (language.say("observed", "已用"), .right),
      (language.say("asked", "本次"), .right), (language.say("limit", "限额"), .right),
      (language.say("left", "剩余"), .right), (language.say("of", "范围"), .left),
    ])
    for row in rows {
      table.add([
        row.flags.contains(.decides) ? ">" : "", RefusalText.name(row.rule), "\(row.rule)",
        verdict(row, language), figure(row.observed, row.unit, language),
        row.asked == 0 ? "" : figure(row.asked, row.unit, language),
        figure(row.limit, row.unit, language), figure(row.headRoom, row.unit, language),
        row.scopeKind.name(row.scopeName.string, language),
      ])
    }
    return table.lines
  }

  /// Whether a rule let pass, refused, or was not asked.
  public static func verdict(_ row: OrderEntry.FindingRow, _ language: Language) -> String {
    switch row.standing {
    case .unset: language.say("not set", "未设置")
    case .otherKind: language.say("not asked", "不适用")
    case .lacksFigures: language.say("not judged", "无从判断")
    case .asked, .unknown:
      if row.flags.contains(.passes) {
        language.say("passed", "通过")
      } else if row.flags.contains(.decides) {
        language.say("REFUSED", "拒绝")
      } else {
        language.say("would refuse", "亦将拒绝")
      }
    }
  }

  /// A figure with its unit; empty for one that says nothing: a condition's, or one that is not
  /// known.
  public static func figure(_ figure: Int64, _ unit: Unit, _ language: Language) -> String {
    switch unit {
    case .none, .code: return ""
    case .lots, .money, .price, .percent, .count, .milliseconds, .timestamp, .ticks:
      guard figure != .max else { return "" }
      return RefusalText.amount(figure, unit, language) ?? ""
    }
  }
}

extension ScopeKind {
  /// "account desk-1", "commodity rb"; empty for the order itself.
  func name(_ name: String, _ language: Language) -> String {
    switch self {
    case .none, .order: ""
    case .operationAccount: language.say("account \(name)", "账户 \(name)")
    case .instrument: name.isEmpty ? "" : language.say("instrument \(name)", "合约 \(name)")
    case .commodity: name.isEmpty ? "" : language.say("commodity \(name)", "品种 \(name)")
    case .exchange: name.isEmpty ? "" : language.say("exchange \(name)", "交易所 \(name)")
    case .product: name.isEmpty ? "" : language.say("product \(name)", "产品 \(name)")
    case .counter: name.isEmpty ? "" : language.say("counter \(name)", "柜台 \(name)")
    case .fundAccount: language.say("fund account \(name)", "资金账户 \(name)")
    case .session: language.say("session", "会话")
    case .platform: language.say("gateway", "网关")
    case .controller: language.say("controller \(name)", "风控账户 \(name)")
    }
  }
}
