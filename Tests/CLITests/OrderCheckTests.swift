import Domain
import Testing
import Wire

@testable import sluice

/// Each way in which reports of one order can be wrong is told, and what is right is not.
@Suite struct OrderCheckTests {
  private static let limit = Price(units: 31_000_000)

  private static func report(
    _ kind: ExecType, lots: Lots = 0, filled: Lots = 0, left: Lots = 0,
    at price: Int64 = 31_000_000,
    rule: RuleID = .none
  ) -> OrderEntry.ExecutionReport {
    var report = OrderEntry.ExecutionReport(execType: kind)
    report.lastLots = lots
    report.cumulativeLots = filled
    report.leavesLots = left
    report.lastPrice = Price(units: price)
    report.fee = Money(units: 5)
    report.refusal.rule = rule.rawValue
    return report
  }

  private static func faults(
    _ kind: OrderCheck.Kind, _ side: Side, _ reports: [OrderEntry.ExecutionReport]
  ) -> [String] {
    var check = OrderCheck(kind, side, limit, 3)
    return reports.compactMap { check.note($0) }
  }

  @Test func aLifeAsItShouldBeIsNotComplainedOf() {
    let life = [
      Self.report(.new, left: 3), Self.report(.workingConfirmed, left: 3),
      Self.report(.trade, lots: 1, filled: 1, left: 2),
      Self.report(.cancelRejected, filled: 1, left: 2),
      Self.report(.trade, lots: 2, filled: 3, left: 0, at: 30_990_000),
    ]
    #expect(Self.faults(.rest, .buy, life) == [])
    #expect(Self.faults(.refuse, .buy, [Self.report(.rejected, rule: .badPriceTick)]) == [])
    #expect(
      Self.faults(.fill, .buy, [Self.report(.rejected, rule: .positionAvailable)]) == [])
    #expect(
      Self.faults(.rest, .sell, [Self.report(.new, left: 3), Self.report(.cancelled)]) == [])
  }

  @Test(arguments: [RuleID.counterRefused, .fundLinkDown])
  func whatACounterNeverTookIsRejectedAfterItWasAccepted(rule: RuleID) {
    let life = [Self.report(.new, left: 3), Self.report(.rejected, rule: rule)]
    #expect(Self.faults(.rest, .buy, life) == [])
    #expect(Self.faults(.rest, .buy, life + [life[1]]) == ["rejected after its end"])
    let part = [
      Self.report(.new, left: 3), Self.report(.trade, lots: 1, filled: 1, left: 2),
      Self.report(.rejected, filled: 1, rule: rule),
    ]
    #expect(Self.faults(.rest, .buy, part) == ["answered twice: rejected"])
    let left = [Self.report(.new, left: 3), Self.report(.rejected, left: 1, rule: rule)]
    #expect(Self.faults(.rest, .buy, left) == ["rejected with 1 lots left"])
  }

  @Test func feesAndLotsAddUp() {
    var check = OrderCheck(.fill, .buy, Self.limit, 3)
    _ = check.note(Self.report(.new, left: 3))
    _ = check.note(Self.report(.trade, lots: 1, filled: 1, left: 2))
    _ = check.note(Self.report(.trade, lots: 2, filled: 3, left: 0))
    #expect(check.isFinal && check.filled == 3 && check.fees == 10)
  }

  static let wrong: [(String, OrderCheck.Kind, Side, [OrderEntry.ExecutionReport])] = [
    ("answered twice: new", .rest, .buy, [report(.new, left: 3), report(.new, left: 3)]),
    (
      "answered twice: rejected", .rest, .buy,
      [report(.new, left: 3), report(.rejected, rule: .selfTrade)]
    ),
    ("answered again, and was sent once", .rest, .buy, [report(.restated, left: 3)]),
    ("accepted off its price tick", .refuse, .buy, [report(.new, left: 3)]),
    (
      "refused by selfTrade instead of badPriceTick", .refuse, .buy,
      [report(.rejected, rule: .selfTrade)]
    ),
    ("refused without a rule", .rest, .buy, [report(.rejected)]),
    ("trade before any answer", .rest, .buy, [report(.trade, lots: 1, filled: 1, left: 2)]),
    (
      "cancelled after its end", .rest, .buy,
      [report(.new, left: 3), report(.cancelled), report(.cancelled)]
    ),
    (
      "cancelled with 1 lots left", .rest, .buy,
      [report(.new, left: 3), report(.cancelled, left: 1)]
    ),
    (
      "a fill of 0 lots", .fill, .buy,
      [report(.new, left: 3), report(.trade, lots: 0, filled: 0, left: 3)]
    ),
    (
      "filled 4 of 3 lots", .fill, .buy,
      [report(.new, left: 3), report(.trade, lots: 4, filled: 4, left: 0)]
    ),
    (
      "says 2 lots filled, its fills add up to 1", .fill, .buy,
      [report(.new, left: 3), report(.trade, lots: 1, filled: 2, left: 1)]
    ),
    (
      "says 1 lots left of 3 with 1 filled", .fill, .buy,
      [report(.new, left: 3), report(.trade, lots: 1, filled: 1, left: 1)]
    ),
    (
      "filled at a worse price than its limit", .fill, .buy,
      [report(.new, left: 3), report(.trade, lots: 3, filled: 3, left: 0, at: 31_010_000)]
    ),
    (
      "filled at a worse price than its limit", .fill, .sell,
      [report(.new, left: 3), report(.trade, lots: 3, filled: 3, left: 0, at: 30_990_000)]
    ),
    ("a report of no known kind", .rest, .buy, [report(.unknown)]),
  ]

  @Test(arguments: wrong.indices) func whatIsWrongIsTold(index: Int) {
    let (words, kind, side, reports) = Self.wrong[index]
    #expect(Self.faults(kind, side, reports) == [words])
  }

  @Test func aStoredAnswerMayComeForAnOrderThatWasSentAgain() {
    var check = OrderCheck(.rest, .buy, Self.limit, 3)
    check.wasResent = true
    #expect(check.note(Self.report(.new, left: 3)) == nil)
    #expect(check.note(Self.report(.restated, left: 3)) == nil)
  }

  @Test func aMessageIsRejectedInsteadOfItsAnswer() {
    var check = OrderCheck(.rest, .buy, Self.limit, 3)
    #expect(check.rejectMessage() == nil)
    #expect(check.rejectMessage() == "rejected as a message after its answer")
  }
}
