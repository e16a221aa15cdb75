import Domain
import Session
import Testing
import Wire

/// A terminal's link and the gateway's session with nothing but memory between them.
@Suite struct TerminalBothEndsTests {
  /// Carries what each has written to the other, cut into pieces, until both are quiet.
  static func carry(
    _ link: TerminalLinkBench, _ session: TerminalSessionBench, seed: UInt64
  ) -> (terminal: [TerminalSeen], gateway: [Seen]) {
    var terminal: [TerminalSeen] = []
    var gateway: [Seen] = []
    while !link.sent.isEmpty || !session.sent.isEmpty {
      for piece in chunks(of: link.takeSent(), seed: seed) { gateway += session.receive(piece) }
      for piece in chunks(of: session.takeSent(), seed: seed) { terminal += link.receive(piece) }
    }
    return (terminal, gateway)
  }

  @Test(arguments: 0..<20)
  func theyLogOnTradeAndSayGoodbye(seed: Int) {
    let link = TerminalLinkBench()
    let session = TerminalSessionBench()
    #expect(link.timeReaches(0) == .connect)
    link.connect()
    var (terminal, gateway) = Self.carry(link, session, seed: UInt64(seed))
    #expect(gateway.count == 1)
    #expect(terminal.count == 1)
    #expect(link.link.isLoggedOn && session.session.isLoggedOn)

    session.write { _, _, outgoing in
      _ = outgoing.append(OrderEntry.ResumeComplete(lastReportSequence: 41))
    }
    #expect(link.send(Samples.order()) == .written)
    #expect(link.send(Samples.cancel) == .written)
    (terminal, gateway) = Self.carry(link, session, seed: UInt64(seed))
    #expect(gateway == [.newOrder(Samples.order()), .cancelOrder(Samples.cancel)])
    #expect(terminal == [.resumed(last: 41, firstAvailable: 0)])

    #expect(session.end(.shuttingDown))
    (terminal, gateway) = Self.carry(link, session, seed: UInt64(seed))
    #expect(terminal == [.ended(.gatewayEnded, .shuttingDown, isFinal: false)])
  }

  @Test func theTerminalsGoodbyeEndsBoth() {
    let link = TerminalLinkBench()
    let session = TerminalSessionBench()
    _ = link.timeReaches(0)
    link.connect()
    _ = Self.carry(link, session, seed: 1)
    link.write { link, now, outgoing in _ = link.stop(at: now, into: &outgoing) }
    let (terminal, gateway) = Self.carry(link, session, seed: 1)
    #expect(gateway == [.ended(TerminalSessionEnd(.requested))])
    #expect(terminal == [])
  }

  @Test func twoThatHaveNothingToSayStayTogetherForAnHour() {
    let link = TerminalLinkBench(heartbeatSeconds: 7)
    let session = TerminalSessionBench()
    _ = link.timeReaches(0)
    link.connect()
    _ = Self.carry(link, session, seed: 1)
    session.write { _, _, outgoing in
      _ = outgoing.append(OrderEntry.ResumeComplete(lastReportSequence: 0))
    }
    var now: Int64 = 0
    var heartbeats = 0
    while now < seconds(3_600) {
      now = min(link.link.deadline, session.session.deadline)
      #expect(link.timeReaches(now) == .nothing)
      #expect(session.timeReaches(now) == .nothing)
      heartbeats += templates(of: link.sent).count
      _ = Self.carry(link, session, seed: 1)
    }
    #expect(link.link.isLoggedOn && session.session.isLoggedOn)
    #expect((500...520).contains(heartbeats))
  }

  @Test func aTerminalThatGoesAwayWithoutAWordIsNoticedByBoth() {
    let link = TerminalLinkBench(heartbeatSeconds: 10)
    let session = TerminalSessionBench()
    _ = link.timeReaches(0)
    link.connect()
    _ = Self.carry(link, session, seed: 1)
    var linkEnd: Int64 = 0
    var sessionEnd: Int64 = 0
    // Nothing is carried any more.
    for second in 1...30 {
      if linkEnd == 0, case .ended = link.timeReaches(seconds(Double(second))) {
        linkEnd = Int64(second)
      }
      if sessionEnd == 0, case .ended = session.timeReaches(seconds(Double(second))) {
        sessionEnd = Int64(second)
      }
    }
    #expect(linkEnd == 25 && sessionEnd == 25)
  }
}
