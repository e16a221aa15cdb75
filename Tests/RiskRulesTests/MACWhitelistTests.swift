import Domain
import Ledger
import RiskRules
import Testing

@Suite struct MACWhitelistTests {
  @Test(arguments: [
    LogonCase("no list", .off) { _ in LogonCase.Attempt() },
    LogonCase("no list and none stated", .off) { _ in LogonCase.Attempt(mac: 0) },
    LogonCase("the one", .passes) { desk in
      precondition(desk.ledger.allowMAC(desk.account, 0x0011_2233_4455))
      return LogonCase.Attempt()
    },
    LogonCase("another", .fails) { desk in
      precondition(desk.ledger.allowMAC(desk.account, 0x0011_2233_4455))
      return LogonCase.Attempt(mac: 0x0011_2233_4456)
    },
    LogonCase("none stated", .fails) { desk in
      precondition(desk.ledger.allowMAC(desk.account, 0x0011_2233_4455))
      return LogonCase.Attempt(mac: 0)
    },
    LogonCase("the first of two rows", .passes) { desk in
      precondition(desk.ledger.allowMAC(desk.account, 0x0011_2233_4455))
      precondition(desk.ledger.allowMAC(desk.account, 9))
      return LogonCase.Attempt()
    },
  ])
  func theStatedCardIsOnTheList(_ row: LogonCase) { row.check(.macWhitelist) }
}
