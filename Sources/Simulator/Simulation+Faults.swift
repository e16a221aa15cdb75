import Domain
import Exchange
import Messages

// What goes wrong, and when it is over.
extension Simulation {
  /// What counters do wrong by themselves, with some orders.
  private static let rulesOfCounters: [(kind: FaultKind, rule: FaultRule)] = [
    (.counterRefuses, FaultRule(.refuse, .chance(perMille: 50))),
    (.counterDropsBefore, FaultRule(.dropLinkBefore, .chance(perMille: 15))),
    (.counterDropsAfter, FaultRule(.dropLinkAfter, .chance(perMille: 20))),
    (.counterAnswersLate, FaultRule(.answerLate(milliseconds: 2_500), .chance(perMille: 60))),
    (.counterDelaysReports, FaultRule(.delayReports(milliseconds: 900), .chance(perMille: 90))),
    (.counterDuplicates, FaultRule(.duplicateReports, .chance(perMille: 150))),
    (.counterFillsInParts, FaultRule(.fillInParts(lots: 1), .chance(perMille: 350))),
    (.counterOverFills, FaultRule(.overFill(lots: 1), .chance(perMille: 30))),
    (.counterReportsUnknown, FaultRule(.unknownOrder, .chance(perMille: 20))),
    (.counterTradesFirst, FaultRule(.tradeFirst, .chance(perMille: 120))),
  ]

  var counterFaults: [FaultRule] {
    Simulation.rulesOfCounters.filter { faults.contains($0.kind) }.map(\.rule)
  }

  func countCounterFaults() {
    for (kind, rule) in Simulation.rulesOfCounters {
      for counter in counters {
        counts.faults[kind.index] += counter.service.exchange.faults.counts[rule.fault.kind]
      }
    }
  }

  /// Faults that happen at moments of their own, and how often beside each other.
  private static let happenings: [(kind: FaultKind, weight: Int)] = [
    (.dropConnection, 30), (.silentConnection, 8), (.slowLink, 12), (.slowReader, 12),
    (.counterDown, 8), (.diskFull, 8), (.diskError, 8), (.clockForward, 6), (.clockBack, 6),
    (.daySwitch, 9), (.terminalRestart, 12), (.foreignOrder, 8), (.snapshotDamage, 10),
    (.gracefulStop, 10), (.diskLow, 10),
  ]

  func makeFault() {
    guard !isCalming else { return }
    agenda.add(.fault, at: clock.now + faultDraws.milliseconds(200...6_000))
    let choice = faultDraws.weighted(Simulation.happenings.map(\.weight))
    let kind = Simulation.happenings[choice].kind
    guard faults.contains(kind), happen(kind) else { return }
    trace("fault: \(kind.rawValue)")
    counts.faults[kind.index] += 1
  }

  /// False when there was nothing for it to happen to.
  private func happen(_ kind: FaultKind) -> Bool {
    switch kind {
    case .dropConnection: return drop()
    case .silentConnection: return silence()
    case .slowLink: return slow()
    case .slowReader: return stopReading()
    case .counterDown: return takeDownCounter()
    case .diskFull:
      guard disk.capacity == .max, !disk.isBroken else { return false }
      // A part of the next record may fit.
      disk.capacity = disk.bytes.count + faultDraws.below(600)
      agenda.add(.mend(.disk), at: clock.now + faultDraws.milliseconds(50...8_000))
    case .diskLow:
      guard !disk.isLow, disk.capacity == .max, !disk.isBroken else { return false }
      disk.isLow = true
      // The last segment may have little room left itself.
      if faultDraws.chance(50) { disk.capacity = disk.bytes.count + faultDraws.below(20_000) }
      agenda.add(.mend(.segments), at: clock.now + faultDraws.milliseconds(500...30_000))
    case .gracefulStop:
      guard let gateway, !gateway.isStopping, !isStopDue else { return false }
      // Somebody who does not want to wait may come at a bad moment.
      if faultDraws.chance(40) {
        isStopDue = true
      } else {
        gateway.stop(atMost: faultDraws.milliseconds(1...5_000))
      }
    case .diskError:
      guard disk.capacity == .max, !disk.isBroken else { return false }
      disk.isBroken = true
      agenda.add(.mend(.disk), at: clock.now + faultDraws.milliseconds(10...3_000))
    case .snapshotDamage:
      guard disk.snapshots.count > 0 else { return false }
      disk.snapshots.damage(&faultDraws)
    case .clockForward:
      clock.offset += faultDraws.milliseconds(150...600_000)
      agenda.add(.mend(.clock), at: clock.now + faultDraws.milliseconds(1_000...9_000))
    case .clockBack:
      clock.offset -= faultDraws.milliseconds(150...20_000)
      agenda.add(.mend(.clock), at: clock.now + faultDraws.milliseconds(1_000...9_000))
    case .daySwitch: return beginEvening()
    case .terminalRestart:
      faultDraws.pick(seats).restart(self, remembers: faultDraws.chance(60))
    case .foreignOrder: return placeForeignOrder()
    default: return false
    }
    return true
  }

  // MARK: Connections

  private var openConnections: [SimulatedConnection] {
    connections.filter { $0.isOpenAtGateway && $0.isOpenAtPeer }
  }

  /// Cuts a connection: of what is on its way a part arrives, on either side.
  private func drop() -> Bool {
    let open = openConnections
    guard !open.isEmpty else { return false }
    let connection = faultDraws.pick(open)
    switch connection.peer {
    case .seat(let index): seats[index].cut(self)
    case .watcher: watcher?.cut(self)
    case .fund(let fund):
      let counter = counters[SimulatedHouse.fundCounters[fund]]
      counter.service.linkClosed(counter.name(connection))
      counter.forget(connection)
      close(connection, fromGateway: false, isCut: true)
    }
    return true
  }

  private func silence() -> Bool {
    let open = openConnections
    guard !open.isEmpty else { return false }
    let connection = faultDraws.pick(open)
    connection.isSilent = true
    connection.toGateway.lose()
    connection.fromGateway.lose()
    return true
  }

  private func slow() -> Bool {
    let open = openConnections
    guard !open.isEmpty else { return false }
    let connection = faultDraws.pick(open)
    connection.latency = SimulatedConnection.slow
    agenda.add(
      .mend(.link(connection: connection.id)), at: clock.now + faultDraws.milliseconds(500...9_000))
    return true
  }

  private func stopReading() -> Bool {
    let open = openConnections
    guard !open.isEmpty else { return false }
    let connection = faultDraws.pick(open)
    connection.isPausedAtPeer = true
    agenda.add(
      .mend(.reader(connection: connection.id)),
      at: clock.now + faultDraws.milliseconds(500...12_000))
    return true
  }

  private func takeDownCounter() -> Bool {
    let up = counters.filter { !$0.isDown }
    guard up.count > 1 else { return false }
    let counter = faultDraws.pick(up)
    takeDown(counter)
    // A moment, or minutes.
    let down =
      faultDraws.chance(70)
      ? faultDraws.milliseconds(500...9_000) : faultDraws.milliseconds(60_000...240_000)
    agenda.add(.mend(.counter(counter.index)), at: clock.now + down)
    return true
  }

  /// Somebody at the broker trades for a fund account.
  private func placeForeignOrder() -> Bool {
    let counter = faultDraws.pick(counters)
    let instrument = faultDraws.below(SimulatedHouse.listings.count)
    counter.service.exchange.insertForeign(
      OrderRequest(
        child: .none, instrument: InstrumentID(UInt32(instrument)),
        side: faultDraws.chance(50) ? .buy : .sell, offset: .open, timeInForce: .immediateOrCancel,
        price: price(of: instrument), lots: 1),
      account: FundAccountID(UInt32(faultDraws.below(counter.funds.count))), now: clock.real)
    var port = CounterPort(counter, self)
    counter.service.advance(now: clock.real, &port)
    arm(counter)
    return true
  }

  // MARK: Mending

  func mend(_ mending: SimulatedEvent.Mending) {
    switch mending {
    case .counter(let index): counters[index].isDown = false
    case .disk:
      disk.capacity = .max
      disk.isBroken = false
    case .segments:
      disk.isLow = false
      disk.capacity = .max
    case .clock:
      if faultDraws.chance(60) { clock.offset = 0 }
      // Somebody has looked at the clock, or will later.
      if faultDraws.chance(70) { _ = gateway?.take(.confirmClock) }
    case .link(let id): connections[id].latency = SimulatedConnection.usual
    case .reader(let id):
      connections[id].isPausedAtPeer = false
      peerReceived(connections[id])
    }
  }
}
