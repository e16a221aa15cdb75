import CSluice
import Domain
import Engine
import Gateway
import Journal
import Messages
import Runtime

/// What a start costs without a snapshot: a journal of orders, cancels and what counters answered
/// is read, stepped and compared, outcome by outcome, on one thread.
enum RecoveryBench {
  /// Few accounts with few positions: what defines them is a small part of the journal.
  private static func population(orders: Int) -> Population {
    var population = Population()
    population.accounts = 1_000
    population.positionsPerAccount = 20
    population.instruments = 200
    population.orders = orders
    return population
  }

  static func run(folder path: String, orders: Int) throws(JournalStorageError) {
    let population = population(orders: orders)
    let recording = JournalRecording(try JournalBench(folder: path, orders: 0))
    var engine = EngineBench(
      population: population, hotAccounts: 0, seed: 1, recording: recording)
    let genesis = engine.feed.engine.sequence
    engine.runUntimed(orders)
    recording.comes(nil, behind: engine.feed.effects)
    if let failure = recording.failure { throw failure }
    let sequence = engine.feed.engine.sequence
    let stateHash = engine.feed.engine.stateHash

    guard let found = replay(path, population) else {
      preconditionFailure("a journal that was just written replays")
    }
    precondition(found.stateHash == stateHash, "a replay comes to the same state")
    Bench.emit("recovery.commands", Int64(sequence))
    Bench.emit("recovery.flow_percent", Int64((sequence - genesis) * 100 / sequence))
    Bench.emit(
      "recovery.bytes_per_command", Int64(recording.end.offset / sequence))
    Bench.emit("recovery.ms_per_million", found.nanoseconds / Int64(sequence))
    recording.remove()
  }

  /// The state it ends in, and how long it took beside taking the engine's memory; nil when it
  /// can't be replayed.
  private static func replay(
    _ path: String, _ population: Population
  ) -> (stateHash: UInt64, nanoseconds: Int64)? {
    do {
      var replay = Replay(
        try JournalReader(reading: FolderJournalStorage(path: path), behind: 0),
        engine: Engine(capacities: population.capacities))
      let before = sluice_monotonic_nanoseconds()
      while try replay.next() {}
      let after = sluice_monotonic_nanoseconds()
      return (replay.engine.stateHash, after - before)
    } catch {
      return nil
    }
  }
}
