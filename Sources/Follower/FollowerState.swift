import Domain
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Rings
import Session
import Wire

/// An engine that follows a journal, and answers from its books.
///
/// Its owner calls `follow` while there is something stored, `ask` for every question and `answer`
/// when it has time. All of it belongs to one thread, which is not the gateway's.
public struct Follower<File: JournalStorage & ~Copyable>: ~Copyable {
  private var replay: Replay<FollowedJournal<File>>
  private var desk: QueryDesk
  private let mark: JournalMark
  /// What was stored when it began: before that its books are old ones.
  private let startOffset: UInt64
  /// Why it follows no more: the journal can't be read, or its engine answers otherwise than the
  /// one that decided. Its books are not to be trusted then, and nothing is answered from them.
  public private(set) var fault: ReplayFault?

  /// - Parameters:
  ///   - file: of the journal, not opened yet.
  ///   - capacities: what the engine that writes the journal was made with.
  ///   - terminals: how many there can be, and what may wait for each.
  public init(
    _ file: consuming File, _ ring: consuming ByteConsumer, _ mark: JournalMark,
    capacities: LedgerCapacities, limits: FollowerLimits, terminals: GatewayLimits
  ) throws(JournalError) {
    startOffset = mark.storedOffset
    self.mark = mark
    replay = Replay(
      try JournalReader(reading: FollowedJournal(file, ring, mark), behind: 0),
      engine: Engine(capacities: capacities))
    desk = QueryDesk(
      capacities, limits, terminals: terminals.terminals,
      pageBytes: FollowerLimits.pageBytes(terminalOutputBytes: terminals.terminalOutputBytes))
  }

  // MARK: Following

  /// Steps up to `commands` commands; how many there were.
  public mutating func follow(atMost commands: Int) -> Int {
    guard fault == nil else { return 0 }
    var count = 0
    do throws(ReplayFault) {
      while count < commands, try replay.next() {
        count += 1
        if let command = replay.command { desk.stepped(command, replay.effects, replay.engine) }
      }
    } catch {
      fault = error
    }
    // What is stored is whole: a command with its outcome.
    if fault == nil, replay.isTorn || replay.lacksOutcome {
      fault = .journal(.tornTail(offset: replay.end.offset))
    }
    return count
  }

  /// Whether something is stored that it has not stepped.
  public var isBehind: Bool { fault == nil && replay.end.offset < mark.storedOffset }
  /// Of its newest command.
  public var sequence: UInt64 { replay.engine.sequence }
  /// The time of its newest command.
  public var time: Timestamp { replay.engine.now }
  public var stateHash: UInt64 { replay.engine.stateHash }

  // MARK: Answering

  /// Whether it takes a question more.
  public var hasRoom: Bool { desk.hasRoom }

  /// Takes a question, while `hasRoom`; the answer comes with `answer`.
  ///
  /// - Parameter now: a monotonic clock's nanoseconds.
  public mutating func ask(_ question: Question, at now: Int64) {
    desk.ask(question, at: now)
  }

  /// Answers what can be answered and sends what has changed, as far as there is room; whether
  /// anything was put in.
  public mutating func answer(at now: Int64, into answers: inout ByteProducer) -> Bool {
    let standing: QueryDesk.Standing =
      fault != nil ? .broken : replay.end.offset < startOffset ? .behind : .ready
    return desk.answer(replay.engine, standing, at: now, into: &answers)
  }

  /// When `answer` is to be called, if nothing else comes before.
  public var deadline: Int64 { desk.deadline }
}
