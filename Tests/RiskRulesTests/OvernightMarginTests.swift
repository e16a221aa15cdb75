import Domain
import Ledger
import RiskRules
import Testing

/// A lot of rebar or iron at 4 000 takes 4 000 yuan of margin; the account has 1 000 000. The day
/// closes at 15:00.
@Suite struct OvernightMarginTests {
  @Test(arguments: [
    Case("one lot below the limit", .passes, observed: 0, limit: 300_000) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order(lots: 74)
    },
    Case("at the limit", .passes, asked: 300_000) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order(lots: 75)
    },
    Case("a lot above it", .fails, observed: 0, limit: 300_000, asked: 304_000) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order(lots: 76)
    },
    Case("a nanosecond before the window", .off) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      desk.now = desk.now.adding(nanoseconds: -1)
      return desk.order(lots: 76)
    },
    Case("at the close itself", .fails) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(0)
      return desk.order(lots: 76)
    },
    Case("a window of another length", .fails) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.ledger.changePlatformLines { $0.barSeconds = 900 }
      desk.beforeClose(900)
      return desk.order(lots: 76)
    },
    Case("held and working count", .fails, observed: 200_000) { desk in
      desk.give(.short, 25, desk.ore)
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      desk.accept(desk.order(lots: 25))
      return desk.order(lots: 26)
    },
    Case("of max allowed loss", .fails) { desk in
      desk.ledger.setOpeningBalance(
        desk.holder, allowedLoss: Money(yuan: 100_000), notToLose: Money(yuan: 900_000))
      desk.setOvernight(.margin, .percent(30), of: .allowedLoss)
      desk.beforeClose(600)
      return desk.order(lots: 8)
    },
    Case("of nothing", .off) { desk in
      desk.setOvernight(.margin, .percent(30), of: .none)
      desk.beforeClose(600)
      return desk.order(lots: 76)
    },
    Case("0 is off", .off) { desk in
      desk.setOvernight(.margin, 0)
      desk.beforeClose(600)
      return desk.order(lots: 76)
    },
    Case("no equity left", .fails) { desk in
      desk.setFunds(0)
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order()
    },
    Case("a line of exposure", .off) { desk in
      desk.setOvernight(.exposure, .percent(30))
      desk.beforeClose(600)
      return desk.order(lots: 76)
    },
    Case("selling counts as buying does", .fails) { desk in
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order(.sell, lots: 76)
    },
    Case("closing", .off) { desk in
      desk.give(.long, 90, desk.rb)
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(600)
      return desk.order(.sell, .closeYesterday)
    },
    Case("unset", .off) { desk in
      desk.beforeClose(600)
      return desk.order(lots: 76)
    },
    Case("the fewest lots that can be said, of what is dear", .off) { desk in
      desk.makeDear(desk.rb)
      desk.setOvernight(.margin, .percent(1))
      desk.beforeClose(600)
      return desk.order(lots: .min)
    },
  ])
  func examples6MarginStaysWithinItsShareOverNight(_ row: Case) { row.check(.overnightMargin) }

  /// examples 8: each instrument's own close; what closes later does not count yet.
  @Test(arguments: [
    Case("at 14:55 what closes at 15:15 is not counted", .passes, observed: 0) { desk in
      let index = desk.listIndex().instrument
      desk.give(.long, 75, index)
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(300)
      return desk.order(lots: 75)
    },
    Case("nor asked", .off) { desk in
      let index = desk.listIndex().instrument
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(300)
      return desk.order(lots: 76, of: index)
    },
    Case("at 15:05 it is, with what has closed", .fails, observed: 200_000) { desk in
      let index = desk.listIndex().instrument
      desk.give(.long, 50, desk.rb)
      desk.setOvernight(.margin, .percent(30))
      desk.beforeClose(-300)
      return desk.order(lots: 26, of: index)
    },
  ])
  func examples8OnlyWhatClosesNowOrHasClosedCounts(_ row: Case) { row.check(.overnightMargin) }

  @Test(arguments: [(true, true, false), (true, false, true), (false, true, true)])
  func theNightCountsWhereAccountAndProductSaySo(
    _ account: Bool, _ product: Bool, _ passes: Bool
  ) {
    let desk = Desk()
    desk.setOvernight(.margin, .percent(30))
    desk.ledger.setCountsNight(desk.account, account)
    desk.ledger.changeProduct(desk.product) { $0.pointee.countsNightClose = product }
    desk.beforeNightClose(600)
    #expect(desk.finding(.overnightMargin, desk.order(lots: 76)).passes == passes)
    #expect(desk.finding(.overnightMargin, desk.order(lots: 75)).passes)
  }

  /// decisions 19: what has no night session does not count at night.
  @Test func whatHasNoNightDoesNotCountAtNight() {
    let desk = Desk()
    desk.give(.long, 75, desk.listIndex().instrument)
    desk.setOvernight(.margin, .percent(30))
    desk.ledger.setCountsNight(desk.account, true)
    desk.ledger.changeProduct(desk.product) { $0.pointee.countsNightClose = true }
    desk.beforeNightClose(600)
    let finding = desk.finding(.overnightMargin, desk.order(lots: 75))
    #expect(finding.passes)
    #expect(finding.figures.observed == 0)
  }
}
