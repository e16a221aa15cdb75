import Glibc
import Testing

@testable import Runtime

/// What goes through a connection, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct EventLoopTests {
  @Test func whatIsSentComesBackFromAnEcho() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address, tag: 7)
    let script = Script()
    var heard: [UInt8] = []
    script.onOpened = { connection, loop in
      if connection == client { #expect(loop.send(client, Array("hello".utf8)) == .queued) }
    }
    script.onBytes = { connection, bytes, loop in
      if connection == client {
        heard += bytes
        if heard.count == 5 { loop.close(client, .owner(3)) }
      } else {
        #expect(loop.send(connection, bytes) == .queued)
      }
      return bytes.count
    }
    script.isDone = { script.closed.count == 2 }
    script.run(&loop)
    #expect(heard == Array("hello".utf8))
    #expect(script.reason(ofTag: 7) == .owner(3))
    #expect(script.reason(ofTag: Script.server) == .peerClosed)
    let count = loop.connectionCount
    #expect(count == 0)
  }

  @Test func manySmallMessagesOfATurnLeaveInOneWrite() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address)
    let script = Script()
    var received = 0
    script.onOpened = { connection, loop in
      guard connection == client else { return }
      for number in UInt8(0)..<100 {
        #expect(loop.send(client, [UInt8](repeating: number, count: 30)) == .queued)
      }
      #expect(loop.backlog(of: client) == 3000)
    }
    script.onBytes = { _, bytes, loop in
      received += bytes.count
      return bytes.count
    }
    script.isDone = { received == 3000 }
    script.run(&loop)
    let counts = loop.counts
    #expect(counts.writes == 1)
    #expect(counts.reads == 1)
    #expect(counts.bytesWritten == 3000)
  }

  @Test(arguments: [1, 7, 8, 9, 100])
  func messagesInPiecesAreHandedOverUntilTheyAreWhole(_ pieceLength: Int) throws {
    let messages = 40
    let stream = (0..<messages * 8).map { UInt8(truncatingIfNeeded: $0 / 8) }
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address)
    let script = Script()
    var sent = 0
    var whole: [UInt8] = []
    func sendPiece(_ loop: inout EventLoop) {
      let end = min(stream.count, sent + pieceLength)
      #expect(loop.send(client, Array(stream[sent..<end])) == .queued)
      sent = end
    }
    script.onOpened = { connection, loop in
      if connection == client { sendPiece(&loop) }
    }
    script.onBytes = { _, bytes, loop in
      var used = 0
      while used + 8 <= bytes.count {
        whole.append(bytes[used])
        used += 8
      }
      if sent < stream.count { sendPiece(&loop) }
      return used
    }
    script.isDone = { whole.count == messages }
    script.run(&loop)
    #expect(whole == (0..<UInt8(messages)).map { $0 })
  }

  @Test func aBulkGoesThroughWithEverybodyWaitingForEverybody() throws {
    let total = 24_000_000
    var limits = LoopLimits(connections: 4)
    limits.outputBytes = 32 * 1024
    var loop = try EventLoop(limits)
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address)
    let script = Script()
    var sent = 0
    var received = 0
    var wrong = 0
    var fulls = 0
    func sendOn(_ loop: inout EventLoop) {
      while sent < total {
        let piece = (0..<4000).map { UInt8(truncatingIfNeeded: (sent + $0) / 3) }
        if loop.send(client, piece) == .full {
          fulls += 1
          return
        }
        sent += piece.count
      }
    }
    script.onOpened = { connection, loop in
      if connection == client { sendOn(&loop) }
    }
    script.onDrained = { _, loop in sendOn(&loop) }
    script.onBytes = { _, bytes, _ in
      for byte in bytes {
        if byte != UInt8(truncatingIfNeeded: received / 3) { wrong += 1 }
        received += 1
      }
      return bytes.count
    }
    script.isDone = { received == total }
    script.run(&loop)
    #expect(wrong == 0)
    #expect(fulls > 100)
  }

  @Test func aPausedConnectionHearsNothingAndThenEverything() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address)
    let script = Script()
    var heard: [UInt8] = []
    var isPaused = false
    script.onOpened = { connection, loop in
      if connection == client { _ = loop.send(client, [1, 2, 3, 4]) }
    }
    script.onBytes = { connection, bytes, loop in
      #expect(!isPaused)
      heard.append(bytes[0])
      if heard.count == 1 {
        isPaused = true
        loop.pauseReading(connection)
        _ = loop.send(client, [5])
        loop.startTimer(0, afterNanoseconds: 20_000_000)
      }
      return 1
    }
    script.onTimer = { _, loop in
      isPaused = false
      let server = script.opened.first { $0 != client }!
      loop.resumeReading(server)
    }
    // One byte is taken at a time: the rest comes with the next bytes.
    script.onSleep = { loop in
      if heard.count >= 2, heard.count < 5 { _ = loop.send(client, [9]) }
    }
    script.isDone = { heard.count >= 5 }
    script.run(&loop)
    #expect(heard.prefix(5) == [1, 2, 3, 4, 5])
  }

  @Test func aPeerThatSaidAllStillGetsItsAnswer() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let peer = try RawSocket(connectedTo: try loop.listenAnywhere())
    peer.send(Array("question".utf8))
    peer.endOutput()
    let script = Script()
    script.onInputEnded = { connection, loop in
      #expect(loop.send(connection, Array("answer".utf8)) == .queued)
      loop.close(connection, .peerClosed)
    }
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    #expect(peer.receiveAll() == Array("answer".utf8))
  }

  @Test func aResetIsToldAfterTheBytesBeforeIt() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    var peer: RawSocket? = try RawSocket(connectedTo: address)
    peer!.send([1, 2, 3])
    let script = Script()
    var received = 0
    script.onBytes = { _, bytes, _ in
      received += bytes.count
      peer?.willReset()
      peer = nil
      return bytes.count
    }
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    #expect(received == 3)
    #expect(script.closed.map(\.reason) == [.peerReset])
  }

  @Test func anInputGrowsToItsMaximumAndNotPastIt() throws {
    var limits = LoopLimits(connections: 8)
    limits.inputBytes = 1024
    limits.inputMaximumBytes = 16 * 1024
    limits.grownInputs = 1
    for (length, isWhole) in [(1024, true), (16 * 1024, true), (16 * 1024 + 1, false)] {
      var loop = try EventLoop(limits)
      let address = try loop.listenAnywhere()
      let clients = (0..<4).map { _ in loop.connect(to: address)! }
      let script = Script()
      var whole = 0
      script.onOpened = { connection, loop in
        if clients.contains(connection) {
          #expect(loop.send(connection, [UInt8](repeating: 5, count: length)) == .queued)
        }
      }
      script.onBytes = { _, bytes, _ in
        if bytes.count < length { return 0 }
        whole += 1
        return length
      }
      let overflows = { script.closed.count { $0.reason == .inputOverflow } }
      script.isDone = { whole + overflows() == 4 }
      script.run(&loop)
      #expect(whole == (isWhole ? 4 : 0))
      #expect(overflows() == (isWhole ? 0 : 4))
    }
  }

  @Test func whatIsAskedInsideAnEventTakesEffectOnce() throws {
    var loop = try EventLoop(LoopLimits(connections: 4))
    let address = try loop.listenAnywhere()
    let client = try loop.connected(to: address, tag: 7)
    let script = Script()
    script.onOpened = { connection, loop in
      if connection == client { _ = loop.send(client, [1]) }
    }
    script.onBytes = { connection, bytes, loop in
      loop.abort(connection, .owner(1))
      loop.close(connection, .owner(2))
      loop.abort(connection, .owner(3))
      #expect(loop.send(connection, [1]) == .gone)
      #expect(loop.isOpen(connection) == false)
      return bytes.count
    }
    script.isDone = { script.closed.count == 2 }
    script.run(&loop)
    #expect(script.reason(ofTag: Script.server) == .owner(1))
    #expect(script.reason(ofTag: 7) == .peerReset)
  }

  @Test func anOldIdIsNobodys() throws {
    var loop = try EventLoop(LoopLimits(connections: 2))
    let address = try loop.listenAnywhere()
    let script = Script()
    var ids: [ConnectionID] = [try loop.connected(to: address)]
    script.onOpened = { connection, loop in
      if connection == ids.last { loop.close(connection, .owner(0)) }
    }
    script.onClosed = { connection, _, loop in
      #expect(loop.send(connection, [1]) == .gone)
      #expect(loop.peer(of: connection) == .none)
      loop.close(connection, .owner(9))
      loop.pauseReading(connection)
      if script.closed.count % 2 == 0, ids.count < 20 {
        ids.append(loop.connect(to: address)!)
      }
    }
    script.isDone = { script.closed.count == 40 }
    script.run(&loop)
    #expect(Set(script.closed.map(\.connection)).count == 40)
    #expect(script.closed.allSatisfy { $0.connection.index < 2 })
  }

  @Test func aLoopCanBeDroppedWithEverythingOpen() throws {
    for turns in 0..<4 {
      var loop = try EventLoop(LoopLimits(connections: 8))
      let address = try loop.listenAnywhere()
      for _ in 0..<3 { _ = loop.connect(to: address) }
      loop.startTimer(0, afterNanoseconds: 1_000_000_000)
      let script = Script()
      script.onOpened = { connection, loop in
        _ = loop.send(connection, [UInt8](repeating: 0, count: 60_000))
      }
      var driver = ScriptDriver(script: script)
      for _ in 0..<turns { loop.turn(&driver, waits: false) }
    }
  }
}
