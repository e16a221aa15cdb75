import Domain
import Messages
import Session
import Wire

// A terminal's connection: from the first byte to the last.
extension Gateway {
  /// A peer came by a listener; nil: close its connection at once.
  public mutating func terminalConnected(
    from address: NetworkAddress, door: SessionDoor = .terminals
  ) -> TerminalID? {
    let hasPlace =
      door == .desk
      ? terminals.deskUnauthenticated < limits.deskUnauthenticated
      : terminals.unauthenticated < limits.unauthenticated
    guard phase == .running, hasPlace,
      let id = terminals.open(limits.terms, door: door, from: address, at: monotonic)
    else {
      terminalTurnedAway(from: address)
      return nil
    }
    terminalOutput.clear(id.slot)
    return id
  }

  /// A peer came by a listener and found no place, here or at the driver's.
  public mutating func terminalTurnedAway(from address: NetworkAddress) {
    counts.terminalsRefused += 1
    record(.terminalRefused(address))
  }

  /// Bytes of a terminal, all that were not consumed before; how many of them are done with.
  ///
  /// When `needsStore` is true afterwards, store the journal and offer the rest again at once.
  public mutating func terminalReceived(
    _ id: TerminalID, _ bytes: UnsafeRawBufferPointer
  ) -> Int {
    submitDeferred()
    guard let terminal = terminals.find(id) else { return bytes.count }
    if journalState == .waiting || isJournalBroken && terminalOutput.isHeld(id.slot) {
      pauseReading(id.slot, terminal)
      return 0
    }
    var incoming = IncomingBytes(bytes)
    var messages = 0
    while isJournalBroken || sequencer.hasRoom {
      var outgoing = terminalOutput.room(id.slot)
      let event = terminal.pointee.state.next(
        in: &incoming, at: monotonic, into: &outgoing)
      terminalOutput.keep(id.slot, outgoing)
      guard handle(event, id.slot, terminal) else { break }
      submitDeferred()
      messages += 1
      if messages % 16 == 0 { continueWork(1) }
    }
    return incoming.consumed
  }

  /// True when the next message may be looked at.
  private mutating func handle(
    _ event: TerminalSessionEvent, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) -> Bool {
    switch event {
    case .newOrder(let order):
      newOrder(order, slot, terminal)
      return true
    case .cancelOrder(let cancel):
      cancelOrder(cancel, slot, terminal)
      return true
    case .massCancel(let cancel):
      massCancel(cancel, slot, terminal)
      return true
    case .nothing: return false
    case .pause(let until):
      terminal.pointee.pausedUntil = until
      paused.insert(slot)
      pauseReading(slot, terminal)
      return false
    case .waitForRoom:
      terminal.pointee.waitsForRoom = true
      pauseReading(slot, terminal)
      return false
    case .waitForVerdict, .waitForAnswers:
      pauseReading(slot, terminal)
      return false
    case .logon(let logon):
      logonReceived(logon, slot, terminal)
      return true
    case .subscribeTicks(let request):
      subscribeTicks(request, slot, terminal)
      return true
    case .unsubscribeTicks(let request):
      unsubscribeTicks(request, slot)
      return true
    case .instrumentsRequest(let request):
      instrumentsRequested(request, slot, terminal)
      return true
    case .query(let query):
      queryReceived(query, slot, terminal)
      return true
    case .subscribeAccount(let request):
      subscriptionReceived(request, slot, terminal)
      return true
    case .tryOrder(let request):
      tryReceived(request, slot, terminal)
      return true
    case .whyOrder(let request):
      whyReceived(request, slot, terminal)
      return true
    case .roomRequest(let request):
      roomReceived(request, slot, terminal)
      return true
    case .subscribeNotices(let request):
      subscribeNotices(request, slot, terminal)
      return true
    case .deskLogon, .control, .deskSubscribeNotices, .standingRequest, .subscribeLiquidations,
      .subscribeAccounts, .unsubscribeAccounts:
      handleDesk(event, slot, terminal)
      return true
    case .ended(let end):
      ended(slot, terminal, end)
      return true
    }
  }

  private mutating func handleDesk(
    _ event: TerminalSessionEvent, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    switch event {
    case .deskLogon(let logon): deskLogonReceived(logon, slot, terminal)
    case .control(let control): controlReceived(control, slot, terminal)
    case .deskSubscribeNotices(let request): subscribeNotices(request, slot, terminal)
    case .standingRequest(let request): standingRequested(request, slot, terminal)
    case .subscribeLiquidations(let request): subscribeLiquidations(request, slot, terminal)
    case .subscribeAccounts(let request): subscribeAccounts(request, slot, terminal)
    case .unsubscribeAccounts(let request): unsubscribeAccounts(request, slot, terminal)
    default: preconditionFailure("what is not of the desk is handled by itself")
    }
  }

  /// The connection is gone, whoever ended it; the id is not used again.
  public mutating func terminalClosed(_ id: TerminalID) {
    guard let terminal = terminals.find(id) else { return }
    if !terminal.pointee.isClosing {
      record(
        terminal.pointee.door == .desk
          ? .controllerLost(
            terminal.pointee.session, terminal.pointee.controller, terminal.pointee.address)
          : .terminalLost(
            terminal.pointee.session, terminal.pointee.account, terminal.pointee.address))
      leave(id.slot, terminal)
    }
    terminalOutput.clear(id.slot)
    terminals.close(id)
    submitDeferred()
  }

  // MARK: Ending

  /// Ends a session from this side; false when it was over already.
  @discardableResult
  mutating func end(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, because end: TerminalSessionEnd
  ) -> Bool {
    var outgoing = terminalOutput.room(slot)
    guard terminal.pointee.state.end(because: end, at: monotonic, into: &outgoing) else {
      return false
    }
    terminalOutput.keep(slot, outgoing)
    ended(slot, terminal, end)
    return true
  }

  /// A terminal that does not read what it is sent: what waits is forgotten, so that there is room
  /// for the reason. It can ask for the missing reports when it is back.
  mutating func cutSlow(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    guard !terminal.pointee.isClosing else { return }
    counts.slowTerminalsCut += 1
    terminalOutput.clear(slot)
    end(slot, terminal, because: TerminalSessionEnd(.slowReader))
  }

  /// The last words are written.
  mutating func ended(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, _ end: TerminalSessionEnd
  ) {
    guard !terminal.pointee.isClosing else { return }
    terminal.pointee.isClosing = true
    record(
      terminal.pointee.door == .desk
        ? .controllerEnded(
          terminal.pointee.session, terminal.pointee.controller, terminal.pointee.address, end)
        : .terminalEnded(
          terminal.pointee.session, terminal.pointee.account, terminal.pointee.address, end))
    leave(slot, terminal)
    ask(.close(.terminal(terminals.id(slot))))
  }

  /// Nothing more is sent to it, and the engine no longer counts it.
  private mutating func leave(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    subscriptions.unsubscribeAll(slot)
    resuming.remove(slot)
    paused.remove(slot)
    watching.remove(slot)
    following.remove(slot)
    endWatches(of: terminals.id(slot))
    terminal.pointee.resumeAt = 0
    terminal.pointee.snapshotAt = 0
    guard terminals.uncount(slot) else { return }
    let session = terminal.pointee.session
    switch terminal.pointee.door {
    case .terminals:
      postpone(
        .sessionClosed(SessionClosed(session: session, account: terminal.pointee.account)))
    case .desk:
      postpone(
        .controllerClosed(
          ControllerClosed(session: session, controller: terminal.pointee.controller)))
    }
  }

  // MARK: Reading

  mutating func pauseReading(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    guard !terminal.pointee.isPaused else { return }
    terminal.pointee.isPaused = true
    ask(.pauseReading(.terminal(terminals.id(slot))))
  }

  mutating func resumeReading(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    guard terminal.pointee.isPaused else { return }
    terminal.pointee.isPaused = false
    paused.remove(slot)
    ask(.resumeReading(.terminal(terminals.id(slot))))
  }

  // MARK: Writing

  /// Puts a message into a terminal's output; a terminal without room is cut. One that is newer
  /// than the terminal's version of the schema is not for it.
  @inline(__always) mutating func send<M: WireMessage>(
    _ message: borrowing M, to slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard !terminal.pointee.isClosing,
      M.sinceVersion <= terminal.pointee.state.schemaVersion
    else { return }
    var outgoing = terminalOutput.room(slot)
    guard outgoing.append(message) else { return cutSlow(slot, terminal) }
    terminalOutput.keep(slot, outgoing)
    terminal.pointee.state.wordSent(at: monotonic)
  }

  /// Refuses a message of which no order was made.
  mutating func reject(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, template: UInt16,
    _ requestID: ClOrdID, _ refusal: Refusal, _ words: StaticString, name: Name = Name()
  ) {
    counts.businessRejects += 1
    var figures = figures(of: refusal)
    if !name.isEmpty { figures.scopeName = name }
    send(
      OrderEntry.BusinessReject(
        refTemplateID: template, refRequestID: requestID, refusal: figures,
        text: FixedText(words)),
      to: slot, terminal)
  }
}

extension FixedText {
  /// Words of the program's own, cut where they do not fit.
  init(_ words: StaticString) {
    self.init()
    words.withUTF8Buffer { text in
      for index in 0..<Swift.min(text.count, capacity) { bytes[index] = text[index] }
    }
  }
}
