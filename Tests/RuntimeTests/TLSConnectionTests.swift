import COpenSSL
import Glibc
import Testing

@testable import Runtime

/// What goes through a connection under TLS: the driver sees what it would see without.
@Suite(.timeLimit(.minutes(10))) struct TLSConnectionTests {
  static let versions = [TLS1_2_VERSION, TLS1_3_VERSION]

  static func version(_ connection: ConnectionID, _ loop: borrowing EventLoop) -> Int32 {
    loop.core.pointee.slot(of: connection)?.pointee.tls.map { SSL_version($0.ssl) } ?? 0
  }

  @Test(arguments: versions)
  func bothEndsOfALoopTalk(_ version: Int32) throws {
    let folder = try CertificateFolder()
    var limits = LoopLimits(connections: 2)
    limits.outputBytes = 100_000
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let tls = try folder.client()
    #expect(sluice_ssl_ctx_set_versions(tls.context.pointer, version, version) == 1)
    let address = loop.address(of: listener)
    let asked = loop.connect(to: address, tag: 7, timeoutMilliseconds: 20_000, tls: tls)
    let client = try #require(asked)
    let script = Script()
    let message = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var rest = message[...]
    var heard: [UInt8] = []
    var versions: Set<Int32> = []
    func fill(_ loop: inout EventLoop) {
      while !rest.isEmpty, loop.send(client, Array(rest.prefix(3_000))) == .queued {
        rest = rest.dropFirst(3_000)
      }
    }
    script.onOpened = { if $0 == client { fill(&$1) } }
    script.onDrained = { if $0 == client { fill(&$1) } else { $1.resumeReading($0) } }
    script.onBytes = { connection, bytes, loop in
      versions.insert(Self.version(connection, loop))
      guard connection == client else {
        // What has no room now comes again when there is some.
        guard loop.send(connection, bytes) == .queued else {
          loop.pauseReading(connection)
          return 0
        }
        return bytes.count
      }
      heard += bytes
      if heard.count == message.count { loop.close(client, .owner(3), saying: "bye") }
      return bytes.count
    }
    script.isDone = { script.closed.count == 2 }
    script.run(&loop)
    #expect(heard.elementsEqual(message) == true)
    #expect(versions == [version])
    #expect(script.reason(ofTag: 7) == .owner(3))
    #expect(script.reason(ofTag: Script.server) == .peerClosed)
    let counts = loop.counts
    #expect(counts.handshakes == 2 && counts.tlsFailures == 0)
  }

  /// A server that echoes, and one blocking peer.
  private func withPeer<Result>(
    version: Int32 = TLS1_3_VERSION, chunk: Int = .max,
    limits: LoopLimits = LoopLimits(connections: 2),
    script: Script = Script(), _ body: @escaping (BlockingTLS) -> Result
  ) throws -> (result: Result, script: Script, counts: LoopCounts) {
    let folder = try CertificateFolder()
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    script.onBytes = { connection, bytes, loop in
      loop.send(connection, bytes) == .queued ? bytes.count : 0
    }
    let peer = try BlockingTLS(
      try folder.client(), to: loop.address(of: listener), version: version, chunk: chunk)
    let later = BlockingTLS.Later(peer, loop.makeWaker()) { peer in
      let result = body(peer)
      peer.socket.endOutput()
      return result
    }
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    return (later.wait(), script, loop.counts)
  }

  @Test(arguments: versions)
  func bytesMayComeOneAtATime(_ version: Int32) throws {
    let text = Array("one at a time".utf8)
    let (heard, script, counts) = try withPeer(version: version, chunk: 1) { peer in
      guard peer.handshake(), peer.write(text) else { return [UInt8]() }
      return peer.read(text.count)
    }
    #expect(heard == text)
    #expect(script.closed.map(\.reason) == [.peerClosed])
    #expect(counts.handshakes == 1 && counts.tlsFailures == 0)
  }

  @Test func theLastWordsAreHeardAndThenThatNothingMoreComes() throws {
    let folder = try CertificateFolder()
    var loop = try EventLoop(LoopLimits(connections: 2))
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let script = Script()
    script.onBytes = { connection, bytes, loop in
      #expect(loop.send(connection, Array("answer ".utf8)) == .queued)
      loop.close(connection, .owner(1), saying: "good-bye")
      return bytes.count
    }
    let peer = try BlockingTLS(try folder.client(), to: loop.address(of: listener))
    let later = BlockingTLS.Later(peer, loop.makeWaker()) { peer -> [UInt8] in
      guard peer.handshake(), peer.write([1]) else { return [] }
      let heard = peer.read(1_000)
      peer.socket.endOutput()
      return heard
    }
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    #expect(later.wait() == Array("answer good-bye".utf8))
    // close_notify, and not merely the end of the connection.
    #expect(peer.end?.error == SSL_ERROR_ZERO_RETURN)
    #expect(script.closed.map(\.reason) == [.owner(1)])
  }

  @Test func whoIsClosedBeforeItsHandshakeIsOverHearsNoPlaintext() throws {
    let folder = try CertificateFolder()
    var loop = try EventLoop(LoopLimits(connections: 2))
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let script = Script()
    script.onOpened = { connection, loop in
      #expect(loop.send(connection, Array("secret".utf8)) == .queued)
      loop.close(connection, .owner(1), saying: "good-bye")
    }
    let peer = try RawSocket(connectedTo: loop.address(of: listener))
    let heard = LaterReceived(peer)
    script.isDone = { !script.opened.isEmpty && script.closed.count == 1 }
    // The peer says nothing and closes nothing: the linger ends it.
    script.run(&loop)
    let bytes = heard.wait()
    #expect(bytes == nil || bytes == [])
    #expect(script.closed.map(\.reason) == [.owner(1)])
  }

  @Test func renegotiationIsRefusedAndTheSessionGoesOn() throws {
    let (result, script, counts) = try withPeer(version: TLS1_2_VERSION) { peer in
      guard peer.handshake(), peer.write([1, 2, 3]), peer.read(3) == [1, 2, 3] else {
        return (asked: false, heard: false, end: "")
      }
      // The refusal is a warning: whoever asked decides. OpenSSL's client ends it.
      SSL_clear_options(peer.ssl, BlockingTLS.noRenegotiation)
      let isAsked = SSL_renegotiate(peer.ssl) == 1 && SSL_do_handshake(peer.ssl) <= 0
      guard isAsked, peer.pumpOut() else { return (false, false, "") }
      let heard = peer.read(1)
      return (isAsked, !heard.isEmpty, peer.end?.words ?? "")
    }
    #expect(result.asked && !result.heard)
    #expect(result.end == "no renegotiation")
    #expect(counts.handshakes == 1)
    #expect(script.closed.count == 1)
  }

  /// Key updates that ask for an answer, from a peer that reads none of them.
  @Test func answersThatNobodyReadsAreBounded() throws {
    var limits = LoopLimits(connections: 2)
    limits.outputBytes = 4_096
    limits.lingerMilliseconds = 100
    let script = Script()
    var most = 0
    script.onSleep = { loop in
      guard let server = script.opened.first else { return }
      most = max(most, loop.backlog(of: server))
    }
    let (sent, _, _) = try withPeer(limits: limits, script: script) { peer in
      guard peer.handshake() else { return 0 }
      var narrow: Int32 = 2_048
      setsockopt(
        peer.socket.descriptor, SOL_SOCKET, SO_RCVBUF, &narrow,
        socklen_t(MemoryLayout<Int32>.size))
      var sent = 0
      while sent < 20_000, SSL_key_update(peer.ssl, SSL_KEY_UPDATE_REQUESTED) == 1,
        SSL_do_handshake(peer.ssl) == 1, peer.pumpOut()
      {
        sent += 1
      }
      // Its end alone would not be heard: nothing is read of a peer that takes no answers.
      peer.socket.reset()
      return sent
    }
    #expect(sent > 100)
    #expect(most <= 4_096 + limits.farewellBytes)
  }

  /// Strangers that shake hands hold up nobody else for long.
  @Test func handshakesOfATurnAreBounded() throws {
    let folder = try CertificateFolder()
    var limits = LoopLimits(connections: 80)
    limits.handshakeStepsPerTurn = 1
    limits.handshakeMilliseconds = 20_000
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let tls = try folder.client()
    for _ in 0..<40 {
      _ = loop.connect(
        to: loop.address(of: listener), tag: 7, timeoutMilliseconds: 20_000, tls: tls)
    }
    let script = Script()
    var before: Int64 = 0
    var most: Int64 = 0
    script.onOpened = { #expect($1.send($0, [1]) == .queued) }
    script.onSleep = { loop in
      most = max(most, loop.counts.handshakes - before)
      before = loop.counts.handshakes
    }
    var heard = 0
    script.onBytes = { _, bytes, _ in
      heard += bytes.count
      return bytes.count
    }
    script.isDone = { heard == 80 }
    script.run(&loop)
    #expect(before == 80 && most == 1)
    #expect(script.closed.isEmpty)
  }

  // MARK: Peers that do not read

  /// Fills a connection whose peer shook hands and then does not read.
  private func slowReader(
    _ limits: LoopLimits, whenFull ending: @escaping (ConnectionID, inout EventLoop) -> Void,
    peer: @escaping (BlockingTLS) -> [UInt8]
  ) throws -> (sent: Int, heard: [UInt8], backlog: Int, reason: CloseReason?) {
    let folder = try CertificateFolder()
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let script = Script()
    var sent = 0
    var backlog = 0
    script.onSleep = { loop in
      guard let server = script.opened.first, loop.isOpen(server) else { return }
      while true {
        backlog = max(backlog, loop.backlog(of: server))
        switch loop.send(server, [UInt8](repeating: 7, count: 16 * 1024)) {
        case .queued: sent += 16 * 1024
        case .gone: return
        case .full:
          if loop.counts.slowWrites > 0 { ending(server, &loop) }
          return
        }
      }
    }
    script.onOpened = { _, loop in loop.startTimer(0, afterNanoseconds: 0) }
    script.onTimer = { _, loop in loop.startTimer(0, afterNanoseconds: 0) }
    let blocking = try BlockingTLS(try folder.client(), to: loop.address(of: listener))
    let later = BlockingTLS.Later(blocking, loop.makeWaker()) { $0.handshake() ? peer($0) : [] }
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    return (sent, later.wait(), backlog, script.closed.first?.reason)
  }

  @Test func whoDoesNotReadIsBoundedAndCut() throws {
    let limits = LoopLimits(connections: 2)
    let result = try slowReader(limits, whenFull: { $1.abort($0, .slowReader) }) { _ in [] }
    #expect(result.reason == .slowReader)
    // What the driver sends, and what of it is encrypted already.
    #expect(result.backlog <= 2 * limits.outputBytes + limits.farewellBytes)
  }

  @Test func whoReadsAfterAllHearsEverythingAndTheLastWords() throws {
    var limits = LoopLimits(connections: 2)
    limits.lingerMilliseconds = 20_000
    let isFull = DispatchBell()
    let result = try slowReader(
      limits,
      whenFull: { connection, loop in
        loop.close(connection, .slowReader, saying: "too slow")
        isFull.ring()
      }
    ) { peer in
      isFull.wait()
      let heard = peer.read(.max)
      peer.socket.endOutput()
      return heard
    }
    #expect(result.reason == .slowReader)
    #expect(result.heard.count == result.sent + 8)
    #expect(Array(result.heard.suffix(8)) == Array("too slow".utf8))
  }
}
