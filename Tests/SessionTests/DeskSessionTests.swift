import Domain
import Session
import Testing
import Wire

/// The gateway's end at the controllers' door, and the client's end of it.
@Suite struct DeskSessionTests {
  static let logon = DeskProtocol.Logon(
    controller: Name("risk-1")!, clientName: FixedText("test")!, clientVersion: FixedText("1")!,
    schemaVersion: 1, heartbeatIntervalSeconds: 10, password: FixedText("secret")!)
  static let control = DeskProtocol.Control(
    requestID: 3, kind: .barOpening, scopeKind: .operationAccount, name: FixedText("desk-1")!,
    reason: FixedText("because")!)
  static let acceptance = DeskAcceptance(
    sessionEpoch: 7, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none, rights: .all,
    isBoundToAll: true, newestNotice: 41)

  /// What a door's session made of bytes.
  final class Door {
    var session: TerminalSessionState
    var sent: [UInt8] = []
    var now: Int64 = 0
    private var unread: [UInt8] = []

    init(_ terms: TerminalSessionTerms = TerminalSessionTerms(), door: SessionDoor = .desk) {
      session = TerminalSessionState(terms, door: door, at: 0)
    }

    static func loggedOn() -> Door {
      let door = Door()
      _ = door.receive(frameBytes(DeskSessionTests.logon))
      door.accept()
      door.sent = []
      return door
    }

    func accept() {
      write { $0.deskLogonAccepted(DeskSessionTests.acceptance, at: $1, into: &$2) }
    }

    func receive(_ bytes: [UInt8]) -> [String] {
      unread += bytes
      var seen: [String] = []
      while true {
        var name = ""
        var consumed = 0
        let bytes = unread
        bytes.withUnsafeBytes { bytes in
          var incoming = IncomingBytes(bytes)
          write { session, now, outgoing in
            switch session.next(in: &incoming, at: now, into: &outgoing) {
            case .nothing: name = ""
            case .waitForVerdict: name = "wait"
            case .deskLogon(let logon): name = "logon \(logon.controller.string)"
            case .control(let control): name = "control \(control.requestID)"
            case .deskSubscribeNotices(let request): name = "notices \(request.after)"
            case .standingRequest(let request): name = "standing \(request.requestID)"
            case .subscribeLiquidations(let request): name = "liquidations \(request.requestID)"
            case .subscribeAccounts(let request): name = "accounts \(request.requestID)"
            case .unsubscribeAccounts(let request): name = "no accounts \(request.requestID)"
            case .ended(let end): name = "ended \(end.reason)"
            default: name = "other"
            }
          }
          consumed = incoming.consumed
        }
        unread.removeFirst(consumed)
        if name.isEmpty { return seen }
        seen.append(name)
        if name == "wait" || session.isEnded { return seen }
      }
    }

    func write(_ body: (inout TerminalSessionState, Int64, inout OutgoingBytes) -> Void) {
      var buffer = [UInt8](repeating: 0, count: 16_384)
      buffer.withUnsafeMutableBytes { buffer in
        var outgoing = OutgoingBytes(buffer)
        body(&session, now, &outgoing)
        sent += Array(outgoing.written)
      }
    }
  }

  @Test func aLogonWaitsForItsVerdictAndIsToldTheTerms() {
    let door = Door(TerminalSessionTerms(messagesPerSecond: 200, maxInFlight: 64))
    #expect(
      door.receive(frameBytes(Self.logon) + frameBytes(Self.control)) == ["logon risk-1", "wait"])
    door.accept()
    #expect(
      only(DeskProtocol.LogonAccepted.self, in: door.sent)
        == DeskProtocol.LogonAccepted(
          sessionEpoch: 7, serverTime: Timestamp(nanoseconds: 1), tradingDay: .none,
          heartbeatIntervalSeconds: 10, schemaVersion: DeskProtocol.version,
          messagesPerSecond: 200, rights: ControllerRights.all.rawValue, isBoundToAll: 1,
          newestNotice: 41))
    #expect(door.receive([]) == ["control 3"])
  }

  @Test(arguments: [
    frameBytes(control), frameBytes(DeskProtocol.SubscribeNotices()),
    frameBytes(DeskProtocol.StandingRequest()), frameBytes(DeskProtocol.SubscribeLiquidations()),
    frameBytes(DeskProtocol.Heartbeat()), frameBytes(DeskProtocol.LiquidationProgress()),
    frameBytes(DeskProtocol.ControlAnswer()),
  ])
  func nothingIsTakenBeforeALogon(_ bytes: [UInt8]) {
    let door = Door()
    #expect(door.receive(bytes) == ["ended notLoggedOn"])
    #expect(only(DeskProtocol.Logout.self, in: door.sent)?.reason == .notLoggedOn)
  }

  /// A door knows its own protocol only: nothing that a terminal sends is served at the desk, and
  /// the reverse.
  @Test func aTerminalsWordsAreNobodysHereAndTheReverse() {
    let desk = Door()
    #expect(desk.receive(frameBytes(Samples.logon())) == ["ended unknownMessage"])
    #expect(only(DeskProtocol.Logout.self, in: desk.sent)?.reason == .unknownMessage)
    let terminals = Door(door: .terminals)
    #expect(terminals.receive(frameBytes(Self.logon)) == ["ended unknownMessage"])
    #expect(only(OrderEntry.Logout.self, in: terminals.sent)?.reason == .unknownMessage)
    #expect(Door.loggedOn().receive(frameBytes(Samples.order())) == ["ended unknownMessage"])
  }

  @Test func everyPrefixOfARequestMeansMoreBytes() {
    for message in [frameBytes(Self.control), frameBytes(DeskProtocol.SubscribeNotices(after: 4))] {
      let door = Door.loggedOn()
      for byte in message.dropLast() { #expect(door.receive([byte]) == []) }
      #expect(door.receive([message.last!]).count == 1)
    }
  }

  /// Every changed byte is a request, an answer, or the end of the session.
  @Test func everyChangedByteIsServedOrEndsTheSession() {
    let bytes = frameBytes(Self.control)
    for position in bytes.indices {
      for change: UInt8 in [0x01, 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[position] ^= change
        let door = Door.loggedOn()
        let seen = door.receive(changed)
        #expect(seen.count <= 1)
        #expect(!seen.contains("other"))
      }
    }
  }

  @Test(arguments: [
    DeskProtocol.Control(requestID: 4, kind: .killSwitch, reason: FixedText("a\u{7}b")!),
    DeskProtocol.Control(requestID: 4, kind: .killSwitch, name: FixedText("\u{1B}[2J")!),
  ])
  func whatIsNoTextIsAnsweredAndNotServed(_ control: DeskProtocol.Control) {
    let door = Door.loggedOn()
    #expect(door.receive(frameBytes(control)) == [])
    let reject = only(DeskProtocol.BusinessReject.self, in: door.sent)
    #expect(reject?.requestID == 4 && reject?.refusal.rule == RuleID.badCommand.rawValue)
    #expect(door.session.isLoggedOn)
  }

  @Test func aTemplateNobodyKnowsIsAnsweredAndASecondLogonEndsIt() {
    let door = Door.loggedOn()
    #expect(door.receive(bareFrame(schema: 4, template: 999)) == [])
    #expect(only(DeskProtocol.BusinessReject.self, in: door.sent)?.refTemplateID == 999)
    #expect(door.receive(frameBytes(Self.logon)) == ["ended unexpectedMessage"])
  }

  @Test func silenceEndsItWithAWordOfTheDesk() {
    let door = Door.loggedOn()
    door.now = seconds(10)
    door.write { session, now, outgoing in _ = session.timeReached(now, into: &outgoing) }
    #expect(templates(of: door.sent) == [DeskProtocol.Heartbeat.templateID])
    door.sent = []
    door.now = seconds(25)
    door.write { session, now, outgoing in _ = session.timeReached(now, into: &outgoing) }
    #expect(only(DeskProtocol.Logout.self, in: door.sent)?.reason == .heartbeatTimeout)
  }

  @Test func noLogonInTimeEndsIt() {
    let door = Door()
    door.now = seconds(10)
    door.write { session, now, outgoing in _ = session.timeReached(now, into: &outgoing) }
    #expect(only(DeskProtocol.Logout.self, in: door.sent)?.reason == .logonTimeout)
  }

  // MARK: Both ends

  @Test func theClientLogsOnAsksAndHearsAnswers() {
    let door = Door()
    var link = DeskLinkState(
      DeskLogon(
        controller: Name("risk-1")!, clientName: FixedText("test")!,
        clientVersion: FixedText("1")!), at: 0)
    var room = [UInt8](repeating: 0, count: 4_096)
    let hello = room.withUnsafeMutableBytes { room -> [UInt8] in
      var outgoing = OutgoingBytes(room)
      link.connected(password: FixedText("secret")!, at: 0, into: &outgoing)
      return Array(outgoing.written)
    }
    #expect(door.receive(hello) == ["logon risk-1", "wait"])
    door.accept()
    func read(_ bytes: [UInt8]) -> [String] {
      var seen: [String] = []
      bytes.withUnsafeBytes { bytes in
        room.withUnsafeMutableBytes { room in
          var incoming = IncomingBytes(bytes)
          var outgoing = OutgoingBytes(room)
          while true {
            switch link.next(in: &incoming, at: 1, into: &outgoing) {
            case .nothing: return
            case .loggedOn(let accepted): seen.append("rights \(accepted.rights)")
            case .notice(let notice): seen.append("notice \(notice.number)")
            case .answer(let answer): seen.append("answer \(answer.requestID)")
            case .ended(let end):
              seen.append("ended \(end.cause)")
              return
            default: seen.append("other")
            }
          }
        }
      }
      return seen
    }
    #expect(read(frameBytes(DeskProtocol.Notice(number: 1))) == ["ended unexpectedMessage"])
    link = DeskLinkState(link.logon, at: 0)
    room.withUnsafeMutableBytes { room in
      var outgoing = OutgoingBytes(room)
      link.connected(password: FixedText("secret")!, at: 0, into: &outgoing)
    }
    #expect(read(door.sent) == ["rights 255"])
    #expect(
      read(
        frameBytes(DeskProtocol.Notice(number: 1)) + bareFrame(schema: 4, template: 999)
          + frameBytes(DeskProtocol.ControlAnswer(requestID: 5))) == ["notice 1", "answer 5"])
    #expect(read(frameBytes(DeskProtocol.Logout(reason: .dropped))) == ["ended gatewaySaid"])
  }
}
