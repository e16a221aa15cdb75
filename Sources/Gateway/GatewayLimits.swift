import Ledger
import Session

/// How many and how much a gateway takes; all of it is allocated at the start. At a limit there is
/// an answer with a reason.
public struct GatewayLimits: Equatable, Sendable {
  /// Connections of terminals, logged on or not; at most 65 535.
  public var terminals = 1_024
  /// Of those, connections that have not logged on; one more is closed at once.
  public var unauthenticated = 256
  /// Connections of controllers' clients, logged on or not: places of their own, that no crowd of
  /// terminals takes.
  public var deskClients = 64
  /// Of those, connections that have not logged on.
  public var deskUnauthenticated = 16
  /// Notices of this run that are kept for controllers who missed some.
  public var notices = 16_384
  /// Bytes that wait for a slow terminal before it is cut.
  public var terminalOutputBytes = 64 * 1024
  /// Bytes that wait for a slow counter before its link is ended; every instrument's subscription
  /// has to fit.
  public var linkOutputBytes = 256 * 1024
  /// Passwords that wait to be looked at; one more logon is told to come back later.
  public var passwords = 64
  /// Names that no account has whose failed logons are counted.
  public var unknownNames = 1_024
  /// Instruments one terminal can subscribe to.
  public var subscriptionsPerTerminal = 512
  /// Subscriptions of all terminals together.
  public var subscriptions = 65_536
  /// Reports that are kept for terminals that missed some, of all accounts together.
  public var reports = 100_000
  /// Queries of one terminal that may wait for their answer at once.
  public var queriesPerTerminal: UInt32 = 4
  /// Pictures of accounts that one controller's client, and all of them, may have at once.
  public var watchesPerClient = 8
  public static let watches = 64
  /// Queries of all terminals that wait for the follower; one more is told to come back later.
  public var queries = 256
  /// What every terminal is held to.
  public var terms = TerminalSessionTerms(messagesPerSecond: 500, maxInFlight: 100)
  /// Commands sequenced in one turn for ticks, and for work that waits.
  public var ticksPerTurn = 64
  public var continuesPerTurn = 4
  /// A counter that gave no tick of an instrument for so long leaves it to another that does.
  public var tickSilenceSeconds: Int64 = 5
  /// Ticks sent to terminals in one turn.
  public var tickMessagesPerTurn = 1_024
  public var journalBytes = Sequencer.journalBytesDefault

  public init() {}

  /// Connections of terminals and of controllers' clients.
  public var seats: Int { terminals + deskClients }

  /// The follower's answers come in pages of so many bytes: several fit the half of a terminal's
  /// output that they may take.
  public var pageBytes: Int { min(terminalOutputBytes / 8, 16 << 10) }

  func check() {
    precondition(
      terminals > 0 && deskClients > 0 && seats <= 65_535, "a gateway has 2 to 65 535 sessions")
    precondition(
      (1...deskClients).contains(deskUnauthenticated), "some clients are not logged on")
    precondition(notices > 0, "a limit is at least one")
    precondition((1...terminals).contains(unauthenticated), "some terminals are not logged on")
    precondition(terminalOutputBytes >= 16 * 1024, "an output takes every kind of message")
    precondition(linkOutputBytes >= 16 * 1024, "an output takes every kind of message")
    precondition(
      passwords > 0 && unknownNames > 0 && reports > 0 && subscriptions > 0,
      "a limit is at least one")
    precondition(tickSilenceSeconds > 0, "a counter may pause between two ticks")
    precondition(
      (1...GatewayLimits.watches).contains(watchesPerClient), "a client may have a picture")
    precondition(queriesPerTerminal > 0 && queries > 0, "somebody may ask something")
    precondition(ticksPerTurn > 0 && continuesPerTurn > 0, "each turn gets something done")
  }
}
