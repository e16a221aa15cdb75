import Domain
import Session
import Testing
import Wire

@Suite struct TerminalSessionTimeTests {
  @Test func aSilentGatewaySendsAHeartbeatEachInterval() {
    let bench = TerminalSessionBench.loggedOn(heartbeatSeconds: 10)
    #expect(bench.session.deadline == seconds(10))
    #expect(bench.timeReaches(seconds(10) - 1) == .nothing)
    #expect(bench.sent.isEmpty)
    #expect(bench.timeReaches(seconds(10)) == .nothing)
    #expect(templates(of: bench.takeSent()) == [OrderEntry.Heartbeat.templateID])
    #expect(bench.timeReaches(seconds(20)) == .nothing)
    #expect(templates(of: bench.takeSent()) == [OrderEntry.Heartbeat.templateID])
  }

  @Test func aWordSentInTimeSparesTheHeartbeat() {
    let bench = TerminalSessionBench.loggedOn(heartbeatSeconds: 10)
    bench.session.wordSent(at: seconds(9))
    #expect(bench.timeReaches(seconds(10)) == .nothing)
    #expect(bench.sent.isEmpty)
    #expect(bench.session.deadline == seconds(19))
  }

  @Test func twoAndAHalfIntervalsOfSilenceEndTheSession() {
    let bench = TerminalSessionBench.loggedOn(heartbeatSeconds: 10)
    #expect(bench.timeReaches(seconds(25) - 1) == .nothing)
    #expect(bench.timeReaches(seconds(25)) == .ended(TerminalSessionEnd(.heartbeatTimeout)))
  }

  @Test func anythingWholeThatIsHeardCountsAndPartsDoNot() {
    let bench = TerminalSessionBench.loggedOn(heartbeatSeconds: 10)
    bench.now = seconds(20)
    _ = bench.receive(frameBytes(OrderEntry.Heartbeat()))
    #expect(bench.timeReaches(seconds(44)) == .nothing)
    // A slow writer that never finishes a message is a silent one.
    _ = bench.receive(Array(frameBytes(Samples.order()).dropLast()))
    #expect(bench.timeReaches(seconds(45)) == .ended(TerminalSessionEnd(.heartbeatTimeout)))
  }

  @Test func overTheRateReadingPausesAndNothingIsLost() {
    let bench = TerminalSessionBench.loggedOn(TerminalSessionTerms(messagesPerSecond: 10))
    let orders = (1...25).map { Samples.order("a-\($0)") }
    var seen = bench.receive(orders.flatMap { frameBytes($0) })
    #expect(seen.dropLast() == orders.prefix(10).map { .newOrder($0) }[...])
    var pauses = 0
    while case .pause(let until) = seen.last {
      seen.removeLast()
      #expect(until == seconds(0.1) * Int64(pauses + 1))
      pauses += 1
      bench.now = until
      seen += bench.read()
    }
    #expect(pauses == 15)
    #expect(seen == orders.map { .newOrder($0) })
  }

  @Test func atTheRateNothingPauses() {
    let bench = TerminalSessionBench.loggedOn(TerminalSessionTerms(messagesPerSecond: 10))
    for number in 0..<100 {
      bench.now = seconds(0.1) * Int64(number)
      #expect(bench.receive(frameBytes(Samples.order())) == [.newOrder(Samples.order())])
    }
  }

  @Test func aPausedTerminalWithMessagesWaitingIsNotSilent() {
    let bench = TerminalSessionBench.loggedOn(
      TerminalSessionTerms(messagesPerSecond: 1), heartbeatSeconds: 2)
    _ = bench.receive((1...30).flatMap { frameBytes(Samples.order("a-\($0)")) })
    for second in 1...28 {
      bench.now = seconds(Double(second))
      _ = bench.read()
      #expect(bench.timeReaches(bench.now) == .nothing)
    }
  }

  @Test func atMostSoManyWaitForAnAnswer() {
    let bench = TerminalSessionBench.loggedOn(TerminalSessionTerms(maxInFlight: 2))
    bench.answersAtOnce = false
    let bytes =
      frameBytes(Samples.order("a-1")) + frameBytes(Samples.cancel)
      + frameBytes(Samples.order("a-2"))
    #expect(
      bench.receive(bytes)
        == [.newOrder(Samples.order("a-1")), .cancelOrder(Samples.cancel), .waitForAnswers])
    #expect(bench.session.inFlight == 2)
    bench.session.answered()
    #expect(bench.read() == [.newOrder(Samples.order("a-2"))])
    #expect(bench.session.inFlight == 2)
  }

  @Test func withoutRoomForAnAnswerNoMessageIsTaken() {
    let bench = TerminalSessionBench.loggedOn()
    bench.room = TerminalSessionState.answerRoom - 1
    #expect(bench.receive(bareFrame(schema: 1, template: 99)) == [.waitForRoom])
    bench.room = TerminalSessionState.answerRoom
    #expect(bench.read() == [])
    #expect(templates(of: bench.sent) == [OrderEntry.BusinessReject.templateID])
  }

  @Test func goodbyeIsSaidOnceAndThenTheConnectionIsCutIfNobodyReadsIt() {
    let bench = TerminalSessionBench.loggedOn()
    bench.now = seconds(3)
    #expect(bench.end(.shuttingDown))
    #expect(only(OrderEntry.Logout.self, in: bench.sent)?.reason == .shuttingDown)
    #expect(!bench.end(.shuttingDown))
    #expect(bench.receive(frameBytes(Samples.order())) == [])
    #expect(bench.session.deadline == seconds(8))
    #expect(bench.timeReaches(seconds(8) - 1) == .nothing)
    #expect(bench.timeReaches(seconds(8)) == .cut)
  }

  @Test func lastWordsThatFindNoRoomAreLeftOut() {
    let bench = TerminalSessionBench.loggedOn()
    bench.room = 10
    #expect(bench.end(.slowReader))
    #expect(bench.sent.isEmpty)
    #expect(bench.session.isEnded)
  }
}
