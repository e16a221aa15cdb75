import Client
import Domain
import Session
import Wire

/// A person or a script at a terminal, without I/O: lines and events in, lines and an exit code
/// out.
///
/// Its owner hands over a line when `wantsLine`, every event of the client, `settled` after what
/// came together, `timeReached` at `deadline`, and `ended` when the connection is gone; after each
/// call it shows `takeOutput` and, once `isLeaving`, lets the client leave. A script's order or
/// subscription waits for its answer before the next line; a person's does not.
public struct Shell: Sendable {
  public struct Settings: Equatable, Sendable {
    public var language = Language.english
    public var isJSON = false
    public var hasColours = false
    /// A script stops at its first failure, unless it keeps going.
    public var isScript = false
    public var keepsGoing = false
    /// How long the logon and each line may take.
    public var timeoutSeconds: Int64 = 10
    /// Stands before the line's number in complaints.
    public var source = ""
    /// Instruments are asked for after the logon, for `completion`.
    public var completes = false

    public init() {}
  }

  /// Something to show.
  public struct Output: Equatable, Sendable {
    /// Without the end of the line.
    public var text: String
    /// For standard error.
    public var isComplaint = false
  }

  /// What stands between a line and the next one.
  enum Waiting: Equatable, Sendable {
    case answer(ClOrdID)
    case cancel(request: ClOrdID, of: ClOrdID)
    case cancels(request: ClOrdID, of: [ClOrdID])
    /// The answer to this request, which stands behind every refusal of what went before it.
    case subscription(request: UInt32)
    case instruments
    case rows
    case explanation
    /// The request of notices that is being answered.
    case notices(request: UInt32)
    case allFinal
    case final(ClOrdID)
    case filled(ClOrdID)
  }

  /// The list of instruments that is being asked for, page by page.
  struct InstrumentPage: Sendable {
    /// The request that is being answered; 0 = none.
    var request: UInt32 = 0
    var exchange = Exchange.unknown
    var commodity = CommodityCode()
    var rows: [OrderEntry.InstrumentDefinition] = []
    /// The page is complete, and so many more are behind it.
    var remaining: UInt32?
  }

  enum Phase: Equatable, Sendable {
    case loggingOn
    case ready
    case waiting(Waiting, until: Int64)
    case leaving(ExitCode)
    case over(ExitCode)
  }

  let settings: Settings
  let account: Name
  var phase = Phase.loggingOn
  private var logonDeadline: Int64
  var output: [Output] = []
  /// The line at work, or done last.
  var lineNumber = 0
  var firstFailure: ExitCode?
  var lastPlaced: ClOrdID?
  /// Which line an order of this run came from.
  var placedLines: [ClOrdID: Int] = [:]
  var instrumentPage = InstrumentPage()
  var queryRows = QueryRows()
  /// What is being asked about an order; nil = nothing is.
  var explanation: ExplanationPages?
  var listing = InstrumentListing()
  var following = Following()
  var noticing = Noticing()
  /// Reports that came before the session was resumed.
  var replayedReports = 0

  public init(_ settings: Settings, account: Name, at now: Int64) {
    self.settings = settings
    self.account = account
    // A person is told without asking; a script reads what it asked for.
    noticing.isOn = !settings.isScript
    logonDeadline = now + settings.timeoutSeconds * SessionTiming.nanosecondsPerSecond
  }

  /// Whether the next line may come.
  public var wantsLine: Bool { phase == .ready }

  /// Whether the client is to leave.
  public var isLeaving: Bool {
    if case .leaving = phase { true } else { false }
  }

  /// Nil until it is over.
  public var exitCode: ExitCode? {
    if case .over(let code) = phase { code } else { nil }
  }

  /// Everything there is to show, once.
  public mutating func takeOutput() -> [Output] {
    defer { output.removeAll(keepingCapacity: true) }
    return output
  }

  // MARK: Lines

  /// - Parameter number: from 1; 0 at the prompt.
  public mutating func lineRead(
    _ line: String, number: Int, _ client: inout TerminalClient, at now: Int64
  ) {
    guard wantsLine else { return }
    lineNumber = number
    do throws(CommandFault) {
      if let command = try CommandParser.parse(line) { run(command, &client, at: now) }
    } catch {
      fail(.usage, error.words(settings.language), column: error.column)
    }
  }

  /// A line that can't be read at all: too long.
  public mutating func lineWasTooLong(number: Int) {
    guard wantsLine else { return }
    lineNumber = number
    fail(.usage, say("the line is too long", "该行过长"))
  }

  /// There are no more lines.
  public mutating func linesEnded() {
    if wantsLine { phase = .leaving(firstFailure ?? .fine) }
  }

  /// Somebody wants it to end at once.
  public mutating func stop(_ code: ExitCode) {
    switch phase {
    case .loggingOn, .ready, .waiting: phase = .leaving(code)
    case .leaving, .over: break
    }
  }

  /// A person wants the prompt back: what is waited for goes on without being waited for. Before
  /// there was a prompt it is the wish to leave.
  public mutating func interrupted() {
    switch phase {
    case .loggingOn: stop(.signal(2))
    case .waiting:
      phase = .ready
      instrumentPage = InstrumentPage()
      queryRows = QueryRows()
      explanation = nil
      complain(.lineFailed, say("no longer waited for", "已中止等待"))
    case .ready, .leaving, .over: break
    }
  }

  // MARK: Time

  /// When `timeReached` is to be called.
  public var deadline: Int64 {
    switch phase {
    case .loggingOn: logonDeadline
    case .waiting(_, let until): until
    case .ready, .leaving, .over: SessionTiming.never
    }
  }

  public mutating func timeReached(_ now: Int64) {
    guard now >= deadline else { return }
    switch phase {
    case .loggingOn:
      complain(
        .timedOut,
        say("no logon within \(settings.timeoutSeconds) s", "\(settings.timeoutSeconds) 秒内未能登录"))
      phase = .leaving(.timedOut)
    case .waiting(let what, _):
      phase = .ready
      fail(.timedOut, timeoutWords(what))
    case .ready, .leaving, .over: break
    }
  }

  private func timeoutWords(_ what: Waiting) -> String {
    switch what {
    case .answer: say("no answer to the order in time", "报单未及时得到答复")
    case .cancel, .cancels: say("the cancel was not done in time", "撤单未及时完成")
    case .subscription: say("no answer to the subscription in time", "订阅未及时得到答复")
    case .notices: say("the notices did not come in time", "通知未及时返回")
    case .explanation: say("no explanation came in time", "未及时得到说明")
    case .rows: say("the rows did not come in time", "查询结果未及时返回")
    case .instruments: say("the instruments did not come in time", "合约列表未及时返回")
    case .allFinal: say("orders still work when the time is over", "时限已到，仍有在途报单")
    case .final: say("the order still works when the time is over", "时限已到，报单仍在途")
    case .filled: say("the order is not filled when the time is over", "时限已到，报单未全部成交")
    }
  }

  // MARK: The end

  /// The connection is gone.
  ///
  /// - Parameter detail: what the system said of it, if that helps.
  public mutating func ended(_ end: TerminalLinkEnd, because detail: String = "") {
    switch phase {
    case .over: return
    case .leaving(let code): finish(code, end, detail)
    case .loggingOn, .ready, .waiting:
      finish(
        end.cause == .gatewayEnded && !end.wasLoggedOn ? .logonRefused : .connectionLost, end,
        detail)
    }
  }

  private mutating func finish(_ code: ExitCode, _ end: TerminalLinkEnd, _ detail: String) {
    phase = .over(code)
    let isWanted = end.cause == .requested
    let line = EventText.ended(end, because: isWanted ? "" : detail, settings.language)
    if settings.isJSON {
      var json = JSONLine(event: "ended")
      json.add("cause", end.cause.name)
      if end.reason != .unknown { json.add("reason", "\(end.reason)") }
      if end.rule != .none { json.add("rule", RefusalText.name(end.rule.rawValue)) }
      json.add("words", line.text)
      json.add("exitCode", code.number)
      output.append(Output(text: json.line))
    } else if !isWanted {
      output.append(Output(text: "sluice: \(line.text)", isComplaint: true))
    }
  }

  // MARK: What is shown

  func say(_ english: String, _ chinese: String) -> String {
    settings.language.say(english, chinese)
  }

  /// A line failed: a script ends with it, a person is told.
  mutating func fail(_ code: ExitCode, _ words: String, column: Int? = nil, line: Int? = nil) {
    complain(code, words, column: column, line: line)
    guard settings.isScript else { return }
    if firstFailure == nil { firstFailure = code }
    if !settings.keepsGoing { stop(code) }
  }

  private mutating func complain(
    _ code: ExitCode, _ words: String, column: Int? = nil, line: Int? = nil
  ) {
    let number = line ?? lineNumber
    if settings.isJSON {
      var json = JSONLine(event: "error")
      if number > 0 { json.add("line", number) }
      if let column { json.add("column", column) }
      json.add("words", words)
      json.add("exitCode", code.number)
      output.append(Output(text: json.line))
      return
    }
    output.append(
      Output(text: place(number, column) + words, isComplaint: true))
  }

  /// "orders.txt:3:5: " of a script, "column 5: " at the prompt.
  private func place(_ line: Int, _ column: Int?) -> String {
    guard settings.isScript else {
      return column.map { say("column \($0): ", "第 \($0) 列：") } ?? ""
    }
    let numbers = [line > 0 ? line : nil, column].compactMap { $0 }
    return ([settings.source] + numbers.map { "\($0)" }).joined(separator: ":") + ": "
  }

  mutating func show(_ line: EventText.Line) {
    guard settings.hasColours else {
      output.append(Output(text: line.text))
      return
    }
    switch line.tone {
    case .plain: output.append(Output(text: line.text))
    case .good: output.append(Output(text: "\u{1B}[32m\(line.text)\u{1B}[0m"))
    case .bad: output.append(Output(text: "\u{1B}[31m\(line.text)\u{1B}[0m"))
    }
  }

  mutating func show(_ text: String) { output.append(Output(text: text)) }
}

extension TerminalLinkEnd.Cause {
  /// For programs; never changes.
  var name: String {
    switch self {
    case .connectFailed: "connectFailed"
    case .connectionLost: "connectionLost"
    case .gatewayEnded: "gatewayEnded"
    case .noAnswer: "noAnswer"
    case .silence: "silence"
    case .badBytes: "badBytes"
    case .unexpectedMessage: "unexpectedMessage"
    case .reportsMissed: "reportsMissed"
    case .reportsForgotten: "reportsForgotten"
    case .requested: "requested"
    }
  }
}
