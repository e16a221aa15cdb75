import Domain
import Session
import Testing
import Wire

@testable import Exchange

@Suite struct CounterServiceTests {
  @Test func aLoginOpensTheLinkAndNamesItsEpoch() {
    var desk = Desk()
    #expect(desk.login(0, "alice") == ["login epoch=2 last=0"])
    #expect(desk.service.loggedInCount == 1)
    #expect(
      desk.send(0, desk.order(.buy, 4, 3500)) == ["#1 1 accepted 0+4"])
  }

  @Test(arguments: [("alice", "wrong"), ("nobody", "secret"), ("", "secret")])
  func aWrongNameAndAWrongPasswordAreRefusedAlike(_ account: String, _ password: String) {
    var desk = Desk()
    desk.open(0)
    let words = desk.send(
      0,
      CounterProtocol.Login(
        fundAccount: Name(account)!, schemaVersion: 1, password: FixedText<128>(password)!))
    #expect(words == ["login-rejected refused"])
    #expect(desk.output.closed == [0])
    #expect(desk.service.loggedInCount == 0)
  }

  @Test func anAccountWithoutPasswordTakesAny() {
    var desk = Desk()
    #expect(desk.login(0, "bob") == ["login epoch=2 last=0"])
  }

  @Test func nothingIsServedBeforeALogin() {
    var desk = Desk()
    desk.open(0)
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == ["logout notLoggedIn"])
    #expect(desk.output.closed == [0])
  }

  @Test func aNewerLinkReplacesTheOlderOne() {
    var desk = Desk()
    desk.login(0, "alice")
    #expect(desk.login(1, "alice") == ["login epoch=3 last=0"])
    #expect(desk.output.take(0) == ["logout replaced"])
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == [])
    #expect(desk.send(1, desk.order(.buy, 4, 3500)) == ["#1 2 accepted 0+4"])
  }

  @Test func tradesReachBothLinks() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.login(1, "bob")
    desk.send(0, desk.order(.buy, 4, 3500))
    #expect(
      desk.send(1, desk.order(.sell, 6, 3500)) == [
        "#1 2 accepted 0+6", "#2 2 rb2705 sell 4@3500",
      ])
    #expect(desk.output.take(0) == ["#2 1 rb2705 buy 4@3500"])
  }

  @Test func messagesMayComeInOneReadOrInManyPieces() throws {
    var desk = Desk()
    desk.login(0, "alice")
    var bytes: [UInt8] = []
    for _ in 0..<3 {
      let order = desk.order(.buy, 4, 3500)
      var frame = [UInt8](repeating: 0, count: order.frameLength)
      _ = try frame.withUnsafeMutableBytes { try order.encode(into: $0) }
      bytes += frame
    }
    #expect(desk.sendBytes(0, bytes).count == 3)
    desk.login(1, "bob")
    var words: [String] = []
    var waiting: [UInt8] = []
    for byte in bytes {
      waiting.append(byte)
      let used = waiting.withUnsafeBytes {
        desk.service.bytesReceived(
          LinkName(index: 1, generation: 0), $0, now: desk.now, &desk.output)
      }
      waiting.removeFirst(used)
      words += desk.output.take(1)
    }
    #expect(words == ["#1 1 accepted 0+4", "#2 2 accepted 0+4", "#3 3 accepted 0+4"])
  }

  @Test func anIdThatIsKnownIsAnsweredByItsState() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.send(0, desk.order(.buy, 4, 3500, child: 7))
    #expect(desk.send(0, desk.order(.sell, 9, 3600, child: 7)) == ["status 7 accepted 0+4"])
  }

  @Test func anUnlistedInstrumentIsRejectedByNumber() {
    var desk = Desk()
    desk.login(0, "alice")
    var order = desk.order(.buy, 4, 3500)
    order.exchange = .dce
    #expect(desk.send(0, order) == ["#1 1 rejected 0+0 error=16"])
  }

  @Test func anOrderWithoutAnIdEndsTheLink() {
    var desk = Desk()
    desk.login(0, "alice")
    var order = desk.order(.buy, 4, 3500)
    order.childOrderID = .none
    #expect(desk.send(0, order) == ["logout unexpectedMessage"])
  }

  @Test func fundsAndPositionsAreTold() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.tick(3499, 3500)
    desk.send(0, desk.order(.buy, 4, 3500))
    // 14 yuan of fee.
    #expect(
      desk.send(0, CounterProtocol.FundsRequest(requestNumber: 5)) == [
        "funds 5 equity=1999986"
      ])
    #expect(
      desk.send(0, CounterProtocol.PositionsRequest(requestNumber: 6)) == [
        "position rb2705 long 4/0", "positions-end 6 1",
      ])
  }

  @Test func instantAnswersAcceptWhatTheyAreGiven() {
    var desk = Desk(mode: .instant(fills: true))
    desk.login(0, "alice")
    #expect(
      desk.send(0, desk.order(.buy, 4, 3500)) == [
        "#1 1 accepted 0+4", "#2 1 rb2705 buy 4@3500",
      ])
    let cancel = CounterProtocol.CancelOrder(childOrderID: desk.child(1))
    #expect(desk.send(0, cancel) == ["#3 1 cancelled 0+0"])
    #expect(
      desk.send(0, CounterProtocol.ReportsRequest(requestNumber: 1, fromSequence: 1)) == [
        "reports-end 1 last=3"
      ])
  }

  @Test func stoppingSaysGoodbye() {
    var desk = Desk()
    desk.login(0, "alice")
    desk.open(1)
    desk.service.stop(&desk.output)
    #expect(desk.output.take(0) == ["logout shuttingDown"])
    #expect(desk.output.take(1) == ["logout shuttingDown"])
    #expect(desk.service.nextDeadline == .never)
  }

  @Test func noBytesMakeItCrash() {
    var stream = SplitMix64(seed: 3)
    for _ in 0..<2_000 {
      var desk = Desk()
      desk.login(0, "alice")
      let order = desk.order(.buy, 4, 3500)
      var bytes = [UInt8](repeating: 0, count: order.frameLength)
      bytes.withUnsafeMutableBytes { _ = try? order.encode(into: $0) }
      for _ in 0...stream.below(4) {
        // Behind the length, so that a whole frame comes; at times in front.
        let from: UInt64 = stream.below(4) == 0 ? 0 : 4
        let place = Int(from + stream.below(UInt64(bytes.count) - from))
        bytes[place] = UInt8(stream.below(256))
      }
      desk.sendBytes(0, bytes)
    }
  }
}
