import Domain
import Ledger
import RiskRules
import Testing

@Suite struct LogonOrderTests {
  private let wrong = LogonCase.Attempt(passwordVerified: false)

  @Test func aGoodLogonMeetsNoRule() {
    let desk = Desk()
    #expect(desk.failure(LogonCase.Attempt()) == nil)
  }

  @Test func aLockedAccountSaysNothingOfThePassword() {
    let desk = Desk()
    desk.failLogins(3, of: 3, within: 60, locking: 300)
    #expect(desk.failure(wrong) == desk.failure(LogonCase.Attempt()))
    #expect(desk.failure(wrong)?.rule == .loginLockout)
  }

  @Test func theThreeFailuresOfCredentialsHaveOneAnswer() {
    let desk = Desk()
    let unknown = desk.failure(
      LogonCase.Attempt(account: OperationAccountID.none, passwordVerified: false))
    let mistyped = desk.failure(wrong)
    desk.change { $0.pointee.enabled = false }
    let disabled = desk.failure(LogonCase.Attempt())
    #expect(unknown?.rule == .loginCredentials)
    #expect(unknown == mistyped)
    #expect(mistyped == disabled)
  }

  @Test func whoCannotNameThePasswordLearnsNothingOfTheLists() {
    let desk = Desk()
    desk.allow((0, 1), (0, 1))
    desk.ledger.sessionOpened(desk.account)
    #expect(desk.failure(wrong)?.rule == .loginCredentials)
  }

  @Test func addressThenCardThenSessions() {
    let desk = Desk()
    desk.ledger.sessionOpened(desk.account)
    #expect(desk.failure(LogonCase.Attempt())?.rule == .oneSession)
    precondition(desk.ledger.allowMAC(desk.account, 9))
    #expect(desk.failure(LogonCase.Attempt())?.rule == .macWhitelist)
    desk.allow((0, 1), (0, 1))
    #expect(desk.failure(LogonCase.Attempt())?.rule == .ipWhitelist)
  }
}
