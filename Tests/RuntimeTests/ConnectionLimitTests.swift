import Glibc
import Testing

@testable import Runtime

/// What happens at each limit of a loop, and who is told.
@Suite(.timeLimit(.minutes(10))) struct ConnectionLimitTests {
  @Test func aThousandConnectionsAreServed() throws {
    let count = 1000
    var loop = try EventLoop(LoopLimits(connections: 2 * count))
    let address = try loop.listenAnywhere()
    var clients: [ConnectionID: UInt64] = [:]
    for number in UInt64(0)..<UInt64(count) {
      clients[try loop.connected(to: address, tag: number + 100)] = number
    }
    let script = Script()
    var right = 0
    script.onOpened = { connection, loop in
      guard let number = clients[connection] else { return }
      withUnsafeBytes(of: number) { #expect(loop.send(connection, Array($0)) == .queued) }
    }
    script.onBytes = { connection, bytes, loop in
      guard bytes.count >= 8 else { return 0 }
      if let number = clients[connection] {
        if bytes.loadUnaligned(as: UInt64.self) == number { right += 1 }
        loop.close(connection, .owner(0))
      } else {
        #expect(loop.send(connection, bytes) == .queued)
      }
      return 8
    }
    script.isDone = { script.closed.count == 2 * count }
    script.run(&loop)
    #expect(right == count)
    #expect(Set(script.closed.map(\.connection)).count == 2 * count)
    let counts = loop.counts
    #expect(counts.accepted == count && counts.connected == count && counts.refused == 0)
  }

  @Test func onePastTheLimitIsRefusedAndThereIsRoomAgainLater() throws {
    var loop = try EventLoop(LoopLimits(connections: 3))
    let address = try loop.listenAnywhere()
    var peers = try (0..<3).map { _ in try RawSocket(connectedTo: address) }
    let script = Script()
    script.isDone = { script.opened.count == 3 }
    script.run(&loop)

    let late = try (0..<100).map { _ in try RawSocket(connectedTo: address) }
    script.isDone = { script.refused.count == 100 }
    script.run(&loop)
    #expect(script.opened.count == 3)
    #expect(Set(script.refused) == Set(late.map(\.address)))
    for peer in late { #expect(peer.receiveAll() == []) }

    peers.removeLast()
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    peers.append(try RawSocket(connectedTo: address))
    script.isDone = { script.opened.count == 4 }
    script.run(&loop)
    let refused = loop.counts.refused
    #expect(refused == 100)
  }

  @Test func aLoopThatIsFullConnectsNobody() throws {
    var loop = try EventLoop(LoopLimits(connections: 2))
    let address = try loop.listenAnywhere()
    let first = loop.connect(to: address)
    let second = loop.connect(to: address)
    let third = loop.connect(to: address)
    #expect(first != nil && second != nil && third == nil)
  }

  @Test func outputIsFullAtItsLimitAndSaysWhenItIsNot() throws {
    var limits = LoopLimits(connections: 4)
    limits.outputBytes = 1000
    var loop = try EventLoop(limits)
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address)
    let script = Script()
    var drained = 0
    script.onOpened = { connection, loop in
      guard connection == client else { return }
      #expect(loop.send(client, [UInt8](repeating: 1, count: 999)) == .queued)
      #expect(loop.send(client, [1, 2]) == .full)
      #expect(loop.send(client, [1]) == .queued)
      #expect(loop.send(client, [1]) == .full)
      #expect(loop.backlog(of: client) == 1000)
    }
    script.onDrained = { connection, loop in
      drained += 1
      #expect(connection == client)
      #expect(loop.send(client, [1]) == .queued)
    }
    script.isDone = { drained == 1 }
    script.run(&loop)
  }

  /// Fills a connection whose peer does not read, then does `ending` to it.
  private func withSlowReader(
    _ limits: LoopLimits, whenFull ending: @escaping (ConnectionID, inout EventLoop) -> Void,
    _ body: (inout EventLoop, RawSocket, Script, () -> Int) throws -> Void
  ) throws {
    var loop = try EventLoop(limits)
    let peer = try RawSocket(connectedTo: try loop.listenAnywhere())
    let script = Script()
    var sent = 0
    script.onSleep = { loop in
      guard let server = script.opened.first, loop.isOpen(server) else { return }
      while true {
        switch loop.send(server, [UInt8](repeating: 7, count: 16 * 1024)) {
        case .queued: sent += 16 * 1024
        case .gone: return
        case .full:
          // Full with an output the system does not take: the peer is slow.
          if loop.counts.slowWrites > 0 { ending(server, &loop) }
          return
        }
      }
    }
    // Turns go on without anything happening on the wire.
    script.onOpened = { _, loop in loop.startTimer(0, afterNanoseconds: 0) }
    script.onTimer = { _, loop in loop.startTimer(0, afterNanoseconds: 0) }
    try body(&loop, peer, script, { sent })
  }

  @Test func aSlowReaderIsCut() throws {
    try withSlowReader(
      LoopLimits(connections: 2), whenFull: { $1.abort($0, .slowReader) }
    ) { loop, peer, script, _ in
      script.isDone = { script.closed.count == 1 }
      script.run(&loop)
      #expect(script.closed.map(\.reason) == [.slowReader])
      #expect(peer.receiveAll() == nil)
    }
  }

  @Test func aSlowReaderThatReadsAfterAllHearsTheLastWords() throws {
    var isFull = false
    try withSlowReader(
      LoopLimits(connections: 2),
      whenFull: { connection, loop in
        loop.close(connection, .slowReader, saying: "too slow")
        isFull = true
      }
    ) { loop, peer, script, sent in
      script.isDone = { isFull }
      script.run(&loop)
      let heard = LaterReceived(peer)
      script.isDone = { script.closed.count == 1 }
      script.run(&loop)
      let bytes = try #require(heard.wait())
      #expect(bytes.count == sent() + 8)
      #expect(Array(bytes.suffix(8)) == Array("too slow".utf8))
      #expect(script.closed.map(\.reason) == [.slowReader])
    }
  }

  @Test func aSlowReaderThatNeverReadsIsCutWhenTheLingerIsOver() throws {
    var limits = LoopLimits(connections: 2)
    limits.lingerMilliseconds = 50
    try withSlowReader(
      limits, whenFull: { $1.close($0, .owner(4), saying: "good-bye") }
    ) { loop, peer, script, _ in
      script.isDone = { script.closed.count == 1 }
      script.run(&loop)
      #expect(script.closed.map(\.reason) == [.owner(4)])
      #expect(peer.receiveAll() == nil)
    }
  }
}
