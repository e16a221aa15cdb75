import Counter
import Domain
import Messages
import Session
import Wire

// Turns what a step wants done into bytes for whoever it concerns. It owns no queue and decides
// nothing; the bytes leave when the journal has the step.
extension Gateway {
  /// Runs the effects of the command that was just submitted, in their order.
  mutating func runEffects(of command: Command) {
    for index in 0..<sequencer.effects.count {
      let effect = sequencer.effects.pointer(at: index)
      switch effect.pointee {
      case .report(let report): deliver(report)
      case .sendOrder(let order): send(order)
      case .sendCancel(let cancel): send(cancel)
      case .askFate(let ask): askFate(ask)
      case .logonVerdict(let verdict): verdictGiven(verdict)
      case .defined(let defined): self.defined(defined, command)
      case .commandRefused(let refused):
        counts.commandsRefused += 1
        record(.commandRefused(refused.refusal))
      case .notice(let notice):
        counts.notices += 1
        record(.notice(notice))
        notices.append(NoticeRecord(notice, at: sequencer.now, on: tradingDay))
        if notice.kind == .dayStarted {
          ticks.removeAll()
          comingPhases.dayStarted()
        }
      case .massCancelDone(let done): massCancelDone(done)
      case .controllerVerdict(let verdict): controllerVerdictGiven(verdict)
      case .controlTaken(let taken): controlTaken(taken)
      case .controlDone(let done): controlDone(done)
      case .dropSessions(let drop): dropSessions(drop)
      case .liquidationProgress(let progress): liquidationMoved(progress)
      // What leaves for counters, and what terminals hear of it, are effects of their own.
      case .forcedCancel, .childWaits: break
      }
    }
    if case .setCredential(let set) = command { tokens.forget(set.account) }
  }

  private mutating func defined(_ defined: Defined, _ command: Command) {
    names.defined(command)
  }

  // MARK: Terminals

  /// A report goes to every session of its account, or to the one that asked.
  private mutating func deliver(_ report: ExecutionReport) {
    count(report)
    if report.reportSequence != 0 { history.append(report) }
    let message = self.message(of: report, flags: [])
    if !report.session.isNone {
      guard let (slot, terminal) = terminals.find(report.session), terminal.pointee.isLive
      else { return }
      counts.reportsSent += 1
      send(message, to: slot, terminal)
      return
    }
    var next = terminals.first(of: report.account)
    while let slot = next {
      next = terminals.after(slot)
      guard let terminal = terminals.inSlot(slot), terminal.pointee.isLive,
        // One that is still sent what it missed gets this in its turn.
        terminal.pointee.resumeAt == 0
      else { continue }
      counts.reportsSent += 1
      send(message, to: slot, terminal)
    }
  }

  private mutating func massCancelDone(_ done: MassCancelDone) {
    guard let (slot, terminal) = terminals.find(done.session) else { return }
    send(
      OrderEntry.MassCancelReport(
        requestID: done.requestID, account: terminal.pointee.accountName, orders: done.orders,
        transactTime: sequencer.now, tradingDay: tradingDay), to: slot, terminal)
  }

  private mutating func count(_ report: ExecutionReport) {
    switch report.execType {
    case .new: counts.ordersAccepted += 1
    case .rejected: counts.ordersRejected += 1
    case .trade: counts.fills += 1
    case .unknown, .cancelled, .cancelRejected, .pendingUnknown, .resolved, .restated,
      .workingConfirmed:
      break
    }
  }

  // MARK: Counters

  private mutating func send(_ order: SendOrder) {
    counts.childOrders += 1
    guard let id = links.of(order.fundAccount) else {
      counts.childrenUnsent += 1
      return
    }
    let message = SluiceCounter.insertOrder(
      order, code: names.instruments.name(order.instrument.raw),
      exchange: names.exchange(order.instrument))
    let link = links.at(id)
    var outgoing = linkOutput.room(id.index)
    let result = link.pointee.state.send(order: message, at: monotonic, into: &outgoing)
    linkOutput.keep(id.index, outgoing)
    sent(result, id, link)
  }

  private mutating func send(_ cancel: SendCancel) {
    counts.childCancels += 1
    guard let id = links.of(cancel.fundAccount) else { return }
    let message = SluiceCounter.cancelOrder(
      cancel, code: names.instruments.name(cancel.instrument.raw),
      exchange: names.exchange(cancel.instrument))
    let link = links.at(id)
    var outgoing = linkOutput.room(id.index)
    let result = link.pointee.state.send(cancel: message, at: monotonic, into: &outgoing)
    linkOutput.keep(id.index, outgoing)
    sent(result, id, link)
  }

  private mutating func sent(
    _ result: CounterSend, _ id: LinkID, _ link: UnsafeMutablePointer<Link>
  ) {
    switch result {
    case .written: break
    // The engine hears of the link's end next; what did not leave is asked for when it is back.
    case .notReady: counts.childrenUnsent += 1
    case .noRoom:
      counts.childrenUnsent += 1
      endSlowLink(id, link)
    }
  }

  private mutating func askFate(_ ask: AskFate) {
    guard let id = links.of(ask.fundAccount) else { return }
    let link = links.at(id)
    var outgoing = linkOutput.room(id.index)
    let event = link.pointee.state.askFate(ask.child, at: monotonic, into: &outgoing)
    linkOutput.keep(id.index, outgoing)
    switch event {
    case .resynced(let epoch): resynced(id, link, epoch)
    case .waitForRoom: endSlowLink(id, link)
    case .nothing, .linkUp, .orderReport, .trade, .cancelRejected, .neverArrived,
      .reportsMissed, .funds, .instrumentStatus, .tick, .ended:
      break
    }
  }
}
