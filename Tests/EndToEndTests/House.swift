import Config
import Domain
import Exchange
import Gateway
import Glibc
import Metrics
import Session
import Testing

@testable import Runtime

/// Simulated counters and a gateway on free ports of this machine, with their journal in a folder
/// of their own: all of it is stopped and removed when the last terminal has let go of it.
final class House {
  /// A Monday that is over: whatever the clock says, the calendar has closed.
  static let day = TradingDay(yyyymmdd: 20_260_302)!

  let folder: DataFolder
  let configuration: Configuration
  let plan: ServePlan
  /// Of the next start.
  var settings: GatewayServerSettings
  let log: LogLines
  /// Of the run that goes on.
  private(set) var metrics = MetricsTable()
  /// Those of the configuration that nobody else plays.
  private(set) var counters: [HouseCounter] = []
  private var gateway: GatewayBox?
  private var stopping: StopBox?

  /// Handed to the thread that waits for its end; nobody else has it then.
  private final class GatewayBox: @unchecked Sendable {
    private var gateway: RunningGateway?
    let address: SocketAddress
    let deskAddress: SocketAddress

    init(_ settings: GatewayServerSettings) throws {
      let gateway = try RunningGateway(settings)
      address = gateway.address
      deskAddress = gateway.deskAddress ?? .none
      self.gateway = consume gateway
    }

    func stop() { gateway = nil }
    func reloadCertificates() { gateway?.reloadCertificates() }
  }

  private final class StopBox {
    let thread: WorkerThread?
    init(_ gateway: GatewayBox) {
      thread = WorkerThread(name: "stopping") { gateway.stop() }
    }
  }

  /// Starts the counters, and the gateway unless it is to wait.
  ///
  /// - Parameters:
  ///   - played: counters that a test plays itself, and where it listens.
  ///   - ticks: of the counters that run.
  ///   - counterDays: trading days that begin there while they run.
  ///   - change: what is other than the configuration says.
  init(
    _ files: HouseFiles = HouseFiles(), played: [String: SocketAddress] = [:],
    ticks: CounterServerSettings.Ticks = .none, starts: Bool = true,
    counterDays: [CounterServerSettings.Day] = [],
    change: (inout GatewayServerSettings) -> Void = { _ in }
  ) throws {
    folder = try DataFolder(path: House.newFolder())
    configuration = try files.loaded()
    log = try LogLines(in: folder.path)
    var plan = try House.plan(configuration, folder, ticks: ticks)
    for simulated in plan.counters {
      if let address = played[simulated.name.string] {
        plan.setAddress(address, of: simulated.name)
        continue
      }
      let counter = try HouseCounter(simulated, days: counterDays)
      plan.setAddress(counter.address, of: simulated.name)
      counters.append(counter)
    }
    // The day is the test's, the clock is not: no other day begins.
    plan.gateway.days = []
    plan.gateway.stopNanoseconds = 5_000_000_000
    plan.gateway.log = log.service
    change(&plan.gateway)
    self.plan = plan
    settings = plan.gateway
    if starts {
      try start()
      try awaitLinks()
    }
  }

  deinit {
    stop()
    settings.log = nil
    counters.removeAll()
    folder.remove()
  }

  /// A new folder in memory where there is one, so that a busy disk holds up nobody.
  static func newFolder() throws -> String {
    for place in ["/dev/shm", "/tmp"] {
      var template = Array("\(place)/sluice-tests-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { continue }
      let path = template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      return String(decoding: path, as: UTF8.self)
    }
    throw SystemRefused(call: "mkdtemp")
  }

  private static func plan(
    _ configuration: Configuration, _ folder: DataFolder, ticks: CounterServerSettings.Ticks
  ) throws -> ServePlan {
    var input = ServePlan.Input(
      now: StartedGateway.clock().real, seed: 1, ticks: ticks)
    input.tradingDay = day
    input.usesFreePorts = true
    input.passwordProfile = .lightForTests
    switch ServePlan.make(configuration, folder, input) {
    case .ready(let plan): return plan
    case .refused(let faults): throw Overdue(what: "a plan without faults: \(faults)")
    }
  }

  // MARK: The gateway

  func start() throws {
    metrics = MetricsTable()
    settings.metrics = metrics
    gateway = try GatewayBox(settings)
  }

  /// The next start goes on with this journal.
  func startAgain(journal path: String? = nil) throws {
    settings.journal = JournalPlan(path: path ?? settings.journal.path, .existing)
    try start()
  }

  /// Stops it gracefully and waits for its end.
  func stop() {
    gateway = nil
    stopping = nil
  }

  /// Asks it to stop; `stop` waits for its end.
  func beginStop() {
    stopping = gateway.map { StopBox($0) }
    gateway = nil
  }

  /// As SIGHUP does.
  func reloadCertificates() { gateway?.reloadCertificates() }

  var address: SocketAddress { gateway?.address ?? .none }
  var deskAddress: SocketAddress { gateway?.deskAddress ?? .none }
  var journalPath: String { settings.journal.path }

  /// Every link of a counter that runs is ready.
  func awaitLinks(times: Int = 1) throws {
    for counter in counters {
      for fund in counter.fundAccounts {
        try log.wait(
          for: "linkReady", "fundAccount=\(configuration.fundAccounts[fund.index].name)",
          times: times)
      }
    }
  }

  // MARK: What is in it

  func counter(_ name: String) throws -> HouseCounter {
    try #require(counters.first { $0.name == name })
  }

  func password(of account: String) throws -> FixedText<128> {
    let settings = try #require(configuration.operationAccounts.first { $0.name == account })
    return try #require(plan.password(of: settings))
  }

  func password(ofController name: String) throws -> FixedText<128> {
    let settings = try #require(configuration.controllers.first { $0.name == name })
    return try #require(plan.password(of: settings))
  }

  /// The instrument that everybody trades, and its id.
  static let instrument = InstrumentID(1)
  var instrument: InstrumentCode {
    plan.counters[0].settings.exchange.instruments[House.instrument.index].code
  }

  /// A terminal of an account that is logged on and has heard all it missed.
  func terminal(_ account: String, lastReport: UInt64 = 0) throws -> ScriptedTerminal {
    let terminal = try ScriptedTerminal(self, account)
    try terminal.logOn(lastReport: lastReport)
    return terminal
  }
}
