import CSluice
import Config
import Domain
import Log
import Metrics
import Runtime

/// `sluice serve`: the gateway, and the configuration's simulated counters beside it, until SIGINT
/// or SIGTERM.
enum ServeCommand {
  struct Options {
    var config: String?
    var data: String?
    var listen: SocketAddress?
    var day: TradingDay?
    var seed: UInt64?
    var speed = Int64(1)
    var runsCounters = true
    var isSpinning = false
    var isSelfSigned = false
    var asJSON = false

    init(_ words: [String]) throws(Misuse) {
      var arguments = Arguments(words)
      while let key = arguments.next() { try take(key, &arguments) }
    }

    private mutating func take(_ key: String, _ arguments: inout Arguments) throws(Misuse) {
      switch key {
      case "--config": config = try arguments.text(of: key, "a folder of settings")
      case "--data": data = try arguments.text(of: key, "a folder")
      case "--listen": listen = try arguments.address(of: key)
      case "--day": day = try arguments.day(of: key)
      case "--seed": seed = UInt64(try arguments.number(of: key, 0...Int64.max))
      case "--speed": speed = try arguments.number(of: key, 1...100_000)
      case "--no-counters": runsCounters = false
      case "--spin": isSpinning = true
      case "--self-signed": isSelfSigned = true
      case "--log":
        asJSON = try arguments.value(of: key, "text or json") {
          ["text": false, "json": true][$0]
        }
      default: throw Misuse(unknown: key)
      }
    }
  }

  static let usage = """
    usage: sluice serve [--config DIR] [--data DIR] [--listen ADDRESS:PORT] [--day YYYYMMDD]
                        [--seed N] [--speed N] [--no-counters] [--self-signed] [--spin]
                        [--log text|json]

      --config       files of settings; config/ or the embedded defaults
      --data         where journals and generated passwords are, instead of gateway.json5's
                     dataFolder
      --listen       where terminals connect, instead of gateway.json5's; port 0 is a free one
      --day          the trading day of a new journal, instead of the calendar's for now
      --seed         of a new journal's draws, instead of gateway.json5's platform.seed or one that
                     is drawn; and of generated ticks (1)
      --speed        of generated ticks: market seconds a second, 1 to 100000 (1)
      --no-counters  simulated counters run elsewhere (sluice counter)
      --self-signed  TLS for terminals with a certificate of the gateway's own making, kept in the
                     data folder's tls/
      --spin         never sleep: shortest latency, one processor burnt
      --log          what standard error gets: text or JSON lines

      SIGHUP has the certificates of TLS read again: new connections are shown the new ones.

      Exit code 0: it was told to stop. 1: it can't start, for the reasons it says.
    """

  static func run(_ arguments: [String]) -> Int32 {
    let options: Options
    do throws(Misuse) {
      options = try Options(arguments)
    } catch {
      return CLI.misused("serve", error)
    }
    guard let loaded = CommandConfiguration.load(options.config, tellsNotices: true) else {
      return 1
    }
    var configuration = loaded.configuration
    if !options.runsCounters {
      for index in configuration.counters.indices {
        configuration.counters[index].isSimulated = false
      }
    }
    let folder: DataFolder
    do throws(DataFolderError) {
      folder = try DataFolder(path: options.data ?? configuration.gateway.dataFolder)
    } catch {
      return CLI.failed("the data folder can't be used: \(error)")
    }
    var input = ServePlan.Input(
      now: Timestamp(nanoseconds: sluice_realtime_nanoseconds()), seed: options.seed,
      ticks: .generated(seed: options.seed ?? 1, speed: options.speed))
    input.tradingDay = options.day
    input.listen = options.listen
    input.isSelfSigned = options.isSelfSigned
    switch ServePlan.make(configuration, folder, input) {
    case .refused(let faults): return CLI.failed(faults.joined(separator: "\n"))
    case .ready(let plan): return serve(plan, configuration, options)
    }
  }

  private static func serve(
    _ plan: ServePlan, _ configuration: Configuration, _ options: Options
  ) -> Int32 {
    var settings = plan.gateway
    for notice in plan.notices { Console.say(notice) }
    settings.isSpinning = options.isSpinning
    let metrics = MetricsTable()
    settings.metrics = metrics
    do throws(LogServiceError) {
      settings.log = try LogService(
        .standardError, style: options.asJSON ? .json : .text,
        minimumLevel: LogLevel(configuration.gateway.logLevel))
    } catch {
      return CLI.failed("the log can't be started: \(error)")
    }
    let counters = RunningCounters()
    for counter in plan.counters {
      do throws(CounterStartError) {
        let address = try counters.start(counter.settings)
        Console.say("counter   \(counter.name.string) on \(address), simulated")
      } catch {
        return CLI.failed(
          "counter \(counter.name.string) at \(counter.settings.address): \(error.words)")
      }
    }
    var page: MetricsServer?
    if let asked = plan.metrics {
      do throws(MetricsStartError) {
        page = try MetricsServer(metrics, at: asked.address, tls: asked.tls)
      } catch {
        return CLI.failed("metrics at \(asked.address): \(error.words)")
      }
    }
    if let address = page?.address {
      let scheme = plan.metrics?.tls == nil ? "http" : "https"
      Console.say("metrics   \(scheme)://\(address)/metrics")
    }
    defer { withExtendedLifetime(counters) {} }
    return run(settings, plan, configuration)
  }

  /// Of a big house the first ones show where passwords are.
  private static let accountsTold = 40

  private static func run(
    _ settings: GatewayServerSettings, _ plan: ServePlan, _ configuration: Configuration
  ) -> Int32 {
    do throws(GatewayStartError) {
      try GatewayRun.untilSignal(settings) { address, desk in
        Console.say("journal   \(settings.journal.path)")
        for account in configuration.operationAccounts.prefix(accountsTold) {
          let place = plan.passwordFile(of: account).map { ", password in \($0)" }
          Console.say("account   \(account.name)\(place ?? "")")
        }
        let others = configuration.operationAccounts.count - accountsTold
        if others > 0 { Console.say("account   and \(others) more") }
        for controller in configuration.controllers.prefix(accountsTold) {
          let place = plan.passwordFile(of: controller).map { ", password in \($0)" }
          Console.say("desk      \(controller.name)\(place ?? "")")
        }
        if let tls = settings.tls {
          Console.say(
            """
            tls       certificate \(tls.files.certificate), good until \(tls.facts.notAfter)
            tls       SHA-256 \(tls.facts.fingerprint)
            """)
        }
        if let desk {
          let line = settings.desk?.tls == nil ? "" : " with TLS"
          Console.say("desk      listens on \(desk)\(line)")
        }
        let line = settings.tls == nil ? "" : " with TLS"
        Console.say(
          "gateway   listens on \(address)\(line), trading day \(plan.tradingDay.yyyymmdd)")
      }
      Console.say("gateway   stopped")
      return 0
    } catch {
      return CLI.failed(error.words(settings))
    }
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
