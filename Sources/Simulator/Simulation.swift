import Domain
import Engine
import Exchange
import Gateway
import Journal
import Messages

/// One run: a gateway, its counters, its terminals, and everything between them, in one thread and
/// in simulated time. The seed decides all of it.
public final class Simulation {
  let settings: SimulationSettings
  /// Kinds of faults of this run.
  var faults: FaultSet
  /// The gateway syncs before it answers; else it survives the death of its process alone.
  let syncs: Bool
  let header: JournalHeader

  // What each part draws is its own.
  var networkDraws: SplitMix64
  var faultDraws: SplitMix64
  var actionDraws: SplitMix64
  var marketDraws: SplitMix64
  var crashDraws: SplitMix64
  var snapshotDraws: SplitMix64

  var clock = SimulatedClock()
  var agenda = Agenda()
  let crashes = CrashPlan()
  let disk: SimulatedDisk
  let mark = StoredMark()
  var connections: [SimulatedConnection] = []
  var counters: [SimulatedCounter] = []
  var seats: [TerminalSeat] = []
  /// A controller who looks at everything.
  var watcher: WatcherSeat?
  var gateway: SimulatedGateway?
  /// Processes so far.
  var lives = 0
  var witness: Witness?
  let watch = WireWatch()
  let counterScratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 8)

  /// Last prices, in ticks away from the first day's prior settlement.
  var walk = [Int64](repeating: 0, count: SimulatedHouse.listings.count)
  var dayIndex = 0
  /// What takes away the bars and kill switches that are in place, oldest first.
  var inPlace: [Command] = []
  /// Which day ends, and whether it is still about to.
  var eveningOfDay = 0
  var isEvening = false
  var isGatewayAsked = false
  /// The last evening waited for nobody: what counters tell of the day before is expected.
  var hasRacedDay = false
  /// Nothing new happens any more: everything calms down.
  var isCalming = false
  /// The newest command when the gateway was on its last segment; `.max` = it is not.
  var lowSince = UInt64.max
  /// The gateway is to be stopped as soon as it has something in hand, and not to wait for it.
  var isStopDue = false
  /// Where a gateway that stopped of itself left a journal that has everything; nil = it did not.
  var stoppedAt: UInt64?

  public internal(set) var step = 0
  public internal(set) var counts = SimulationCounts()
  public internal(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  public internal(set) var failure: String?
  var lines: [String] = []

  public init(_ settings: SimulationSettings) {
    self.settings = settings
    let seed = settings.seed
    var plan = SplitMix64(seed: seed, purpose: 1)
    // Not every run has everything: what hides behind one fault shows without it.
    var kinds = FaultSet(FaultKind.allCases.filter { _ in plan.chance(65) })
    for kind in [
      FaultKind.counterOverFills, .counterReportsUnknown, .foreignOrder, .earlyDaySwitch,
    ]
    where plan.chance(75) { kinds.remove(kind) }
    syncs = plan.chance(40)
    if !syncs { kinds.remove(.powerLoss) }
    for kind in settings.without { kinds.remove(kind) }
    faults = kinds
    networkDraws = SplitMix64(seed: seed, purpose: 2)
    faultDraws = SplitMix64(seed: seed, purpose: 3)
    actionDraws = SplitMix64(seed: seed, purpose: 4)
    marketDraws = SplitMix64(seed: seed, purpose: 5)
    crashDraws = SplitMix64(seed: seed, purpose: 6)
    snapshotDraws = SplitMix64(seed: seed, purpose: 8)
    disk = SimulatedDisk(crashes: crashes, draws: SplitMix64(seed: seed, purpose: 7))
    header = JournalHeader(
      shard: UInt16(SimulatedHouse.shard), firstSequence: 1, engineVersion: Engine.version,
      configRevision: 0, createdTime: SimulatedClock.start.nanoseconds,
      genesisHash: InlineArray(repeating: 0),
      segment: .first(JournalFormat.segmentBytes.lowerBound))
  }

  deinit { counterScratch.deallocate() }

  // MARK: Running

  /// Runs it to the end, or to what must not be.
  public static func run(_ settings: SimulationSettings) -> SimulationResult {
    run(settings) { _ in }
  }

  /// - Parameter change: what a test does to the world before anything has happened in it.
  static func run(
    _ settings: SimulationSettings, after change: (Simulation) -> Void
  ) -> SimulationResult {
    let world = Simulation(settings)
    world.begin()
    change(world)
    world.play()
    let played = world.step
    if world.failure == nil { world.calmDown() }
    if world.failure == nil { world.prove() }
    world.countCounterFaults()
    world.counts.runs = 1
    world.counts.steps = played
    world.counts.simulated = world.clock.now
    world.counts.crashPoints = world.crashes.counts
    return SimulationResult(
      failure: world.failure, failedAtStep: world.step, hash: world.hash, counts: world.counts,
      trace: world.lines)
  }

  private func begin() {
    for index in 0..<SimulatedHouse.counterCount {
      let plan = FaultPlan(
        counterFaults, seed: settings.seed &* 31 &+ UInt64(index))
      counters.append(SimulatedCounter(index, faults: plan))
      setPhases(.continuous, counters[index])
    }
    lives = 1
    gateway = SimulatedGateway.genesis(self)
    guard failure == nil else { return }
    witness = Witness(self)
    witness?.follow(self)
    for index in SimulatedHouse.seatAccounts.indices {
      seats.append(TerminalSeat(index, self))
      seats[index].arm(self)
      agenda.add(.act(index), at: clock.now + actionDraws.milliseconds(100...3_000))
    }
    watcher = WatcherSeat(self)
    watcher?.arm(self)
    agenda.add(.beat(life: lives), at: clock.now)
    agenda.add(.market, at: clock.now + 50_000_000)
    agenda.add(.fault, at: clock.now + faultDraws.milliseconds(500...4_000))
    agenda.add(.controller, at: clock.now + actionDraws.milliseconds(2_000...9_000))
    armCrash()
  }

  private func play() {
    while step < settings.steps, failure == nil {
      if next() { step += 1 }
      if step % 50 == 49 { checkNow() }
    }
  }

  /// Does what is next; false when it was only time that passed.
  func next() -> Bool {
    guard let (time, event) = agenda.take() else {
      fail("nothing is going to happen any more")
      return true
    }
    clock.now = max(clock.now, time)
    var isStep = true
    do throws(GatewayCrash) {
      isStep = try handle(event)
    } catch {
      gatewayDied(at: error.point)
    }
    return isStep
  }

  /// Steps that no event of the agenda stands for end the gateway's turn, or leave it open.
  private func handle(_ event: SimulatedEvent) throws(GatewayCrash) -> Bool {
    var isStep = true
    switch event {
    case .arrival(let id, let atGateway):
      try arrive(connections[id], atGateway: atGateway)
    case .connected(let id): connected(connections[id])
    case .closedAtGateway(let id):
      if let gateway, gateway.life == connections[id].life { gateway.closed(connections[id]) }
    case .beat(let life):
      guard let gateway, gateway.life == life else { return false }
      gateway.beat()
      agenda.add(.beat(life: life), at: clock.now + (isCalming ? 50_000_000 : 100_000_000))
      isStep = false
    case .hurry(let life):
      guard let gateway, gateway.life == life else { return false }
      isStep = false
    case .followerWorks(let life):
      guard let gateway, gateway.life == life else { return false }
      try gateway.followerWorks()
      isStep = false
    case .verdict(let ticket, let isRight, let life):
      guard let gateway, gateway.life == life else { return false }
      gateway.passwordChecked(ticket, isRight: isRight)
    case .start: start()
    case .counter(let index): advance(counters[index])
    case .watcher: watcher?.timeReached(self)
    case .seat(let index):
      guard seats[index].armedFor <= clock.now else { return false }
      seats[index].timeReached(self)
    case .act(let index): act(seats[index])
    case .market: moveMarket()
    case .fault: makeFault()
    case .controller: control()
    case .mend(let mending): mend(mending)
    case .evening(let part): try goOn(evening: part)
    }
    // The loop may be told of more before its turn ends.
    if isStopDue, let gateway, !gateway.isStopping, !gateway.gateway.isQuiet {
      isStopDue = false
      gateway.stop(atMost: 0)
    }
    if let gateway, !isStep || !networkDraws.chance(20) {
      try gateway.endTurn()
      if gateway.isOver { gatewayStopped(gateway) }
    }
    return isStep
  }

  // MARK: Failing

  /// Something does not hold: the run is over.
  func fail(_ what: String) {
    guard failure == nil else { return }
    failure = what
    trace("FAILED: \(what)")
  }

  func trace(_ text: @autoclosure () -> String) {
    guard settings.isTraced else { return }
    let milliseconds = clock.now / 1_000_000
    let rest = String(milliseconds % 1_000 + 1_000).dropFirst()
    lines.append(
      "\(step) \(milliseconds / 1_000).\(rest) \(text())"
    )
  }

  /// The gateway's records are stored up to here: what follows from them may leave.
  func stored(_ end: JournalEnd) {
    mark.offset = Int(end.offset)
    witness?.follow(self)
  }

  // MARK: Checks now and then

  private func checkNow() {
    witness?.compareAll(self)
    checkReplay()
  }

  /// The witness, who has only read the journal, stands where the gateway stands.
  func checkReplay() {
    guard let gateway, let witness, failure == nil, !witness.isBlind,
      gateway.gateway.sequencer.isStored
    else { return }
    if gateway.gateway.sequencer.engine.stateHash != witness.stateHash {
      fail("replayed, the journal comes to another state")
    }
    if let followed = gateway.followedHash, followed != witness.stateHash {
      fail("the follower comes to another state")
    }
  }
}
