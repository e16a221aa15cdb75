import Domain
import Foundation
import Messages
import Testing

@testable import Engine
@testable import Follower
@testable import Gateway
@testable import Ledger
@testable import MarketData
@testable import Storage

/// The records that a state hash or a snapshot takes byte by byte.
///
/// A record that is hashed has no gap between its fields or behind them: nobody sets those bytes,
/// and a copy may bring anything there. Of one that is only written the gaps are counted. One of
/// another size makes every snapshot there is unreadable: whoever changes one changes its line
/// here, knowing that.
@Suite struct RecordLayoutTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    /// What the table below states: the stride, and how much of it no field has.
    var byteCount: Int
    var gapBytes: Int
    var stride: Int
    /// Of all fields, those of fields among them.
    var fieldBytes: Int

    init<Record: BitwiseCopyable>(_ record: Record.Type, _ byteCount: Int, gaps: Int = 0) {
      name = String(reflecting: record)
      self.byteCount = byteCount
      gapBytes = gaps
      stride = MemoryLayout<Record>.stride
      let zero = Table<Record>(capacity: 1)
      fieldBytes = RecordLayoutTests.fieldBytes(zero.at(0).pointee)
    }

    var testDescription: String { name }
  }

  static let hashed: [Row] = [
    Row(HolderRecord.self, 192), Row(AccountRecord.self, 256), Row(ProductRecord.self, 192),
    Row(FundAccountRecord.self, 192), Row(OrderRecord.self, 192), Row(ChildRecord.self, 192),
    Row(InstrumentRecord.self, 192), Row(RateEntry.self, 88), Row(DeclarationFee.self, 16),
    Row(UnmappedTrades.Row.self, 24), Row(UnmappedTrade.self, 64), Row(LineRecord.self, 128),
    Row(LaterRiskDegree.self, 24), Row(WindowRecord.self, 40),
    Row(FundQuota.self, 32), Row(ControllerRecord.self, 48), Row(ControlMark.self, 120),
    Row(LiquidationRecord.self, 88), Row(SchemeSubjectRecord.self, 160), Row(SchemeHoliday.self, 8),
    Row(FeeRecord.self, 216),
    Row(BindingRecord.self, 32), Row(ClauseRecord.self, 32), Row(ClauseState.self, 16),
    Row(SchemeInstrument.self, 448), Row(SchemeGroup.self, 384),
  ]

  /// What is hashed field by field, or found again from what is.
  static let written: [Row] = [
    Row(PositionRecord.self, 256), Row(PositionChunk.self, 8), Row(InstrumentChunks.self, 8),
    Row(CommodityFigures.self, 192), Row(LotNode.self, 24), Row(LimitRow.self, 48),
    Row(AccessRow.self, 40), Row(RouteStart.self, 16), Row(ClOrdIndex.Slot.self, 8),
    Row(WorkingBook.self, 32), Row(ProductID.self, 4), Row(OperationAccountID.self, 4),
    Row(CommodityRecord.self, 12, gaps: 2), Row(OptionRow.self, 40),
    Row(TradingHoursRecord.self, 232), Row(TradingInterval.self, 12, gaps: 2),
    Row(WorkItem.self, 72, gaps: 9), Row(MarkQueue.State.self, 12, gaps: 2),
    Row(InstrumentID.self, 4), Row(SharedLists.Facts.self, 1), Row(RateProfile.self, 32),
    Row(OrderSizeLimit.self, 16), Row(ResolvedRates.self, 96), Row(SchemeCommodity.self, 320),
    Row(DirtySubjects.Entry.self, 16),
    Row(BudgetLimits.self, 64), Row(ResolvedBudgets.self, 64), Row(BudgetRecord.self, 64),
    Row(BudgetCommodity.self, 32), Row(BudgetMessages.self, 576), Row(BudgetTrade.self, 40),
    Row(ReportHistory.Row.self, 216, gaps: 15),
    Row(ReportHistory.Account.self, 32, gaps: 4), Row(DayBook.Trade.self, 248, gaps: 19),
    Row(DayBook.Account.self, 48, gaps: 4),
  ]

  @Test(arguments: hashed + written)
  func aRecordHasItsSizeAndItsGaps(_ row: Row) {
    #expect(row.stride == row.byteCount)
    #expect(row.stride - row.fieldBytes == row.gapBytes)
  }

  @Test func whatIsHashedHasNoGap() {
    for row in Self.hashed { #expect(row.gapBytes == 0, "\(row.name)") }
  }

  /// Bytes of a value's fields, down to what has none: an enum, an integer, an inline array.
  private static func fieldBytes(_ value: Any) -> Int {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .struct, !mirror.children.isEmpty else { return size(value) }
    return mirror.children.reduce(0) { $0 + fieldBytes($1.value) }
  }

  private static func size<Value>(_: Value) -> Int { MemoryLayout<Value>.size }

  /// Every record of a table in the modules whose state is written is in the list above.
  @Test func everyTableOfTheStateIsListed() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    var paths = ["Gateway/ReportHistory.swift", "Follower/DayBook.swift"]
    for module in ["Ledger", "MarketData", "Engine"] {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: module).path)
      paths += names.filter { $0.hasSuffix(".swift") }.map { "\(module)/\($0)" }
    }
    // Scratch of a step, tables of plain numbers, and what is known of clauses: it is not written.
    let others: Set = [
      "OrderTerms", "UInt8", "UInt16", "UInt32", "UInt64", "Int64", "Exchange", "QuietRecord",
      "QuietTotals", "ClauseBits", "ClauseTraits", "InstrumentLink",
    ]
    var found: Set<String> = []
    for path in paths {
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /: (?:Table|NodePool)<([A-Za-z.]+)>/) {
        found.insert(String(match.1))
      }
    }
    let listed = (Self.hashed + Self.written).map(\.name)
    #expect(found.count > 20)
    for name in found.subtracting(others) {
      let isListed = listed.contains { $0.hasSuffix(".\(name)") }
      #expect(isListed, "\(name)")
    }
  }
}
