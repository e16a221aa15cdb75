import Domain
import Session
import Testing
import Wire

@testable import Exchange

@Suite struct CounterServerSessionTests {
  @Test func aLinkWithoutALoginIsEndedAfterTenSeconds() {
    var desk = Desk()
    desk.open(0)
    #expect(desk.service.nextDeadline == desk.now.adding(seconds: 10))
    desk.advance(seconds: 9)
    #expect(desk.output.closed.isEmpty)
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["logout notLoggedIn"])
  }

  @Test func heartbeatsGoBothWaysAndSilenceEndsTheLink() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.advance(seconds: 4)
    #expect(desk.output.take(0) == [])
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["heartbeat"])
    desk.send(0, CounterProtocol.Heartbeat())
    desk.advance(seconds: 12)
    #expect(desk.output.take(0) == ["heartbeat"])
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["logout heartbeatTimeout"])
    #expect(desk.service.loggedInCount == 0)
  }

  @Test func whatIsSentIsHeartbeatEnough() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.advance(seconds: 3)
    desk.send(0, desk.order(.buy, 4, 3500))
    desk.advance(seconds: 4)
    #expect(desk.output.take(0) == [])
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["heartbeat"])
  }

  @Test func aLogoutIsTheLastWord() {
    var desk = Desk()
    desk.login(0, "alice")
    #expect(desk.send(0, CounterProtocol.Logout(reason: .requested)) == [])
    #expect(desk.output.closed == [0])
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == [])
    #expect(desk.service.exchange.lastSequence(of: Market.alice) == 0)
  }

  /// Bytes of a good heartbeat with one place changed.
  static func heartbeat(_ place: Int, _ value: UInt8) -> [UInt8] {
    let message = CounterProtocol.Heartbeat()
    var bytes = [UInt8](repeating: 0, count: message.frameLength)
    bytes.withUnsafeMutableBytes { _ = try? message.encode(into: $0) }
    bytes[place] = value
    return bytes
  }

  @Test(arguments: [
    (0, UInt8(0xFF), "badFrame"), (4, 0, "badFrame"), (6, 200, "badFrame"),
    (8, 99, "unknownMessage"), (10, 1, "unknownMessage"), (12, 0, "versionUnsupported"),
    (8, 20, "badFrame"), (8, 31, "unexpectedMessage"),
  ])
  func badFramesEndTheLinkWithAReason(_ place: Int, _ value: UInt8, _ reason: String) {
    var desk = Desk()
    desk.login(0, "alice")
    #expect(desk.sendBytes(0, Self.heartbeat(place, value)) == ["logout \(reason)"])
    #expect(desk.output.closed == [0])
  }

  @Test func aSecondLoginOnALinkHasNoPlace() {
    var desk = Desk()
    desk.login(0, "alice")
    let login = CounterProtocol.Login(fundAccount: Name("alice")!, schemaVersion: 1)
    #expect(desk.send(0, login) == ["logout unexpectedMessage"])
  }

  @Test(arguments: [(UInt16(0), UInt16(30)), (1, 1), (60, 60), (61, 60), (.max, 60)])
  func theHeartbeatIntervalIsBounded(_ asked: UInt16, _ holds: UInt16) {
    var session = CounterServerSession(openedAt: Market.open)
    let login = CounterProtocol.Login(fundAccount: Name("alice")!, schemaVersion: 1)
    var bytes = [UInt8](repeating: 0, count: login.frameLength)
    bytes.withUnsafeMutableBytes { _ = try? login.encode(into: $0) }
    bytes.withUnsafeBytes {
      guard case .frame(let frame) = FrameScanner.scan($0, limit: Framing.inboundMaximum),
        case .verify = session.frameReceived(frame, now: Market.open)
      else {
        Issue.record("a login asks to be verified")
        return
      }
    }
    session.loginAccepted(epoch: 1, requestedSeconds: asked)
    #expect(session.heartbeatIntervalSeconds == holds)
    #expect(session.isOpen)
  }
}
