import Session

/// Who reads an input. The first byte of each is for the target itself: where a stream is cut in
/// two, which file of a configuration it is.
enum FuzzTarget: String, CaseIterable {
  /// A message of either protocol, copied out, written and read again.
  case orderEntryMessages = "order-entry-messages"
  case counterMessages = "counter-messages"
  case deskMessages = "desk-messages"
  /// What a terminal sends, at the gateway, before its logon and behind it.
  case orderEntryGateway = "order-entry-gateway"
  /// What the gateway sends, at a terminal.
  case orderEntryTerminal = "order-entry-terminal"
  /// What a controller's client sends, at the gateway, and the gateway at the client.
  case deskGateway = "desk-gateway"
  case deskClient = "desk-client"
  /// What a counter sends, at the gateway.
  case counterGateway = "counter-gateway"
  /// What a gateway sends, at a counter.
  case counterServer = "counter-server"
  /// A command of the journal, and the effects of an outcome.
  case journalCodec = "journal-codec"
  /// Segments of a journal.
  case journalReader = "journal-reader"
  case snapshot
  /// A file of the configuration among others that are good, and a plan of `sluice load`.
  case configuration
  /// A tick file.
  case ticks
  /// A line that a person types.
  case terminalLine = "terminal-line"

  func run(_ input: UnsafeRawBufferPointer) {
    guard let choice = input.first else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: input[1...])
    switch self {
    case .orderEntryMessages: MessageFuzz.orderEntry(bytes)
    case .counterMessages: MessageFuzz.counter(bytes)
    case .deskMessages: MessageFuzz.desk(bytes)
    case .deskGateway: TerminalSessionFuzz.run(bytes, choice, door: .desk)
    case .deskClient: DeskClientFuzz.run(bytes, choice)
    case .orderEntryGateway: TerminalSessionFuzz.run(bytes, choice)
    case .orderEntryTerminal: TerminalClientFuzz.run(bytes, choice)
    case .counterGateway: CounterLinkFuzz.run(bytes, choice)
    case .counterServer: CounterServerFuzz.run(bytes, choice)
    case .journalCodec: choice % 2 == 0 ? JournalFuzz.command(bytes) : JournalFuzz.outcome(bytes)
    case .journalReader: JournalReaderFuzz.run(bytes, cut: min(Int(choice), bytes.count))
    case .snapshot: SnapshotFuzz.run(bytes, choice)
    case .configuration: ConfigurationFuzz.run(bytes, choice)
    case .ticks: TickFuzz.run(bytes, cut: min(Int(choice), bytes.count))
    case .terminalLine: CommandLineFuzz.run(bytes)
    }
  }

  /// Bytes of the longest input.
  var lengthMaximum: Int {
    switch self {
    case .configuration: 12_288
    case .orderEntryMessages, .counterMessages, .orderEntryGateway, .orderEntryTerminal,
      .counterGateway, .counterServer, .journalCodec, .journalReader, .snapshot, .deskMessages,
      .deskGateway, .deskClient:
      4_096
    case .ticks: 20_000
    case .terminalLine: 512
    }
  }

  /// Inputs of `make fuzz-briefly`: two seconds of them.
  var briefRuns: Int {
    switch self {
    case .journalReader, .snapshot: 6_000
    case .configuration: 1_000
    case .orderEntryMessages, .counterMessages, .orderEntryGateway, .orderEntryTerminal,
      .counterGateway, .counterServer, .journalCodec, .ticks, .terminalLine, .deskMessages,
      .deskGateway, .deskClient:
      30_000
    }
  }

  /// The source files that decode for this target, as `*` patterns: 90 of 100 of their lines are
  /// to be covered by its corpus.
  var decoders: [String] {
    let frames = ["Wire/Frame.swift", "Wire/BlockReader.swift", "Wire/WireText.swift"]
    return switch self {
    case .orderEntryMessages:
      frames + ["Wire/Generated/OrderEntry.swift", "Wire/Generated/OrderEntry+*.swift"]
    case .counterMessages:
      frames + ["Wire/Generated/CounterProtocol.swift", "Wire/Generated/CounterProtocol+*.swift"]
    case .deskMessages:
      frames + ["Wire/Generated/DeskProtocol.swift", "Wire/Generated/DeskProtocol+*.swift"]
    case .deskGateway: ["Session/TerminalSessionState+Desk.swift"]
    case .deskClient: ["Session/DeskLinkState.swift"]
    case .orderEntryGateway:
      [
        "Session/TerminalSessionState.swift", "Session/TerminalSessionEvent.swift",
        "Session/IncomingBytes.swift", "Session/PlainText.swift",
      ]
    case .orderEntryTerminal:
      ["Session/TerminalLinkState.swift", "Session/TerminalLinkState+Messages.swift"]
    case .counterGateway:
      [
        "Session/CounterLinkState.swift", "Session/CounterLinkState+Messages.swift",
        "Session/CounterResync.swift",
      ]
    case .counterServer: ["Session/CounterServerSession.swift"]
    case .journalCodec:
      [
        "Wire/JournalCodec.swift", "Wire/JournalValues.swift",
        "Wire/Generated/JournalSchema*.swift",
      ]
    case .journalReader:
      [
        "Journal/JournalReader.swift", "Journal/JournalHeader.swift",
        "Journal/JournalWitness.swift", "Journal/JournalFormat.swift",
      ]
    case .snapshot:
      [
        "Storage/Snapshots/SnapshotReader.swift", "Storage/Snapshots/SnapshotWriter.swift",
        "Storage/Snapshots/StateArchive.swift", "Engine/Engine+Archive.swift",
        "Ledger/Ledger+Archive.swift",
      ]
    case .configuration:
      [
        "Config/JSON5/*.swift", "Config/Loading/ConfigurationLoader.swift",
        "Config/Model/*Reader*.swift", "Config/Model/LoadPlan.swift", "Config/Reading/*.swift",
        "Config/Specifications/*Reader.swift",
      ]
    case .ticks:
      [
        "Exchange/CSVLine.swift", "Exchange/DecimalText.swift", "Exchange/TickColumns.swift",
        "Exchange/TickFileReader.swift", "Exchange/TickMoment.swift", "Exchange/TickRow.swift",
      ]
    case .terminalLine:
      [
        "Terminal/CommandParser.swift", "Terminal/CommandParser+Queries.swift",
        "Terminal/CommandFault.swift", "Terminal/DecimalNumber.swift",
      ]
    }
  }
}
