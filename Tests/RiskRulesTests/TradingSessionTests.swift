import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct TradingSessionTests {
  @Test(arguments: [
    Case("a moment before the night session", .fails, observed: 0) { desk in
      desk.now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 75_600).adding(
        nanoseconds: -1)
      return desk.order()
    },
    Case("its start", .passes) { desk in
      desk.now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 75_600)
      return desk.order()
    },
    Case("a moment before its end", .passes) { desk in
      desk.now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 82_800).adding(
        nanoseconds: -1)
      return desk.order()
    },
    Case("its end", .fails) { desk in
      desk.now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 82_800)
      return desk.order()
    },
    Case("before the auction", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_099)
      return desk.order()
    },
    Case("a limit order for the day in the auction", .passes, observed: 1) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_100)
      return desk.order()
    },
    Case("a market order in the auction", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_100)
      return desk.marketOrder()
    },
    Case("immediate-or-cancel in the auction", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_399)
      return desk.order(timeInForce: .immediateOrCancel)
    },
    Case("fill-or-kill in the auction", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_399)
      return desk.order(timeInForce: .fillOrKill)
    },
    Case("fill-or-kill after it", .passes, observed: 2) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 32_400)
      return desk.order(timeInForce: .fillOrKill)
    },
    Case("a moment before the close", .passes) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 54_000).adding(nanoseconds: -1)
      return desk.order()
    },
    Case("the close", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 54_000)
      return desk.order()
    },
    Case("closing after the close", .fails) { desk in
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 54_000)
      return desk.order(.sell, .close)
    },
    Case("the exchange says closed", .fails) { desk in
      desk.market.setStatus(desk.rb, .unknown)
      return desk.order()
    },
    Case("the exchange says auction", .fails) { desk in
      desk.market.setStatus(desk.rb, .auction)
      return desk.marketOrder()
    },
    Case("the exchange says open after the close", .passes) { desk in
      desk.market.setStatus(desk.rb, .continuous)
      desk.now = Timestamp(date: desk.day.date, secondOfDay: 60_000)
      return desk.order()
    },
    Case("the last trading day", .passes) { desk in
      desk.startDay(20_260_115)
      return desk.order(of: desk.rbNow)
    },
    Case("the day after the last trading day", .fails) { desk in
      desk.startDay(20_260_116)
      return desk.order(of: desk.rbNow)
    },
  ])
  func ordersAreForTradingSessions(_ row: Case) { row.check(.tradingSession) }
}
