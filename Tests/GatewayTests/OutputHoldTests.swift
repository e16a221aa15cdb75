import Session
import Testing

@testable import Gateway

/// What waits for a journal that says later how far it has got.
@Suite struct OutputHoldTests {
  private struct Desk: ~Copyable {
    var queues = OutputQueues(peers: 4, bytesEach: 1_024)

    mutating func put(_ peer: UInt32, _ bytes: [UInt8]) {
      var room = queues.room(peer)
      let isTaken = bytes.withUnsafeBytes { room.append(wholeFrames: $0) }
      #expect(isTaken)
      queues.keep(peer, room)
    }

    /// What may leave, taken: peers with their bytes.
    mutating func take() -> [[UInt8]] {
      var taken = [[UInt8]](repeating: [], count: 4)
      while let peer = queues.nextListed() {
        taken[Int(peer)] += Array(queues.leaving(peer))
        queues.left(peer)
      }
      return taken
    }
  }

  @Test func whatIsReleasedAtOnceLeavesAtOnce() {
    var desk = Desk()
    desk.put(1, [1, 2])
    desk.queues.hold(7, released: 7, isRecorded: true)
    let taken = desk.take()
    #expect(taken == [[], [1, 2], [], []])
    let isEmpty = desk.queues.isEmpty(1)
    #expect(isEmpty)
  }

  @Test func bytesLeaveWhenTheirCommandIsReleasedAndNoSooner() {
    var desk = Desk()
    desk.put(0, [1])
    desk.put(2, [2])
    desk.queues.hold(1, released: 0, isRecorded: true)
    desk.put(0, [3])
    desk.queues.hold(2, released: 0, isRecorded: true)
    desk.put(2, [4])
    desk.queues.hold(3, released: 0, isRecorded: true)
    let early = desk.take()
    #expect(early == [[], [], [], []])
    desk.queues.release(1)
    let first = desk.take()
    #expect(first == [[1], [], [2], []])
    desk.put(0, [5])
    desk.queues.release(2)
    let second = desk.take()
    #expect(second == [[3], [], [], []], "what was put in this turn waits for its end")
    desk.queues.hold(4, released: 2, isRecorded: true)
    desk.queues.release(4)
    let last = desk.take()
    #expect(last == [[5], [], [4], []])
  }

  /// A storage that refused: what depends on a record waits; whoever waits for nothing is told.
  @Test func theGatewaysOwnWordsWaitOnlyBehindWhatWaits() {
    var desk = Desk()
    desk.put(0, [1])
    desk.queues.hold(1, released: 0, isRecorded: true)
    desk.put(0, [2])
    desk.put(1, [3])
    desk.queues.hold(1, released: 0, isRecorded: false)
    let told = desk.take()
    #expect(told == [[], [3], [], []])
    let isHeld = desk.queues.isHeld(0)
    #expect(isHeld)
    let behind = Array(desk.queues.behindHeld(0))
    #expect(behind == [2])
    desk.queues.release(1)
    let all = desk.take()
    #expect(all == [[1, 2], [], [], []])
  }

  @Test func aPlaceThatWasClearedOwesNothingToWhoComesNext() {
    var desk = Desk()
    desk.put(3, [1, 2, 3])
    desk.queues.hold(1, released: 0, isRecorded: true)
    desk.queues.clear(3)
    desk.put(3, [4])
    desk.queues.hold(2, released: 0, isRecorded: true)
    desk.queues.release(1)
    let early = desk.take()
    #expect(early == [[], [], [], []])
    desk.queues.release(2)
    let taken = desk.take()
    #expect(taken == [[], [], [], [4]])
  }

  /// More turns than there is room to remember: late, and never too soon.
  @Test func moreTurnsThanAreRememberedLeaveLateAndInOrder() {
    var desk = Desk()
    var expected: [UInt8] = []
    var taken: [UInt8] = []
    for turn in UInt64(1)...40_000 {
      // A peer that is put one byte in each turn, and another that fills the marks.
      if turn % 100 == 0, expected.count < 1_000 {
        desk.put(0, [UInt8(truncatingIfNeeded: turn)])
        expected.append(UInt8(truncatingIfNeeded: turn))
      }
      let isFull = desk.queues.free(1) == 0
      if isFull { desk.queues.clear(1) }
      desk.put(1, [0])
      desk.queues.hold(turn, released: 0, isRecorded: true)
      if turn == 30_000 {
        desk.queues.release(15_000)
        taken += desk.take()[0]
        #expect(taken == Array(expected.prefix(150)))
      }
    }
    desk.queues.release(40_000)
    taken += desk.take()[0]
    #expect(taken == expected)
  }

  /// Against a queue that remembers everything.
  @Test(arguments: UInt64(1)...50)
  func itAgreesWithASlowOne(_ seed: UInt64) {
    var state = seed
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var desk = Desk()
    // Per peer: bytes with the command that they wait for; nil until the turn's end.
    var slow = [[(byte: UInt8, awaits: UInt64?)]](repeating: [], count: 4)
    var sequence: UInt64 = 0
    var released: UInt64 = 0
    for step in 0..<2_000 {
      let peer = draw(4)
      switch draw(6) {
      case 0...2:
        guard slow[peer].count < 1_000 else { continue }
        desk.put(UInt32(peer), [UInt8(truncatingIfNeeded: step)])
        slow[peer].append((UInt8(truncatingIfNeeded: step), nil))
      case 3:
        sequence += UInt64(draw(3))
        desk.queues.hold(sequence, released: released, isRecorded: true)
        for peer in 0..<4 {
          for place in slow[peer].indices where slow[peer][place].awaits == nil {
            slow[peer][place].awaits = sequence
          }
        }
      case 4:
        released += UInt64(draw(Int(sequence - released) + 1))
        desk.queues.release(released)
      default:
        let taken = desk.take()
        for peer in 0..<4 {
          let free = slow[peer].prefix { $0.awaits.map { $0 <= released } ?? false }
          #expect(taken[peer] == free.map(\.byte), "seed \(seed) step \(step)")
          slow[peer].removeFirst(free.count)
        }
      }
    }
  }
}
