import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Messages
import RiskRules
import Storage

/// A change tried on an engine that nobody trades on: whether it is taken, in which order, and who
/// is over a limit or a line at once.
struct ChangePreview: ~Copyable {
  /// Somebody who is over something now and was not before.
  struct Breach: Equatable {
    var account: OperationAccountID
    var rule: RuleID
    var instrument: InstrumentID
    var observed: Int64
    var limit: Int64
    var unit: Unit
  }

  /// In an order in which each is taken: a line may have to move before another can.
  private(set) var commands: [Command] = []
  /// What is taken in no order.
  private(set) var refused: [(command: Command, refusal: Refusal)] = []
  /// Limits that are passed by what is held and works, by the change alone.
  private(set) var breaches: [Breach] = []
  /// What would be told at once: lines that are reached or left, and what they do.
  private(set) var notices: [Notice] = []
  private var engine: Engine
  private var effects = EffectBuffer()
  private let terms = Table<OrderTerms>(capacity: 1)

  /// Rules that hold what is there against a limit, whatever is ordered next.
  static let standing: [RuleID] = [
    .positionLimit, .marginLimit, .openOrders, .tradedValue, .cancelLimit,
  ]

  /// What is called how.
  let names: Names

  init(_ commands: [Command], on live: consuming LiveConfiguration) {
    names = live.names
    engine = live.engine
    let before = standings()
    attempt(commands)
    drain()
    lookAtSchemes()
    for breach in standings()
    where !before.contains(where: { $0.isSame(breach) }) { breaches.append(breach) }
  }

  private mutating func attempt(_ wanted: [Command]) {
    var left = wanted
    while !left.isEmpty {
      var later: [Command] = []
      refused = []
      for command in left {
        step(command)
        if let refusal = effects.refusal {
          later.append(command)
          refused.append((command, refusal))
        } else {
          commands.append(command)
        }
      }
      guard later.count < left.count else { return }
      left = later
    }
    refused = []
  }

  private mutating func step(_ command: Command, at time: Timestamp? = nil) {
    engine.step(
      Stamped(sequence: engine.sequence + 1, time: time ?? engine.now, command: command),
      into: &effects)
    guard effects.refusal == nil else { return }
    for index in 0..<effects.count {
      if case .notice(let notice) = effects[index] { notices.append(notice) }
    }
  }

  /// Lines are looked at in slices; no gateway's engine has more of them than this.
  private mutating func drain() {
    var left = 1_000_000
    while engine.hasWork, left > 0 {
      step(.continueWork)
      left -= 1
    }
  }

  /// Clauses are looked at a moment after what they read has changed. What else that moment brings
  /// is none of the change's.
  private mutating func lookAtSchemes() {
    let known = notices.count
    let after = engine.now.adding(nanoseconds: SchemeLimits.watchMilliseconds * 1_000_000)
    step(.timeReached, at: after)
    drain()
    let told = notices[known...].filter { Self.ofSchemes.contains($0.kind) }
    notices.replaceSubrange(known..., with: told)
  }

  private static let ofSchemes: [NoticeKind] = [
    .clauseReached, .clauseReleased, .netValueLineReached, .netValueLineReleased,
    .liquidationStarted,
  ]

  // MARK: Limits

  /// Every account that is over a limit with what it has, in instruments it has to do with.
  private func standings() -> [Breach] {
    var found: [Breach] = []
    for account in 0..<engine.ledger.accountCount {
      let id = OperationAccountID(UInt32(account))
      let holder = engine.ledger.holder(of: id)
      for instrument in 0..<engine.market.instrumentCount {
        let instrument = InstrumentID(UInt32(instrument))
        guard engine.ledger.firstPosition(holder, instrument) != 0 else { continue }
        for rule in Self.standing {
          for side in [Side.buy, .sell] {
            guard let breach = breach(of: rule, id, instrument, side),
              !found.contains(where: { $0.isSame(breach) })
            else { continue }
            found.append(breach)
          }
        }
      }
    }
    return found
  }

  private func breach(
    of rule: RuleID, _ account: OperationAccountID, _ instrument: InstrumentID, _ side: Side
  ) -> Breach? {
    let finding = RuleTable.finding(
      rule, openingOneLotOf: instrument, side, by: account, terms.at(0), engine.ledger,
      engine.market, now: engine.now)
    guard finding.isActive, finding.figures.limit != .min,
      finding.figures.observed > finding.figures.limit
    else { return nil }
    return Breach(
      account: account, rule: rule, instrument: instrument, observed: finding.figures.observed,
      limit: finding.figures.limit, unit: finding.figures.unit)
  }
}

extension ChangePreview.Breach {
  /// The same limit of the same account, however far it is passed.
  fileprivate func isSame(_ other: Self) -> Bool {
    account == other.account && rule == other.rule
      && (rule != .positionLimit && rule != .marginLimit && rule != .cancelLimit
        || instrument == other.instrument)
  }
}
