import Domain
import Storage
import Testing

/// Nodes of linked lists, handed out and taken back.
@Suite struct NodePoolTests {
  struct Node: LinkedNode {
    var next: UInt32
    var value: UInt32
  }

  /// Against a set of what is out: numbers are never given twice, nodes keep their content, what
  /// comes back is had again.
  @Test(arguments: UInt64(1)...16)
  func aNodeIsOnePersonsAtATime(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let capacity = Int.random(in: 1...40, using: &draws)
    var pool = NodePool<Node>(capacity: capacity)
    var out: [UInt32: UInt32] = [:]
    for step in 0..<2_000 {
      let takes = step / 100 % 2 == 0 ? 3 : 1
      if Int.random(in: 0..<4, using: &draws) < takes {
        let taken = pool.take()
        #expect((taken == nil) == (out.count == capacity))
        guard let taken else { continue }
        #expect(out[taken] == nil && taken >= 1 && Int(taken) <= capacity, "seed \(seed)")
        let next = pool.at(taken).pointee.next
        #expect(next == 0)
        out[taken] = UInt32(step)
        pool.at(taken).pointee.value = UInt32(step)
        pool.at(taken).pointee.next = .max
      } else if let number = out.keys.sorted().randomElement(using: &draws) {
        let value = pool.at(number).pointee.value
        #expect(value == out[number], "seed \(seed)")
        out[number] = nil
        pool.put(number)
      }
      let (inUse, free) = (pool.inUse, pool.free)
      #expect(inUse == out.count)
      #expect(free == capacity - out.count)
    }
  }

  /// Which node is next depends on the commands alone.
  @Test func theSameCommandsGiveTheSameNumbers() {
    var numbers: [[UInt32]] = []
    for _ in 0..<2 {
      var draws = SplitMix64(seed: 9)
      var pool = NodePool<Node>(capacity: 20)
      var out: [UInt32] = []
      var given: [UInt32] = []
      for _ in 0..<500 {
        if Bool.random(using: &draws), let number = pool.take() {
          out.append(number)
          given.append(number)
        } else if !out.isEmpty {
          pool.put(out.remove(at: Int.random(in: 0..<out.count, using: &draws)))
        }
      }
      numbers.append(given)
    }
    #expect(numbers[0] == numbers[1])
  }

  @Test func aPoolOfNoneHasNone() {
    var pool = NodePool<Node>(capacity: 0)
    let taken = pool.take()
    #expect(taken == nil)
    let free = pool.free
    #expect(free == 0)
  }

  @Test func whatIsNoNodeStopsTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let pool = NodePool<Node>(capacity: 4)
      pool.at(0).pointee.value = 1
    }
    await #expect(processExitsWith: .failure) {
      var pool = NodePool<Node>(capacity: 4)
      let number = pool.take()!
      pool.put(number)
      pool.put(number)
    }
  }
}
