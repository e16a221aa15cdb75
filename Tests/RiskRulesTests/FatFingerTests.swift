import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct FatFingerTests {
  @Test(arguments: [
    Case("unset", .off) { desk in desk.order(price: .yuan(5_000)) },
    Case("value at the limit", .passes, asked: .yuan(80_000)) { desk in
      desk.change { $0.pointee.fatFingerNotional = .yuan(80_000) }
      return desk.order(lots: 2)
    },
    Case("value one unit above", .fails) { desk in
      desk.change { $0.pointee.fatFingerNotional = .yuan(80_000) - 1 }
      return desk.order(lots: 2)
    },
    Case("a market order's value is at limit-up", .fails, asked: .yuan(100_000)) { desk in
      desk.change { $0.pointee.fatFingerNotional = .yuan(99_999) }
      return desk.marketOrder()
    },
    Case("no value at all", .fails) { desk in
      desk.change { $0.pointee.fatFingerNotional = 0 }
      return desk.order()
    },
    Case("closing any value", .off) { desk in
      desk.change { $0.pointee.fatFingerNotional = 0 }
      return desk.order(.sell, .close)
    },
    Case("9 of 10 ticks above", .passes) { desk in
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order(price: .yuan(4_009))
    },
    Case("10 ticks above", .passes, limit: .yuan(10), asked: .yuan(10)) { desk in
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order(price: .yuan(4_010))
    },
    Case("11 ticks above", .fails) { desk in
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order(price: .yuan(4_011))
    },
    Case("10 ticks below", .passes) { desk in
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order(.sell, price: .yuan(3_990))
    },
    Case("11 ticks below", .fails) { desk in
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order(.sell, price: .yuan(3_989))
    },
    Case("0 ticks: at last", .passes) { desk in
      desk.change { $0.pointee.fatFingerTicks = 0 }
      return desk.order()
    },
    Case("0 ticks: one off", .fails) { desk in
      desk.change { $0.pointee.fatFingerTicks = 0 }
      return desk.order(price: .yuan(4_001))
    },
    Case("5 % above", .passes, limit: .yuan(200)) { desk in
      desk.change { $0.pointee.fatFingerPercent = 50_000 }
      return desk.order(price: .yuan(4_200))
    },
    Case("a tick more than 5 % above", .fails) { desk in
      desk.change { $0.pointee.fatFingerPercent = 50_000 }
      return desk.order(price: .yuan(4_201))
    },
    Case("a tick more than 5 % below", .fails) { desk in
      desk.change { $0.pointee.fatFingerPercent = 50_000 }
      return desk.order(.sell, price: .yuan(3_799))
    },
    Case("0 %: at last", .passes) { desk in
      desk.change { $0.pointee.fatFingerPercent = 0 }
      return desk.order()
    },
    Case("percent beyond all bounds", .passes) { desk in
      desk.change { $0.pointee.fatFingerPercent = .max }
      return desk.order(price: .yuan(5_000))
    },
    Case("ticks beyond all bounds", .passes) { desk in
      desk.change { $0.pointee.fatFingerTicks = .max }
      return desk.order(price: .yuan(5_000))
    },
    Case("ticks without last", .fails) { desk in
      desk.forgetPrices(desk.rb)
      desk.change { $0.pointee.fatFingerTicks = 10 }
      return desk.order()
    },
    Case("percent without last", .fails) { desk in
      desk.forgetPrices(desk.rb)
      desk.change { $0.pointee.fatFingerPercent = 50_000 }
      return desk.order()
    },
    Case("a market order has no distance", .off) { desk in
      desk.change { $0.pointee.fatFingerTicks = 0 }
      return desk.marketOrder()
    },
    Case("closing at any distance", .off) { desk in
      desk.change { $0.pointee.fatFingerTicks = 0 }
      return desk.order(.sell, .close, price: .yuan(5_000))
    },
    Case("value passes and distance fails", .fails) { desk in
      desk.change {
        $0.pointee.fatFingerNotional = .max
        $0.pointee.fatFingerTicks = 0
      }
      return desk.order(price: .yuan(4_001))
    },
  ])
  func valueAndDistanceFromLastAreNoSlip(_ row: Case) { row.check(.fatFinger) }
}
