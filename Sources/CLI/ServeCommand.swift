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
  }

  private static let usage = """
    usage: sluice serve [--config=DIR] [--data=DIR] [--listen=HOST:PORT] [--day=YYYYMMDD]
                        [--seed=N] [--speed=N] [--no-counters] [--spin] [--log=text|json]

      --config       files of settings; config/ or the embedded defaults
      --data         journal and generated passwords, instead of gateway.json5's dataFolder
      --listen       where terminals connect, instead of gateway.json5's; port 0 is a free one
      --day          the trading day of a new journal, instead of the calendar's for now
      --seed         of generated ticks
      --speed        of generated ticks: market seconds a second
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
      guard let address = SocketAddress.resolve(host: listener.host, port: listener.port) else {
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

  private static func read(_ arguments: [String]) -> Options? {
    var options = Options()
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count == 2 ? parts[1] : nil) {
      case ("--config", let value?): options.config = value
      case ("--data", let value?): options.data = value
      case ("--listen", let value?):
        guard let address = SocketAddress(text: value) else { return nil }
        options.listen = address
      case ("--day", let value?):
        guard let number = UInt32(value), let day = TradingDay(yyyymmdd: number) else {
          return nil
        }
        options.day = day
      case ("--seed", let value?):
        guard let seed = UInt64(value) else { return nil }
        options.seed = seed
      case ("--speed", let value?):
        guard let speed = Int64(value), speed > 0 else { return nil }
        options.speed = speed
      case ("--no-counters", nil): options.runsCounters = false
      case ("--spin", nil): options.isSpinning = true
      case ("--log", "text"): options.asJSON = false
      case ("--log", "json"): options.asJSON = true
      default: return nil
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
