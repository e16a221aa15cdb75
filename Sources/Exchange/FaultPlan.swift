import Domain

/// Something a counter should do wrong.
public enum Fault: Equatable, Hashable, Sendable {
  /// Rejects the order.
  case refuse
  /// Cuts the link; the order was never processed.
  case dropLinkBefore
  /// Processes the order, then cuts the link: the reports stay behind.
  case dropLinkAfter
  /// The order waits at the counter and is processed later, if no newer login fences it off.
  case answerLate(milliseconds: UInt32)
  /// The order's reports, and everything behind them, are sent later.
  case delayReports(milliseconds: UInt32)
  /// The order's reports are sent twice.
  case duplicateReports
  /// Each fill of the order comes in trades of at most so many lots.
  case fillInParts(lots: Lots)
  /// When the order is filled, so many lots more are filled.
  case overFill(lots: Lots)
  /// Besides, a fill of one lot is reported for an order that nobody sent.
  case unknownOrder
  /// An order that trades at once is not reported as accepted: its first word is the trade.
  case tradeFirst

  /// Its place among the kinds of faults, whatever it carries.
  public var kind: Int {
    switch self {
    case .refuse: 0
    case .dropLinkBefore: 1
    case .dropLinkAfter: 2
    case .answerLate: 3
    case .delayReports: 4
    case .duplicateReports: 5
    case .fillInParts: 6
    case .overFill: 7
    case .unknownOrder: 8
    case .tradeFirst: 9
    }
  }
  public static let kinds = 10
}

/// When a fault happens, counted in orders that come in.
public enum FaultTrigger: Equatable, Hashable, Sendable {
  /// With each of the next so many orders.
  case next(UInt32)
  /// With each n-th order.
  case every(UInt32)
  /// By chance, in thousandths.
  case chance(perMille: UInt32)
}

public struct FaultRule: Equatable, Hashable, Sendable {
  public var fault: Fault
  public var trigger: FaultTrigger
  /// `.none` = orders of every account.
  public var account: FundAccountID

  public init(_ fault: Fault, _ trigger: FaultTrigger, account: FundAccountID = .none) {
    self.fault = fault
    self.trigger = trigger
    self.account = account
  }
}

/// What a counter does wrong and when: by script or by seed, the same each run.
public struct FaultPlan: Equatable, Sendable {
  private var rules: [(rule: FaultRule, seen: UInt64)]
  private var stream: SplitMix64
  /// How often each kind of fault was decided on.
  public private(set) var counts = [Int](repeating: 0, count: Fault.kinds)

  /// - Parameter seed: for faults by chance.
  public init(_ rules: [FaultRule] = [], seed: UInt64 = 0) {
    self.rules = rules.map { ($0, 0) }
    stream = SplitMix64(seed: seed)
  }

  public static func == (left: FaultPlan, right: FaultPlan) -> Bool {
    left.stream == right.stream && left.rules.elementsEqual(right.rules) { $0 == $1 }
  }

  /// Adds a rule; its count of orders starts now.
  public mutating func add(_ rule: FaultRule) { rules.append((rule, 0)) }

  /// From now on the counter behaves.
  public mutating func clear() { rules.removeAll() }

  /// What goes wrong with one order.
  struct Decision: Equatable {
    var refuses = false
    var dropsBefore = false
    var dropsAfter = false
    var lateNanoseconds: Int64 = 0
    var delayNanoseconds: Int64 = 0
    var copies: UInt8 = 1
    /// 0 = fills come whole.
    var partLots: Lots = 0
    var overFillLots: Lots = 0
    var unknownOrder = false
    var tradesFirst = false
  }

  /// Counts an order of an account and says what goes wrong with it.
  mutating func decide(_ account: FundAccountID) -> Decision {
    var decision = Decision()
    for index in rules.indices
    where rules[index].rule.account.isNone || rules[index].rule.account == account {
      rules[index].seen &+= 1
      guard fires(index) else { continue }
      counts[rules[index].rule.fault.kind] += 1
      switch rules[index].rule.fault {
      case .refuse: decision.refuses = true
      case .dropLinkBefore: decision.dropsBefore = true
      case .dropLinkAfter: decision.dropsAfter = true
      case .answerLate(let milliseconds):
        decision.lateNanoseconds = Int64(milliseconds) * 1_000_000
      case .delayReports(let milliseconds):
        decision.delayNanoseconds = Int64(milliseconds) * 1_000_000
      case .duplicateReports: decision.copies = 2
      case .fillInParts(let lots): decision.partLots = lots
      case .overFill(let lots): decision.overFillLots = lots
      case .unknownOrder: decision.unknownOrder = true
      case .tradeFirst: decision.tradesFirst = true
      }
    }
    return decision
  }

  private mutating func fires(_ index: Int) -> Bool {
    switch rules[index].rule.trigger {
    case .next(let count): return rules[index].seen <= UInt64(count)
    case .every(let count): return count > 0 && rules[index].seen % UInt64(count) == 0
    case .chance(let perMille): return stream.below(1000) < UInt64(perMille)
    }
  }
}

extension FaultRule {
  /// Reads `FAULT[=NUMBER]@TRIGGER=NUMBER`, such as `refuse@every=10`, `answer-late=250@chance=5`
  /// or `drop-after@next=1`; nil for anything else.
  public init?(text: some StringProtocol, account: FundAccountID = .none) {
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, let fault = Fault(text: halves[0]),
      let trigger = FaultTrigger(text: halves[1])
    else { return nil }
    self.init(fault, trigger, account: account)
  }
}

extension Fault {
  init?(text: some StringProtocol) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    let number = parts.count == 2 ? UInt32(parts[1]) : nil
    let lots = number.flatMap { Lots(exactly: $0) }
    switch (String(parts[0]), parts.count, number) {
    case ("refuse", 1, nil): self = .refuse
    case ("drop-before", 1, nil): self = .dropLinkBefore
    case ("drop-after", 1, nil): self = .dropLinkAfter
    case ("answer-late", 2, let number?): self = .answerLate(milliseconds: number)
    case ("delay", 2, let number?): self = .delayReports(milliseconds: number)
    case ("duplicate", 1, nil): self = .duplicateReports
    case ("parts", 2, _?):
      guard let lots, lots > 0 else { return nil }
      self = .fillInParts(lots: lots)
    case ("over-fill", 2, _?):
      guard let lots, lots > 0, lots <= Ranges.orderLotsMaximum else { return nil }
      self = .overFill(lots: lots)
    case ("unknown-order", 1, nil): self = .unknownOrder
    case ("trade-first", 1, nil): self = .tradeFirst
    default: return nil
    }
  }
}

extension FaultTrigger {
  init?(text: some StringProtocol) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = UInt32(parts[1]), number > 0 else { return nil }
    switch String(parts[0]) {
    case "next": self = .next(number)
    case "every": self = .every(number)
    case "chance":
      guard number <= 1000 else { return nil }
      self = .chance(perMille: number)
    default: return nil
    }
  }
}
