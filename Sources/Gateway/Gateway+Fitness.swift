import Domain
import Engine
import Messages
import Session
import Wire

extension Gateway {
  /// Ends every session that could not log in any more: its account or controller is disabled, or
  /// where it comes from is not on the list (rules.md 1).
  ///
  /// - Returns: how many.
  public mutating func dropUnfit() -> Int {
    var dropped = 0
    for slot in 0..<UInt32(terminals.capacity) {
      guard let terminal = terminals.inSlot(slot), terminal.pointee.isLive,
        let rule = misfit(of: terminal)
      else { continue }
      let isEnded = end(slot, terminal, because: TerminalSessionEnd(.dropped, rule: rule))
      if isEnded { dropped += 1 }
    }
    return dropped
  }

  private func misfit(of terminal: UnsafeMutablePointer<Terminal>) -> RuleID? {
    let (address, mac) = (terminal.pointee.address, terminal.pointee.logon.mac)
    return terminal.pointee.door == .desk
      ? sequencer.engine.misfit(of: terminal.pointee.controller, from: address, mac)
      : sequencer.engine.misfit(of: terminal.pointee.account, from: address, mac)
  }
}
