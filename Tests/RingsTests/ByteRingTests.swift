import Testing

@testable import Rings

@Suite struct ByteRingTests {
  @Test func recordsComeOutAsTheyWentIn() throws {
    let ring = BothByteEnds(capacity: 256)
    let records: [[UInt8]] = [[], [1], Array(1...7), Array(1...8), Array(1...9), Array(1...100)]
    for (kind, record) in records.enumerated() {
      #expect(ring.push(record, kind: UInt32(kind)) == .stored)
    }
    for (kind, record) in records.enumerated() {
      let taken = try #require(ring.next())
      #expect(Array(taken.bytes) == record)
      #expect(taken.kind == UInt32(kind))
      #expect(Int(bitPattern: taken.bytes.baseAddress!) % 8 == 0)
    }
    #expect(ring.next() == nil)
  }

  @Test func roomComesBackOnlyWithARelease() {
    let ring = BothByteEnds(capacity: 64)
    for _ in 0..<4 { #expect(ring.push([1, 2]) == .stored) }
    #expect(ring.push([1, 2]) == .full)
    #expect(ring.next() != nil)
    #expect(ring.push([1, 2]) == .full)
    ring.release()
    #expect(ring.push([1, 2]) == .stored)
    #expect(ring.push([1, 2]) == .full)
  }

  @Test(arguments: Array(stride(from: 0, to: 128, by: 8)))
  func theLongestRecordFitsWhereverAnEmptyRingStands(_ position: Int) throws {
    let ring = BothByteEnds(capacity: 128)
    for _ in 0..<position / 8 {
      #expect(ring.push([]) == .stored)
      #expect(ring.next() != nil)
      ring.release()
    }
    let longest = [UInt8](repeating: 9, count: ring.recordMaximum)
    #expect(ring.push(longest, kind: 3) == .stored)
    let taken = try #require(ring.next())
    #expect(Array(taken.bytes) == longest)
    ring.release()
    #expect(ring.isEmpty)
  }

  @Test func aReservationCanBeCommittedShorterOrReplaced() throws {
    let ring = BothByteEnds(capacity: 128)
    _ = try #require(ring.reserve(56))
    let room = try #require(ring.reserve(16))
    room.storeBytes(of: 0x0102_0304, as: UInt32.self)
    #expect(ring.next() == nil)
    ring.commit(4, kind: 1)
    let taken = try #require(ring.next())
    #expect(taken.bytes.count == 4)
    #expect(taken.bytes.load(as: UInt32.self) == 0x0102_0304)
    #expect(ring.backlog == 16)
  }

  @Test func aMessageOfAnyLengthSequencePassesUnchanged() {
    let ring = BothByteEnds(capacity: 512)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var sent: [[UInt8]] = []
    var taken = 0
    for number in 0..<20_000 {
      let record = (0..<random(249)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
      if ring.push(record, kind: UInt32(number)) == .stored {
        sent.append(record)
      }
      for _ in 0..<random(3) {
        guard let next = ring.next() else { break }
        #expect(Array(next.bytes) == sent[taken])
        taken += 1
      }
      ring.release()
    }
    #expect(taken > 5_000)
  }

  @Test(.timeLimit(.minutes(10)), arguments: [64, 1024, 65_536])
  func twoThreadsPassEveryByteOnceAndInOrder(_ capacity: Int) {
    let ring = BothByteEnds(capacity: capacity)
    let longest = ring.recordMaximum
    // Where processors are few and busy a full ring may cost a slice of the scheduler's, some
    // milliseconds: so many times full, and no more.
    let count = min(100_000, 40_000_000 / (longest + 1), 150 * capacity)
    let wrong = onTwoThreads {
      for number in 0..<count {
        let length = number &* 2_654_435_761 % (longest + 1)
        var room = ring.reserve(length)
        while room == nil {
          yieldProcessor()
          room = ring.reserve(length)
        }
        for index in 0..<length { room![index] = UInt8(truncatingIfNeeded: number &+ index) }
        ring.commit(length, kind: UInt32(number))
      }
    } second: {
      var wrong = 0
      for number in 0..<count {
        var record = ring.next()
        while record == nil {
          yieldProcessor()
          record = ring.next()
        }
        let length = number &* 2_654_435_761 % (longest + 1)
        if record!.kind != UInt32(number) || record!.bytes.count != length { wrong += 1 }
        for (index, byte) in record!.bytes.enumerated()
        where byte != UInt8(truncatingIfNeeded: number &+ index) {
          wrong += 1
        }
        ring.release()
      }
      return wrong
    }
    #expect(wrong == 0)
  }
}
