import Domain
import Engine
import Journal
import Ledger
import MarketData
import Messages
import Session
import Storage
import Wire

/// The gateway between sockets and engine, without the sockets.
///
/// A driver tells it what happened, one event after the other, and at the end of its turn calls
/// `finishTurn`, stores the journal's pending bytes, calls `journalStored`, and only then hands on
/// what waits for each peer (`nextOutput`) and does what it is asked (`nextRequest`). All methods
/// belong to one thread; none of them does I/O, reads a clock or allocates for a message.
public struct Gateway: ~Copyable {
  public var sequencer: Sequencer
  public let limits: GatewayLimits
  public internal(set) var counts = GatewayCounts()

  var names: Names
  var terminals: Terminals
  var links: Links
  var terminalOutput: OutputQueues
  var linkOutput: OutputQueues
  var ticks: TickBoard
  var subscriptions: TickSubscriptions
  var comingPhases: ComingPhases
  var history: ReportHistory
  var tokens: DayTokens
  var unknownNames: UnknownNames
  var passwords: Fifo<PasswordQuestion>
  /// For the follower.
  var questions: Fifo<Question>
  var requests: Fifo<GatewayRequest>
  var events: Fifo<GatewayEvent>
  /// Commands that followed from an effect; they go before the next message.
  var deferred: Fifo<Command>
  /// Jumps of the clock that are not in the journal yet, added up.
  var pendingJump: Int64 = 0
  /// Terminals that are sent what they missed, and terminals over their rate.
  var resuming: SlotList
  var paused: SlotList
  /// Controllers who are told notices.
  var watching: SlotList
  var notices: NoticeHistory
  /// Controllers who are told how liquidations go.
  var following: SlotList
  var liquidations: LiquidationBoard
  /// Pictures of accounts that controllers have.
  var watches = Watches()
  /// Where the look-out for silent terminals goes on.
  var nextToCheck = 0
  var journalState = JournalState.available
  /// The journal is on its last segment.
  public internal(set) var isJournalLow = false
  var phase = Phase.running

  enum Phase: BitwiseCopyable {
    case running
    /// Nobody new and nothing new is taken; what is in hand is finished.
    case finishing
    /// Everybody has been told goodbye.
    case leaving
  }

  /// - Parameters:
  ///   - sequencer: with an empty engine, or one that a replay brought back.
  ///   - capacities: what the engine was made with.
  public init(
    _ sequencer: consuming Sequencer, capacities: LedgerCapacities, limits: GatewayLimits
  ) {
    limits.check()
    self.limits = limits
    let fundAccounts = capacities.fundAccounts
    names = Names(capacities)
    names.load(sequencer.engine.directory)
    terminals = Terminals(
      terminals: limits.terminals, desk: limits.deskClients,
      accounts: capacities.operationAccounts, controllers: capacities.controllers)
    links = Links(capacity: fundAccounts, fundAccounts: fundAccounts)
    terminalOutput = OutputQueues(
      peers: limits.seats, bytesEach: limits.terminalOutputBytes)
    linkOutput = OutputQueues(peers: fundAccounts, bytesEach: limits.linkOutputBytes)
    ticks = TickBoard(instruments: capacities.instruments)
    comingPhases = ComingPhases(instruments: capacities.instruments)
    subscriptions = TickSubscriptions(
      capacity: limits.subscriptions, instruments: capacities.instruments,
      sessions: limits.seats)
    history = ReportHistory(
      capacity: limits.reports, accounts: capacities.operationAccounts)
    tokens = DayTokens(accounts: capacities.operationAccounts)
    unknownNames = UnknownNames(capacity: limits.unknownNames)
    passwords = Fifo(capacity: limits.passwords)
    questions = Fifo(capacity: limits.queries)
    let peers = limits.seats + fundAccounts
    requests = Fifo(capacity: peers * 8)
    events = Fifo(capacity: 4_096)
    deferred = Fifo(capacity: peers * 4 + 16)
    resuming = SlotList(capacity: limits.seats)
    paused = SlotList(capacity: limits.seats)
    watching = SlotList(capacity: limits.seats)
    notices = NoticeHistory(
      capacity: limits.notices, newest: sequencer.engine.newestNotice)
    following = SlotList(capacity: limits.seats)
    liquidations = LiquidationBoard(accounts: capacities.operationAccounts)
    for index in 0..<sequencer.engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      if let running = sequencer.engine.runningLiquidation(of: account) {
        liquidations.update(running, at: sequencer.now)
      }
    }
    self.sequencer = sequencer
  }

  /// Adds a link that connects by itself from now on. Its fund account is defined already.
  public mutating func addLink(_ settings: LinkSettings) -> LinkID {
    let fund = sequencer.engine.ledger.fundAccount(settings.fundAccount)
    return links.add(
      Link(
        state: CounterLinkState(
          settings.login, lastSequence: fund.pointee.lastCounterSequence,
          epoch: fund.pointee.epoch, seed: settings.seed, at: monotonic),
        fundAccount: settings.fundAccount, counter: settings.counter,
        password: settings.password, bringsTicks: false))
  }

  /// Sessions and links are timed by the clock that never jumps.
  var monotonic: Int64 { sequencer.clock.monotonic }

  /// The memory that orders need, to be filled while the gateway works already.
  public mutating func tableMemory() -> TableMemory {
    var memory = TableMemory()
    do throws(SnapshotFault) {
      try sequencer.engine.pass(through: &memory)
      try history.pass(through: &memory)
    } catch {
      preconditionFailure("nothing is read and nothing is written")
    }
    return memory
  }

  // MARK: Facts

  public var terminalCount: Int { terminals.count }
  public var sessionCount: Int { terminals.counted }
  public var deskCount: Int { terminals.deskCount }
  public var linkCount: Int { links.count }
  public func isReady(_ link: LinkID) -> Bool { links.at(link).pointee.state.isReady }
  public var areAllLinksReady: Bool {
    for index in 0..<links.count where !isReady(LinkID(index: UInt32(index))) { return false }
    return true
  }
  public var ticksConflated: UInt64 { ticks.conflated }
}

/// A password that waits to be looked at.
struct PasswordQuestion: BitwiseCopyable {
  var terminal: TerminalID
  /// Empty for an account that does not exist or has none.
  var hash: FixedText<128>
  var password: FixedText<128>
  /// Instead of a password; empty = none.
  var token = FixedText<64>()
}
