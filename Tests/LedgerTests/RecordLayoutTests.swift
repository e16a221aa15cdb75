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
      MemoryLayout<HolderRecord>.offset(of: \.closedValue)!
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
    #expect(
      MemoryLayout<CommodityFigures>.offset(of: \.orderLots)!
        <= CommodityFigures.linesOfOrder * Self.line)
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
}
