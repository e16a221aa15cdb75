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
    var bytes: [UInt8] = []
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JournalCodec.commandMaximum, alignment: 8)
    defer { room.deallocate() }
    for command in commands {
      do throws(WireError) {
        let count = try JournalCodec.encode(command, into: room)
        bytes += UnsafeRawBufferPointer(rebasing: room[..<count])
      } catch {
        preconditionFailure("a command fits the room of the longest command")
      }
    }
    var digest = InlineArray<32, UInt8>(repeating: 0)
    withUnsafeMutableBytes(of: &digest) { digest in
      _ = SHA256(bytes, bytes.count, digest.bindMemory(to: UInt8.self).baseAddress)
    }
    return digest
  }

  // MARK: An existing journal

  private static func existing(
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> StartedGateway {
    // Before anything is read: nobody else writes meanwhile.
    let folder = JournalFolder(path: settings.journal.path)
    guard !folder.isOneFile else { throw .journal(.isOneFile) }
    let lock: JournalLock
    do throws(JournalStorageError) {
      lock = try JournalLock(folder)
    } catch {
      throw .journal(.storage(error))
    }
    var replay = try openReplay(settings)
    let keep = settings.limits.reports
    let reports: [ExecutionReport]
    do throws(ReplayFault) {
      reports = try replay.run(keepingReports: keep)
    } catch {
      throw .journal(.replay(error))
    }
    let left = JournalLeft(
      sequence: replay.end.sequence, isTorn: replay.isTorn, lacksOutcome: replay.lacksOutcome,
      clockBehindNanoseconds: max(0, replay.engine.now.nanoseconds - clock().real.nanoseconds))
    let journal: LiveJournal
    do throws(JournalStorageError) {
      // What is behind the last whole record is cut off: nothing that follows from it has left.
      journal = try LiveJournal.goOn(
        folder, lock, at: replay.end, cutsOff: replay.isTorn, settings.journal.durability,
        segmentBytes: settings.journal.segmentBytes)
    } catch {
      throw .journal(.storage(error))
    }
    var started = StartedGateway(
      gateway: Gateway(
        replay.continued(clock: clock(), journalBytes: settings.limits.journalBytes),
        capacities: settings.capacities, limits: settings.limits),
      journal: journal, left: left)
    do throws(JournalStorageError) {
      try started.gateway.goOn(with: reports.suffix(keep), in: &started.journal)
    } catch {
      throw .journal(.storage(error))
    }
    return started
  }

  private static func openReplay(
    _ settings: borrowing GatewayServerSettings
  ) throws(GatewayStartError) -> Replay<FolderJournalStorage> {
    do throws(JournalError) {
      return Replay(
        try JournalReader(
          reading: FolderJournalStorage(path: settings.journal.path), behind: 0),
        engine: Engine(capacities: settings.capacities))
    } catch {
      throw .journal(.replay(.journal(error)))
    }
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
