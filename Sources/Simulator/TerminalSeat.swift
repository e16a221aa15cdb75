import Client
import Domain
import Session
import Wire

/// Somebody with a terminal: the real client, what was sent and not answered yet, and what was
/// heard, whichever connection or client it came by.
final class TerminalSeat: Seat {
  let index: Int
  let account: Int
  private(set) var client: TerminalClient
  private(set) var connection: SimulatedConnection?
  /// When the world was asked to call again.
  var armedFor = Int64.max
  /// Orders that have had no answer, in the order they were sent.
  private(set) var unanswered: [OrderEntry.NewOrder] = []
  /// Orders that were sent, for cancels and repetitions.
  private(set) var sent: [OrderEntry.NewOrder] = []
  /// Each order as it was told last.
  private(set) var told: [UInt64: OrderEntry.ExecutionReport] = [:]
  /// The newest report that was heard.
  private(set) var lastHeard: UInt64 = 0
  /// The gateway said that what was missed has come.
  private(set) var isUpToDate = false
  /// The newest notice that was heard in this session.
  private var lastNotice: UInt64 = 0
  private var clientCount: UInt64 = 0
  private var mustResend = false
  private(set) var books = SeatBooks()

  init(_ index: Int, _ world: Simulation) {
    self.index = index
    account = SimulatedHouse.seatAccounts[index]
    client = TerminalSeat.makeClient(index, 0, world, lastReport: 0)
  }

  private static func makeClient(
    _ index: Int, _ count: UInt64, _ world: Simulation, lastReport: UInt64
  ) -> TerminalClient {
    let logon = TerminalLogon(
      account: SimulatedHouse.accountNames[SimulatedHouse.seatAccounts[index]],
      terminalName: FixedText("seat")!, terminalVersion: FixedText("1")!,
      heartbeatIntervalSeconds: 4)
    let number = UInt64(index) << 32 | count
    return TerminalClient(
      logon, password: SimulatedHouse.password,
      ids: ClOrdIDSource(prefix: "s\(index)", seed: number)!, lastReportSequence: lastReport,
      seed: world.settings.seed &+ number, at: world.clock.now)
  }

  var isLoggedOn: Bool { client.isLoggedOn && isUpToDate }
  /// Nothing is missing and nothing is owed.
  var isSettled: Bool { isLoggedOn && unanswered.isEmpty }

  // MARK: The client

  /// The terminal is started anew: it knows the newest report or nothing, and what it had sent.
  func restart(_ world: Simulation, remembers: Bool) {
    if let connection {
      world.close(connection, fromGateway: false, isCut: true)
      self.connection = nil
    }
    clientCount += 1
    isUpToDate = false
    books.disconnected()
    mustResend = true
    if !remembers {
      told = [:]
      lastHeard = 0
    }
    client = TerminalSeat.makeClient(
      index, clientCount, world, lastReport: remembers ? lastHeard : 0)
    arm(world)
  }

  func timeReached(_ world: Simulation) {
    armedFor = .max
    guard client.deadline <= world.clock.now else { return arm(world) }
    switch client.timeReached(world.clock.now) {
    case .nothing: break
    case .connect: connection = world.connectSeat(self)
    case .close(let end): ended(end, world)
    case .cut:
      if let connection { world.close(connection, fromGateway: false, isCut: true) }
      disconnected(world)
    }
    flush(world)
    arm(world)
  }

  func connected(_ world: Simulation) {
    isUpToDate = false
    client.connected(at: world.clock.now)
    flush(world)
    arm(world)
  }

  func disconnected(_ world: Simulation) {
    connection = nil
    isUpToDate = false
    books.disconnected()
    _ = client.disconnected(at: world.clock.now)
    if client.link.isStopped { restart(world, remembers: true) }
    arm(world)
  }

  func read(
    _ bytes: UnsafeRawBufferPointer, _ world: Simulation, _ says: (ClientEvent) -> Void
  ) -> Int { client.received(bytes, at: world.clock.now, says) }

  func sendPending(_ take: (UnsafeRawBufferPointer) -> Int) { client.sendPending(take) }

  func heard(
    _ event: ClientEvent, over connection: SimulatedConnection, _ world: Simulation
  ) {
    books.heard(event, &client, at: world.clock.now)
    switch event {
    case .loggedOn: break
    case .resumed(let last, let first):
      if first != 0 { world.fail("seat \(index): reports before \(first) are lost") }
      if last < lastHeard { world.fail("seat \(index): \(last) after \(lastHeard)") }
      lastHeard = max(lastHeard, last)
      isUpToDate = true
      lastNotice = client.newestNotice
      _ = client.subscribeNotices(after: lastNotice, at: world.clock.now)
      resend(world)
    case .report(let report): heard(report, world)
    case .notice(let notice): heard(notice, world)
    case .businessReject(let reject):
      world.trace("seat \(index): \(reject.text.string) \(reject.refRequestID)")
      let isRefused = reject.refusal.rule == RuleID.journalUnavailable.rawValue
      if isRefused, world.lowSince < .max { world.counts.lowRefusals += 1 }
      unanswered.removeAll { $0.clOrdID == reject.refRequestID }
    case .ended(let end): ended(end, world)
    case .account(let update):
      if let fault = SeatBooks.fault(update) {
        world.fail("seat \(index): its money does not add up: \(fault)")
      }
    case .position(let update):
      if let fault = SeatBooks.fault(update) {
        world.fail("seat \(index): \(update.side) in \(update.instrument): \(fault)")
      }
    case .massCancelReport, .tick, .instrument, .instrumentsEnd, .orderRow, .tradeRow,
      .limitRow, .queryEnd, .findingRow, .routeRow, .roomRow, .explainEnd,
      .noticesComplete, .noticesTruncated:
      break
    }
  }

  /// Each once, in their order, and nobody else's.
  private func heard(_ notice: OrderEntry.Notice, _ world: Simulation) {
    if notice.number <= lastNotice {
      world.fail("seat \(index): notice \(notice.number) after \(lastNotice)")
    }
    lastNotice = notice.number
    let own = SimulatedHouse.accountNames[account]
    if notice.scopeKind == .operationAccount, notice.scopeName != own {
      world.fail("seat \(index): a notice about \(notice.scopeName.string)")
    }
    world.counts.noticesHeard += 1
  }

  private func heard(_ report: OrderEntry.ExecutionReport, _ world: Simulation) {
    world.trace(
      "seat \(index) hears \(report.reportSequence): \(report.execType) \(report.clOrdID) "
        + "\(report.state) \(report.cumulativeLots) + \(report.leavesLots)")
    unanswered.removeAll { $0.clOrdID == report.clOrdID }
    if report.reportSequence != 0 {
      let isNext = report.reportSequence == lastHeard + 1 || lastHeard == 0
      if !isNext { world.fail("seat \(index) hears \(report.reportSequence) after \(lastHeard)") }
      lastHeard = report.reportSequence
      if !report.orderID.isNone { told[report.orderID.raw] = report }
    }
  }

  private func ended(_ end: TerminalLinkEnd, _ world: Simulation) {
    world.trace("seat \(index) ends: \(end.cause) \(end.reason)")
    switch end.cause {
    case .badBytes, .unexpectedMessage, .reportsMissed, .reportsForgotten:
      world.fail("seat \(index): \(end.cause)")
    case .connectFailed, .connectionLost, .gatewayEnded, .noAnswer, .silence, .requested: break
    }
    flush(world)
    if let connection { world.close(connection, fromGateway: false) }
    disconnected(world)
  }

  // MARK: Sending

  func arm(_ world: Simulation) {
    let deadline = client.deadline
    guard deadline != SessionTiming.never, deadline < armedFor else { return }
    armedFor = deadline
    world.agenda.add(.seat(index), at: max(deadline, world.clock.now))
  }

  /// Orders without an answer leave again under their first id.
  private func resend(_ world: Simulation) {
    if mustResend {
      for order in unanswered { _ = client.place(order, at: world.clock.now) }
      mustResend = false
    } else {
      _ = client.resendUnanswered(at: world.clock.now)
    }
  }

  /// An order that was sent before, whether it had its answer or not.
  func repeatOrder(_ order: OrderEntry.NewOrder, _ world: Simulation) {
    guard client.place(order, at: world.clock.now).isSent else { return }
    world.trace("seat \(index) repeats \(order.clOrdID)")
    flush(world)
    arm(world)
  }

  func place(_ ticket: OrderTicket, _ world: Simulation) {
    guard case .sent(let id) = client.place(ticket, at: world.clock.now) else { return }
    guard let order = client.model.order(id)?.request else {
      return world.fail("seat \(index): the client does not know what it sent")
    }
    world.trace(
      "seat \(index) places \(id) \(order.instrument) \(order.side) \(order.offset) \(order.lots)")
    sent.append(order)
    unanswered.append(order)
    flush(world)
    arm(world)
  }

  func cancel(_ id: ClOrdID, _ world: Simulation) {
    world.trace("seat \(index) cancels \(id)")
    _ = client.cancel(id, at: world.clock.now)
    flush(world)
    arm(world)
  }

  func cancelAll(_ world: Simulation) {
    world.trace("seat \(index) cancels all")
    _ = client.cancelAll(at: world.clock.now)
    flush(world)
    arm(world)
  }

  func query(
    _ kind: OrderEntry.QueryKind, rows: UInt32, _ world: Simulation
  ) {
    var filter = TerminalClient.QueryFilter()
    filter.maximumRows = rows
    _ = client.query(kind, filter, at: world.clock.now)
    flush(world)
    arm(world)
  }

  func subscribeAccount(_ world: Simulation) {
    _ = client.subscribeAccount(
      [.funds, .positions], intervalMilliseconds: 200, at: world.clock.now)
    flush(world)
    arm(world)
  }

  /// What it was told of its orders, positions and money is old: to be asked for again.
  func forgetBooks() { books = SeatBooks() }

  /// Asks for its orders, positions and money, all of them.
  func askBooks(_ world: Simulation) {
    books.begin(&client, at: world.clock.now)
    flush(world)
    arm(world)
  }

  func subscribe(_ entries: [OrderEntry.SubscribeTicks.InstrumentsEntry], _ world: Simulation) {
    _ = client.subscribe(entries, at: world.clock.now)
    flush(world)
    arm(world)
  }

  /// Orders of its own that are told to work.
  var workingOrders: [OrderEntry.NewOrder] {
    sent.suffix(24).filter { client.model.order($0.clOrdID)?.isWorking == true }
  }
}
