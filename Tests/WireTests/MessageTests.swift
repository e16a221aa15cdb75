import Domain
import Foundation
import Testing
import Wire

/// What holds for every message (style.md 15).
@Suite struct MessageTests {
  static let samples = Array(Samples.all.indices)

  @Test(arguments: [
    ("order-entry", Samples.orderEntry), ("counter", Samples.counter), ("desk", Samples.desk),
  ])
  func thereIsASampleOfEveryMessage(_ schema: String, _ samples: [any WireMessage]) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "schema/\(schema).xml"), encoding: .utf8)
    let listed = text.matches(of: #/<sbe:message name="\w+" id="(\d+)"/#).compactMap {
      UInt16($0.output.1)
    }
    #expect(listed.count > 20)
    #expect(Set(samples.map { type(of: $0).templateID }) == Set(listed))
  }

  @Test(arguments: samples) func decodingWhatWasEncodedGivesTheSame(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      let bytes = try frameBytes(message)
      #expect(bytes.count == message.frameLength)
      #expect(bytes.count <= M.maximumFrameLength)
      #expect(try decode(M.self, bytes) == message)
    }
    try check(Samples.all[index])
  }

  @Test(arguments: samples) func everyPrefixMeansMoreBytes(index: Int) throws {
    let bytes = try frameBytes(Samples.all[index])
    for count in 0..<bytes.count {
      guard case .needMore(let total) = scan(Array(bytes[..<count])) else {
        Issue.record("\(count) of \(bytes.count) bytes")
        continue
      }
      #expect(total > count && total <= bytes.count)
    }
    #expect(
      scan(bytes) == .frame(length: bytes.count, template: type(of: Samples.all[index]).templateID))
  }

  @Test(arguments: samples) func everyChangedByteIsAValueOrAnError(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      let bytes = try frameBytes(message)
      for position in bytes.indices {
        for change: UInt8 in [0x01, 0x7F, 0x80, 0xFF] {
          var changed = bytes
          changed[position] ^= change
          let value: M? = changed.withUnsafeBytes { changed in
            guard case .frame(let frame) = FrameScanner.scan(changed, limit: 16_384) else {
              return nil
            }
            _ = try? OrderEntry.Message(frame)
            _ = try? CounterProtocol.Message(frame)
            _ = try? DeskProtocol.Message(frame)
            return try? M(frame)
          }
          // What reads as a value can be written again and reads as the same value.
          if let value {
            let again = try decode(M.self, frameBytes(value))
            #expect(again == value)
          }
        }
      }
    }
    try check(Samples.all[index])
  }

  @Test(arguments: samples) func aRandomBlockIsAValueThatSurvivesEncoding(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      let bytes = try frameBytes(message)
      var numbers = SplitMix64(seed: UInt64(index))
      for _ in 0..<200 {
        var random = bytes
        let isSmall = Bool.random(using: &numbers)
        for position in Framing.headersLength..<Framing.headersLength + M.blockLength {
          random[position] =
            isSmall ? .random(in: 0...6, using: &numbers) : .random(in: 0...255, using: &numbers)
        }
        let value = try decode(M.self, random)
        #expect(try decode(M.self, frameBytes(value)) == value)
      }
    }
    try check(Samples.all[index])
  }

  @Test(arguments: samples) func anOlderSendersShorterBlockLeavesTheRestAbsent(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      let bytes = try frameBytes(message)
      let none = try decode(M.self, cut(bytes, blockLength: 0))
      let absent = try frameBytes(none)
      for length in 0...M.blockLength {
        let value = try decode(M.self, cut(bytes, blockLength: length))
        // As if the sender had written nulls from the last field border before the cut.
        // No field is longer than a reason.
        let longest = MemoryLayout<ControlReason>.size
        let isCutAtABorder = try (max(0, length - longest)...length).contains { border in
          let start = Framing.headersLength + border
          var filled = bytes
          filled.replaceSubrange(
            start..<Framing.headersLength + M.blockLength,
            with: absent[start..<Framing.headersLength + M.blockLength])
          return try decode(M.self, filled) == value
        }
        #expect(isCutAtABorder, "cut at \(length)")
      }
    }
    try check(Samples.all[index])
  }

  /// Messages of order entry as version 4 had them: what came with version 5 is not told.
  @Test func ofAnOlderGatewayOptionsAreNotTold() throws {
    let funds = OrderEntry.AccountUpdate(
      requestNumber: 7, premium: Money(yuan: 1), frozenPremium: .zero, marketEquity: .zero)
    let oldFunds = try decode(
      OrderEntry.AccountUpdate.self, cut(frameBytes(funds), blockLength: 160))
    #expect(oldFunds == OrderEntry.AccountUpdate(requestNumber: 7))
    let position = OrderEntry.PositionUpdate(requestNumber: 7, optionValue: .zero)
    let oldPosition = try decode(
      OrderEntry.PositionUpdate.self, cut(frameBytes(position), blockLength: 167))
    #expect(oldPosition == OrderEntry.PositionUpdate(requestNumber: 7))
    let terms = OrderEntry.InstrumentDefinition(
      closeTodayFeePerLot: Money(yuan: 3), kind: .option, option: .put,
      strike: Price(units: 1), underlying: InstrumentCode("rb2610")!)
    let oldTerms = try decode(
      OrderEntry.InstrumentDefinition.self, cut(frameBytes(terms), blockLength: 189))
    #expect(oldTerms == OrderEntry.InstrumentDefinition(closeTodayFeePerLot: Money(yuan: 3)))
    #expect(oldTerms.kind == .unknown && oldTerms.option == .none)
    #expect(oldTerms.strike.isNone && oldTerms.underlying.isEmpty)
  }

  @Test(arguments: samples) func aNewerSendersLongerBlockIsReadAsFarAsWeKnow(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      var bytes = try frameBytes(message)
      let end = Framing.headersLength + M.blockLength
      bytes.insert(contentsOf: [UInt8](repeating: 0xEE, count: 24), at: end)
      setHeader(&bytes, blockLength: M.blockLength + 24, version: 9)
      #expect(try decode(M.self, bytes) == message)
    }
    try check(Samples.all[index])
  }

  @Test(arguments: samples) func aNewerSendersTextBehindOursIsIgnored(index: Int) throws {
    func check<M: WireMessage>(_ message: M) throws {
      var bytes = try frameBytes(message)
      bytes += [3, 0, 1, 2, 3]
      setHeader(&bytes, blockLength: M.blockLength, version: 2)
      #expect(try decode(M.self, bytes) == message)
    }
    try check(Samples.all[index])
  }

  @Test(arguments: samples) func aBufferOneByteTooSmallIsRefusedUntouched(index: Int) throws {
    let message = Samples.all[index]
    var bytes = [UInt8](repeating: 0xAA, count: message.frameLength + 2)
    let error = wireError {
      _ = try bytes.withUnsafeMutableBytes { try message.encode(into: $0, at: 3) }
    }
    #expect(
      error
        == .noRoom(needed: UInt32(message.frameLength), available: UInt32(message.frameLength - 1)))
    #expect(bytes.allSatisfy { $0 == 0xAA })
  }

  @Test func whatAGatewayOrCounterTakesInFitsItsLimit() {
    for message in Samples.all {
      #expect(type(of: message).maximumFrameLength <= Framing.inboundMaximum)
    }
  }

  /// A block cut to its first bytes, the headers put right.
  private func cut(_ bytes: [UInt8], blockLength: Int) -> [UInt8] {
    let whole = Int(bytes[6]) | Int(bytes[7]) << 8
    var cut = bytes
    cut.removeSubrange(Framing.headersLength + blockLength..<Framing.headersLength + whole)
    setHeader(&cut, blockLength: blockLength, version: 1)
    return cut
  }

  private func setHeader(_ bytes: inout [UInt8], blockLength: Int, version: UInt8) {
    bytes[2] = UInt8(bytes.count >> 8)
    bytes[3] = UInt8(bytes.count & 0xFF)
    bytes[6] = UInt8(blockLength & 0xFF)
    bytes[7] = UInt8(blockLength >> 8)
    bytes[12] = version
  }
}
