import Testing

@testable import Simulator

@Suite struct PipeTests {
  @Test func bytesArriveInTheirOrderWhenTheyAreDue() {
    var pipe = Pipe()
    _ = pipe.send([1, 2], at: 10)
    // A faster way does not overtake on one connection.
    #expect(pipe.send([3], at: 5) == 10)
    pipe.arrive(by: 9)
    #expect(pipe.unread.isEmpty && pipe.inFlight == 3)
    pipe.arrive(by: 10)
    #expect(pipe.unread == [1, 2, 3] && pipe.inFlight == 0 && !pipe.hasEnded)
  }

  /// Of a connection that is cut only a part arrives, up to anywhere in a message.
  @Test(arguments: 0...4)
  func aCutLeavesAPart(_ count: Int) {
    var pipe = Pipe()
    _ = pipe.send([1, 2], at: 10)
    _ = pipe.send([3, 4], at: 20)
    let end = pipe.cut(after: count, at: 30)
    pipe.arrive(by: end)
    #expect(pipe.unread == Array([UInt8(1), 2, 3, 4].prefix(count)))
    #expect(pipe.hasEnded)
    _ = pipe.send([5], at: 40)
    pipe.arrive(by: 50)
    #expect(pipe.unread.count == count)
  }

  @Test func whatIsLostNeverArrives() {
    var pipe = Pipe()
    _ = pipe.send([1], at: 10)
    pipe.lose()
    pipe.arrive(by: 100)
    #expect(pipe.unread.isEmpty && !pipe.hasEnded)
  }
}
