import Domain
import Ledger
import RiskRules
import Testing

@Suite struct SlowDownTests {
  @Test(arguments: [
    Case("too soon", .fails, observed: 999, limit: 1_000) { desk in
      desk.slow(openedMillisecondsAgo: 999)
      return desk.order()
    },
    Case("waited long enough", .passes, observed: 1_000) { desk in
      desk.slow(openedMillisecondsAgo: 1_000)
      return desk.order()
    },
    Case("the first opening order", .passes) { desk in
      desk.slow(openedMillisecondsAgo: nil)
      return desk.order()
    },
    Case("a line that is a notice slows nobody", .off) { desk in
      desk.slow(openedMillisecondsAgo: 1)
      desk.does(.drawdown, .warn, .notice)
      return desk.order()
    },
    Case("not reached", .off) { desk in
      desk.slow(openedMillisecondsAgo: 1)
      desk.ledger.setReached(desk.account, LineMask(), latched: LineMask())
      return desk.order()
    },
    Case("closing", .off) { desk in
      desk.slow(openedMillisecondsAgo: 1)
      desk.give(.long, 1, desk.rb)
      return desk.order(.sell, .close)
    },
  ])
  func openingOrdersWait(_ row: Case) { row.check(.slowDown) }
}

extension Desk {
  /// drawdown's warn line is reached, and slows down.
  fileprivate func slow(openedMillisecondsAgo milliseconds: Int64?) {
    does(.drawdown, .warn, .slowDown)
    var reached = LineMask()
    reached.set(.drawdown, .warn, true)
    ledger.setReached(account, reached, latched: LineMask())
    guard let milliseconds else { return }
    ledger.countOpening(account, at: now.adding(nanoseconds: -milliseconds * 1_000_000))
  }
}
