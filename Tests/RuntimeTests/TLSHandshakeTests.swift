import COpenSSL
import Glibc
import Testing

@testable import Runtime

/// Handshakes that come to nothing: each ends, and says why.
@Suite(.timeLimit(.minutes(10))) struct TLSHandshakeTests {
  /// What a server of this identity makes of a raw peer, and what that hears.
  private func server(
    limits: LoopLimits = LoopLimits(connections: 2), hears bytes: (BlockingTLS) -> [UInt8],
    thenEnds: Bool = false
  ) throws -> (fault: TLSFault?, heard: [UInt8]?, script: Script) {
    let folder = try CertificateFolder()
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let peer = try BlockingTLS(try folder.client(), to: loop.address(of: listener))
    let script = Script()
    script.isDone = { script.closed.count == 1 }
    peer.socket.send(bytes(peer))
    if thenEnds { peer.socket.endOutput() }
    // It closes when it has heard the end.
    let heard = LaterReceived(peer.socket)
    script.run(&loop)
    var fault: TLSFault?
    if case .tls(let found) = script.closed[0].reason { fault = found }
    #expect(script.opened.count == 1)
    let counts = loop.counts
    #expect(counts.handshakes == 0 && counts.tlsFailures == 1)
    return (fault, heard.wait(), script)
  }

  private static var quick: LoopLimits {
    var limits = LoopLimits(connections: 2)
    limits.lingerMilliseconds = 50
    limits.handshakeMilliseconds = 100
    return limits
  }

  @Test(arguments: [
    Array("GET /metrics HTTP/1.0\r\n\r\n".utf8), [0, 0, 0, 100, 0xEB, 0x50, 1, 0, 1, 0],
    [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 20_000),
    [22, 3, 1, 0xFF, 0xFF, 1, 0, 0], [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF],
  ])
  func garbageIsAnsweredByAnAlertAndTheEnd(_ bytes: [UInt8]) throws {
    let result = try server(limits: Self.quick, hears: { _ in bytes })
    let fault = try #require(result.fault)
    #expect(fault.kind == .notTLS || fault.kind == .failed || fault.kind == .handshakeTimedOut)
    #expect(!fault.words.isEmpty)
    // An alert, or nothing at all: never a word of ours.
    if let first = result.heard?.first { #expect(first == 21) }
  }

  @Test func whatIsPlainIsSaidToBeSo() throws {
    let result = try server(
      limits: Self.quick, hears: { _ in Array("GET / HTTP/1.0\r\n\r\n".utf8) })
    #expect(result.fault?.kind == .notTLS)
    #expect(result.fault?.words == "the peer does not speak TLS (http request)")
  }

  @Test(arguments: [1, 5, 60, 200])
  func whoFallsSilentInItsHandshakeIsCutInTime(_ count: Int) throws {
    let result = try server(
      limits: Self.quick, hears: { Array($0.firstFlight().prefix(count)) })
    #expect(result.fault == TLSFault(.handshakeTimedOut))
    #expect(result.fault?.words == "the handshake was not over in time")
  }

  @Test func whoLeavesInItsHandshakeIsNoted() throws {
    let result = try server(
      hears: { Array($0.firstFlight().prefix(100)) }, thenEnds: true)
    #expect(result.fault == TLSFault(.peerLeft))
  }

  /// Each byte of a client's first words changed: an end with a reason, or it goes on waiting.
  @Test func noChangedByteOfAFirstFlightDoesHarm() throws {
    let folder = try CertificateFolder()
    var limits = Self.quick
    limits.connections = 300
    limits.handshakeMilliseconds = 2_000
    var loop = try EventLoop(limits)
    let listener = try loop.listen(
      on: .loopback(port: 0), tag: Script.server, tls: try folder.identity())
    let address = loop.address(of: listener)
    let flight = try BlockingTLS(try folder.client(), to: address).firstFlight()
    var peers: [RawSocket] = []
    for place in 0..<min(240, flight.count) {
      let peer = try RawSocket(connectedTo: address)
      var bytes = flight
      bytes[place] ^= UInt8(1 << (place % 8))
      peer.send(bytes)
      peer.endOutput()
      peers.append(peer)
    }
    let script = Script()
    // The one that the first flight was taken from is gone as well.
    script.isDone = { script.closed.count == peers.count + 1 }
    script.run(&loop)
    for closed in script.closed {
      if case .tls(let fault) = closed.reason {
        #expect(!fault.words.isEmpty)
      } else {
        #expect(closed.reason == .peerReset, "\(closed.reason)")
      }
    }
  }

  // MARK: Between two loops' ends

  struct Ended {
    var client: CloseReason?
    var server: CloseReason?
    var words = ""
    /// What the server said could be heard.
    var isOpen = false
  }

  /// A connection between a listener and a client, to its end.
  static func meet(
    _ identity: TLSIdentity?, _ client: TLSClient?, version: Int32 = TLS1_3_VERSION
  ) throws -> Ended {
    var loop = try EventLoop(quick)
    let listener = try loop.listen(on: .loopback(port: 0), tag: Script.server, tls: identity)
    if let client {
      #expect(sluice_ssl_ctx_set_versions(client.context.pointer, version, version) == 1)
    }
    _ = loop.connect(
      to: loop.address(of: listener), tag: 7, timeoutMilliseconds: 20_000, tls: client)
    let script = Script()
    var ended = Ended()
    script.onOpened = { connection, loop in
      _ = loop.send(connection, Array("hello, whoever you are".utf8))
    }
    script.onBytes = { connection, bytes, loop in
      if loop.tag(of: connection) == 7 {
        ended.isOpen = identity != nil && client != nil
        loop.close(connection, .owner(1))
      }
      return bytes.count
    }
    script.isDone = { script.closed.count == 2 }
    script.run(&loop)
    ended.client = script.reason(ofTag: 7)
    ended.server = script.reason(ofTag: Script.server)
    if case .tls(let fault)? = ended.client { ended.words = client?.words(fault) ?? "" }
    return ended
  }

  static func fault(_ reason: CloseReason?) -> TLSFault.Kind? {
    if case .tls(let fault)? = reason { fault.kind } else { nil }
  }

  @Test func aClientWithoutTLSIsTurnedAwayByOneWithIt() throws {
    let folder = try CertificateFolder()
    let ended = try Self.meet(try folder.identity(), nil)
    #expect(Self.fault(ended.server) == .notTLS)
    #expect(!ended.isOpen)
  }

  @Test func aClientWithTLSIsToldThatTheOtherEndHasNone() throws {
    let folder = try CertificateFolder()
    let ended = try Self.meet(nil, try folder.client())
    #expect(Self.fault(ended.client) == .notTLS)
    #expect(ended.words.contains("the other end does not speak it"))
  }

  @Test(arguments: TLSConnectionTests.versions, ["localhost", "127.0.0.1"])
  func aNameOfTheCertificateIsTaken(_ version: Int32, _ name: String) throws {
    let folder = try CertificateFolder()
    let ended = try Self.meet(try folder.identity(), try folder.client(name), version: version)
    #expect(ended.isOpen && ended.client == .owner(1))
  }

  @Test(arguments: ["elsewhere.example", "127.0.0.2"])
  func anotherNameIsRefused(_ name: String) throws {
    let folder = try CertificateFolder()
    let ended = try Self.meet(try folder.identity(), try folder.client(name))
    #expect(Self.fault(ended.client) == .certificateRefused && !ended.isOpen)
    #expect(
      ended.words
        == "TLS: the certificate /CN=gateway is for localhost, 127.0.0.1, and not for \(name): "
        + "connect to a name of it, or state one by --tls-name")
    // The client said why it left.
    #expect(Self.fault(ended.server) == .failed)
  }

  @Test func anAuthorityThatNobodyKnowsIsRefused() throws {
    let folder = try CertificateFolder()
    let other = try CertificateFolder()
    let ended = try Self.meet(try folder.identity(), try other.client())
    #expect(Self.fault(ended.client) == .certificateRefused && !ended.isOpen)
    #expect(
      ended.words.hasPrefix(
        "TLS: nobody that is trusted here signed the certificate /CN=gateway: --ca FILE"))
    guard case .tls(let fault) = ended.server else {
      Issue.record("\(String(describing: ended.server))")
      return
    }
    #expect(fault.words.contains("unknown ca"))
  }

  @Test func aCertificateThatSignsItselfIsTrustedByItself() throws {
    let folder = try CertificateFolder()
    let files = try folder.make("own", signsItself: true)
    let identity = try TLSIdentity(files)
    let stranger = try Self.meet(identity, try folder.client())
    #expect(Self.fault(stranger.client) == .certificateRefused)
    let friend = try folder.client { $0.authority = files.certificate }
    let ended = try Self.meet(identity, friend)
    #expect(ended.isOpen)
    // By the system's authorities it is not.
    let system = try Self.meet(identity, try folder.client { $0.authority = nil })
    #expect(Self.fault(system.client) == .certificateRefused)
  }

  /// The client's clock is years ahead.
  @Test func anExpiredCertificateIsRefused() throws {
    let folder = try CertificateFolder()
    let client = try folder.client()
    X509_VERIFY_PARAM_set_time(
      SSL_CTX_get0_param(client.context.pointer), time(nil) + 3 * 365 * 86_400)
    let ended = try Self.meet(try folder.identity(), client)
    #expect(Self.fault(ended.client) == .certificateRefused && !ended.isOpen)
    #expect(ended.words.contains(" expired on 20"), "\(ended.words)")
  }

  @Test(arguments: TLSConnectionTests.versions)
  func aClientCertificateThatIsRequiredAndMissing(_ version: Int32) throws {
    let folder = try CertificateFolder()
    let identity = try folder.identity(.required)
    let ended = try Self.meet(identity, try folder.client(), version: version)
    #expect(Self.fault(ended.server) == .certificateMissing)
    #expect(Self.fault(ended.client) == .failed && !ended.isOpen)
    if version == TLS1_3_VERSION {
      #expect(
        ended.words == "TLS: the other end asks for a certificate: --certificate FILE --key FILE")
    }
  }

  @Test(arguments: TLSConnectionTests.versions)
  func aClientCertificateIsLookedAt(_ version: Int32) throws {
    let folder = try CertificateFolder()
    let stranger = try CertificateFolder()
    let own = try folder.make("desk-1", names: [])
    let foreign = try stranger.make("desk-1", names: [])
    let good = try folder.client {
      $0.certificate = own.certificate
      $0.key = own.key
    }
    let bad = try folder.client {
      $0.certificate = foreign.certificate
      $0.key = foreign.key
    }
    for clients in [TLSFiles.ClientCertificates.optional, .required] {
      let identity = try folder.identity(clients)
      let taken = try Self.meet(identity, good, version: version)
      #expect(taken.isOpen && taken.client == .owner(1))
      let refused = try Self.meet(identity, bad, version: version)
      #expect(Self.fault(refused.server) == .certificateRefused && !refused.isOpen)
    }
    let without = try Self.meet(
      try folder.identity(.optional), try folder.client(), version: version)
    #expect(without.isOpen)
  }

  @Test func whatIsOlderThan12IsRefused() throws {
    let folder = try CertificateFolder()
    let client = try folder.client()
    SSL_CTX_set_security_level(client.context.pointer, 0)
    let ended = try Self.meet(try folder.identity(), client, version: TLS1_1_VERSION)
    #expect(!ended.isOpen)
    #expect(Self.fault(ended.client) != nil)
  }

  @Test func newHandshakesSeeTheNewCertificateAndOldSessionsGoOn() throws {
    let folder = try CertificateFolder()
    let identity = try folder.identity()
    var loop = try EventLoop(LoopLimits(connections: 8))
    let listener = try loop.listen(on: .loopback(port: 0), tag: Script.server, tls: identity)
    let address = loop.address(of: listener)
    let tls = try folder.client()
    let script = Script()
    var echoes: [ConnectionID: Int] = [:]
    script.onBytes = { connection, bytes, loop in
      if loop.tag(of: connection) == Script.server {
        #expect(loop.send(connection, bytes) == .queued)
      } else {
        echoes[connection, default: 0] += bytes.count
      }
      return bytes.count
    }
    func shown(_ connection: ConnectionID) -> String {
      let ssl = loop.core.pointee.slot(of: connection)?.pointee.tls?.ssl
      guard let ssl, let certificate = SSL_get0_peer_certificate(ssl) else { return "" }
      return CertificateText.fingerprint(certificate)
    }
    func say(_ connection: ConnectionID) {
      echoes[connection] = 0
      #expect(loop.send(connection, [1, 2, 3]) == .queued)
      script.isDone = { echoes[connection] == 3 }
      script.run(&loop)
    }
    func connect() throws -> ConnectionID {
      let asked = loop.connect(to: address, tag: 7, timeoutMilliseconds: 20_000, tls: tls)
      let connection = try #require(asked)
      script.isDone = { script.opened.contains(connection) }
      script.run(&loop)
      say(connection)
      return connection
    }
    let old = try connect()
    let first = identity.facts.fingerprint
    #expect(shown(old) == first)

    try folder.make()
    try identity.reload()
    let second = identity.facts.fingerprint
    #expect(first != second)
    let new = try connect()
    #expect(shown(new) == second)
    say(old)
    #expect(shown(old) == first)

    // What is wrong with the next one changes nothing.
    try folder.write(Array("nonsense".utf8), "gateway.crt")
    #expect(throws: TLSIdentity.Refused.self) { try identity.reload() }
    let third = try connect()
    #expect(shown(third) == second)
    say(old)
  }
}
