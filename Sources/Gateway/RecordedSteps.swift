import Domain
import Journal
import Messages
import Wire

/// Reads a journal command by command, each with the outcome that it had. Steps no engine.
public struct RecordedSteps<Storage: JournalStorage & ~Copyable>: ~Copyable {
  private var reader: JournalReader<Storage>
  /// The command that was read last.
  public private(set) var stamped: Stamped?
  /// What it caused when it was stepped.
  public private(set) var outcome = EffectBuffer()
  /// The last command has no outcome: the process died in between. It is not given out.
  public private(set) var lacksOutcome = false
  /// The journal ends in a part of a record: the process died while it wrote it.
  public private(set) var isTorn = false

  /// The newest command that is read.
  private let last: UInt64

  /// - Parameters:
  ///   - reader: in front of a command.
  ///   - last: the newest command that is read: a running gateway's journal ends where it was
  ///     stored when somebody asked.
  public init(_ reader: consuming JournalReader<Storage>, upTo last: UInt64 = .max) {
    self.reader = reader
    self.last = last
  }

  public var header: JournalHeader { reader.header }

  /// Reads the next command and its outcome; false at the end of the journal.
  public mutating func next() throws(ReplayFault) -> Bool {
    guard !isTorn, !lacksOutcome, (stamped?.sequence ?? 0) < last,
      let command = try read(.command)
    else { return false }
    let stamped: Stamped
    do throws(WireError) {
      stamped = Stamped(
        sequence: command.sequence, time: Timestamp(nanoseconds: command.time),
        command: try JournalCodec.command(command.payload))
    } catch {
      throw .badCommand(error, sequence: command.sequence, offset: command.offset)
    }
    guard let outcome = try read(.outcome) else {
      lacksOutcome = true
      return false
    }
    self.outcome.removeAll()
    var effects = OutcomeReader(outcome.payload)
    do throws(WireError) {
      while let effect = try effects.next() {
        guard self.outcome.hasRoom(for: 1) else { throw .payloadMalformed }
        self.outcome.append(effect)
      }
    } catch {
      throw .badCommand(error, sequence: outcome.sequence, offset: outcome.offset)
    }
    self.stamped = stamped
    return true
  }

  private mutating func read(_ type: JournalRecordType) throws(ReplayFault) -> JournalRecord? {
    let record: JournalRecord?
    do throws(JournalError) {
      record = try reader.next()
    } catch {
      guard case .tornTail = error else { throw .journal(error) }
      isTorn = true
      return nil
    }
    guard let record else { return nil }
    guard record.type == type else {
      throw .unexpectedRecord(
        type: record.type.raw, sequence: record.sequence, offset: record.offset)
    }
    return record
  }
}
