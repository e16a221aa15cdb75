import Domain
import Ledger
import RiskRules
import Testing

/// A lot at 4 000 is worth 40 000 yuan; the account has 1 000 000. The day closes at 15:00.
@Suite struct OvernightExposureTests {
  @Test(arguments: [
    Case("at the limit", .passes, observed: 0, limit: 2_000_000, asked: 2_000_000) { desk in
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order(lots: 50)
    },
    Case("a lot above it, bought", .fails, asked: 2_040_000) { desk in
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order(lots: 51)
    },
    Case("a lot above it, sold", .fails, asked: 2_040_000) { desk in
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order(.sell, lots: 51)
    },
    // examples 6: long 1.5m, short 0.5m in one commodity, short 1m in another: 2.0m.
    Case("long less short by commodity, summed", .passes, observed: 2_000_000, asked: 0) { desk in
      desk.give(.long, 37, desk.rb)
      desk.give(.short, 12, desk.rbJune)
      desk.give(.short, 25, desk.ore)
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      // From 25 long to 25 short.
      return desk.order(.sell, lots: 50)
    },
    Case("a lot more of it", .fails, observed: 2_000_000, asked: 40_000) { desk in
      desk.give(.long, 37, desk.rb)
      desk.give(.short, 12, desk.rbJune)
      desk.give(.short, 25, desk.ore)
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order()
    },
    Case("what works counts at worst", .fails, observed: 1_600_000) { desk in
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      desk.accept(desk.order(lots: 40))
      desk.accept(desk.order(.sell, lots: 40))
      return desk.order(lots: 11)
    },
    Case("what would be closed counts as held", .fails, observed: 2_000_000) { desk in
      desk.give(.long, 50, desk.ore)
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      desk.accept(desk.order(.sell, .close, lots: 20, of: desk.ore))
      return desk.order(of: desk.ore)
    },
    Case("an order that has filled makes it smaller", .passes, observed: 2_400_000, asked: -400_000)
    { desk in
      desk.give(.long, 60, desk.rb)
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order(.sell, lots: 10)
    },
    Case("but not within it", .fails, observed: 2_400_000, asked: -360_000) { desk in
      desk.give(.long, 60, desk.rb)
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(600)
      return desk.order(.sell, lots: 9)
    },
    Case("a line of margin", .off) { desk in
      desk.setOvernight(.margin, .percent(200))
      desk.beforeClose(600)
      return desk.order(lots: 51)
    },
    Case("before the window", .off) { desk in
      desk.setOvernight(.exposure, .percent(200))
      desk.beforeClose(601)
      return desk.order(lots: 51)
    },
    Case("closing", .off) { desk in
      desk.give(.long, 60, desk.rb)
      desk.setOvernight(.exposure, .percent(1))
      desk.beforeClose(600)
      return desk.order(.sell, .closeYesterday)
    },
    Case("the fewest lots that can be said, of what is dear", .off) { desk in
      desk.makeDear(desk.rb)
      desk.setOvernight(.exposure, .percent(1))
      desk.beforeClose(600)
      return desk.order(lots: .min)
    },
  ])
  func examples6ExposureStaysWithinItsShareOverNight(_ row: Case) { row.check(.overnightExposure) }
}
