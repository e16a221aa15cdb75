import Domain
import Ledger
import RiskRules
import Testing

/// One lot of rebar at 4 000 takes 4 000 yuan of margin; the account has 1 000 000.
@Suite struct RiskDegreeTests {
  @Test(arguments: [
    // 100 lots: margin 400 000; 1 000 000 * 100 <= 250 * 400 000.
    Case(
      "mode 1, at the line", .fails, observed: Int64.max, limit: 2_500_000
    ) { desk in
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      return desk.order(lots: 100)
    },
    Case("mode 1, one lot before it", .passes) { desk in
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      return desk.order(lots: 99)
    },
    Case("working orders count", .fails) { desk in
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      desk.accept(desk.order(lots: 60))
      return desk.order(lots: 40)
    },
    Case("warn gives a notice only", .passes) { desk in
      desk.setLine(.riskDegree, warn: .percent(300))
      desk.does(.riskDegree, .liquidate, .barOpening)
      return desk.order(lots: 100)
    },
    Case("warn can bar", .fails, limit: 3_000_000) { desk in
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      desk.does(.riskDegree, .warn, .barOpening)
      return desk.order(lots: 84)
    },
    Case("liquidate can be a notice", .off) { desk in
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      desk.does(.riskDegree, .liquidate, .notice)
      return desk.order(lots: 100)
    },
    Case("the floor holds without a line", .fails, limit: 2_500_000) { desk in
      desk.ledger.changePlatformLines { $0.floor.liquidate = .percent(250) }
      return desk.order(lots: 100)
    },
    Case("a laxer line than the floor does not", .fails, limit: 2_500_000) { desk in
      desk.ledger.changePlatformLines { $0.floor.liquidate = .percent(250) }
      desk.setLine(.riskDegree, warn: .percent(200), liquidate: .percent(100))
      return desk.order(lots: 100)
    },
    Case("a stricter one does", .fails, limit: 3_000_000) { desk in
      desk.ledger.changePlatformLines { $0.floor.liquidate = .percent(250) }
      desk.setLine(.riskDegree, warn: .percent(400), liquidate: .percent(300))
      return desk.order(lots: 84)
    },
    Case("0 is off", .passes) { desk in
      desk.setLine(.riskDegree, warn: .percent(1), liquidate: 0)
      desk.ledger.changePlatformLines { $0.floor.liquidate = .min }
      return desk.order(lots: 200)
    },
    Case("mode 2, at the line", .fails, observed: .yuan(1_000_000), limit: .yuan(1_000_000)) {
      desk in
      desk.setMode(.equity)
      desk.setLine(
        .riskDegree, warn: .yuan(1_000_001), liquidate: .yuan(1_000_000), mode: .equity)
      return desk.order()
    },
    Case("mode 2, one unit before it", .passes) { desk in
      desk.setMode(.equity)
      desk.setLine(
        .riskDegree, warn: .yuan(1_000_001), liquidate: .yuan(1_000_000) - 1, mode: .equity)
      return desk.order()
    },
    Case("mode 2 knows no floor", .off) { desk in
      desk.setMode(.equity)
      desk.ledger.changePlatformLines { $0.floor.liquidate = .percent(250) }
      return desk.order(lots: 100)
    },
    Case("mode 3, at the line", .fails, observed: 1_000_000, limit: 1_000_000) { desk in
      desk.setMode(.equityOverDeposits)
      desk.setLine(
        .riskDegree, warn: .percent(101), liquidate: .percent(100), mode: .equityOverDeposits)
      return desk.order()
    },
    Case("mode 3, just before it", .passes) { desk in
      desk.setMode(.equityOverDeposits)
      desk.setLine(
        .riskDegree, warn: .percent(101), liquidate: .percent(100) - 1, mode: .equityOverDeposits)
      return desk.order()
    },
    Case("mode 4, at the line", .fails, limit: 400_000) { desk in
      desk.setMode(.marginOverEquity)
      desk.setLine(
        .riskDegree, warn: .percent(30), liquidate: .percent(40), mode: .marginOverEquity)
      return desk.order(lots: 100)
    },
    Case("mode 4, one lot before it", .passes) { desk in
      desk.setMode(.marginOverEquity)
      desk.setLine(
        .riskDegree, warn: .percent(30), liquidate: .percent(40), mode: .marginOverEquity)
      return desk.order(lots: 99)
    },
    Case("a line of another mode is off", .off) { desk in
      desk.setMode(.marginOverEquity)
      desk.setLine(.riskDegree, warn: .percent(300), liquidate: .percent(250))
      return desk.order(lots: 100)
    },
    Case("closing", .off) { desk in
      desk.setLine(.riskDegree, warn: .percent(30_000), liquidate: .percent(25_000))
      desk.give(.long, 10, desk.rb)
      return desk.order(.sell, .close)
    },
  ])
  func whatIsAtRiskStaysBeforeTheLine(_ row: Case) { row.check(.riskDegree) }
}
