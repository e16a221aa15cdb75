import Domain
import Ledger
import RiskRules
import Testing

/// 10 lots of rebar bought at 4 000, 10 yuan of fees; opening equity and allowed loss 1 000 000.
@Suite struct DailyLossRatioTests {
  @Test(arguments: [
    // 9 900 lost by price, 10 in fees, 1 asked: of 1 000 000 that is 0.9911 %.
    Case("of opening equity, at the line", .fails, observed: 9_910, limit: 9_911, asked: 1) {
      desk in
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 991_100, of: .openingEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("one step before it", .passes) { desk in
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 991_101, of: .openingEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of market equity", .fails) { desk in
      // Equity is 990 090: 9 911 / 990 090 = 1.00101... %.
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 1_001_020, of: .marketEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of market equity, just before", .passes) { desk in
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 1_001_021, of: .marketEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of max allowed loss", .fails) { desk in
      desk.ledger.setOpeningBalance(
        desk.holder, allowedLoss: Money(yuan: 100_000), notToLose: Money(yuan: 900_000))
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 9_911_000, of: .allowedLoss)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("nothing below, something lost", .fails, observed: .max) { desk in
      desk.ledger.setOpeningBalance(
        desk.holder, allowedLoss: .zero, notToLose: Money(yuan: 1_000_000))
      desk.setLine(.dailyLossRatio, warn: .percent(9), liquidate: .percent(10), of: .allowedLoss)
      desk.hold(10)
      return desk.order()
    },
    Case("nothing below, something won", .passes) { desk in
      desk.ledger.setOpeningBalance(
        desk.holder, allowedLoss: .zero, notToLose: Money(yuan: 1_000_000))
      desk.setLine(.dailyLossRatio, warn: .percent(9), liquidate: .percent(10), of: .allowedLoss)
      desk.hold(10, last: 4_010)
      return desk.order()
    },
    Case("the platform's threshold", .fails, limit: 5_000) { desk in
      desk.ledger.changePlatformLines {
        $0.dailyLossRatio = .init(warn: 1, liquidate: 500_000)
        $0.dailyLossBasis = .openingEquity
      }
      desk.setLine(.dailyLossRatio, of: .platform)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("the platform's is off", .off) { desk in
      desk.ledger.changePlatformLines {
        $0.dailyLossRatio = .init(warn: 1, liquidate: 500_000)
        $0.dailyLossBasis = .none
      }
      desk.setLine(.dailyLossRatio, of: .platform)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of nothing", .off) { desk in
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 2, of: .none)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.setLine(.dailyLossRatio, warn: 1, liquidate: 2, of: .openingEquity)
      desk.hold(10, last: 3_901)
      return desk.order(.sell, .closeToday)
    },
  ])
  func theDaysLossStaysBeforeItsShare(_ row: Case) { row.check(.dailyLossRatio) }
}
