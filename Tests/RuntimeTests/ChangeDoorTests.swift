import CSluice
import Domain
import Foundation
import Messages
import Testing

@testable import Runtime

/// The socket that changes are asked for at, and what its bytes may be.
@Suite struct ChangeDoorTests {
  private static let cap = Command.setAccount(
    SetAccount(account: OperationAccountID(1), setting: .positionCap, value: 9))

  @Test func framesAreReadAsTheyWereWritten() throws {
    for request in [
      ChangeFrame.Request.status, .change([], revision: 0),
      .change([Self.cap, .clearAccess(ClearAccess(account: .none, list: .macs))], revision: 7),
    ] {
      let bytes = try #require(ChangeFrame.bytes(request))
      #expect(ChangeFrame.length(bytes) == bytes.count - 4)
      #expect(ChangeFrame.request(Array(bytes.dropFirst(4))) == request)
    }
    let refusal = Refusal(.badCommand, observed: -3, limit: 4, unit: .count)
    for answer in [
      ChangeFrame.Answer.failed("why"),
      .status(ChangeFrame.Status(sequence: 9, revision: 2, journal: "var/journal")),
      .changed(ChangeFrame.Outcome(taken: 3, refusal: nil)),
      .changed(ChangeFrame.Outcome(taken: 3, refusal: refusal)),
    ] {
      #expect(ChangeFrame.answer(Array(ChangeFrame.bytes(answer).dropFirst(4))) == answer)
    }
  }

  /// Every prefix, every changed byte: nothing but nil or a request comes of it.
  @Test func bytesThatSayNothingAreNoRequest() throws {
    let bytes = try #require(ChangeFrame.bytes(.change([Self.cap, Self.cap], revision: 1)))
    let body = Array(bytes.dropFirst(4))
    for count in 0..<body.count { #expect(ChangeFrame.request(Array(body.prefix(count))) == nil) }
    for place in body.indices {
      for bit in 0..<8 {
        var other = body
        other[place] ^= 1 << bit
        if case .change(let commands, _, _) = ChangeFrame.request(other) {
          #expect(commands.count <= ChangeFrame.commandsMaximum)
        }
      }
    }
    #expect(ChangeFrame.length([0, 0, 0, 0]) == nil)
    #expect(ChangeFrame.length([255, 255, 255, 255]) == nil)
    #expect(ChangeFrame.length([1, 0]) == nil)
  }

  private static func withDoor(
    _ body: (_ folder: String, _ control: GatewayControl) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/sluice-door-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let control = GatewayControl()
    let loop = try EventLoop(LoopLimits(connections: 1))
    let door = try ChangeDoor(
      at: folder + "/" + ChangeDoor.name, journal: "here", control, loop.makeWaker())
    try body(folder, control)
    door.end()
    #expect(!FileManager.default.fileExists(atPath: folder + "/" + ChangeDoor.name))
  }

  @Test func itAnswersItsOwnUserAndKeepsNobodyElse() throws {
    try Self.withDoor { folder, control in
      let status = try ChangeClient.status(data: folder)
      #expect(status.journal == "here" && status.revision == 0)
      let path = folder + "/" + ChangeDoor.name
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      // What is no setting is not even asked for.
      #expect(throws: ChangeClient.Fault.self) {
        try ChangeClient.change([.timeReached], revision: 0, data: folder)
      }
      #expect(throws: ChangeClient.Fault.self) {
        try ChangeClient.change([], revision: 0, data: folder)
      }
      #expect(control.takeOrders().isEmpty)
      // One that hangs up in the middle of a frame keeps nobody waiting.
      let peer = LocalStream(sluice_connect_local(path))
      let isWritten = peer.write([200, 0, 0, 0, 1])
      #expect(isWritten)
      _ = consume peer
      #expect(try ChangeClient.status(data: folder).journal == "here")
    }
  }

  @Test func aDataFolderHasOneGateway() throws {
    try Self.withDoor { folder, control in
      let loop = try EventLoop(LoopLimits(connections: 1))
      let path = folder + "/" + ChangeDoor.name
      var fault: GatewayStartError?
      do throws(GatewayStartError) {
        _ = try ChangeDoor(at: path, journal: "there", control, loop.makeWaker())
      } catch {
        fault = error
      }
      #expect(fault == .dataFolderInUse(path))
      #expect(try ChangeClient.status(data: folder).journal == "here")
    }
    #expect(throws: ChangeClient.Fault.nobodyThere(path: "/nowhere/control")) {
      try ChangeClient.status(data: "/nowhere")
    }
  }

  /// A gateway that died leaves its socket behind: the next one takes its place.
  @Test func aSocketThatWasLeftBehindIsReplaced() throws {
    try Self.withDoor { folder, control in
      let path = folder + "/left"
      let listener = sluice_listen_local(path)
      close(listener)
      #expect(FileManager.default.fileExists(atPath: path))
      let again = sluice_listen_local(path)
      #expect(again >= 0)
      close(again)
      #expect(sluice_listen_local(String(repeating: "a", count: 200)) == -ENAMETOOLONG)
    }
  }
}
