import Domain
import Messages
import Session
import Wire

extension Gateway {
  /// Terminals looked at in one call: with a call every 20 ms, each of a thousand several times
  /// within the shortest heartbeat interval.
  static let terminalsPerCheck = 128

  /// Time has passed: heartbeats, silence, rates, tries to connect, the engine's deadline. To be
  /// called some fifty times a second, after `clockRead`.
  public mutating func timePassed() {
    submitDeferred()
    if canSubmit, sequencer.isDeadlineReached { submit(.timeReached) }
    resumePaused()
    checkTerminals()
    for index in 0..<links.count { checkLink(LinkID(index: UInt32(index))) }
    submitDeferred()
  }

  private mutating func resumePaused() {
    guard !isJournalBroken else { return }
    var place = paused.count - 1
    while place >= 0 {
      let slot = paused[place]
      if let terminal = terminals.inSlot(slot), terminal.pointee.pausedUntil <= monotonic {
        resumeReading(slot, terminal)
      }
      place -= 1
    }
  }

  private mutating func checkTerminals() {
    for _ in 0..<min(Gateway.terminalsPerCheck, terminals.used) {
      let slot = UInt32(nextToCheck % terminals.used)
      nextToCheck = (Int(slot) + 1) % terminals.used
      guard let terminal = terminals.inSlot(slot),
        terminal.pointee.state.deadline <= monotonic
      else { continue }
      if terminal.pointee.waitsForRoom, terminal.pointee.state.isSilent(at: monotonic) {
        // Nothing was heard because nothing was read, and that because it takes nothing.
        cutSlow(slot, terminal)
        continue
      }
      var outgoing = terminalOutput.room(slot)
      let timeout = terminal.pointee.state.timeReached(monotonic, into: &outgoing)
      terminalOutput.keep(slot, outgoing)
      switch timeout {
      case .nothing: break
      case .ended(let end): ended(slot, terminal, end)
      case .cut: ask(.cut(.terminal(terminals.id(slot))))
      }
    }
  }

  private mutating func checkLink(_ id: LinkID) {
    let link = links.at(id)
    guard link.pointee.state.deadline <= monotonic else { return }
    var outgoing = linkOutput.room(id.index)
    let timeout = link.pointee.state.timeReached(monotonic, into: &outgoing)
    linkOutput.keep(id.index, outgoing)
    switch timeout {
    case .nothing: break
    case .connect: ask(.connect(id))
    case .ended(let end):
      linkEnded(id, link, end)
      ask(.close(.link(id)))
    case .cut: ask(.cut(.link(id)))
    }
  }
}
