import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// Verdicts of logons, sessions and the lockout (rules.md 1).
@Suite struct LogonTests {
  private func logon(
    _ account: OperationAccountID = World.anna, verified: Bool = true, session: UInt64 = 1,
    address: UInt32 = 0x0A00_0001, mac: UInt64 = 0
  ) -> Command {
    .logon(
      Logon(
        session: SessionID(session), account: account, passwordVerified: verified,
        address: NetworkAddress(ipv4: address), mac: MACAddress(raw: mac),
        terminalName: FixedText("terminal")!, terminalVersion: FixedText("1")!))
  }

  @Test func aGoodLogonIsAcceptedWithTheLastReportAndTheDay() {
    let fixture = EngineFixture.trading()
    fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: World.yuan(3_500))
    let verdict = fixture.step(logon()).verdicts[0]
    #expect(verdict.refusal == .none)
    #expect(verdict.lastReportSequence == 1)
    #expect(verdict.tradingDay == World.monday)
    #expect(verdict.session == SessionID(1))
  }

  @Test func aWrongPasswordAndAnUnknownNameLookTheSame() {
    let fixture = EngineFixture.trading()
    let wrong = fixture.step(logon(verified: false)).verdicts[0].refusal
    let unknown = fixture.step(logon(.none, verified: false)).verdicts[0].refusal
    #expect(wrong.rule == .loginCredentials)
    #expect(wrong == unknown)
  }

  @Test func fiveFailuresLockTheAccountForATime() {
    let fixture = EngineFixture.trading(before: [
      .setPlatform(SetPlatform(setting: .lockoutFailures, value: 3)),
      .setPlatform(SetPlatform(setting: .lockoutWindowSeconds, value: 60)),
      .setPlatform(SetPlatform(setting: .lockoutSeconds, value: 100)),
    ])
    #expect(fixture.step(logon(verified: false)).notices.isEmpty)
    #expect(fixture.step(logon(verified: false)).notices.isEmpty)
    let third = fixture.step(logon(verified: false))
    #expect(third.notices.map(\.kind) == [.accountLocked])
    let lockedAt = fixture.time
    #expect(fixture.step(logon()).verdicts.map(\.refusal.rule) == [.loginLockout])
    // Another account is not concerned.
    #expect(fixture.step(logon(World.amir)).verdicts.map(\.refusal.rule) == [RuleID.none])
    let early = fixture.step(logon(), at: lockedAt.adding(seconds: 100).adding(nanoseconds: -1))
    #expect(early.verdicts.map(\.refusal.rule) == [.loginLockout])
    let free = fixture.step(logon(), at: lockedAt.adding(seconds: 100))
    #expect(free.verdicts.map(\.refusal.rule) == [RuleID.none])
  }

  @Test func failuresLongAgoAreForgotten() {
    let fixture = EngineFixture.trading(before: [
      .setPlatform(SetPlatform(setting: .lockoutFailures, value: 2)),
      .setPlatform(SetPlatform(setting: .lockoutWindowSeconds, value: 60)),
    ])
    fixture.step(logon(verified: false))
    let later = fixture.step(logon(verified: false), at: fixture.time.adding(seconds: 60))
    #expect(later.notices.isEmpty)
  }

  @Test func aSecondSessionIsRefusedUntilTheFirstIsClosed() {
    let fixture = EngineFixture.trading()
    fixture.step(logon(session: 1))
    #expect(fixture.step(logon(session: 2)).verdicts.map(\.refusal.rule) == [.oneSession])
    fixture.step(
      .sessionClosed(SessionClosed(session: SessionID(1), account: World.anna)))
    #expect(fixture.step(logon(session: 3)).verdicts.map(\.refusal.rule) == [RuleID.none])
  }

  @Test(arguments: [
    (UInt32(0x0A00_0001), UInt64(5), RuleID.none), (0x0A00_00FF, 5, .none),
    (0x0A00_0100, 5, .ipWhitelist), (0x0A00_0001, 6, .macWhitelist),
    (0x0A00_0001, 0, .macWhitelist),
  ])
  func onlyListedPlacesMayLogIn(_ address: UInt32, _ mac: UInt64, _ rule: RuleID) {
    let fixture = EngineFixture.trading(before: [
      .allowAddress(
        AllowAddress(
          account: World.anna, from: NetworkAddress(ipv4: 0x0A00_0000),
          to: NetworkAddress(ipv4: 0x0A00_00FF))),
      .allowMAC(AllowMAC(account: World.anna, mac: MACAddress(raw: 5))),
    ])
    let verdict = fixture.step(logon(address: address, mac: mac)).verdicts[0]
    #expect(verdict.refusal.rule == rule)
  }
}
