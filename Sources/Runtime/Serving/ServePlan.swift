import Config
import Domain
import Exchange
import Follower
import Gateway
import Ledger
import Messages
import Session

/// A configuration made ready to be served: the gateway's settings, and the simulated counters that
/// are run beside it.
public struct ServePlan: Sendable {
  public struct SimulatedCounter: Sendable {
    public var name: Name
    public var settings: CounterServerSettings
    /// The gateway's fund accounts behind the counter's, in its order.
    public var fundAccounts: [FundAccountID]
  }

  public var gateway: GatewayServerSettings
  public var counters: [SimulatedCounter] = []
  /// Of a new journal.
  public var genesis: Genesis?
  /// What was not perfect and does not hinder.
  public var notices: [String] = []
  public var tradingDay: TradingDay
  let folder: DataFolder

  /// What the files do not say.
  public struct Input: Sendable {
    public var now: Timestamp
    /// Nil = the calendar's for now.
    public var tradingDay: TradingDay?
    public var seed: UInt64
    /// Of simulated counters.
    public var ticks: CounterServerSettings.Ticks
    /// Simulated counters take free ports instead of those of the configuration.
    public var usesFreePorts = false
    /// Nil = as the configuration says.
    public var passwordProfile: PasswordProfile?

    public init(now: Timestamp, seed: UInt64, ticks: CounterServerSettings.Ticks) {
      self.now = now
      self.seed = seed
      self.ticks = ticks
    }
  }

  public enum Result: Sendable {
    case ready(ServePlan)
    /// Everything that is wrong.
    case refused([String])
  }

  /// Reads and draws secrets, compiles the genesis of a new journal, or finds the one to go on
  /// with. Simulated counters begin anew at each start, so with them the journal does too.
  public static func make(
    _ configuration: Configuration, _ folder: DataFolder, _ input: Input
  ) -> Result {
    var planner = ServePlanner(configuration, folder, input)
    return planner.plan()
  }

  /// The file that keeps an operation account's drawn password; nil when it has its own.
  public func passwordFile(of account: OperationAccountSettings) -> String? {
    account.credential == .generated ? folder.secretPath(account.name) : nil
  }

  /// An operation account's drawn password; nil when it has its own.
  public func password(of account: OperationAccountSettings) -> FixedText<128>? {
    guard account.credential == .generated else { return nil }
    var store = CredentialStore(folder, gateway.passwordProfile)
    return store.generated(account.name).flatMap { FixedText<128>($0) }
  }

  /// Links to a counter go to this address.
  public mutating func setAddress(_ address: SocketAddress, of counter: Name) {
    for index in gateway.links.indices where gateway.links[index].counter == counter {
      gateway.links[index].address = address
    }
  }
}

private struct ServePlanner {
  let configuration: Configuration
  let folder: DataFolder
  let input: ServePlan.Input
  var store: CredentialStore
  var faults: [String] = []

  init(_ configuration: Configuration, _ folder: DataFolder, _ input: ServePlan.Input) {
    self.configuration = configuration
    self.folder = folder
    self.input = input
    let hash = configuration.gateway.passwordHash
    store = CredentialStore(
      folder,
      input.passwordProfile
        ?? PasswordProfile(
          passes: UInt64(hash.passes), memoryBytes: Int(hash.memoryKibibytes) * 1024))
  }

  mutating func plan() -> ServePlan.Result {
    guard let day = input.tradingDay ?? configuration.calendar.tradingDay(at: input.now) else {
      return .refused(["the calendar does not reach today: extend it, or give a --day"])
    }
    let links = links()
    let isSimulated = configuration.counters.contains { $0.isSimulated }
    var genesis: Genesis?
    var journal: JournalPlan
    if !isSimulated, let path = folder.newestJournal {
      journal = JournalPlan(path: path, .existing)
    } else {
      genesis = compile(day)
      journal = JournalPlan(
        path: folder.newJournal(at: input.now.nanoseconds / Timestamp.nanosecondsPerSecond),
        .genesis([], configRevision: 1, shard: UInt16(configuration.gateway.platform.shard)))
    }
    let listen = address(configuration.gateway.terminals)
    faults += store.faults
    guard faults.isEmpty, let listen else {
      return .refused(faults)
    }
    if let genesis {
      journal.beginning = .genesis(
        commands(genesis, isSimulated), configRevision: 1,
        shard: UInt16(configuration.gateway.platform.shard))
    }
    var gateway = GatewayServerSettings(address: listen, journal: journal)
    gateway.capacities = LedgerCapacities(configuration.gateway.capacities)
    // As many fills as children that could be filled at once.
    gateway.follower.trades = gateway.capacities.children
    gateway.limits = GatewayLimits(configuration.gateway)
    gateway.links = links
    gateway.passwordProfile = store.profile
    gateway.stopNanoseconds =
      configuration.gateway.sessions.stopSeconds * Timestamp.nanosecondsPerSecond
    gateway.days = days(from: day)
    var plan = ServePlan(gateway: gateway, tradingDay: day, folder: folder)
    plan.genesis = genesis
    plan.notices = genesis?.notices.map(\.description) ?? []
    if let genesis {
      for place in configuration.counters.indices where configuration.counters[place].isSimulated {
        plan.counters.append(simulated(place, genesis, plan))
      }
    }
    return .ready(plan)
  }

  private mutating func address(_ listener: GatewaySettings.Listener) -> SocketAddress? {
    let address = SocketAddress.lookUp(listener.host, port: listener.port).first
    if address == nil { faults.append("terminals: there is no host '\(listener.host)'") }
    return address
  }

  // MARK: The journal's beginning

  private mutating func compile(_ day: TradingDay) -> Genesis? {
    var hashes: [String: String] = [:]
    for account in configuration.operationAccounts { hashes[account.name] = store.hash(account) }
    guard store.faults.isEmpty else { return nil }
    let input = Genesis.Input(tradingDay: day, seed: input.seed, passwordHashes: hashes)
    switch Genesis.compile(configuration, input) {
    case .compiled(let genesis): return genesis
    case .refused(let reasons):
      faults += reasons.map(\.description)
      return nil
    }
  }

  /// Real counters bring the day's reference prices with their ticks.
  private func commands(_ genesis: Genesis, _ isSimulated: Bool) -> [Command] {
    var commands = genesis.commands + [.daySwitch(genesis.daySwitch)]
    if isSimulated {
      commands += genesis.simulatedReferences(configuration).map { .dayReference($0) }
    }
    return commands
  }

  /// The days of the calendar from this one on, each beginning on the evening before it.
  private func days(from first: TradingDay) -> [GatewayServerSettings.DayChange] {
    let calendar = configuration.calendar
    var days: [GatewayServerSettings.DayChange] = []
    var next: TradingDay? = first
    while let day = next {
      if let before = calendar.tradingDay(before: day.date) {
        days.append(
          GatewayServerSettings.DayChange(
            at: Timestamp(date: before.date, secondOfDay: calendar.daySwitchSecond),
            day: DaySwitch(
              tradingDay: day,
              nightDate: calendar.nightDate(before: day)?.yyyymmdd ?? 0)))
      }
      next = calendar.tradingDay(after: day.date)
    }
    return days
  }

  // MARK: Counters

  private mutating func links() -> [GatewayServerSettings.Link] {
    var links: [GatewayServerSettings.Link] = []
    for account in configuration.fundAccounts {
      let counter = configuration.counters[account.counter]
      guard let address = SocketAddress.lookUp(counter.host, port: counter.port).first else {
        faults.append("counter \(counter.name): there is no host '\(counter.host)'")
        continue
      }
      guard let password = store.password(account), let name = Name(account.name),
        let counterName = Name(counter.name), let user = Name(account.user)
      else { continue }
      var link = GatewayServerSettings.Link(
        fundAccount: name, counter: counterName, user: user, password: password,
        address: address, heartbeatSeconds: UInt16(clamping: counter.heartbeatSeconds))
      link.reconnectSeconds = counter.reconnectSeconds
      links.append(link)
    }
    return links
  }

  private func simulated(
    _ place: Int, _ genesis: Genesis, _ plan: ServePlan
  ) -> ServePlan.SimulatedCounter {
    let counter = configuration.counters[place]
    let world = CounterWorld(
      commands: genesis.commands, references: genesis.simulatedReferences(configuration),
      counter: CounterID(UInt32(place)),
      users: configuration.fundAccounts.map { Name($0.user) ?? Name() })
    let passwords = world.fundAccounts.map { fund in
      let name = Name(configuration.fundAccounts[fund.index].name)
      return plan.gateway.links.first { $0.fundAccount == name }?.password ?? FixedText<128>()
    }
    // Epochs grow over restarts of a counter that forgets everything.
    let epoch = UInt64(input.now.nanoseconds / Timestamp.nanosecondsPerSecond) << 16
    let exchange = SimulatedExchange(
      day: plan.tradingDay, instruments: world.instruments, accounts: world.accounts,
      settings: SimulatedExchange.Settings(epochBase: epoch))
    var address =
      SocketAddress.lookUp(counter.host, port: counter.port).first
      ?? SocketAddress.loopback(port: counter.port)
    if input.usesFreePorts { address.port = 0 }
    return ServePlan.SimulatedCounter(
      name: Name(counter.name) ?? Name(),
      settings: CounterServerSettings(
        address: address, exchange: exchange, passwords: passwords, ticks: input.ticks,
        days: plan.gateway.days.map {
          CounterServerSettings.Day(at: $0.at, day: $0.day.tradingDay)
        }),
      fundAccounts: world.fundAccounts)
  }
}

extension GatewayLimits {
  /// As gateway.json5 says.
  public init(_ settings: GatewaySettings) {
    self.init()
    terminals = settings.capacities.sessions
    unauthenticated = max(1, terminals / 4)
    terminalOutputBytes = Int(settings.sessions.queueBytes)
    terms = TerminalSessionTerms(
      messagesPerSecond: UInt32(clamping: settings.flow.messagesPerSecond),
      maxInFlight: UInt32(clamping: settings.flow.maxInFlight))
    terms.heartbeatSecondsMinimum = UInt16(clamping: settings.sessions.heartbeatSeconds.lowerBound)
    terms.heartbeatSecondsMaximum = UInt16(clamping: settings.sessions.heartbeatSeconds.upperBound)
    terms.logonSeconds = settings.sessions.logonSeconds
  }
}

extension LedgerCapacities {
  /// As gateway.json5 says.
  public init(_ capacities: Capacities) {
    self.init(
      operationAccounts: capacities.operationAccounts, fundAccounts: capacities.fundAccounts,
      products: capacities.products, counters: capacities.counters,
      instruments: capacities.instruments, commodities: capacities.commodities,
      tradingHours: capacities.tradingHours, orders: capacities.orders,
      children: capacities.children, positions: capacities.positions,
      figures: capacities.figures, lots: capacities.lots, limitRows: capacities.limitRows,
      rateOwners: capacities.rateOwners, rates: capacities.rates,
      rateWindow: capacities.rateWindow, accessRows: capacities.accessRows)
  }
}
