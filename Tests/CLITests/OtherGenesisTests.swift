import Config
import Domain
import Engine
import Ledger
import Messages
import Testing

@testable import Runtime
@testable import sluice

/// A journal's own configuration, as another one: what-if begins where the journal began.
@Suite struct OtherGenesisTests {
  /// Everything that can be configured is in the example, risk controllers too.
  @Test func theConfigurationThatAJournalBeganWithIsTakenWhole() throws {
    let configuration = try #require(ConfigurationLoader.load(EmbeddedDefaults.files).configuration)
    let day = TradingDay(yyyymmdd: 20_261_123)!
    let input = Genesis.Input(
      tradingDay: day, seed: 7,
      passwordHashes: Dictionary(
        uniqueKeysWithValues: configuration.operationAccounts.map { ($0.name, "hash") }),
      controllerHashes: Dictionary(
        uniqueKeysWithValues: configuration.controllers.map { ($0.name, "hash") }))
    guard case .compiled(let genesis) = Genesis.compile(configuration, input) else {
      Issue.record("the example compiles")
      return
    }
    #expect(!configuration.controllers.isEmpty)
    let journal = JournalGenesis(
      commands: genesis.commands, tradingDay: day, time: Timestamp(nanoseconds: 0))
    let other = OtherGenesis(journal, genesis.commands)
    #expect(other.notices == [])
    #expect(other.commands.count == genesis.commands.count)
    var engine = Engine(capacities: LedgerCapacities(configuration.gateway.capacities))
    var effects = EffectBuffer()
    for command in other.commands {
      engine.step(
        Stamped(
          sequence: engine.sequence + 1, time: Timestamp(nanoseconds: 0), command: command),
        into: &effects)
      for index in 0..<effects.count {
        if case .commandRefused(let refused) = effects[index] {
          Issue.record("\(command): \(refused)")
        }
      }
    }
  }
}
