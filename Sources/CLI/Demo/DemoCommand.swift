import CSluice
import Client
import Config
import Domain
import Exchange
import Gateway
import Glibc
import Metrics
import Runtime
import Session

/// `sluice demo`: two simulated counters, the gateway, six terminals and a risk controller of the
/// defaults, joined by real sockets, for a trading day at speed. Ends with a table and a proof, and
/// with 1 when the books don't agree.
enum DemoCommand {
  struct Options {
    var seed = UInt64(1)
    /// How long the day takes.
    var seconds = Int64(15)
    var ordersPerSecond = Int64(400)
    var ticks: [String] = []
    /// Where what the run writes stays; nil = nowhere.
    var keep: String?

    init(_ words: [String]) throws(Misuse) {
      var arguments = Arguments(words)
      while let key = arguments.next() {
        switch key {
        case "--seed": seed = UInt64(try arguments.number(of: key, 0...Int64.max))
        case "--seconds": seconds = try arguments.number(of: key, 1...3_600)
        case "--orders-per-second": ordersPerSecond = try arguments.number(of: key, 1...600)
        case "--keep": keep = try arguments.text(of: key, "a folder")
        case "--ticks":
          let files = arguments.words()
          if files.isEmpty { throw Misuse("--ticks needs the names of files") }
          ticks += files
        default: throw Misuse(unknown: key)
        }
      }
    }
  }

  static let usage = """
    usage: sluice demo [--seed N] [--seconds N] [--orders-per-second N] [--ticks FILE...]
                       [--keep DIR]

      --seed               of orders and of ticks that are made up
      --seconds            how long the trading day takes, 1 to 3600 (15)
      --orders-per-second  1 to 600 (400)
      --ticks              recorded ticks instead of made-up ones: CSV as CTP users record it,
                           plain or .gz; every file of the same trading day
      --keep               a folder that is left when the demo ends, with its journal: for sluice
                           explain, what-if, replay and journal

      Exit code 0: the proof holds. 1: it does not, or the day can't begin.
    """

  /// The day of ticks that are made up.
  private static let madeUpDay = TradingDay(yyyymmdd: 20_261_123) ?? .none
  /// Market seconds of a day: 9:00 to 15:00; made-up markets know no breaks.
  private static let daySeconds: Int64 = 6 * 3_600
  /// What trades when ticks are made up: commodities of all six exchanges.
  private static let commodities = [
    "cu", "rb", "ru", "sc", "m", "i", "AP", "CF", "IF", "T", "lc", "si",
  ]

  static func run(_ arguments: [String]) -> Int32 {
    let options: Options
    do throws(Misuse) {
      options = try Options(arguments)
    } catch {
      return CLI.misused("demo", error)
    }
    guard let configuration = CommandConfiguration.load(nil)?.configuration else { return 1 }
    do throws(DataFolderError) {
      if let keep = options.keep {
        return play(configuration, try DataFolder(path: keep), options)
      }
      guard let path = temporaryFolder() else { return CLI.failed("there is no room in /tmp") }
      let folder = try DataFolder(path: path)
      defer { folder.remove() }
      return play(configuration, folder, options)
    } catch {
      return CLI.failed("\(error)")
    }
  }

  private static func temporaryFolder() -> String? {
    var template = Array("/tmp/sluice-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    return String(
      decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func play(
    _ configuration: Configuration, _ folder: DataFolder, _ options: Options
  ) -> Int32 {
    var recordings: [RecordingFacts] = []
    for path in options.ticks {
      guard let facts = RecordingFacts(path: path) else {
        return CLI.failed("\(path): no ticks can be read from it")
      }
      recordings.append(facts)
    }
    guard Set(recordings.map(\.tradingDate)).count <= 1 else {
      return CLI.failed("the recordings are of different trading days: replay each by itself")
    }
    let day =
      recordings.first.map { TradingDay(yyyymmdd: $0.tradingDate.yyyymmdd) } ?? madeUpDay
    guard let day else { return CLI.failed("trading days begin with 2018") }
    var input = ServePlan.Input(
      now: Timestamp(nanoseconds: sluice_realtime_nanoseconds()), seed: options.seed, ticks: .none)
    input.tradingDay = day
    input.usesFreePorts = true
    switch ServePlan.make(configuration, folder, input) {
    case .refused(let faults): return CLI.failed(faults.joined(separator: "\n"))
    case .ready(var plan):
      guard let instruments = chosen(plan, recordings) else { return 1 }
      guard DemoLimits.add(to: &plan, configuration) else {
        return CLI.failed("the configuration has none of the accounts that the demo is about")
      }
      setTicks(&plan, options, instruments)
      return play(&plan, configuration, options, instruments)
    }
  }

  /// The instruments that move; nil, and said, when a recorded one is not listed.
  private static func chosen(
    _ plan: ServePlan, _ recordings: [RecordingFacts]
  ) -> [InstrumentID]? {
    let listed = plan.counters[0].settings.exchange.instruments
    guard recordings.isEmpty else {
      var ids: [InstrumentID] = []
      for recording in recordings {
        guard let place = listed.firstIndex(where: { $0.code == recording.instrument }) else {
          Console.complain(
            """
            \(recording.instrument.string) is not listed on \(plan.tradingDay.yyyymmdd): see \
            config/instruments.json5
            """)
          return nil
        }
        ids.append(InstrumentID(UInt32(place)))
      }
      return ids
    }
    return commodities.compactMap { code in
      // The second month: the first may be in delivery.
      let months = listed.indices.filter { listed[$0].commodity.string == code }
      return months.count > 1 ? InstrumentID(UInt32(months[1])) : nil
    }
  }

  private static func setTicks(
    _ plan: inout ServePlan, _ options: Options, _ instruments: [InstrumentID]
  ) {
    // The day is the recording's, the clock is not: no other day begins.
    plan.gateway.days = []
    let speed = max(1, daySeconds / options.seconds)
    for index in plan.counters.indices {
      plan.counters[index].settings.days = []
      plan.counters[index].settings.ticks =
        options.ticks.isEmpty
        ? .generated(
          seed: options.seed, speed: speed, only: instruments,
          opening: Timestamp(date: plan.tradingDay.date, secondOfDay: 9 * 3_600),
          seconds: speed * options.seconds)
        : .files(options.ticks, speed: speed, pauseMaximumSeconds: 60)
    }
  }

  // MARK: The day

  private static func play(
    _ plan: inout ServePlan, _ configuration: Configuration, _ options: Options,
    _ instruments: [InstrumentID]
  ) -> Int32 {
    let counters = RunningCounters()
    for counter in plan.counters {
      do throws(CounterStartError) {
        let address = try counters.start(counter.settings)
        plan.setAddress(address, of: counter.name)
        Console.complain("demo: counter \(counter.name.string) listens on \(address)")
      } catch {
        return CLI.failed("counter \(counter.name.string): \(error.words)")
      }
    }
    let metrics = MetricsTable()
    plan.gateway.address = SocketAddress.loopback(port: 0)
    plan.gateway.metrics = metrics
    plan.gateway.desk = GatewayServerSettings.Desk(address: SocketAddress.loopback(port: 0))
    let desk: DemoDesk
    do throws(GatewayStartError) {
      let gateway = try RunningGateway(plan.gateway)
      Console.complain(
        """
        demo: the gateway listens on \(gateway.address), trading day \(plan.tradingDay.yyyymmdd), \
        \(options.ticks.isEmpty ? "made-up ticks" : "recorded ticks") of \(instruments.count) \
        instruments
        """)
      guard let traded = trade(gateway, plan, configuration, options, instruments, counters) else {
        return CLI.failed("the terminals can't be started")
      }
      desk = traded
      // Leaving this scope stops the gateway and waits for its end.
    } catch {
      return CLI.failed(error.words(plan.gateway))
    }
    return conclude(desk, counters.stop(), plan, configuration, options, metrics)
  }

  private static func trade(
    _ gateway: borrowing RunningGateway, _ plan: ServePlan, _ configuration: Configuration,
    _ options: Options, _ instruments: [InstrumentID], _ counters: RunningCounters
  ) -> DemoDesk? {
    let accounts = configuration.operationAccounts
    guard var loop = try? EventLoop(LoopLimits(connections: accounts.count)) else { return nil }
    var clients: [TerminalClient] = []
    for (index, account) in accounts.enumerated() {
      guard let name = Name(account.name),
        let password = plan.password(of: account),
        let ids = ClOrdIDSource(prefix: "d", seed: options.seed &* 64 &+ UInt64(index))
      else { return nil }
      clients.append(
        TerminalClient(
          TerminalLogon(
            account: name, macAddress: account.macs.first ?? .none,
            terminalName: FixedText("sluice demo") ?? FixedText(), reconnects: false),
          password: password, ids: ids, seed: UInt64(index), at: loop.now))
    }
    let listed = plan.counters[0].settings.exchange.instruments
    guard let address = gateway.deskAddress,
      let settings = configuration.controllers.first(where: {
        $0.name == DemoLimits.controller
      }), let password = plan.password(of: settings),
      let controller = DemoController(password, to: address)
    else { return nil }
    let desk = DemoDesk(
      DemoMarket(instruments.map { listed[$0.index] }), seed: options.seed, gateway.view, counters,
      controller,
      links: plan.gateway.links.count,
      ordersPlanned: Int(options.ordersPerSecond * options.seconds),
      ordersPerSecond: Int(options.ordersPerSecond), &loop)
    var driver = TerminalDriver(clients, to: gateway.address, desk, &loop)
    loop.run(&driver)
    return driver.handler
  }

  private static func conclude(
    _ desk: DemoDesk, _ exchanges: [SimulatedExchange], _ plan: ServePlan,
    _ configuration: Configuration, _ options: Options, _ metrics: MetricsTable
  ) -> Int32 {
    do throws(ReplayFault) {
      let books = try DemoBooks(
        journal: plan.gateway.journal.path, plan, exchanges)
      DemoTable.show(
        books, desk.tally, desk.notices, configuration,
        turns: metrics.histogram(named: GatewayMetricName.orderTurn))
      if options.keep != nil { Console.say("kept             \(plan.gateway.journal.path)") }
      if let words = DemoRoom.fault(desk.tally, plan.gateway.journal) {
        return CLI.failed(words)
      }
      let faults =
        desk.faults + DemoProof.faults(books, desk.tally, desk.notices, configuration)
      return DemoTable.conclude(faults) ? 0 : 1
    } catch {
      return CLI.failed("the journal is not what it was: \(JournalFault.replay(error).words)")
    }
  }
}
