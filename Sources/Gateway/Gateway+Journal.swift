import Engine
import Journal
import Messages
import Session

// The journal as its driver stores it: how far it has got, and what waits for it.
extension Gateway {
  enum JournalState: BitwiseCopyable {
    case available
    /// The storage will take more in a moment: peers are not read, and nobody is told.
    case waiting
    /// The storage refused: whoever asks is told.
    case broken
  }

  var isJournalBroken: Bool { journalState == .broken }
  public var isJournalAvailable: Bool { journalState != .broken }

  /// The journal's buffer or segment is full: store it, then offer again what was not consumed.
  public var needsStore: Bool { journalState == .available && !sequencer.hasRoom }

  /// The segment is full: when everything is stored, the driver begins the next one.
  public var needsSegment: Bool { sequencer.needsSegment }

  /// Frames the next segment's header, which is to be stored like a record. Nothing else waits.
  ///
  /// - Parameter byteCount: within `JournalFormat.segmentBytes`.
  public mutating func beginSegment(_ byteCount: UInt64) {
    sequencer.journal.beginSegment(
      byteCount, configRevision: UInt32(clamping: sequencer.engine.configurationRevision))
  }

  /// The driver has stored all of `sequencer.journal.pending`: effects may leave.
  public mutating func journalStored() {
    journalStored(released: sequencer.journal.end.sequence)
  }

  /// The same when storing is not enough: effects leave when `journalReleased` says so.
  ///
  /// - Parameter sequence: of the newest command that is as durable as is wanted, whoever says so.
  public mutating func journalStored(released sequence: UInt64) {
    sequencer.journal.pendingWasStored()
    hold(released: sequence, isRecorded: true)
    journalReleased(upTo: sequence)
    let state = journalState
    guard state != .available else { return }
    journalState = .available
    if state == .broken { record(.journalRecovered) }
    resumePeers()
    // What waited is submitted in the next turn: what this one hands on is stored.
  }

  /// Reads again whoever was not read while the journal waited.
  private mutating func resumePeers() {
    for slot in 0..<terminals.used {
      if let terminal = terminals.inSlot(UInt32(slot)), terminal.pointee.isPaused {
        resumeReading(UInt32(slot), terminal)
      }
    }
    for index in 0..<links.count {
      ask(.resumeReading(.link(LinkID(index: UInt32(index)))))
    }
  }

  /// The journal has the commands up to `sequence` as durable as is wanted: their effects leave.
  public mutating func journalReleased(upTo sequence: UInt64) {
    sequencer.journal.released(upTo: sequence)
    terminalOutput.release(sequence)
    linkOutput.release(sequence)
  }

  /// The storage refused. Nothing that follows from what it does not have leaves, and nothing new
  /// is taken, until a later try succeeds. To be said every turn while it is so.
  public mutating func journalFailed() {
    #if !MUTATION_BEFORE_STORED
      hold(released: sequencer.journal.releasedSequence, isRecorded: journalState == .available)
    #endif
    let state = journalState
    guard state != .broken else { return }
    journalState = .broken
    record(.journalFailed)
    // They are told now: what they sent while it waited is read.
    if state == .waiting { resumePeers() }
  }

  /// The storage takes nothing at the moment, and will. To be said every turn while it is so.
  public mutating func journalWaits() {
    hold(released: sequencer.journal.releasedSequence, isRecorded: journalState == .available)
    guard journalState == .available else { return }
    journalState = .waiting
    counts.journalWaits += 1
  }

  private mutating func hold(released: UInt64, isRecorded: Bool) {
    let sequence = sequencer.journal.end.sequence
    terminalOutput.hold(sequence, released: released, isRecorded: isRecorded)
    linkOutput.hold(sequence, released: released, isRecorded: isRecorded)
  }

  /// Whether something for the peer waits for the journal, and will leave: it is closed then.
  public func waitsForJournal(_ peer: Peer) -> Bool {
    guard journalState != .broken else { return false }
    switch peer {
    case .terminal(let id): return terminals.find(id) != nil && terminalOutput.isHeld(id.slot)
    case .link(let id): return linkOutput.isHeld(id.index)
    }
  }

  /// Whether the journal is on its last segment, and no further one can be made. While it is,
  /// opening orders are refused and prices wait: what is left is for cancels, closing orders and
  /// what counters report.
  public mutating func journalIsLow(_ isLow: Bool) {
    guard isLow != isJournalLow else { return }
    isJournalLow = isLow
    record(isLow ? .journalLow : .journalHasRoom)
  }
}
