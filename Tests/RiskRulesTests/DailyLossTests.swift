import Domain
import Ledger
import RiskRules
import Testing

/// 10 lots of rebar bought at 4 000: 10 yuan of fees, and 100 yuan a yuan of price. Another lot
/// costs 1 yuan of fee.
@Suite struct DailyLossTests {
  @Test(arguments: [
    Case("at the line", .fails, observed: .yuan(1_010), limit: .yuan(1_011), asked: .yuan(1)) {
      desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011))
      desk.hold(10, last: 3_990)
      return desk.order()
    },
    Case("one unit before it", .passes) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011) + 1)
      desk.hold(10, last: 3_990)
      return desk.order()
    },
    Case("beyond it", .fails) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011) - 1)
      desk.hold(10, last: 3_990)
      return desk.order()
    },
    Case("frozen fees are lost", .fails, observed: .yuan(1_011), limit: .yuan(1_012)) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_012))
      desk.hold(10, last: 3_990)
      desk.accept(desk.order())
      return desk.order()
    },
    Case("warn gives a notice only", .passes) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(5_000))
      desk.hold(10, last: 3_990)
      return desk.order()
    },
    Case("warn can bar", .fails, limit: .yuan(500)) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(5_000))
      desk.does(.dailyLoss, .warn, .barOpening)
      desk.hold(10, last: 3_990)
      return desk.order()
    },
    Case("latched, though all is won back", .fails, observed: .yuan(-990)) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011))
      desk.hold(10, last: 4_010)
      desk.latch(.dailyLoss, .liquidate)
      return desk.order()
    },
    Case("a changed line releases its latch", .passes) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011))
      desk.hold(10, last: 4_010)
      desk.latch(.dailyLoss, .liquidate)
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_012))
      return desk.order()
    },
    Case("a changed warn line leaves liquidate's latch", .fails) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(1_011))
      desk.latch(.dailyLoss, .liquidate)
      desk.setLine(.dailyLoss, warn: .yuan(501), liquidate: .yuan(1_011))
      return desk.order()
    },
    Case("a line of 0 is a line", .fails, observed: 0, limit: 0) { desk in
      desk.setLine(.dailyLoss, warn: -1, liquidate: 0)
      return desk.order()
    },
    Case("unset", .off) { desk in
      desk.hold(10, last: 3_000)
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.setLine(.dailyLoss, warn: .yuan(500), liquidate: .yuan(501))
      desk.hold(10, last: 3_000)
      return desk.order(.sell, .closeToday)
    },
  ])
  func theDaysLossStaysBeforeTheLine(_ row: Case) { row.check(.dailyLoss) }
}
