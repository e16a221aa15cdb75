import Domain
import Ledger
import RiskRules
import Testing

@Suite struct LoginCredentialsTests {
  @Test(arguments: [
    LogonCase("all right", .passes) { _ in LogonCase.Attempt() },
    LogonCase("a wrong password", .fails) { _ in LogonCase.Attempt(passwordVerified: false) },
    LogonCase("an unknown account", .fails) { _ in
      LogonCase.Attempt(account: OperationAccountID.none, passwordVerified: false)
    },
    LogonCase("an unknown account and a verified password", .fails) { _ in
      LogonCase.Attempt(account: OperationAccountID(3))
    },
    LogonCase("a disabled account", .fails) { desk in
      desk.change { $0.pointee.enabled = false }
      return LogonCase.Attempt()
    },
  ])
  func theAccountExistsIsEnabledAndThePasswordVerifies(_ row: LogonCase) {
    row.check(.loginCredentials)
  }
}
