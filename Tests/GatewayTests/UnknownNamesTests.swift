import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// Names that no account has are locked as an account's would be.
@Suite struct UnknownNamesTests {
  /// The rule that refuses, or 0.
  private static func outcome(
    _ desk: inout GatewayDesk, _ name: String, password: String = "wrong",
    from address: NetworkAddress = GatewayDesk.address
  ) throws -> UInt16 {
    let terminal = try desk.logOn(name, password: password, from: address)
    let logout = SessionTests.logout(desk.received(terminal))
    if let logout { #expect(logout.reason == .refused && logout.retryAfterMilliseconds == 0) }
    return logout?.rule ?? 0
  }

  /// The same tries, at the same times, from two addresses, of an account and of no account.
  @Test func nobodyCanTellANameFromAnAccount() throws {
    var desk = try GatewayDesk()
    let elsewhere = NetworkAddress(ipv4: 0x0A00_0009)
    var known: [UInt16] = []
    var unknown: [UInt16] = []
    for step in 0..<40 {
      let address = step % 3 == 0 ? elsewhere : GatewayDesk.address
      known.append(try Self.outcome(&desk, "bob", from: address))
      unknown.append(try Self.outcome(&desk, "nobody", from: address))
      // Now and then the lock runs out (900 s), or the window in which failures count (300 s).
      desk.pass(Int64([1, 1, 1, 40, 280][step % 5]) * GatewayDesk.second)
    }
    #expect(known == unknown)
    #expect(Set(known) == [RuleID.loginCredentials.rawValue, RuleID.loginLockout.rawValue])
    // Each takes the worker as long: the password is looked at also when the name is locked.
    desk.answersPasswords = false
    for name in ["bob", "nobody"] {
      for _ in 0..<2 { _ = try desk.logOn(name, password: "wrong") }
      var asked = 0
      while desk.gateway.nextPassword() != nil {
        desk.gateway.passwordAsked()
        asked += 1
      }
      #expect(asked == 2)
    }
  }

  /// What each of some tries hears, made at these seconds.
  private static func tries(
    _ names: inout UnknownNames, _ tries: [(String, Int64)]
  ) -> [Bool] {
    var heard: [Bool] = []
    for (name, second) in tries {
      heard.append(
        names.fail(
          Name(name)!, at: SmallHouse.start.adding(seconds: second), failures: 2,
          windowSeconds: 60, lockSeconds: 100))
    }
    return heard
  }

  @Test func aTableThatIsFullLetsTheLeastGo() {
    var names = UnknownNames(capacity: 3)
    let first = Self.tries(&names, [("a", 0), ("a", 1), ("a", 2), ("b", 3), ("c", 4)])
    #expect(first == [false, false, true, false, false])
    // b has waited longest of those that are not locked.
    let second = Self.tries(&names, [("d", 5), ("c", 6), ("c", 7)])
    #expect(second == [false, false, true])
    // d now: b begins anew.
    let third = Self.tries(&names, [("b", 8), ("b", 9), ("b", 10)])
    #expect(third == [false, false, true])
    // All three are locked: the lock that ends first gives way, and its name begins anew.
    let fourth = Self.tries(&names, [("e", 11), ("c", 12), ("a", 13), ("c", 14)])
    #expect(fourth == [false, true, false, true])
    // Locks end.
    let fifth = Self.tries(&names, [("c", 106), ("c", 107), ("c", 108)])
    #expect(fifth == [false, false, true])
  }
}
