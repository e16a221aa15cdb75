import Domain
import Storage

/// Thirty-two position records of one instrument: marking walks them in order.
struct PositionChunk: BitwiseCopyable {
  static let size = 32
  /// The instrument's next chunk, 1-based; 0 = last.
  var next: UInt32
  var used: UInt32
}

/// Where the chunks of an instrument are, 1-based.
struct InstrumentChunks: BitwiseCopyable {
  var first: UInt32
  var last: UInt32
}

extension Ledger {
  /// The head of the records of a holder in an instrument, 1-based; 0 = none.
  public func firstPosition(_ holder: HolderID, _ instrument: InstrumentID) -> UInt32 {
    positionDirectory.at(instrument.index, holder).pointee
  }

  /// The record of (holder, instrument, hedge flag), 1-based; 0 = none.
  public func position(_ holder: HolderID, _ instrument: InstrumentID, _ hedge: HedgeFlag)
    -> UInt32
  {
    var number = firstPosition(holder, instrument)
    while number != 0 {
      let record = position(number)
      if record.pointee.hedge == hedge { return number }
      number = record.pointee.sibling
    }
    return 0
  }

  /// The head of the records of a holder in an instrument, in place; nil = none.
  public func head(_ holder: HolderID, _ instrument: InstrumentID)
    -> UnsafePointer<PositionRecord>?
  {
    let number = firstPosition(holder, instrument)
    return number == 0 ? nil : position(number)
  }

  /// The record with a hedge flag among those that begin with `head`.
  public func position(from head: UnsafePointer<PositionRecord>?, _ hedge: HedgeFlag)
    -> UnsafePointer<PositionRecord>?
  {
    var record = head
    while let at = record {
      if at.pointee.hedge == hedge { return at }
      record = at.pointee.sibling == 0 ? nil : position(at.pointee.sibling)
    }
    return nil
  }

  /// Whether `count` more records of an instrument, and `added` more of figures, can be had.
  public func hasRoomForPositions(
    _ instrument: InstrumentID, _ count: Int, figures added: Int
  ) -> Bool {
    guard figuresCount + added <= figures.capacity else { return false }
    let free = (positionChunks.capacity - positionChunkCount) * PositionChunk.size
    // The usual case reads no line: there are chunks that nobody has.
    if free >= count { return true }
    let last = instrumentChunks.at(instrument.raw).pointee.last
    guard last != 0 else { return false }
    return free + PositionChunk.size - Int(positionChunks.at(Int(last) - 1).pointee.used) >= count
  }

  /// Whether the record of (holder, instrument, hedge flag) is there or can be made.
  public func hasRoomForPosition(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID, _ hedge: HedgeFlag
  ) -> Bool {
    position(holder, instrument, hedge) != 0
      || hasRoomForPositions(
        instrument, 1, figures: figuresNumber(holder, commodity) == 0 ? 1 : 0)
  }

  /// The record of (holder, instrument, hedge flag), made when there is none. Nil when the table
  /// is full: callers ask `hasRoomForPosition` before they commit to anything.
  mutating func ensurePosition(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID, _ hedge: HedgeFlag,
    yesterdayMark: Price
  ) -> UInt32? {
    let found = position(holder, instrument, hedge)
    if found != 0 {
      if !mutablePosition(found).pointee.isLinked { link(found) }
      return found
    }
    guard let figures = ensureFigures(holder, commodity),
      let number = takePositionSlot(instrument)
    else { return nil }
    let entry = positionDirectory.at(instrument.index, holder)
    let record = mutablePosition(number)
    record.pointee.holder = holder
    record.pointee.instrument = instrument
    record.pointee.hedge = hedge
    record.pointee.isOption = rates.options.isOption(instrument)
    record.pointee.figures = figures
    record.pointee.markedAt = .none
    record.pointee.longCost.yesterdayMark = yesterdayMark
    record.pointee.shortCost.yesterdayMark = yesterdayMark
    // The first record stays the head: it keeps the cancel tally of the instrument.
    if entry.pointee == 0 {
      entry.pointee = number
    } else {
      let head = mutablePosition(entry.pointee)
      record.pointee.sibling = head.pointee.sibling
      head.pointee.sibling = number
    }
    link(number)
    return number
  }

  private mutating func takePositionSlot(_ instrument: InstrumentID) -> UInt32? {
    let chunks = instrumentChunks.at(instrument.raw)
    if chunks.pointee.last != 0 {
      let chunk = positionChunks.at(Int(chunks.pointee.last) - 1)
      if Int(chunk.pointee.used) < PositionChunk.size {
        chunk.pointee.used += 1
        return (chunks.pointee.last - 1) * UInt32(PositionChunk.size) + chunk.pointee.used
      }
    }
    guard positionChunkCount < positionChunks.capacity else { return nil }
    positionChunkCount += 1
    let number = UInt32(positionChunkCount)
    if chunks.pointee.last == 0 {
      chunks.pointee.first = number
    } else {
      positionChunks.at(Int(chunks.pointee.last) - 1).pointee.next = number
    }
    chunks.pointee.last = number
    positionChunks.at(Int(number) - 1).pointee.used = 1
    return (number - 1) * UInt32(PositionChunk.size) + 1
  }

  // MARK: Figures

  /// A holder's figures of a commodity, 1-based; 0 = none yet.
  public func figuresNumber(_ holder: HolderID, _ commodity: CommodityID) -> UInt32 {
    figuresDirectory.at(commodity.index, holder).pointee
  }

  /// The figures of (holder, commodity), made when there are none; nil when the table is full.
  mutating func ensureFigures(_ holder: HolderID, _ commodity: CommodityID) -> UInt32? {
    let entry = figuresDirectory.at(commodity.index, holder)
    if entry.pointee != 0 { return entry.pointee }
    guard figuresCount < figures.capacity else { return nil }
    let record = figures.at(figuresCount)
    figuresCount += 1
    record.pointee.holder = holder
    record.pointee.commodity = commodity
    record.pointee.lotsCap = .min
    record.pointee.marginCap = .min
    record.pointee.orderLots = .min
    record.pointee.orderMargin = .min
    record.pointee.bandValue = .min
    let owner = holders.at(holder.raw)
    record.pointee.nextOfHolder = owner.pointee.firstFigures
    owner.pointee.firstFigures = UInt32(figuresCount)
    entry.pointee = UInt32(figuresCount)
    return UInt32(figuresCount)
  }

  // MARK: Walking the holders of an instrument

  /// A place in the walk over an instrument's position records.
  public struct HolderCursor: Equatable, Sendable, BitwiseCopyable {
    public var chunk: UInt32
    public var offset: UInt32
    public init(chunk: UInt32, offset: UInt32) {
      self.chunk = chunk
      self.offset = offset
    }
    /// Past the last record.
    public var isAtEnd: Bool { chunk == 0 }
  }

  public func firstHolder(of instrument: InstrumentID) -> HolderCursor {
    HolderCursor(chunk: instrumentChunks.at(instrument.raw).pointee.first, offset: 0)
  }

  /// The record under the cursor, which moves to the next one; 0 at the end.
  public func nextHolder(_ cursor: inout HolderCursor) -> UInt32 {
    while cursor.chunk != 0 {
      let chunk = positionChunks.at(Int(cursor.chunk) - 1)
      if cursor.offset < chunk.pointee.used {
        cursor.offset += 1
        return (cursor.chunk - 1) * UInt32(PositionChunk.size) + cursor.offset
      }
      cursor = HolderCursor(chunk: chunk.pointee.next, offset: 0)
    }
    return 0
  }

  /// How many position records an instrument has, up to `limit`.
  public func holderCount(of instrument: InstrumentID, upTo limit: Int) -> Int {
    var chunk = instrumentChunks.at(instrument.raw).pointee.first
    var count = 0
    while chunk != 0, count < limit {
      let record = positionChunks.at(Int(chunk) - 1)
      count += Int(record.pointee.used)
      chunk = record.pointee.next
    }
    return count
  }
}

extension Ledger {
  /// Lots held and working to open in an instrument, from its first record on; `.unknown` = under
  /// every hedge flag.
  public func lots(ofHead head: UnsafePointer<PositionRecord>?, hedge: HedgeFlag) -> Int64 {
    sum(head, hedge) { record in
      Int64(record.pointee.long.held) + Int64(record.pointee.short.held)
        + Int64(record.pointee.long.workingOpen) + Int64(record.pointee.short.workingOpen)
    }
  }

  /// Margin held and frozen in an instrument, in 1e-4 yuan; `.unknown` = under every hedge flag.
  public func margin(ofHead head: UnsafePointer<PositionRecord>?, hedge: HedgeFlag) -> Int64 {
    sum(head, hedge) { record in
      record.pointee.long.margin.units + record.pointee.short.margin.units
        + record.pointee.long.frozenMargin.units + record.pointee.short.frozenMargin.units
    }
  }

  @inline(__always) private func sum(
    _ head: UnsafePointer<PositionRecord>?, _ hedge: HedgeFlag,
    _ value: (UnsafePointer<PositionRecord>) -> Int64
  ) -> Int64 {
    var total: Int64 = 0
    var next = head
    while let record = next {
      if hedge == .unknown || record.pointee.hedge == hedge { total += value(record) }
      next = record.pointee.sibling == 0 ? nil : position(record.pointee.sibling)
    }
    return total
  }
}
