import Testing

@testable import Rings

@Suite struct RecordRingTests {
  @Test(arguments: [(1, 2), (2, 2), (3, 4), (64, 64), (65, 128)])
  func capacityIsRoundedUpToAPowerOfTwo(_ asked: Int, _ given: Int) {
    let ring = BothEnds<UInt64>(capacity: asked)
    #expect(ring.capacity == given)
  }

  @Test func aFullRingSaysSoAndTakesOneMoreForEachTakenOut() {
    let ring = BothEnds<UInt64>(capacity: 4)
    for value in UInt64(0)..<4 { #expect(ring.push(value) == .stored) }
    #expect(ring.push(4) == .full)
    #expect(ring.pop() == 0)
    #expect(ring.push(4) == .stored)
    #expect(ring.push(5) == .full)
    #expect(ring.backlog == 4)
    for value in UInt64(1)..<5 { #expect(ring.pop() == value) }
    #expect(ring.pop() == nil)
    #expect(ring.isEmpty)
  }

  @Test func aReservedSlotIsSeenOnlyWhenCommitted() throws {
    let ring = BothEnds<UInt64>(capacity: 2)
    try #require(ring.reserve()).pointee = 7
    #expect(ring.peek() == nil)
    ring.commit()
    #expect(ring.pop() == 7)
  }

  @Test func aPeekedSlotCanBeWipedBeforeItGoesBack() throws {
    let ring = BothEnds<UInt64>(capacity: 2)
    #expect(ring.push(0xDEAD) == .stored)
    let slot = try #require(ring.peek())
    #expect(slot.pointee == 0xDEAD)
    slot.pointee = 0
    ring.release()
    for _ in 0..<2 {
      #expect(try #require(ring.reserve()).pointee == 0)
      ring.commit()
    }
  }

  @Test func positionsGoOnPastTheCapacityManyTimes() {
    let ring = BothEnds<UInt64>(capacity: 8)
    var next: UInt64 = 0
    var expected: UInt64 = 0
    for round in 0..<10_000 {
      for _ in 0..<(round % 9) where ring.push(next) == .stored { next += 1 }
      for _ in 0..<(round * 5 % 9) {
        guard let value = ring.pop() else { break }
        #expect(value == expected)
        expected += 1
      }
    }
    #expect(expected > 10_000)
  }

  @Test func theMemoryOutlivesEitherEnd() {
    let ring = RecordRing<UInt64>(capacity: 2)
    var producer = ring.producer
    do {
      var consumer = ring.consumer
      let nothing = consumer.pop()
      #expect(nothing == nil)
    }
    let stored = producer.push(1)
    #expect(stored == .stored)
  }

  @Test(.timeLimit(.minutes(10)), arguments: [2, 16, 1024])
  func twoThreadsPassEveryRecordOnceAndInOrder(_ capacity: Int) {
    struct Pair: BitwiseCopyable {
      var number: UInt64
      var check: UInt64
    }
    // A full ring may cost a slice of the scheduler's, some milliseconds.
    let count = min(100_000, UInt64(5_000 * capacity))
    let ring = BothEnds<Pair>(capacity: capacity)
    let wrong = onTwoThreads {
      for number in 0..<count {
        while ring.push(Pair(number: number, check: number &* 31 ^ 5)) == .full {
          yieldProcessor()
        }
      }
    } second: {
      var wrong = 0
      for expected in 0..<count {
        var taken = ring.pop()
        while taken == nil {
          yieldProcessor()
          taken = ring.pop()
        }
        if taken!.number != expected || taken!.check != expected &* 31 ^ 5 { wrong += 1 }
      }
      return wrong
    }
    #expect(wrong == 0)
    #expect(ring.isEmpty)
  }

  @Test(.timeLimit(.minutes(10)))
  func aSleepingConsumerMissesNoRing() {
    let count: UInt64 = 5_000
    let ring = BothEnds<UInt64>(capacity: 16)
    let bell = Doorbell()
    let sum = onTwoThreads {
      for number in 0..<count {
        while ring.push(number) == .full { yieldProcessor() }
        bell.ring()
      }
    } second: {
      var sum = 0
      var taken: UInt64 = 0
      while taken < count {
        while let number = ring.pop() {
          sum += Int(number)
          taken += 1
        }
        if taken < count {
          bell.wait(timeoutNanoseconds: -1, unless: { !ring.isEmpty })
        }
      }
      return sum
    }
    #expect(sum == Int(count * (count - 1) / 2))
  }
}
