import Config
import Domain
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// A journal's history under another configuration: nothing that happened changes, every order is
/// judged once more.
struct WhatIfRun: ~Copyable {
  private var engine: Engine
  private var scratch: EffectBuffer
  private(set) var tally = WhatIfTally()
  private(set) var notices: [String]
  /// Settings of the journal that came after its beginning, by their names.
  private(set) var skipped: [String: Int] = [:]
  private var hasBegun = false
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?

  /// Why a configuration does not fit a journal, a line each.
  struct Misfit: Error {
    var lines: [String]
  }

  /// Sets an engine up.
  init(
    _ genesis: JournalGenesis, _ configured: [Command], _ capacities: LedgerCapacities
  ) throws(Misfit) {
    let differences = DefinitionComparison.differences(
      journal: genesis.commands, configuration: configured)
    guard differences.isEmpty else { throw Misfit(lines: differences) }
    let other = OtherGenesis(genesis, configured)
    var engine = Engine(capacities: capacities)
    var scratch = EffectBuffer()
    func step(_ command: Command) {
      engine.step(
        Stamped(sequence: engine.sequence + 1, time: genesis.time, command: command),
        into: &scratch)
    }
    for command in other.commands {
      step(command)
      guard scratch.refusal == nil else {
        throw Misfit(lines: [
          """
          the configuration's \(JournalValue.named(command).name) can't be taken: are its \
          capacities as large as those the journal was written with?
          """
        ])
      }
    }
    while engine.hasWork { step(.continueWork) }
    self.engine = engine
    self.scratch = scratch
    notices = other.notices
  }

  /// Follows all of a journal.
  mutating func follow<Storage: JournalStorage & ~Copyable>(
    _ steps: consuming RecordedSteps<Storage>
  ) throws(HistoryFault) {
    while try steps.step(), let stamped = steps.stamped {
      try follow(stamped, steps.outcome)
    }
    if steps.lacksOutcome {
      notices.append("the last command has no outcome: the process died in between; left out")
    }
    if steps.isTorn {
      notices.append("the last record is torn: the process died while it wrote it; left out")
    }
  }

  private mutating func follow(
    _ stamped: Stamped, _ outcome: borrowing EffectBuffer
  ) throws(HistoryFault) {
    switch stamped.command.part {
    case .definition where hasBegun: break
    // The engine was set up with them, or with the other configuration's.
    case .definition: return
    case .setting, .kept:
      if hasBegun { skipped[JournalValue.named(stamped.command).name, default: 0] += 1 }
      return
    case .history:
      if case .daySwitch = stamped.command { hasBegun = true }
    }
    first = first ?? stamped.time
    last = stamped.time
    var own = stamped
    own.sequence = engine.sequence + 1
    let followed: FollowedOrder?
    do throws(FollowFault) {
      followed = try engine.follow(own, outcome, into: &scratch)
    } catch {
      throw .follow(error, sequence: stamped.sequence)
    }
    if case .newOrder(let order) = stamped.command, let followed {
      tally.add(stamped, order, followed)
    }
  }

  /// What is called how.
  func names(_ capacities: LedgerCapacities) -> Names {
    var names = Names(capacities)
    names.load(engine.directory)
    return names
  }
}
