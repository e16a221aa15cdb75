import Domain
import Wire

/// What a counter's bytes came to. Views are good as long as the bytes they lie in.
///
/// Reports (`orderReport`, `trade`, `cancelRejected`) come in the counter's sequence, each once.
public enum CounterLinkEvent: BitwiseCopyable {
  /// No whole message is left: read more.
  case nothing
  /// There is no room for an answer: send what was written, and ask again with an empty buffer.
  case waitForRoom
  /// The counter let us in: nothing of an older epoch is still processed. `askFate` is due now.
  case linkUp(epoch: UInt64, lastCounterSequence: UInt64, tradingDay: TradingDay)
  case orderReport(CounterProtocol.OrderReportDecoder)
  case trade(CounterProtocol.TradeReportDecoder)
  case cancelRejected(CounterProtocol.CancelRejectedDecoder)
  /// The counter does not have this child and, in this epoch, never will.
  case neverArrived(OrderID)
  /// Every missed report and every fate asked for was brought: orders may be given.
  case resynced(epoch: UInt64)
  /// A report is missing before this one; all from `expected` on are asked for again.
  case reportsMissed(expected: UInt64, found: UInt64)
  case funds(CounterProtocol.FundsReportDecoder)
  case instrumentStatus(CounterProtocol.InstrumentStatusDecoder)
  case tick(CounterProtocol.TickDecoder)
  /// It is over; the last words are written: send them, then close.
  case ended(CounterLinkEnd)
}

/// Why a counter's connection ends.
public struct CounterLinkEnd: Equatable, Sendable, BitwiseCopyable {
  public enum Cause: Equatable, Sendable, BitwiseCopyable {
    /// Nobody was there, or not in time.
    case connectFailed
    /// The connection broke, or the counter closed it without a word.
    case connectionLost
    /// The counter said so.
    case counterEnded
    /// The counter refused the login.
    case loginRefused
    /// The counter did not answer a login, or brought nothing of a resync.
    case noAnswer
    /// Nothing was heard for two and a half heartbeat intervals.
    case silence
    /// Bytes that no message can be made of.
    case badBytes(WireError)
    /// A message that has no place here, or a figure in it that breaks the protocol.
    case unexpectedMessage(template: UInt16)
    /// The counter's newest report is older than the newest we have: it has lost what it told us.
    case sequenceWentBack(ours: UInt64, theirs: UInt64)
    /// The epoch is not larger than one before.
    case epochWentBack(ours: UInt64, theirs: UInt64)
    /// The counter does not read what it is sent.
    case slowReader
    /// The gateway stops, or takes the link out of service.
    case requested
  }

  public var cause: Cause
  /// What the counter gave as the reason, if it gave one.
  public var counterReason: CounterProtocol.LinkEndReason
  /// The engine was told that the link is up and is now to be told that it is down.
  public var wasUp: Bool

  init(_ cause: Cause, _ reason: CounterProtocol.LinkEndReason, wasUp: Bool) {
    self.cause = cause
    counterReason = reason
    self.wasUp = wasUp
  }

  /// What the counter is told; nil where there is nobody to tell, or no need.
  var lastWord: CounterProtocol.LinkEndReason? {
    switch cause {
    case .connectFailed, .connectionLost, .loginRefused: nil
    case .counterEnded, .requested: .requested
    case .noAnswer, .silence: .heartbeatTimeout
    case .badBytes(let error):
      switch TerminalSessionEnd(error).reason {
      case .unknownMessage: .unknownMessage
      case .versionUnsupported: .versionUnsupported
      default: .badFrame
      }
    case .unexpectedMessage, .sequenceWentBack, .epochWentBack: .unexpectedMessage
    case .slowReader: .slowReader
    }
  }
}

/// What the owner of a counter link has to do because time passed.
public enum CounterLinkTimeout: Equatable, Sendable {
  /// Nothing, or something was written: send it.
  case nothing
  /// Open a connection to the counter; `connected` or `disconnected` follows.
  case connect
  /// As `CounterLinkEvent.ended`.
  case ended(CounterLinkEnd)
  /// The last words were not read in time: cut the connection; `disconnected` follows.
  case cut
}

/// What became of an order or cancel that was given to a link.
public enum CounterSend: Equatable, Sendable {
  case written
  /// The link is not ready for it; nothing was written and nothing will be.
  case notReady
  /// There is no room: the counter does not read. End the link: what it was sent is unknown.
  case noRoom
}
