import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct CancelLimitTests {
  @Test(arguments: [
    Case("unset", .off) { desk in
      desk.change { $0.pointee.cancelLimit = .min }
      desk.accept(desk.order())
      for _ in 0..<9 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order()
    },
    Case("two cancels of three", .passes, observed: 2, limit: 3) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<2 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order()
    },
    Case("three of three", .fails, observed: 3, limit: 3) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<3 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order()
    },
    Case("four of three", .fails) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<4 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(.sell)
    },
    Case("another instrument", .passes, observed: 0) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<3 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(of: desk.rbJune)
    },
    Case("another hedge flag is the same instrument", .fails) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<3 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(hedge: .arbitrage)
    },
    Case("closing", .off) { desk in
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<3 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(.sell, .close)
    },
    Case("closing, if set so", .fails) { desk in
      desk.change { $0.pointee.cancelLimitClosingToo = true }
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<3 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(.sell, .close)
    },
    Case("closing below, if set so", .passes) { desk in
      desk.change { $0.pointee.cancelLimitClosingToo = true }
      desk.change { $0.pointee.cancelLimit = 3 }
      desk.accept(desk.order())
      for _ in 0..<2 { desk.ledger.countCancel(desk.account, desk.rb) }
      return desk.order(.sell, .close)
    },
    Case("none at all", .fails, observed: 0) { desk in
      desk.change { $0.pointee.cancelLimit = 0 }
      return desk.order()
    },
  ])
  func examples18CancelsInAnInstrumentBarOpeningThere(_ row: Case) { row.check(.cancelLimit) }
}
