import Domain
import Ledger
import RiskRules
import Testing

/// The account's highest equity is 1 000 000 when the line is set.
@Suite struct DrawdownTests {
  @Test(arguments: [
    // 9 910 of 1 000 000.
    Case("at the line", .fails, observed: 9_910, limit: 9_910) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: 991_000)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("just before it", .passes) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: 991_001)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    // (1 250 000 - 1 000 000) / 1 250 000.
    Case("from a high set by hand", .fails, observed: 200_000, limit: 200_000) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: .percent(20))
      _ = desk.ledger.setHighEquity(desk.account, Money(yuan: 1_250_000))
      return desk.order()
    },
    Case("cash out is no loss", .passes, observed: nil) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: .percent(1))
      _ = desk.ledger.moveCash(desk.account, allowedLoss: Money(yuan: -500_000), notToLose: .zero)
      return desk.order()
    },
    Case("cash in is no profit", .fails) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: 500_000)
      desk.hold(10, last: 3_901)
      _ = desk.ledger.moveCash(desk.account, allowedLoss: Money(yuan: 500_000), notToLose: .zero)
      return desk.order()
    },
    Case("at the high", .passes) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: 2)
      return desk.order()
    },
    Case("unset", .off) { desk in desk.order() },
    Case("closing", .off) { desk in
      desk.setLine(.drawdown, warn: 1, liquidate: 2)
      desk.hold(10, last: 3_901)
      return desk.order(.sell, .closeToday)
    },
  ])
  func equityStaysNearItsHighest(_ row: Case) { row.check(.drawdown) }
}
