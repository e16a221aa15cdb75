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
    /// Who may not log in any more was to go.
    var dropsUnfit: Bool
    var differences: [ConfiguredSettings.Difference] = []
  }

  let settings: ConfiguredSettings
  let changes: [Change]
  let genesis: JournalGenesis
  let engine: Engine
  let names: Names

  var revision: UInt64 { engine.configurationRevision }

  /// Steps an engine through a journal.
  ///
  /// - Parameter last: the newest command that is read. What a running gateway is just writing
  ///   can't be told from damage.
  static func read(
    journal path: String, upTo last: UInt64, _ capacities: LedgerCapacities
  ) throws(HistoryFault) -> LiveConfiguration {
    let steps = RecordedSteps(try HistoryFault.reader(path))
    try HistoryFault.checkVersion(steps.header)
    let genesis = try JournalGenesis.read(steps)
    var replay = Replay(try HistoryFault.reader(path), engine: Engine(capacities: capacities))
    var taken = Taken()
    do throws(ReplayFault) {
      while replay.engine.sequence < last, try replay.next() {
        guard let command = replay.command else { continue }
        taken.add(command, isRefused: replay.effects.refusal != nil, at: replay.engine.now)
      }
    } catch {
      throw .replay(error)
    }
    let engine = replay.takeEngine()
    var names = Names(capacities)
    names.load(engine.directory)
    return LiveConfiguration(
      settings: taken.settings, changes: taken.changes, genesis: genesis, engine: engine,
      names: names)
  }

  /// What a journal's commands have set so far.
  private struct Taken {
    var settings = ConfiguredSettings()
    var changes: [Change] = []
    /// Settings of the newest change that are still to come.
    private var left = 0

    mutating func add(_ command: Command, isRefused: Bool, at time: Timestamp) {
      guard !isRefused else {
        // The first refused one ends a change.
        if command.isChange { left = 0 }
        return
      }
      if case .configurationChange(let change) = command {
        left = Int(change.changes)
        changes.append(
          Change(
            who: change.who.string, time: time, revision: change.revision + 1, asked: left,
            dropsUnfit: change.dropsUnfit))
      }
      guard let difference = settings.take(command), left > 0 else { return }
      left -= 1
      changes[changes.count - 1].differences.append(difference)
    }
  }
}
