import Domain
import Session
import Testing
import Wire

private typealias Bench = CounterLinkBench

@Suite struct CounterLinkTimeTests {
  @Test func theFirstFundsAreAskedForOnceReadyAndThenEachInterval() {
    let bench = Bench.ready()
    #expect(bench.link.deadline == 0)
    var asked: [Int64] = []
    while bench.now < seconds(16) {
      #expect(bench.timeReaches(bench.link.deadline) == .nothing)
      if templates(of: bench.takeSent()).contains(CounterProtocol.FundsRequest.templateID) {
        asked.append(bench.now)
      }
      _ = bench.receive([CounterProtocol.FundsReport(equity: Money(yuan: 1))])
    }
    #expect(asked == [0, 5, 10, 15, 20].map { seconds($0) })
  }

  @Test func aHeartbeatIsSentWhenNothingElseWas() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0)])
    bench.sent = []
    #expect(bench.timeReaches(seconds(10) - 1) == .nothing)
    #expect(bench.sent.isEmpty)
    #expect(bench.timeReaches(seconds(10)) == .nothing)
    #expect(templates(of: bench.sent) == [CounterProtocol.Heartbeat.templateID])
  }

  @Test func silenceEndsTheLink() {
    let bench = Bench.ready()
    for second in 0..<25 { #expect(bench.timeReaches(seconds(Double(second))) == .nothing) }
    #expect(ended(bench.timeReaches(seconds(25))) == .silence)
  }

  @Test func aLoginWithoutAnswerEnds() {
    let bench = Bench.loggingIn()
    #expect(bench.timeReaches(seconds(10) - 1) == .nothing)
    #expect(ended(bench.timeReaches(seconds(10))) == .noAnswer)
  }

  @Test func aConnectionThatDoesNotStandInTimeIsGivenUp() {
    let bench = CounterLinkBench()
    #expect(bench.timeReaches(0) == .connect)
    #expect(ended(bench.timeReaches(seconds(5))) == .connectFailed)
    #expect(bench.sent.isEmpty)
    #expect(bench.disconnected() == nil)
  }

  @Test func aResyncThatBringsNothingForAMinuteEnds() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 2)])
    for second in 1...50 {
      _ = bench.timeReaches(seconds(Double(second)))
      _ = bench.receive([CounterProtocol.Heartbeat()])
    }
    #expect(bench.receive([Bench.order(1)]) == [.order(1, .accepted)])
    for second in 51..<110 {
      #expect(bench.timeReaches(seconds(Double(second))) == .nothing)
      _ = bench.receive([CounterProtocol.Heartbeat()])
    }
    #expect(ended(bench.timeReaches(seconds(110))) == .noAnswer)
  }

  @Test func aGapThatIsNeverFilledEndsThoughTheCounterIsAlive() {
    let bench = Bench.ready()
    _ = bench.receive([Bench.order(2)])
    for second in 1..<60 {
      #expect(bench.timeReaches(seconds(Double(second))) == .nothing)
      _ = bench.receive([CounterProtocol.Heartbeat()])
    }
    #expect(ended(bench.timeReaches(seconds(60))) == .noAnswer)
  }

  @Test(arguments: 0..<50)
  func thePauseBetweenTriesDoublesUpToHalfAMinute(seed: Int) {
    let bench = CounterLinkBench(seed: UInt64(seed))
    for longest in [1, 2, 4, 8, 16, 30, 30, 30] {
      #expect(bench.timeReaches(bench.link.deadline) == .connect)
      bench.now += seconds(0.1)
      #expect(bench.disconnected() == .ended(.connectFailed, wasUp: false))
      let pause = bench.link.deadline - bench.now
      #expect(pause > seconds(Double(longest)) / 2 && pause <= seconds(Double(longest)))
    }
  }

  @Test func twoLinksDoNotComeBackAtTheSameMoment() {
    let pauses = (0..<20).map { seed in
      let bench = CounterLinkBench(seed: UInt64(seed))
      _ = bench.timeReaches(0)
      _ = bench.disconnected()
      return bench.link.deadline
    }
    #expect(Set(pauses).count == pauses.count)
  }

  @Test func aLinkThatWasReadyIsTriedAgainSoon() {
    let bench = CounterLinkBench()
    for _ in 0..<5 {
      _ = bench.timeReaches(bench.link.deadline)
      _ = bench.disconnected()
    }
    _ = bench.timeReaches(bench.link.deadline)
    bench.connect()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0), Bench.reportsEnd(1, last: 0)])
    _ = bench.askFate(0)
    #expect(bench.link.isReady)
    #expect(bench.disconnected() == .ended(.connectionLost, wasUp: true))
    #expect(bench.link.deadline - bench.now <= seconds(1))
  }

  @Test func aRefusedLoginIsNotTriedAgainSoon() {
    let bench = Bench.loggingIn()
    #expect(
      bench.receive([CounterProtocol.LoginRejected(reason: .refused)])
        == [.ended(.loginRefused, wasUp: false)])
    #expect(bench.disconnected() == nil)
    #expect(bench.link.deadline - bench.now > seconds(15))
  }

  @Test func aStoppedLinkSaysGoodbyeAndStaysDown() {
    let bench = Bench.ready()
    bench.write { link, now, outgoing in
      #expect(link.stop(at: now, into: &outgoing)?.cause == .requested)
    }
    #expect(only(CounterProtocol.Logout.self, in: bench.sent)?.reason == .requested)
    #expect(bench.disconnected() == nil)
    #expect(bench.link.deadline == SessionTiming.never)
    #expect(bench.timeReaches(seconds(1_000)) == .nothing)
  }

  @Test func lastWordsThatNobodyReadsEndInACut() {
    let bench = Bench.ready()
    _ = bench.receive([CounterProtocol.Login()])
    #expect(bench.timeReaches(seconds(5) - 1) == .nothing)
    #expect(bench.timeReaches(seconds(5)) == .cut)
  }

  func ended(_ timeout: CounterLinkTimeout) -> CounterLinkEnd.Cause? {
    if case .ended(let end) = timeout { end.cause } else { nil }
  }
}
