import CSluice
import Domain
import Engine
import Gateway
import Ledger
import Metrics

/// Metrics that somebody looks up by name.
public enum GatewayMetricName {
  /// The histogram of turns that took an order: from the moment the loop woke with its bytes until
  /// the child orders and reports of the turn were with the system.
  public static let orderTurn = "sluice_order_turn_seconds"
}

/// A gateway's numbers for whoever looks at metrics.
struct GatewayMeters {
  private struct Counted {
    var count: EventCount
    var value: @Sendable (GatewayCounts) -> UInt64
  }

  /// Messages toward the counter of one fund account.
  private struct LinkGauges {
    var fundAccount: FundAccountID
    var waiting: [(priority: MessagePriority, gauge: Gauge)]
    var quota: Gauge
    var quotaLeft: Gauge
  }

  private struct Table {
    var counted: [Counted]
    var fundAccounts: [LinkGauges]
    var sessions: Gauge
    var terminals: Gauge
    var links: Gauge
    var linksReady: Gauge
    var journal: Gauge
    var journalLow: Gauge
    var handOverFailures: EventCount
    var sequence: Gauge
    var bytesRead: EventCount
    var bytesWritten: EventCount
    var slowWrites: EventCount
    var handshakes: EventCount
    var tlsFailures: EventCount
    var certificateExpiry: Gauge
    var acceptFailures: EventCount
    var orderTurn: HistogramHandle
    var followerLag: Gauge
    var followerDelay: Gauge
    var followerFollows: Gauge
    var followerOverflow: EventCount
    var snapshots: EventCount
    var snapshotFailures: EventCount
    var snapshotSequence: Gauge
    var snapshotBytes: Gauge
    var snapshotNanoseconds: Gauge
  }

  private let table: Table?
  private var ordersSeen: UInt64 = 0

  /// What the gateway itself counts.
  private static func counted(_ metrics: MetricsTable) -> [Counted] {
    var counted: [Counted] = []
    func count(
      _ name: String, _ help: String, labels: [(name: String, value: String)] = [],
      _ value: @escaping @Sendable (GatewayCounts) -> UInt64
    ) {
      counted.append(
        Counted(count: metrics.eventCount(name, help, labels: labels), value: value))
    }
    count("sluice_orders_total", "Orders of terminals") { $0.newOrders }
    count("sluice_orders_accepted_total", "Orders that passed every rule") { $0.ordersAccepted }
    count("sluice_orders_refused_total", "Orders that a rule refused") { $0.ordersRejected }
    count("sluice_cancels_total", "Cancels of terminals") { $0.cancels }
    count("sluice_business_rejects_total", "Messages refused at the edge") { $0.businessRejects }
    count("sluice_fills_total", "Fills reported to terminals") { $0.fills }
    count("sluice_children_total", "Child orders given to links") { $0.childOrders }
    count("sluice_children_unsent_total", "Child orders given to a link that was just ending") {
      $0.childrenUnsent
    }
    count("sluice_counter_reports_total", "Reports of counters") { $0.counterReports }
    count("sluice_reports_total", "Reports sent to terminals") { $0.reportsSent }
    count("sluice_logons_total", "Logons", labels: [("result", "accepted")]) { $0.logonsAccepted }
    count("sluice_logons_total", "Logons", labels: [("result", "refused")]) { $0.logonsRefused }
    count("sluice_terminals_refused_total", "Connections that found no room") {
      $0.terminalsRefused
    }
    count("sluice_slow_terminals_total", "Terminals cut because they did not read") {
      $0.slowTerminalsCut
    }
    count("sluice_ticks_total", "Ticks", labels: [("stage", "received")]) { $0.ticksReceived }
    count("sluice_ticks_total", "Ticks", labels: [("stage", "left_out")]) { $0.ticksLeftOut }
    count("sluice_ticks_total", "Ticks", labels: [("stage", "sequenced")]) { $0.ticksSequenced }
    count("sluice_ticks_total", "Ticks", labels: [("stage", "sent")]) { $0.ticksSent }
    count("sluice_queries_total", "Requests for rows") { $0.queries }
    count("sluice_queries_busy_total", "Requests that were told to come back later") {
      $0.queriesBusy
    }
    let pages = "Pages of rows about accounts, sent to controllers or drawn again for want of room"
    count("sluice_account_pages_total", pages, labels: [("result", "sent")]) { $0.accountPages }
    count("sluice_account_pages_total", pages, labels: [("result", "again")]) {
      $0.accountPagesAgain
    }
    count("sluice_journal_waits_total", "Times the journal took nothing for a moment") {
      $0.journalWaits
    }
    count("sluice_clock_jumps_total", "Jumps of the real-time clock") { $0.clockJumps }
    return counted
  }

  private static let waitingHelp =
    "Orders and cancels that wait for their turn toward a counter that takes so many a second"

  private static func gauges(
    of fundAccount: FundAccountID, _ name: String, _ metrics: MetricsTable
  ) -> LinkGauges {
    let label = (name: "fund_account", value: name)
    let classes: [(MessagePriority, String)] = [
      (.liquidation, "liquidation"), (.cancel, "cancel"), (.closing, "close"),
    ]
    return LinkGauges(
      fundAccount: fundAccount,
      waiting: classes.map { priority, word in
        (
          priority,
          metrics.gauge(
            "sluice_messages_waiting", waitingHelp, labels: [label, (name: "class", value: word)])
        )
      },
      quota: metrics.gauge(
        "sluice_message_quota", "Messages a second that the counter takes; 0 = any number",
        labels: [label]),
      quotaLeft: metrics.gauge(
        "sluice_message_quota_left", "Messages that could leave at once; 0 without a quota",
        labels: [label]))
  }

  /// - Parameter fundAccounts: those with a link, and their names.
  init(_ metrics: MetricsTable?, _ fundAccounts: [(id: FundAccountID, name: String)]) {
    guard let metrics else {
      table = nil
      return
    }
    table = Table(
      counted: GatewayMeters.counted(metrics),
      fundAccounts: fundAccounts.map { GatewayMeters.gauges(of: $0.id, $0.name, metrics) },
      sessions: metrics.gauge("sluice_sessions", "Sessions that are logged on"),
      terminals: metrics.gauge("sluice_terminals", "Connections of terminals"),
      links: metrics.gauge("sluice_links", "Links to counters"),
      linksReady: metrics.gauge("sluice_links_ready", "Links that take orders"),
      journal: metrics.gauge("sluice_journal_available", "1 = the journal can be written"),
      journalLow: metrics.gauge(
        "sluice_journal_low", "1 = no further segment can be made: opening orders are refused"),
      handOverFailures: metrics.eventCount(
        "sluice_journal_hand_over_failures_total",
        "Times the disk did not take what was written to the journal's map"),
      sequence: metrics.gauge("sluice_sequence", "Newest command of the journal"),
      bytesRead: metrics.eventCount("sluice_bytes_read_total", "Bytes read from sockets"),
      bytesWritten: metrics.eventCount("sluice_bytes_written_total", "Bytes written to sockets"),
      slowWrites: metrics.eventCount(
        "sluice_slow_writes_total", "Times a peer did not take at once all there was"),
      handshakes: metrics.eventCount("sluice_tls_handshakes_total", "TLS handshakes completed"),
      tlsFailures: metrics.eventCount("sluice_tls_failures_total", "Connections that TLS ended"),
      certificateExpiry: metrics.gauge(
        "sluice_tls_certificate_expiry_seconds",
        "When the first of the listeners' certificates expires, since 1970; 0 = there is none"),
      acceptFailures: metrics.eventCount(
        "sluice_accept_failures_total", "Times the system could not accept a peer"),
      orderTurn: metrics.histogram(
        GatewayMetricName.orderTurn,
        "From waking with an order's bytes until its children and reports were written"),
      followerLag: metrics.gauge(
        "sluice_follower_lag_commands", "Commands that the follower has not stepped yet"),
      followerDelay: metrics.gauge(
        "sluice_follower_lag_nanoseconds",
        "How old the follower's newest command was when it had stepped it"),
      followerFollows: metrics.gauge(
        "sluice_follower_follows",
        "1 = the follower's engine answers as the deciding one does; 0 = it stopped"),
      followerOverflow: metrics.eventCount(
        "sluice_follower_overflow_bytes_total",
        "Journal bytes that the follower read from the file because its ring was full"),
      snapshots: metrics.eventCount("sluice_snapshots_total", "Snapshots of the state written"),
      snapshotFailures: metrics.eventCount(
        "sluice_snapshot_failures_total", "Snapshots that could not be written or read"),
      snapshotSequence: metrics.gauge(
        "sluice_snapshot_sequence", "Newest command in the newest snapshot; 0 = there is none"),
      snapshotBytes: metrics.gauge("sluice_snapshot_bytes", "Size of the newest snapshot"),
      snapshotNanoseconds: metrics.gauge(
        "sluice_snapshot_nanoseconds", "What writing the newest snapshot took"))
  }

  func publish(_ gateway: borrowing Gateway, _ loop: LoopCounts) {
    guard let table else { return }
    for row in table.counted { row.count.set(Int64(clamping: row.value(gateway.counts))) }
    var ready = 0
    for index in 0..<gateway.linkCount where gateway.isReady(LinkID(index: UInt32(index))) {
      ready += 1
    }
    table.sessions.set(Int64(gateway.sessionCount))
    table.terminals.set(Int64(gateway.terminalCount))
    table.links.set(Int64(gateway.linkCount))
    table.linksReady.set(Int64(ready))
    table.journal.set(gateway.isJournalAvailable ? 1 : 0)
    table.journalLow.set(gateway.isJournalLow ? 1 : 0)
    table.sequence.set(Int64(clamping: gateway.sequencer.engine.sequence))
    for row in table.fundAccounts { publish(row, gateway) }
    table.bytesRead.set(loop.bytesRead)
    table.bytesWritten.set(loop.bytesWritten)
    table.slowWrites.set(loop.slowWrites)
    table.handshakes.set(loop.handshakes)
    table.tlsFailures.set(loop.tlsFailures)
    table.acceptFailures.set(loop.acceptFailures)
  }

  private func publish(_ row: LinkGauges, _ gateway: borrowing Gateway) {
    let messages = gateway.messages(of: row.fundAccount)
    for (priority, gauge) in row.waiting { gauge.set(Int64(messages.waiting(priority))) }
    row.quota.set(messages.quota)
    row.quotaLeft.set(messages.left)
  }

  /// The disk did not take what was written.
  func handOverFailed() { table?.handOverFailures.add() }

  /// The certificates that new connections are shown.
  func publish(_ certificates: [TLSIdentity]) {
    table?.certificateExpiry.set(certificates.map(\.facts.notAfterSeconds).min() ?? 0)
  }

  func publish(_ follower: borrowing FollowerThread) {
    guard let table else { return }
    let progress = follower.progress
    table.followerLag.set(
      Int64(clamping: follower.storedSequence) - Int64(clamping: progress.sequence))
    table.followerDelay.set(progress.delayNanoseconds)
    table.followerFollows.set(progress.fault.isEmpty ? 1 : 0)
    table.followerOverflow.set(Int64(clamping: follower.overflowBytes))
    table.snapshots.set(Int64(clamping: progress.snapshots.written))
    table.snapshotFailures.set(Int64(clamping: progress.snapshots.failures))
    table.snapshotSequence.set(Int64(clamping: progress.snapshots.sequence))
    table.snapshotBytes.set(Int64(clamping: progress.snapshots.byteCount))
    table.snapshotNanoseconds.set(progress.snapshots.nanoseconds)
  }

  /// A turn of the loop is over that woke at this monotonic time.
  mutating func turnEnded(_ gateway: borrowing Gateway, began: Int64) {
    guard gateway.counts.newOrders != ordersSeen else { return }
    ordersSeen = gateway.counts.newOrders
    table?.orderTurn.record(sluice_monotonic_nanoseconds() - began)
  }
}
