import Domain
import Engine
import Ledger
import Messages
import Storage

/// An engine with its numbering: what the sequencer does, without a journal or a clock.
struct Feed: ~Copyable {
  var engine: Engine
  var effects = EffectBuffer()
  private(set) var time = Population.start
  /// Nil = nothing is written down.
  var recording: JournalRecording?

  init(capacities: LedgerCapacities) { engine = Engine(capacities: capacities) }

  /// Steps a command, 20 microseconds after the last; stops when a definition is not taken.
  mutating func step(_ command: Command) {
    stamp(command)
    for index in 0..<effects.count {
      if case .commandRefused(let refused) = effects[index] {
        FileDescriptorText.write("not taken: \(command)\n\(refused)\n", to: 2)
        preconditionFailure("the bench's own world is legal")
      }
    }
  }

  /// Steps a command and looks at nothing.
  mutating func stamp(_ command: Command) {
    engine.step(next(command), into: &effects)
  }

  /// A command each two microseconds, about what one takes here with what is worked off between:
  /// the engine is never idle.
  private static let pace: Int64 = 2_000

  /// The next command, numbered and timed.
  mutating func next(_ command: Command) -> Stamped {
    time = time.adding(nanoseconds: Self.pace)
    let stamped = Stamped(sequence: engine.sequence + 1, time: time, command: command)
    recording?.comes(stamped, behind: effects)
    return stamped
  }

  /// No decision waits for a page.
  mutating func fillMemory() {
    var memory = TableMemory()
    do throws(SnapshotFault) {
      try engine.pass(through: &memory)
    } catch {
      preconditionFailure("nothing is read and nothing is written")
    }
    memory.fill { true }
  }

  consuming func takeEngine() -> Engine { engine }

  mutating func drain() {
    while engine.hasWork { stamp(.continueWork) }
  }
}
