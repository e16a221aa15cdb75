import Domain
import Engine
import Exchange
import Gateway
import Messages
import Session
import Wire

// The gateway's process: how it dies, how it comes back, what it says.
extension Simulation {
  // MARK: Connections

  private func makeConnection(_ peer: SimulatedConnection.Peer) -> SimulatedConnection {
    let connection = SimulatedConnection(id: connections.count, peer: peer, life: lives)
    connections.append(connection)
    agenda.add(
      .connected(connection: connection.id),
      at: clock.now + networkDraws.within(connection.latency))
    return connection
  }

  func connectSeat(_ seat: TerminalSeat) -> SimulatedConnection {
    makeConnection(.seat(seat.index))
  }
  func connectWatcher() -> SimulatedConnection { makeConnection(.watcher) }
  func connectLink(_ fund: Int) -> SimulatedConnection { makeConnection(.fund(fund)) }

  /// A connection that was asked for stands, when both its ends are there.
  func connected(_ connection: SimulatedConnection) {
    let gateway = gateway.flatMap { $0.life == connection.life ? $0 : nil }
    switch connection.peer {
    case .seat(let index):
      let seat = seats[index]
      guard seat.isOn(connection) else { return }
      guard let gateway, gateway.opened(connection) else { return seat.disconnected(self) }
      connection.isOpenAtPeer = true
      seat.connected(self)
    case .watcher:
      guard let watcher, watcher.isOn(connection) else { return }
      guard let gateway, gateway.opened(connection) else { return watcher.disconnected(self) }
      connection.isOpenAtPeer = true
      watcher.connected(self)
    case .fund(let fund):
      let counter = counters[SimulatedHouse.fundCounters[fund]]
      guard let gateway else { return }
      guard !counter.isDown else { return gateway.refused(connection) }
      guard gateway.isAsked(connection) else { return }
      connection.isOpenAtPeer = true
      counter.service.linkOpened(counter.open(connection), now: clock.real)
      arm(counter)
      _ = gateway.opened(connection)
    }
  }

  // MARK: Dying

  func armCrash() {
    guard faults.contains(.crash) || faults.contains(.powerLoss), !isCalming else { return }
    switch crashDraws.weighted([20, 40, 20, 20]) {
    // Soon again: while it comes back, or right behind.
    case 0: crashes.arm(1 + crashDraws.below(25))
    case 1: crashes.arm(40 + crashDraws.below(1_200))
    case 2: crashes.arm(1 + crashDraws.below(300), at: .duringAppend)
    // Some calls are few.
    default: crashes.arm(1 + crashDraws.below(3), at: crashDraws.pick(CrashPoint.allCases))
    }
  }

  func gatewayDied(at point: CrashPoint) {
    trace("the gateway dies \(point)")
    var isPowerLoss = faults.contains(.powerLoss) && crashDraws.chance(40)
    if !faults.contains(.crash) { isPowerLoss = true }
    counts.faults[(isPowerLoss ? FaultKind.powerLoss : .crash).index] += 1
    if isPowerLoss {
      disk.losePower()
      clock.bootedAt = clock.now - 1_000_000_000
    }
    gateway = nil
    lowSince = .max
    for connection in connections where connection.isOpenAtGateway {
      // What the system still has of it leaves, or a part of it, or nothing.
      close(connection, fromGateway: true, isCut: true)
    }
    agenda.add(.start, at: clock.now + crashDraws.milliseconds(50...6_000))
  }

  /// Its process ends of itself. A journal that has everything is whole at the next start.
  func gatewayStopped(_ stopped: SimulatedGateway) {
    trace("the gateway has stopped")
    counts.stops += 1
    gateway = nil
    lowSince = .max
    if stopped.gateway.sequencer.isStored, stopped.gateway.isJournalAvailable {
      counts.wholeStops += 1
      stoppedAt = stopped.gateway.sequencer.engine.sequence
    }
    agenda.add(.start, at: clock.now + crashDraws.milliseconds(50...6_000))
  }

  func start() {
    guard gateway == nil, failure == nil else { return }
    crashes.begin()
    armCrash()
    lives += 1
    switch SimulatedGateway.existing(self) {
    case .running(let started):
      gateway = started
      counts.recoveries += 1
      trace("the gateway is back at #\(started.gateway.sequencer.engine.sequence)")
      agenda.add(.beat(life: lives), at: clock.now)
      checkReplay()
    case .crashed(let point): gatewayDied(at: point)
    case .refused:
      trace("the gateway can't start")
      agenda.add(.start, at: clock.now + 500_000_000)
    }
  }

  // MARK: What it says

  /// A line of the gateway's log: some can't be when the network and the counters keep to their
  /// words.
  func told(_ event: GatewayEvent) {
    switch event {
    case .terminalEnded(_, _, _, let end):
      trace("terminal ended: \(end.reason)")
      switch end.reason {
      case .badFrame, .unknownMessage, .unexpectedMessage, .notLoggedOn:
        fail("the gateway ends a terminal: \(end.reason)")
      default: break
      }
    case .linkEnded(let fund, let end):
      trace("link \(fund.raw) ended: \(end.cause)")
      switch end.cause {
      case .badBytes, .unexpectedMessage, .sequenceWentBack, .epochWentBack, .loginRefused:
        fail("the gateway ends link \(fund.raw): \(end.cause)")
      default: break
      }
    case .linkUp(let fund, let epoch, _): trace("link \(fund.raw) is up, epoch \(epoch)")
    case .linkReady(let fund, _): trace("link \(fund.raw) is ready")
    case .linkGap(let fund, let expected, let found):
      fail("link \(fund.raw): report \(found) instead of \(expected), on a faithful connection")
    case .notice, .terminalRefused, .logonAccepted, .logonRefused, .terminalLost, .commandRefused,
      .controlTaken, .controlRefused, .controllerAccepted, .controllerRefused, .controllerEnded,
      .controllerLost, .journalFailed, .journalRecovered, .journalLow,
      .journalHasRoom, .stopping, .liquidationProgress:
      break
    }
  }

  /// Counters that keep to their words give no reason for these.
  func judge(_ notice: Notice) {
    let isExpected: Bool
    switch notice.kind {
    case .overFill: isExpected = faults.contains(.counterOverFills)
    case .unmappedTrade:
      isExpected =
        faults.contains(.counterReportsUnknown) || faults.contains(.foreignOrder) || hasRacedDay
    case .unknownChild: isExpected = hasRacedDay || faults.contains(.foreignOrder)
    case .overClose: isExpected = hasRacedDay || mayTradeForNobody
    case .reportAfterEnd, .counterSequenceGap, .holderOverflow, .instrumentRejected:
      isExpected = false
    default: isExpected = true
    }
    if !isExpected { fail("notice \(notice.kind) of \(notice.order): \(notice.observed)") }
    if notice.kind == .overFill || notice.kind == .unmappedTrade { witness?.isRelaxed = true }
  }

  /// A counter of this run trades what nobody ordered.
  var mayTradeForNobody: Bool {
    faults.contains(.counterOverFills) || faults.contains(.counterReportsUnknown)
      || faults.contains(.foreignOrder)
  }

  var mayReportAfterEnd: Bool { faults.contains(.counterOverFills) || hasRacedDay }
}
