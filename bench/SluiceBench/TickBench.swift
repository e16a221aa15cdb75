import CSluice
import Domain
import Engine
import Ledger
import MarketData
import Messages
import Storage

/// What a price costs for each of those who hold the instrument: marking, and the look at lines.
enum TickBench {
  /// Every account holds every instrument of its world.
  private static var population: Population {
    var population = Population()
    population.instruments = 4
    population.positionsPerAccount = 4
    population.orders = 1_000
    return population
  }

  private static let ticks = 200
  /// Further than any cache reaches.
  private static let otherLines = 1 << 22

  static func run() {
    let population = population
    var feed = Feed(capacities: population.capacities)
    feed.fillMemory()
    population.build(&feed)
    // Fund accounts hold too.
    var holders = 0
    var cursor = feed.engine.ledger.firstHolder(of: InstrumentID(0))
    while feed.engine.ledger.nextHolder(&cursor) != 0 { holders += 1 }
    let warm = measure(&feed, between: {})
    // Something else has been through the caches before each price.
    let other = Table<InlineArray<8, UInt64>>(capacity: otherLines)
    let cold = measure(&feed) {
      for line in 0..<otherLines { other.at(line).pointee[0] &+= 1 }
    }
    Bench.emit("engine.tick_holders", Int64(holders))
    Bench.emit("engine.tick_ns_per_holder_x100", warm.perTick.p50 * 100 / Int64(holders))
    Bench.emit("engine.tick_ns_per_holder_cold_x100", cold.perTick.p50 * 100 / Int64(holders))
    Bench.emit("engine.tick_step_ns.p50", warm.perStep.p50)
    Bench.emit("engine.tick_step_ns.p99", warm.perStep.p99)
    Bench.emit("engine.tick_step_ns.max", warm.perStep.maximum)
    Bench.emit("engine.tick_step_cold_ns.p50", cold.perStep.p50)
    Bench.emit("engine.tick_step_cold_ns.p99", cold.perStep.p99)
    Bench.emit("engine.tick_step_cold_ns.max", cold.perStep.maximum)
  }

  /// Prices of one instrument, up and down by a tick, each with all the work that follows.
  private static func measure(
    _ feed: inout Feed, between: () -> Void
  ) -> (perTick: Samples.Sorted, perStep: Samples.Sorted) {
    var whole = Samples(capacity: ticks)
    var steps = Samples(capacity: ticks * 64)
    let id = InstrumentID(0)
    let tick = feed.engine.market.instrument(id).pointee.tick
    let start = Population.price(id).units
    for turn in 0..<ticks {
      between()
      let last = Price(units: start + Int64(turn % 8) * tick)
      let price = Tick(
        instrument: id, last: last, bid: last, bidLots: 10, ask: last, askLots: 10,
        upperLimit: .none, lowerLimit: .none, preSettlement: .none, volume: 1_000,
        openInterest: 100_000, exchangeTime: feed.time)
      var sum: Int64 = 0
      var command = Command.tick(price)
      repeat {
        let stamped = feed.next(command)
        let before = sluice_monotonic_nanoseconds()
        feed.engine.step(stamped, into: &feed.effects)
        let took = sluice_monotonic_nanoseconds() - before
        sum += took
        steps.add(took)
        command = .continueWork
      } while feed.engine.hasWork
      whole.add(sum)
    }
    return (whole.sorted(), steps.sorted())
  }
}
