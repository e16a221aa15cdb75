import Domain
import Ledger
import RiskRules
import Testing

/// duplicate-order's look back against a list of every order (rules.md 2, decisions 15).
@Suite struct DuplicateWindowTests {
  private struct Sent {
    var nanoseconds: Int64
    var lots: Lots
    var isAccepted: Bool
  }

  @Test(arguments: UInt64(1)...12)
  func identicalOrdersAreThoseOfTheList(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let desk = Desk()
    let most = Int64.random(in: 1...4, using: &draws)
    let window = draws.pick([Int64(1), 50, 1_000])
    desk.change {
      $0.pointee.duplicateCount = most
      $0.pointee.duplicateWindowMilliseconds = window
      $0.pointee.positionCap = .min
    }
    var sent: [Sent] = []
    for number in 0..<150 {
      let steps = [0, 1, window * 250_000, window * 500_000, window * 1_000_000 - 1]
      desk.now = desk.now.adding(nanoseconds: draws.pick(steps))
      let terms = desk.order(lots: draws.pick([1, 2]))
      // [0, T): an order of exactly T ago counts no more.
      let same = sent.count {
        $0.isAccepted && $0.lots == terms.lots
          && desk.now.nanoseconds - $0.nanoseconds < window * 1_000_000
      }
      let finding = desk.finding(.duplicateOrder, terms)
      #expect(finding.figures.observed == Int64(same), "seed \(seed), order \(number)")
      #expect(finding.passes == (Int64(same) + 1 <= most), "seed \(seed), order \(number)")
      let isAccepted = finding.passes && !draws.once(in: 4)
      if isAccepted { desk.accept(terms) } else { desk.refuse(terms) }
      sent.append(
        Sent(nanoseconds: desk.now.nanoseconds, lots: terms.lots, isAccepted: isAccepted))
    }
  }
}
