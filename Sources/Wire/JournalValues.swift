import Domain
import Messages

// The parts of a journal block that are neither a number nor a generated composite.

extension BlockReader {
  /// An enum with its raw value as code.
  func code<Code: RawRepresentable<UInt16>>(at offset: Int) throws(WireError) -> Code {
    let raw: UInt16 = integer(at: offset, null: 0)
    guard let code = Code(rawValue: raw) else { throw .unknownCode(raw) }
    return code
  }

  func flag(at offset: Int) throws(WireError) -> Bool {
    let raw: UInt8 = integer(at: offset, null: 0)
    guard raw <= 1 else { throw .unknownCode(UInt16(raw)) }
    return raw == 1
  }

  func tradingDay(at offset: Int) throws(WireError) -> TradingDay {
    let yyyymmdd: UInt32 = integer(at: offset, null: 0)
    if yyyymmdd == 0 { return .none }
    guard let day = TradingDay(yyyymmdd: yyyymmdd) else {
      throw .unknownCode(UInt16(truncatingIfNeeded: yyyymmdd))
    }
    return day
  }

  func tradingIntervals(at offset: Int) throws(WireError) -> InlineArray<8, TradingInterval> {
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    for index in 0..<8 {
      intervals[index] = try TradingInterval(
        journal: self, at: offset + index * TradingInterval.journalLength)
    }
    return intervals
  }
}

extension BlockWriter {
  func store(flag: Bool, at offset: Int) { store(UInt8(flag ? 1 : 0), at: offset) }

  func store(_ intervals: InlineArray<8, TradingInterval>, at offset: Int) {
    for index in 0..<8 {
      intervals[index].store(journal: self, at: offset + index * TradingInterval.journalLength)
    }
  }
}

/// Composite `Scope` of schema/journal.xml: tag (u8), value (u32).
extension Scope {
  init(journal block: BlockReader, at offset: Int) throws(WireError) {
    let tag: UInt8 = block.integer(at: offset, null: 0)
    let value: UInt32 = block.integer(at: offset + 1, null: .max)
    switch JournalSchema.ScopeTag(wireCode: tag) {
    case .everything where value == .max: self = .everything
    case .exchange where value <= UInt32(UInt8.max):
      self = .exchange(try Exchange(journalCode: UInt8(value)))
    case .commodity: self = .commodity(CommodityID(value))
    case .instrument: self = .instrument(InstrumentID(value))
    case .everything, .exchange, .unknown: throw .unknownCode(UInt16(tag))
    }
  }

  func store(journal block: BlockWriter, at offset: Int) {
    let (tag, value): (JournalSchema.ScopeTag, UInt32) =
      switch self {
      case .everything: (.everything, .max)
      case .exchange(let exchange): (.exchange, UInt32(exchange.wireCode))
      case .commodity(let commodity): (.commodity, commodity.raw)
      case .instrument(let instrument): (.instrument, instrument.raw)
      }
    block.store(tag.wireCode, at: offset)
    block.store(value, at: offset + 1)
  }
}
