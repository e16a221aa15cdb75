import Client
import Domain
import Session
import Terminal
import Wire

/// Runs one controller's client for a person or a script, on the calling thread, to its end.
public enum DeskRun {
  public struct Settings: Sendable {
    public var language: Language
    public var isJSON = false
    /// Goes on showing notices when there are no more lines.
    public var follows = false
    /// How many lines the screen has that is written to, asked for each time something is drawn;
    /// 0 = it is none: what changes is a line each, instead of a table that is drawn again in its
    /// place.
    public var screenLines: @Sendable () -> Int = { 0 }
    /// Told of everything that happens, on the calling thread, beside what is shown.
    public var hears: (@Sendable (DeskEvent) -> Void)?

    public init(language: Language) { self.language = language }
  }

  /// - Parameters:
  ///   - password: wiped here when the client has it.
  ///   - show: a line with its end, and whether it is a complaint.
  public static func run(
    _ settings: Settings, _ logon: DeskLogon, password: inout FixedText<128>,
    to address: SocketAddress, tls: TLSClient?, input: Int32, stopsOnSignals: Bool = true,
    show: (String, Bool) -> Void
  ) throws(LoopError) -> ExitCode {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let client = DeskClient(logon, password: password, at: loop.now)
    withUnsafeMutableBytes(of: &password) { Secrets.wipe($0) }
    if stopsOnSignals {
      loop.watch(signal: 2)
      loop.watch(signal: 15)
      if settings.screenLines() > 0 { loop.watch(signal: ScreenModes.resized) }
    }
    return try withoutActuallyEscaping(show) { (show) throws(LoopError) in
      guard let reader = LineReader(input, loop.makeWaker()) else { throw .failed(errno: 24) }
      var driver = DeskDriver(settings, client, reader, address, tls, show)
      driver.start(&loop)
      loop.run(&driver)
      driver.leaveScreen()
      return driver.exitCode
    }
  }
}

/// Joins a `DeskClient` to a connection and to its lines.
private struct DeskDriver: ~Copyable, LoopDriver {
  private static let timer = 0

  private let settings: DeskRun.Settings
  private var client: DeskClient
  private let reader: LineReader
  private let address: SocketAddress
  private let tls: TLSClient?
  private let show: (String, Bool) -> Void
  private var connection: ConnectionID?
  private var events: [DeskEvent] = []
  /// Requests without an answer.
  private var waiting = 0
  /// Subscriptions to accounts whose first picture is not whole.
  private var incomplete: Set<UInt64> = []
  private var board = AccountsBoard()
  /// Lines of the table that stands last on the screen; 0 = something else does.
  private var drawn = 0
  private var hasDrawn = false
  private var linesEnded = false
  private(set) var exitCode = ExitCode.fine
  private var isOver = false

  init(
    _ settings: DeskRun.Settings, _ client: DeskClient, _ reader: consuming LineReader,
    _ address: SocketAddress, _ tls: TLSClient?, _ show: @escaping (String, Bool) -> Void
  ) {
    self.settings = settings
    self.client = client
    self.reader = reader
    self.address = address
    self.tls = tls
    self.show = show
  }

  mutating func start(_ loop: inout EventLoop) {
    connection = loop.connect(
      to: address, tag: 0, timeoutMilliseconds: UInt64(SessionTiming.connectSeconds) * 1000,
      tls: tls)
    if connection == nil { over(.connectionLost, &loop) }
  }

  private mutating func over(_ code: ExitCode, _ loop: inout EventLoop) {
    guard !isOver else { return }
    isOver = true
    if exitCode == .fine { exitCode = code }
    loop.stop()
  }

  private mutating func tell(_ event: DeskEvent) {
    settings.hears?(event)
    if settings.isJSON {
      show(DeskJSON.line(event) + "\n", false)
      return
    }
    if case .accounts(let event) = event, settings.screenLines() > 0 {
      board.take(event)
      if case .complete = event { draw() }
      return
    }
    drawn = 0
    var isComplaint = false
    switch event {
    case .answer(let answer): isComplaint = answer.refusal.rule != 0
    case .businessReject: isComplaint = true
    case .ended(let end): isComplaint = end.cause != .requested
    default: break
    }
    show(DeskText.words(event, settings.language) + "\n", isComplaint)
  }

  /// The tables of all subscriptions, in the place of those before where nothing came between.
  private mutating func draw() {
    // What does not fit the screen can't be drawn again in its place.
    let share = max(settings.screenLines() - 2, 1) / max(board.pictures.count, 1)
    var lines: [String] = []
    for (_, picture) in board.pictures.sorted(by: { $0.key < $1.key }) where picture.isWhole {
      lines += AccountsTable.lines(
        picture, settings.language, rowsMaximum: max(share - 4, 1)
      ).prefix(max(share, 3))
    }
    let back = drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : ""
    // A line that is wider than the screen ends at its edge: each is one line there.
    show(
      back + "\u{1B}[?7l" + lines.map { $0 + "\n" }.joined() + "\u{1B}[?7h", false)
    drawn = lines.count
    hasDrawn = true
  }

  /// Lines go on at the edge again, whatever Control-C had the system throw away of a table that
  /// was on its way to the screen.
  func leaveScreen() {
    if hasDrawn { show("\u{1B}[?7h", false) }
  }

  // MARK: The connection

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    client.connected(at: loop.now)
  }

  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    var told: [DeskEvent] = []
    let consumed = client.received(bytes, at: loop.now) { told.append($0) }
    for event in told { happened(event, &loop) }
    return consumed
  }

  private mutating func happened(_ event: DeskEvent, _ loop: inout EventLoop) {
    tell(event)
    switch event {
    case .answer(let answer):
      waiting -= 1
      if answer.refusal.rule != 0 { exitCode = .lineFailed }
    case .businessReject(let reject):
      waiting -= 1
      incomplete.remove(reject.requestID)
      exitCode = .lineFailed
    case .noticesComplete, .standingEnd, .liquidationsComplete: waiting -= 1
    case .accounts(.complete(let complete)):
      if incomplete.remove(complete.requestID) != nil { waiting -= 1 }
    case .accounts(.end(let end)): accountsEnded(end)
    case .ended(let end): ended(end, &loop)
    case .loggedOn, .notice, .noticesTruncated, .standingRow, .liquidation, .accounts: break
    }
  }

  /// All of them because a line asked for it, or one because the gateway does.
  private mutating func accountsEnded(_ end: DeskProtocol.AccountsEnd) {
    if end.requestID == 0 {
      waiting -= 1 + incomplete.count
      incomplete = []
    } else if incomplete.remove(end.requestID) != nil {
      waiting -= 1
    }
    guard end.reason != .requested else { return }
    exitCode = .lineFailed
  }

  private mutating func ended(_ end: DeskLinkEnd, _ loop: inout EventLoop) {
    if !end.wasLoggedOn, end.cause == .gatewaySaid { exitCode = .logonRefused }
    send(&loop)
    if let connection { loop.close(connection, .owner(CloseReason.terminalEnded)) }
    if end.cause != .requested { over(.connectionLost, &loop) }
  }

  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    if let end = client.disconnected() {
      tell(.ended(end))
      let words = reason.words(tls)
      if !settings.isJSON, !words.isEmpty { show(words + "\n", true) }
      over(.connectionLost, &loop)
    }
    over(.fine, &loop)
  }

  // MARK: Lines

  mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) {
    // The table that stands last takes what the screen has now.
    if signal == ScreenModes.resized {
      if drawn > 0 { draw() }
      return
    }
    exitCode = .signal(signal)
    leave(&loop)
  }

  mutating func beforeSleep(_ loop: inout EventLoop) {
    while client.isLoggedOn, !linesEnded, let line = reader.next() { take(line, &loop) }
    if linesEnded, waiting == 0, !settings.follows, client.isLoggedOn { leave(&loop) }
    send(&loop)
    guard client.deadline != SessionTiming.never else { return }
    loop.startTimer(Self.timer, afterNanoseconds: max(client.deadline - loop.now, 1_000_000))
  }

  private mutating func take(_ line: LineReader.Line, _ loop: inout EventLoop) {
    switch line {
    case .text(let text): take(text, &loop)
    case .tooLong: complain(settings.language.say("the line is too long", "行过长"))
    case .ended: linesEnded = true
    }
  }

  private mutating func take(_ text: String, _ loop: inout EventLoop) {
    drawn = 0
    let line: DeskLine?
    do throws(DeskLine.Fault) {
      line = try DeskLine.read(text)
    } catch {
      return complain(error.words(settings.language))
    }
    let sent: UInt64?
    switch line {
    case nil: return
    case .help: return show(DeskLine.help(settings.language) + "\n", false)
    case .quit:
      linesEnded = true
      return leave(&loop)
    case .control(let control): sent = client.control(control, at: loop.now)
    case .notices(let after): sent = client.subscribeNotices(after: after, at: loop.now)
    case .standing: sent = client.standing(at: loop.now)
    case .liquidations: sent = client.subscribeLiquidations(at: loop.now)
    case .unwatch: sent = client.unsubscribeAccounts(0, at: loop.now) ? 0 : nil
    case .accounts(let watches): return watch(watches, &loop)
    }
    if sent == nil {
      complain(settings.language.say("too much waits to be sent", "待发数据过多"))
    } else {
      waiting += 1
    }
  }

  private mutating func watch(_ watches: [DeskWatch], _ loop: inout EventLoop) {
    for watch in watches {
      let name = watch.scope == .none ? nil : (kind: watch.scope, name: watch.name)
      guard
        let sent = client.subscribeAccounts(
          watch.kinds, of: name, everyMilliseconds: watch.milliseconds, at: loop.now)
      else { return complain(settings.language.say("too much waits to be sent", "待发数据过多")) }
      incomplete.insert(sent)
      waiting += 1
    }
  }

  private mutating func complain(_ words: String) {
    show(words + "\n", true)
    exitCode = .lineFailed
  }

  private mutating func leave(_ loop: inout EventLoop) {
    guard let end = client.stop() else { return over(.fine, &loop) }
    tell(.ended(end))
    ended(end, &loop)
  }

  private mutating func send(_ loop: inout EventLoop) {
    guard let connection else { return }
    client.sendPending { bytes in
      let room = loop.limits.outputBytes - loop.backlog(of: connection)
      let count = min(bytes.count, max(room, 1))
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      return loop.send(connection, part) == .queued ? count : 0
    }
  }

  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    guard let end = client.timeReached(loop.now) else { return }
    tell(.ended(end))
    ended(end, &loop)
  }
}
