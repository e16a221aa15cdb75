/// Everything that can go wrong in a run. Raw values are names on the command line.
public enum FaultKind: String, CaseIterable, Sendable {
  // Connections.
  case dropConnection = "drop-connection"
  /// Bytes arrive in parts, cut anywhere.
  case splitBytes = "split-bytes"
  /// Nothing passes any more, and nobody is told.
  case silentConnection = "silent-connection"
  case slowLink = "slow-link"
  /// A terminal stops reading for a while.
  case slowReader = "slow-reader"
  case counterDown = "counter-down"

  // The gateway's machine.
  case crash
  /// The gateway is told to stop, finishes what is in hand, says goodbye, and is started again.
  case gracefulStop = "graceful-stop"
  /// What was not synced is lost or torn; only where the gateway syncs before it answers.
  case powerLoss = "power-loss"
  case diskFull = "disk-full"
  /// No further segment can be made: the last one is kept for what lessens risk.
  case diskLow = "disk-low"
  case diskError = "disk-error"
  /// A snapshot is other than it was written.
  case snapshotDamage = "snapshot-damage"
  case clockForward = "clock-forward"
  case clockBack = "clock-back"

  // The day.
  case daySwitch = "day-switch"
  /// The gateway's day begins while counters still have yesterday's orders, and links are down.
  case earlyDaySwitch = "early-day-switch"

  // Terminals and controllers.
  case terminalRestart = "terminal-restart"
  /// An order that was sent before is sent again.
  case resend
  case controller

  // Counters.
  case counterRefuses = "counter-refuses"
  case counterDropsBefore = "counter-drops-before"
  case counterDropsAfter = "counter-drops-after"
  case counterAnswersLate = "counter-answers-late"
  case counterDelaysReports = "counter-delays-reports"
  case counterDuplicates = "counter-duplicates"
  case counterFillsInParts = "counter-fills-in-parts"
  case counterOverFills = "counter-over-fills"
  case counterReportsUnknown = "counter-reports-unknown"
  case counterTradesFirst = "counter-trades-first"
  case foreignOrder = "foreign-order"
  /// A cancel leaves right behind its order.
  case quickCancel = "quick-cancel"

  var index: Int { FaultKind.allCases.firstIndex(of: self) ?? 0 }
}

/// Which kinds of faults a run has.
struct FaultSet: Equatable, Sendable {
  private var bits: UInt64 = 0

  init(_ kinds: some Sequence<FaultKind>) {
    for kind in kinds { bits |= 1 << UInt64(kind.index) }
  }

  func contains(_ kind: FaultKind) -> Bool { bits >> UInt64(kind.index) & 1 == 1 }
  mutating func remove(_ kind: FaultKind) { bits &= ~(1 << UInt64(kind.index)) }
  var kinds: [FaultKind] { FaultKind.allCases.filter { contains($0) } }
}

/// Where a process can die: before and after each call of its storage and its network.
public enum CrashPoint: Int, CaseIterable, Sendable {
  case beforeAppend, duringAppend, afterAppend, beforeSync, afterSync
  case beforeOpen, afterOpen
  case duringSnapshot, afterSnapshot
  case beforeConnect, afterConnect, beforeSend, afterSend, beforeClose, afterClose
}
