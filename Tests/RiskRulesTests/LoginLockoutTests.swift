import Domain
import Ledger
import RiskRules
import Testing

@Suite struct LoginLockoutTests {
  @Test(arguments: [
    LogonCase("no failure", .off) { _ in LogonCase.Attempt() },
    LogonCase("two failures of three", .off) { desk in
      desk.failLogins(2, of: 3, within: 60, locking: 300)
      return LogonCase.Attempt()
    },
    LogonCase("three of three", .fails) { desk in
      desk.failLogins(3, of: 3, within: 60, locking: 300)
      return LogonCase.Attempt()
    },
    LogonCase("a second before it ends", .fails) { desk in
      desk.failLogins(3, of: 3, within: 60, locking: 300)
      return LogonCase.Attempt(after: 299)
    },
    LogonCase("its end", .passes) { desk in
      desk.failLogins(3, of: 3, within: 60, locking: 300)
      return LogonCase.Attempt(after: 300)
    },
    LogonCase("the third after the window", .off) { desk in
      desk.failLogins(3, of: 3, within: 2, locking: 300)
      return LogonCase.Attempt()
    },
    LogonCase("an unknown account", .off) { _ in LogonCase.Attempt(account: OperationAccountID.none)
    },
  ])
  func failuresLockAnAccountForAWhile(_ row: LogonCase) { row.check(.loginLockout) }
}
