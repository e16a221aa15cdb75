import Domain
import Engine
import Journal
import Messages
import Session

// What every event begins and ends with: the clock, the journal, the commands in their order.
extension Gateway {
  /// The driver's clocks as the events that follow see them.
  public mutating func clockRead(_ reading: ClockReading) {
    if let jump = sequencer.read(reading) {
      counts.clockJumps += 1
      pendingJump &+= jump.nanoseconds
    }
    submitDeferred()
  }

  /// Ends a turn: newest ticks are sequenced, work that waits goes on, terminals get their ticks
  /// and what they missed. True when there is more to do at once: take another turn soon.
  public mutating func finishTurn() -> Bool {
    submitDeferred()
    takeComingPhases()
    sequenceTicks()
    continueWork(limits.continuesPerTurn)
    // What is sent again is on record, but for the reports of commands that wait.
    if journalState == .available {
      pumpResumes()
      pumpNotices()
      pumpLiquidations()
      pumpWatches()
    }
    sendTicks()
    guard canSubmit else { return false }
    return sequencer.engine.hasWork || ticks.count > 0 && !isJournalLow || !deferred.isEmpty
      || !comingPhases.isTaken
  }

  // MARK: Commands

  /// Whether a message may be taken now.
  var canSubmit: Bool { journalState == .available && sequencer.hasRoom }

  /// Takes a command that no peer sent: a definition, a setting, a day switch, an operator's word.
  /// Effects are run as ever. False when the journal can't take it now: store it and try again.
  public mutating func take(_ command: Command) -> Bool {
    submitDeferred()
    if case .daySwitch = command { sequenceLastTicks() }
    guard canSubmit else { return false }
    submit(command)
    submitDeferred()
    return true
  }

  /// Takes one command of a change that somebody waits for, and says what the engine said.
  public mutating func change(_ command: Command) -> ChangeAnswer {
    submitDeferred()
    guard canSubmit else { return .notNow }
    submit(command)
    let sequence = sequencer.engine.sequence
    let refusal = sequencer.effects.refusal
    submitDeferred()
    return refusal.map { .refused($0, sequence: sequence) } ?? .taken(sequence: sequence)
  }

  mutating func submit(_ command: Command) {
    sequencer.submit(command)
    runEffects(of: command)
  }

  /// What followed from effects, and the clock's jump, go before anything else.
  mutating func submitDeferred() {
    while canSubmit {
      if pendingJump != 0 {
        let jump = ClockJumped(nanoseconds: pendingJump)
        pendingJump = 0
        submit(.clockJumped(jump))
      } else if let command = deferred.pop() {
        submit(command)
      } else {
        return
      }
    }
  }

  mutating func postpone(_ command: Command) {
    precondition(deferred.push(command), "each peer has few commands that wait")
  }

  /// Gives the engine's work queue up to `slices` steps, between messages.
  mutating func continueWork(_ slices: Int) {
    var left = slices
    while left > 0, canSubmit, sequencer.engine.hasWork {
      submit(.continueWork)
      counts.continues += 1
      submitDeferred()
      left -= 1
    }
  }

  // MARK: The driver

  mutating func ask(_ request: GatewayRequest) {
    precondition(requests.push(request), "a peer has few requests in a turn")
  }

  mutating func record(_ event: GatewayEvent) {
    if !events.push(event) { counts.eventsDropped += 1 }
  }

  /// What the driver is to do next; nil when that is all.
  public mutating func nextRequest() -> GatewayRequest? { requests.pop() }

  /// The next line for the log; nil when there is none.
  public mutating func nextEvent() -> GatewayEvent? { events.pop() }

  /// Something waits to leave and the journal has what caused it.
  public struct Output {
    public let peer: Peer
    /// Whole messages, good until the next call.
    public let bytes: UnsafeRawBufferPointer
  }

  /// The next peer with something to be sent; nil when there is none.
  ///
  /// Answer with `outputTaken`; when it can't be taken now, the peer comes again after
  /// `outputDrained`.
  public mutating func nextOutput() -> Output? {
    precondition(
      sequencer.isStored || journalState != .available,
      "an effect leaves when the journal has its command")
    // Child orders before reports: a counter's answer is what everybody waits for.
    while let index = linkOutput.nextListed() {
      let bytes = linkOutput.leaving(index)
      if !bytes.isEmpty { return Output(peer: .link(LinkID(index: index)), bytes: bytes) }
    }
    while let slot = terminalOutput.nextListed() {
      let bytes = terminalOutput.leaving(slot)
      guard terminals.inSlot(slot) != nil, !bytes.isEmpty else { continue }
      return Output(peer: .terminal(terminals.id(slot)), bytes: bytes)
    }
    return nil
  }

  /// All bytes of the last output were taken.
  public mutating func outputTaken(_ peer: Peer) {
    switch peer {
    case .terminal(let id):
      terminalOutput.left(id.slot)
      if let terminal = terminals.find(id), terminal.pointee.waitsForRoom {
        terminal.pointee.waitsForRoom = false
        resumeReading(id.slot, terminal)
      }
      if let terminal = terminals.find(id) { askForUpdates(id.slot, terminal) }
      if !watches.isEmpty { pumpWatches(of: id) }
    case .link(let id): linkOutput.left(id.index)
    }
  }

  /// What waits for a peer that is being closed and could not be sent to; good until the next
  /// call. Longer than `count` = none of it: a part of a message says nothing. What the journal
  /// could not take is not among it: nobody hears of what is not on record.
  public func lastWords(for peer: Peer, atMost count: Int) -> UnsafeRawBufferPointer {
    let waiting =
      switch peer {
      case .terminal(let id) where terminals.inSlot(id.slot) != nil:
        terminalOutput.behindHeld(id.slot)
      case .terminal: UnsafeRawBufferPointer(start: nil, count: 0)
      case .link(let id): linkOutput.behindHeld(id.index)
      }
    return waiting.count <= count ? waiting : UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// A peer that could not be sent to has room again.
  public mutating func outputDrained(_ peer: Peer) {
    switch peer {
    case .terminal(let id):
      if terminals.find(id) != nil { terminalOutput.list(id.slot) }
    case .link(let id): linkOutput.list(id.index)
    }
  }
}
