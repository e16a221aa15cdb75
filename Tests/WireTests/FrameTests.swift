import Testing
import Wire

@Suite struct FrameTests {
  static let headers = hex("0000000E EB50 0000 0400 0100 0100")

  @Test func aFrameOfHeadersAloneIsWhole() {
    #expect(scan(Self.headers) == .frame(length: 14, template: 4))
  }

  @Test(arguments: [
    ("0000000D", WireError.frameTooShort(length: 13)),
    ("00000000", .frameTooShort(length: 0)),
    ("00001001", .frameTooLong(length: 4_097, limit: 4_096)),
    ("FFFFFFFF", .frameTooLong(length: .max, limit: 4_096)),
    ("0000000E 5BE0", .unknownEncoding(0x5BE0)),
    ("0000000E 50EB", .unknownEncoding(0x50EB)),
    // An HTTP request and a TLS hello are told apart from a frame at once.
    ("47455420", .frameTooLong(length: 0x4745_5420, limit: 4_096)),
    ("16030100", .frameTooLong(length: 0x1603_0100, limit: 4_096)),
  ])
  func nonsenseIsToldAsSoonAsItsBytesAreThere(bytes: String, error: WireError) {
    #expect(scan(hex(bytes), limit: Framing.inboundMaximum) == .failed(error))
  }

  @Test func theLimitItselfPassesAndOneMoreDoesNot() {
    #expect(scan(hex("00001000"), limit: 4_096) == .needMore(total: 6))
    #expect(
      scan(hex("00001001"), limit: 4_096) == .failed(.frameTooLong(length: 4_097, limit: 4_096)))
  }

  @Test func manyFramesInOneBufferAreFoundOneAfterTheOther() throws {
    let stream = try Samples.all.flatMap { try frameBytes($0) }
    var position = 0
    var templates: [UInt16] = []
    while position < stream.count {
      guard case .frame(let length, let template) = scan(Array(stream[position...])) else {
        Issue.record("no frame at \(position)")
        return
      }
      templates.append(template)
      position += length
    }
    #expect(templates == Samples.all.map { type(of: $0).templateID })
  }

  @Test func oneFrameInManyBuffersIsFoundWhenItsLastByteCame() throws {
    let frame = try frameBytes(Samples.newOrder)
    var received: [UInt8] = []
    for (index, byte) in frame.enumerated() {
      received.append(byte)
      let isLast = index == frame.count - 1
      if case .frame = scan(received) {
        #expect(isLast)
      } else {
        #expect(!isLast)
      }
    }
  }

  @Test(arguments: [
    ("0000000E EB50 0000 6300 0100 0100", WireError.unknownTemplate(schema: 1, template: 99)),
    ("0000000E EB50 0000 0400 0700 0100", .unknownSchema(7)),
    ("0000000E EB50 0000 0400 0100 0000", .unknownVersion(0)),
    ("0000000E EB50 0100 0400 0100 0100", .blockTooLong(length: 1, available: 0)),
    ("0000000E EB50 0000 1E00 0100 0100", .groupTruncated),
    ("00000012 EB50 0000 1E00 0100 0100 2100 0100", .groupTruncated),
    ("00000012 EB50 0000 1E00 0100 0100 2100 7900", .groupTooLarge(count: 121, maximum: 120)),
    ("00000012 EB50 0000 1E00 0100 0100 0000 0100", .groupEntryEmpty),
    ("0000000F EB50 0000 0300 0100 0100 00", .textTruncated),
    ("00000010 EB50 0000 0300 0100 0100 0100", .textTruncated),
    ("00000010 EB50 0000 0300 0100 0100 0001", .textTooLong(length: 256, maximum: 255)),
    ("00000011 EB50 0000 0300 0100 0100 0100 FF", .textMalformed),
  ])
  func aFrameThatIsNoMessageSaysWhy(bytes: String, expected: WireError) {
    let error = wireError {
      try hex(bytes).withUnsafeBytes { bytes in
        guard case .frame(let frame) = FrameScanner.scan(bytes, limit: 4_096) else {
          throw NotAFrame()
        }
        _ = try OrderEntry.Message(frame)
      }
    }
    #expect(error == expected)
  }

  @Test func anotherMessagesDecoderRefusesTheFrame() throws {
    let bytes = try frameBytes(Samples.newOrder)
    let error = wireError { _ = try decode(OrderEntry.CancelOrder.self, bytes) }
    #expect(error == .unexpectedTemplate(expected: 11, found: 10))
    let other = wireError { _ = try decode(CounterProtocol.InsertOrder.self, bytes) }
    #expect(other == .unknownSchema(1))
  }

  @Test func moreEntriesThanAGroupAllowsAreNotWritten() {
    let entry = OrderEntry.SubscribeTicks.InstrumentsEntry()
    let full = OrderEntry.SubscribeTicks(instruments: Array(repeating: entry, count: 120))
    let over = OrderEntry.SubscribeTicks(instruments: Array(repeating: entry, count: 121))
    #expect(wireError { _ = try frameBytes(full) } == nil)
    #expect(
      wireError { _ = try frameBytes(over) } == .tooManyEntries(count: 121, maximum: 120))
  }
}
