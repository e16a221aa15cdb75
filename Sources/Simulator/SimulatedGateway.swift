import Domain
import Engine
import Gateway
import Journal
import Messages
import Session

/// A gateway's process: the second driver of `Gateway`, beside Runtime's `GatewayServer`, which it
/// follows call by call.
final class SimulatedGateway {
  /// Which process this is, from 1.
  let life: Int
  var gateway: Gateway
  private var storage: SimulatedDiskStorage
  unowned let world: Simulation
  private let follower: SimulatedFollower
  private var hasTurnBegun = false
  var stopping = Stopping()
  /// Connections by terminal slot and by link.
  private var terminals: [SimulatedConnection?]
  var links: [SimulatedConnection?]

  static var limits: GatewayLimits {
    var limits = GatewayLimits()
    limits.terminals = 16
    limits.deskClients = 4
    limits.deskUnauthenticated = 4
    limits.unauthenticated = 12
    limits.terminalOutputBytes = 16 * 1024
    limits.linkOutputBytes = 16 * 1024
    limits.passwords = 8
    limits.unknownNames = 4
    limits.reports = 1_000
    limits.subscriptions = 64
    limits.subscriptionsPerTerminal = 8
    limits.queries = 8
    limits.terms = TerminalSessionTerms(messagesPerSecond: 40, maxInFlight: 6)
    limits.tickSilenceSeconds = 5
    limits.journalBytes = Sequencer.journalBytesMinimum
    return limits
  }

  private init(
    _ gateway: consuming Gateway, _ storage: consuming SimulatedDiskStorage, from snapshot: UInt64,
    _ world: Simulation
  ) throws(JournalError) {
    follower = try SimulatedFollower(
      behind: gateway.sequencer.journal.end, from: snapshot, world)
    life = world.lives
    self.gateway = gateway
    self.storage = storage
    self.world = world
    terminals = [SimulatedConnection?](repeating: nil, count: SimulatedGateway.limits.seats)
    links = [SimulatedConnection?](repeating: nil, count: SimulatedHouse.fundProducts.count)
    addLinks()
  }

  // MARK: Starting

  /// A new journal.
  static func genesis(_ world: Simulation) -> SimulatedGateway? {
    var storage = SimulatedDiskStorage(world.disk)
    do {
      let end = try storage.create(world.header)
      var gateway = Gateway(
        Sequencer(
          engine: Engine(capacities: SimulatedHouse.capacities), journalEnd: end,
          clock: world.clock.reading, journalBytes: limits.journalBytes),
        capacities: SimulatedHouse.capacities, limits: limits)
      try gateway.begin(with: SimulatedHouse.genesis(seed: world.settings.seed), in: &storage)
      if world.syncs { try storage.sync() }
      world.stored(gateway.sequencer.journal.end)
      return try SimulatedGateway(gateway, storage, from: 0, world)
    } catch {
      world.fail("the first start: \(error)")
      return nil
    }
  }

  /// What became of a start.
  enum Start {
    case running(SimulatedGateway)
    case crashed(CrashPoint)
    /// No space, for instance: somebody tries again later.
    case refused
  }

  /// Goes on behind the journal, as `StartedGateway.existing` does.
  static func existing(_ world: Simulation) -> Start {
    do throws(JournalError) {
      return goOn(
        behind: try Recovery.begin(
          from: &world.disk.snapshots, SimulatedHouse.capacities, reports: limits.reports
        ) { SimulatedDiskStorage(world.disk) }, world)
    } catch {
      world.fail("a start is refused: \(error)")
      return .refused
    }
  }

  private static func goOn(
    behind journal: consuming Recovery<SimulatedDiskStorage>, _ world: Simulation
  ) -> Start {
    var recovery = journal
    do throws(ReplayFault) {
      try recovery.run()
    } catch {
      world.fail("a start is refused: \(error)")
      return .refused
    }
    let end = recovery.replay.end
    if end.offset < UInt64(world.mark.offset) {
      world.fail("stored up to \(world.mark.offset), there is only up to \(end.offset)")
      return .refused
    }
    if let stopped = world.stoppedAt {
      let isWhole = !recovery.replay.isTorn && !recovery.replay.lacksOutcome
      if !isWhole || end.sequence != stopped {
        world.fail("stopped behind #\(stopped), the journal ends with #\(end.sequence)")
      }
      world.stoppedAt = nil
    }
    if recovery.replay.isTorn { world.counts.tornTails += 1 }
    if recovery.replay.lacksOutcome { world.counts.lackingOutcomes += 1 }
    let snapshot = recovery.snapshot
    if snapshot > 0 { world.counts.fromSnapshots += 1 }
    world.counts.snapshotsPassedOver += recovery.refusals.count
    let snapshots = world.disk.snapshots
    for refusal in recovery.refusals where !snapshots.isDamaged(refusal.sequence) {
      world.fail("a snapshot is passed over: \(refusal)")
    }
    if snapshots.isDamaged(snapshot) { world.fail("a damaged snapshot is used") }
    var storage = SimulatedDiskStorage(world.disk)
    do throws(JournalStorageError) {
      _ = try storage.open(.append(at: end.offset))
      var gateway = recovery.continued(
        clock: world.clock.reading, SimulatedHouse.capacities, limits)
      try gateway.goOn(in: &storage)
      if world.syncs { try storage.sync() }
      world.stored(gateway.sequencer.journal.end)
      return running(gateway, storage, snapshot, world)
    } catch {
      return world.crashes.died.map { .crashed($0) } ?? .refused
    }
  }

  private static func running(
    _ gateway: consuming Gateway, _ storage: consuming SimulatedDiskStorage, _ snapshot: UInt64,
    _ world: Simulation
  ) -> Start {
    do throws(JournalError) {
      return .running(try SimulatedGateway(gateway, storage, from: snapshot, world))
    } catch {
      world.fail("a follower is refused: \(error)")
      return .refused
    }
  }

  private func addLinks() {
    for (fund, counter) in SimulatedHouse.fundCounters.enumerated() {
      var login = CounterLogin(
        fundAccount: SimulatedHouse.fundNames[fund], heartbeatIntervalSeconds: 4)
      login.reconnectSecondsMaximum = 4
      _ = gateway.addLink(
        LinkSettings(
          fundAccount: FundAccountID(UInt32(fund)), counter: CounterID(UInt32(counter)),
          login: login, password: FixedText("counter")!, seed: world.settings.seed &+ UInt64(fund)))
    }
  }

  // MARK: Connections

  func beginTurn() {
    guard !hasTurnBegun else { return }
    hasTurnBegun = true
    gateway.clockRead(world.clock.reading)
  }

  /// Somebody's connection stands; false: it is closed at once.
  func opened(_ connection: SimulatedConnection) -> Bool {
    beginTurn()
    switch connection.peer {
    case .fund(let fund):
      gateway.linkConnected(LinkID(index: UInt32(fund)))
    case .seat, .watcher:
      let isDesk = connection.peer == .watcher
      var address = NetworkAddress(ipv4: 0x0A00_0101)
      if case .seat(let seat) = connection.peer {
        address = NetworkAddress(ipv4: 0x0A00_0001 + UInt32(seat))
      }
      guard
        let terminal = gateway.terminalConnected(
          from: address, door: isDesk ? .desk : .terminals)
      else { return false }
      terminals[Int(terminal.slot)] = connection
      connection.terminal = terminal
    }
    connection.isOpenAtGateway = true
    return true
  }

  /// A connection to a counter that came to nothing.
  func refused(_ connection: SimulatedConnection) {
    beginTurn()
    guard case .fund(let fund) = connection.peer, links[fund] === connection else { return }
    links[fund] = nil
    gateway.linkClosed(LinkID(index: UInt32(fund)))
  }

  /// Whether the gateway still waits for this connection to a counter.
  func isAsked(_ connection: SimulatedConnection) -> Bool { peer(connection) != nil }

  private func peer(_ connection: SimulatedConnection) -> Peer? {
    switch connection.peer {
    case .fund(let fund):
      return links[fund] === connection ? .link(LinkID(index: UInt32(fund))) : nil
    case .seat, .watcher:
      guard let terminal = connection.terminal, terminals[Int(terminal.slot)] === connection else {
        return nil
      }
      return .terminal(terminal)
    }
  }

  func connection(of peer: Peer) -> SimulatedConnection? {
    switch peer {
    case .link(let link): return links[Int(link.index)]
    case .terminal(let id):
      guard let found = terminals[Int(id.slot)], found.terminal == id else { return nil }
      return found
    }
  }

  var hasNoConnections: Bool {
    terminals.allSatisfy { $0 == nil } && links.allSatisfy { $0 == nil }
  }

  func received(_ connection: SimulatedConnection) throws(GatewayCrash) {
    beginTurn()
    guard let peer = peer(connection) else { return }
    while !connection.isPausedAtGateway, !connection.toGateway.unread.isEmpty {
      let bytes = connection.toGateway.unread
      let count = bytes.withUnsafeBytes { bytes in
        switch peer {
        case .link(let link): gateway.linkReceived(link, bytes)
        case .terminal(let terminal): gateway.terminalReceived(terminal, bytes)
        }
      }
      connection.toGateway.unread.removeFirst(count)
      guard gateway.needsStore, !connection.toGateway.unread.isEmpty else { break }
      try store()
    }
    if connection.toGateway.hasEnded, !connection.isPausedAtGateway { closed(connection) }
  }

  /// The connection is gone at this end.
  func closed(_ connection: SimulatedConnection) {
    beginTurn()
    connection.isOpenAtGateway = false
    guard let peer = peer(connection) else { return }
    switch peer {
    case .terminal(let terminal):
      terminals[Int(terminal.slot)] = nil
      gateway.terminalClosed(terminal)
    case .link(let link):
      links[Int(link.index)] = nil
      gateway.linkClosed(link)
    }
  }

  func drained(_ connection: SimulatedConnection) {
    if let peer = peer(connection) { gateway.outputDrained(peer) }
  }

  // MARK: Time and commands

  func beat() {
    beginTurn()
    gateway.timePassed()
    goOnStopping()
  }

  func followerWorks() throws(GatewayCrash) {
    beginTurn()
    follower.work(world) { header, frames in gateway.answered(header, frames) }
    try follower.writeSnapshot(world)
  }

  /// The state that the follower has come to; nil while it is behind.
  var followedHash: UInt64? { follower.stateHash }

  func passwordChecked(_ ticket: UInt64, isRight: Bool) {
    beginTurn()
    let token = gateway.tokenSubject(ticket: ticket).map { Self.token(of: $0) }
    gateway.passwordChecked(
      ticket: ticket, isRight: isRight, freshToken: token ?? FixedText("token-\(ticket)")!)
  }

  /// As a key would make it: the same of the same.
  private static func token(of subject: DayTokenSubject) -> FixedText<64> {
    FixedText(
      "\(subject.account.string)-\(subject.address.low)-\(subject.day.yyyymmdd)")!
  }

  /// A controller's or operator's command; false while it can't be taken.
  func take(_ command: Command) -> Bool {
    beginTurn()
    return gateway.take(command)
  }

  // MARK: The end of a turn

  func endTurn() throws(GatewayCrash) {
    beginTurn()
    askPasswords()
    if gateway.finishTurn() { world.agenda.add(.hurry(life: life), at: world.clock.now + 10_000) }
    try store()
    lookAtDisk()
    while let question = gateway.nextQuestion() {
      if !follower.ask(question) { gateway.questionRefused(question) }
    }
    follower.wake(world)
    try handOn()
    while let request = gateway.nextRequest() { try fulfil(request) }
    while let event = gateway.nextEvent() { world.told(event) }
    hasTurnBegun = false
  }

  private func askPasswords() {
    while let check = gateway.nextPassword() {
      if let token = check.token {
        let right = gateway.tokenSubject(ticket: check.ticket).map { Self.token(of: $0) }
        gateway.passwordAsked()
        gateway.tokenChecked(ticket: check.ticket, token: token, isRight: right == token)
        continue
      }
      let isRight =
        check.hash != nil
        && check.password.elementsEqual(SimulatedHouse.password.string.utf8)
      world.agenda.add(
        .verdict(ticket: check.ticket, isRight: isRight, life: life),
        at: world.clock.now + world.networkDraws.milliseconds(1...60))
      gateway.passwordAsked()
    }
  }

  private func store() throws(GatewayCrash) {
    let pending = gateway.sequencer.journal.pending
    if pending.isEmpty {
      if gateway.isJournalAvailable { gateway.journalStored() }
      return
    }
    do throws(JournalStorageError) {
      try storePending()
      if gateway.needsSegment {
        gateway.beginSegment(try storage.beginSegment())
        try storePending()
      }
    } catch {
      if let point = world.crashes.died { throw GatewayCrash(point: point) }
      if gateway.isJournalLow, gateway.isJournalAvailable { world.counts.lowFilled += 1 }
      world.trace("the journal refuses: \(error)")
      gateway.journalFailed()
    }
  }

  /// Whether there is another segment behind this one.
  private func lookAtDisk() {
    let wasLow = gateway.isJournalLow
    gateway.journalIsLow(storage.isOnLastSegment)
    guard wasLow != gateway.isJournalLow else { return }
    // What the turn had taken before it was looked at is not meant.
    world.lowSince = wasLow ? .max : gateway.sequencer.journal.end.sequence
  }

  private func storePending() throws(JournalStorageError) {
    let pending = gateway.sequencer.journal.pending
    let offset = gateway.sequencer.journal.pendingOffset
    try storage.append(pending, at: offset)
    #if !MUTATION_SYNC_SKIPPED
      if world.syncs { try storage.sync() }
    #endif
    follower.stored(pending, at: offset, upTo: gateway.sequencer.journal.end)
    world.stored(gateway.sequencer.journal.end)
    gateway.journalStored()
  }
}
