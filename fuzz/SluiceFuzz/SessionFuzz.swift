import Client
import Domain
import Session
import Wire

enum TerminalSessionFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    var session = TerminalSessionState(TerminalSessionTerms(), at: 0)
    FuzzTarget.inTwo(bytes, cut: cut) { offered in
      var incoming = IncomingBytes(offered)
      var now: Int64 = 1
      while true {
        var outgoing = FuzzRoom.fresh()
        switch session.next(in: &incoming, at: now, into: &outgoing) {
        case .nothing, .waitForAnswers, .waitForVerdict, .waitForRoom: return incoming.consumed
        case .pause(let until): now = until
        case .logon(let view):
          _ = view.value
          session.logonAccepted(
            LogonAcceptance(
              sessionEpoch: 1, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
              nextReportSequence: 1), at: now, into: &outgoing)
        case .newOrder(let view):
          same(view.value)
          session.answered()
        case .cancelOrder(let view):
          same(view.value)
          session.answered()
        case .massCancel(let view):
          same(view.value)
          session.answered()
        case .subscribeTicks(let view): _ = view.value
        case .unsubscribeTicks(let view): _ = view.value
        case .instrumentsRequest(let view): _ = view.value
        case .query(let view): _ = view.value
        case .subscribeAccount(let view): _ = view.value
        case .tryOrder(let view): same(view.value)
        case .whyOrder(let view): same(view.value)
        case .roomRequest(let view): same(view.value)
        case .ended: return incoming.consumed
        }
      }
    }
    var outgoing = FuzzRoom.fresh()
    _ = session.timeReached(session.deadline, into: &outgoing)
  }

  /// What was decoded says the same after it was encoded and decoded again.
  private static func same<Value: WireMessage>(_ value: Value) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: value.frameLength, alignment: 8)
    defer { room.deallocate() }
    guard let count = try? value.encode(into: room),
      case .frame(let frame) = FrameScanner.scan(
        UnsafeRawBufferPointer(rebasing: room[..<count]), limit: Framing.outboundMaximum),
      let again = try? Value(frame)
    else { preconditionFailure("what was decoded can be encoded") }
    precondition(again == value, "what was encoded says the same")
  }
}

enum TerminalClientFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    var client = TerminalClient(
      TerminalLogon(account: Name("fuzz")!), password: FixedText("p")!,
      ids: ClOrdIDSource(seed: 1)!, seed: 1, at: 0)
    _ = client.timeReached(0)
    client.connected(at: 0)
    FuzzTarget.inTwo(bytes, cut: cut) { offered in
      defer { client.sendPending { $0.count } }
      return client.received(offered, at: 1) { _ in }
    }
    _ = client.disconnected(at: 2)
  }
}

enum CounterLinkFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    var link = CounterLinkState(
      CounterLogin(fundAccount: Name("fuzz")!), lastSequence: 0, epoch: 0, seed: 1, at: 0)
    var outgoing = FuzzRoom.fresh()
    _ = link.timeReached(0, into: &outgoing)
    link.connected(password: FixedText("p")!, at: 0, into: &outgoing)
    FuzzTarget.inTwo(bytes, cut: cut) { offered in
      var incoming = IncomingBytes(offered)
      while true {
        var outgoing = FuzzRoom.fresh()
        switch link.next(in: &incoming, at: 1, into: &outgoing) {
        case .nothing, .waitForRoom, .ended: return incoming.consumed
        case .orderReport(let view): _ = view.value
        case .trade(let view): _ = view.value
        case .cancelRejected(let view): _ = view.value
        case .funds(let view): _ = view.value
        case .instrumentStatus(let view): _ = view.value
        case .tick(let view): _ = view.value
        case .linkUp, .neverArrived, .resynced, .reportsMissed: break
        }
      }
    }
    _ = link.disconnected(at: 2)
  }
}

enum CounterServerFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    var session = CounterServerSession(openedAt: Timestamp(nanoseconds: 0))
    var taken = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
      switch FrameScanner.scan(rest, limit: Framing.inboundMaximum) {
      case .needMore: return
      case .failed(let error):
        _ = session.framingFailed(error)
        return
      case .frame(let frame):
        taken += frame.length
        switch session.frameReceived(frame, now: Timestamp(nanoseconds: 1)) {
        case .verify(let login):
          session.loginAccepted(epoch: 1, requestedSeconds: login.heartbeatIntervalSeconds)
        case .nothing, .serve: break
        case .end, .close: return
        }
      }
    }
  }
}
