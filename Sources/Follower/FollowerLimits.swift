/// How much a follower takes; all of it is allocated at the start.
public struct FollowerLimits: Equatable, Sendable {
  /// Bytes of stored records that may wait for it; beyond that it reads the journal's file.
  public var journalRingBytes = 8 << 20
  /// Bytes of answers that may wait for the gateway.
  public var answerRingBytes = 1 << 20
  /// Questions on their way to it.
  public var questionRing = 256
  /// Questions that wait until it is far enough; one more is told to come back later.
  public var waiting = 256
  /// How long they wait before they are told so, in nanoseconds.
  public var waitNanoseconds: Int64 = 1_000_000_000
  /// Fills of a trading day that are kept, of all accounts together.
  public var trades = 400_000
  /// Rows that one page looks at: then it ends, with a cursor, whatever it found.
  public var rowsLookedAt = 10_000
  /// Times that the rules are asked about an order to be before records have their turn again; an
  /// answer that has begun is finished.
  public var explanationsPerPass = 512

  /// Records that pictures of accounts look at before records and questions have their turn again.
  public var watchLooksPerPass = 1_024
  /// Orders that no longer work which are kept for pictures; who is further behind gets a new one.
  public var endedOrders = 4_096

  public init() {}
}
