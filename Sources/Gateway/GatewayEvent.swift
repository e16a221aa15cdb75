import Domain
import Messages
import Session

/// Something worth a line in the log. Values only: words are made where they are written.
public enum GatewayEvent: Sendable, BitwiseCopyable {
  /// A peer was not let in: every connection, or every one without a logon, is taken.
  case terminalRefused(NetworkAddress)
  case logonAccepted(SessionID, OperationAccountID, NetworkAddress, LogonOrigin)
  /// Every attempt is logged: time, account, address, MAC, program, result (rules.md 1).
  case logonRefused(Name, OperationAccountID, NetworkAddress, LogonOrigin, RuleID)
  case terminalEnded(SessionID, OperationAccountID, NetworkAddress, TerminalSessionEnd)
  /// The terminal went away without a word.
  case terminalLost(SessionID, OperationAccountID, NetworkAddress)
  /// The same of risk controllers.
  case controllerAccepted(SessionID, ControllerID, NetworkAddress, LogonOrigin)
  case controllerRefused(Name, NetworkAddress, LogonOrigin, RuleID)
  case controllerEnded(SessionID, ControllerID, NetworkAddress, TerminalSessionEnd)
  case controllerLost(SessionID, ControllerID, NetworkAddress)
  case linkUp(FundAccountID, epoch: UInt64, lastCounterSequence: UInt64)
  case linkReady(FundAccountID, epoch: UInt64)
  case linkEnded(FundAccountID, CounterLinkEnd)
  case linkGap(FundAccountID, expected: UInt64, found: UInt64)
  /// The engine's own word to a controller or operator.
  case notice(Notice)
  case commandRefused(Refusal)
  /// What a risk controller did, and what he was refused.
  case controlTaken(ControlTaken)
  case controlRefused(ControlDone)
  /// Where the liquidation of an account stands.
  case liquidationProgress(LiquidationProgress)
  /// The storage refused; nothing is taken until it has what waits.
  case journalFailed
  case journalRecovered
  /// No further segment can be made: opening orders are refused.
  case journalLow
  case journalHasRoom
  case stopping
}

/// Where a logon came from, as the terminal says.
public struct LogonOrigin: Equatable, Sendable, BitwiseCopyable {
  public var mac: MACAddress
  public var terminalName: FixedText<32>
  public var terminalVersion: FixedText<16>

  init(_ facts: LogonFacts) {
    mac = facts.mac
    terminalName = facts.terminalName
    terminalVersion = facts.terminalVersion
  }
}
