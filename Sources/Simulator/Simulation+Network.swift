import CSluice
import Domain
import Engine
import Exchange
import Gateway

// Bytes between the gateway and everybody else.
extension Simulation {
  // MARK: Sending

  /// Puts bytes on their way; the caller has looked whether there is room.
  func send(
    _ bytes: UnsafeRawBufferPointer, _ connection: SimulatedConnection, fromGateway: Bool
  ) {
    guard !bytes.isEmpty else { return }
    fold(bytes)
    guard !connection.isSilent else { return }
    var rest = bytes[...]
    while faults.contains(.splitBytes), rest.count > 1, networkDraws.chance(12) {
      let count = 1 + networkDraws.below(rest.count - 1)
      put(rest.prefix(count), connection, fromGateway: fromGateway)
      rest = rest.dropFirst(count)
      counts.faults[FaultKind.splitBytes.index] += 1
    }
    put(rest, connection, fromGateway: fromGateway)
  }

  private func put(
    _ bytes: Slice<UnsafeRawBufferPointer>, _ connection: SimulatedConnection, fromGateway: Bool
  ) {
    let time = clock.now + networkDraws.within(connection.latency)
    let arrival =
      fromGateway
      ? connection.fromGateway.send(bytes, at: time) : connection.toGateway.send(bytes, at: time)
    agenda.add(.arrival(connection: connection.id, atGateway: !fromGateway), at: arrival)
  }

  /// One end is closed behind what it has sent, of which only a part still arrives when it is cut.
  func close(_ connection: SimulatedConnection, fromGateway: Bool, isCut: Bool = false) {
    let isOpen: ReferenceWritableKeyPath<SimulatedConnection, Bool> =
      fromGateway ? \.isOpenAtGateway : \.isOpenAtPeer
    let pipe: ReferenceWritableKeyPath<SimulatedConnection, Pipe> =
      fromGateway ? \.fromGateway : \.toGateway
    guard connection[keyPath: isOpen] else { return }
    connection[keyPath: isOpen] = false
    guard !connection.isSilent else { return }
    let kept = isCut ? networkDraws.below(connection[keyPath: pipe].inFlight + 1) : nil
    let time = clock.now + networkDraws.within(connection.latency)
    let arrival =
      if let kept {
        connection[keyPath: pipe].cut(after: kept, at: time)
      } else {
        connection[keyPath: pipe].end(at: time)
      }
    agenda.add(.arrival(connection: connection.id, atGateway: !fromGateway), at: arrival)
  }

  // MARK: Arriving

  func arrive(_ connection: SimulatedConnection, atGateway: Bool) throws(GatewayCrash) {
    if atGateway {
      guard connection.isOpenAtGateway, let gateway, gateway.life == connection.life else {
        return
      }
      // What a counter tells between two slices of a day switch belongs to either day, by how far
      // the slices are: the twin, who has none, can't say which. It comes behind them.
      guard !connection.isLink || gateway.gateway.sequencer.engine.isReady else {
        return agenda.add(
          .arrival(connection: connection.id, atGateway: true), at: clock.now + 200_000)
      }
      connection.toGateway.arrive(by: clock.now)
      try gateway.received(connection)
      if connection.counterWaits { counterDrained(connection) }
    } else {
      connection.fromGateway.arrive(by: clock.now)
      peerReceived(connection)
    }
  }

  /// Hands on what has arrived at a terminal's seat or a counter.
  func peerReceived(_ connection: SimulatedConnection) {
    guard connection.isOpenAtPeer else { return }
    if !connection.isPausedAtPeer {
      switch connection.peer {
      case .seat(let index): seats[index].received(connection, self)
      case .watcher: watcher?.received(connection, self)
      case .fund(let fund): counterReceived(connection, counters[SimulatedHouse.fundCounters[fund]])
      }
    }
    if connection.gatewayWaits, connection.hasRoom(fromGateway: true, for: 4_096) {
      connection.gatewayWaits = false
      if let gateway, gateway.life == connection.life, connection.isOpenAtGateway {
        gateway.drained(connection)
      }
    }
  }

  // MARK: Counters

  private func counterReceived(_ connection: SimulatedConnection, _ counter: SimulatedCounter) {
    var port = CounterPort(counter, self)
    let name = counter.name(connection)
    let bytes = connection.fromGateway.unread
    let used = bytes.withUnsafeBytes {
      counter.service.bytesReceived(name, $0, now: clock.real, &port)
    }
    connection.fromGateway.unread.removeFirst(min(used, connection.fromGateway.unread.count))
    if connection.fromGateway.hasEnded, connection.isOpenAtPeer {
      counter.service.linkClosed(name)
      counter.forget(connection)
      close(connection, fromGateway: false)
    }
    arm(counter)
  }

  private func counterDrained(_ connection: SimulatedConnection) {
    guard case .fund(let fund) = connection.peer,
      connection.hasRoom(fromGateway: false, for: 4_096)
    else { return }
    connection.counterWaits = false
    let counter = counters[SimulatedHouse.fundCounters[fund]]
    var port = CounterPort(counter, self)
    counter.service.outputDrained(counter.name(connection), now: clock.real, &port)
    arm(counter)
  }

  /// The world calls a counter when it has something to do.
  func arm(_ counter: SimulatedCounter) {
    let deadline = counter.service.nextDeadline
    guard deadline != .never else { return }
    let time = max(deadline.nanoseconds - SimulatedClock.start.nanoseconds, clock.now)
    guard time < counter.armedFor else { return }
    counter.armedFor = time
    agenda.add(.counter(counter.index), at: time)
  }

  func advance(_ counter: SimulatedCounter) {
    guard counter.armedFor <= clock.now else { return }
    counter.armedFor = .max
    var port = CounterPort(counter, self)
    counter.service.advance(now: clock.real, &port)
    arm(counter)
  }

  /// Nobody reaches the counter any more.
  func takeDown(_ counter: SimulatedCounter) {
    counter.isDown = true
    for connection in connections
    where connection.isOpenAtPeer && isLink(connection, of: counter) {
      counter.service.linkClosed(counter.name(connection))
      counter.forget(connection)
      close(connection, fromGateway: false, isCut: true)
    }
  }

  func isLink(_ connection: SimulatedConnection, of counter: SimulatedCounter) -> Bool {
    if case .fund(let fund) = connection.peer {
      SimulatedHouse.fundCounters[fund] == counter.index
    } else {
      false
    }
  }

  // MARK: The run's hash

  func fold(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    fold(UInt64(sluice_crc32c(UInt32(truncatingIfNeeded: hash), start, bytes.count)))
  }

  func fold(_ number: UInt64) { hash = (hash ^ number) &* 0x100_0000_01B3 }
}
