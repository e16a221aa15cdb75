import Domain
import Engine
import Journal
import Messages
import Storage
import Wire

/// Why a replay stopped. Sequences and offsets are those of the record that is meant.
public enum ReplayFault: Error, Equatable, Sendable {
  /// The journal itself can't be read further.
  case journal(JournalError)
  /// A record of a type that does not stand there.
  case unexpectedRecord(type: UInt16, sequence: UInt64, offset: UInt64)
  /// A command whose bytes are none.
  case badCommand(WireError, sequence: UInt64, offset: UInt64)
  /// The engine answers otherwise than it did then: the first effect that differs, from 0.
  case outcomeDiffers(effect: Int, sequence: UInt64, offset: UInt64)
}

/// Steps a fresh engine through a journal and holds every outcome against the one that was written.
///
/// One call of `next` is one command. After a fault the replay is over; `engine` stands behind the
/// command that `end` names.
public struct Replay<Storage: JournalStorage & ~Copyable>: ~Copyable {
  private var reader: JournalReader<Storage>
  public var engine: Engine
  /// What the last command caused.
  public private(set) var effects = EffectBuffer()
  public private(set) var command: Command?
  /// The record of the last command has no outcome behind it: the process died in between.
  public private(set) var lacksOutcome = false
  /// The journal ends in a part of a record: the process died while it wrote it, and nothing that
  /// follows from it has left. `end` is in front of it.
  public private(set) var isTorn = false
  public private(set) var commandCount = 0
  public private(set) var effectCount = 0
  private let room = Table<UInt8>(capacity: JournalFormat.payloadMaximum)
  /// The record behind a command is asked for with the next call.
  private var isDone = false

  /// - Parameters:
  ///   - reader: in front of the first record behind what `engine` has stepped.
  ///   - engine: new, or of a snapshot, with the capacities it had when the journal was written.
  public init(_ reader: consuming JournalReader<Storage>, engine: consuming Engine) {
    precondition(engine.sequence == reader.end.sequence, "a replay goes on where its engine stands")
    self.reader = reader
    self.engine = engine
  }

  /// The end of the records read so far.
  public var end: JournalEnd { reader.end }
  public var header: JournalHeader { reader.header }
  /// The checksum of the last record, which stands for all before it.
  public var lastCRC: UInt32 { reader.lastCRC }

  /// Steps the next command and compares its outcome; false at the end of the journal.
  public mutating func next() throws(ReplayFault) -> Bool {
    guard !isDone, !isTorn, let record = try read() else { return false }
    guard record.type == .command, record.sequence == engine.sequence + 1 else {
      throw .unexpectedRecord(
        type: record.type.raw, sequence: record.sequence, offset: record.offset)
    }
    let command: Command
    do throws(WireError) {
      command = try JournalCodec.command(record.payload)
    } catch {
      throw .badCommand(error, sequence: record.sequence, offset: record.offset)
    }
    engine.step(
      Stamped(
        sequence: record.sequence, time: Timestamp(nanoseconds: record.time), command: command),
      into: &effects)
    self.command = command
    commandCount += 1
    effectCount += effects.count
    try compareOutcome(of: record.sequence)
    return true
  }

  private mutating func compareOutcome(of sequence: UInt64) throws(ReplayFault) {
    guard let record = try read() else {
      lacksOutcome = true
      isDone = true
      return
    }
    guard record.type == .outcome, record.sequence == sequence else {
      throw .unexpectedRecord(
        type: record.type.raw, sequence: record.sequence, offset: record.offset)
    }
    if let effect = firstDifference(from: record.payload) {
      throw .outcomeDiffers(effect: effect, sequence: sequence, offset: record.offset)
    }
  }

  /// The first effect whose bytes are not those of `written`; nil when all are.
  private func firstDifference(from written: UnsafeRawBufferPointer) -> Int? {
    let room = UnsafeMutableRawBufferPointer(start: room.base, count: room.capacity)
    var position = 0
    for index in 0..<effects.count {
      do throws(WireError) {
        let length = try JournalCodec.encode(
          effects.pointer(at: index).pointee, into: room, at: position)
        guard position + length <= written.count else { return index }
        for offset in position..<position + length where written[offset] != room[offset] {
          return index
        }
        position += length
      } catch {
        return index
      }
    }
    return position == written.count ? nil : effects.count
  }

  private mutating func read() throws(ReplayFault) -> JournalRecord? {
    do throws(JournalError) {
      return try reader.next()
    } catch {
      if case .tornTail = error {
        isTorn = true
        return nil
      }
      throw .journal(error)
    }
  }

  /// The engine as the journal left it.
  public consuming func takeEngine() -> Engine { engine }

  /// Goes on where the journal ends. When its last command has no outcome, the outcome is framed
  /// now; what it wanted done at a counter is left to the resync.
  consuming func continued(
    clock reading: ClockReading, journalBytes: Int = Sequencer.journalBytesDefault
  ) -> Sequencer {
    var end = reader.end
    // Segments that are begun from now on are this engine's.
    end.header.engineVersion = Engine.version
    let lacksOutcome = lacksOutcome
    var sequencer = Sequencer(
      engine: engine, effects: effects, journalEnd: end, clock: reading,
      journalBytes: journalBytes)
    if lacksOutcome { sequencer.appendOutcome(of: end.sequence, at: end.time) }
    return sequencer
  }
}
