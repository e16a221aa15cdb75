import Config
import Domain
import Gateway
import Ledger
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

  /// Where metrics are read.
  public struct MetricsPage: Sendable {
    public var address: SocketAddress
    /// Nil = plain TCP.
    public var tls: TLSIdentity?
  }

  public var gateway: GatewayServerSettings
  public var counters: [SimulatedCounter] = []
  /// Nil = nowhere.
  public var metrics: MetricsPage?
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
    /// Of a new journal's draws; nil = the configuration's, and without one it is drawn too.
    public var seed: UInt64?
    /// Where terminals connect; nil = as the configuration says.
    public var listen: SocketAddress?
    /// Terminals are shown a certificate of the gateway's own making.
    public var isSelfSigned = false
    /// Of simulated counters.
    public var ticks: CounterServerSettings.Ticks
    /// Simulated counters take free ports instead of those of the configuration.
    public var usesFreePorts = false
    /// Nil = as the configuration says.
    public var passwordProfile: PasswordProfile?

    public init(now: Timestamp, seed: UInt64?, ticks: CounterServerSettings.Ticks) {
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
    return planner.plan(folder)
  }

  /// What a start with a new journal would refuse, without making, drawing or opening anything.
  public static func rehearse(_ configuration: Configuration, now: Timestamp) -> Rehearsal {
    var planner = ServePlanner(configuration, nil, Input(now: now, seed: nil, ticks: .none))
    return planner.rehearse()
  }

  /// How a start would go.
  public struct Rehearsal: Sendable {
    /// Everything that is wrong with files, hosts and secrets.
    public var faults: [String]
    public var notices: [String] = []
    /// The first command of the genesis that the engine refuses, counted from 0.
    public var refused: (refusal: Refusal, command: Int)?
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

  /// The file that keeps a controller's drawn password; nil when he has his own.
  public func passwordFile(of controller: ControllerSettings) -> String? {
    controller.credential == .generated
      ? folder.secretPath(CredentialStore.secret(of: controller)) : nil
  }

  /// A controller's drawn password; nil when he has his own.
  public func password(of controller: ControllerSettings) -> FixedText<128>? {
    guard controller.credential == .generated else { return nil }
    var store = CredentialStore(folder, gateway.passwordProfile)
    return store.generated(CredentialStore.secret(of: controller)).flatMap { FixedText<128>($0) }
  }

  /// Links to a counter go to this address.
  public mutating func setAddress(_ address: SocketAddress, of counter: Name) {
    for index in gateway.links.indices where gateway.links[index].counter == counter {
      gateway.links[index].address = address
    }
  }
}

extension GatewayLimits {
  /// As gateway.json5 says.
  public init(_ settings: GatewaySettings) {
    self.init()
    terminals = settings.capacities.sessions
    unauthenticated = max(1, terminals / 4)
    terminalOutputBytes = Int(settings.sessions.queueBytes)
    reports = Int(settings.sessions.reportsKept)
    deskClients = settings.capacities.deskSessions
    deskUnauthenticated = max(1, deskClients / 4)
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
      rateWindow: capacities.rateWindow, accessRows: capacities.accessRows,
      controllers: capacities.controllers, rateProfiles: capacities.rateProfiles,
      templates: capacities.templates, schemes: capacities.schemes,
      schemeInstruments: capacities.schemeInstruments,
      schemeAccounts: capacities.schemeAccounts, budgetRecords: capacities.budgetRecords,
      budgetTrades: capacities.budgetTrades)
  }
}
