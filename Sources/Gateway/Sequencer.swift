import Domain
import Engine
import Journal
import Messages
import Wire

/// Gives every command its number and time, journals it, steps the engine and journals the outcome.
///
/// It stores nothing: what it framed waits in `journal.pending` until the driver has put it into a
/// storage and says so. No effect may leave before.
public struct Sequencer: ~Copyable {
  public var engine: Engine
  /// The framed records; the driver stores `pending` and calls `pendingWasStored`.
  public var journal: JournalEncoder
  /// What the newest step wants done; good until the next one.
  public private(set) var effects: EffectBuffer
  /// The latest reading of the driver's clocks.
  public private(set) var clock: ClockWatch
  /// The real-time clock's, or, while that is behind what commands have had already, the time that
  /// goes on at half the speed until it has caught up: whatever waits for its moment comes.
  private var time: Timestamp

  /// Bytes of the journal buffer: more than one turn of the loop can fill.
  public static let journalBytesDefault = 4 << 20
  /// Room that must be free before a message is taken: its command, its outcome of the longest
  /// kind, and the small records it may bring with it.
  static let roomForMessage = JournalFormat.recordByteMaximum + 512 * 1024
  /// The smallest journal buffer: several messages.
  public static let journalBytesMinimum = 2 * roomForMessage

  /// - Parameters:
  ///   - engine: new, or as a replay left it.
  ///   - end: where its journal goes on.
  public init(
    engine: consuming Engine, journalEnd end: JournalEnd, clock reading: ClockReading,
    journalBytes: Int = journalBytesDefault
  ) {
    self.init(
      engine: engine, effects: EffectBuffer(), journalEnd: end, clock: reading,
      journalBytes: journalBytes)
  }

  /// - Parameter effects: of the newest step.
  init(
    engine: consuming Engine, effects: consuming EffectBuffer, journalEnd end: JournalEnd,
    clock reading: ClockReading, journalBytes: Int
  ) {
    precondition(end.sequence == engine.sequence, "a journal goes on where its engine stands")
    precondition(
      journalBytes >= Sequencer.journalBytesMinimum, "a journal buffer takes several messages")
    time = max(engine.now, reading.real)
    self.engine = engine
    journal = JournalEncoder(after: end, capacity: journalBytes)
    self.effects = effects
    clock = ClockWatch(reading)
  }

  /// Whether another message can be taken before the journal has to be stored, or its next segment
  /// begun.
  public var hasRoom: Bool { journal.room >= Sequencer.roomForMessage }

  /// Whether the next message needs another segment: a command and its outcome are in one.
  public var needsSegment: Bool { journal.segmentRoom < Sequencer.roomForMessage }

  /// Whether every record is stored: effects may leave.
  public var isStored: Bool { journal.pending.isEmpty }

  /// Takes the clocks' reading for what follows; the jump of the real-time clock, if there was
  /// one, is to be submitted before anything else.
  public mutating func read(_ reading: ClockReading) -> ClockJumped? {
    let before = clock.monotonic
    let jump = clock.read(reading)
    time = max(time.adding(nanoseconds: (clock.monotonic - before) / 2), clock.real)
    return jump
  }

  /// The time the next command will have: never before that of the last.
  public var now: Timestamp { max(engine.now, time) }

  /// Journals a command, steps the engine, journals the outcome. The effects are in `effects`.
  public mutating func submit(_ command: Command) {
    let stamped = Stamped(sequence: engine.sequence + 1, time: now, command: command)
    append(stamped)
    engine.step(stamped, into: &effects)
    appendOutcome(of: stamped.sequence, at: stamped.time.nanoseconds)
  }

  /// Whether the engine has named a deadline that has passed.
  public var isDeadlineReached: Bool { engine.nextDeadline <= now }

  private mutating func append(_ stamped: Stamped) {
    let room = reserve(JournalCodec.commandMaximum)
    do throws(WireError) {
      let length = try JournalCodec.encode(stamped.command, into: room)
      journal.commit(
        length, type: .command, sequence: stamped.sequence, time: stamped.time.nanoseconds)
    } catch {
      preconditionFailure("a command fits the room of the longest command")
    }
  }

  mutating func appendOutcome(of sequence: UInt64, at time: Int64) {
    let room = reserve(
      min(effects.count * JournalCodec.effectMaximum, JournalFormat.payloadMaximum))
    do throws(WireError) {
      let length = try JournalCodec.encode(effects, into: room)
      journal.commit(length, type: .outcome, sequence: sequence, time: time)
    } catch {
      preconditionFailure("a step's effects fit a journal record")
    }
  }

  private mutating func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
    guard let room = journal.reserve(count) else {
      preconditionFailure("no message is taken without room in the journal")
    }
    return room
  }
}
