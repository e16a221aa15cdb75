import Config
import Domain
import Exchange
import Glibc
import Runtime

/// `sluice counter`: a simulated broker's counter in a process of its own.
enum CounterCommand {
  static let usage = """
    usage: sluice counter [--name NAME] [--config DIR] [--listen ADDRESS:PORT] [--port PORT]
                          [--day YYYYMMDD] [--ticks FILE]... [--speed N] [--seed N]
                          [--market-seconds N] [--fault RULE]... [--instant accept|fill]
                          [--books]

      --name            which counter of the configuration (north); its fund accounts are the
                        accounts, and any password will do
      --config          files of settings; config/ or the embedded defaults
      --listen, --port  where it listens, instead of counters.json5's; port 0 is a free one
      --day             the trading day, instead of the calendar's for now
      --ticks           recorded ticks, CSV as CTP users record it, plain or .gz; without them
                        the market is made up
      --speed           market seconds a second (1); 0 = recordings as fast as they can be read
      --seed            of made-up ticks and of faults by chance
      --market-seconds  when a made-up market falls silent, 1 to 1000000; else it goes on
      --fault           what it does wrong: FAULT[=NUMBER]@next=N, @every=N or @chance=N (of
                        1000); a FAULT is refuse, drop-before, drop-after, answer-late=MS,
                        delay=MS, duplicate, parts=LOTS, over-fill=LOTS or unknown-order
      --instant         accepts, or fills, every order at once; nothing is checked
      --books           tells at its end what its fund accounts hold, and what became of their
                        orders of the day: as sluice replay --books does of the gateway's

      Exit code 0: it was told to stop. 1: it can't start, for the reason it says.
    """

  /// What the command line says.
  struct Options {
    var name = "north"
    var config: String?
    var address: SocketAddress?
    var port: UInt16?
    var day: TradingDay?
    var ticks: [String] = []
    var speed: Int64 = 1
    var seed: UInt64 = 1
    var marketSeconds: Int64?
    var faults: [FaultRule] = []
    var mode = CounterService.Mode.matching
    var tellsBooks = false

    init(_ words: [String]) throws(Misuse) {
      var arguments = Arguments(words)
      while let key = arguments.next() { try take(key, &arguments) }
    }

    private mutating func take(_ key: String, _ arguments: inout Arguments) throws(Misuse) {
      switch key {
      case "--name": name = try arguments.text(of: key, "a counter's name")
      case "--config": config = try arguments.text(of: key, "a folder of settings")
      case "--listen": address = try arguments.address(of: key)
      case "--port": port = UInt16(try arguments.number(of: key, 0...65_535))
      case "--day": day = try arguments.day(of: key)
      case "--ticks": ticks.append(try arguments.text(of: key, "a file of ticks"))
      case "--speed": speed = try arguments.number(of: key, 0...1_000_000)
      case "--market-seconds": marketSeconds = try arguments.number(of: key, 1...1_000_000)
      case "--books": tellsBooks = true
      case "--seed": seed = UInt64(try arguments.number(of: key, 0...Int64.max))
      case "--fault":
        faults.append(
          try arguments.value(of: key, "a RULE, such as refuse@every=10") { FaultRule(text: $0) })
      case "--instant":
        mode = try arguments.value(of: key, "accept or fill") {
          ["accept": .instant(fills: false), "fill": .instant(fills: true)][$0]
        }
      default: throw Misuse(unknown: key)
      }
    }
  }

  /// Runs until SIGINT or SIGTERM; the process's exit code.
  static func run(_ arguments: [String]) -> Int32 {
    let options: Options
    do throws(Misuse) {
      options = try Options(arguments)
    } catch {
      return CLI.misused("counter", error)
    }
    guard let configuration = CommandConfiguration.load(options.config)?.configuration else {
      return 1
    }
    guard let place = configuration.counters.firstIndex(where: { $0.name == options.name }) else {
      return CLI.failed("the configuration has no counter '\(options.name)'")
    }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    guard let day = options.day ?? configuration.calendar.tradingDay(at: now) else {
      return CLI.failed("the calendar does not reach today: give a --day")
    }
    // A counter has no operation accounts, so it needs no credential of theirs.
    let nobodys = Dictionary(
      uniqueKeysWithValues: configuration.operationAccounts.map { ($0.name, "$argon2id$") })
    let input = Genesis.Input(
      tradingDay: day, seed: options.seed, passwordHashes: nobodys,
      controllerHashes: Dictionary(
        uniqueKeysWithValues: configuration.controllers.map { ($0.name, "$argon2id$") }))
    switch Genesis.compile(configuration, input) {
    case .refused(let faults):
      return CLI.failed(faults.map(\.description).joined(separator: "\n"))
    case .compiled(let genesis):
      let world = CounterWorld(
        commands: genesis.commands, references: genesis.simulatedReferences(configuration),
        counter: CounterID(UInt32(place)),
        users: configuration.fundAccounts.map { Name($0.user) ?? Name() })
      let names = world.fundAccounts.map { configuration.fundAccounts[$0.index].name }
      return serve(world, day, now, configuration.counters[place], names, options)
    }
  }

  private static func serve(
    _ world: CounterWorld, _ day: TradingDay, _ now: Timestamp, _ counter: CounterSettings,
    _ names: [String], _ options: Options
  ) -> Int32 {
    guard
      var address = options.address
        ?? SocketAddress(text: "\(counter.host):\(counter.port)")
    else { return CLI.failed("'\(counter.host)' is a name: give an address with --listen") }
    if let port = options.port { address.port = port }
    // Epochs grow over restarts of a counter that forgets everything.
    let epoch = UInt64(now.nanoseconds / Timestamp.nanosecondsPerSecond)
    let exchange = SimulatedExchange(
      day: day, instruments: world.instruments, accounts: world.accounts,
      settings: SimulatedExchange.Settings(epochBase: epoch << 16),
      faults: FaultPlan(options.faults, seed: options.seed))
    let ticks: CounterServerSettings.Ticks =
      options.ticks.isEmpty
      ? .generated(
        seed: options.seed, speed: max(1, options.speed), seconds: options.marketSeconds)
      : .files(options.ticks, speed: options.speed, pauseMaximumSeconds: nil)
    var settings = CounterServerSettings(
      address: address, exchange: exchange, mode: options.mode, ticks: ticks)
    do throws(CounterTLS.Refused) {
      settings.tls = try CounterTLS.server(counter)
    } catch {
      return CLI.failed(error.faults.joined(separator: "\n"))
    }
    if settings.tls == nil, !counter.isPlainBeyondLoopback, !address.isLoopback {
      let words = PlainLine.words(tls: "tls.enabled", exception: "plainBeyondLoopback")
      return CLI.failed("counters.json5, counter \(options.name) at \(address): \(words)")
    }
    do throws(CounterStartError) {
      let books = try CounterRun.untilSignal(settings) { address in
        Console.say("counter \(options.name) listens on \(address), trading day \(day.yyyymmdd)")
      }
      if options.tellsBooks {
        for line in FundBooks(books, names: names).lines { Console.say(line) }
      }
      return 0
    } catch {
      return CLI.failed("counter \(options.name) at \(settings.address): \(error.words)")
    }
  }
}
