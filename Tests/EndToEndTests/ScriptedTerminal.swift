import Domain
import Session
import Testing
import Wire

@testable import Runtime

/// A terminal that a test plays message by message: nothing is answered, dropped or repaired by
/// itself, so that what it heard is what was sent.
final class ScriptedTerminal {
  let account: String
  /// Kept running as long as there is a terminal.
  let house: House
  let socket: PatientSocket

  private(set) var accepted: OrderEntry.LogonAccepted?
  private(set) var logout: OrderEntry.Logout?
  private(set) var resumed: OrderEntry.ResumeComplete?
  private(set) var truncated: OrderEntry.ResumeTruncated?
  private(set) var reports: [OrderEntry.ExecutionReport] = []
  private(set) var rejects: [OrderEntry.BusinessReject] = []
  private(set) var massCancels: [OrderEntry.MassCancelReport] = []
  private(set) var ticks: [OrderEntry.Tick] = []
  private(set) var orderRows: [OrderEntry.OrderRow] = []
  private(set) var tradeRows: [OrderEntry.TradeRow] = []
  private(set) var positions: [OrderEntry.PositionUpdate] = []
  private(set) var funds: [OrderEntry.AccountUpdate] = []
  private(set) var limits: [OrderEntry.LimitRow] = []
  private(set) var instruments: [OrderEntry.InstrumentDefinition] = []
  private(set) var queryEnds: [OrderEntry.QueryEnd] = []
  private(set) var findings: [OrderEntry.FindingRow] = []
  private(set) var routes: [OrderEntry.RouteRow] = []
  private(set) var rooms: [OrderEntry.RoomRow] = []
  private(set) var notices: [OrderEntry.Notice] = []
  private(set) var explainEnds: [OrderEntry.ExplainEnd] = []
  /// Answers that knew of a report which had not come yet.
  private(set) var answersAhead = 0
  /// Messages of other kinds, and of money and positions.
  private(set) var others = 0
  private var unread: [UInt8] = []

  init(
    _ house: House, _ account: String, isNarrow: Bool = false, tls: TLSClient? = nil
  ) throws {
    self.house = house
    self.account = account
    socket =
      try tls.map { try SecureSocket(to: house.address, $0) }
      ?? PatientSocket(to: house.address, isNarrow: isNarrow)
  }

  deinit {
    // Before the house is let go of, which waits for its terminals.
    socket.close()
  }

  // MARK: Sending

  func send(_ message: some WireMessage) throws { try socket.send(Self.bytes(message)) }

  static func bytes(_ message: some WireMessage) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: message.frameLength)
    let count = try bytes.withUnsafeMutableBytes { try message.encode(into: $0) }
    return Array(bytes[..<count])
  }

  /// Asks to be let in; with the account's own password unless another is given.
  func sendLogon(
    password: FixedText<128>? = nil, mac: MACAddress = .none, lastReport: UInt64 = 0,
    heartbeatSeconds: UInt16 = 60
  ) throws {
    try send(
      OrderEntry.Logon(
        account: try #require(Name(account)), macAddress: mac,
        terminalName: try #require(FixedText("scripted")),
        terminalVersion: try #require(FixedText("1")), schemaVersion: OrderEntry.version,
        heartbeatIntervalSeconds: heartbeatSeconds, lastTradingDay: House.day,
        lastReportSequence: lastReport,
        password: try password ?? house.password(of: account)))
  }

  /// Is let in, and hears what it missed.
  func logOn(lastReport: UInt64 = 0) throws {
    try sendLogon(lastReport: lastReport)
    try wait(for: "the logon of \(account)") { $0.resumed != nil || $0.logout != nil }
    try #require(logout == nil, "\(account) was not let in")
  }

  func order(
    _ id: String, _ side: Side = .buy, lots: Lots = 1, at yuan: Int64 = 3_100,
    offset: Offset = .open, instrument: InstrumentCode? = nil
  ) throws -> OrderEntry.NewOrder {
    OrderEntry.NewOrder(
      clOrdID: try #require(ClOrdID(id)), account: try #require(Name(account)),
      instrument: instrument ?? house.instrument, side: side, offset: offset,
      hedge: .speculation, type: .limit, timeInForce: .day,
      price: Price(units: yuan * Price.unitsPerYuan), lots: lots)
  }

  func place(
    _ id: String, _ side: Side = .buy, lots: Lots = 1, at yuan: Int64 = 3_100,
    offset: Offset = .open
  ) throws {
    try send(order(id, side, lots: lots, at: yuan, offset: offset))
  }

  /// Has so many orders refused on record that the journal, in segments of the least size, has
  /// three of them.
  func beginThreeSegments() throws {
    for part in 0..<30 {
      for number in 0..<100 { try place("f-\(part)-\(number)", lots: 400) }
      try report(.rejected, of: "f-\(part)-99")
    }
  }

  func cancel(_ order: String) throws {
    try send(
      OrderEntry.CancelOrder(
        requestID: try #require(ClOrdID("x-" + order)), account: try #require(Name(account)),
        targetClOrdID: try #require(ClOrdID(order))))
  }

  // MARK: Hearing

  /// Reads until it is so; the test fails when it is not in time, or the connection ends before.
  func wait(for what: String, until isSo: (ScriptedTerminal) -> Bool) throws {
    let deadline = Deadline()
    while !isSo(self) {
      do {
        let bytes = try socket.read(by: deadline, what)
        try take(bytes)
        if bytes.isEmpty, !isSo(self) { throw Overdue(what: "\(what) before its connection ended") }
      } catch let overdue as Overdue {
        _ = house.log.found()
        throw Overdue(
          what: """
            \(account): \(overdue.what)
            heard: \(kinds.map { "\($0)" }.joined(separator: " "))
            refused by: \(refusedBy.map { "\($0)" }.joined(separator: " "))
            log: \(house.log.lines.suffix(30).joined(separator: "\n"))
            """)
      }
    }
  }

  /// Reads to the end of the connection.
  func waitForEnd() throws {
    let deadline = Deadline()
    while socket.end == nil {
      try take(try socket.read(by: deadline, "the end of \(account)'s connection"))
    }
    #expect(unread.isEmpty, "a connection ends between messages")
  }

  /// The first report of this kind about an order.
  @discardableResult
  func report(
    _ kind: ExecType, of id: String, times: Int = 1
  ) throws -> OrderEntry.ExecutionReport {
    let all = { (terminal: ScriptedTerminal) in
      terminal.reports.filter { $0.execType == kind && $0.clOrdID == ClOrdID(id) }
    }
    try wait(for: "\(kind) of \(id)") { all($0).count >= times }
    return all(self)[times - 1]
  }

  /// What was heard of an order, in order.
  func kinds(of id: String) -> [ExecType] {
    reports.filter { $0.clOrdID == ClOrdID(id) }.map(\.execType)
  }

  /// All that was heard, in order.
  var kinds: [ExecType] { reports.map(\.execType) }

  /// The rules that refused orders, in order.
  var refusedBy: [RuleID] {
    reports.filter { $0.execType == .rejected }.map { RuleID(rawValue: $0.refusal.rule) ?? .none }
  }

  /// Numbers of the reports that have one, as they came.
  var sequences: [UInt64] { reports.map(\.reportSequence).filter { $0 != 0 } }

  private func take(_ bytes: [UInt8]) throws {
    unread += bytes
    var used = 0
    try unread.withUnsafeBytes { bytes in
      while case .frame(let frame) = FrameScanner.scan(
        UnsafeRawBufferPointer(rebasing: bytes[used...]), limit: Framing.outboundMaximum)
      {
        note(try OrderEntry.Message(frame))
        used += frame.length
      }
    }
    unread.removeFirst(used)
  }

  private func note(_ message: OrderEntry.Message) {
    switch message {
    case .logonAccepted(let message): accepted = message.value
    case .logout(let message): logout = message.value
    case .resumeComplete(let message): resumed = message.value
    case .resumeTruncated(let message): truncated = message.value
    case .executionReport(let message): reports.append(message.value)
    case .businessReject(let message): rejects.append(message.value)
    case .massCancelReport(let message): massCancels.append(message.value)
    case .tick(let message): ticks.append(message.value)
    case .orderRow(let message): orderRows.append(message.value)
    case .tradeRow(let message): tradeRows.append(message.value)
    case .positionUpdate(let message):
      positions.append(message.value)
      others += 1
    case .accountUpdate(let message):
      funds.append(message.value)
      others += 1
    case .queryEnd(let message):
      queryEnds.append(message.value)
      if message.reportSequence > sequences.last ?? 0 { answersAhead += 1 }
    case .instrumentDefinition(let message): instruments.append(message.value)
    case .limitRow(let message): limits.append(message.value)
    case .findingRow(let message): findings.append(message.value)
    case .routeRow(let message): routes.append(message.value)
    case .roomRow(let message): rooms.append(message.value)
    case .explainEnd(let message):
      explainEnds.append(message.value)
      if message.reportSequence > sequences.last ?? 0 { answersAhead += 1 }
    case .notice(let message): notices.append(message.value)
    case .heartbeat, .instrumentsEnd, .noticesComplete, .noticesTruncated, .subscribeNotices,
      .logon, .newOrder, .cancelOrder, .massCancel,
      .subscribeTicks, .unsubscribeTicks, .instrumentsRequest, .query, .subscribeAccount,
      .tryOrder, .whyOrder, .roomRequest:
      others += 1
    }
  }
}
