import Domain
import Session
import Testing
import Wire

private typealias Bench = TerminalLinkBench

@Suite struct TerminalLinkTests {
  static let id = ClOrdID("a")!

  // MARK: Logon

  @Test func aLinkConnectsAtOnceAndLogsOnWithItsLastReport() {
    let bench = Bench(lastReportSequence: 17)
    #expect(bench.timeReaches(0) == .connect)
    bench.connect()
    let logon = only(OrderEntry.Logon.self, in: bench.sent)
    #expect(logon?.account == Name("alice")!)
    #expect(logon?.lastReportSequence == 17)
    #expect(logon?.password == FixedText("secret")!)
    #expect(logon?.dayToken.isEmpty == true)
    #expect(logon?.heartbeatIntervalSeconds == 10)
  }

  @Test func missedReportsComeBeforeResumedAndNewOnesBehind() {
    let bench = Bench.loggingOn(lastReportSequence: 3)
    let accepted = Bench.accepted()
    #expect(
      bench.receive([
        accepted, Bench.report(4), Bench.report(5), Bench.resumeComplete(5), Bench.report(6),
      ]) == [
        .loggedOn(accepted), .report(4, Self.id), .report(5, Self.id),
        .resumed(last: 5, firstAvailable: 0), .report(6, Self.id),
      ])
    #expect(bench.link.lastReportSequence == 6)
    #expect(bench.link.lastTradingDay == Bench.day)
  }

  @Test func whatTheGatewayHasNotKeptIsSaid() {
    let bench = Bench.loggingOn(lastReportSequence: 3)
    let seen = bench.receive([
      Bench.accepted(), Bench.report(8),
      OrderEntry.ResumeTruncated(firstAvailableSequence: 8, lastReportSequence: 8),
      Bench.report(9),
    ])
    #expect(
      seen.dropFirst() == [
        .report(8, Self.id), .resumed(last: 8, firstAvailable: 8), .report(9, Self.id),
      ])
  }

  @Test func reportsThatWereNotReplayedAreSkippedByTheEndMark() {
    let bench = Bench.loggingOn()
    let seen = bench.receive([Bench.accepted(), Bench.resumeComplete(41), Bench.report(42)])
    #expect(
      seen.dropFirst() == [.resumed(last: 41, firstAvailable: 0), .report(42, Self.id)])
  }

  @Test func aDuplicateIsDroppedAndAReportOutsideTheSequenceIsNot() {
    let bench = Bench.loggedOn(lastReportSequence: 5)
    #expect(
      bench.receive([Bench.report(5), Bench.report(6), Bench.report(6), Bench.report(0)])
        == [.report(6, Self.id), .report(0, Self.id)])
  }

  @Test func aGapEndsTheConnectionAndTheNextLogonAsksForIt() {
    let bench = Bench.loggedOn(lastReportSequence: 5)
    #expect(
      bench.receive([Bench.report(7), Bench.report(8)])
        == [.ended(.reportsMissed(expected: 6, found: 7), .unknown, isFinal: false)])
    #expect(bench.disconnected() == nil)
    #expect(bench.timeReaches(bench.link.deadline) == .connect)
    bench.sent = []
    bench.connect()
    #expect(only(OrderEntry.Logon.self, in: bench.sent)?.lastReportSequence == 5)
  }

  @Test func theDayTokenSparesThePasswordNextTime() {
    let bench = Bench.loggingOn()
    _ = bench.receive([Bench.accepted(token: "t0k3n"), Bench.resumeComplete(0)])
    _ = bench.disconnected()
    _ = bench.timeReaches(bench.link.deadline)
    bench.sent = []
    bench.connect()
    let logon = only(OrderEntry.Logon.self, in: bench.takeSent())
    #expect(logon?.dayToken == FixedText("t0k3n")!)
    #expect(logon?.password.isEmpty == true)
    // A token that is worth nothing any more: the password is tried once.
    #expect(
      bench.receive([OrderEntry.Logout(reason: .refused)])
        == [.ended(.gatewayEnded, .refused, isFinal: false)])
    _ = bench.disconnected()
    #expect(bench.link.deadline - bench.now <= 1_000_000_000, "the gateway is there: soon")
    _ = bench.timeReaches(bench.link.deadline)
    bench.connect()
    #expect(only(OrderEntry.Logon.self, in: bench.sent)?.password == FixedText("secret")!)
    #expect(
      bench.receive([OrderEntry.Logout(reason: .refused)])
        == [.ended(.gatewayEnded, .refused, isFinal: true)])
    _ = bench.disconnected()
    #expect(bench.link.isStopped)
  }

  /// New reports of a gateway that has lost its own would read as old ones.
  @Test(arguments: [
    (UInt64(5), UInt64(3), true), (6, 2, true), (4, 3, true), (6, 3, false), (0, 3, true),
  ])
  func aGatewayThatHasLostWhatItToldIsNotGoneOnWith(
    next: UInt64, epoch: UInt64, isForgotten: Bool
  ) {
    let bench = Bench.loggingOn()
    _ = bench.receive([Bench.accepted(epoch: 2), Bench.resumeComplete(4), Bench.report(5)])
    _ = bench.disconnected()
    _ = bench.timeReaches(bench.link.deadline)
    bench.connect()
    bench.sent = []
    let accepted = Bench.accepted(epoch: epoch, next: next)
    guard isForgotten else {
      #expect(bench.receive([accepted]) == [.loggedOn(accepted)])
      return
    }
    let newest = max(next, 1) - 1
    #expect(
      bench.receive([accepted, Bench.report(1)])
        == [.ended(.reportsForgotten(newest: newest, seen: 5), .unknown, isFinal: true)])
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == .requested)
    _ = bench.disconnected()
    #expect(bench.link.isStopped)
  }

  /// The gateway notices late that a connection broke: until then the account has its session.
  @Test func whoWasLoggedOnTriesAgainWhileItsOldSessionCounts() {
    let refused = OrderEntry.Logout(reason: .refused, rule: RuleID.oneSession.rawValue)
    let stranger = Bench.loggingOn()
    #expect(stranger.receive([refused]) == [.ended(.gatewayEnded, .refused, isFinal: true)])

    let bench = Bench.loggingOn()
    _ = bench.receive([Bench.accepted(token: "t0k3n"), Bench.resumeComplete(0)])
    _ = bench.disconnected()
    var pause: Int64 = 0
    for _ in 0..<4 {
      let before = bench.now
      _ = bench.timeReaches(bench.link.deadline)
      pause = bench.now - before
      bench.sent = []
      bench.connect()
      // The token is as good as it was.
      let logon = only(OrderEntry.Logon.self, in: bench.sent)
      #expect(logon?.dayToken == FixedText("t0k3n")!)
      #expect(bench.receive([refused]) == [.ended(.gatewayEnded, .refused, isFinal: false)])
      _ = bench.disconnected()
    }
    #expect(pause >= seconds(2))
    _ = bench.timeReaches(bench.link.deadline)
    bench.connect()
    let accepted = Bench.accepted(epoch: 2)
    #expect(bench.receive([accepted]) == [.loggedOn(accepted)])
  }

  // MARK: Ends

  @Test(
    arguments: [
      (.refused, true), (.replaced, true), (.dropped, true), (.versionUnsupported, true),
      (.busy, false), (.shuttingDown, false), (.unavailable, false), (.slowReader, false),
      (.heartbeatTimeout, false), (.unknown, false),
    ] as [(OrderEntry.LogoutReason, Bool)])
  func aLogoutIsFinalWhenAnotherTryWouldEndTheSame(
    reason: OrderEntry.LogoutReason, isFinal: Bool
  ) {
    let bench = Bench.loggingOn()
    #expect(
      bench.receive([OrderEntry.Logout(reason: reason)])
        == [.ended(.gatewayEnded, reason, isFinal: isFinal)])
    #expect(bench.sent.isEmpty)
    #expect(bench.disconnected() == nil)
    #expect(bench.link.isStopped == isFinal)
  }

  @Test func aBusyGatewayIsTriedAgainWhenItSaid() {
    let bench = Bench.loggingOn()
    _ = bench.receive([OrderEntry.Logout(reason: .busy, retryAfterMilliseconds: 5_000)])
    _ = bench.disconnected()
    #expect(bench.link.deadline == seconds(5))
  }

  @Test func theRuleThatRefusedIsSaid() {
    let bench = Bench.loggingOn()
    bench.unread = frameBytes(
      OrderEntry.Logout(reason: .refused, rule: RuleID.ipWhitelist.rawValue))
    bench.unread.withUnsafeBytes { bytes in
      var incoming = IncomingBytes(bytes)
      bench.write { link, now, outgoing in
        guard case .ended(let end) = link.next(in: &incoming, at: now, into: &outgoing) else {
          Issue.record("an end")
          return
        }
        #expect(end.rule == .ipWhitelist)
      }
    }
  }

  @Test func withoutReconnectingEveryEndIsFinal() {
    let bench = TerminalLinkBench(reconnects: false)
    _ = bench.timeReaches(0)
    #expect(bench.disconnected() == .ended(.connectFailed, .unknown, isFinal: true))
    #expect(bench.link.isStopped)
    #expect(bench.link.deadline == SessionTiming.never)
  }

  @Test func goodbyeIsSaidAndTheLinkStaysDown() {
    let bench = Bench.loggedOn()
    bench.sent = []
    bench.write { link, now, outgoing in
      #expect(link.stop(at: now, into: &outgoing)?.isFinal == true)
    }
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == .requested)
    #expect(bench.disconnected() == nil)
    #expect(bench.link.isStopped)
    #expect(bench.link.deadline == SessionTiming.never)
  }

  @Test func aHeartbeatIsSentAndSilenceEnds() {
    let bench = Bench.loggedOn()
    bench.sent = []
    #expect(bench.timeReaches(seconds(10)) == .nothing)
    #expect(templates(of: bench.sent) == [OrderEntry.Heartbeat.templateID])
    #expect(bench.timeReaches(seconds(25) - 1) == .nothing)
    guard case .ended(let end) = bench.timeReaches(seconds(25)) else {
      Issue.record("an end")
      return
    }
    #expect(end.cause == .silence && end.wasLoggedOn)
  }

  @Test func nothingIsSentWhenNotLoggedOn() {
    let resting = Bench()
    let loggingOn = Bench.loggingOn()
    let loggedOn = Bench.loggedOn()
    loggedOn.sent = []
    #expect(resting.send(Samples.order()) == .notLoggedOn)
    #expect(loggingOn.send(Samples.order()) == .notLoggedOn)
    #expect(loggedOn.send(Samples.order()) == .written)
    #expect(templates(of: loggedOn.sent) == [OrderEntry.NewOrder.templateID])
    loggedOn.room = 50
    #expect(loggedOn.send(Samples.order()) == .noRoom)
  }

  // MARK: Bytes

  static let conversation: [any WireMessage] = [
    Bench.accepted(), Bench.report(1), Bench.resumeComplete(1), OrderEntry.Heartbeat(),
    Bench.report(2), Bench.report(2), OrderEntry.MassCancelReport(orders: 3),
    OrderEntry.Tick(last: Price(units: 7)),
    OrderEntry.BusinessReject(refTemplateID: 12), OrderEntry.AccountUpdate(),
    OrderEntry.PositionUpdate(), OrderEntry.InstrumentDefinition(), OrderEntry.InstrumentsEnd(),
    Bench.report(0), OrderEntry.Logout(reason: .shuttingDown),
  ]

  @Test(arguments: 0..<200)
  func howTheBytesAreCutChangesNothing(seed: Int) {
    let bytes = Self.conversation.flatMap { frameBytes($0) }
    let whole = Bench.loggingOn()
    let cut = Bench.loggingOn()
    let expected = whole.receive(bytes)
    #expect(expected.count == 13)
    var seen: [TerminalSeen] = []
    for piece in chunks(of: bytes, seed: UInt64(seed)) { seen += cut.receive(piece) }
    #expect(seen == expected)
  }

  @Test(arguments: 0..<300)
  func aChangedByteIsAnEventOrAnEndButNeverATrap(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var bytes = Self.conversation.flatMap { frameBytes($0) }
    for _ in 0..<3 {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
    }
    let bench = Bench.loggingOn()
    for piece in chunks(of: bytes, seed: UInt64(seed)) { _ = bench.receive(piece) }
    #expect(bench.unread.count <= Framing.outboundMaximum)
  }
}
