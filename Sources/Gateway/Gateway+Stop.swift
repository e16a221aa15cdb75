import Domain
import Engine
import Messages
import Session
import Wire

// A graceful stop: nobody new and nothing new; what is in hand is finished; everybody is told.
extension Gateway {
  /// The first step. New connections are refused, logons and orders are answered with
  /// `shuttingDown`; cancels and reports go on. Call `leave` when `isQuiet`, or when it took too
  /// long.
  public mutating func stop() {
    guard phase == .running else { return }
    phase = .finishing
    record(.stopping)
  }

  /// Whether nothing is in hand any more.
  public var isQuiet: Bool {
    // Prices wait for room in the journal, and nobody for them.
    passwords.isEmpty && deferred.isEmpty && (ticks.count == 0 || isJournalLow)
      && !sequencer.engine.hasWork && resuming.count == 0
  }

  /// The second step: every terminal and every counter is told goodbye. What still comes is
  /// journaled until the connections are closed.
  public mutating func leave() {
    guard phase != .leaving else { return }
    stop()
    phase = .leaving
    submitDeferred()
    for slot in 0..<UInt32(terminals.used) {
      if let terminal = terminals.inSlot(slot) {
        end(slot, terminal, because: TerminalSessionEnd(.shuttingDown))
      }
    }
    // What is cancelled because they are gone leaves while there are links.
    submitDeferred()
    while canSubmit, sequencer.engine.hasWork { continueWork(1) }
    for index in 0..<links.count {
      let id = LinkID(index: UInt32(index))
      let link = links.at(id)
      var outgoing = linkOutput.room(id.index)
      let end = link.pointee.state.stop(at: monotonic, into: &outgoing)
      linkOutput.keep(id.index, outgoing)
      if let end {
        linkEnded(id, link, end)
        ask(.close(.link(id)))
      }
    }
    submitDeferred()
  }

  /// Whether every terminal is gone.
  public var isEmpty: Bool { terminals.count == 0 }
}
