import Domain
import Foundation
import Wire

/// A first corpus: inputs of each kind, so that the fuzzer begins behind the framing.
enum FuzzSeeds {
  /// Writes them to a folder, a file each.
  static func write(for target: FuzzTarget, to folder: String) {
    for (number, bytes) in inputs(target).enumerated() {
      let file = URL(filePath: folder).appending(path: "seed-\(number)")
      do {
        try Data(bytes).write(to: file)
      } catch {
        fatalError("\(file.path()): \(error)")
      }
    }
  }

  private static func inputs(_ target: FuzzTarget) -> [[UInt8]] {
    switch target {
    case .orderEntryMessages: messages(Samples.orderEntry)
    case .counterMessages: messages(Samples.counter)
    case .deskMessages: messages(Samples.desk)
    case .deskGateway: withChoices(behind: [frame(Samples.desk[0])], Samples.desk.map(frame))
    case .deskClient: withChoices(behind: [frame(Samples.desk[1])], Samples.desk.map(frame))
    case .orderEntryGateway: withChoices(behind: [frame(logon)], terminals)
    case .orderEntryTerminal: withChoices(behind: [accepted, resumed], gateways)
    case .counterGateway: withChoices(behind: [loggedIn, reportsEnd], counters)
    case .counterServer: withChoices(behind: [frame(Samples.counter[0])], links)
    case .journalCodec: JournalSeeds.payloads
    case .journalReader: JournalSeeds.segments
    case .snapshot: SnapshotFuzz.seeds
    case .configuration: TextSeeds.configurations
    case .ticks: TextSeeds.ticks
    case .terminalLine: TextSeeds.lines.map { [0] + Array($0.utf8) }
    }
  }

  static func frame(_ message: any WireMessage) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: message.frameLength) { room, count in
      count = (try? message.encode(into: UnsafeMutableRawBufferPointer(room))) ?? 0
    }
  }

  // MARK: Messages

  /// Each as it is, and with a block of one byte's repetition, for the codes of its enums; and what
  /// is wrong with a frame, in each way.
  private static func messages(_ samples: [any WireMessage]) -> [[UInt8]] {
    var seeds: [[UInt8]] = []
    for sample in samples {
      let bytes = frame(sample)
      seeds.append([0] + bytes)
      let block = 14..<14 + type(of: sample).blockLength
      for code in UInt8(0)...UInt8(12) {
        seeds.append([0] + bytes.replacing(block, by: code))
      }
      seeds += spoilt(bytes).map { [0] + $0 }
      if sample is OrderEntry.Logout || sample is CounterProtocol.Logout {
        seeds += texts(bytes).map { [0] + $0 }
      }
      // An older sender's block is shorter: what is cut off reads as its null.
      for length in [0, type(of: sample).blockLength / 2] where length < block.count {
        var older = bytes
        older.removeSubrange(14 + length..<block.upperBound)
        older[6] = UInt8(length & 0xFF)
        older[7] = UInt8(length >> 8)
        seeds.append([0] + withLength(older))
      }
    }
    return seeds
  }

  /// A byte each of headers, group counts and texts' lengths changed, and cut short.
  private static func spoilt(_ bytes: [UInt8]) -> [[UInt8]] {
    var seeds: [[UInt8]] = [Array(bytes.dropLast()), withLength(Array(bytes.dropLast()))]
    for place in 0..<14 {
      for value: UInt8 in [0, 0xFF] {
        var changed = bytes
        changed[place] = value
        seeds.append(changed)
      }
    }
    for place in stride(from: max(14, bytes.count - 40), to: bytes.count, by: 1) {
      var changed = bytes
      changed[place] = 0xFF
      seeds.append(changed)
    }
    return seeds
  }

  /// The message's last text is each of these: UTF-8 of every length, at the edges of what is well
  /// formed, and beyond them. `Unicode Standard: table 3-7`.
  private static func texts(_ bytes: [UInt8]) -> [[UInt8]] {
    let texts: [[UInt8]] = [
      [], [0x00], [0x7F], [0x80], [0xC1, 0xBF], [0xC2, 0x80], [0xDF, 0xBF], [0xDF, 0xC0],
      [0xE0, 0x9F, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xEF, 0xBF, 0xBF], [0xE1, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
      [0xF1, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF3, 0x80, 0x80], [0xF3, 0x80, 0x80, 0x41], [0xFF],
    ]
    let length = bytes.indices.dropLast().last { place in
      Int(bytes[place]) | Int(bytes[place + 1]) << 8 == bytes.count - place - 2
    }
    guard let length else { return [] }
    return texts.map {
      withLength(Array(bytes[..<length]) + [UInt8($0.count), 0] + $0)
    }
  }

  private static func withLength(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let length = bytes.count
    for (place, shift) in [24, 16, 8, 0].enumerated() where place < length {
      bytes[place] = UInt8(length >> shift & 0xFF)
    }
    return bytes
  }

  // MARK: Ends of a connection

  /// What comes first, then one message; under each of the owner's choices, cut in two or not.
  private static func withChoices(
    behind first: [[UInt8]], _ messages: [[UInt8]]
  ) -> [[UInt8]] {
    let start = first.flatMap { $0 }
    var seeds: [[UInt8]] = []
    for choice in stride(from: UInt8(0), through: 0xF0, by: 0x10) {
      seeds.append([choice])
      seeds.append([choice | 1] + start)
      seeds.append([choice] + (first.first ?? []))
      seeds.append([choice] + start + messages.flatMap { $0 })
      for message in messages {
        seeds.append([choice] + start + message)
        seeds.append([choice | 4] + start + message + message + message)
      }
      // Before anybody may say anything else.
      seeds += messages.map { [choice] + $0 }
    }
    return seeds + spoilt(start).map { [0] + $0 }
  }

  private static let account = Name("fuzz")!
  private static let logon = OrderEntry.Logon(account: account, schemaVersion: OrderEntry.version)
  private static let accepted = frame(
    OrderEntry.LogonAccepted(
      sessionEpoch: 1, schemaVersion: 1, nextReportSequence: 1, dayToken: FixedText("t")!))
  private static let resumed = frame(OrderEntry.ResumeComplete(lastReportSequence: 0))
  private static let loggedIn = frame(CounterProtocol.LoginAccepted(epoch: 1))
  private static let reportsEnd = frame(CounterProtocol.ReportsEnd(requestNumber: 1))

  /// What a terminal sends, ids that are none among it.
  private static var terminals: [[UInt8]] {
    var order = Samples.newOrder
    order.clOrdID = ClOrdID()
    var logons = [logon, logon, logon, logon]
    logons[0].schemaVersion = 0
    logons[1].account = Name()
    logons[2].terminalName = FixedText("\u{7F}")!
    logons[3].terminalVersion = FixedText("\u{1}")!
    var messages: [any WireMessage] = Samples.orderEntry
    for logon in logons { messages.append(logon) }
    messages.append(order)
    messages.append(OrderEntry.CancelOrder())
    messages.append(OrderEntry.MassCancel())
    return messages.map(frame) + [unknown(frame(OrderEntry.Heartbeat()))]
  }

  private static var gateways: [[UInt8]] {
    var messages: [any WireMessage] = Samples.orderEntry
    for code in UInt8(0)...16 {
      messages.append(
        OrderEntry.Logout(
          reason: OrderEntry.LogoutReason(wireCode: code), rule: code % 2 == 0 ? 0 : 109,
          retryAfterMilliseconds: UInt32(code)))
    }
    for sequence in UInt64(0)...3 {
      messages.append(OrderEntry.ExecutionReport(reportSequence: sequence))
    }
    messages.append(OrderEntry.ResumeTruncated(firstAvailableSequence: 1, lastReportSequence: 2))
    messages.append(OrderEntry.LogonAccepted(sessionEpoch: 0, nextReportSequence: 0))
    return messages.map(frame) + [unknown(frame(OrderEntry.Heartbeat()))]
  }

  private static var counters: [[UInt8]] {
    var messages: [any WireMessage] = Samples.counter
    for sequence in UInt64(0)...3 {
      messages.append(CounterProtocol.OrderReport(counterSequence: sequence))
    }
    for code in UInt8(0)...8 {
      messages.append(
        CounterProtocol.OrderStatus(
          requestNumber: 2, state: CounterProtocol.ChildState(wireCode: code)))
    }
    for number in UInt32(0)...3 {
      messages.append(CounterProtocol.OrdersEnd(requestNumber: number))
    }
    messages.append(CounterProtocol.ReportsEnd(requestNumber: 1, lastSequence: 9))
    messages.append(CounterProtocol.LoginAccepted(epoch: 0))
    return messages.map(frame) + [unknown(frame(CounterProtocol.Heartbeat()))]
  }

  private static var links: [[UInt8]] {
    Samples.counter.map(frame) + [unknown(frame(CounterProtocol.Heartbeat()))]
  }

  /// A message of no template that anybody knows.
  private static func unknown(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[9] = 0x7F
    return bytes
  }
}

extension [UInt8] {
  fileprivate func replacing(_ range: Range<Int>, by byte: UInt8) -> [UInt8] {
    var bytes = self
    for place in range { bytes[place] = byte }
    return bytes
  }
}
