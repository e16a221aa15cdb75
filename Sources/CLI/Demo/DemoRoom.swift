import Domain
import Glibc
import Runtime

/// Whether the demo's journal had room: a day that was held up by a full disk proves nothing.
enum DemoRoom {
  /// What to say when it had none; nil when it had.
  static func fault(_ tally: DemoTally, _ journal: JournalPlan) -> String? {
    let refused = tally.refused[RuleID.journalUnavailable.rawValue, default: 0]
    guard refused > 0 else { return nil }
    return """
      the disk had no room for the journal \(journal.path): \(refused) orders were refused for it, \
      prices waited, and the day proves nothing. A journal needs two segments, \
      \((2 * journal.segmentBytes) >> 20) MiB, from its beginning, and another \
      \(journal.segmentBytes >> 20) MiB each time one is full\(free(journal.path))
      """
  }

  private static func free(_ path: String) -> String {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return "" }
    return "; \((UInt64(facts.f_bavail) * UInt64(facts.f_frsize)) >> 20) MiB are free there"
  }
}
