import Domain
import MarketData
import Storage
import Testing

@testable import Ledger

/// Grace times in the order of their ends, against a sorted list.
@Suite struct GraceTests {
  private static let accounts: UInt32 = 40

  private static func ledger() -> Ledger {
    var capacities = LedgerDesk.capacities
    capacities.operationAccounts = Int(accounts)
    var ledger = Ledger(capacities: capacities)
    for _ in 0..<accounts { _ = ledger.defineOperationAccount(.none) }
    return ledger
  }

  @Test(arguments: 0..<50)
  func theyEndInTheirOrder(seed: UInt64) {
    var ledger = Self.ledger()
    var naive: [UInt32: Int64] = [:]
    var state = seed
    func draw(_ below: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % below
    }
    var now: Int64 = 0
    for _ in 0..<600 {
      let account = OperationAccountID(UInt32(draw(UInt64(Self.accounts))))
      switch draw(4) {
      case 0, 1:
        // Few moments, so that many are the same.
        let end = now + Int64(draw(20))
        ledger.beginGrace(account, until: Timestamp(nanoseconds: end))
        naive[account.raw] = end
      case 2:
        ledger.endGrace(account)
        naive[account.raw] = nil
      default:
        now += Int64(draw(6))
        let due = naive.filter { $0.value <= now }
          .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        for (raw, _) in due {
          let taken = ledger.takeGrace(endedBy: Timestamp(nanoseconds: now))
          #expect(taken == OperationAccountID(raw))
          naive[raw] = nil
        }
        let none = ledger.takeGrace(endedBy: Timestamp(nanoseconds: now))
        #expect(none == nil)
      }
      let first = ledger.firstGraceEnd?.nanoseconds
      #expect(first == naive.values.min())
      let count = ledger.graceCount
      #expect(count == naive.count)
      for raw in 0..<Self.accounts {
        let place = ledger.account(OperationAccountID(raw)).pointee.gracePlace
        #expect((place != 0) == (naive[raw] != nil))
      }
    }
  }
}
