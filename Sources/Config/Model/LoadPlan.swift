import Domain

/// What `sluice load` does: who logs on, how fast they send, and what.
public struct LoadPlan: Equatable, Sendable {
  /// Terminals that do alike.
  public struct Group: Equatable, Sendable {
    public var name: String
    /// One of each account, or several.
    public var accounts: [String]
    public var terminalsPerAccount: Int
    /// Of each terminal; 0 = they send no orders.
    public var ordersPerSecond: Int
    /// Pages that each terminal asks for; of terminals that send no orders.
    public var queriesPerSecond: Int
  }

  /// Parts of what terminals send; each is as likely as it is of the sum.
  public struct Mix: Equatable, Sendable {
    /// Away from the market; cancelled after `restMilliseconds`.
    public var rest: Int
    /// Through the market, opening and closing in turn.
    public var fill: Int
    /// Off the price tick: to be refused.
    public var refuse: Int

    public var sum: Int { rest + fill + refuse }
  }

  /// What the house pays its exchanges for orders and cancels (申报费).
  public struct Declaration: Equatable, Sendable {
    /// Letters that codes of instruments begin with.
    public var commodities: [String]
    public var fee: DeclarationFee

    public func covers(_ instrument: InstrumentCode) -> Bool {
      commodities.contains(String(instrument.string.prefix { $0.isLetter }))
    }
  }

  public var groups: [Group]
  public var instruments: [String]
  /// Nil = nothing.
  public var declaration: Declaration?
  public var mix: Mix
  public var seconds: Int
  /// Sent before anything is measured.
  public var warmUpSeconds: Int
  public var restMilliseconds: Int
  /// An order without an answer after so long is unanswered.
  public var answerSeconds: Int
  /// Connections of terminals that send, broken at random; they come back.
  public var cutsPerSecond: Int
  public var seed: UInt64

  public static let terminalsMaximum = 20_000

  public var terminalCount: Int {
    groups.reduce(0) { $0 + $1.accounts.count * $1.terminalsPerAccount }
  }
}

extension LoadPlan {
  /// Reads a plan; nil when it has a fault. All faults are given at once.
  public static func read(_ bytes: [UInt8], label: String) -> (LoadPlan?, [ConfigFault]) {
    let log = ReadingLog()
    switch Result(catching: { () throws(ConfigFault) in
      try JSON5Reader.read(bytes, file: label)
    }) {
    case .failure(let fault): return (nil, [fault])
    case .success(let node):
      let plan = LoadPlanReader(log: log).read(node)
      return (log.faults.isEmpty ? plan : nil, log.faults)
    }
  }
}

private struct LoadPlanReader {
  let log: ReadingLog

  func read(_ node: ConfigNode) -> LoadPlan {
    var reader = ObjectReader(node, file: "load.json5", log: log)
    let groups = reader.objects("groups", most: 64) { (entry: inout ObjectReader) in
      readGroup(&entry)
    }
    let code = ValueKind<String>.name(1...31)
    let instruments = reader.required("instruments", .list(of: code, most: 64))
    let part = ValueKind<Int64>.integer(0...1_000)
    let mix = reader.object("mix") { (entry: inout ObjectReader) in
      LoadPlan.Mix(
        rest: Int(entry.value("rest", part, default: 60)),
        fill: Int(entry.value("fill", part, default: 30)),
        refuse: Int(entry.value("refuse", part, default: 10)))
    }
    let seconds = ValueKind<Int64>.integer(1...86_400, "seconds")
    let declaration = reader.optionalObject("declarationFee") { (entry: inout ObjectReader) in
      LoadPlan.Declaration(
        commodities: entry.required("commodities", .list(of: .name(1...8), most: 64)),
        fee: DeclarationFee(
          amount: entry.value(
            "amount", .money(0...Ranges.declarationFeeMaximum / Money.unitsPerYuan),
            default: Money(yuan: 1)),
          unit: entry.value(
            "per", ValueKind<DeclarationUnit>.choice(["order": .order, "lot": .lot]),
            default: .order)))
    }
    let plan = LoadPlan(
      groups: groups, instruments: instruments, declaration: declaration, mix: mix,
      seconds: Int(reader.value("seconds", seconds, default: 10)),
      warmUpSeconds: Int(
        reader.value("warmUpSeconds", .integer(0...3_600, "seconds"), default: 2)),
      restMilliseconds: Int(
        reader.value("restMilliseconds", .integer(1...60_000, "milliseconds"), default: 500)),
      answerSeconds: Int(
        reader.value("answerSeconds", .integer(1...600, "seconds"), default: 10)),
      cutsPerSecond: Int(reader.value("cutsPerSecond", .integer(0...1_000), default: 0)),
      seed: UInt64(reader.value("seed", .integer(0...Int64.max), default: 1)))
    if mix.sum == 0 { reader.report(.outOfRange, "mix", "nothing is left to send") }
    if groups.isEmpty { reader.report(.missingKey, "groups", "nobody logs on") }
    if instruments.isEmpty { reader.report(.missingKey, "instruments", "nothing to trade") }
    if plan.terminalCount > LoadPlan.terminalsMaximum {
      reader.report(
        .outOfRange, "groups",
        "\(plan.terminalCount) terminals in all; at most \(LoadPlan.terminalsMaximum)")
    }
    reader.finish()
    return plan
  }

  private func readGroup(_ entry: inout ObjectReader) -> LoadPlan.Group {
    let name = entry.required("name", .name())
    let prefix = entry.required("account", .name(1...24))
    let count = entry.optional("count", ValueKind<Int64>.integer(1...10_000), unset: "one account")
    let first = entry.value("first", ValueKind<Int64>.integer(0...100_000), default: 1)
    let accounts =
      count.map { count in (0..<Int(count)).map { "\(prefix)\(Int(first) + $0)" } } ?? [prefix]
    let rate = ValueKind<Int64>.integer(0...10_000)
    let group = LoadPlan.Group(
      name: name, accounts: accounts,
      terminalsPerAccount: Int(
        entry.value("terminalsPerAccount", .integer(1...10_000), default: 1)),
      ordersPerSecond: Int(entry.value("ordersPerSecond", rate, default: 0)),
      queriesPerSecond: Int(entry.value("queriesPerSecond", rate, default: 0)))
    if group.ordersPerSecond > 0, group.queriesPerSecond > 0 {
      entry.report(
        .inconsistent, "queriesPerSecond",
        "of a group that sends orders: those who ask are a group of their own")
    }
    return group
  }
}
