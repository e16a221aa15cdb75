import Client
import Domain
import Session
import Wire

/// Bits of an input's first byte: what its owner does beside reading.
struct FuzzChoice: OptionSet {
  let rawValue: UInt8
  /// The stream comes in two parts, cut behind so many bytes.
  var cut: Int { Int(rawValue & 0x0F) * 16 }
  /// Whoever asks is refused.
  static let refuses = FuzzChoice(rawValue: 0x10)
  /// Bounds are as tight as they can be.
  static let isTight = FuzzChoice(rawValue: 0x20)
  /// Time passes until nothing is left to wait for; else the connection breaks.
  static let waits = FuzzChoice(rawValue: 0x40)
  /// The owner has something to say, and leaves.
  static let speaks = FuzzChoice(rawValue: 0x80)
}

enum TerminalSessionFuzz {
  static func run(
    _ bytes: UnsafeRawBufferPointer, _ choice: UInt8, door: SessionDoor = .terminals
  ) {
    let choice = FuzzChoice(rawValue: choice)
    let terms = TerminalSessionTerms(
      messagesPerSecond: choice.contains(.isTight) ? 3 : 0,
      maxInFlight: choice.contains(.isTight) ? 2 : 0)
    var session = TerminalSessionState(terms, door: door, at: 0)
    var now: Int64 = 1
    FuzzStream.inTwo(bytes, cut: choice.cut) { read($0, &session, choice, &now) }
    var outgoing = FuzzStream.outgoing()
    if choice.contains(.speaks) {
      session.wordSent(at: now)
      _ = session.end(because: TerminalSessionEnd(.shuttingDown), at: now, into: &outgoing)
    }
    guard choice.contains(.waits) else { return }
    for _ in 0..<8 {
      now = max(now, session.deadline)
      if case .cut = session.timeReached(now, into: &outgoing) { break }
      _ = session.isSilent(at: now)
    }
  }

  private static func read(
    _ offered: UnsafeRawBufferPointer, _ session: inout TerminalSessionState,
    _ choice: FuzzChoice, _ now: inout Int64
  ) -> Int {
    var incoming = IncomingBytes(offered)
    var free = choice.contains(.isTight) ? TerminalSessionState.answerRoom - 1 : 64 * 1024
    while true {
      var outgoing = FuzzStream.outgoing(free)
      switch session.next(in: &incoming, at: now, into: &outgoing) {
      case .nothing, .waitForVerdict, .ended: return incoming.consumed
      case .waitForRoom: free = 64 * 1024
      case .waitForAnswers: session.answered()
      case .pause(let until): now = until
      case .logon(let view):
        MessageFuzz.same(view.value)
        decide(&session, choice, now)
      case .newOrder(let view):
        MessageFuzz.same(view.value)
        if !choice.contains(.isTight) { session.answered() }
      case .cancelOrder(let view):
        MessageFuzz.same(view.value)
        if !choice.contains(.isTight) { session.answered() }
      case .massCancel(let view):
        MessageFuzz.same(view.value)
        if !choice.contains(.isTight) { session.answered() }
      case .subscribeTicks(let view): MessageFuzz.same(view.value)
      case .unsubscribeTicks(let view): MessageFuzz.same(view.value)
      case .instrumentsRequest(let view): MessageFuzz.same(view.value)
      case .query(let view): MessageFuzz.same(view.value)
      case .subscribeAccount(let view): MessageFuzz.same(view.value)
      case .tryOrder(let view): MessageFuzz.same(view.value)
      case .whyOrder(let view): MessageFuzz.same(view.value)
      case .roomRequest(let view): MessageFuzz.same(view.value)
      case .deskLogon(let view):
        MessageFuzz.same(view.value)
        decide(&session, choice, now)
      case .control(let view): MessageFuzz.same(view.value)
      case .subscribeNotices(let view): MessageFuzz.same(view.value)
      case .deskSubscribeNotices(let view): MessageFuzz.same(view.value)
      case .standingRequest(let view): MessageFuzz.same(view.value)
      case .subscribeLiquidations(let view): MessageFuzz.same(view.value)
      case .subscribeAccounts(let view): MessageFuzz.same(view.value)
      case .unsubscribeAccounts(let view): MessageFuzz.same(view.value)
      }
    }
  }

  private static func decide(
    _ session: inout TerminalSessionState, _ choice: FuzzChoice, _ now: Int64
  ) {
    var outgoing = FuzzStream.outgoing()
    if choice.contains(.refuses) {
      session.logonRefused(TerminalSessionEnd(.refused), at: now, into: &outgoing)
    } else if choice.contains(.waits), choice.contains(.speaks) {
      return
    } else if session.door == .desk {
      session.deskLogonAccepted(
        DeskAcceptance(
          sessionEpoch: 1, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
          rights: .all, isBoundToAll: true, newestNotice: 1), at: now, into: &outgoing)
    } else {
      session.logonAccepted(
        LogonAcceptance(
          sessionEpoch: 1, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
          nextReportSequence: 1), at: now, into: &outgoing)
    }
  }
}

enum TerminalClientFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let choice = FuzzChoice(rawValue: choice)
    var logon = TerminalLogon(account: Name("fuzz")!)
    logon.reconnects = !choice.contains(.refuses)
    var client = TerminalClient(
      logon, password: FixedText("p")!, ids: ClOrdIDSource(seed: 1)!, seed: 1, at: 0)
    var now: Int64 = 0
    // A second connection goes on with what the first was told.
    for _ in 0..<2 {
      if client.timeReached(max(now, client.deadline)) == .connect {
        now = max(now, client.deadline)
        if choice.contains(.isTight) { _ = client.disconnected(at: now) }
        client.connected(at: now)
      }
      FuzzStream.inTwo(bytes, cut: choice.cut) { offered in
        defer { client.sendPending { $0.count } }
        return client.received(offered, at: now) { _ in }
      }
      if choice.contains(.speaks) { speak(&client, now) }
      for _ in 0..<8 where choice.contains(.waits) {
        guard client.deadline < .max else { break }
        now = max(now, client.deadline)
        _ = client.timeReached(now)
        client.sendPending { $0.count }
      }
      _ = client.disconnected(at: now)
    }
  }

  private static func speak(_ client: inout TerminalClient, _ now: Int64) {
    let ticket = OrderTicket(.buy, .open, InstrumentCode("rb2701")!, lots: 1, price: .none)
    if case .sent(let id) = client.place(ticket, at: now) { _ = client.cancel(id, at: now) }
    _ = client.resendUnanswered(at: now)
    _ = client.leave(at: now)
    _ = client.leave(at: now)
  }
}

enum CounterLinkFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let choice = FuzzChoice(rawValue: choice)
    var link = CounterLinkState(
      CounterLogin(fundAccount: Name("fuzz")!), lastSequence: 0, epoch: 0, seed: 1, at: 0)
    var now: Int64 = 0
    for _ in 0..<2 {
      var outgoing = FuzzStream.outgoing()
      now = max(now, link.deadline)
      if case .connect = link.timeReached(now, into: &outgoing) {
        if choice.contains([.isTight, .refuses]) { _ = link.disconnected(at: now) }
        link.connected(password: FixedText("p")!, at: now, into: &outgoing)
      }
      FuzzStream.inTwo(bytes, cut: choice.cut) { read($0, &link, choice, now) }
      if choice.contains(.speaks) { speak(&link, now) }
      for _ in 0..<12 where choice.contains(.waits) {
        guard link.deadline < .max else { break }
        now = max(now, link.deadline)
        var outgoing = FuzzStream.outgoing()
        _ = link.timeReached(now, into: &outgoing)
      }
      if choice.contains(.refuses) {
        var outgoing = FuzzStream.outgoing()
        _ = link.stop(at: now, into: &outgoing)
      }
      _ = link.disconnected(at: now)
    }
  }

  private static func read(
    _ offered: UnsafeRawBufferPointer, _ link: inout CounterLinkState, _ choice: FuzzChoice,
    _ now: Int64
  ) -> Int {
    var incoming = IncomingBytes(offered)
    var free = choice.contains(.isTight) ? CounterLinkState.answerRoom - 1 : 64 * 1024
    while true {
      var outgoing = FuzzStream.outgoing(free)
      switch link.next(in: &incoming, at: now, into: &outgoing) {
      case .nothing, .ended: return incoming.consumed
      case .waitForRoom: free = 64 * 1024
      case .orderReport(let view): MessageFuzz.same(view.value)
      case .trade(let view): MessageFuzz.same(view.value)
      case .cancelRejected(let view): MessageFuzz.same(view.value)
      case .funds(let view): MessageFuzz.same(view.value)
      case .instrumentStatus(let view): MessageFuzz.same(view.value)
      case .tick(let view): MessageFuzz.same(view.value)
      case .linkUp: askFates(&link, now, choice.contains(.speaks) ? 130 : 1)
      case .neverArrived, .resynced, .reportsMissed: break
      }
    }
  }

  private static func askFates(_ link: inout CounterLinkState, _ now: Int64, _ count: UInt64) {
    for child in 1...count {
      var outgoing = FuzzStream.outgoing()
      _ = link.askFate(OrderID(raw: child), at: now, into: &outgoing)
    }
    var outgoing = FuzzStream.outgoing(0)
    _ = link.askFate(.none, at: now, into: &outgoing)
    outgoing = FuzzStream.outgoing()
    _ = link.askFate(.none, at: now, into: &outgoing)
  }

  private static func speak(_ link: inout CounterLinkState, _ now: Int64) {
    for free in [0, 64 * 1024] {
      var outgoing = FuzzStream.outgoing(free)
      _ = link.send(order: Samples.insertOrder, at: now, into: &outgoing)
      _ = link.send(cancel: CounterProtocol.CancelOrder(), at: now, into: &outgoing)
      _ = link.subscribe(CounterProtocol.SubscribeTicks(), at: now, into: &outgoing)
    }
    var outgoing = FuzzStream.outgoing()
    _ = link.end(because: .slowReader, at: now, into: &outgoing)
  }
}

enum CounterServerFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let choice = FuzzChoice(rawValue: choice)
    var session = CounterServerSession(openedAt: Timestamp(nanoseconds: 0))
    var now = Timestamp(nanoseconds: 1)
    var taken = 0
    reading: while true {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
      switch FrameScanner.scan(rest, limit: Framing.inboundMaximum) {
      case .needMore: break reading
      case .failed(let error):
        _ = session.framingFailed(error)
        break reading
      case .frame(let frame):
        taken += frame.length
        switch session.frameReceived(frame, now: now) {
        case .verify(let login):
          if choice.contains(.refuses) {
            session.loginRefused()
          } else if !choice.contains(.isTight) {
            session.loginAccepted(epoch: 1, requestedSeconds: login.heartbeatIntervalSeconds)
          }
        case .nothing, .serve, .end, .close: break
        }
      }
    }
    for _ in 0..<8 where choice.contains(.waits) && session.deadline != .never {
      _ = session.timePassed(now: now)
      now = session.deadline
      if session.timePassed(now: now) == .sendHeartbeat { session.sent(now: now) }
    }
    _ = session.framingFailed(.frameTooShort(length: 1))
    if choice.contains(.speaks) { session.ended() }
  }
}
