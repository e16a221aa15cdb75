import Domain
import Engine
import Exchange
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// Both sides' books after the demo's day: the gateway's, stepped again from its journal, and the
/// counters' own.
struct DemoBooks: ~Copyable {
  let engine: Engine
  let stateHash: UInt64
  let commands: Int
  /// Children sent, by fund account.
  private(set) var children: [FundAccountID: Int] = [:]
  private(set) var refusedCommands: [Refusal] = []
  private(set) var liquidationsEnded = 0
  let exchanges: [SimulatedExchange]
  /// By fund account: its counter and its place there.
  let places: [FundAccountID: (counter: Int, place: FundAccountID)]

  /// Replays the journal: an outcome that differs from the one that was written is an error.
  init(
    journal path: String, _ plan: borrowing ServePlan, _ exchanges: [SimulatedExchange]
  ) throws(ReplayFault) {
    var replay: Replay<FolderJournalStorage>
    do throws(JournalError) {
      replay = Replay(
        try JournalReader(reading: FolderJournalStorage(path: path), behind: 0),
        engine: Engine(capacities: plan.gateway.capacities))
    } catch {
      throw .journal(error)
    }
    var children: [FundAccountID: Int] = [:]
    var refused: [Refusal] = []
    var ended = 0
    while try replay.next() {
      for index in 0..<replay.effects.count {
        switch replay.effects[index] {
        case .sendOrder(let order): children[order.fundAccount, default: 0] += 1
        case .commandRefused(let command): refused.append(command.refusal)
        case .liquidationProgress(let progress)
        where progress.phase == .ended && progress.end != .takenOver:
          ended += 1
        default: break
        }
      }
    }
    self.children = children
    refusedCommands = refused
    liquidationsEnded = ended
    commands = replay.commandCount
    engine = replay.takeEngine()
    stateHash = engine.stateHash
    self.exchanges = exchanges
    var places: [FundAccountID: (counter: Int, place: FundAccountID)] = [:]
    for (counter, simulated) in plan.counters.enumerated() {
      for (place, fund) in simulated.fundAccounts.enumerated() {
        places[fund] = (counter, FundAccountID(UInt32(place)))
      }
    }
    self.places = places
  }
}
