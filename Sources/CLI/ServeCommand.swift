import CSluice
import Config
import Domain
import Log
import Metrics
import Runtime

/// `sluice serve`: the gateway, and the configuration's simulated counters beside it, until SIGINT
/// or SIGTERM.
enum ServeCommand {
  private struct Options {
    var config: String?
    var data: String?
    var listen: SocketAddress?
    var day: TradingDay?
    var seed = UInt64(1)
    var speed = Int64(1)
    var runsCounters = true
    var isSpinning = false
    var asJSON = false

    /// False when the option is not known or its value makes no sense.
    mutating func take(_ key: String, _ value: String) -> Bool {
      switch key {
      case "--config": config = value
      case "--data": data = value
      case "--listen":
        listen = SocketAddress(text: value)
        return listen != nil
      case "--day":
        day = UInt32(value).flatMap { TradingDay(yyyymmdd: $0) }
        return day != nil
      case "--seed":
        guard let number = UInt64(value) else { return false }
        seed = number
      case "--speed":
        guard let number = Int64(value), (1...100_000).contains(number) else { return false }
        speed = number
      case "--log":
        asJSON = value == "json"
        return value == "json" || value == "text"
      default: return false
      }
      return true
    }
  }

  static let usage = """
    usage: sluice serve [--config DIR] [--data DIR] [--listen ADDRESS:PORT] [--day YYYYMMDD]
                        [--seed N] [--speed N] [--no-counters] [--spin] [--log text|json]

      --config       files of settings; config/ or the embedded defaults
      --data         where journals and generated passwords are, instead of gateway.json5's
                     dataFolder
      --listen       where terminals connect, instead of gateway.json5's; port 0 is a free one
      --day          the trading day of a new journal, instead of the calendar's for now
      --seed         of generated ticks, and of a new journal's draws (1)
      --speed        of generated ticks: market seconds a second, 1 to 100000 (1)
      --no-counters  simulated counters run elsewhere (sluice counter)
      --spin         never sleep: shortest latency, one processor burnt
      --log          what standard error gets: text or JSON lines
    """

  static func run(_ arguments: [String]) -> Int32 {
    guard let options = read(arguments) else {
      Console.complain(usage)
      return 2
    }
    let files =
      options.config.map { ConfigurationFiles.read(folder: $0) }
      ?? EmbeddedDefaults.filesOrFolder()
    let loaded = ConfigurationLoader.load(files)
    for fault in loaded.faults { Console.complain(fault.description) }
    guard var configuration = loaded.configuration else {
      return fail("\(files.label): not usable")
    }
    if !options.runsCounters {
      for index in configuration.counters.indices {
        configuration.counters[index].isSimulated = false
      }
    }
    let folder: DataFolder
    do throws(DataFolderError) {
      folder = try DataFolder(path: options.data ?? configuration.gateway.dataFolder)
    } catch {
      return fail("the data folder can't be used: \(error)")
    }
    var input = ServePlan.Input(
      now: Timestamp(nanoseconds: sluice_realtime_nanoseconds()), seed: options.seed,
      ticks: .generated(seed: options.seed, speed: options.speed))
    input.tradingDay = options.day
    switch ServePlan.make(configuration, folder, input) {
    case .refused(let faults): return fail(faults.joined(separator: "\n"))
    case .ready(let plan): return serve(plan, configuration, options)
    }
  }

  private static func serve(
    _ plan: ServePlan, _ configuration: Configuration, _ options: Options
  ) -> Int32 {
    var settings = plan.gateway
    for notice in plan.notices { Console.complain(notice) }
    if let listen = options.listen { settings.address = listen }
    settings.isSpinning = options.isSpinning
    let metrics = MetricsTable()
    settings.metrics = metrics
    do throws(LogServiceError) {
      settings.log = try LogService(
        .standardError, style: options.asJSON ? .json : .text,
        minimumLevel: LogLevel(configuration.gateway.logLevel))
    } catch {
      return fail("the log can't be started: \(error)")
    }
    let counters = RunningCounters()
    for counter in plan.counters {
      do throws(CounterStartError) {
        let address = try counters.start(counter.settings)
        Console.say("counter   \(counter.name.string) on \(address), simulated")
      } catch {
        return fail("counter \(counter.name.string) at \(counter.settings.address): \(error.words)")
      }
    }
    var page: MetricsServer?
    if let listener = configuration.gateway.metrics {
      guard let address = SocketAddress.lookUp(listener.host, port: listener.port).first else {
        return fail("metrics: there is no host '\(listener.host)'")
      }
      do throws(MetricsStartError) {
        page = try MetricsServer(metrics, at: address)
      } catch {
        return fail("metrics at \(address): \(error.words)")
      }
    }
    if let address = page?.address { Console.say("metrics   http://\(address)/metrics") }
    defer { withExtendedLifetime(counters) {} }
    return run(settings, plan, configuration)
  }

  private static func run(
    _ settings: GatewayServerSettings, _ plan: ServePlan, _ configuration: Configuration
  ) -> Int32 {
    do throws(GatewayStartError) {
      try GatewayRun.untilSignal(settings) { address in
        Console.say("journal   \(settings.journal.path)")
        for account in configuration.operationAccounts {
          let place = plan.passwordFile(of: account).map { ", password in \($0)" }
          Console.say("account   \(account.name)\(place ?? "")")
        }
        Console.say("gateway   listens on \(address), trading day \(plan.tradingDay.yyyymmdd)")
      }
      Console.say("gateway   stopped")
      return 0
    } catch {
      return fail(error.words(settings))
    }
  }

  private static func read(_ words: [String]) -> Options? {
    var options = Options()
    var arguments = Arguments(words)
    while let key = arguments.next() {
      switch key {
      case "--no-counters": options.runsCounters = false
      case "--spin": options.isSpinning = true
      default: guard let value = arguments.next(), options.take(key, value) else { return nil }
      }
    }
    return options
  }

  private static func fail(_ message: String) -> Int32 {
    Console.complain(message)
    return 1
  }
}

extension LogLevel {
  fileprivate init(_ level: GatewaySettings.LogLevel) {
    self =
      switch level {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
  }
}
