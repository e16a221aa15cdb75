import Domain
import Engine
import Exchange
import Gateway
import Ledger
import Messages

// The end of a run: nothing goes wrong any more, and everybody gets to where all is known.
extension Simulation {
  /// Events that calming down may take, and simulated time in nanoseconds.
  private static let stepsMaximum = 60_000
  private static let nanosecondsMaximum: Int64 = 400_000_000_000

  func calmDown() {
    trace("everything calms down")
    isCalming = true
    crashes.disarm()
    disk.capacity = .max
    disk.isBroken = false
    disk.isLow = false
    isStopDue = false
    clock.offset = 0
    faults.remove(.splitBytes)
    for counter in counters {
      counter.isDown = false
      counter.service.exchange.faults.clear()
    }
    for connection in connections where connection.isOpenAtPeer {
      connection.latency = SimulatedConnection.usual
      connection.isPausedAtPeer = false
      peerReceived(connection)
    }
    let deadline = clock.now + Simulation.nanosecondsMaximum
    var left = Simulation.stepsMaximum
    var asked = 0
    var listed = 0
    var looks = 0
    while failure == nil {
      guard left > 0, clock.now < deadline else {
        return fail("it does not calm down: \(restlessness ?? "queries have no answer")")
      }
      left -= 1
      if next() { step += 1 }
      guard left % 16 == 0 else { continue }
      if isEvening || restlessness != nil { continue }
      // What a slow line still brought is not in lists that were made before.
      if let orders = gateway?.gateway.sequencer.engine.ledger.orderCount, orders != listed {
        listed = orders
        for seat in seats { seat.forgetBooks() }
      }
      if stopLiquidations() {
        asked += 1
        if asked > 40 { return fail("liquidations go on in spite of their stops") }
        pause(1_000_000_000)
        continue
      }
      // All is known: what still works is cancelled, at most a few times over.
      if workingOrders == 0 {
        if let difference = watchersDifference ?? terminalsDifference() {
          looks += 1
          if looks > 400 { return fail("somebody is shown what is not so: \(difference)") }
          pause(100_000_000)
          continue
        }
        if seats.allSatisfy(\.books.isWhole) { return }
        for seat in seats where !seat.books.isWhole && seat.books.asked == nil {
          seat.askBooks(self)
        }
        pause(100_000_000)
        continue
      }
      asked += 1
      if asked > 40 { return fail("in spite of its cancel works \(workingParts)") }
      for account in SimulatedHouse.accountProducts.indices {
        seats.first { $0.account == account }?.cancelAll(self)
      }
      pause(1_000_000_000)
    }
  }

  /// Lets so many nanoseconds pass before the next look.
  private func pause(_ nanoseconds: Int64) {
    let until = clock.now + nanoseconds
    while failure == nil, clock.now < until { if next() { step += 1 } }
  }

  /// What still waits for something; nil when nothing does.
  private var restlessness: String? {
    guard let gateway else { return "the gateway is down" }
    guard gateway.gateway.isJournalAvailable else { return "the journal refuses" }
    if !areLinksQuiet { return "links have something to tell" }
    for seat in seats where !seat.isSettled {
      return
        "seat \(seat.index): up to date \(seat.isLoggedOn), \(seat.unanswered.count) unanswered"
    }
    for seat in seats {
      let account = OperationAccountID(UInt32(seat.account))
      let last = gateway.gateway.sequencer.engine.ledger.account(account).pointee.reportSequence
      if seat.lastHeard != last { return "seat \(seat.index) heard \(seat.lastHeard) of \(last)" }
    }
    return nil
  }

  /// What the controller who looks at everything is shown otherwise than it is.
  private var watchersDifference: String? {
    guard let gateway, let watcher else { return "nobody watches" }
    return watcher.difference(gateway.gateway.sequencer.engine)
  }

  /// Whose money was listed otherwise than it is, for a slow line brought a price since: it is to
  /// be asked for again. Nil as long as not everything is listed.
  private func terminalsDifference() -> String? {
    guard let gateway, seats.allSatisfy(\.books.isWhole) else { return nil }
    for seat in seats {
      if let part = seat.books.difference(seat.account, gateway.gateway.sequencer.engine) {
        seat.forgetBooks()
        return "seat \(seat.index): \(part)"
      }
    }
    return nil
  }

  /// Has every liquidation stopped; false when there is none.
  private func stopLiquidations() -> Bool {
    guard let gateway else { return false }
    let running = SimulatedHouse.accountProducts.indices
      .map { OperationAccountID(UInt32($0)) }
      .filter { gateway.gateway.sequencer.engine.ledger.liquidationPhase($0) != .unknown }
    for account in running {
      _ = gateway.take(
        .stopLiquidation(StopLiquidation(who: Name("calm")!, account: account, product: .none)))
    }
    return !running.isEmpty
  }

  private var workingOrders: Int {
    guard let gateway else { return 0 }
    return SimulatedHouse.accountProducts.indices.count { account in
      gateway.gateway.sequencer.engine.ledger.account(OperationAccountID(UInt32(account)))
        .pointee.firstWorking != 0
    }
  }

  /// Children that can still fill, in words.
  private var workingParts: String {
    guard let gateway else { return "nothing" }
    var parts: [String] = []
    for number in 0..<gateway.gateway.sequencer.engine.ledger.childCount {
      let child = gateway.gateway.sequencer.engine.ledger.child(UInt32(number + 1)).pointee
      guard child.heldLots > 0 else { continue }
      let fund = gateway.gateway.sequencer.engine.ledger.fundAccount(child.fundAccount).pointee
      parts.append(
        """
        \(child.id) \(child.state) \(child.heldLots) lots, asked \(child.cancelRequested), \
        waits as \(child.waitsAs), doubtful \(child.isDoubtful), sent over link \
        \(child.cancelEpoch) of \(fund.epoch), \(fund.waitingMessages) wait, ready \(fund.isReady)
        """)
    }
    return parts.joined(separator: "; ")
  }
}
