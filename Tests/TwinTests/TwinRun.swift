import Domain
import Engine
import Ledger
import Messages
import ReferenceModel
import Storage
import TwinChecks

/// One seed: an engine, a second one that must do the same though it is written to a snapshot and
/// read again all the time, two that follow what the first one did, and the twin that judges them.
final class TwinRun {
  let seed: UInt64
  var draw: SplitMix
  private(set) var engine = Engine(capacities: TwinWorld.capacities)
  private var second = Engine(capacities: TwinWorld.capacities)
  private let follower = TwinFollower(.same)
  /// Under other settings: history is what it was, verdicts are its own.
  let outsider = TwinFollower(.others)
  let twin = Twin()
  private var buffer = EffectBuffer()
  private var secondBuffer = EffectBuffer()
  private(set) var time = TwinWorld.genesisTime
  /// Steps of the stream; slices and genesis don't count.
  var stepNumber = 0
  private(set) var coverage = TwinCoverage()
  /// The first figure that was wrong; nothing goes on after it.
  private(set) var failure: String?
  /// Exchanges become generous when a budget is used up next.
  var loosensBudgets = false

  // What counters know.
  var counterSequences = [UInt64](repeating: 0, count: TwinWorld.funds.count)
  var epochs = [UInt64](repeating: 0, count: TwinWorld.funds.count)
  var isUp = [Bool](repeating: false, count: TwinWorld.funds.count)
  var isSynced = [Bool](repeating: false, count: TwinWorld.funds.count)
  /// Children of today and of days before, in the order they were sent.
  var sent: [SendOrder] = []
  var sentBefore: [SendOrder] = []
  var newestReports: [FundAccountID: Command] = [:]

  // What terminals know.
  var usedOrders: [NewOrder] = []
  var acceptedOrders: [(OrderID, OperationAccountID)] = []
  var clientIDs = 0
  var closed: Set<InstrumentID> = []
  var isClockJumped = false
  /// Bars and kill switches that are in place: they are released soon, so that much else happens.
  var inPlace: [Command] = []
  /// The seed is about sessions: many begin and end.
  var isComingAndGoing = false
  /// The seed is about schemes: clauses change all the time.
  var isAboutSchemes = false
  /// The seed is about messages that wait: time passes faster.
  var isAboutMessages = false
  /// The seed is about closes: time jumps from one to the next.
  var isAboutWindows = false
  var dayIndex = 0

  init(seed: UInt64) {
    self.seed = seed
    draw = SplitMix(seed: seed)
    twin.setBudgetRoom(
      places: TwinWorld.capacities.budgetRecords, trades: TwinWorld.capacities.budgetTrades)
  }

  // MARK: Stepping

  @discardableResult func step(_ command: Command, milliseconds: Int64 = 1) -> [Effect] {
    step(command, at: time.adding(nanoseconds: milliseconds * 1_000_000))
  }

  /// Steps both engines and the twin, works off what waits, and compares what was touched.
  @discardableResult func step(_ command: Command, at time: Timestamp) -> [Effect] {
    guard failure == nil else { return [] }
    let before = isAskedFor(command) ? engine.booksHash : nil
    var effects = stepOnce(command, at: time)
    if let before, isRefusal(effects), engine.booksHash != before, !engine.hasWork {
      fail(command, "refused, and the books are others than before")
    }
    while engine.hasWork, engine.isReady, failure == nil {
      effects += stepOnce(.continueWork, at: self.time.adding(nanoseconds: 1_000))
    }
    if engine.isReady, failure == nil {
      twin.checkNothingDue()
      check(command, effects)
      loosenBudgets(effects)
    }
    return effects
  }

  /// The second engine looks at every clause each time, whatever could have been passed over.
  private var forgets: Bool { seed.isMultiple(of: 2) }

  /// Steps between two snapshots of the second engine; no divisor of what streams do in turn.
  private static let stepsBetweenSnapshots: UInt64 = 41

  /// The second engine goes on as a snapshot has it, in the middle of whatever it does.
  private func restoreSecond() {
    do throws(SnapshotFault) {
      var writer = try SnapshotWriter(
        second.facts(genesisHash: InlineArray(repeating: 7), journalCRC: 1), to: MemorySnapshot())
      try second.pass(through: &writer)
      var reader = try SnapshotReader(try writer.finish())
      second = try Engine.read(from: &reader, capacities: TwinWorld.capacities)
      try reader.finish()
    } catch {
      fail(nil, "a snapshot can't be written and read: \(error)")
    }
  }

  private func stepOnce(_ command: Command, at time: Timestamp) -> [Effect] {
    self.time = time
    if engine.sequence % TwinRun.stepsBetweenSnapshots == 0 { restoreSecond() }
    let stamped = Stamped(sequence: engine.sequence + 1, time: time, command: command)
    let explained = explain(stamped)
    engine.step(stamped, into: &buffer)
    if forgets { second.ledger.schemes.forgetQuiet() }
    second.step(stamped, into: &secondBuffer)
    if let explained, let difference = Decision(buffer).difference(from: explained) {
      fail(command, difference)
    }
    for follower in [follower, outsider] {
      if let complaint = follower.follow(stamped, buffer) { fail(command, complaint) }
    }
    var effects: [Effect] = []
    for index in 0..<buffer.count { effects.append(buffer[index]) }
    if TwinTests.isTraced {
      print("\(stepNumber) #\(stamped.sequence) \(time.nanoseconds) \(command)")
      for effect in effects { print("  > \(effect)") }
    }
    let isSame =
      buffer.count == secondBuffer.count
      && effects.indices.allSatisfy { effects[$0] == secondBuffer[$0] }
    if !isSame { fail(command, "a second engine does something else") }
    twin.apply(stamped, effects)
    for case .sendOrder(let order) in effects { sent.append(order) }
    // Terminals try to take forced orders back.
    for case .report(let report) in effects
    where report.execType == .new && report.clOrdID.isForced {
      acceptedOrders.append((report.order, report.account))
    }
    coverage.add(command, effects)
    if let complaint = twin.complaints.first { fail(command, complaint) }
    twin.complaints = []
    var bands = TwinComparison(TwinRun.extent, twin)
    bands.checkBands(engine)
    if let difference = bands.difference { fail(command, difference) }
    return effects
  }

  /// Why an order will be decided as it will; finding that changes nothing.
  private func explain(_ stamped: Stamped) -> Explanation? {
    guard case .newOrder(let order) = stamped.command else { return nil }
    let before = engine.stateHash
    let explanation = engine.explain(order, at: stamped.time)
    if engine.stateHash != before { fail(stamped.command, "explaining changes the state") }
    return explanation
  }

  /// What can be refused: facts of counters and markets can't.
  private func isAskedFor(_ command: Command) -> Bool {
    switch command {
    case .childReport, .counterTrade, .counterLinkUp, .counterLinkDown, .counterResynced,
      .counterFunds, .tick, .instrumentStatus, .timeReached, .continueWork:
      false
    default: true
    }
  }

  /// An order, a cancel or a setting that was not taken.
  private func isRefusal(_ effects: [Effect]) -> Bool {
    var isRefused = false
    for effect in effects {
      switch effect {
      case .report(let report):
        guard report.execType == .rejected || report.execType == .cancelRejected,
          report.cumulativeLots == 0, report.refusal.rule != .counterRefused,
          report.refusal.rule != .fundLinkDown
        else { return false }
        isRefused = true
      case .commandRefused: isRefused = true
      case .controlDone(let done): isRefused = isRefused || !done.refusal.isNone
      case .notice: break
      default: return false
      }
    }
    return isRefused
  }

  func note(_ what: String) { coverage.add(what) }

  func fail(_ command: Command?, _ what: String) {
    guard failure == nil else { return }
    let name = command.map { TwinCoverage.name($0) } ?? "end"
    failure = """
      seed \(seed), step \(stepNumber) (\(name)): \(what)
      \(command.map { String(describing: $0) } ?? "")
      alone: SLUICE_TWIN_SEED=\(seed) SLUICE_TWIN_STEPS=\(max(stepNumber, 300)) \
      swift test --skip-build -Xswiftc -O --scratch-path .build/tests --filter TwinTests
      """
  }

  // MARK: Comparing

  static let extent = TwinExtent(
    accounts: TwinWorld.accounts.count, funds: TwinWorld.funds.count,
    products: TwinWorld.modes.count, instruments: TwinWorld.instruments.count,
    commodities: TwinWorld.commodities.count)

  private func check(_ command: Command, _ effects: [Effect]) {
    var touched = Touched(TwinRun.extent)
    touched.add(command, effects, twin)
    var comparison = TwinComparison(TwinRun.extent, twin)
    if touched.isMarked {
      for holder in TwinRun.extent.holders { comparison.checkMoney(holder, engine) }
    }
    for holder in touched.holders { comparison.checkHolder(holder, engine) }
    for id in touched.orders { comparison.checkOrder(id, engine) }
    for id in touched.children { comparison.checkChild(id, engine) }
    if touched.isTraded { comparison.checkConservation(engine) }
    if let complaint = twin.complaints.first { fail(command, complaint) }
    if let difference = comparison.difference { fail(command, difference) }
    if stepNumber % 50 == 49 { checkAll(command) }
  }

  /// Everybody and everything, and the lots replayed from the first fact on.
  func checkAll(_ command: Command?) {
    guard failure == nil, engine.isReady else { return }
    var comparison = TwinComparison(TwinRun.extent, twin)
    comparison.checkAll(engine)
    comparison.checkLines(engine)
    comparison.checkSchemes(engine)
    comparison.checkBudgets(engine)
    comparison.checkControls(engine)
    if let difference = comparison.difference { fail(command, difference) }
    if engine.stateHash != second.stateHash { fail(command, "a second engine's state differs") }
    if engine.stateHash != follower.stateHash { fail(command, "who follows has another state") }
    // Under other settings liquidations are looked at at other times, so its slices fall elsewhere:
    // it is compared when it has nothing left to do either.
    guard !outsider.engine.hasWork else { return }
    note("compared under other settings")
    var other = TwinComparison(TwinRun.extent, twin)
    other.checkAll(outsider.engine)
    if let difference = other.difference { fail(command, "under other settings: \(difference)") }
  }
}
