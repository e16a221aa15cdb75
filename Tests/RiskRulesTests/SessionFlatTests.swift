import Domain
import Ledger
import RiskRules
import Testing

/// session-flat, AMS manual 4.1: each close with its own list.
@Suite struct SessionFlatTests {
  @Test(arguments: [
    Case("ten minutes before", .fails, observed: 600_000, limit: 600_000) { desk in
      desk.ledger.setSessionFlat(desk.account, .day, .barOpening, everything: true)
      desk.beforeClose(600)
      return desk.order()
    },
    Case("a nanosecond earlier", .off) { desk in
      desk.ledger.setSessionFlat(desk.account, .day, .barOpening, everything: true)
      desk.beforeClose(600)
      desk.now = desk.now.adding(nanoseconds: -1)
      return desk.order()
    },
    Case("flattening bars too", .fails, observed: 1_000) { desk in
      desk.ledger.setSessionFlat(desk.account, .day, .flatten, everything: true)
      desk.beforeClose(1)
      return desk.order(.sell)
    },
    Case("another close", .passes) { desk in
      desk.ledger.setSessionFlat(desk.account, .night, .flatten, everything: true)
      desk.beforeClose(60)
      return desk.order()
    },
    Case("the night's own", .fails) { desk in
      desk.ledger.setSessionFlat(desk.account, .night, .flatten, everything: true)
      desk.beforeNightClose(60)
      return desk.order()
    },
    Case("a commodity that is listed", .fails) { desk in
      desk.ledger.setSessionFlat(desk.account, .day, .flatten, everything: false)
      precondition(desk.ledger.setSessionFlat(desk.account, .day, desk.rebar, isIn: true))
      desk.beforeClose(60)
      return desk.order()
    },
    Case("one that is listed for another close", .passes) { desk in
      desk.ledger.setSessionFlat(desk.account, .day, .flatten, everything: false)
      precondition(desk.ledger.setSessionFlat(desk.account, .midday, desk.rebar, isIn: true))
      precondition(desk.ledger.setSessionFlat(desk.account, .day, desk.iron, isIn: true))
      desk.beforeClose(60)
      return desk.order()
    },
    Case("listed without an action", .off) { desk in
      precondition(desk.ledger.setSessionFlat(desk.account, .day, desk.rebar, isIn: true))
      desk.beforeClose(60)
      return desk.order()
    },
    Case("midday, where there is a break", .fails, observed: 300_000) { desk in
      let index = desk.listIndex().instrument
      desk.ledger.setSessionFlat(desk.account, .midday, .barOpening, everything: true)
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 41_100)
      return desk.order(of: index)
    },
    Case("midday, where there is none", .off) { desk in
      desk.ledger.setSessionFlat(desk.account, .midday, .barOpening, everything: true)
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 41_100)
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.give(.long, 5, desk.rb)
      desk.ledger.setSessionFlat(desk.account, .day, .flatten, everything: true)
      desk.beforeClose(60)
      return desk.order(.sell, .closeYesterday)
    },
    Case("unset", .off) { desk in
      desk.beforeClose(60)
      return desk.order()
    },
  ])
  func nothingIsOpenedShortlyBeforeAClose(_ row: Case) { row.check(.sessionFlat) }
}
