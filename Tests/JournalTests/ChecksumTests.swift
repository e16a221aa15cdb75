import CSluice
import Testing

/// CRC32C by instruction and by table.
@Suite struct ChecksumTests {
  /// RFC 3720, B.4, and the check value of the CRC catalogue.
  static let vectors: [(bytes: [UInt8], crc: UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ([UInt8](0...31), 0x46DD_794E),
    ([UInt8]((0...31).reversed()), 0x113F_DB5C),
    ([UInt8]("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test(arguments: vectors)
  func knownVectorsAgree(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(sluice_crc32c(0, bytes, bytes.count) == expected)
    #expect(sluice_crc32c_table(0, bytes, bytes.count) == expected)
  }

  @Test func instructionAndTableAgreeAtEveryLengthAndAlignment() {
    let bytes = (0..<512).map { UInt8(truncatingIfNeeded: $0 &* 73 ^ 0x5A) }
    bytes.withUnsafeBytes { all in
      for start in 0..<16 {
        for count in 0..<480 {
          let part = all.baseAddress! + start
          let seed = UInt32(truncatingIfNeeded: count &* 2_654_435_761)
          #expect(sluice_crc32c(seed, part, count) == sluice_crc32c_table(seed, part, count))
        }
      }
    }
  }

  /// Lanes are at most 3 KiB long together.
  @Test func instructionAndTableAgreeOnMoreThanOneRoundOfLanes() {
    let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
    for count in [3_071, 3_072, 3_073, 3_215, 3_216, 3_217, 6_144, 9_999, 20_000] {
      let seed = UInt32(truncatingIfNeeded: count &* 2_654_435_761)
      #expect(
        sluice_crc32c(seed, bytes, count) == sluice_crc32c_table(seed, bytes, count),
        "\(count) bytes")
    }
  }

  @Test func aChecksumGoesOnWhereAnotherEnded() {
    let bytes = Array("what is written down is not forgotten".utf8)
    let whole = sluice_crc32c(0, bytes, bytes.count)
    for cut in 0...bytes.count {
      let first = sluice_crc32c(0, bytes, cut)
      let rest = Array(bytes[cut...])
      #expect(sluice_crc32c(first, rest, rest.count) == whole)
    }
  }
}
