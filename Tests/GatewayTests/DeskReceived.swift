import Client
import Domain
import Engine
import Ledger
import Session
import Testing
import Wire

@testable import Gateway

/// What a controller's client found, by kind.
struct DeskReceived {
  var accepted: [DeskProtocol.LogonAccepted] = []
  var logouts: [DeskProtocol.Logout] = []
  var answers: [DeskProtocol.ControlAnswer] = []
  var rejects: [DeskProtocol.BusinessReject] = []
  var notices: [DeskProtocol.Notice] = []
  var completes: [DeskProtocol.NoticesComplete] = []
  var truncated: [DeskProtocol.NoticesTruncated] = []
  var rows: [DeskProtocol.StandingRow] = []
  var ends: [DeskProtocol.StandingEnd] = []
  var liquidations: [DeskProtocol.LiquidationProgress] = []
  var liquidationEnds: [DeskProtocol.LiquidationsComplete] = []
  /// What came for subscriptions to accounts, in its order.
  var accounts: [AccountsEvent] = []

  init(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum) {
        take(frame)
        rest = UnsafeRawBufferPointer(rebasing: rest[frame.length...])
      }
      #expect(rest.isEmpty)
    }
  }

  private mutating func take(_ frame: Frame) {
    switch try? DeskProtocol.Message(frame) {
    case .logonAccepted(let message): accepted.append(message.value)
    case .logout(let message): logouts.append(message.value)
    case .controlAnswer(let message): answers.append(message.value)
    case .businessReject(let message): rejects.append(message.value)
    case .notice(let message): notices.append(message.value)
    case .noticesComplete(let message): completes.append(message.value)
    case .noticesTruncated(let message): truncated.append(message.value)
    case .standingRow(let message): rows.append(message.value)
    case .standingEnd(let message): ends.append(message.value)
    case .liquidationProgress(let message): liquidations.append(message.value)
    case .liquidationsComplete(let message): liquidationEnds.append(message.value)
    case .accountsBegin(let message): accounts.append(.begin(message.value))
    case .accountRow(let message): accounts.append(.account(message.value))
    case .lineRow(let message): accounts.append(.line(message.value))
    case .fundAccountRow(let message): accounts.append(.fundAccount(message.value))
    case .productRow(let message): accounts.append(.product(message.value))
    case .positionRow(let message): accounts.append(.position(message.value))
    case .workingOrderRow(let message): accounts.append(.order(message.value))
    case .linkRow(let message): accounts.append(.link(message.value))
    case .accountsComplete(let message): accounts.append(.complete(message.value))
    case .accountsEnd(let message): accounts.append(.end(message.value))
    case .heartbeat: break
    default: Issue.record("a message that no client is sent")
    }
  }
}

extension GatewayDesk {
  mutating func connectDesk() -> TerminalID? {
    gateway.terminalConnected(from: GatewayDesk.address, door: .desk)
  }

  mutating func logOnDesk(
    _ name: String, password: String = GatewayDesk.password
  ) throws -> TerminalID {
    let id = try #require(connectDesk())
    send(
      DeskProtocol.Logon(
        controller: Name(name)!, clientName: FixedText("test")!, clientVersion: FixedText("1")!,
        schemaVersion: DeskProtocol.version, heartbeatIntervalSeconds: 10,
        password: FixedText(password)!), from: id)
    turn()
    return id
  }

  mutating func desk(_ id: TerminalID) -> DeskReceived { DeskReceived(bytes(of: id)) }

  mutating func heard(_ id: TerminalID, _ check: (DeskReceived) -> Void) { check(desk(id)) }

  mutating func told(_ id: TerminalID, _ check: ([OrderEntry.ExecutionReport]) -> Void) {
    check(reports(id))
  }

  mutating func logoutReasons(_ id: TerminalID) -> [OrderEntry.LogoutReason] {
    received(id).compactMap {
      if case .logout(let logout) = $0 { return logout.reason }
      return nil
    }
  }

  var chiefsSessions: UInt32 {
    gateway.sequencer.engine.ledger.controllers.at(ControllerID(0)).pointee.logon.sessionsOpen
  }
}
