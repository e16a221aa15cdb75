import Domain
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// What a journal's gateway has set by now, who changed it when, and an engine in that state.
struct LiveConfiguration: ~Copyable {
  /// Settings that somebody changed together while the gateway ran.
  struct Change {
    var who: String
    var time: Timestamp
    /// After it.
    var revision: UInt64
    var asked: Int
    var differences: [ConfiguredSettings.Difference] = []
  }

  private(set) var settings = ConfiguredSettings()
  private(set) var changes: [Change] = []
  let genesis: JournalGenesis
  let engine: Engine
  let names: Names

  var revision: UInt64 { engine.configurationRevision }

  /// Steps an engine through all of a journal; a running gateway's as far as it is written.
  init(journal path: String, _ capacities: LedgerCapacities) throws(HistoryFault) {
    let steps = RecordedSteps(try HistoryFault.reader(path))
    try HistoryFault.checkVersion(steps.header)
    genesis = try JournalGenesis.read(steps)
    var replay = Replay(try HistoryFault.reader(path), engine: Engine(capacities: capacities))
    var left = 0
    do throws(ReplayFault) {
      while try replay.next() {
        guard let command = replay.command, !replay.effects.isRefused else {
          // The first refused one ends a change.
          if replay.command?.isChange == true { left = 0 }
          continue
        }
        if case .configurationChange(let change) = command {
          left = Int(change.changes)
          changes.append(
            Change(
              who: change.who.string, time: replay.engine.now, revision: change.revision + 1,
              asked: left))
        }
        guard let difference = settings.take(command), left > 0 else { continue }
        left -= 1
        changes[changes.count - 1].differences.append(difference)
      }
    } catch {
      throw .replay(error)
    }
    engine = replay.takeEngine()
    var names = Names(capacities)
    names.load(engine.directory)
    self.names = names
  }
}

extension EffectBuffer {
  /// Whether a command was not taken.
  var isRefused: Bool { refusal != nil }

  var refusal: Refusal? {
    for index in 0..<count {
      if case .commandRefused(let refused) = self[index] { return refused.refusal }
    }
    return nil
  }
}
