import Config
import Foundation
import Glibc
import Testing

@testable import Runtime

/// `sluice terminal` or `sluice desk`, the program itself, on a screen of its own with a person at
/// the keys.
final class TypedTerminal {
  private let keyboard: Int32
  /// Open all the time, so that the modes can be looked at when the program is gone.
  private let line: Int32
  private let process: pid_t
  /// Kept running as long as there is a terminal.
  let house: House
  /// Where its history is.
  let state: ScratchFolder
  private var isOver = false
  private(set) var screen: PlayedScreen
  /// All that it wrote.
  private(set) var written = ""
  let modesBefore: termios
  private var height: Int

  /// - Parameters:
  ///   - house: where it logs on, as alice.
  ///   - controller: whose desk it is instead.
  ///   - state: the folder for the history; a new one unless another is given.
  init(
    _ house: House, desk controller: String? = nil, state: ScratchFolder? = nil,
    columns: Int = 80, height: Int = 24, options: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    let state = try state ?? ScratchFolder()
    self.state = state
    self.house = house
    var ends: (keyboard: Int32, line: Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 128)
    var modes = termios()
    guard openpty(&ends.keyboard, &ends.line, &name, nil, nil) == 0,
      tcgetattr(ends.line, &modes) == 0
    else { throw SystemRefused(call: "openpty") }
    for end in [ends.keyboard, ends.line] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (keyboard, line) = ends
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    modesBefore = modes
    self.height = height
    screen = PlayedScreen(columns: columns, height: height)
    TypedTerminal.resize(keyboard, columns, height)
    let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "sluice").path()
    var variables = [
      "TERM": "xterm", "XDG_STATE_HOME": state.path, "LANG": "C.UTF-8", "HOME": state.path,
    ]
    // What a sanitizer was told holds for the program too.
    for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    variables.merge(environment) { $1 }
    process = try TypedTerminal.spawn(
      [program] + TypedTerminal.logon(house, controller) + options, variables, on: path)
  }

  private static func logon(_ house: House, _ controller: String?) throws -> [String] {
    if let controller {
      let settings = try #require(house.configuration.controllers.first { $0.name == controller })
      return [
        "desk", "--connect", "127.0.0.1:\(house.deskAddress.port)", "--controller", controller,
        "--password-file", try #require(house.plan.passwordFile(of: settings)),
      ]
    }
    let alice = try #require(
      house.configuration.operationAccounts.first { $0.name == "alice" })
    return [
      "terminal", "--connect", "127.0.0.1:\(house.address.port)", "--account", "alice",
      "--password-file", try #require(house.plan.passwordFile(of: alice)),
    ]
  }

  deinit {
    if !isOver {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(keyboard)
    close(line)
  }

  /// `POSIX_SPAWN_SETSID` of Linux.
  private static let spawnsSession: Int16 = 0x80

  /// In a session of its own, with the screen as its terminal.
  private static func spawn(
    _ arguments: [String], _ variables: [String: String], on path: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, descriptor, path, O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of the tests may block signals; a shell's child does not.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, spawnsSession | Int16(POSIX_SPAWN_SETSIGMASK))
    let words = (arguments.map { strdup($0) }) + [nil]
    let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process = pid_t()
    guard posix_spawn(&process, arguments[0], &actions, &attributes, words, settings) == 0 else {
      throw SystemRefused(call: "posix_spawn")
    }
    return process
  }

  private static func resize(_ keyboard: Int32, _ columns: Int, _ height: Int) {
    var size = winsize(
      ws_row: UInt16(height), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
  }

  // MARK: The person

  func type(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
      guard count > 0 else { throw SystemRefused(call: "write") }
      bytes = bytes.dropFirst(count)
    }
  }

  func send(signal: Int32) { kill(process, signal) }

  func resize(columns: Int) { TypedTerminal.resize(keyboard, columns, height) }

  /// The same of a screen that shows what is drawn as wide and as high.
  func resize(columns: Int, height: Int) {
    self.height = height
    screen.resize(columns: columns, height: height)
    TypedTerminal.resize(keyboard, columns, height)
  }

  /// Reads until the screen is so.
  func wait(for what: String, until isSo: (PlayedScreen) -> Bool) throws {
    let deadline = Deadline()
    do {
      while !isSo(screen) {
        try deadline.wait(toRead: keyboard, what)
        guard read() else { throw Overdue(what: "\(what) before its end") }
      }
    } catch let overdue as Overdue {
      throw Overdue(what: "\(overdue.what)\n" + screen.lines.joined(separator: "\n"))
    }
  }

  /// Reads until the line with the cursor is this one, with the cursor at its end or so many cells
  /// before.
  func waitForLine(_ text: String, back: Int = 0) throws {
    try wait(for: "the line '\(text)'") { screen in
      screen.cursor.line == text.trimmingBlanksAtEnd && screen.cursor.column == text.count - back
    }
  }

  /// Reads once; what it is that is waited for.
  func readOnce(by deadline: Deadline, _ what: String) throws {
    do {
      try deadline.wait(toRead: keyboard, what)
    } catch {
      throw Overdue(what: "\(what)\n" + screen.lines.joined(separator: "\n"))
    }
    guard read() else { throw Overdue(what: "\(what) before its end") }
  }

  /// False when the program has let go of the screen.
  private func read() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(keyboard, &bytes, bytes.count)
    guard count > 0 else { return false }
    written += String(decoding: bytes[..<count], as: UTF8.self)
    screen.take(Array(bytes[..<count]))
    return true
  }

  /// Its exit code, once it has ended by itself; 128 and the signal's number when one ended it.
  func end() throws -> Int32 {
    var status: Int32 = 0
    let deadline = Deadline()
    // Its last words: the screen holds them until they are read.
    while waitpid(process, &status, WNOHANG) == 0 {
      guard deadline.millisecondsLeft > 0 else {
        throw Overdue(what: "the end of the terminal\n" + screen.lines.joined(separator: "\n"))
      }
      var polled = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, 10) > 0 { _ = read() }
    }
    isOver = true
    while true {
      var polled = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, 0) > 0, polled.revents & Int16(POLLIN) != 0, read() else { break }
    }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  /// Whether keys are echoed, gathered and send signals as before.
  var hasModesOfBefore: Bool {
    var modes = termios()
    guard tcgetattr(line, &modes) == 0 else { return false }
    return modes.c_lflag == modesBefore.c_lflag && modes.c_iflag == modesBefore.c_iflag
      && modes.c_oflag == modesBefore.c_oflag
  }
}

extension String {
  fileprivate var trimmingBlanksAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
