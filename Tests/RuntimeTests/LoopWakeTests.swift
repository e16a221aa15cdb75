import Dispatch
import Glibc
import Testing

@testable import Runtime

/// What wakes a loop besides sockets.
@Suite(.timeLimit(.minutes(10))) struct LoopWakeTests {
  @Test func timersFireInOrderAndNeverEarly() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let started = loop.now
    let script = Script()
    var fired: [Int] = []
    script.onTimer = { timer, loop in
      fired.append(timer)
      #expect(loop.now - started >= Int64(timer) * 5_000_000)
    }
    for timer in [3, 1, 2, 4] { loop.startTimer(timer, afterNanoseconds: Int64(timer) * 5_000_000) }
    loop.stopTimer(4)
    script.isDone = { fired.count == 3 }
    script.run(&loop)
    #expect(fired == [1, 2, 3])
  }

  /// libuv's milliseconds begin before the timer does, and what is asked may end within one.
  @Test func noPartOfAMillisecondIsCutOff() throws {
    var limits = LoopLimits(connections: 1)
    // A sleep in between would hide it.
    limits.isSpinning = true
    var loop = try EventLoop(limits)
    let script = Script()
    let asked: Int64 = 999_999
    var started: Int64 = 0
    var count = 0
    func start(_ loop: inout EventLoop) {
      started = Self.monotonicNanoseconds()
      loop.startTimer(0, afterNanoseconds: asked)
    }
    start(&loop)
    script.onTimer = { _, loop in
      #expect(loop.now - started >= asked)
      count += 1
      if count < 20 { start(&loop) }
    }
    script.isDone = { count == 20 }
    script.run(&loop)
  }

  /// libuv runs such a timer before it looks for anything else, and would then wait for that.
  @Test func aTimerThatIsOverdueBeforeTheTurnIsNotSleptOn() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let script = Script()
    var fired = false
    script.onTimer = { _, _ in fired = true }
    script.isDone = { fired }
    loop.startTimer(0, afterNanoseconds: 1_000_000)
    let due = Self.monotonicNanoseconds() + 4_000_000
    while Self.monotonicNanoseconds() < due {}
    script.run(&loop)
    #expect(fired)
  }

  private static func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  @Test func aTimerStartedAgainFiresOnce() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let script = Script()
    var fired: [Int] = []
    loop.startTimer(0, afterNanoseconds: 1_000_000)
    loop.startTimer(0, afterNanoseconds: 10_000_000)
    loop.startTimer(1, afterNanoseconds: 30_000_000)
    script.onTimer = { timer, _ in fired.append(timer) }
    script.isDone = { fired.last == 1 }
    script.run(&loop)
    #expect(fired == [0, 1])
  }

  @Test func manyWakesOfOtherThreadsAreHeard() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let waker = loop.makeWaker()
    let script = Script()
    var woken = 0
    script.onWoken = { _ in woken += 1 }
    script.isDone = { woken > 0 }
    DispatchQueue.global().async { for _ in 0..<1000 { waker.wake() } }
    script.run(&loop)
    #expect(woken >= 1 && woken <= 1000)
  }

  @Test func aWakerMayOutliveItsLoop() throws {
    let waker = try EventLoop(LoopLimits(connections: 1)).makeWaker()
    waker.wake()
  }

  @Test func aSignalIsAnEvent() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    loop.watch(signal: SIGUSR2)
    let script = Script()
    kill(getpid(), SIGUSR2)
    script.run(&loop)
    #expect(script.signals == [SIGUSR2])
  }

  @Test func aLoopThatWasStoppedRunsAgain() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let script = Script()
    script.isDone = { true }
    for _ in 0..<2 {
      loop.makeWaker().wake()
      script.run(&loop)
    }
    let turns = loop.counts.turns
    #expect(turns == 2)
  }
}
