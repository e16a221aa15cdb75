import Config
import Domain
import Gateway
import Messages
import Testing
import Wire

@testable import Runtime

/// Who is let in, and what the others hear.
@Suite(.timeLimit(.minutes(10))) struct LogonTests {
  static let wrong = FixedText<128>("not the password")!

  /// Tries to log on; nil = it was let in.
  static func refusal(
    _ house: House, _ account: String, password: FixedText<128>? = nil, mac: MACAddress = .none
  ) throws -> RuleID? {
    let terminal = try ScriptedTerminal(house, account)
    // Those who are not in the configuration have no password either.
    let own = house.configuration.operationAccounts.contains { $0.name == account }
    try terminal.sendLogon(password: password ?? (own ? nil : wrong), mac: mac)
    try terminal.wait(for: "a word on the logon of \(account)") {
      $0.resumed != nil || $0.logout != nil
    }
    guard let logout = terminal.logout else {
      try terminal.send(OrderEntry.Logout(reason: .requested))
      try terminal.waitForEnd()
      return nil
    }
    #expect(logout.reason == .refused)
    #expect(terminal.accepted == nil)
    try terminal.waitForEnd()
    return RuleID(rawValue: logout.rule)
  }

  @Test func whoIsNotLetInIsToldTheRule() throws {
    let house = try House()
    #expect(try Self.refusal(house, "alice", password: Self.wrong) == .loginCredentials)
    // An account that does not exist, or is disabled, reads as a wrong password.
    #expect(try Self.refusal(house, "nobody") == .loginCredentials)
    #expect(try Self.refusal(house, "dora") == .ipWhitelist)
    #expect(try Self.refusal(house, "erin") == .macWhitelist)
    let card = MACAddress(raw: 0x001b_4411_3ab7)
    #expect(try Self.refusal(house, "erin", mac: MACAddress(raw: card.raw + 1)) == .macWhitelist)
    #expect(try Self.refusal(house, "erin", mac: card) == nil)
    #expect(try Self.refusal(house, "frank") == .loginCredentials)
    #expect(try Self.refusal(house, "alice") == nil)
    // Every attempt is in the log with its rule; no password ever is.
    try house.log.wait(for: "logonRefused account=dora rule=ip-whitelist", "address=127.0.0.1")
    try house.log.wait(for: "logonRefused account=nobody rule=login-credentials")
    #expect(house.log.found(Self.wrong.string) == [])
  }

  @Test func threeWrongPasswordsLockAnAccountAndNobodyElse() throws {
    let house = try House()
    for _ in 0..<2 {
      #expect(try Self.refusal(house, "alice", password: Self.wrong) == .loginCredentials)
    }
    // A right one in time ends the count.
    #expect(try Self.refusal(house, "alice") == nil)
    for _ in 0..<3 {
      #expect(try Self.refusal(house, "alice", password: Self.wrong) == .loginCredentials)
    }
    #expect(try Self.refusal(house, "alice") == .loginLockout)
    #expect(try Self.refusal(house, "alice", password: Self.wrong) == .loginLockout)
    #expect(try Self.refusal(house, "bob") == nil)
    try house.log.wait(for: "kind=accountLocked", "name=alice")
    // A name that no account has is locked as one's would be.
    for rule in [RuleID.loginCredentials, .loginCredentials, .loginCredentials, .loginLockout] {
      #expect(try Self.refusal(house, "nobody") == rule)
    }
    #expect(try Self.refusal(house, "nobody-else") == .loginCredentials)
  }

  @Test func oneSessionMoreThanAllowedIsRefusedUntilOneIsGone() throws {
    let house = try House()
    // carol may have one.
    let first = try house.terminal("carol")
    #expect(try Self.refusal(house, "carol") == .oneSession)
    #expect(first.logout == nil)
    try first.send(OrderEntry.Logout(reason: .requested))
    try first.waitForEnd()
    let second = try house.terminal("carol")
    #expect(try Self.refusal(house, "carol") == .oneSession)
    // One that is gone without a word is no longer counted either.
    second.socket.cut()
    try house.log.wait(for: "terminalLost account=carol")
    #expect(try Self.refusal(house, "carol") == nil)
  }

  @Test func theDayTokenSparesThePasswordFromTheSameAddressOnly() throws {
    let house = try House()
    let first = try house.terminal("alice")
    let token = try #require(first.accepted).dayToken
    #expect(!token.isEmpty)
    for (account, isLetIn) in [("alice", true), ("bob", false)] {
      let again = try ScriptedTerminal(house, account)
      try again.send(
        OrderEntry.Logon(
          account: Name(account)!, schemaVersion: OrderEntry.version,
          heartbeatIntervalSeconds: 60, lastTradingDay: House.day, dayToken: token))
      try again.wait(for: "a word on the token") { $0.resumed != nil || $0.logout != nil }
      #expect((again.logout == nil) == isLetIn)
    }
  }

  /// The key lies in the data folder: who was in goes on without a password after a restart.
  @Test func theDayTokenOutlivesARestart() throws {
    let house = try House()
    let first = try house.terminal("alice")
    let token = try #require(first.accepted).dayToken
    first.socket.close()
    house.stop()
    var store = CredentialStore(house.folder, .lightForTests)
    let key = store.tokenKey()
    house.settings.tokenKey = try #require(key)
    try house.startAgain()
    try house.awaitLinks(times: 2)
    for (account, isLetIn) in [("alice", true), ("bob", false)] {
      let again = try ScriptedTerminal(house, account)
      try again.send(
        OrderEntry.Logon(
          account: Name(account)!, schemaVersion: OrderEntry.version,
          heartbeatIntervalSeconds: 60, lastTradingDay: House.day, dayToken: token))
      try again.wait(for: "a word on the token") { $0.resumed != nil || $0.logout != nil }
      #expect((again.logout == nil) == isLetIn, "\(account)")
      if isLetIn { #expect(again.accepted?.dayToken == token) }
    }
  }

  /// Another key makes other tokens, and so does another of the things that they stand for.
  @Test func aTokenIsMadeOfAllThatItStandsFor() throws {
    let day = TradingDay(yyyymmdd: 20_261_123)!
    let subject = DayTokenSubject(
      account: Name("alice")!, address: NetworkAddress(ipv4: 1), day: day,
      hash: FixedText("$argon2id$a")!)
    let key = DayTokenKey("some secret")
    var others = [subject, subject, subject, subject]
    others[0].account = Name("alic")!
    others[1].address = NetworkAddress(ipv4: 2)
    others[2].day = TradingDay(yyyymmdd: 20_261_124)!
    others[3].hash = FixedText("$argon2id$b")!
    let tokens =
      [key.token(of: subject), DayTokenKey("other secret").token(of: subject)]
      + others.map { key.token(of: $0) } + [DayTokenKey().token(of: subject)]
    #expect(Set(tokens.map { $0.string }).count == tokens.count)
    #expect(tokens.allSatisfy { $0.count == 64 })
    #expect(DayTokenKey("some secret").token(of: subject) == tokens[0])
  }

  @Test func anOrderBeforeTheLogonEndsTheConnection() throws {
    let house = try House()
    let terminal = try ScriptedTerminal(house, "alice")
    try terminal.place("a-1")
    try terminal.waitForEnd()
    #expect(terminal.logout?.reason == .notLoggedOn)
    #expect(terminal.reports.isEmpty)
  }
}
