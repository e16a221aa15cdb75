import Domain

/// What a breach of a rule does by default; config can say otherwise where the rule has levels.
public enum RuleLevel: String, Sendable, CaseIterable {
  /// What was asked for is refused; nothing else changes.
  case refuse
  /// Opening orders of the scope are refused while it lasts; closing and cancels pass.
  case barOpening = "bar opening"
}

/// What a rule stops.
public enum RuleReach: String, Sendable, CaseIterable {
  case opening
  case closing
  case openingAndClosing = "opening, closing"
  case child = "child order"
  case cancel
  case logon = "log in"
  case command
}

/// When a rule is asked.
public struct RulePhases: OptionSet, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let logon = RulePhases(rawValue: 1)
  /// An order comes in.
  public static let entry = RulePhases(rawValue: 2)
  /// A reviewer approves an order, whose own hold is then taken out first.
  public static let approval = RulePhases(rawValue: 4)
  /// After ticks, fills and cash, without an order.
  public static let watch = RulePhases(rawValue: 8)
  /// Explain and dry run.
  public static let attempt = RulePhases(rawValue: 16)
  /// An order is split over fund accounts, or a counter answers.
  public static let routing = RulePhases(rawValue: 32)
  public static let cancel = RulePhases(rawValue: 64)
  /// A configuring command.
  public static let command = RulePhases(rawValue: 128)

  /// Rules that are asked of every order.
  public static let order: RulePhases = [.entry, .approval, .attempt]
  /// Lines, which are looked at without an order too.
  public static let watched: RulePhases = [.entry, .approval, .watch, .attempt]
  /// Rules that count orders or look at the one just sent: at entry alone.
  public static let entryOnly: RulePhases = [.entry, .attempt]

  public var names: [String] {
    let all: [(RulePhases, String)] = [
      (.logon, "log in"), (.entry, "entry"), (.approval, "approval"), (.watch, "watch"),
      (.attempt, "try"), (.routing, "routing"), (.cancel, "cancel"), (.command, "command"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// All that is known of a rule apart from its function.
public struct RuleRow: Sendable {
  public let id: RuleID
  /// Kebab-case, stable.
  public let name: String
  public let reach: RuleReach
  /// What must hold for the rule to pass.
  public let sentence: String
  public let chinese: String
  /// Observed figure against limit, with units.
  public let compares: String
  /// One case with numbers: what passes, what does not. Money in yuan.
  public let example: String
  public let level: RuleLevel
  /// Keys in config, "file: path"; empty when there is nothing to set.
  public let configKeys: [String]
  /// `FIX: OrdRejReason(103)` of FIX 4.4; nil when the rule refuses no order.
  public let fixReason: Int?
  /// `CTP: ErrorID`; nil = the private number.
  public let counterError: Int?
  public let source: String
  public let phases: RulePhases

  init(
    _ id: RuleID, _ name: String, _ reach: RuleReach, _ sentence: String, chinese: String,
    compares: String, example: String, level: RuleLevel = .refuse, config: [String] = [],
    fix: Int?, ctp: Int? = nil, source: String, phases: RulePhases
  ) {
    self.id = id
    self.name = name
    self.reach = reach
    self.sentence = sentence
    self.chinese = chinese
    self.compares = compares
    self.example = example
    self.level = level
    configKeys = config
    fixReason = fix
    counterError = ctp
    self.source = source
    self.phases = phases
  }

  /// The rule's number on the wire and in the journal; never reused.
  public var code: UInt16 { id.rawValue }
  public var section: RuleSection { RuleSection(code: code) }
  /// `CTP: ErrorID`, or our private number beyond the counter's own.
  public var ctpErrorID: Int { counterError ?? Self.privateErrors + Int(code) }

  /// CTP's own error numbers lie below.
  public static let privateErrors = 90_000
}

/// The part of the rule book a code belongs to, by its hundreds.
public enum RuleSection: Int, Sendable, CaseIterable {
  case logon = 1
  case wellFormed = 2
  case account = 3
  case lines = 4
  case routing = 5
  case schemes = 6
  case desk = 7
  case budgets = 8
  case gateway = 9

  init(code: UInt16) {
    guard let section = RuleSection(rawValue: Int(code) / 100) else {
      preconditionFailure("a rule's code begins with its section")
    }
    self = section
  }

  public var title: String {
    switch self {
    case .logon: "Who may log in"
    case .wellFormed: "Is the order well formed"
    case .account: "May this account do it"
    case .lines: "Lines on an account"
    case .routing: "The product's fund accounts and counters"
    case .schemes: "Schemes of a product"
    case .desk: "What risk controllers may do, and have stopped"
    case .budgets: "What exchanges call abnormal trading"
    case .gateway: "The gateway itself"
    }
  }
}
