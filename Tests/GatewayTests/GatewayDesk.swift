import Domain
import Engine
import Journal
import Ledger
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// A gateway with the small house in it, and everything around it in memory: clocks, journal,
/// terminals, counters, a worker that knows one password.
struct GatewayDesk: ~Copyable {
  static let address = NetworkAddress(ipv4: 0x7F00_0001)
  static let password = "open sesame"
  static let second: Int64 = 1_000_000_000

  var gateway: Gateway
  let file: MemoryJournalFile
  private var storage: MemoryJournalStorage
  private(set) var clock = ClockReading(real: SmallHouse.start, monotonic: 1_000_000_000)
  /// The next store fails.
  var storageIsFull = false

  /// What has reached each terminal and counter and was not looked at yet.
  private var terminalInboxes: [TerminalID: [UInt8]] = [:]
  private var linkInboxes: [LinkID: [UInt8]] = [:]
  /// What a peer sent and the gateway did not take yet.
  private var unread: [Peer: [UInt8]] = [:]
  private(set) var requests: [GatewayRequest] = []
  private(set) var events: [GatewayEvent] = []
  /// Peers that don't read.
  var stuck: Set<Peer> = []
  /// Writes to each peer: what would be system calls.
  private(set) var writes: [Peer: Int] = [:]
  /// Connections that are to be closed are; else their last words are never read.
  var closesConnections = true
  /// Passwords wait until `checkPasswords` when this is false.
  var answersPasswords = true
  var counters: [LinkID: TestCounter] = [:]

  init(
    limits: GatewayLimits = GatewayDesk.limits, linked: Bool = true,
    houseCounters: [String] = ["north"], controllers: [(String, ControllerRights)] = [],
    capacities: LedgerCapacities = SmallHouse.capacities
  ) throws {
    file = MemoryJournalFile()
    storage = MemoryJournalStorage(file)
    let header = JournalHeader(
      shard: 3, firstSequence: 1, engineVersion: 1, configRevision: 1,
      createdTime: SmallHouse.start.nanoseconds, genesisHash: InlineArray(repeating: 0))
    let end = try storage.create(header)
    gateway = Gateway(
      Sequencer(
        engine: Engine(capacities: capacities), journalEnd: end, clock: clock),
      capacities: capacities, limits: limits)
    for command in SmallHouse.genesis(counters: houseCounters) {
      let taken = gateway.take(command)
      #expect(taken)
    }
    for (index, fund) in [SmallHouse.first, SmallHouse.second].enumerated() {
      let link = gateway.addLink(
        LinkSettings(
          fundAccount: fund, counter: CounterID(UInt32(min(index, houseCounters.count - 1))),
          login: CounterLogin(fundAccount: Name(SmallHouse.fundAccountNames[index])!),
          password: FixedText("counter password")!, seed: UInt64(index)))
      counters[link] = TestCounter()
    }
    turn()
    if linked {
      pass(0)
      settle()
    }
    for (index, (name, rights)) in controllers.enumerated() {
      define(ControllerID(UInt32(index)), name, rights)
    }
  }

  /// A controller with two sessions: the first one is for everybody, others for alice.
  private mutating func define(_ id: ControllerID, _ name: String, _ rights: ControllerRights) {
    for command: Command in [
      .defineController(DefineController(name: Name(name)!)),
      .setController(
        SetController(controller: id, setting: .rights, value: Int64(rights.rawValue))),
      .setController(SetController(controller: id, setting: .sessions, value: 2)),
      .setController(
        SetController(controller: id, setting: .bindsAll, value: id.index == 0 ? 1 : 0)),
      .setControllerCredential(SetControllerCredential(controller: id, hash: SmallHouse.hash)),
      .bindController(BindController(controller: id, account: SmallHouse.alice, bound: true)),
    ] {
      take(command)
    }
  }

  static var limits: GatewayLimits {
    var limits = GatewayLimits()
    limits.terminals = 16
    limits.unauthenticated = 4
    limits.terminalOutputBytes = 32 * 1024
    limits.passwords = 2
    limits.reports = 1_000
    limits.subscriptions = 64
    limits.subscriptionsPerTerminal = 3
    return limits
  }

  // MARK: Turns

  /// Commands that the gateway takes, and the turn that follows them.
  mutating func take(_ commands: Command...) {
    for command in commands {
      let isTaken = gateway.take(command)
      #expect(isTaken)
    }
    turn()
  }

  /// Ends a turn as a driver does: store, hand on, do what is asked.
  mutating func turn() {
    if answersPasswords { checkPasswords() }
    var isBusy = true
    while isBusy {
      isBusy = gateway.finishTurn()
      store()
    }
    handOn()
    while let request = gateway.nextRequest() {
      requests.append(request)
      fulfil(request)
    }
    while let event = gateway.nextEvent() { events.append(event) }
  }

  mutating func store() {
    if storageIsFull {
      gateway.journalFailed()
      return
    }
    do {
      let pending = gateway.sequencer.journal.pending
      if !pending.isEmpty {
        try storage.append(pending, at: gateway.sequencer.journal.pendingOffset)
      }
      gateway.journalStored()
    } catch {
      Issue.record("the journal in memory refused: \(error)")
    }
  }

  private mutating func handOn() {
    while let output = gateway.nextOutput() {
      if stuck.contains(output.peer) { continue }
      writes[output.peer, default: 0] += 1
      switch output.peer {
      case .terminal(let id): terminalInboxes[id, default: []] += output.bytes
      case .link(let id): linkInboxes[id, default: []] += output.bytes
      }
      gateway.outputTaken(output.peer)
    }
  }

  private mutating func fulfil(_ request: GatewayRequest) {
    switch request {
    case .connect(let link):
      if counters[link]?.isDown == true {
        gateway.linkClosed(link)
      } else {
        counters[link]?.connected()
        gateway.linkConnected(link)
      }
    case .resumeReading(let peer): offer(peer)
    case .pauseReading: break
    case .close(.terminal(let id)), .cut(.terminal(let id)):
      if closesConnections { gateway.terminalClosed(id) }
    case .close(.link(let id)), .cut(.link(let id)): gateway.linkClosed(id)
    }
  }

  /// Time passes; heartbeats are not answered by themselves.
  mutating func pass(_ nanoseconds: Int64, real: Int64? = nil) {
    clock.monotonic += nanoseconds
    clock.real = clock.real.adding(nanoseconds: real ?? nanoseconds)
    gateway.clockRead(clock)
    gateway.timePassed()
    turn()
  }

  /// Time passes while nothing runs.
  mutating func skip(_ nanoseconds: Int64) {
    clock.monotonic += nanoseconds
    clock.real = clock.real.adding(nanoseconds: nanoseconds)
    gateway.clockRead(clock)
  }

  /// Lets counters answer until nobody has anything to say.
  mutating func settle() {
    var isBusy = true
    turn()
    while isBusy {
      isBusy = false
      for index in 0..<gateway.linkCount {
        let link = LinkID(index: UInt32(index))
        guard let bytes = linkInboxes[link], !bytes.isEmpty else { continue }
        linkInboxes[link] = []
        let answer = counters[link]?.answer(bytes) ?? []
        if !answer.isEmpty { deliver(answer, from: .link(link)) }
        isBusy = true
      }
      turn()
    }
  }

  /// As a key would make it: the same of the same.
  static func token(of subject: DayTokenSubject) -> FixedText<64> {
    FixedText(
      "\(subject.account.string)-\(subject.address.low)-\(subject.day.yyyymmdd)-"
        + "\(subject.hash.string.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xFFFF)")!
  }

  mutating func checkPasswords() {
    while let check = gateway.nextPassword() {
      let ticket = check.ticket
      let right = gateway.tokenSubject(ticket: ticket).map { Self.token(of: $0) }
      if let token = check.token {
        gateway.passwordAsked()
        gateway.tokenChecked(ticket: ticket, token: token, isRight: right == token)
        continue
      }
      let isRight = check.hash != nil && Array(check.password) == Array(Self.password.utf8)
      gateway.passwordAsked()
      gateway.passwordChecked(
        ticket: ticket, isRight: isRight, freshToken: right ?? FixedText("token-\(ticket)")!)
    }
  }

  // MARK: Peers

  mutating func connect(from address: NetworkAddress = GatewayDesk.address) -> TerminalID? {
    gateway.terminalConnected(from: address)
  }

  /// Logs a terminal on; the answers are left in its inbox.
  mutating func logOn(
    _ name: String = "alice", password: String = GatewayDesk.password, token: String = "",
    lastReport: UInt64 = 0, schemaVersion: UInt16 = OrderEntry.version,
    from address: NetworkAddress = GatewayDesk.address
  ) throws -> TerminalID {
    let id = try #require(connect(from: address))
    send(
      OrderEntry.Logon(
        account: Name(name)!, macAddress: MACAddress(raw: 1), terminalName: FixedText("test")!,
        terminalVersion: FixedText("1")!, schemaVersion: schemaVersion,
        heartbeatIntervalSeconds: 10,
        lastReportSequence: lastReport, password: FixedText(password)!,
        dayToken: FixedText(token)!), from: id)
    turn()
    return id
  }

  mutating func send(_ message: some WireMessage, from id: TerminalID) {
    deliver(GatewayDesk.bytes(message), from: .terminal(id))
  }

  mutating func send(_ message: some WireMessage, from link: LinkID) {
    deliver(GatewayDesk.bytes(message), from: .link(link))
  }

  mutating func deliver(_ bytes: [UInt8], from peer: Peer) {
    unread[peer, default: []] += bytes
    offer(peer)
  }

  private mutating func offer(_ peer: Peer) {
    guard var bytes = unread[peer], !bytes.isEmpty else { return }
    var consumed = 0
    repeat {
      if gateway.needsStore { store() }
      consumed = bytes.withUnsafeBytes { bytes in
        switch peer {
        case .terminal(let id): gateway.terminalReceived(id, bytes)
        case .link(let id): gateway.linkReceived(id, bytes)
        }
      }
      bytes.removeFirst(consumed)
    } while gateway.needsStore && consumed > 0 && !bytes.isEmpty
    unread[peer] = bytes
  }

  /// What has reached a terminal since the last look.
  mutating func received(_ id: TerminalID) -> [Received] {
    defer { terminalInboxes[id] = [] }
    return Received.all(in: terminalInboxes[id] ?? [])
  }

  /// The same as bytes.
  mutating func bytes(of id: TerminalID) -> [UInt8] {
    defer { terminalInboxes[id] = [] }
    return terminalInboxes[id] ?? []
  }

  mutating func reports(_ id: TerminalID) -> [OrderEntry.ExecutionReport] {
    received(id).compactMap {
      if case .report(let report) = $0 { return report }
      return nil
    }
  }

  func orders(at link: LinkID) -> [CounterProtocol.InsertOrder] {
    counters[link]?.orders ?? []
  }

  var hash: UInt64 { gateway.sequencer.engine.stateHash }

  static func bytes(_ message: some WireMessage) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: message.frameLength) { room, count in
      count = (try? message.encode(into: UnsafeMutableRawBufferPointer(room))) ?? 0
    }
  }

  static func order(
    _ id: String, account: String = "alice", instrument: String = "rb2701", side: Side = .buy,
    offset: Offset = .open, price: Int64 = 3_500, lots: Lots = 2
  ) -> OrderEntry.NewOrder {
    OrderEntry.NewOrder(
      clOrdID: ClOrdID(id)!, account: Name(account)!,
      instrument: InstrumentCode(instrument)!, side: side, offset: offset,
      hedge: .speculation, type: .limit, timeInForce: .day, price: SmallHouse.price(price),
      lots: lots)
  }
}
