import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct StaleMarketDataTests {
  @Test(arguments: [
    Case("unset", .off) { desk in
      desk.now = desk.now.adding(nanoseconds: 9_000_000_000)
      return desk.order()
    },
    Case("a moment younger", .passes, observed: 4_999, limit: 5_000) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.now = desk.now.adding(nanoseconds: 4_999_999_999)
      return desk.order()
    },
    Case("just as old", .passes, observed: 5_000) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.now = desk.now.adding(nanoseconds: 5_000_000_000)
      return desk.order()
    },
    Case("a moment older", .fails) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.now = desk.now.adding(nanoseconds: 5_000_000_001)
      return desk.order()
    },
    Case("none is old enough for 0", .passes) { desk in
      desk.change { $0.pointee.staleSeconds = 0 }
      return desk.order()
    },
    Case("older than 0", .fails) { desk in
      desk.change { $0.pointee.staleSeconds = 0 }
      desk.now = desk.now.adding(nanoseconds: 1)
      return desk.order()
    },
    Case("no tick yet", .fails, observed: .max) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.forgetPrices(desk.rb)
      return desk.order()
    },
    Case("no tick yet, and any age will do", .fails) { desk in
      desk.change { $0.pointee.staleSeconds = Int64.max }
      desk.forgetPrices(desk.rb)
      return desk.order()
    },
    Case("any age will do", .passes) { desk in
      desk.change { $0.pointee.staleSeconds = Int64.max }
      desk.now = desk.now.adding(nanoseconds: 5_000_000_001)
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.forgetPrices(desk.rb)
      return desk.order(.sell, .close)
    },
    Case("a market order", .fails) { desk in
      desk.change { $0.pointee.staleSeconds = 5 }
      desk.now = desk.now.adding(nanoseconds: 5_000_000_001)
      return desk.marketOrder()
    },
  ])
  func anOldPriceBarsOpening(_ row: Case) { row.check(.staleMarketData) }
}
