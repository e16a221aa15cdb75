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

  public init() {}

  /// Bytes of a page: several fit the half of a terminal's output that answers may take.
  static func pageBytes(terminalOutputBytes: Int) -> Int { min(terminalOutputBytes / 8, 16 << 10) }
}
