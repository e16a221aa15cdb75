import Gateway
import Journal

// The journal at the end of a turn: what was framed is stored, what was released may leave.
extension GatewayServer {
  /// Stores what the turn has framed. A storage that refuses is tried again every turn.
  mutating func store() {
    do throws(JournalStorageError) {
      if let failure = journal.syncFailure {
        log.syncFailed(failure, at: gateway.sequencer.now)
      }
      try journal.mend(&gateway.sequencer.journal)
      try storePending()
      if gateway.needsSegment {
        gateway.beginSegment(try journal.advance())
        try storePending()
      }
      gateway.journalStored(released: released)
    } catch .notReady {
      gateway.journalWaits()
    } catch {
      if gateway.isJournalAvailable { log.journalFailed(error, at: gateway.sequencer.now) }
      gateway.journalFailed()
    }
  }

  private mutating func storePending() throws(JournalStorageError) {
    let pending = gateway.sequencer.journal.pending
    guard !pending.isEmpty else { return }
    try journal.store(gateway.sequencer.journal)
    follower.offer(pending, at: gateway.sequencer.journal.pendingOffset)
    gateway.sequencer.journal.pendingWasStored()
    gateway.sequencer.journal.released(upTo: released)
    follower.stored(upTo: journal.readable(stored: gateway.sequencer.journal.end))
  }

  /// The newest command whose effects may leave.
  var released: UInt64 {
    journal.released(stored: gateway.sequencer.journal.storedSequence)
  }

  /// What has become durable since the last turn.
  mutating func takeReleased() {
    guard journal.isSynced else { return }
    let released = released
    guard released > gateway.sequencer.journal.releasedSequence else { return }
    gateway.journalReleased(upTo: released)
    follower.stored(upTo: journal.readable(stored: gateway.sequencer.journal.end))
  }

  /// Once a beat.
  mutating func lookAtDisk() {
    guard let failure = journal.takeHandOverFailure() else { return }
    log.handOverFailed(failure, at: gateway.sequencer.now)
    meters.handOverFailed()
  }

  /// Whether there is another segment behind this one.
  mutating func lookAtJournal() {
    let trouble = journal.lastSegmentTrouble()
    if let trouble, !gateway.isJournalLow {
      log.journalLow(trouble, needs: journal.segmentBytes, at: gateway.sequencer.now)
    }
    gateway.journalIsLow(trouble != nil)
  }
}
