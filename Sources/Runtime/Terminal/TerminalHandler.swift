import Client
import Session

/// Whoever uses the terminals of a `TerminalDriver`: it is told what happened to them and gives
/// them orders, in any of these calls:
///
///     terminals.clients[0].place(ticket, at: loop.now)
///
/// What is sent leaves at the end of the turn, all of a terminal's in one write. Calls come on the
/// loop's thread. A handler may use the loop as it likes: its timers but number 0, wakers,
/// signals, `stop`. Nothing is allocated per event.
public protocol TerminalHandler: ~Copyable {
  /// Something happened at a terminal. Its model has taken it in already, and with it everything
  /// that came in the same read. `.ended` is never among these.
  mutating func happened(
    _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
    _ loop: inout EventLoop)

  /// A terminal's connection is gone, or never came to stand; `reason` is what the system knows.
  /// It comes again only if the logon says that it reconnects.
  mutating func ended(
    _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
    _ terminals: inout Terminals, _ loop: inout EventLoop)

  mutating func timerFired(_ timer: Int, _ terminals: inout Terminals, _ loop: inout EventLoop)
  mutating func woken(_ terminals: inout Terminals, _ loop: inout EventLoop)
  mutating func signalReceived(
    _ signal: Int32, _ terminals: inout Terminals, _ loop: inout EventLoop)
  /// Everything of this turn was told.
  mutating func turnEnded(_ terminals: inout Terminals, _ loop: inout EventLoop)
}

extension TerminalHandler where Self: ~Copyable {
  public mutating func timerFired(
    _ timer: Int, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {}
  public mutating func woken(_ terminals: inout Terminals, _ loop: inout EventLoop) {}
  public mutating func signalReceived(
    _ signal: Int32, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    loop.stop()
  }
  public mutating func turnEnded(_ terminals: inout Terminals, _ loop: inout EventLoop) {}
}
