import Testing

@testable import Storage

@Suite struct DeadlineHeapTests {
  /// Against a list that is sorted anew each time; a step is a number's new moment, or none.
  @Test(arguments: 1...8) func theFirstIsTheFirstOfASortedList(_ seed: UInt64) {
    var heap = DeadlineHeap(capacity: 20)
    var known: [UInt32: Int64] = [:]
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<2_000 {
      let number = UInt32(next(20))
      if next(3) == 0 {
        heap.remove(number)
        known[number] = nil
      } else {
        let time = Int64(next(12)) - 4
        heap.set(number, at: time)
        known[number] = time
      }
      let first = known.min { ($0.value, $0.key) < ($1.value, $1.key) }
      let time = heap.firstTime
      #expect(time == first?.value)
      if let first { #expect(heap.firstNumber == first.key) }
      #expect(heap.count == known.count)
      #expect(heap.time(of: number) == known[number])
    }
  }

  @Test func aFullHeapHoldsEveryNumberOnce() {
    var heap = DeadlineHeap(capacity: 3)
    for number in UInt32(0)..<3 { heap.set(number, at: 5) }
    heap.set(1, at: 4)
    #expect(heap.count == 3)
    var order: [UInt32] = []
    while heap.count > 0 {
      order.append(heap.firstNumber)
      heap.remove(heap.firstNumber)
    }
    #expect(order == [1, 0, 2])
    let time = heap.firstTime
    #expect(time == nil)
  }
}
