import Client
import Domain
import Session
import Terminal
import Wire

/// Where the lines of a terminal come from.
public enum TerminalInput: Sendable {
  /// Known beforehand.
  case lines([String])
  /// Read as they come.
  case descriptor(Int32)
  /// Typed by a person, who is shown everything by the editor too; as a descriptor where none can
  /// be.
  case edited(LineEditor.Settings)
}

/// Runs one terminal for a person or a script, on the calling thread, to its end.
public enum TerminalRun {
  /// - Parameters:
  ///   - tls: what is asked of the gateway; nil = plain TCP.
  ///   - password: of the account; wiped here when the client has it.
  ///   - prompt: stands before a person's lines; empty = none.
  ///   - stopsOnSignals: SIGINT and SIGTERM say goodbye and end it; so does SIGHUP while a line is
  ///     edited.
  ///   - show: text with its ends of lines, and whether it is a complaint; not asked by an editor.
  public static func run(
    _ settings: Shell.Settings, _ logon: TerminalLogon, password: inout FixedText<128>,
    to address: SocketAddress, tls: TLSClient? = nil, input: TerminalInput, prompt: String,
    stopsOnSignals: Bool, show: (String, Bool) -> Void
  ) throws(LoopError) -> ExitCode {
    var loop = try EventLoop(LoopLimits(connections: 1))
    guard let ids = ClOrdIDSource(prefix: "t", seed: Secrets.randomNumber()) else {
      preconditionFailure("a prefix of one letter is taken")
    }
    let client = TerminalClient(
      logon, password: password, ids: ids, seed: Secrets.randomNumber(), at: loop.now)
    withUnsafeMutableBytes(of: &password) { Secrets.wipe($0) }
    if stopsOnSignals {
      loop.watch(signal: 2)
      loop.watch(signal: 15)
    }
    if stopsOnSignals, case .edited = input {
      for signal in [1, ShellHandler.continued, ScreenModes.resized] { loop.watch(signal: signal) }
    }
    return try withoutActuallyEscaping(show) { (show) throws(LoopError) in
      guard
        let handler = ShellHandler(
          Shell(settings, account: logon.account, at: loop.now), input, prompt, &loop, show)
      else { throw .failed(errno: 24) }
      var driver = TerminalDriver([client], to: address, tls: tls, handler, &loop)
      loop.run(&driver)
      return driver.handler.exitCode
    }
  }
}

/// Joins a `Shell` to a terminal on a loop and to its lines.
private struct ShellHandler: ~Copyable, TerminalHandler {
  private static let timer = 1
  /// SIGCONT: the screen may have been another's.
  static let continued: Int32 = 18

  private var shell: Shell
  private let prompt: String
  private var isPromptShown = false
  private let show: (String, Bool) -> Void
  /// Nil when they are read as they come.
  private let lines: [String]?
  private var lineNumber = 0
  private let reader: LineReader?
  private let editor: LineEditor?
  private var armedFor = SessionTiming.never

  /// Nil when the system has no thread for the lines.
  init?(
    _ shell: Shell, _ input: TerminalInput, _ prompt: String, _ loop: inout EventLoop,
    _ show: @escaping (String, Bool) -> Void
  ) {
    self.shell = shell
    self.prompt = prompt
    self.show = show
    switch input {
    case .lines(let lines):
      self.lines = lines
      reader = nil
      editor = nil
    case .descriptor(let descriptor):
      lines = nil
      editor = nil
      guard let reader = LineReader(descriptor, loop.makeWaker()) else { return nil }
      self.reader = consume reader
    case .edited(let settings):
      lines = nil
      if let editor = LineEditor(settings, prompt: prompt, loop.makeWaker()) {
        self.editor = consume editor
        reader = nil
      } else {
        editor = nil
        guard let reader = LineReader(settings.input, loop.makeWaker()) else { return nil }
        self.reader = consume reader
      }
    }
  }

  /// Once it has run.
  var exitCode: ExitCode { shell.exitCode ?? .connectionLost }

  mutating func happened(
    _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
    _ loop: inout EventLoop
  ) {
    shell.happened(event, terminals.clients[terminal])
  }

  mutating func ended(
    _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
    _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    var detail = reason.words(terminals.tls)
    if end.cause == .connectionLost, reason == .peerClosed, terminals.tls == nil, !end.wasLoggedOn {
      detail = "closed without a word: does the gateway want TLS? then --tls"
    }
    shell.ended(end, because: detail)
    loop.stop()
  }

  mutating func timerFired(
    _ timer: Int, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    // Started again at the end of the turn for what is still to come.
    armedFor = SessionTiming.never
  }

  mutating func signalReceived(
    _ signal: Int32, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    switch signal {
    case ShellHandler.continued: editor?.processWasContinued()
    case ScreenModes.resized: editor?.screenWasResized()
    default: shell.stop(.signal(signal))
    }
  }

  /// Lines, waiting and time are looked at once a turn, whatever it brought.
  mutating func turnEnded(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    shell.settled(&terminals.clients[0], at: loop.now)
    shell.timeReached(loop.now)
    while shell.wantsLine, takeLine(&terminals.clients[0], at: loop.now) {}
    // A line was handed over before the wish to wait for it no longer.
    serveEditor(terminals.clients[0])
    if shell.isLeaving { leave(&terminals, &loop) }
    showOutput()
    arm(&loop)
  }

  private mutating func serveEditor(_ client: TerminalClient) {
    if editor?.takeInterrupt() == true { shell.interrupted() }
    if let question = editor?.takeQuestion() {
      editor?.answer(shell.completion(of: question.line, columns: question.columns, client))
    }
  }

  private mutating func leave(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    terminals.leave(0, &loop)
    // It never had a connection: nothing more will be told of it.
    guard terminals.clients[0].link.isStopped else { return }
    shell.ended(
      TerminalLinkEnd(
        cause: .requested, reason: .unknown, rule: .none, wasLoggedOn: false, isFinal: true))
    loop.stop()
  }

  /// False when there is no line yet.
  private mutating func takeLine(_ client: inout TerminalClient, at now: Int64) -> Bool {
    let line: LineReader.Line
    if let lines {
      line = lineNumber < lines.count ? .text(lines[lineNumber]) : .ended
    } else {
      guard let next = editor?.next() ?? reader?.next() else { return false }
      line = next
    }
    isPromptShown = false
    lineNumber += 1
    switch line {
    case .text(let text): shell.lineRead(text, number: lineNumber, &client, at: now)
    case .tooLong: shell.lineWasTooLong(number: lineNumber)
    case .ended: shell.linesEnded()
    }
    return true
  }

  /// Everything on lines of its own, and then the prompt again.
  private mutating func showOutput() {
    let output = shell.takeOutput()
    if editor != nil { return edit(output) }
    if isPromptShown, !output.isEmpty {
      show("\r\u{1B}[K", false)
      isPromptShown = false
    }
    for line in output { show(line.text + "\n", line.isComplaint) }
    if !prompt.isEmpty, shell.wantsLine, !isPromptShown {
      show(prompt, false)
      isPromptShown = true
    }
  }

  /// The editor keeps what is shown apart from the line being typed.
  private mutating func edit(_ output: [Shell.Output]) {
    for line in output { editor?.show(line.text + "\n", isComplaint: line.isComplaint) }
    if shell.wantsLine, !isPromptShown {
      editor?.askForLine()
      isPromptShown = true
    }
  }

  private mutating func arm(_ loop: inout EventLoop) {
    guard shell.deadline != armedFor else { return }
    armedFor = shell.deadline
    if armedFor == SessionTiming.never {
      loop.stopTimer(Self.timer)
    } else {
      loop.startTimer(Self.timer, afterNanoseconds: armedFor - loop.now)
    }
  }
}

extension CloseReason {
  /// What the system knows of an end, for a person; empty when it knows nothing.
  func words(_ tls: TLSClient?) -> String {
    switch self {
    case .tls(let fault): tls?.words(fault) ?? fault.words
    case .peerClosed, .owner, .slowReader, .inputOverflow: ""
    case .peerReset: "connection reset"
    case .connectRefused: "connection refused"
    case .connectTimedOut: "timed out"
    case .unreachable: "unreachable"
    case .failed(let errno): "error \(errno)"
    }
  }
}
