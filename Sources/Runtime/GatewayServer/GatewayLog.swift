import Domain
import Engine
import Gateway
import Journal
import Log
import Messages
import RiskRules
import Session
import Wire

/// A gateway's events as lines of the log.
struct GatewayLog: ~Copyable {
  var writer: LogWriter?
  private var hasToldFollower = false
  private var snapshotFailures: UInt64 = 0
  private var tlsFailures = LogBudget()
  private var terminalsRefused = LogBudget()

  init(_ service: LogService?) { writer = service?.makeWriter() }

  /// Writes what has happened since the last call.
  mutating func write(_ gateway: inout Gateway) {
    while let event = gateway.nextEvent() {
      guard writer != nil else { continue }
      write(event, gateway)
    }
  }

  mutating func journalFailed(_ error: JournalStorageError, at time: Timestamp) {
    writer?.record(.error, "journalFailed", at: time.nanoseconds) {
      $0.add("error", "\(error)")
      $0.add("doing", "nothing new is taken until the journal can be written")
    }
  }

  mutating func syncFailed(_ error: JournalStorageError, at time: Timestamp) {
    writer?.record(.error, "journalSyncFailed", at: time.nanoseconds) {
      $0.add("error", "\(error)")
      $0.add("doing", "the segment is sealed; what it may lack is written again in the next one")
    }
  }

  mutating func handOverFailed(_ error: JournalStorageError, at time: Timestamp) {
    writer?.record(.error, "journalNotOnDisk", at: time.nanoseconds) {
      $0.add("error", "\(error)")
      $0.add("doing", "orders go on; the disk may lack records: copy the journal elsewhere now")
    }
  }

  /// - Parameter byteCount: of the segment that can't be made.
  mutating func journalLow(
    _ error: JournalStorageError, needs byteCount: UInt64, at time: Timestamp
  ) {
    writer?.record(.error, "journalLow", at: time.nanoseconds) {
      $0.add("error", "\(error)")
      $0.add("neededBytes", byteCount)
      $0.add(
        "doing",
        "opening orders are refused until another segment can be made; cancels and closing orders "
          + "are taken while the last one lasts")
    }
  }

  /// Somebody changed what is configured, or tried to.
  mutating func configurationChanged(_ batch: ChangeBatch, at time: Timestamp) {
    let outcome = batch.outcome
    let isRefused = outcome?.refusal != nil
    writer?.record(isRefused ? .warning : .info, "configurationChanged", at: time.nanoseconds) {
      $0.add("who", batch.who.string)
      $0.add("settings", batch.count)
      $0.add("taken", outcome?.taken ?? 0)
      if let rule = outcome?.refusal?.rule { $0.add("refused", "\(rule)") }
    }
  }

  /// Sessions were ended because a change leaves no place for them.
  mutating func dropped(_ sessions: Int, at time: Timestamp) {
    writer?.record(.info, "unfitDropped", at: time.nanoseconds) { $0.add("sessions", sessions) }
  }

  /// The follower's engine came to another answer than the one that decided, or its journal can't
  /// be read: told once, for it does not go on.
  mutating func follower(_ progress: FollowerProgress, at time: Timestamp) {
    snapshots(progress.snapshots, at: time)
    guard !progress.fault.isEmpty, !hasToldFollower else { return }
    hasToldFollower = true
    writer?.record(.error, "followerStopped", at: time.nanoseconds) {
      $0.add("fault", progress.fault)
      $0.add("sequence", progress.sequence)
      $0.add("doing", "orders go on, queries are refused; keep the journal and tell the makers")
    }
  }

  /// Each that could not be written or read: they are some minutes apart.
  private mutating func snapshots(_ progress: SnapshotProgress, at time: Timestamp) {
    guard progress.failures != snapshotFailures else { return }
    snapshotFailures = progress.failures
    writer?.record(.error, "snapshotFailed", at: time.nanoseconds) {
      $0.add("fault", progress.fault)
      $0.add("newest", progress.sequence)
      $0.add("doing", "orders go on; the next start reads the journal from the newest one on")
    }
  }

  /// The first word behind a journal: how the last run left it.
  mutating func goesOn(behind left: JournalLeft, _ gateway: borrowing Gateway) {
    let time = gateway.sequencer.now.nanoseconds
    let isWhole = !left.isTorn && !left.lacksOutcome
    let clockIsBehind = left.clockBehindNanoseconds > 0
    passedOver(left.snapshotRefusals, at: time)
    writer?.record(isWhole && !clockIsBehind ? .info : .warning, "journalGoesOn", at: time) {
      $0.add("sequence", left.sequence)
      $0.add("isTorn", left.isTorn)
      $0.add("lacksOutcome", left.lacksOutcome)
      $0.add("snapshot", left.snapshot)
      if clockIsBehind {
        $0.add("clockBehindMilliseconds", left.clockBehindNanoseconds / 1_000_000)
      }
    }
  }

  /// The snapshots that the start passed over.
  private mutating func passedOver(_ refusals: [SnapshotRefusal], at time: Int64) {
    for refusal in refusals {
      writer?.record(.warning, "snapshotPassedOver", at: time) {
        $0.add("sequence", refusal.sequence)
        $0.add("reason", "\(refusal.reason)")
      }
    }
  }

  /// The last word: where the engine ended, as `sluice replay` finds it from the journal.
  mutating func stopped(_ gateway: borrowing Gateway) {
    guard writer != nil else { return }
    let sequence = gateway.sequencer.engine.sequence
    let hash = gateway.sequencer.engine.stateHash
    let isJournaled = gateway.isJournalAvailable
    writer?.record(.info, "stopped", at: gateway.sequencer.now.nanoseconds) {
      $0.add("sequence", sequence)
      $0.add("state", hexadecimal: hash)
      $0.add("isJournaled", isJournaled)
    }
  }

  /// Whatever strangers do, it is a few lines a second; metrics count them all.
  mutating func tlsFailed(_ fault: TLSFault, from address: NetworkAddress, at time: Timestamp) {
    guard let leftOut = tlsFailures.take(at: time) else { return }
    writer?.record(.info, "tlsFailed", at: time.nanoseconds) {
      $0.add("address", GatewayLog.text(address))
      $0.add("reason", fault.words)
      if leftOut > 0 { $0.add("leftOut", leftOut) }
    }
  }

  /// As rare as the link tries again.
  mutating func tlsFailed(
    _ fault: TLSFault, toward link: GatewayServerSettings.Link, at time: Timestamp
  ) {
    writer?.record(.error, "linkTLSFailed", at: time.nanoseconds) {
      $0.add("fundAccount", link.fundAccount)
      $0.add("counter", link.counter)
      $0.add("reason", link.tls?.words(fault) ?? fault.words)
    }
  }

  mutating func certificateReloaded(_ reload: CertificateReload, at time: Timestamp) {
    for fault in reload.faults {
      writer?.record(.error, "certificateRefused", at: time.nanoseconds) {
        $0.add("file", fault.path)
        $0.add("fault", fault.words)
        $0.add("doing", "new connections are still shown the certificate of before")
      }
    }
    writer?.record(.info, "certificate", at: time.nanoseconds) {
      $0.add("file", reload.path)
      $0.add("isNew", reload.faults.isEmpty)
      $0.add("sha256", reload.facts.fingerprint)
      $0.add("notAfter", reload.facts.notAfter)
    }
  }

  mutating func certificatesNotReloaded(at time: Timestamp) {
    writer?.record(.error, "certificateRefused", at: time.nanoseconds) {
      $0.add("fault", "the system has no thread to read it")
    }
  }

  private mutating func write(_ event: GatewayEvent, _ gateway: borrowing Gateway) {
    let time = gateway.sequencer.now.nanoseconds
    switch event {
    case .terminalRefused(let address):
      guard let leftOut = terminalsRefused.take(at: gateway.sequencer.now) else { return }
      writer?.record(.warning, "terminalRefused", at: time) {
        $0.add("address", GatewayLog.text(address))
        $0.add("reason", "every place is taken")
        if leftOut > 0 { $0.add("leftOut", leftOut) }
      }
    case .logonAccepted(let session, let account, let address, let origin):
      let name = gateway.name(account)
      writer?.record(.info, "logonAccepted", at: time) {
        $0.add("account", name)
        $0.add("session", session.raw)
        GatewayLog.add(address, origin, to: &$0)
      }
    case .logonRefused(let asked, _, let address, let origin, let rule):
      writer?.record(.warning, "logonRefused", at: time) {
        $0.add("account", asked)
        $0.add("rule", GatewayLog.name(rule))
        GatewayLog.add(address, origin, to: &$0)
      }
    case .terminalEnded(let session, let account, let address, let end):
      let name = gateway.name(account)
      writer?.record(.info, "terminalEnded", at: time) {
        GatewayLog.add(name, session, address, to: &$0)
        $0.add("reason", end.reason.words)
        if let fault = end.fault { $0.add("fault", fault.description) }
      }
    case .terminalLost(let session, let account, let address):
      let name = gateway.name(account)
      writer?.record(.info, "terminalLost", at: time) {
        GatewayLog.add(name, session, address, to: &$0)
      }
    case .controllerAccepted, .controllerRefused, .controllerEnded, .controllerLost:
      writeController(event, gateway, time)
    case .linkUp, .linkReady, .linkEnded, .linkGap: writeLink(event, gateway, time)
    case .notice(let notice): write(notice, gateway, time)
    case .commandRefused(let refusal): write(refusal, gateway, time)
    case .controlTaken(let taken): write(taken, gateway, time)
    case .controlRefused(let done): write(done, gateway, time)
    case .liquidationProgress(let progress): write(progress, gateway, time)
    // Said with its error where it was met.
    case .journalFailed, .journalLow: break
    case .journalHasRoom: writer?.record(.warning, "journalHasRoom", at: time)
    case .journalRecovered: writer?.record(.warning, "journalRecovered", at: time)
    case .stopping: writer?.record(.info, "stopping", at: time)
    }
  }

  private mutating func writeLink(
    _ event: GatewayEvent, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    switch event {
    case .linkUp(let fund, let epoch, let last):
      let name = gateway.name(fund)
      writer?.record(.info, "linkUp", at: time) {
        $0.add("fundAccount", name)
        $0.add("epoch", epoch)
        $0.add("lastCounterSequence", last)
      }
    case .linkReady(let fund, let epoch):
      let name = gateway.name(fund)
      writer?.record(.info, "linkReady", at: time) {
        $0.add("fundAccount", name)
        $0.add("epoch", epoch)
      }
    case .linkEnded(let fund, let end):
      let name = gateway.name(fund)
      writer?.record(end.cause == .requested ? .info : .warning, "linkEnded", at: time) {
        $0.add("fundAccount", name)
        $0.add("cause", "\(end.cause)")
        if end.counterReason != .unknown { $0.add("counterSays", "\(end.counterReason)") }
        $0.add("wasUp", end.wasUp)
      }
    case .linkGap(let fund, let expected, let found):
      let name = gateway.name(fund)
      writer?.record(.warning, "linkGap", at: time) {
        $0.add("fundAccount", name)
        $0.add("expected", expected)
        $0.add("found", found)
      }
    default: break
    }
  }

  private mutating func write(
    _ notice: Notice, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    let scope = gateway.name(of: notice.scopeKind, notice.scopeID)
    let scheme = gateway.schemeName(notice.scheme)
    writer?.record(notice.kind.logLevel, "notice", at: time) {
      $0.add("kind", "\(notice.kind)")
      if notice.rule != .none { $0.add("rule", GatewayLog.name(notice.rule)) }
      $0.add("scope", "\(notice.scopeKind)")
      if !scope.isEmpty { $0.add("name", scope) }
      if !notice.order.isNone { $0.add("order", notice.order) }
      if notice.level != .unknown { $0.add("level", "\(notice.level)") }
      if notice.clause != 0 {
        $0.add("scheme", scheme)
        $0.add("clause", UInt64(notice.clause))
      }
      GatewayLog.add("observed", notice.observed, to: &$0)
      GatewayLog.add("limit", notice.limit, to: &$0)
    }
  }

  private mutating func write(
    _ progress: LiquidationProgress, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    let account = gateway.name(progress.account)
    writer?.record(.warning, "liquidation", at: time) {
      $0.add("account", account)
      $0.add("number", progress.number)
      $0.add("owner", "\(progress.owner)")
      $0.add("phase", "\(progress.phase)")
      if progress.end != .unknown { $0.add("end", "\(progress.end)") }
      if !progress.who.isEmpty { $0.add("who", progress.who) }
      if progress.rule != .none { $0.add("rule", GatewayLog.name(progress.rule)) }
      if progress.waits != .none { $0.add("waits", GatewayLog.name(progress.waits)) }
      $0.add("lotsLeft", Int64(progress.lotsLeft))
      $0.add("lotsWorking", Int64(progress.lotsWorking))
      $0.add("orders", UInt64(progress.orders))
    }
  }

  private mutating func write(
    _ refusal: Refusal, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    let scope = gateway.name(of: refusal.scopeKind, refusal.scopeID)
    writer?.record(.error, "commandRefused", at: time) {
      $0.add("rule", GatewayLog.name(refusal.rule))
      $0.add("scope", "\(refusal.scopeKind)")
      if !scope.isEmpty { $0.add("name", scope) }
      GatewayLog.add("observed", refusal.observed, to: &$0)
      GatewayLog.add("limit", refusal.limit, to: &$0)
      GatewayLog.add("asked", refusal.asked, to: &$0)
    }
  }

  // What is absent is left out.

  private static func add(_ name: StaticString, _ figure: Int64, to fields: inout LogFields) {
    if figure != .min { fields.add(name, figure) }
  }

  /// A terminal that may not have logged on.
  private static func add(
    _ account: Name, _ session: SessionID, _ address: NetworkAddress, to fields: inout LogFields
  ) {
    if !account.isEmpty { fields.add("account", account) }
    if session != .none { fields.add("session", session.raw) }
    fields.add("address", text(address))
  }

  static func add(
    _ address: NetworkAddress, _ origin: LogonOrigin, to fields: inout LogFields
  ) {
    fields.add("address", text(address))
    if origin.mac != .none { fields.add("mac", hexadecimal: origin.mac.raw) }
    if !origin.terminalName.isEmpty { fields.add("terminal", origin.terminalName) }
    if !origin.terminalVersion.isEmpty { fields.add("version", origin.terminalVersion) }
  }

  /// As the rule book calls it.
  static func name(_ rule: RuleID) -> String {
    RuleTable.row(rule)?.name ?? "\(rule.rawValue)"
  }

  static func text(_ address: NetworkAddress) -> String {
    SocketAddress(address: address, port: 0).host
  }
}

extension NoticeKind {
  /// What a healthy day brings is info; debug is what every day brings by the thousand.
  fileprivate var logLevel: LogLevel {
    switch self {
    // A link's ups and downs have lines of their own.
    case .fundAccountDeclined, .linkUp, .linkDown, .resynced: .debug
    case .dayStarted, .unsentLots, .deliveryMonthNet, .rateAccount, .selfTradeClose,
      .tradeMapped, .lineReleased, .configurationChanged, .clauseReleased,
      .netValueLineReleased, .budgetReleased, .productFeesAccrued:
      .info
    case .unknown, .overFill, .unknownChild, .reportAfterEnd, .unmappedTrade,
      .counterSequenceGap, .orderRateBar, .accountLocked, .clockBack, .clockForward, .overClose,
      .fundsDiffer, .childUnanswered, .instrumentRejected, .holderOverflow,
      .disconnectCancel, .fundOrderRateBar, .unmappedHeld, .lineReached, .clauseReached,
      .exposureIgnored, .netValueLineReached, .liquidationStarted, .liquidationEnded,
      .liquidationRest, .overnightExceeded, .windowRest, .budgetWarned, .budgetReached,
      .budgetUncounted:
      .warning
    }
  }
}
