import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct PositionLimitTests {
  @Test(arguments: [
    Case("the default", .passes, limit: 100_000) { desk in desk.order() },
    Case("unset", .off) { desk in
      desk.change { $0.pointee.positionCap = .min }
      return desk.order()
    },
    Case("none at all", .fails) { desk in
      desk.change { $0.pointee.positionCap = 0 }
      return desk.order()
    },
    Case("9 of 10", .passes) { desk in
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 9)
    },
    Case("10 of 10", .passes) { desk in
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 10)
    },
    Case("11 of 10", .fails, observed: 0, asked: 11) { desk in
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 11)
    },
    Case("held and working count", .passes, observed: 9, asked: 1) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 1)
    },
    Case("and one more breaks it", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 2)
    },
    Case("the other side counts too", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(.sell, lots: 2)
    },
    Case("a filled order counts once", .passes, observed: 9) { desk in
      desk.fill(desk.accept(desk.order(lots: 9)), 5)
      desk.change { $0.pointee.positionCap = 10 }
      return desk.order(lots: 1)
    },
    Case("closing above it", .off) { desk in
      desk.give(.long, 5, desk.rb)
      desk.change { $0.pointee.positionCap = 0 }
      return desk.order(.sell, .close, lots: 5)
    },
    Case("commodity: 10 of 10", .passes, observed: 9, limit: 10) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.lotsCap = 10 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(lots: 1, of: desk.rbJune)
    },
    Case("commodity: 11 of 10", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.lotsCap = 10 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(lots: 2, of: desk.rbJune)
    },
    Case("commodity: another one", .passes, limit: 100_000) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.lotsCap = 0 }
      return desk.order(of: desk.ore)
    },
    Case("instrument: 10 of 10", .passes, limit: 10) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 10 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(lots: 1)
    },
    Case("instrument: 11 of 10", .fails, observed: 9, limit: 10) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 10 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(lots: 2)
    },
    Case("instrument: another month", .passes) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 0 }
      return desk.order(of: desk.rbJune)
    },
    Case("hedge flag: its own lots alone", .passes, observed: 2, limit: 3) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.lots = 3 }
      desk.give(.long, 5, desk.rb)
      desk.give(.long, 2, desk.rb, hedge: .hedge)
      return desk.order(hedge: .hedge)
    },
    Case("hedge flag: one more", .fails) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.lots = 3 }
      desk.give(.long, 2, desk.rb, hedge: .hedge)
      return desk.order(lots: 2, hedge: .hedge)
    },
    Case("hedge flag: not for another", .passes, limit: 100_000) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.lots = 0 }
      return desk.order()
    },
    Case("hedge flag in an instrument", .fails, observed: 5) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb, hedge: .speculation) { $0.pointee.lots = 5 }
      desk.give(.long, 5, desk.rb)
      return desk.order()
    },
    Case("arbitrage counts under any", .fails) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 5 }
      desk.give(.long, 5, desk.rb)
      return desk.order(hedge: .arbitrage)
    },
    Case("all entries bind", .fails, limit: 5) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 100 }
      desk.changeRow(desk.rebar, .position, hedge: .speculation) { $0.pointee.lots = 5 }
      desk.give(.long, 5, desk.rb)
      return desk.order()
    },
    Case("a row without lots", .passes, limit: 100_000) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.margin = 0 }
      return desk.order()
    },
  ])
  func lotsHeldWorkingAndAskedStayWithinEveryCap(_ row: Case) { row.check(.positionLimit) }
}
