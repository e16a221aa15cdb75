import Domain
import RiskRules
import Testing

@Suite struct RuleRowsTests {
  @Test func everyRuleHasOneRow() {
    for rule in RuleID.allCases where rule != .none {
      #expect(RuleTable.rows.count { $0.id == rule } == 1, "\(rule)")
    }
    #expect(RuleTable.row(.none) == nil)
  }

  @Test func rowsAreSortedBySection() {
    let sections = RuleTable.rows.map(\.section.rawValue)
    #expect(sections == sections.sorted())
  }

  @Test func namesAndCodesAreUnique() {
    #expect(Set(RuleTable.rows.map(\.name)).count == RuleTable.rows.count)
    #expect(Set(RuleTable.rows.map(\.code)).count == RuleTable.rows.count)
    #expect(Set(RuleTable.rows.map(\.sentence)).count == RuleTable.rows.count)
    #expect(Set(RuleTable.rows.map(\.chinese)).count == RuleTable.rows.count)
  }

  @Test(arguments: RuleTable.rows)
  func aNameIsTheCaseInKebab(_ row: RuleRow) {
    #expect(row.name == row.id.name)
    #expect(RuleTable.row(named: row.name)?.id == row.id)
  }

  @Test(arguments: RuleTable.rows)
  func aSentenceIsWhole(_ row: RuleRow) {
    #expect(row.sentence.hasSuffix("."))
    #expect(row.chinese.hasSuffix("。"))
    #expect(!row.sentence.contains("|") && !row.chinese.contains("|"))
    #expect(!row.compares.isEmpty && !row.source.isEmpty)
  }

  /// One case on either side of what is compared.
  @Test(arguments: RuleTable.rows)
  func anExampleShowsBothSides(_ row: RuleRow) {
    #expect(!row.example.contains("|") && !row.example.hasSuffix("."))
    #expect(row.example.contains { $0.isNumber })
    #expect(row.example != row.compares)
  }

  /// FIX 4.4 knows OrdRejReason(103) 0 to 15 and 99; a log in and a cancel have none.
  @Test(arguments: RuleTable.rows)
  func ordersHaveAFIXReason(_ row: RuleRow) {
    switch row.reach {
    case .opening, .closing, .openingAndClosing, .child:
      let reason = row.fixReason ?? -1
      #expect((0...15).contains(reason) || reason == 99)
    case .logon, .cancel, .command:
      #expect(row.fixReason == nil)
    }
  }

  @Test(arguments: [
    (RuleID.unknownInstrument, Offset.open, 16), (.duplicateOrder, .open, 22),
    (.unknownOrder, .open, 25), (.orderDone, .open, 26), (.openPermission, .open, 29),
    (.positionAvailable, .close, 30), (.positionAvailable, .closeToday, 50),
    (.positionAvailable, .closeYesterday, 51), (.fundsAvailable, .open, 31),
    (.ipWhitelist, .open, 49), (.positionLimit, .open, 106), (.orderRate, .open, 116),
    (.limitBand, .open, 90_307), (.none, .open, 0),
  ])
  func aCTPTerminalIsToldANumberItKnows(_ rule: RuleID, _ offset: Offset, _ number: Int) {
    #expect(RuleTable.ctpErrorID(rule, offset) == number)
  }

  @Test func entryAndLogonNameRulesOnce() {
    #expect(Set(RuleTable.entryOrder).count == RuleTable.entryOrder.count)
    #expect(Set(RuleTable.logonOrder).count == RuleTable.logonOrder.count)
    for row in RuleTable.rows where row.section == .logon {
      #expect(RuleTable.logonOrder.contains(row.id))
    }
    for row in RuleTable.rows where row.section == .wellFormed || row.section == .account {
      #expect(RuleTable.entryOrder.contains(row.id))
    }
  }

  /// Decisions 11: section by section, row by row; what the rule book doesn't name comes between.
  @Test func entryOrderIsTheRuleBooks() {
    let book = RuleTable.entryOrder.map(\.rawValue).filter { (200..<400).contains($0) && $0 != 212 }
    #expect(book == book.sorted())
  }
}
