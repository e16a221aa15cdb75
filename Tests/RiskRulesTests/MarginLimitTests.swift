import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct MarginLimitTests {
  @Test(arguments: [
    Case("the default", .passes, limit: .yuan(100_000_000), asked: .yuan(4_000)) { desk in
      desk.order()
    },
    Case("unset", .off) { desk in
      desk.change { $0.pointee.marginCap = .min }
      return desk.order()
    },
    Case("none at all", .fails) { desk in
      desk.change { $0.pointee.marginCap = 0 }
      return desk.order()
    },
    Case("one unit below", .passes) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.marginCap = .yuan(40_000) + 1 }
      return desk.order()
    },
    Case("at the limit", .passes, observed: .yuan(36_000), asked: .yuan(4_000)) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.marginCap = .yuan(40_000) }
      return desk.order()
    },
    Case("one unit above", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.marginCap = .yuan(40_000) - 1 }
      return desk.order()
    },
    Case("selling too", .fails) { desk in
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      desk.change { $0.pointee.marginCap = .yuan(40_000) - 1 }
      return desk.order(.sell)
    },
    Case("closing above it", .off) { desk in
      desk.give(.long, 5, desk.rb)
      desk.change { $0.pointee.marginCap = 0 }
      return desk.order(.sell, .close)
    },
    Case("a market order at limit-up", .fails, asked: .yuan(10_000)) { desk in
      desk.change { $0.pointee.marginCap = .yuan(10_000) - 1 }
      return desk.marketOrder()
    },
    Case("commodity: at the limit", .passes, observed: .yuan(36_000)) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.marginCap = .yuan(40_000) }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(of: desk.rbJune)
    },
    Case("commodity: one unit above", .fails) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.marginCap = .yuan(40_000) - 1 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order(of: desk.rbJune)
    },
    Case("instrument: at the limit", .passes, observed: .yuan(36_000)) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.margin = .yuan(40_000) }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order()
    },
    Case("instrument: one unit above", .fails) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.margin = .yuan(40_000) - 1 }
      desk.give(.long, 5, desk.rb)
      desk.accept(desk.order(lots: 4))
      return desk.order()
    },
    Case("hedge flag: its own margin alone", .passes, observed: .yuan(4_000)) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.margin = .yuan(8_000) }
      desk.give(.long, 5, desk.rb)
      desk.give(.long, 1, desk.rb, hedge: .hedge)
      return desk.order(hedge: .hedge)
    },
    Case("hedge flag: one unit above", .fails) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.margin = .yuan(8_000) - 1 }
      desk.give(.long, 1, desk.rb, hedge: .hedge)
      return desk.order(hedge: .hedge)
    },
    Case("hedge flag: not for another", .passes, limit: .yuan(100_000_000)) { desk in
      desk.changeRow(desk.rebar, .position, hedge: .hedge) { $0.pointee.margin = 0 }
      return desk.order()
    },
  ])
  func marginHeldFrozenAndAskedStaysWithinEveryCap(_ row: Case) { row.check(.marginLimit) }
}
