import Config
import Domain
import Engine
import Exchange
import Messages

/// `sluice demo`: a day of orders through the engine and the simulated counters of the embedded
/// defaults, in one process. Ends with a table, and with 1 when the books don't agree.
enum DemoCommand {
  static func run(_ arguments: [String]) -> Int32 {
    var options: [String: UInt64] = ["--seed": 1, "--orders": 20_000]
    for argument in arguments {
      let parts = argument.split(separator: "=").map(String.init)
      guard parts.count == 2, options[parts[0]] != nil, let value = UInt64(parts[1]) else {
        Console.complain("usage: sluice demo [--seed=N] [--orders=N]")
        return 2
      }
      options[parts[0]] = value
    }
    let loaded = ConfigurationLoader.load(EmbeddedDefaults.filesOrFolder())
    guard let configuration = loaded.configuration else {
      for fault in loaded.faults { Console.complain(fault.description) }
      return 1
    }
    let names = configuration.operationAccounts.map { ($0.name, "$argon2id$demo") }
    let input = Genesis.Input(
      tradingDay: TradingDay(yyyymmdd: 20_261_123)!, seed: options["--seed"] ?? 1,
      passwordHashes: Dictionary(uniqueKeysWithValues: names))
    switch Genesis.compile(configuration, input) {
    case .refused(let faults):
      for fault in faults { Console.complain(fault.description) }
      return 1
    case .compiled(let genesis):
      var world = DemoWorld(configuration, genesis)
      play(&world, seed: options["--seed"] ?? 1, orders: Int(options["--orders"] ?? 0))
      return DemoTable.show(world, configuration)
    }
  }

  /// Ticks twenty to the instruments' second, and an order between any two of them.
  private static func play(_ world: inout DemoWorld, seed: UInt64, orders: Int) {
    world.openMarket()
    var scenario = DemoScenario(seed: seed)
    let active = (0..<world.genesis.instruments.count).filter { $0 % 12 == 0 }
    let ids = active.map { InstrumentID(UInt32($0)) }
    let listed = ids.map { world.exchanges[0].instruments[$0.index] }
    var generators = listed.map { TickGenerator($0, seed: seed) }
    let date = world.genesis.daySwitch.tradingDay.date
    var working: [CancelOrder] = []
    for number in 0..<orders {
      let place = number % ids.count
      world.tick(generators[place].next(at: world.now, tradingDate: date), ids[place])
      let order = scenario.next(world, ids)
      world.tally.ordersIn += 1
      world.step(.newOrder(order))
      working.append(
        CancelOrder(
          session: order.session, account: order.account, requestID: ClOrdID(), target: .none,
          targetClOrdID: order.clOrdID))
      if number % 3 == 0, number > 64 { world.step(.cancelOrder(working[number - 64])) }
      world.advance(milliseconds: 200)
      if number % max(orders / 10, 1) == 0 {
        Console.complain("demo: \(number) of \(orders) orders")
      }
    }
  }
}
