import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

// What risk controllers do to terminals, and what is told of it.
extension Gateway {
  /// Nobody waits for it: controllers have no listener here yet.
  mutating func controllerVerdictGiven(_ verdict: ControllerVerdict) {}

  mutating func controlTaken(_ taken: ControlTaken) {
    counts.notices += 1
    record(.controlTaken(taken))
  }

  mutating func controlDone(_ done: ControlDone) {
    guard !done.refusal.isNone else { return }
    record(.controlRefused(done))
  }

  /// A controller ends sessions of an account.
  mutating func dropSessions(_ drop: DropSessions) {
    if !drop.session.isNone {
      guard let (slot, terminal) = terminals.find(drop.session),
        terminal.pointee.account == drop.account, terminal.pointee.isLive
      else { return }
      end(slot, terminal, because: TerminalSessionEnd(.dropped))
      return
    }
    while let slot = terminals.first(of: drop.account), let terminal = terminals.inSlot(slot) {
      guard end(slot, terminal, because: TerminalSessionEnd(.dropped)) else { return }
    }
  }
}
