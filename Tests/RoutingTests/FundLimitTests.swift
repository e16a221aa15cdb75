import Domain
import Ledger
import Testing

/// What a fund account may take: its own limits, its funds less the reserve, the positions there
/// (routing.md "What a fund account may take", rules.md 7).
@Suite struct FundLimitTests {
  /// One fund account with 1 000 000 yuan; a lot at 4 000 takes 4 001 of it.
  private func desk(_ yuan: Int64 = 1_000_000) -> RouteDesk {
    let desk = RouteDesk(.priority)
    desk.addFund(yuan)
    return desk
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    /// How many lots fit, and what binds the next one.
    var most: Lots
    var rule: RuleID
    var arrange: @Sendable (RouteDesk) -> Void
    init(
      _ name: String, _ most: Lots, _ rule: RuleID,
      _ arrange: @escaping @Sendable (RouteDesk) -> Void
    ) {
      self.name = name
      self.most = most
      self.rule = rule
      self.arrange = arrange
    }
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    // 249 * 4 001 = 996 249.
    Row("all its funds", 249, .fundMinReserve) { _ in },
    Row("a reserve that leaves exactly ten lots", 10, .fundMinReserve) { desk in
      desk.change(0) { $0.pointee.minimumReserve = Money(yuan: 1_000_000 - 40_010) }
    },
    Row("a reserve that leaves a fen less", 9, .fundMinReserve) { desk in
      desk.change(0) { $0.pointee.minimumReserve = Money(units: 9_599_900_001) }
    },
    Row("a reserve above what is there", 0, .fundMinReserve) { desk in
      desk.change(0) { $0.pointee.minimumReserve = Money(yuan: 1_000_001) }
    },
    Row("funds that working orders hold", 149, .fundMinReserve) { desk in
      desk.work(0, desk.buy(100))
    },
    Row("what the counter says is not available", 100, .fundMinReserve) { desk in
      _ = desk.ledger.setCounterFunds(
        desk.funds[0], equity: Money(yuan: 1_000_000), available: Money(yuan: 400_100))
    },
    Row("no permission to open", 0, .fundOpenPermission) { desk in
      desk.change(0) { $0.pointee.openPermission = false }
    },
    Row("a link that is down", 0, .fundLinkDown) { desk in
      desk.change(0) { $0.pointee.isReady = false }
    },
    Row("a figure that passed its range", 0, .fundOpenPermission) { desk in
      desk.ledger.barByOverflow(desk.ledger.holder(of: desk.funds[0]))
    },
    Row("lots of a child", 7, .fundOrderSize) { desk in desk.limitSize(0, 7) },
    Row("no lots of a child", 0, .fundOrderSize) { desk in desk.limitSize(0, 0) },
    Row("margin of a child, exactly", 5, .fundOrderSize) { desk in
      desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = Int64(yuan: 20_000) }
    },
    Row("margin of a child, a bit less", 4, .fundOrderSize) { desk in
      desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = Int64(yuan: 20_000) - 1 }
    },
    Row("the stricter of lots and margin", 5, .fundOrderSize) { desk in
      desk.limit(0, .orderSize, desk.rebar) {
        $0.pointee.lots = 6
        $0.pointee.margin = Int64(yuan: 20_000)
      }
    },
    Row("a child of the instrument", 3, .fundOrderSize) { desk in
      desk.limitSize(0, 7)
      desk.limit(0, .orderSize, desk.rebar, desk.rb) { $0.pointee.lots = 3 }
    },
    Row("long lots, two held and one working", 4, .fundPositionLimit) { desk in
      desk.give(0, .long, 2, desk.rb)
      desk.work(0, desk.buy(1))
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 7 }
    },
    Row("long lots of the commodity, held in another instrument", 2, .fundPositionLimit) { desk in
      desk.give(0, .long, 5, desk.rbNow)
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 7 }
    },
    Row("long lots of the instrument", 7, .fundPositionLimit) { desk in
      desk.give(0, .long, 5, desk.rbNow)
      desk.limit(0, .fundPosition, desk.rebar, desk.rb) { $0.pointee.long = 7 }
    },
    Row("lots of both sides together", 4, .fundPositionLimit) { desk in
      desk.give(0, .long, 2, desk.rb)
      desk.give(0, .short, 1, desk.rb)
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.lots = 7 }
    },
    Row("more is held than allowed", 0, .fundPositionLimit) { desk in
      desk.give(0, .long, 9, desk.rb)
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 7 }
    },
    Row("lots under this hedge flag", 7, .fundPositionLimit) { desk in
      desk.give(0, .long, 2, desk.rb, hedge: .arbitrage)
      desk.limit(0, .fundPosition, desk.rebar, hedge: .speculation) { $0.pointee.long = 7 }
    },
    Row("lots under any hedge flag", 5, .fundPositionLimit) { desk in
      desk.give(0, .long, 2, desk.rb, hedge: .arbitrage)
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 7 }
    },
    Row("all rows that match", 2, .fundPositionLimit) { desk in
      desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 7 }
      desk.limit(0, .fundPosition, desk.rebar, desk.rb) { $0.pointee.lots = 2 }
      desk.limitSize(0, 4)
    },
  ]

  /// As many as fit pass, one more is cut, and the account says by what.
  @Test(arguments: rows)
  func aLimitAllowsItselfAndNoMore(_ row: Row) {
    let desk = desk()
    row.arrange(desk)
    if row.most > 0 {
      let fits = desk.split(desk.buy(row.most))
      #expect(fits.lots == [row.most])
      #expect(fits.refusal.isNone)
    }
    let over = desk.split(desk.buy(row.most + 1))
    #expect(over.lots == [row.most])
    #expect(over.declines == [row.rule])
    #expect(over.refusal.rule == row.rule)
    #expect(over.refusal.scopeKind == .fundAccount)
    #expect(over.refusal.scopeID == 0)
  }

  /// What was asked for stands in the unit of the figures.
  @Test func aRefusalAsksInItsOwnUnit() {
    let desk = desk()
    desk.change(0) { $0.pointee.minimumReserve = Money(yuan: 1_000_000 - 40_010) }
    let funds = desk.split(desk.buy(11)).refusal
    #expect(funds.unit == .money)
    #expect(funds.asked == Int64(yuan: 44_011))
    desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = Int64(yuan: 20_000) }
    let size = desk.split(desk.buy(6)).refusal
    #expect(size.unit == .money)
    #expect(
      [size.observed, size.limit, size.asked] == [0, Int64(yuan: 20_000), Int64(yuan: 24_000)])
    desk.limitSize(0, 3)
    #expect(desk.split(desk.buy(6)).refusal.asked == 6)
    desk.change(0) { $0.pointee.openPermission = false }
    #expect(desk.split(desk.buy(6)).refusal.asked == 0)
    #expect(desk.split(desk.buy(6)).refusal.unit == .none)
  }

  @Test func aShortLimitDoesNotBindBuying() {
    let desk = desk()
    desk.limit(0, .fundPosition, desk.rebar) {
      $0.pointee.long = 7
      $0.pointee.short = 3
    }
    #expect(desk.split(desk.buy(10)).lots == [7])
    #expect(desk.split(desk.order(.sell, .open, 10)).lots == [3])
  }

  @Test func aLimitOfAnotherCommodityDoesNotBind() {
    let desk = desk()
    desk.limit(0, .fundPosition, desk.iron) { $0.pointee.long = 1 }
    desk.limit(0, .orderSize, desk.iron) { $0.pointee.lots = 1 }
    #expect(desk.split(desk.buy(10)).lots == [10])
  }

  /// A market order is held at limit-up, 5 000: 5 001 a lot (decisions 2).
  @Test func aMarketOrderIsHeldAtLimitUp() {
    let desk = desk()
    #expect(desk.split(desk.marketOrder(.buy, .open, 250)).lots == [199])
    desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = Int64(yuan: 20_000) }
    #expect(desk.split(desk.marketOrder(.buy, .open, 250)).lots == [4])
  }

  /// Margin of several lots rounds up once: three lots of 3 333.33335 yuan are 10 000.0001 at most.
  @Test func aMarginLimitIsHeldAgainstTheMarginOfTheWholeChild() {
    var rates = RouteDesk.defaultRates
    rates.marginLong = TwoPartRate(byValue: Rate(units: 8_333_333))
    let desk = RouteDesk(.priority, rates: rates)
    desk.addFund(1_000_000)
    // 4 001 * 10 * 0.08333333 = 3 334.1665333: one lot 3 334.1666, three 10 002.4996.
    desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = 100_024_996 }
    #expect(desk.split(desk.order(.buy, .open, 4, price: .yuan(4_001))).lots == [3])
    desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = 100_024_995 }
    #expect(desk.split(desk.order(.buy, .open, 4, price: .yuan(4_001))).lots == [2])
  }

  @Test func withoutHedgePermissionHedgeOrdersGoElsewhere() {
    let desk = desk()
    desk.addFund(1_000_000, priority: -1)
    desk.change(0) { $0.pointee.hedgePermission = false }
    #expect(desk.split(desk.order(.buy, .open, 2, hedge: .hedge)).lots == [0, 2])
    #expect(desk.split(desk.order(.buy, .open, 2, hedge: .arbitrage)).lots == [2, 0])
    #expect(
      desk.split(desk.order(.buy, .open, 2, hedge: .hedge)).declines[0] == .fundHedgePermission)
  }

  /// routing.md: a refusal says why each fund account could not take it.
  @Test func eachAccountSaysWhyItCouldNot() {
    let desk = desk()
    for _ in 0..<4 { desk.addFund(1_000_000) }
    desk.change(0) { $0.pointee.isReady = false }
    desk.change(1) { $0.pointee.openPermission = false }
    desk.change(2) { $0.pointee.minimumReserve = Money(yuan: 2_000_000) }
    desk.limitSize(3, 0)
    desk.limit(4, .fundPosition, desk.rebar) { $0.pointee.long = 0 }
    let split = desk.split(desk.buy(1))
    #expect(split.children.isEmpty)
    #expect(
      split.declines == [
        .fundLinkDown, .fundOpenPermission, .fundMinReserve, .fundOrderSize, .fundPositionLimit,
      ])
  }

  @Test func aProductWithoutFundAccountsHasNoPlace() {
    let desk = RouteDesk(.priority)
    let split = desk.split(desk.buy(1))
    #expect(split.children.isEmpty)
    #expect(split.refusal.rule == .noFundAccount)
  }

  /// decisions 27: closing children meet the size in lots and what is held, nothing else.
  @Test func exitsMeetNoOtherLimit() {
    let desk = desk()
    desk.give(0, .long, 9, desk.rb)
    desk.change(0) {
      $0.pointee.openPermission = false
      $0.pointee.minimumReserve = Money(yuan: 2_000_000)
    }
    desk.ledger.barByOverflow(desk.ledger.holder(of: desk.funds[0]))
    desk.limit(0, .fundPosition, desk.rebar) { $0.pointee.long = 0 }
    desk.limit(0, .orderSize, desk.rebar) { $0.pointee.margin = 0 }
    #expect(desk.split(desk.order(.sell, .close, 9)).lots == [9])
    desk.limitSize(0, 4)
    let cut = desk.split(desk.order(.sell, .close, 9))
    #expect(cut.lots == [4])
    #expect(cut.declines == [.fundOrderSize])
    desk.change(0) { $0.pointee.isReady = false }
    #expect(desk.split(desk.order(.sell, .close, 9)).declines == [.fundLinkDown])
  }

  /// The hold of each child is what the ledger would take for it: margin and fee at its rates.
  @Test func aChildComesWithItsHold() {
    let desk = desk()
    desk.limitSize(0, 3)
    desk.addFund(1_000_000, priority: -1)
    var rates = RouteDesk.defaultRates
    rates.marginLong = TwoPartRate(byValue: Rate(units: 20_000_000))
    desk.setRates(1, rates)
    let split = desk.split(desk.buy(5))
    #expect(
      split.children.map(\.hold) == [
        Hold(margin: Money(yuan: 12_000), fee: Money(yuan: 3), value: Money(yuan: 120_000)),
        Hold(margin: Money(yuan: 16_000), fee: Money(yuan: 2), value: Money(yuan: 80_000)),
      ])
  }
}

extension Int64 {
  /// Whole yuan in units of 1e-4.
  init(yuan: Int64) { self = yuan * Money.unitsPerYuan }
}
