import Domain
import Ledger
import RiskRules
import Testing

/// A lot of rebar at 4 000 takes 4 000 yuan of margin; the account has 1 000 000.
@Suite struct PositionMarginRatioTests {
  @Test(arguments: [
    Case("of equity, at the line", .fails, observed: 0, limit: 400_000, asked: 400_000) { desk in
      desk.setLine(.positionMarginRatio, warn: .percent(40), of: .equity)
      return desk.order(lots: 100)
    },
    Case("one lot before it", .passes) { desk in
      desk.setLine(.positionMarginRatio, warn: .percent(40), of: .equity)
      return desk.order(lots: 99)
    },
    Case("held and working count", .fails, observed: 200_000) { desk in
      desk.setLine(.positionMarginRatio, warn: .percent(40), of: .marketEquity)
      desk.hold(25)
      desk.setFunds(.yuan(1_000_025))
      desk.accept(desk.order(lots: 25))
      return desk.order(lots: 50)
    },
    Case("of max allowed loss", .fails) { desk in
      desk.ledger.setOpeningBalance(
        desk.holder, allowedLoss: Money(yuan: 100_000), notToLose: Money(yuan: 900_000))
      desk.setLine(.positionMarginRatio, warn: .percent(40), of: .allowedLoss)
      return desk.order(lots: 10)
    },
    Case("it can be a notice", .off) { desk in
      desk.setLine(.positionMarginRatio, warn: .percent(40), of: .equity)
      desk.does(.positionMarginRatio, .warn, .notice)
      return desk.order(lots: 100)
    },
    Case("0 is off", .passes) { desk in
      desk.setLine(.positionMarginRatio, warn: 0, of: .equity)
      return desk.order(lots: 100)
    },
    Case("unset", .off) { desk in desk.order(lots: 100) },
    Case("closing", .off) { desk in
      desk.setLine(.positionMarginRatio, warn: 1, of: .equity)
      desk.hold(25)
      return desk.order(.sell, .closeToday)
    },
  ])
  func marginStaysBeforeItsShare(_ row: Case) { row.check(.positionMarginRatio) }
}
