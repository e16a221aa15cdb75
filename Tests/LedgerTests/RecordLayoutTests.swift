import Domain
import MarketData
import Testing

@testable import Ledger

/// What an order reads of a record stands in its first lines, and a record begins with a line: the
/// cache is asked for these alone.
@Suite struct RecordLayoutTests {
  private static let line = 64

  @Test func recordsBeginWithALine() {
    #expect(MemoryLayout<AccountRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<HolderRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<FundAccountRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<PositionRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<OrderRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<ChildRecord>.stride % Self.line == 0)
    #expect(MemoryLayout<CommodityFigures>.stride % Self.line == 0)
    #expect(Self.line % MemoryLayout<WorkingBook>.stride == 0)
    #expect(MemoryLayout<InstrumentRecord>.stride % Self.line == 0)
  }

  @Test func whatAnOrderReadsStandsFirst() {
    #expect(
      MemoryLayout<AccountRecord>.offset(of: \.logon)!
        <= AccountRecord.linesOfOrder * Self.line)
    #expect(
      MemoryLayout<HolderRecord>.offset(of: \.openedValue)!
        <= HolderRecord.linesOfOrder * Self.line)
    #expect(
      MemoryLayout<FundAccountRecord>.offset(of: \.epoch)!
        <= FundAccountRecord.linesOfOrder * Self.line)
    // What every order reads; the rest is fund-order-rate's.
    #expect(MemoryLayout<FundAccountRecord>.offset(of: \.rateMilliseconds)! == Self.line)
    #expect(
      MemoryLayout<PositionRecord>.offset(of: \.longCost)!
        <= PositionRecord.linesOfOrder * Self.line)
    #expect(MemoryLayout<ChildRecord>.offset(of: \.position)! <= Self.line)
    #expect(
      MemoryLayout<OrderRecord>.offset(of: \.firstChild)! <= OrderRecord.linesOfLinks * Self.line)
  }

  /// `sidePointer` and `costPointer` find a side by its place.
  @Test func sidesStandSideBySide() {
    #expect(MemoryLayout<PositionRecord>.offset(of: \.long) == 0)
    #expect(
      MemoryLayout<PositionRecord>.offset(of: \.short) == MemoryLayout<PositionSideRecord>.stride)
    #expect(MemoryLayout<PositionRecord>.offset(of: \.longCost) == PositionRecord.costOffset)
    #expect(
      MemoryLayout<PositionRecord>.offset(of: \.shortCost)
        == PositionRecord.costOffset + MemoryLayout<PositionCostRecord>.stride)
  }

  /// Sums of schemes stand first, and their columns in one order: they are changed in place.
  @Test func columnsOfSchemesFollowEachOther() {
    #expect(MemoryLayout<SchemeInstrument>.offset(of: \.sums) == 0)
    #expect(MemoryLayout<SchemeCommodity>.offset(of: \.sums) == 0)
    #expect(MemoryLayout<SchemeGroup>.offset(of: \.sums) == 0)
    typealias Sums = MemoryLayout<SchemeSums>
    let lots = [
      Sums.offset(of: \.long), Sums.offset(of: \.short), Sums.offset(of: \.openLong),
      Sums.offset(of: \.openShort), Sums.offset(of: \.closeLong), Sums.offset(of: \.closeShort),
    ]
    let values = [
      Sums.offset(of: \.longValue), Sums.offset(of: \.shortValue),
      Sums.offset(of: \.openLongValue), Sums.offset(of: \.openShortValue),
      Sums.offset(of: \.closeLongValue), Sums.offset(of: \.closeShortValue),
    ]
    let margins = [
      Sums.offset(of: \.longMargin), Sums.offset(of: \.shortMargin),
      Sums.offset(of: \.openLongMargin), Sums.offset(of: \.openShortMargin),
      Sums.offset(of: \.closeLongMargin), Sums.offset(of: \.closeShortMargin),
    ]
    for place in 0..<6 {
      #expect(lots[place] == place * 8)
      #expect(values[place] == SchemeSums.valuesOffset + place * 16)
      #expect(margins[place] == SchemeSums.marginsOffset + place * 16)
    }
    #expect(
      MemoryLayout<SchemeInstrument>.offset(of: \.next)!
        <= SchemeInstrument.linesOfOrder * Self.line)
  }
}
