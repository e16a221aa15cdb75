import Domain
import Session
import Testing
import Wire

@Suite struct TerminalSessionTests {
  // MARK: Logon

  @Test func aLogonWaitsForItsVerdictAndWhatFollowsWaitsWithIt() {
    let bench = TerminalSessionBench()
    bench.acceptsLogons = false
    let seen = bench.receive(frameBytes(Samples.logon()) + frameBytes(Samples.order()))
    #expect(seen == [.logon(Samples.logon()), .waitForVerdict])
    #expect(bench.sent.isEmpty)
    #expect(!bench.session.isLoggedOn)
    bench.write { $0.logonAccepted(TerminalSessionBench.acceptance, at: $1, into: &$2) }
    #expect(bench.session.isLoggedOn)
    #expect(bench.read() == [.newOrder(Samples.order())])
  }

  @Test func anAcceptedLogonIsToldTheTerms() {
    let bench = TerminalSessionBench(
      TerminalSessionTerms(messagesPerSecond: 200, maxInFlight: 64))
    _ = bench.receive(frameBytes(Samples.logon(heartbeatIntervalSeconds: 15)))
    let accepted = only(OrderEntry.LogonAccepted.self, in: bench.sent)
    #expect(
      accepted
        == OrderEntry.LogonAccepted(
          sessionEpoch: 7, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
          heartbeatIntervalSeconds: 15, schemaVersion: OrderEntry.version, maxInFlight: 64,
          messagesPerSecond: 200, nextReportSequence: 42))
  }

  @Test(arguments: [(0, 30), (1, 1), (60, 60), (61, 60), (65_535, 60)] as [(UInt16, UInt16)])
  func aHeartbeatIntervalOutsideTheRangeIsTakenAsTheNearest(asked: UInt16, holds: UInt16) {
    let bench = TerminalSessionBench.loggedOn(heartbeatSeconds: asked)
    #expect(bench.session.heartbeatIntervalSeconds == holds)
  }

  @Test func aRefusedLogonEndsWithReasonAndRule() {
    let bench = TerminalSessionBench()
    bench.acceptsLogons = false
    _ = bench.receive(frameBytes(Samples.logon()))
    bench.write { session, now, outgoing in
      session.logonRefused(
        TerminalSessionEnd(.busy, rule: .loginBusy, retryAfterMilliseconds: 250), at: now,
        into: &outgoing)
    }
    let logout = only(OrderEntry.Logout.self, in: bench.sent)
    #expect(logout?.reason == .busy)
    #expect(logout?.rule == RuleID.loginBusy.rawValue)
    #expect(logout?.retryAfterMilliseconds == 250)
    #expect(bench.session.isEnded)
  }

  @Test(arguments: [
    frameBytes(Samples.order()), frameBytes(Samples.cancel), frameBytes(Samples.massCancel),
    frameBytes(Samples.subscribe), frameBytes(Samples.instruments),
    frameBytes(OrderEntry.Heartbeat()), frameBytes(OrderEntry.ExecutionReport()),
  ])
  func aMessageBeforeLogonEndsTheConnection(first: [UInt8]) {
    let bench = TerminalSessionBench()
    let seen = bench.receive(first + frameBytes(Samples.logon()))
    #expect(seen == [.ended(TerminalSessionEnd(.notLoggedOn))])
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == .notLoggedOn)
    #expect(bench.unread.isEmpty)
  }

  @Test func aSecondLogonEndsTheSession() {
    let bench = TerminalSessionBench.loggedOn()
    let seen = bench.receive(frameBytes(Samples.logon()))
    #expect(seen == [.ended(TerminalSessionEnd(.unexpectedMessage))])
  }

  @Test func noLogonInTimeEndsTheConnection() {
    let bench = TerminalSessionBench()
    #expect(bench.session.deadline == seconds(10))
    #expect(bench.timeReaches(seconds(10) - 1) == .nothing)
    #expect(bench.timeReaches(seconds(10)) == .ended(TerminalSessionEnd(.logonTimeout)))
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == .logonTimeout)
  }

  @Test func partsOfALogonDoNotMoveTheDeadline() {
    let bench = TerminalSessionBench()
    for byte in frameBytes(Samples.logon()).dropLast() {
      bench.now += seconds(0.05)
      #expect(bench.receive([byte]) == [])
    }
    #expect(bench.session.deadline == seconds(10))
  }

  @Test func aVerdictThatNeverComesEndsTheConnection() {
    let bench = TerminalSessionBench()
    bench.acceptsLogons = false
    _ = bench.receive(frameBytes(Samples.logon()))
    #expect(bench.timeReaches(seconds(30)) == .ended(TerminalSessionEnd(.unavailable)))
    // It comes after all: too late.
    bench.sent = []
    bench.write { $0.logonAccepted(TerminalSessionBench.acceptance, at: $1, into: &$2) }
    #expect(bench.sent.isEmpty)
  }

  @Test(arguments: [
    OrderEntry.Logon(account: text([0x61, 0x0A]), schemaVersion: 1),
    OrderEntry.Logon(account: text([0x61, 0x00, 0x61]), schemaVersion: 1),
    OrderEntry.Logon(
      account: Name("a")!, terminalName: text([0xC3, 0x28]), schemaVersion: 1),
    OrderEntry.Logon(
      account: Name("a")!, terminalVersion: text([0x80]), schemaVersion: 1),
  ])
  func aLogonWhoseNamesAreNotTextIsABadFrame(logon: OrderEntry.Logon) {
    let bench = TerminalSessionBench()
    #expect(bench.receive(frameBytes(logon)) == [.ended(end(.badFrame, .textMalformed))])
  }

  @Test func aLogonWithoutSchemaVersionIsNotServed() {
    let bench = TerminalSessionBench()
    var logon = Samples.logon()
    logon.schemaVersion = 0
    #expect(
      bench.receive(frameBytes(logon)) == [.ended(end(.versionUnsupported, .unknownVersion(0)))])
  }

  // MARK: Messages

  static let stream: [(bytes: [UInt8], seen: Seen?)] = [
    (frameBytes(Samples.order("a-1")), .newOrder(Samples.order("a-1"))),
    (frameBytes(Samples.cancel), .cancelOrder(Samples.cancel)),
    (frameBytes(OrderEntry.Heartbeat()), nil),
    (frameBytes(Samples.massCancel), .massCancel(Samples.massCancel)),
    (frameBytes(Samples.subscribe), .subscribeTicks(Samples.subscribe)),
    (bareFrame(schema: 1, template: 99), nil),
    (frameBytes(Samples.unsubscribe), .unsubscribeTicks(Samples.unsubscribe)),
    (frameBytes(Samples.instruments), .instrumentsRequest(Samples.instruments)),
    (frameBytes(Samples.query), .query(Samples.query)),
    (frameBytes(Samples.subscribeAccount), .subscribeAccount(Samples.subscribeAccount)),
    (frameBytes(Samples.tryOrder), .tryOrder(Samples.tryOrder)),
    (frameBytes(Samples.whyOrder), .whyOrder(Samples.whyOrder)),
    (frameBytes(Samples.roomRequest), .roomRequest(Samples.roomRequest)),
    (frameBytes(Samples.order("a-2", lots: -1)), .newOrder(Samples.order("a-2", lots: -1))),
  ]

  @Test func manyMessagesInOneReadComeOneAfterTheOther() {
    let bench = TerminalSessionBench.loggedOn()
    let seen = bench.receive(Self.stream.flatMap(\.bytes))
    #expect(seen == Self.stream.compactMap(\.seen))
    #expect(bench.unread.isEmpty)
  }

  @Test(arguments: 0..<200)
  func howTheBytesAreCutChangesNothing(seed: Int) {
    let whole = TerminalSessionBench()
    let cut = TerminalSessionBench()
    let bytes = frameBytes(Samples.logon()) + Self.stream.flatMap(\.bytes)
    let expected = whole.receive(bytes)
    var seen: [Seen] = []
    for piece in chunks(of: bytes, seed: UInt64(seed)) { seen += cut.receive(piece) }
    #expect(seen == expected)
    #expect(cut.sent == whole.sent)
  }

  @Test func everyPrefixOfAMessageWaitsForTheRest() {
    let bytes = frameBytes(Samples.order())
    for length in 0..<bytes.count {
      let bench = TerminalSessionBench.loggedOn()
      #expect(bench.receive(Array(bytes[..<length])) == [])
      #expect(bench.unread.count == length)
      #expect(bench.receive(Array(bytes[length...])) == [.newOrder(Samples.order())])
    }
  }

  @Test func anUnknownTemplateIsRejectedAndTheSessionGoesOn() {
    let bench = TerminalSessionBench.loggedOn()
    let seen = bench.receive(
      bareFrame(schema: 1, template: 99) + frameBytes(Samples.order()))
    #expect(seen == [.newOrder(Samples.order())])
    let reject = only(OrderEntry.BusinessReject.self, in: bench.sent)
    #expect(reject?.refTemplateID == 99)
    #expect(reject?.refusal.rule == RuleID.badCommand.rawValue)
  }

  @Test func anEnumValueNobodyKnowsIsForARuleToRefuse() {
    let bench = TerminalSessionBench.loggedOn()
    var order = Samples.order()
    order.side = .unknown
    #expect(bench.receive(frameBytes(order)) == [.newOrder(order)])
  }

  @Test(
    arguments: [
      [], [0x61, 0x00, 0x62], [0x0A], [0x61, 0x7F], [0x61, 0x80], [0x1F],
      Array(repeating: 0x61, count: 19) + [0xFF], Array(repeating: 0x61, count: 8) + [0, 0x61],
      Array(repeating: 0x61, count: 16) + [0, 0x61],
    ] as [[UInt8]])
  func anIDThatIsNoCodeIsRejectedWithoutAnEcho(id: [UInt8]) {
    let bench = TerminalSessionBench.loggedOn()
    var order = Samples.order()
    order.clOrdID = text(id)
    var cancel = Samples.cancel
    cancel.requestID = text(id)
    var massCancel = Samples.massCancel
    massCancel.requestID = text(id)
    for bytes in [frameBytes(order), frameBytes(cancel), frameBytes(massCancel)] {
      #expect(bench.receive(bytes) == [])
      let reject = only(OrderEntry.BusinessReject.self, in: bench.takeSent())
      #expect(reject?.refRequestID == ClOrdID())
      #expect(reject?.refusal.rule == RuleID.badCommand.rawValue)
    }
    #expect(bench.receive(frameBytes(Samples.order())) == [.newOrder(Samples.order())])
  }

  @Test func everyByteInEveryPlaceOfAnIDIsJudgedAsTheSlowWayDoes() {
    for place in 0..<20 {
      for byte in UInt8.min...UInt8.max {
        var id = ClOrdID(String(repeating: "x", count: 20))!
        id.bytes[place] = byte
        let bench = TerminalSessionBench.loggedOn()
        var order = Samples.order()
        order.clOrdID = id
        let passes = !bench.receive(frameBytes(order)).isEmpty
        #expect(passes == (id.isCode && !id.isEmpty), "\(byte) at \(place)")
      }
    }
  }

  @Test(arguments: [
    (frameBytes(OrderEntry.ExecutionReport()), end(.unexpectedMessage)),
    (frameBytes(OrderEntry.LogonAccepted()), end(.unexpectedMessage)),
    (frameBytes(OrderEntry.Tick()), end(.unexpectedMessage)),
    (frameBytes(OrderEntry.Logout(reason: .requested)), end(.requested)),
    (bareFrame(schema: 2, template: 10), end(.unknownMessage, .unknownSchema(2))),
    (
      bareFrame(schema: 1, template: 10, version: 0), end(.versionUnsupported, .unknownVersion(0))
    ),
    ([0, 0, 0, 13], end(.badFrame, .frameTooShort(length: 13))),
    ([0, 0, 16, 1], end(.badFrame, .frameTooLong(length: 4_097, limit: 4_096))),
    (Array("GET / HTTP".utf8), end(.badFrame, .frameTooLong(length: 0x4745_5420, limit: 4_096))),
  ])
  func whatHasNoPlaceEndsTheSessionWithItsReason(bytes: [UInt8], end: TerminalSessionEnd) {
    let bench = TerminalSessionBench.loggedOn()
    let seen = bench.receive(bytes + frameBytes(Samples.order()))
    #expect(seen == [.ended(end)])
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == end.reason)
    #expect(bench.receive(frameBytes(Samples.order())) == [])
  }

  @Test(arguments: 0..<300)
  func aChangedByteIsAnEventOrAnEndButNeverATrap(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var bytes = frameBytes(Samples.logon()) + Self.stream.flatMap(\.bytes)
    for _ in 0..<4 {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
    }
    let bench = TerminalSessionBench()
    for piece in chunks(of: bytes, seed: UInt64(seed)) {
      let seen = bench.receive(piece)
      if bench.session.isEnded { #expect(bench.unread.isEmpty || seen.last != nil) }
    }
  }
}

/// Any bytes as a text, good or bad.
func text<let capacity: Int>(_ bytes: [UInt8]) -> FixedText<capacity> {
  var text = FixedText<capacity>()
  for (index, byte) in bytes.enumerated() { text.bytes[index] = byte }
  return text
}

func end(
  _ reason: OrderEntry.LogoutReason, _ fault: WireError? = nil
) -> TerminalSessionEnd {
  TerminalSessionEnd(reason, fault: fault)
}
