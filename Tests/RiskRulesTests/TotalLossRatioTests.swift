import Domain
import Ledger
import RiskRules
import Testing

/// 1 000 000 yuan were paid in; 10 lots of rebar lose 100 yuan a yuan of price, fees are 10.
@Suite struct TotalLossRatioTests {
  @Test(arguments: [
    Case("of max allowed loss, at the line", .fails, observed: 9_910, limit: 9_910, asked: 0) {
      desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 991_000, of: .allowedLoss)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("just before it", .passes) { desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 991_001, of: .allowedLoss)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of market equity", .fails) { desk in
      // 9 910 / 990 090 = 1.00091910... %.
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 1_000_919, of: .marketEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("of market equity, just before", .passes) { desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 1_000_920, of: .marketEquity)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("money that was paid in is no profit", .fails) { desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 991_000, of: .marketEquity)
      desk.hold(10, last: 3_901)
      _ = desk.ledger.moveCash(desk.account, allowedLoss: .zero, notToLose: Money(yuan: 9_910))
      return desk.order()
    },
    Case("the platform's", .fails) { desk in
      desk.ledger.changePlatformLines {
        $0.totalLossRatio = LinePair(warn: 1, liquidate: 991_000)
        $0.totalLossBasis = .allowedLoss
      }
      desk.setLine(.totalLossRatio, of: .platform)
      desk.hold(10, last: 3_901)
      return desk.order()
    },
    Case("in profit", .passes) { desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 2, of: .allowedLoss)
      desk.hold(10, last: 4_010)
      return desk.order()
    },
    Case("unset", .off) { desk in desk.order() },
    Case("closing", .off) { desk in
      desk.setLine(.totalLossRatio, warn: 1, liquidate: 2, of: .allowedLoss)
      desk.hold(10, last: 3_901)
      return desk.order(.sell, .closeToday)
    },
  ])
  func whatWasLostEverStaysBeforeItsShare(_ row: Case) { row.check(.totalLossRatio) }
}
