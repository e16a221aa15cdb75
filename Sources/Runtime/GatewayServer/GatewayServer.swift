import CSluice
import Domain
import Engine
import Gateway
import Journal
import Log
import Messages
import Rings
import Session
import Storage

/// The gateway on a loop: sockets, clocks, the journal's file, password checks, log and metrics for
/// `Gateway`, which knows none of them.
struct GatewayServer: ~Copyable, LoopDriver {
  private static let timer = 0
  /// How often time passes for the gateway.
  private static let beatNanoseconds: Int64 = 20_000_000
  /// How long a connection to a counter may take to stand.
  private static let connectMilliseconds: UInt64 = 5_000
  /// A connection's tag: 0 = a terminal's, the largest = a controller's, else its link + 1.
  private static let terminalTag: UInt64 = 0
  private static let deskTag = UInt64.max

  var gateway: Gateway
  var journal: LiveJournal
  var passwords: PasswordWorker
  var follower: FollowerThread
  var log: GatewayLog
  var meters: GatewayMeters
  let settings: GatewayServerSettings
  let control: GatewayControl
  private let listener: ListenerID
  private let deskListener: ListenerID?
  /// Terminals by their connection's index, connections by their terminal's slot and by their link.
  private let terminals: Table<TerminalSeat>
  private let connections: Table<ConnectionSeat>
  private let linkConnections: Table<ConnectionSeat>
  private var hasTurnBegun = false
  private var nextDay = 0
  /// When a graceful stop stops waiting; `.max` = nobody wants it to stop.
  private var leavesAt = Int64.max
  private var hasLeft = false
  var reloading = CertificateReloading()
  private let filler: TableFiller
  /// What people asked to be changed, in the order they came.
  var changes: [ChangeBatch] = []
  /// To be closed when the journal has what waits for them.
  private var closing: [Peer] = []

  private struct TerminalSeat: BitwiseCopyable {
    var terminal: TerminalID
    var isTaken: Bool
    var address = NetworkAddress(high: 0, low: 0)
  }

  struct ConnectionSeat: BitwiseCopyable {
    var connection: ConnectionID
    var isTaken: Bool
  }

  init(
    _ started: consuming StartedGateway, _ settings: GatewayServerSettings,
    _ control: GatewayControl, _ loop: inout EventLoop
  ) throws(GatewayStartError) {
    let linkCount = started.gateway.linkCount
    guard
      let passwords = PasswordWorker(
        capacity: settings.limits.passwords, waker: loop.makeWaker(),
        profile: settings.passwordProfile)
    else { throw .noThread }
    guard
      let follower = FollowerThread(
        settings, behind: started.gateway.sequencer.journal.end,
        snapshot: started.left?.snapshot ?? 0, waker: loop.makeWaker())
    else { throw .noThread }
    let listeners: (terminals: ListenerID, desk: ListenerID?)
    do throws(ListenError) {
      listeners = try GatewayServer.listen(settings, &loop)
    } catch {
      // A new journal holds what the files said, and nothing has followed from it: the next start
      // is to read them again.
      if started.left == nil { started.journal.remove() }
      throw .listen(error)
    }
    listener = listeners.terminals
    deskListener = listeners.desk
    self.passwords = passwords
    self.follower = follower
    terminals = Table(capacity: loop.limits.connections)
    connections = Table(capacity: settings.limits.seats)
    linkConnections = Table(capacity: max(linkCount, 1))
    log = GatewayLog(settings.log)
    meters = GatewayMeters(settings.metrics, started.gateway.linkedFundAccounts)
    meters.publish(settings.certificates)
    self.settings = settings
    self.control = control
    gateway = started.gateway
    journal = started.journal
    filler = TableFiller(gateway.tableMemory())
    while nextDay < settings.days.count,
      settings.days[nextDay].day.tradingDay <= gateway.tradingDay
    {
      nextDay += 1
    }
    journal.wakes(loop.makeWaker())
    loop.startTimer(GatewayServer.timer, afterNanoseconds: 0)
  }

  /// Listens for terminals, and for controllers' clients where the settings say so.
  private static func listen(
    _ settings: borrowing GatewayServerSettings, _ loop: inout EventLoop
  ) throws(ListenError) -> (terminals: ListenerID, desk: ListenerID?) {
    let terminals = try loop.listen(on: settings.address, tag: terminalTag, tls: settings.tls)
    guard let desk = settings.desk else { return (terminals, nil) }
    return (terminals, try loop.listen(on: desk.address, tag: deskTag, tls: desk.tls))
  }

  /// What a loop needs for a gateway of these settings.
  static func loopLimits(_ settings: borrowing GatewayServerSettings) -> LoopLimits {
    let limits = settings.limits
    var loop = LoopLimits(connections: limits.seats + settings.links.count)
    loop.outputBytes = max(limits.terminalOutputBytes, limits.linkOutputBytes)
    loop.isSpinning = settings.isSpinning
    return loop
  }

  func address(_ loop: borrowing EventLoop) -> SocketAddress { loop.address(of: listener) }
  func deskAddress(_ loop: borrowing EventLoop) -> SocketAddress? {
    deskListener.map { loop.address(of: $0) }
  }

  /// A terminal's or a controller's connection, not a link's.
  private static func isSession(_ tag: UInt64) -> Bool { tag == terminalTag || tag == deskTag }

  /// The clocks are read once a turn, before its first event.
  private mutating func beginTurn() {
    guard !hasTurnBegun else { return }
    hasTurnBegun = true
    gateway.clockRead(StartedGateway.clock())
  }

  // MARK: Connections

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    beginTurn()
    let tag = loop.tag(of: connection)
    guard GatewayServer.isSession(tag) else {
      return gateway.linkConnected(LinkID(index: UInt32(tag - 1)))
    }
    let address = loop.peer(of: connection).address
    guard
      let terminal = gateway.terminalConnected(
        from: address, door: tag == GatewayServer.deskTag ? .desk : .terminals)
    else {
      // At once: a goodbye would keep a place that a link to a counter may need.
      return loop.abort(connection, .owner(0))
    }
    terminals.at(connection.index).pointee = TerminalSeat(
      terminal: terminal, isTaken: true, address: address)
    connections.at(terminal.slot).pointee = ConnectionSeat(connection: connection, isTaken: true)
  }

  /// The loop itself had no place for a peer.
  mutating func connectionRefused(
    _ peer: SocketAddress, tag: UInt64, _ loop: inout EventLoop
  ) {
    beginTurn()
    gateway.terminalTurnedAway(from: peer.address)
  }

  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    beginTurn()
    let tag = loop.tag(of: connection)
    var consumed = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
      let count: Int
      if !GatewayServer.isSession(tag) {
        count = gateway.linkReceived(LinkID(index: UInt32(tag - 1)), rest)
      } else {
        let seat = terminals.at(connection.index)
        guard seat.pointee.isTaken else { return bytes.count }
        count = gateway.terminalReceived(seat.pointee.terminal, rest)
      }
      consumed += count
      guard gateway.needsStore, consumed < bytes.count else { return consumed }
      store()
    }
  }

  mutating func outputDrained(_ connection: ConnectionID, _ loop: inout EventLoop) {
    if let peer = peer(of: connection, loop.tag(of: connection)) { gateway.outputDrained(peer) }
  }

  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    beginTurn()
    guard let peer = peer(of: connection, tag) else { return }
    switch peer {
    case .terminal(let terminal):
      if case .tls(let fault) = reason {
        log.tlsFailed(
          fault, from: terminals.at(connection.index).pointee.address, at: gateway.sequencer.now)
      }
      terminals.at(connection.index).pointee.isTaken = false
      connections.at(terminal.slot).pointee.isTaken = false
      gateway.terminalClosed(terminal)
    case .link(let link):
      if case .tls(let fault) = reason {
        log.tlsFailed(fault, toward: settings.links[Int(link.index)], at: gateway.sequencer.now)
      }
      linkConnections.at(link.index).pointee.isTaken = false
      gateway.linkClosed(link)
    }
  }

  private func peer(of connection: ConnectionID, _ tag: UInt64) -> Peer? {
    guard GatewayServer.isSession(tag) else { return .link(LinkID(index: UInt32(tag - 1))) }
    let seat = terminals.at(connection.index)
    return seat.pointee.isTaken ? .terminal(seat.pointee.terminal) : nil
  }

  private func connection(of peer: Peer) -> ConnectionID? {
    let seat =
      switch peer {
      case .terminal(let terminal): connections.at(terminal.slot)
      case .link(let link): linkConnections.at(link.index)
      }
    guard seat.pointee.isTaken else { return nil }
    if case .terminal(let terminal) = peer,
      terminals.at(seat.pointee.connection.index).pointee.terminal != terminal
    {
      return nil
    }
    return seat.pointee.connection
  }

  // MARK: Time

  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    beginTurn()
    gateway.timePassed()
    changeDay()
    if leavesAt != .max { goOnStopping(&loop) }
    control.publish(gateway)
    meters.publish(gateway, loop.counts)
    meters.publish(follower)
    log.follower(follower.progress, at: gateway.sequencer.now)
    lookAtDisk()
    loop.startTimer(GatewayServer.timer, afterNanoseconds: GatewayServer.beatNanoseconds)
  }

  /// Begins the next trading day when its time has come. What the engine makes of it goes on in
  /// slices.
  private mutating func changeDay() {
    let now = gateway.sequencer.now
    guard nextDay < settings.days.count, settings.days[nextDay].at <= now else { return }
    // Days that went by while nobody ran are passed over.
    while nextDay + 1 < settings.days.count, settings.days[nextDay + 1].at <= now { nextDay += 1 }
    if gateway.take(.daySwitch(settings.days[nextDay].day)) { nextDay += 1 }
  }

  // MARK: Stopping

  mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) {
    if signal == GatewayServer.hangUp { reloadCertificates(loop) } else { stop(&loop) }
  }

  /// Nobody new and nothing new; asked again, it no longer waits.
  private mutating func stop(_ loop: inout EventLoop) {
    beginTurn()
    if leavesAt != .max {
      leavesAt = 0
      return
    }
    leavesAt = loop.now + settings.stopNanoseconds
    loop.stopListening(listener)
    if let deskListener { loop.stopListening(deskListener) }
    gateway.stop()
    goOnStopping(&loop)
  }

  private mutating func goOnStopping(_ loop: inout EventLoop) {
    if !hasLeft, gateway.isQuiet || loop.now >= leavesAt {
      hasLeft = true
      gateway.leave()
    }
    if hasLeft, loop.connectionCount == 0 {
      loop.stopTimer(GatewayServer.timer)
      loop.stop()
    }
  }

  mutating func woken(_ loop: inout EventLoop) {
    beginTurn()
    takeVerdicts()
    for order in control.takeOrders() {
      switch order {
      case .stop: stop(&loop)
      case .reloadCertificates: reloadCertificates(loop)
      case .change(let batch): changes.append(batch)
      case .reloaded(let reloads): certificatesReloaded(reloads, loop)
      case .take(let command): while !gateway.take(command), gateway.isJournalAvailable { store() }
      }
    }
  }

  // MARK: The end of a turn

  mutating func beforeSleep(_ loop: inout EventLoop) {
    beginTurn()
    takeReleased()
    askPasswords()
    if gateway.finishTurn() { loop.hurry() }
    goOnChanging(&loop)
    store()
    tellChanges()
    lookAtJournal()
    askFollower(&loop)
    handOn(&loop)
    closeWaiting(&loop)
    while let request = gateway.nextRequest() { fulfil(request, &loop) }
    log.write(&gateway)
    hasTurnBegun = false
  }

  mutating func turnEnded(_ loop: inout EventLoop) {
    meters.turnEnded(gateway, began: loop.now)
    follower.wake()
  }

  private mutating func handOn(_ loop: inout EventLoop) {
    while let output = gateway.nextOutput() {
      guard let connection = connection(of: output.peer) else {
        gateway.outputTaken(output.peer)
        continue
      }
      switch loop.send(connection, output.bytes) {
      case .queued, .gone: gateway.outputTaken(output.peer)
      case .full: break
      }
    }
  }

  private mutating func fulfil(_ request: GatewayRequest, _ loop: inout EventLoop) {
    switch request {
    case .connect(let link): connect(link, &loop)
    case .pauseReading(let peer):
      if let connection = connection(of: peer) { loop.pauseReading(connection) }
    case .resumeReading(let peer):
      if let connection = connection(of: peer) { loop.resumeReading(connection) }
    case .close(let peer): close(peer, &loop)
    case .cut(let peer):
      if let connection = connection(of: peer) { loop.abort(connection, .slowReader) }
    }
  }

  private mutating func close(_ peer: Peer, _ loop: inout EventLoop) {
    guard let connection = connection(of: peer) else { return }
    guard !gateway.waitsForJournal(peer) else { return closing.append(peer) }
    loop.close(
      connection, .owner(0),
      lastWords: gateway.lastWords(for: peer, atMost: loop.limits.farewellBytes))
  }

  private mutating func closeWaiting(_ loop: inout EventLoop) {
    guard !closing.isEmpty else { return }
    let waiting = closing
    closing.removeAll(keepingCapacity: true)
    for peer in waiting { close(peer, &loop) }
  }

  private mutating func connect(_ link: LinkID, _ loop: inout EventLoop) {
    let way = settings.links[Int(link.index)]
    guard
      let connection = loop.connect(
        to: way.address, tag: UInt64(link.index) + 1,
        timeoutMilliseconds: GatewayServer.connectMilliseconds, tls: way.tls)
    else { return gateway.linkClosed(link) }
    linkConnections.at(link.index).pointee = ConnectionSeat(connection: connection, isTaken: true)
  }
}
