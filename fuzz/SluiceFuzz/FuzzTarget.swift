import Client
import Config
import Domain
import Messages
import Session
import Terminal
import Wire

/// One input: its first byte chooses who reads it, the second where the stream is cut in two.
enum FuzzTarget: UInt8, CaseIterable {
  /// What a terminal sends, at the gateway, before its logon and behind it.
  case terminalSession
  /// What the gateway sends, at a terminal.
  case terminalClient
  /// What a counter sends, at the gateway.
  case counterLink
  /// What a gateway sends, at a counter.
  case counterServer
  /// A command of the journal.
  case journalCommand
  /// The effects of a journal's outcome.
  case journalOutcome
  /// A configuration file, and a plan of `sluice load`.
  case configuration
  /// A line that a person types.
  case commandLine
  /// Segments of a journal.
  case journalReader

  static func run(_ input: UnsafeRawBufferPointer) {
    guard input.count > 2, let target = FuzzTarget(rawValue: input[0]) else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: input[2...])
    let cut = min(Int(input[1]), bytes.count)
    switch target {
    case .terminalSession: TerminalSessionFuzz.run(bytes, cut: cut)
    case .terminalClient: TerminalClientFuzz.run(bytes, cut: cut)
    case .counterLink: CounterLinkFuzz.run(bytes, cut: cut)
    case .counterServer: CounterServerFuzz.run(bytes)
    case .journalCommand: JournalFuzz.command(bytes)
    case .journalOutcome: JournalFuzz.outcome(bytes)
    case .configuration:
      _ = try? JSON5Reader.read(bytes, file: "fuzz")
      _ = LoadPlan.read(Array(bytes), label: "fuzz")
    case .commandLine:
      let line = String(decoding: bytes, as: UTF8.self)
      if !line.contains("\n") { _ = try? CommandParser.parse(line) }
    case .journalReader: JournalReaderFuzz.run(bytes, cut: cut)
    }
  }

  /// Hands a stream over in two parts, as a connection would; `read` says how many bytes it took.
  static func inTwo(
    _ bytes: UnsafeRawBufferPointer, cut: Int, _ read: (UnsafeRawBufferPointer) -> Int
  ) {
    var taken = 0
    for end in [cut, bytes.count] {
      let offered = UnsafeRawBufferPointer(rebasing: bytes[taken..<max(end, taken)])
      let count = read(offered)
      precondition(count >= 0 && count <= offered.count, "what was offered is taken")
      taken += count
    }
  }
}

/// Room for what is answered.
enum FuzzRoom {
  nonisolated(unsafe) private static let room = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 64 * 1024, alignment: 8)

  static func fresh() -> OutgoingBytes { OutgoingBytes(room) }
}
