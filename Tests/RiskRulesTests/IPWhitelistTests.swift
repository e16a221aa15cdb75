import Domain
import Ledger
import RiskRules
import Testing

@Suite struct IPWhitelistTests {
  @Test(arguments: [
    LogonCase("no list", .off) { _ in LogonCase.Attempt() },
    LogonCase("the one address", .passes) { desk in
      desk.allow((0, 0xFFFF_0A00_0005), (0, 0xFFFF_0A00_0005))
      return LogonCase.Attempt()
    },
    LogonCase("one below", .fails) { desk in
      desk.allow((0, 0xFFFF_0A00_0005), (0, 0xFFFF_0A00_0005))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0004))
    },
    LogonCase("one above", .fails) { desk in
      desk.allow((0, 0xFFFF_0A00_0005), (0, 0xFFFF_0A00_0005))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0006))
    },
    LogonCase("a range's first", .passes) { desk in
      desk.allow((0, 0xFFFF_0A00_0004), (0, 0xFFFF_0A00_0006))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0004))
    },
    LogonCase("a range's last", .passes) { desk in
      desk.allow((0, 0xFFFF_0A00_0004), (0, 0xFFFF_0A00_0006))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0006))
    },
    LogonCase("below a range", .fails) { desk in
      desk.allow((0, 0xFFFF_0A00_0004), (0, 0xFFFF_0A00_0006))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0003))
    },
    LogonCase("above a range", .fails) { desk in
      desk.allow((0, 0xFFFF_0A00_0004), (0, 0xFFFF_0A00_0006))
      return LogonCase.Attempt(address: (0, 0xFFFF_0A00_0007))
    },
    LogonCase("the second of two rows", .passes) { desk in
      desk.allow((0, 0xFFFF_0A00_0005), (0, 0xFFFF_0A00_0005))
      desk.allow((0x2001_0DB8, 0), (0x2001_0DB8, .max))
      return LogonCase.Attempt()
    },
    LogonCase("IPv6 in a range", .passes) { desk in
      desk.allow((0x2001_0DB8, 0), (0x2001_0DB8, .max))
      return LogonCase.Attempt(address: (0x2001_0DB8, 7))
    },
    LogonCase("IPv6 one network below", .fails) { desk in
      desk.allow((0x2001_0DB8, 0), (0x2001_0DB8, .max))
      return LogonCase.Attempt(address: (0x2001_0DB7, .max))
    },
    LogonCase("IPv6 one network above", .fails) { desk in
      desk.allow((0x2001_0DB8, 0), (0x2001_0DB8, .max))
      return LogonCase.Attempt(address: (0x2001_0DB9, 0))
    },
    LogonCase("IPv4 against an IPv6 list", .fails) { desk in
      desk.allow((0x2001_0DB8, 0), (0x2001_0DB8, .max))
      return LogonCase.Attempt()
    },
  ])
  func theAddressIsOnTheList(_ row: LogonCase) { row.check(.ipWhitelist) }
}
