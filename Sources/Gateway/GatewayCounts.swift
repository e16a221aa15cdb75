/// What a gateway has done since it was made, for metrics.
public struct GatewayCounts: Equatable, Sendable, BitwiseCopyable {
  public var newOrders: UInt64 = 0
  public var cancels: UInt64 = 0
  public var massCancels: UInt64 = 0
  /// Messages refused at the edge; no order was made of them.
  public var businessRejects: UInt64 = 0
  public var ordersAccepted: UInt64 = 0
  public var ordersRejected: UInt64 = 0
  public var fills: UInt64 = 0
  public var reportsSent: UInt64 = 0
  public var reportsResent: UInt64 = 0
  public var childOrders: UInt64 = 0
  public var childCancels: UInt64 = 0
  public var counterReports: UInt64 = 0
  /// Children that were given to a link that was just ending: unknown until it is up again.
  public var childrenUnsent: UInt64 = 0
  public var logonsAccepted: UInt64 = 0
  public var logonsRefused: UInt64 = 0
  public var terminalsRefused: UInt64 = 0
  public var slowTerminalsCut: UInt64 = 0
  public var slowLinksEnded: UInt64 = 0
  public var ticksReceived: UInt64 = 0
  /// Of unknown instruments.
  public var ticksDropped: UInt64 = 0
  /// Of counters that are not the one whose ticks of the instrument are taken.
  public var ticksLeftOut: UInt64 = 0
  public var ticksSequenced: UInt64 = 0
  public var ticksSent: UInt64 = 0
  /// Requests for rows, and those that were told to come back later.
  public var queries: UInt64 = 0
  public var queriesBusy: UInt64 = 0
  public var continues: UInt64 = 0
  public var clockJumps: UInt64 = 0
  /// Times that peers were not read because the journal took nothing for a moment.
  public var journalWaits: UInt64 = 0
  public var notices: UInt64 = 0
  /// Notices that controllers were sent.
  public var noticesSent: UInt64 = 0
  /// Pages of rows about accounts that controllers were sent, and those that found no room.
  public var accountPages: UInt64 = 0
  public var accountPagesAgain: UInt64 = 0
  /// Requests of controllers, done or refused.
  public var controls: UInt64 = 0
  public var commandsRefused: UInt64 = 0
  /// Lines for the log that found no room.
  public var eventsDropped: UInt64 = 0

  public init() {}
}
