import Domain
import ReferenceModel
import Testing
import TickRecordings

/// A whole day with all rules on: engine, twin and exchange agree about everything in it.
@Suite struct DayTests {
  @Test(
    .enabled(if: TickRecordings.areThere, "no recorded ticks lie beside the package"),
    arguments: DayLock.allCases)
  func aRecordedDayEndsInTheSameBooks(_ lock: DayLock) throws {
    try check(DayFeed.recorded(lock), seed: 20_210_104, lock)
  }

  @Test(arguments: zip([UInt64(1), 2, 3], DayLock.allCases))
  func aDrawnDayEndsInTheSameBooks(_ seed: UInt64, _ lock: DayLock) {
    check(DayFeed.drawn(seed: seed, lock), seed: seed, lock)
  }

  /// The check can fail: who is told of a fill that never was has other books.
  @Test func aTamperedFillOfADayIsNoticed() throws {
    let run = DayRun(seed: 4)
    run.twin.tamperNextFill = (1, 0)
    run.play(DayFeed.drawn(seed: 4, .none), orders: 400)
    let failure = try #require(run.failure)
    #expect(failure.contains("counterTrade"))
  }

  private func check(_ plans: [DayPlan], seed: UInt64, _ lock: DayLock) {
    let run = DayRun(seed: seed)
    run.play(plans, orders: 1_500)
    if let failure = run.failure { Issue.record("\(failure)") }
    #expect(run.summaries.count == plans.count)
    // A day in which nothing happened would prove nothing.
    #expect(run.said.trades > 200)
    #expect(run.said.refused.count > 15, "\(run.said.text)")
    if lock != .none { #expect(run.said.begun > 0, "\(run.said.text)") }
  }
}
