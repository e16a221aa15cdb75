import Config
import Domain
import Engine
import Exchange
import Follower
import Gateway
import Ledger
import Messages
import Session

/// Makes a `ServePlan`, or rehearses it; collects everything that is wrong.
struct ServePlanner {
  let configuration: Configuration
  let input: ServePlan.Input
  var store: CredentialStore
  var faults: [String] = []

  init(_ configuration: Configuration, _ folder: DataFolder?, _ input: ServePlan.Input) {
    self.configuration = configuration
    self.input = input
    let hash = configuration.gateway.passwordHash
    store = CredentialStore(
      folder,
      input.passwordProfile
        ?? PasswordProfile(
          passes: UInt64(hash.passes), memoryBytes: Int(hash.memoryKibibytes) * 1024))
  }

  private static let noDay = "the calendar does not reach today: extend it, or give a --day"

  private var day: TradingDay? {
    input.tradingDay ?? configuration.calendar.tradingDay(at: input.now)
  }

  mutating func plan(_ folder: DataFolder) -> ServePlan.Result {
    guard let day else { return .refused([ServePlanner.noDay]) }
    let links = links()
    let isSimulated = configuration.counters.contains { $0.isSimulated }
    var genesis: Genesis?
    var journal: JournalPlan
    let unbegun = isSimulated ? [] : folder.removeUnbegun()
    if !isSimulated, let path = folder.newestJournal {
      journal = JournalPlan(path: path, .existing)
    } else {
      genesis = compile(day)
      journal = JournalPlan(
        path: folder.newJournal(
          at: input.now.nanoseconds / Timestamp.nanosecondsPerSecond, isSimulated: isSimulated),
        .genesis([], configRevision: 0, shard: UInt16(configuration.gateway.platform.shard)))
    }
    var listeners = ListenerPlanner(configuration.gateway, input)
    let terminals = listeners.terminals(folder)
    let desk = listeners.desk(terminals?.tls)
    let page = listeners.metrics(terminals?.tls)
    let shown = identities()
    let tokenKey = store.tokenKey()
    faults += listeners.faults + store.faults
    guard faults.isEmpty, let terminals else { return .refused(faults) }
    if let genesis {
      journal.beginning = .genesis(
        commands(genesis, isSimulated), configRevision: 0,
        shard: UInt16(configuration.gateway.platform.shard))
    }
    journal.durability =
      switch configuration.gateway.journal.durability {
      case .process: .process
      case .power: .power
      }
    journal.segmentBytes = UInt64(configuration.gateway.journal.segmentMebibytes) << 20
    journal.snapshots.everyCommands = UInt64(configuration.gateway.journal.snapshotCommands)
    journal.snapshots.kept = Int(configuration.gateway.journal.snapshotsKept)
    var gateway = GatewayServerSettings(address: terminals.address, journal: journal)
    gateway.tls = terminals.tls
    gateway.desk = desk.map { listener in
      var address = listener.address
      if input.usesFreePorts { address.port = 0 }
      return GatewayServerSettings.Desk(address: address, tls: listener.tls)
    }
    gateway.controlPath = folder.controlPath
    gateway.certificates = listeners.identities
    gateway.capacities = LedgerCapacities(configuration.gateway.capacities)
    // As many fills as children that could be filled at once.
    gateway.follower.trades = gateway.capacities.children
    gateway.limits = GatewayLimits(configuration.gateway)
    gateway.links = links
    gateway.passwordProfile = store.profile
    if let tokenKey { gateway.tokenKey = tokenKey }
    gateway.stopNanoseconds =
      configuration.gateway.sessions.stopSeconds * Timestamp.nanosecondsPerSecond
    gateway.days = days(from: day)
    var plan = ServePlan(gateway: gateway, tradingDay: day, folder: folder)
    plan.genesis = genesis
    plan.metrics = page.map { ServePlan.MetricsPage(address: $0.address, tls: $0.tls) }
    plan.notices = listeners.notices + (genesis?.notices.map(\.description) ?? [])
    plan.notices += unbegun.map {
      "journal \($0): its process ended before it was begun, nobody was answered from it: removed"
    }
    if let genesis {
      for place in configuration.counters.indices where configuration.counters[place].isSimulated {
        plan.counters.append(simulated(place, genesis, shown[place], plan))
      }
    }
    return .ready(plan)
  }

  mutating func rehearse() -> ServePlan.Rehearsal {
    _ = links()
    var listeners = ListenerPlanner(configuration.gateway, input)
    let terminals = listeners.terminals(nil)
    _ = listeners.desk(terminals?.tls)
    _ = listeners.metrics(terminals?.tls)
    _ = identities()
    faults += listeners.faults
    guard let day else {
      return ServePlan.Rehearsal(faults: faults + store.faults + [ServePlanner.noDay])
    }
    let genesis = compile(day)
    var rehearsal = ServePlan.Rehearsal(faults: faults + store.faults)
    guard let genesis else { return rehearsal }
    rehearsal.notices = listeners.notices + genesis.notices.map(\.description)
    rehearsal.refused = refused(
      commands(genesis, configuration.counters.contains { $0.isSimulated }))
    return rehearsal
  }

  /// Has an engine of the configuration's capacities take the commands; no order comes, and room
  /// for them is the most of an engine's memory.
  private func refused(_ commands: [Command]) -> (refusal: Refusal, command: Int)? {
    var capacities = LedgerCapacities(configuration.gateway.capacities)
    capacities.orders = 1
    capacities.children = 1
    var engine = Engine(capacities: capacities)
    var effects = EffectBuffer()
    for (index, command) in commands.enumerated() {
      engine.step(
        Stamped(sequence: engine.sequence + 1, time: input.now, command: command), into: &effects)
      if let refusal = effects.refusal { return (refusal, index) }
    }
    return nil
  }

  // MARK: The journal's beginning

  private mutating func compile(_ day: TradingDay) -> Genesis? {
    var hashes: [String: String] = [:]
    for account in configuration.operationAccounts {
      hashes[account.name] =
        store.hash(account) ?? (store.isRehearsal ? CredentialStore.rehearsedHash : nil)
    }
    var controllerHashes: [String: String] = [:]
    for controller in configuration.controllers {
      controllerHashes[controller.name] =
        store.hash(controller) ?? (store.isRehearsal ? CredentialStore.rehearsedHash : nil)
    }
    // What else is wrong is told at once by a rehearsal.
    guard store.faults.isEmpty || store.isRehearsal else { return nil }
    // Such as platform.seed can state.
    let drawn = Secrets.randomNumber() >> 1
    let input = Genesis.Input(
      tradingDay: day, seed: input.seed ?? configuration.gateway.platform.seed ?? drawn,
      passwordHashes: hashes, controllerHashes: controllerHashes)
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
    let ways = configuration.counters.map { way(to: $0) }
    for account in configuration.fundAccounts {
      let counter = configuration.counters[account.counter]
      guard let way = ways[account.counter], let password = store.password(account),
        let name = Name(account.name),
        let counterName = Name(counter.name), let user = Name(account.user)
      else { continue }
      var link = GatewayServerSettings.Link(
        fundAccount: name, counter: counterName, user: user, password: password,
        address: way.address, heartbeatSeconds: UInt16(clamping: counter.heartbeatSeconds))
      link.tls = way.tls
      link.reconnectSeconds = counter.reconnectSeconds
      links.append(link)
    }
    return links
  }

  /// Where a counter is and what is asked of it; nil after a fault.
  private mutating func way(
    to counter: CounterSettings
  ) -> (address: SocketAddress, tls: TLSClient?)? {
    guard let address = SocketAddress.lookUp(counter.host, port: counter.port).first else {
      faults.append("counter \(counter.name): there is no host '\(counter.host)'")
      return nil
    }
    if counter.tls == nil, !counter.isPlainBeyondLoopback, !address.isLoopback {
      faults.append(
        ConfigFault(
          .inconsistent, at: counter.position, keyPath: "counters.host",
          PlainLine.words(tls: "tls.enabled", exception: "plainBeyondLoopback")
        ).description)
    }
    do throws(CounterTLS.Refused) {
      return (address, try CounterTLS.client(counter))
    } catch {
      faults += error.faults
      return nil
    }
  }

  /// What simulated counters show, each at its counter's number; nil for others, for those without
  /// TLS, and after a fault.
  private mutating func identities() -> [TLSIdentity?] {
    var identities: [TLSIdentity?] = []
    for counter in configuration.counters {
      do throws(CounterTLS.Refused) {
        identities.append(counter.isSimulated ? try CounterTLS.server(counter) : nil)
      } catch {
        faults += error.faults
        identities.append(nil)
      }
    }
    return identities
  }

  private func simulated(
    _ place: Int, _ genesis: Genesis, _ tls: TLSIdentity?, _ plan: ServePlan
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
    var settings = CounterServerSettings(
      address: address, exchange: exchange, passwords: passwords, ticks: input.ticks,
      days: plan.gateway.days.map {
        CounterServerSettings.Day(at: $0.at, day: $0.day.tradingDay)
      })
    settings.tls = tls
    return ServePlan.SimulatedCounter(
      name: Name(counter.name) ?? Name(), settings: settings, fundAccounts: world.fundAccounts)
  }
}
