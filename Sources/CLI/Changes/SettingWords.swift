import Domain
import Gateway
import Messages
import Runtime

/// A setting in words: what it is of, and what it says.
struct SettingWords {
  /// "account desk-1 positionCap", "setFundQuota fundAccount north-1 exchange SHFE".
  var subject: String
  /// "100", "lots 100, margin none".
  var value: String

  /// What fields say what a setting is of; the others are what it says.
  private static let subjectFields: Set<String> = [
    "account", "fundAccount", "product", "instrument", "commodity", "scope", "exchange", "setting",
    "line", "level", "hedge", "session", "ownerKind", "ownerID", "list", "template", "kind",
    "number", "sector", "superSector", "controller",
  ]

  init(_ command: Command, _ names: borrowing Names) {
    var subject: [String] = []
    var values: [String] = []
    let payload = Mirror(reflecting: command).children.first
    for field in payload.map({ Array(Mirror(reflecting: $0.value).children) }) ?? [] {
      guard let label = field.label, !Self.isBesidePoint(label, command) else { continue }
      if Self.subjectFields.contains(label) || Self.isSubject(label, command) {
        let text = Self.name(field.value, names)
        // What is of a product is of no account, and the reverse.
        guard !text.isEmpty else { continue }
        subject.append(label == "setting" ? text : "\(label) \(text)")
      } else {
        let text = Self.figure(field.value, label, command)
        values.append(label == "value" ? text : "\(label) \(text)")
      }
    }
    let name = payload?.label ?? "\(command)"
    let isPlain = name == "setAccount" || name == "setProduct" || name == "setFundAccount"
    self.subject = ((isPlain ? [] : [name]) + subject).joined(separator: " ")
    value = values.joined(separator: ", ")
  }

  /// Owner ids are named with their kind.
  private static func isBesidePoint(_ label: String, _ command: Command) -> Bool {
    guard case .setRates(let set) = command else { return false }
    return label == "ownerID" && set.ownerKind == .platform
  }

  /// What says of what in one command, and what it says in another.
  private static func isSubject(_ label: String, _ command: Command) -> Bool {
    switch command {
    case .setSchemeClause: label == "scheme"
    case .setSchemePeriod: label == "period"
    case .setNetValueLines: label == "basis"
    case .setSessionFlat, .setSessionFlatCommodity: label == "close"
    default: false
    }
  }

  /// From what to what.
  static func change(
    _ difference: ConfiguredSettings.Difference, _ names: borrowing Names
  ) -> String {
    func say(_ commands: [Command]) -> String {
      guard !commands.isEmpty else { return "not set" }
      return commands.map { SettingWords($0, names).value }.joined(separator: "; ")
    }
    guard let any = difference.after.first ?? difference.before.first else { return "" }
    return """
      \(SettingWords(any, names).subject): \(say(difference.before)) -> \(say(difference.after))
      """
  }

  private static func name(_ value: Any, _ names: borrowing Names) -> String {
    switch value {
    case let id as OperationAccountID: names.operationAccounts.name(id.raw).string
    case let id as FundAccountID: names.fundAccounts.name(id.raw).string
    case let id as ControllerID: names.controllers.name(id.raw).string
    case let id as ProductID: id.isNone ? "everybody" : names.products.name(id.raw).string
    case let id as InstrumentID: names.instruments.name(id.raw).string
    case let id as CommodityID: names.commodities.name(id.raw).string
    case let exchange as Exchange: exchange.code
    case let scope as Scope:
      switch scope {
      case .everything: "everything"
      case .exchange(let exchange): exchange.code
      case .commodity(let id): names.commodities.name(id.raw).string
      case .instrument(let id): names.instruments.name(id.raw).string
      }
    case let rule as RuleID: RuleWords.name(rule) ?? "\(rule)"
    case let hedge as HedgeFlag: hedge == .unknown ? "any" : "\(hedge)"
    default: "\(value)"
    }
  }

  private static func figure(_ value: Any, _ label: String, _ command: Command) -> String {
    switch value {
    case let number as Int64:
      return number == .min ? "none" : command.unit(of: label).text(number)
    case let money as Money:
      guard money != .none else { return "none" }
      return (command.isRelativePercent ? SettingUnit.ratio : .unit(.money)).text(money.units)
    case let rate as Rate: return rate == .none ? "none" : SettingUnit.ratio.text(rate.units)
    case let day as TradingDay: return "\(day.yyyymmdd)"
    case let address as NetworkAddress: return SocketAddress(address: address, port: 0).host
    case let mac as MACAddress: return mac.text
    case let text as any CustomStringConvertible: return text.description
    default:
      // Rates, and what else has parts of its own.
      let fields = Mirror(reflecting: value).children
      if fields.isEmpty { return "\(value)" }
      return "{"
        + fields.map { "\($0.label ?? ""): \(figure($0.value, $0.label ?? "", command))" }
        .joined(separator: ", ") + "}"
    }
  }
}
