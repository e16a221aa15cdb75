import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct PositionAvailableTests {
  @Test(arguments: [
    Case("opening", .off) { desk in desk.order() },
    Case("nothing held", .fails, limit: 0, asked: 1) { desk in desk.order(.sell, .close) },
    Case("one fewer than held", .passes) { desk in
      desk.give(.long, 5, desk.rb)
      return desk.order(.sell, .close, lots: 4)
    },
    Case("all that is held", .passes, limit: 5) { desk in
      desk.give(.long, 5, desk.rb)
      return desk.order(.sell, .close, lots: 5)
    },
    Case("one more than held", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      return desk.order(.sell, .close, lots: 6)
    },
    Case("buying closes the short side", .passes) { desk in
      desk.give(.short, 5, desk.rb)
      return desk.order(.buy, .close, lots: 5)
    },
    Case("buying doesn't close the long side", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      return desk.order(.buy, .close)
    },
    Case("lots already being closed", .fails, limit: 2) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(.sell, .close, lots: 3))
      return desk.order(.sell, .close, lots: 3)
    },
    Case("what they leave", .passes) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(.sell, .close, lots: 3))
      return desk.order(.sell, .close, lots: 2)
    },
    Case("another hedge flag's lots", .fails) { desk in
      desk.give(.long, 5, desk.rb, hedge: .hedge)
      return desk.order(.sell, .close)
    },
    Case("SHFE: close reaches yesterday's", .passes, limit: 5) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      return desk.order(.sell, .close, lots: 5)
    },
    Case("SHFE: close doesn't reach today's", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      return desk.order(.sell, .close, lots: 6)
    },
    Case("SHFE: close-yesterday the same", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      return desk.order(.sell, .closeYesterday, lots: 6)
    },
    Case("SHFE: close-today reaches today's", .passes, limit: 3) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      return desk.order(.sell, .closeToday, lots: 3)
    },
    Case("SHFE: close-today doesn't reach yesterday's", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      return desk.order(.sell, .closeToday, lots: 4)
    },
    Case("SHFE: a working close-today keeps to today's", .passes) { desk in
      desk.give(.long, 5, desk.rb)
      desk.fill(desk.accept(desk.order(lots: 3)), 3)
      desk.accept(desk.order(.sell, .closeToday, lots: 3))
      return desk.order(.sell, .close, lots: 5)
    },
    Case("elsewhere every offset reaches all", .passes, limit: 8) { desk in
      desk.give(.long, 5, desk.ore)
      desk.fill(desk.accept(desk.order(lots: 3, of: desk.ore)), 3)
      return desk.order(.sell, .closeToday, lots: 8, of: desk.ore)
    },
    Case("elsewhere one more", .fails) { desk in
      desk.give(.long, 5, desk.ore)
      desk.fill(desk.accept(desk.order(lots: 3, of: desk.ore)), 3)
      return desk.order(.sell, .close, lots: 9, of: desk.ore)
    },
    Case("without a price", .passes) { desk in
      desk.forgetPrices(desk.rb)
      desk.give(.long, 5, desk.rb)
      return desk.order(.sell, .close, lots: 5)
    },
  ])
  func aClosingOrderFindsItsLots(_ row: Case) { row.check(.positionAvailable) }
}
