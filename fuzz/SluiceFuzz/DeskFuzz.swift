import Client
import Domain
import Session
import Wire

enum DeskClientFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let choice = FuzzChoice(rawValue: choice)
    var client = DeskClient(
      DeskLogon(
        controller: Name("fuzz")!, clientName: FixedText("fuzz")!, clientVersion: FixedText("1")!),
      password: FixedText("p")!, at: 0)
    client.connected(at: 0)
    var now: Int64 = 1
    var board = AccountsBoard()
    FuzzStream.inTwo(bytes, cut: choice.cut) { offered in
      defer { client.sendPending { $0.count } }
      return client.received(offered, at: now) { event in
        if case .accounts(let event) = event { board.take(event) }
      }
    }
    if choice.contains(.speaks) {
      _ = client.control(DeskProtocol.Control(kind: .killSwitch), at: now)
      _ = client.subscribeNotices(after: 1, at: now)
      _ = client.standing(at: now)
      _ = client.subscribeLiquidations(at: now)
      _ = client.subscribeAccounts(.accounts, of: (.product, Name("fuzz")!), at: now)
      _ = client.unsubscribeAccounts(0, at: now)
    }
    for _ in 0..<8 where choice.contains(.waits) {
      guard client.deadline < .max else { break }
      now = max(now, client.deadline)
      _ = client.timeReached(now)
      client.sendPending { $0.count }
    }
    if choice.contains(.refuses) { _ = client.disconnected() }
    _ = client.stop()
  }
}
