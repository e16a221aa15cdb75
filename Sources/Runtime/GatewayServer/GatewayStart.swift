import COpenSSL
import CSluice
import Domain
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Session
import Wire

/// What is wrong with a journal that a gateway was to begin or go on with.
public enum JournalFault: Error, Equatable, Sendable {
  case storage(JournalStorageError)
  case replay(ReplayFault)
  /// A file, as the first version wrote it, and no folder of segments.
  case isOneFile
  /// It has not all commands of its genesis: nobody was answered from it.
  case notBegun
}

/// How the last run's journal ended.
struct JournalLeft {
  /// The newest command.
  var sequence: UInt64
  /// Part of a record stood behind it: the process died while it wrote it.
  var isTorn: Bool
  /// The newest command had no outcome: the process died in between.
  var lacksOutcome: Bool
  /// How far the clock is behind the newest command; commands have its time until then.
  var clockBehindNanoseconds: Int64
  /// The newest command in the snapshot it was read from; 0 = from its start.
  var snapshot: UInt64
  /// Newer snapshots that were passed over.
  var snapshotRefusals: [SnapshotRefusal]
}

/// A gateway and the journal it writes to, made ready before its loop runs.
struct StartedGateway: ~Copyable {
  var gateway: Gateway
  var journal: LiveJournal
  /// Nil when the journal is new.
  var left: JournalLeft?

  /// Begins the journal or replays it, and adds the links.
  static func begin(
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> StartedGateway {
    var started =
      switch settings.journal.beginning {
      case .genesis(let commands, let revision, let shard):
        try StartedGateway.genesis(commands, revision, shard, settings)
      case .existing: try StartedGateway.existing(settings)
      }
    try started.addLinks(settings)
    return started
  }

  static func clock() -> ClockReading {
    ClockReading(
      real: Timestamp(nanoseconds: sluice_realtime_nanoseconds()),
      monotonic: sluice_monotonic_nanoseconds())
  }

  // MARK: A new journal

  private static func genesis(
    _ commands: [Command], _ revision: UInt32, _ shard: UInt16,
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> StartedGateway {
    let clock = clock()
    let header = JournalHeader(
      shard: shard, firstSequence: 1, engineVersion: Engine.version, configRevision: revision,
      createdTime: clock.real.nanoseconds, genesisHash: hash(of: commands),
      segment: .first(settings.journal.segmentBytes))
    let journal = try makeJournal(header, settings)
    var started = StartedGateway(
      gateway: Gateway(
        Sequencer(
          engine: Engine(capacities: settings.capacities), journalEnd: journal.start, clock: clock,
          journalBytes: settings.limits.journalBytes),
        capacities: settings.capacities, limits: settings.limits),
      journal: journal)
    do throws(BeginningFault) {
      try started.gateway.begin(with: commands, in: &started.journal)
    } catch {
      switch error {
      case .storage(let error): throw .journal(.storage(error))
      case .refused(let refusal, let index): throw .refused(refusal, command: index)
      }
    }
    do throws(JournalStorageError) {
      try started.journal.begun(started.gateway.sequencer.journal.end)
    } catch {
      throw .journal(.storage(error))
    }
    return started
  }

  private static func makeJournal(
    _ header: JournalHeader, _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> LiveJournal {
    do throws(JournalStorageError) {
      return try LiveJournal.make(
        JournalFolder(path: settings.journal.path), header, settings.journal.durability)
    } catch {
      throw .journal(.storage(error))
    }
  }

  /// SHA-256 of the commands as the journal writes them.
  private static func hash(of commands: [Command]) -> InlineArray<32, UInt8> {
    var sum = GenesisHash()
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JournalCodec.commandMaximum, alignment: 8)
    defer { room.deallocate() }
    for command in commands {
      do throws(WireError) {
        let count = try JournalCodec.encode(command, into: room)
        sum.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      } catch {
        preconditionFailure("a command fits the room of the longest command")
      }
    }
    return sum.value
  }

  // MARK: An existing journal

  private static func existing(
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> StartedGateway {
    // Before anything is read: nobody else writes meanwhile.
    let folder = JournalFolder(path: settings.journal.path)
    guard !folder.isOneFile else { throw .journal(.isOneFile) }
    guard !folder.isUnbegun else { throw .journal(.notBegun) }
    let lock: JournalLock
    do throws(JournalStorageError) {
      lock = try JournalLock(folder)
    } catch {
      throw .journal(.storage(error))
    }
    var recovery = try beginRecovery(folder, settings)
    do throws(ReplayFault) {
      try recovery.run()
    } catch {
      throw .journal(.replay(error))
    }
    try checkBeginning(recovery, folder)
    let end = recovery.replay.end
    let isTorn = recovery.replay.isTorn
    let left = JournalLeft(
      sequence: end.sequence, isTorn: isTorn, lacksOutcome: recovery.replay.lacksOutcome,
      clockBehindNanoseconds: max(
        0, recovery.replay.engine.now.nanoseconds - clock().real.nanoseconds),
      snapshot: recovery.snapshot, snapshotRefusals: recovery.refusals)
    let journal: LiveJournal
    do throws(JournalStorageError) {
      // What is behind the last whole record is cut off: nothing that follows from it has left.
      journal = try LiveJournal.goOn(
        folder, lock, at: end, cutsOff: isTorn, settings.journal.durability,
        segmentBytes: settings.journal.segmentBytes)
    } catch {
      throw .journal(.storage(error))
    }
    var started = StartedGateway(
      gateway: recovery.continued(clock: clock(), settings.capacities, settings.limits),
      journal: journal, left: left)
    do throws(JournalStorageError) {
      try started.gateway.goOn(in: &started.journal)
    } catch {
      throw .journal(.storage(error))
    }
    return started
  }

  private static func beginRecovery(
    _ folder: JournalFolder, _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> Recovery<FolderJournalStorage> {
    var shelf = SnapshotFolder(folder)
    do throws(JournalError) {
      return try Recovery.begin(
        from: &shelf, settings.capacities, reports: settings.limits.reports
      ) { FolderJournalStorage(path: folder.path) }
    } catch {
      throw .journal(.replay(.journal(error)))
    }
  }

  /// Half a house has no limits: what lacks a part of its genesis is not gone on with.
  private static func checkBeginning(
    _ recovery: borrowing Recovery<FolderJournalStorage>, _ folder: JournalFolder
  ) throws(GatewayStartError) {
    // The first one is written behind the genesis.
    guard recovery.snapshot == 0 else { return }
    let isWhole: Bool
    do throws(JournalError) {
      isWhole = try GenesisHash.isWhole(FolderJournalStorage(path: folder.path))
    } catch {
      throw .journal(.replay(.journal(error)))
    }
    guard isWhole else { throw .journal(.notBegun) }
  }

  // MARK: Links

  private mutating func addLinks(
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) {
    let directory = gateway.sequencer.engine.directory
    for link in settings.links {
      guard let fund = directory.fundAccounts.id(link.fundAccount.string) else {
        throw .unknownName(link.fundAccount)
      }
      guard let counter = directory.counters.id(link.counter.string) else {
        throw .unknownName(link.counter)
      }
      var login = CounterLogin(
        fundAccount: link.user, heartbeatIntervalSeconds: link.heartbeatSeconds)
      login.reconnectSecondsMinimum = link.reconnectSeconds.lowerBound
      login.reconnectSecondsMaximum = link.reconnectSeconds.upperBound
      _ = gateway.addLink(
        LinkSettings(
          fundAccount: FundAccountID(fund), counter: CounterID(counter), login: login,
          password: link.password, seed: Secrets.randomNumber()))
    }
  }
}

extension LiveJournal: StartingJournal {
  public mutating func store(_ gateway: inout Gateway) throws(JournalStorageError) {
    try store(gateway.sequencer.journal)
    try awaitReleased(gateway.sequencer.journal.end.sequence)
    gateway.journalStored()
  }

  public mutating func beginSegment() throws(JournalStorageError) -> UInt64 {
    try awaitAndAdvance()
  }
}
