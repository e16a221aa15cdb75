import Domain
import Messages
import Testing

@testable import Wire

@Suite struct JournalCodecTests {
  static func payload(_ command: Command) throws -> [UInt8] {
    try filled(JournalCodec.commandMaximum) { try JournalCodec.encode(command, into: $0) }
  }

  static func payload(_ effect: Effect) throws -> [UInt8] {
    try filled(JournalCodec.effectMaximum) { try JournalCodec.encode(effect, into: $0, at: 0) }
  }

  static func filled(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xAA, count: count)
    let length = try bytes.withUnsafeMutableBytes(body)
    return Array(bytes[..<length])
  }

  static func command(_ payload: [UInt8]) throws -> Command {
    try payload.withUnsafeBytes { try JournalCodec.command($0) }
  }

  static func effects(_ payload: [UInt8]) throws -> [Effect] {
    try payload.withUnsafeBytes { payload in
      var reader = OutcomeReader(payload)
      var effects: [Effect] = []
      while let effect = try reader.next() { effects.append(effect) }
      return effects
    }
  }

  /// Every sample's payload, and whether it reads as one command or effect.
  static let payloads: [(bytes: [UInt8], again: @Sendable ([UInt8]) throws -> [UInt8])] =
    JournalSamples.commands.map { command in
      ((try? payload(command)) ?? [], { try payload(Self.command($0)) })
    }
    + JournalSamples.effects.map { effect in
      (
        (try? payload(effect)) ?? [],
        { bytes in try effects(bytes).flatMap { try Self.payload($0) } }
      )
    }

  @Test func thereIsASampleOfEveryCommandAndEffect() throws {
    // The template is the header's second field of 16 bits.
    let sampled = try
      (JournalSamples.commands.map { try Self.payload($0) }
      + JournalSamples.effects.map { try Self.payload($0) }).map {
        UInt16($0[2]) | UInt16($0[3]) << 8
      }
    #expect(Set(sampled).count == sampled.count)
    let empty = [UInt8](repeating: 0, count: 1)
    var known: Set<UInt16> = []
    empty.withUnsafeBytes { empty in
      guard let base = empty.baseAddress else { return }
      let block = BlockReader(base: base, length: 0)
      for template in 0...UInt16(2_000) {
        let unknown = WireError.unknownTemplate(schema: 3, template: template)
        let isCommand = wireError { _ = try Command(journal: template, block) } != unknown
        let isEffect = wireError { _ = try Effect(journal: template, block) } != unknown
        if isCommand || isEffect { known.insert(template) }
      }
    }
    #expect(known == Set(sampled))
  }

  @Test(arguments: JournalSamples.commands.indices)
  func aCommandThatWasEncodedIsDecodedExactly(index: Int) throws {
    let command = JournalSamples.commands[index]
    #expect(try Self.command(Self.payload(command)) == command)
  }

  @Test(arguments: JournalSamples.effects.indices)
  func anEffectThatWasEncodedIsDecodedExactly(index: Int) throws {
    let effect = JournalSamples.effects[index]
    #expect(try Self.effects(Self.payload(effect)) == [effect])
  }

  @Test func anOutcomeKeepsItsEffectsInOrder() throws {
    let count = 2 * JournalSamples.effects.count
    var buffer = EffectBuffer(capacity: count)
    for effect in JournalSamples.effects + JournalSamples.effects.reversed() {
      buffer.append(effect)
    }
    var bytes = [UInt8](repeating: 0, count: count * JournalCodec.effectMaximum)
    let length = try bytes.withUnsafeMutableBytes { try JournalCodec.encode(buffer, into: $0) }
    let effects = try Self.effects(Array(bytes[..<length]))
    #expect(effects == JournalSamples.effects + JournalSamples.effects.reversed())
  }

  @Test func anOutcomeWithoutEffectsHasNoBytes() throws {
    let buffer = EffectBuffer(capacity: 1)
    var bytes = [UInt8](repeating: 0, count: 8)
    let length = try bytes.withUnsafeMutableBytes { try JournalCodec.encode(buffer, into: $0) }
    #expect(length == 0)
    #expect(try Self.effects([]) == [])
  }

  /// Random values of every kind: the block's bytes are changed at random as long as they are a
  /// value, and each value's encoding is exactly those bytes. So decoding loses nothing, encoding
  /// is canonical, and decode(encode(x)) = x.
  @Test(arguments: payloads.indices)
  func everyRandomValueHasOneEncoding(index: Int) throws {
    let (start, again) = Self.payloads[index]
    var numbers = SplitMix64(seed: UInt64(index) &* 7_919)
    var bytes = start
    var changes = 0
    for _ in 0..<40 {
      for position in JournalCodec.headerLength..<bytes.count {
        var changed = bytes
        Self.change(&changed, at: position, &numbers)
        guard let encoded = try? again(changed) else { continue }
        #expect(encoded == changed, "position \(position)")
        bytes = changed
        changes += 1
      }
    }
    #expect(changes > 0 || start.count == JournalCodec.headerLength)
  }

  /// A random byte, or a whole number that is a rule, a setting, a day or an id.
  private static func change(
    _ bytes: inout [UInt8], at position: Int, _ numbers: inout SplitMix64
  ) {
    let number: UInt64
    let width: Int
    switch UInt8.random(in: 0...5, using: &numbers) {
    case 0: (number, width) = (numbers.next(), 8)
    case 1: (number, width) = (UInt64.random(in: 0...20, using: &numbers), 2)
    case 2:
      let rule = RuleID.allCases.randomElement(using: &numbers) ?? .none
      (number, width) = (UInt64(rule.rawValue), 2)
    case 3: (number, width) = (UInt64.random(in: 20_261_101...20_261_130, using: &numbers), 4)
    case 4: (number, width) = (UInt64.random(in: 0...4, using: &numbers), 1)
    default: (number, width) = (numbers.next(), 1)
    }
    for step in 0..<min(width, bytes.count - position) {
      bytes[position + step] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(step)))
    }
  }

  @Test(arguments: payloads.indices)
  func everyPrefixIsAnError(index: Int) throws {
    let (bytes, again) = Self.payloads[index]
    for count in 1..<bytes.count {
      let error = wireError { _ = try again(Array(bytes[..<count])) }
      #expect(error == .payloadMalformed, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test(arguments: payloads.indices)
  func everyChangedByteIsAnotherValueOrAnError(index: Int) throws {
    let (bytes, again) = Self.payloads[index]
    for position in bytes.indices {
      for change: UInt8 in [0x01, 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[position] ^= change
        // A shorter block and a later version read as a value with nulls; the rest reads exactly.
        if let encoded = try? again(changed), position >= JournalCodec.headerLength {
          #expect(encoded == changed)
        }
      }
    }
  }

  @Test func bytesBehindACommandAreAnError() throws {
    let bytes = try Self.payload(JournalSamples.commands[0])
    #expect(wireError { _ = try Self.command(bytes + [0]) } == .payloadMalformed)
    #expect(wireError { _ = try Self.command([]) } == .payloadMalformed)
  }

  @Test func aCommandIsNoEffect() throws {
    let bytes = try Self.payload(JournalSamples.commands[0])
    #expect(
      wireError { _ = try Self.effects(bytes) } == .unknownTemplate(schema: 3, template: 1))
  }

  @Test func aJournalOfALaterVersionIsNotRead() throws {
    var bytes = try Self.payload(JournalSamples.commands[0])
    bytes[6] = 7
    #expect(wireError { _ = try Self.command(bytes) } == .unknownVersion(7))
  }

  @Test func aBufferTooSmallIsRefused() throws {
    let length = try Self.payload(JournalSamples.commands[0]).count
    var bytes = [UInt8](repeating: 0, count: length - 1)
    let error = wireError {
      _ = try bytes.withUnsafeMutableBytes {
        try JournalCodec.encode(JournalSamples.commands[0], into: $0)
      }
    }
    #expect(error == .noRoom(needed: UInt32(length), available: UInt32(length - 1)))
  }

  @Test func aCancelIsWrittenAsDrawn() throws {
    let drawing = """
      3C00 0200 0300 0600             block 60, CancelOrder, schema 3, version 6
      0300000000000000                session 3
      01000000                        account 1
      632D31 0000000000000000000000000000000000                      requestID "c-1"
      0000000000000000                target none
      6F726465722D31 00000000000000000000000000                      targetClOrdID "order-1"
      """
    #expect(try Self.payload(JournalSamples.commands[1]) == GoldenTests.bytes(drawing))
  }
}
