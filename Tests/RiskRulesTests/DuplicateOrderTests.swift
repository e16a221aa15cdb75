import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct DuplicateOrderTests {
  @Test(arguments: [
    Case("unset", .off) { desk in
      desk.accept(desk.order())
      return desk.order()
    },
    Case("a count without a window", .off) { desk in
      desk.change { $0.pointee.duplicateCount = 0 }
      return desk.order()
    },
    Case("a window without a count", .off) { desk in
      desk.change { $0.pointee.duplicateWindowMilliseconds = 1_000 }
      return desk.order()
    },
    Case("the second of two", .passes, observed: 1, limit: 2) { desk in
      desk.change {
        $0.pointee.duplicateCount = 2
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order()
    },
    Case("the third of two", .fails, observed: 2) { desk in
      desk.change {
        $0.pointee.duplicateCount = 2
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      desk.accept(desk.order())
      return desk.order()
    },
    Case("the first of none", .fails) { desk in
      desk.change {
        $0.pointee.duplicateCount = 0
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      return desk.order()
    },
    Case("a closing one too", .fails) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order(.sell, .close))
      return desk.order(.sell, .close)
    },
    Case("a moment before the window's end", .fails, observed: 1) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      desk.now = desk.now.adding(nanoseconds: 999_999_999)
      return desk.order()
    },
    Case("the window's end", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      desk.now = desk.now.adding(nanoseconds: 1_000_000_000)
      return desk.order()
    },
    Case("another price", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(price: .yuan(4_001))
    },
    Case("another side", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(.sell)
    },
    Case("other lots", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(lots: 2)
    },
    Case("another instrument", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(of: desk.rbJune)
    },
    Case("another hedge flag", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(hedge: .arbitrage)
    },
    Case("another time in force", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      return desk.order(timeInForce: .fillOrKill)
    },
    Case("refused ones don't count", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.refuse(desk.order())
      return desk.order()
    },
    Case("one behind another order", .fails) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      desk.accept(desk.order(lots: 2))
      return desk.order()
    },
    Case("the 256th order back", .fails, observed: 1) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      for _ in 1..<256 { desk.refuse(desk.order()) }
      return desk.order()
    },
    Case("the 257th order back is not visited", .passes, observed: 0) { desk in
      desk.change {
        $0.pointee.duplicateCount = 1
        $0.pointee.duplicateWindowMilliseconds = 1000
      }
      desk.accept(desk.order())
      for _ in 1...256 { desk.refuse(desk.order()) }
      return desk.order()
    },
  ])
  func identicalOrdersAreCountedWithinTheWindow(_ row: Case) { row.check(.duplicateOrder) }
}
