import Domain
import Ledger
import RiskRules
import Testing

@Suite struct OneSessionTests {
  @Test(arguments: [
    LogonCase("the first of one, the default", .passes) { _ in LogonCase.Attempt() },
    LogonCase("the second of one", .fails) { desk in
      desk.ledger.sessionOpened(desk.account)
      return LogonCase.Attempt()
    },
    LogonCase("the second of two", .passes) { desk in
      desk.change { $0.pointee.logon.sessionsMaximum = 2 }
      desk.ledger.sessionOpened(desk.account)
      return LogonCase.Attempt()
    },
    LogonCase("the third of two", .fails) { desk in
      desk.change { $0.pointee.logon.sessionsMaximum = 2 }
      desk.ledger.sessionOpened(desk.account)
      desk.ledger.sessionOpened(desk.account)
      return LogonCase.Attempt()
    },
    LogonCase("after one was closed", .passes) { desk in
      desk.ledger.sessionOpened(desk.account)
      desk.ledger.sessionClosed(desk.account)
      return LogonCase.Attempt()
    },
    LogonCase("none at all", .fails) { desk in
      desk.change { $0.pointee.logon.sessionsMaximum = 0 }
      return LogonCase.Attempt()
    },
    LogonCase("unset", .off) { desk in
      desk.change { $0.pointee.logon.sessionsMaximum = .min }
      desk.ledger.sessionOpened(desk.account)
      return LogonCase.Attempt()
    },
  ])
  func sessionsAtOnceAreCapped(_ row: LogonCase) { row.check(.oneSession) }
}
