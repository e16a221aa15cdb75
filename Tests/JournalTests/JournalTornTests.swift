import CSluice
import Testing

@testable import Journal

/// A write that was interrupted is told from damage: the one is cut off, the other stops the start.
@Suite struct JournalTornTests {
  /// Six pairs, the first five released, the sixth not: `unreleased` of later ones says so.
  let bytes: [UInt8]
  let whole: Walk

  init() throws {
    let file = MemoryJournalFile()
    try write((0..<12).map { [UInt8](repeating: UInt8($0 + 1), count: 700) }, to: file)
    bytes = file.bytes + [UInt8](repeating: 0, count: 8_192)
    whole = Walk(file)
  }

  private func range(_ record: Int) -> Range<Int> {
    let start = Int(whole.records[record].offset)
    return start..<start + 736
  }

  private func walk(_ change: (inout [UInt8]) -> Void) -> Walk {
    var changed = bytes
    change(&changed)
    return Walk(changed)
  }

  @Test func theLastRecordWithoutItsFirstBytesIsTorn() {
    let last = range(11)
    let walk = walk { for place in last.prefix(8) { $0[place] = 0 } }
    #expect(walk.error == .tornTail(offset: UInt64(last.lowerBound)))
    #expect(walk.records.count == 11)
  }

  @Test(arguments: 0..<2)
  func theLastRecordWithAnEmptySectorIsTorn(_ sector: Int) {
    let last = range(11)
    // The first sector border behind its head, and what is behind.
    let border = (last.lowerBound / 512 + 1 + sector) * 512
    guard border < last.upperBound else { return }
    let walk = walk { for place in border..<last.upperBound { $0[place] = 0 } }
    #expect(walk.error == .tornTail(offset: UInt64(last.lowerBound)))
  }

  /// Whole, and yet it is not what its checksum says: it was whole once, and its effects may have
  /// left.
  @Test func theLastRecordWithAWrongByteIsDamaged() {
    let last = range(11)
    let walk = walk { $0[last.lowerBound + 40] ^= 1 }
    #expect(walk.error == .badChecksum(offset: UInt64(last.lowerBound)))
  }

  /// Nothing says that effects of the last pair have left: a command whose sector was lost goes
  /// with the outcome behind it.
  @Test func anUnreleasedRecordWithAnEmptySectorIsTornWhateverFollows() {
    let command = range(10)
    let border = (command.lowerBound / 512 + 1) * 512
    let walk = walk {
      for place in border..<min(border + 512, command.upperBound) { $0[place] = 0 }
    }
    #expect(walk.error == .tornTail(offset: UInt64(command.lowerBound)))
    #expect(walk.records.count == 10)
  }

  /// A record behind it says that effects of it have left: damage, however torn it looks.
  @Test(arguments: 0..<10)
  func aReleasedRecordIsNeverTorn(_ record: Int) {
    let hurt = range(record)
    let headless = walk { for place in hurt.prefix(8) { $0[place] = 0 } }
    #expect(headless.error == .badLength(offset: UInt64(hurt.lowerBound), length: 0))
    let border = (hurt.lowerBound / 512 + 1) * 512
    let sectorless = walk {
      for place in border..<min(border + 512, hurt.upperBound) { $0[place] = 0 }
    }
    #expect(sectorless.error == .badChecksum(offset: UInt64(hurt.lowerBound)))
    #expect(headless.records.count == record && sectorless.records.count == record)
    let gone = walk { for place in hurt { $0[place] = 0 } }
    #expect(gone.error == .badLength(offset: UInt64(hurt.lowerBound), length: 0))
  }

  /// The witness lies far behind, over more than the reader holds at once.
  @Test func aWitnessIsFoundHoweverFarBehind() throws {
    let file = MemoryJournalFile()
    try write((0..<60).map { [UInt8](repeating: UInt8($0 + 1), count: 100_000) }, to: file)
    let records = Walk(file).records
    for byte in Int(records[3].offset)..<Int(records[54].offset) { file.bytes[byte] = 0 }
    #expect(Walk(file).error == .badLength(offset: records[3].offset, length: 0))
    for byte in Int(records[54].offset)..<Int(records[58].offset) { file.bytes[byte] = 0 }
    // Only the last pair is left: it has seen the pair before it released, which is gone.
    #expect(Walk(file).error == .badLength(offset: records[3].offset, length: 0))
    for byte in Int(records[58].offset)..<Int(records[59].offset) { file.bytes[byte] = 0 }
    // One record alone proves nothing.
    #expect(Walk(file).error == .tornTail(offset: records[3].offset))
  }
}
