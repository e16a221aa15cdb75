import Domain
import Engine
import Glibc
import Journal
import Messages

/// The commands of the bench program.
enum Bench {
  static func run(_ arguments: [String]) -> Int32 {
    if arguments.first == "rtt" { return rtt(Array(arguments.dropFirst())) }
    if arguments.first == "journal" { return journal(Array(arguments.dropFirst())) }
    if arguments.first == "recovery" { return recovery(Array(arguments.dropFirst())) }
    var options: [String: Int] = [:]
    for argument in arguments.dropFirst() {
      let parts = argument.split(separator: "=")
      guard parts.count == 2, parts[0].hasPrefix("--"), let value = Int(parts[1]) else {
        return usage("not an option: \(argument)")
      }
      options[String(parts[0].dropFirst(2))] = value
    }
    var population = Population()
    population.accounts = options["accounts"] ?? population.accounts
    population.positionsPerAccount = options["positions"] ?? population.positionsPerAccount
    population.orders = options["capacity"] ?? population.orders
    population.isFull = options["full"] == 1
    population.clauses = options["clauses"] ?? (population.isFull ? Population.fullClauses : 0)
    let orders = options["orders"] ?? 300_000
    switch arguments.first {
    case "engine":
      engine(population, orders: orders, hotAccounts: options["hot"] ?? 0)
      return 0
    case "ticks":
      TickBench.run()
      return 0
    case "instructions":
      var bench = EngineBench(population: population, hotAccounts: 0, seed: 1)
      bench.runUntimed(orders)
      return 0
    default:
      return usage("commands: engine | ticks | instructions | journal | recovery | rtt")
    }
  }

  /// `journal FOLDER ORDERS`: the folder does not exist, and does not afterwards.
  private static func journal(_ arguments: [String]) -> Int32 {
    guard arguments.count == 2, let orders = Int(arguments[1]), orders > 0 else {
      return usage("journal FOLDER ORDERS")
    }
    var engine = EngineBench(population: Population(), hotAccounts: 0, seed: 1)
    do throws(JournalStorageError) {
      var warm = try JournalBench(folder: arguments[0], orders: orders)
      try engine.run(orders / 4, &warm)
      warm.remove()
      var timed = try JournalBench(folder: arguments[0], orders: orders)
      try engine.run(orders, &timed)
      timed.finish()
      for (ordersASync, syncs) in [(1, 2_000), (64, 1_000), (1_024, 200)] {
        try PowerBench.run(folder: arguments[0], ordersASync: ordersASync, syncs: syncs)
      }
      return 0
    } catch {
      return usage("\(arguments[0]): \(error)")
    }
  }

  /// `recovery FOLDER ORDERS`: the folder does not exist, and does not afterwards.
  private static func recovery(_ arguments: [String]) -> Int32 {
    guard arguments.count == 2, let orders = Int(arguments[1]), orders > 0 else {
      return usage("recovery FOLDER ORDERS")
    }
    do throws(JournalStorageError) {
      try RecoveryBench.run(folder: arguments[0], orders: orders)
      try SnapshotBench.run(folder: arguments[0])
      return 0
    } catch {
      return usage("\(arguments[0]): \(error)")
    }
  }

  /// `rtt COUNTER-PORT PROXY-PORT GATEWAY-PORT INSTRUMENT PRICE ROUNDS TRIPS`; the password of the
  /// account `bench` comes on standard input.
  private static func rtt(_ arguments: [String]) -> Int32 {
    guard arguments.count == 7, let counter = UInt16(arguments[0]),
      let proxy = UInt16(arguments[1]), let gateway = UInt16(arguments[2]),
      let instrument = InstrumentCode(arguments[3]), let price = Int64(arguments[4]),
      let rounds = Int(arguments[5]), let trips = Int(arguments[6]), rounds > 0, trips > 0,
      let line = readLine(), let password = FixedText<128>(line)
    else {
      return usage("rtt COUNTER-PORT PROXY-PORT GATEWAY-PORT INSTRUMENT PRICE ROUNDS TRIPS")
    }
    let users = ["direct", "proxied", "again"].map { Name($0) ?? Name() }
    RttBench.run(
      RttBench.Ways(
        counter: counter, proxy: proxy, gateway: gateway,
        users: (users[0], users[1], users[2]), account: Name("bench") ?? Name(),
        password: password,
        order: RttOrder(
          instrument: instrument, price: Price(units: price * Price.unitsPerYuan))),
      rounds: rounds, trips: trips)
    return 0
  }

  private static func usage(_ text: String) -> Int32 {
    FileDescriptorText.write("SluiceBench: \(text)\n", to: STDERR_FILENO)
    return 2
  }

  private static func engine(_ population: Population, orders: Int, hotAccounts: Int) {
    var bench = EngineBench(population: population, hotAccounts: hotAccounts, seed: 1)
    var warm = Samples(capacity: orders)
    bench.run(orders / 4, samples: &warm)
    var samples = Samples(capacity: orders)
    let looksBefore = bench.lookTotals
    bench.run(orders, samples: &samples)
    let looks = bench.lookTotals
    let sorted = samples.sorted()
    let clock = EngineBench.clockCost()
    let suffix = population.isFull ? "_full" : hotAccounts > 0 ? "_hot" : ""
    emit("engine.decision_ns\(suffix).p50", sorted.p50)
    emit("engine.decision_ns\(suffix).p99", sorted.p99)
    emit("engine.decision_ns\(suffix).p999", sorted.p999)
    emit("engine.decision_ns\(suffix).max", sorted.maximum)
    let work = bench.work.sorted()
    emit("engine.work_slices\(suffix)", Int64(bench.work.count))
    emit("engine.work_ns_per_order\(suffix)", bench.work.sum / Int64(orders))
    emit("engine.work_slice_ns\(suffix).p50", work.p50)
    emit("engine.work_slice_ns\(suffix).p99", work.p99)
    emit("engine.work_slice_ns\(suffix).max", work.maximum)
    emit("engine.looks\(suffix)", Int64(looks.looks - looksBefore.looks))
    emit("engine.clauses_read\(suffix)", Int64(looks.read - looksBefore.read))
    emit("engine.clauses_passed_over\(suffix)", Int64(looks.passed - looksBefore.passed))
    emit("engine.clock_ns.p50", clock.p50)
    emit("engine.memory_load_ns", MemoryYardstick.nanoseconds())
    emit("engine.accounts", Int64(population.accounts))
    emit("engine.positions_per_account", Int64(population.positionsPerAccount))
    emit("engine.accepted\(suffix)", Int64(bench.accepted))
    let rules = bench.countRules(orders / 10)
    emit("engine.rules\(suffix).orders", Int64(rules.orders))
    emit("engine.rules\(suffix).evaluated", Int64(rules.asked))
    emit("engine.rules\(suffix).active", Int64(rules.active))
    emit("engine.rules\(suffix).openings", Int64(rules.openings))
    emit("engine.rules\(suffix).active_of_openings", Int64(rules.activeOfOpenings))
    emit("engine.clauses\(suffix)", Int64(population.clauses))
    for (kind, count) in bench.kinds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      emit("engine.flow\(suffix).\(kind)", Int64(count))
    }
    for (rule, count) in bench.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      emit("engine.refused\(suffix).\(rule)", Int64(count))
    }
  }

  /// One figure a line: `key value`.
  static func emit(_ key: String, _ value: Int64) {
    FileDescriptorText.write("\(key) \(value)\n", to: STDOUT_FILENO)
  }
}

/// Text to a file descriptor, unbuffered.
enum FileDescriptorText {
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        guard count > 0 else { return }
        written += count
      }
    }
  }
}
