import Journal
import Messages

/// Writes every command that a feed steps, with its outcome, to a journal.
final class JournalRecording {
  private var journal: JournalBench
  private var last: Stamped?
  private(set) var failure: JournalStorageError?

  init(_ journal: consuming JournalBench) { self.journal = journal }

  /// The command before had these effects; this one is stepped next.
  func comes(_ next: Stamped?, behind effects: borrowing EffectBuffer) {
    if let last, failure == nil {
      do throws(JournalStorageError) {
        try journal.record(last, effects)
      } catch {
        failure = error
      }
    }
    last = next
  }

  var end: JournalEnd { journal.end }
  func remove() { journal.remove() }
}
