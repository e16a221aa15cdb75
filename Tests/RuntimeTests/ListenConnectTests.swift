import Glibc
import Messages
import Testing

@testable import Runtime

/// How connections come about, or do not.
@Suite(.timeLimit(.minutes(10))) struct ListenConnectTests {
  private func listenError(
    _ address: SocketAddress, limits: LoopLimits = LoopLimits(connections: 1)
  ) throws -> ListenError? {
    var loop = try EventLoop(limits)
    do throws(ListenError) {
      _ = try loop.listen(on: address)
      return nil
    } catch {
      return error
    }
  }

  @Test func aPortInUseIsSaid() throws {
    let other = try RawSocket(listeningWithBacklog: 1)
    #expect(try listenError(other.address) == .addressInUse)
  }

  @Test func anAddressOfAnotherMachineIsSaid() throws {
    // 192.0.2.0/24 is for documentation: RFC 5737.
    let elsewhere = try #require(SocketAddress(text: "192.0.2.1:7001"))
    #expect(try listenError(elsewhere) == .addressNotAvailable)
  }

  @Test func oneListenerTooManyIsSaid() throws {
    var limits = LoopLimits(connections: 1)
    limits.listeners = 0
    #expect(try listenError(.loopback(port: 0), limits: limits) == .tooManyListeners)
  }

  @Test func whoStoppedListeningIsNotReached() throws {
    var loop = try EventLoop(LoopLimits(connections: 2))
    let listener = try loop.listen(on: .loopback(port: 0))
    let address = loop.address(of: listener)
    #expect(address.port != 0)
    loop.stopListening(listener)
    loop.stopListening(listener)
    #expect(loop.address(of: listener) == .none)
    _ = loop.connect(to: address, tag: 4)
    let script = Script()
    script.isDone = { script.closed.count == 1 }
    script.run(&loop)
    #expect(script.opened.isEmpty)
    #expect(script.reason(ofTag: 4) == .connectRefused)
  }

  @Test func aPeerThatDoesNotAnswerIsGivenUpInTime() throws {
    // A queue for one that nobody empties: the system lets further peers wait.
    let silent = try RawSocket(listeningWithBacklog: 0)
    var loop = try EventLoop(LoopLimits(connections: 8))
    let started = loop.now
    for tag in UInt64(0)..<6 {
      _ = loop.connect(to: silent.address, tag: tag, timeoutMilliseconds: 100)
    }
    let script = Script()
    var isEnough = false
    script.onSleep = { loop in
      isEnough = script.opened.count + script.closed.count == 6
      if isEnough { #expect(loop.now - started >= 99_000_000) }
    }
    script.isDone = { isEnough }
    script.run(&loop)
    #expect(script.closed.count >= 3)
    #expect(script.closed.allSatisfy { $0.reason == .connectTimedOut })
  }

  @Test func aConnectionCanBeGivenUpBeforeItStands() throws {
    let silent = try RawSocket(listeningWithBacklog: 0)
    var loop = try EventLoop(LoopLimits(connections: 8))
    let first = try loop.connected(to: silent.address, tag: 1)
    let second = try loop.connected(to: silent.address, tag: 2)
    #expect(loop.send(first, [1]) == .gone)
    loop.close(first, .owner(1))
    loop.abort(second, .owner(2))
    let script = Script()
    script.isDone = { script.closed.count == 2 }
    script.run(&loop)
    #expect(script.opened.isEmpty)
    #expect(script.reason(ofTag: 1) == .owner(1))
    #expect(script.reason(ofTag: 2) == .owner(2))
  }

  @Test(arguments: ["127.0.0.1", "[::1]"])
  func bothEndsKnowEachOther(_ host: String) throws {
    var loop = try EventLoop(LoopLimits(connections: 2))
    let anywhere = try #require(SocketAddress(text: "\(host):0"))
    let listener: ListenerID
    do throws(ListenError) {
      listener = try loop.listen(on: anywhere, tag: Script.server)
    } catch {
      // A machine without IPv6.
      #expect(host == "[::1]" && error == .addressNotAvailable)
      return
    }
    let address = loop.address(of: listener)
    #expect(address.description.hasPrefix("\(host):"))
    let client = try loop.connected(to: address, tag: 2)
    let script = Script()
    script.onOpened = { connection, loop in
      #expect(loop.tag(of: connection) == (connection == client ? 2 : Script.server))
      let peer = loop.peer(of: connection)
      #expect(peer.address == address.address)
      #expect((peer.port == address.port) == (connection == client))
    }
    script.isDone = { script.opened.count == 2 }
    script.run(&loop)
  }

  @Test(arguments: [
    ("127.0.0.1:7001", "127.0.0.1:7001"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::]:65535", "[::]:65535"),
    ("[2001:db8::1]:80", "[2001:db8::1]:80"), ("[::ffff:10.0.0.1]:5", "10.0.0.1:5"),
    ("127.0.0.1", nil), ("127.0.0.1:", nil), ("127.0.0.1:65536", nil), ("127.0.0.1:-1", nil),
    ("::1:80", nil), ("localhost:80", nil), ("256.0.0.1:80", nil), ("[::1:80", nil), ("", nil),
  ])
  func addressesAreReadAndWritten(_ text: String, _ written: String?) {
    #expect(SocketAddress(text: text)?.description == written)
  }

  @Test func anIPv4AddressIsInNetworkOrder() throws {
    let address = try #require(SocketAddress(text: "10.1.2.3:9"))
    #expect(address.address == NetworkAddress(ipv4: 0x0A01_0203))
    #expect(SocketAddress(address.system) == address)
  }
}
