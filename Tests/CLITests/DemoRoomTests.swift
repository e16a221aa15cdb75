import Domain
import Runtime
import Testing

@testable import sluice

/// A disk without room is named, and not looked for in the books.
@Suite struct DemoRoomTests {
  @Test func aJournalWithoutRoomIsSaidWithWhatItNeeds() throws {
    let journal = JournalPlan(path: "/nowhere/a.journal", .existing)
    var tally = DemoTally()
    #expect(DemoRoom.fault(tally, journal) == nil)
    tally.refused[RuleID.orderRate.rawValue] = 3
    #expect(DemoRoom.fault(tally, journal) == nil)
    tally.refused[RuleID.journalUnavailable.rawValue] = 1
    let words = try #require(DemoRoom.fault(tally, journal))
    #expect(words.contains("no room for the journal /nowhere/a.journal: 1 orders were refused"))
    #expect(words.contains("two segments, 128 MiB,") && words.contains("another 64 MiB each time"))
    #expect(!words.contains("free there"))
    let here = JournalPlan(path: "/", .existing)
    #expect(DemoRoom.fault(tally, here)?.hasSuffix("MiB are free there") == true)
  }
}
