import CSluice
import Domain
import Engine
import Journal
import Ledger
import Messages

/// Times the engine's decisions one by one.
struct EngineBench: ~Copyable {
  var feed: Feed
  var flow: OrderFlow
  private var counterSequences: [UInt64]
  private(set) var accepted = 0
  private(set) var refused: [RuleID: Int] = [:]
  private(set) var kinds: [OrderFlow.Kind: Int] = [:]
  /// What was timed of the engine's continued work, a slice each.
  private(set) var work = Samples(capacity: 0)

  /// - Parameter recording: everything is written there from the first command on.
  init(
    population: Population, hotAccounts: Int, seed: UInt64, recording: JournalRecording? = nil
  ) {
    feed = Feed(capacities: population.capacities)
    feed.recording = recording
    flow = OrderFlow(population: population, hotAccounts: hotAccounts, seed: seed)
    counterSequences = Array(repeating: 0, count: population.fundAccounts)
    feed.fillMemory()
    population.build(&feed)
    // Half the accounts have working orders before anything is measured.
    for account in stride(from: 0, to: population.accounts, by: 2) {
      let command = flow.open(account)
      feed.stamp(command)
      answerCounters(fillPercent: 0)
    }
  }

  /// Decides `count` commands of the flow; what counters answer is not timed. What the engine goes
  /// on with between orders (looks at clauses, for one) is timed by itself.
  mutating func run(_ count: Int, samples: inout Samples) {
    work = Samples(capacity: count * 2)
    for _ in 0..<count {
      let (kind, command) = flow.next()
      kinds[kind, default: 0] += 1
      let stamped = feed.next(command)
      let before = sluice_monotonic_nanoseconds()
      decide(stamped)
      let after = sluice_monotonic_nanoseconds()
      samples.add(after - before)
      note()
      answerCounters(fillPercent: kind == .open ? 60 : 95)
      goOn()
    }
  }

  /// Decides `count` commands of the flow and journals each; only the journal is timed.
  mutating func run(_ count: Int, _ journal: inout JournalBench) throws(JournalStorageError) {
    for _ in 0..<count {
      let (kind, command) = flow.next()
      let stamped = feed.next(command)
      decide(stamped)
      try journal.record(stamped, feed.effects)
      answerCounters(fillPercent: kind == .open ? 60 : 95)
      feed.drain()
    }
  }

  /// The same without clocks, for counting instructions.
  mutating func runUntimed(_ count: Int) {
    for _ in 0..<count {
      let (kind, command) = flow.next()
      decide(feed.next(command))
      answerCounters(fillPercent: kind == .open ? 60 : 95)
      feed.drain()
    }
  }

  /// Counts the rules that the next `count` commands' orders meet.
  mutating func countRules(_ count: Int) -> RuleCount {
    var rules = RuleCount()
    for _ in 0..<count {
      let (kind, command) = flow.next()
      if case .newOrder(let order) = command { rules.add(order, &feed) }
      decide(feed.next(command))
      answerCounters(fillPercent: kind == .open ? 60 : 95)
      feed.drain()
    }
    return rules
  }

  @inline(never) mutating func decide(_ stamped: Stamped) {
    feed.engine.step(stamped, into: &feed.effects)
  }

  /// Looks at subjects' clauses since the start.
  var lookTotals: (looks: UInt64, passed: UInt64, read: UInt64) {
    feed.engine.ledger.schemes.lookTotals
  }

  /// Does what waits, as a gateway does at the end of its turn.
  private mutating func goOn() {
    while feed.engine.hasWork {
      let stamped = feed.next(.continueWork)
      let before = sluice_monotonic_nanoseconds()
      feed.engine.step(stamped, into: &feed.effects)
      let after = sluice_monotonic_nanoseconds()
      work.add(after - before)
    }
  }

  private mutating func note() {
    for index in 0..<feed.effects.count {
      guard case .report(let report) = feed.effects[index] else { continue }
      if report.execType == .rejected { refused[report.refusal.rule, default: 0] += 1 }
      if report.execType == .new { accepted += 1 }
    }
  }

  /// Confirms every child that was sent and fills some of them; confirms cancels.
  private mutating func answerCounters(fillPercent: Int) {
    var sent: [SendOrder] = []
    var cancels: [SendCancel] = []
    var order: (OrderID, OperationAccountID)?
    for index in 0..<feed.effects.count {
      switch feed.effects[index] {
      case .sendOrder(let child): sent.append(child)
      case .sendCancel(let cancel): cancels.append(cancel)
      case .report(let report) where report.execType == .new:
        order = (report.order, report.account)
      default: break
      }
    }
    let fills = flow.random.below(100) < fillPercent
    for child in sent {
      report(child.fundAccount, child.child, .accepted)
      guard fills else { continue }
      feed.stamp(
        .counterTrade(
          CounterTrade(
            fundAccount: child.fundAccount, counterSequence: next(child.fundAccount),
            child: child.child, instrument: child.instrument, side: child.side,
            offset: child.offset, hedge: child.hedge, price: child.price, lots: child.lots,
            tradeTime: feed.time, tradeID: VenueID(), venueOrderID: VenueID())))
    }
    if let order, !fills, !sent.isEmpty { flow.remember(order.0, order.1) }
    for cancel in cancels { report(cancel.fundAccount, cancel.child, .cancelled) }
  }

  private mutating func report(
    _ fund: FundAccountID, _ child: OrderID, _ kind: ChildReportKind
  ) {
    feed.stamp(
      .childReport(
        ChildReport(
          fundAccount: fund, counterSequence: next(fund), child: child, kind: kind,
          cumulativeLots: 0, rejectCode: 0, venueOrderID: VenueID())))
  }

  private mutating func next(_ fund: FundAccountID) -> UInt64 {
    counterSequences[fund.index] += 1
    return counterSequences[fund.index]
  }

  /// What two clock readings in a row cost.
  static func clockCost() -> Samples.Sorted {
    var samples = Samples(capacity: 100_000)
    for _ in 0..<100_000 {
      let before = sluice_monotonic_nanoseconds()
      let after = sluice_monotonic_nanoseconds()
      samples.add(after - before)
    }
    return samples.sorted()
  }
}
