import Domain
import Engine
import Exchange
import Ledger
import Messages
import ReferenceModel
import Storage
import TwinChecks

/// A day of a house: an engine, its twin, and an exchange that fills the orders of accounts that
/// a seed draws.
final class DayRun {
  let seed: UInt64
  var draw: SplitMix
  private(set) var engine = Engine(capacities: DayWorld.capacities)
  let twin = Twin()
  /// One a counter: each knows its own fund accounts.
  var exchanges: [SimulatedExchange] = []
  private(set) var time = DayWorld.genesisTime
  /// The first figure that was wrong; nothing goes on after it.
  private(set) var failure: String?
  private(set) var said = DaySaid()
  private(set) var summaries: [DaySummary] = []
  private var buffer = EffectBuffer()
  /// All that the engine was fed, to be fed again.
  private var journal: [Stamped] = []

  // What waits to be told the engine.
  var coming: [Command] = []
  var comingFirst = 0
  /// By fund account: the newest report that was handed on.
  var handedOn = [UInt64](repeating: 0, count: DayWorld.funds.count)
  var isUp = [Bool](repeating: false, count: DayWorld.funds.count)

  // What terminals know.
  var accepted: [(OrderID, OperationAccountID)] = []
  var clientIDs = 0

  init(seed: UInt64) {
    self.seed = seed
    draw = SplitMix(seed: seed)
    twin.setBudgetRoom(
      places: DayWorld.capacities.budgetRecords, trades: DayWorld.capacities.budgetTrades)
  }

  // MARK: Days

  /// All of it; so many orders a day, about.
  func play(_ plans: [DayPlan], orders: Int) {
    for command in DayWorld.definitions(seed: seed) + DayWorld.rules(&draw) {
      let effects = step(command)
      for case .commandRefused(let refused) in effects {
        fail(command, "the house can't be set up: \(refused)")
      }
    }
    exchanges = (0..<DayWorld.counters).map { DayWorld.exchange($0, plans[0].references) }
    for (index, plan) in plans.enumerated() where failure == nil {
      begin(plan, isFirst: index == 0)
      let ticks = max(plan.ticks.count, 1)
      for (number, next) in plan.ticks.enumerated() where failure == nil {
        tick(next.instrument, next.tick)
        if draw.below(ticks) < orders { act(next.instrument) }
        if number % 4_000 == 3_999 { checkAll(nil) }
      }
      end(plan)
    }
    replay()
  }

  private func begin(_ plan: DayPlan, isFirst: Bool) {
    if !isFirst {
      for index in exchanges.indices {
        exchanges[index].switchDay(
          to: plan.day,
          terms: plan.references.map {
            DayTerms(
              settlement: $0.preSettlement, limitUp: $0.upperLimit, limitDown: $0.lowerLimit)
          }, now: plan.opening)
      }
    }
    step(
      .daySwitch(DaySwitch(tradingDay: plan.day, nightDate: plan.nightDate)), at: plan.opening)
    while engine.hasWork, failure == nil { step(.continueWork) }
    for reference in plan.references { step(.dayReference(reference)) }
    if isFirst { for fund in DayWorld.funds { linkUp(fund) } }
    handOn()
    checkAll(nil)
  }

  /// The day's books, three times: the engine's, the twin's and the exchange's.
  private func end(_ plan: DayPlan) {
    for fund in DayWorld.funds where !isUp[fund.index] { linkUp(fund) }
    handOn()
    checkAll(nil)
    guard failure == nil else { return }
    let ours = DaySummary(engine)
    let theirs = DaySummary(twin, reachedLines: said.reachedLines)
    if ours != theirs { fail(nil, "the day's summary: \(twinDifferences(ours, theirs))") }
    for fund in DayWorld.funds {
      if let difference = difference(fund) { fail(nil, difference) }
    }
    summaries.append(ours)
    for (index, price) in plan.settlements.enumerated() {
      step(
        .settlementPrice(
          SettlementPrice(instrument: InstrumentID(UInt32(index)), price: price)))
    }
  }

  /// The same commands again, by an engine that is written to a snapshot on the way, end in the
  /// same state.
  private func replay() {
    guard failure == nil else { return }
    var again = Engine(capacities: DayWorld.capacities)
    for (number, stamped) in journal.enumerated() {
      if number == journal.count / 2 {
        do throws(SnapshotFault) {
          var writer = try SnapshotWriter(
            again.facts(genesisHash: InlineArray(repeating: 7), journalCRC: 1),
            to: MemorySnapshot())
          try again.pass(through: &writer)
          var reader = try SnapshotReader(try writer.finish())
          again = try Engine.read(from: &reader, capacities: DayWorld.capacities)
          try reader.finish()
        } catch {
          return fail(nil, "a snapshot can't be written and read: \(error)")
        }
      }
      again.step(stamped, into: &buffer)
    }
    if again.stateHash != engine.stateHash { fail(nil, "played again it ends otherwise") }
  }

  // MARK: Ticks and time

  private func tick(_ instrument: InstrumentID, _ tick: ExchangeTick) {
    while engine.nextDeadline <= tick.time, failure == nil {
      step(.timeReached, at: max(engine.nextDeadline, time.adding(nanoseconds: 1_000)))
      handOn()
    }
    let now = max(tick.time, time.adding(nanoseconds: 1_000))
    step(
      .tick(
        Tick(
          instrument: instrument, last: tick.last, bid: tick.bid.price, bidLots: tick.bid.lots,
          ask: tick.ask.price, askLots: tick.ask.lots, upperLimit: tick.limitUp,
          lowerLimit: tick.limitDown, preSettlement: tick.priorSettlement, volume: tick.volume,
          openInterest: tick.openInterest, exchangeTime: tick.time)), at: now)
    for index in exchanges.indices {
      exchanges[index].receive(tick, for: instrument, now: now)
    }
    collect()
    handOn()
  }

  // MARK: Stepping

  @discardableResult func step(_ command: Command) -> [Effect] {
    step(command, at: time.adding(nanoseconds: 1_000_000))
  }

  @discardableResult func step(_ command: Command, at time: Timestamp) -> [Effect] {
    guard failure == nil else { return [] }
    var effects = stepOnce(command, at: time)
    while engine.hasWork, engine.isReady, failure == nil {
      effects += stepOnce(.continueWork, at: self.time.adding(nanoseconds: 1_000))
    }
    if engine.isReady, failure == nil {
      twin.checkNothingDue()
      if let complaint = twin.complaints.first { fail(command, complaint) }
      check(command, effects)
    }
    for effect in effects { carryOut(effect) }
    return effects
  }

  private func stepOnce(_ command: Command, at time: Timestamp) -> [Effect] {
    self.time = time
    let stamped = Stamped(sequence: engine.sequence + 1, time: time, command: command)
    journal.append(stamped)
    var explained: Explanation?
    var books: UInt64?
    if case .newOrder(let order) = command {
      books = engine.booksHash
      explained = engine.explain(order, at: time)
      if engine.booksHash != books { fail(command, "explaining changes the books") }
    }
    engine.step(stamped, into: &buffer)
    if let explained {
      let decision = Decision(buffer)
      if let difference = decision.difference(from: explained) { fail(command, difference) }
      if case .refused(let refusal)? = decision.verdict {
        said.refused[refusal.rule, default: 0] += 1
        if engine.booksHash != books, !engine.hasWork { fail(command, "refused, and books differ") }
      }
      said.explained += 1
    }
    var effects: [Effect] = []
    for index in 0..<buffer.count { effects.append(buffer[index]) }
    twin.apply(stamped, effects)
    said.add(command, effects)
    if let complaint = twin.complaints.first { fail(command, complaint) }
    twin.complaints = []
    return effects
  }

  func fail(_ command: Command?, _ what: String) {
    guard failure == nil else { return }
    failure = """
      seed \(seed), sequence \(engine.sequence) at \(time.chinaSecondOfDay) s of \(twin.day):
      \(what)
      \(command.map { String(describing: $0) } ?? "")
      """
  }

  // MARK: Comparing

  private func check(_ command: Command, _ effects: [Effect]) {
    // What a price does to everybody is looked at together.
    if case .tick = command, effects.isEmpty { return }
    var touched = Touched(DayWorld.extent)
    touched.add(command, effects, twin)
    var comparison = TwinComparison(DayWorld.extent, twin)
    for holder in touched.holders { comparison.checkHolder(holder, engine) }
    for id in touched.orders { comparison.checkOrder(id, engine) }
    for id in touched.children { comparison.checkChild(id, engine) }
    if touched.isTraded { comparison.checkConservation(engine) }
    if let complaint = twin.complaints.first { fail(command, complaint) }
    if let difference = comparison.difference { fail(command, difference) }
  }

  private func checkAll(_ command: Command?) {
    guard failure == nil, engine.isReady else { return }
    var comparison = TwinComparison(DayWorld.extent, twin)
    comparison.checkAll(engine)
    comparison.checkLines(engine)
    comparison.checkSchemes(engine)
    comparison.checkBudgets(engine)
    comparison.checkControls(engine)
    if let difference = comparison.difference { fail(command, difference) }
  }
}
