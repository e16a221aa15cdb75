import Domain
import Session
import Testing
import Wire

@testable import Client
@testable import Config
@testable import sluice

/// What a terminal heard against what the gateway answers: one figure off is told.
@Suite struct LoadAuditTests {
  private static let code = InstrumentCode("rb2701")!
  private static let id = ClOrdID("a-1")!
  private static let order = OrderID(day: TradingDay(yyyymmdd: 20_261_123)!, shard: 0, sequence: 1)

  private static var trade: OrderEntry.ExecutionReport {
    var report = OrderEntry.ExecutionReport(
      orderID: order, clOrdID: id, execType: .trade, state: .filled, instrument: code, side: .buy,
      offset: .open, hedge: .speculation, lots: 2)
    report.lastLots = 2
    report.lastPrice = Price(units: 31_000_000)
    report.cumulativeLots = 2
    report.leavesLots = 0
    report.fee = Money(units: 70)
    return report
  }

  private static var orderRow: OrderEntry.OrderRow {
    OrderEntry.OrderRow(
      orderID: order, clOrdID: id, state: .filled, price: .none, lots: 2, cumulativeLots: 2,
      leavesLots: 0)
  }
  private static var tradeRow: OrderEntry.TradeRow {
    OrderEntry.TradeRow(orderID: order, clOrdID: id, lots: 2, fee: Money(units: 70))
  }
  private static var position: OrderEntry.PositionUpdate {
    OrderEntry.PositionUpdate(
      instrument: code, side: .long, hedge: .speculation, openedLots: 2, closedLots: 0)
  }
  private static var funds: OrderEntry.AccountUpdate {
    OrderEntry.AccountUpdate(
      openingEquity: Money(units: 1_000), netCash: Money(units: 0), equity: Money(units: 950),
      available: Money(units: 940), margin: Money(units: 10), frozenMargin: .zero,
      frozenFee: .zero, closeProfit: Money(units: 0), positionProfit: Money(units: 20),
      fees: Money(units: 70), deposits: .zero, withdrawals: .zero, premium: .zero,
      frozenPremium: .zero, marketEquity: Money(units: 950))
  }

  // MARK: Declaration fees

  private static func declared(
    _ execType: ExecType, _ state: OrderState, filled: Lots = 0, timeInForce: TimeInForce = .day,
    code: String = "IF2612"
  ) -> OrderEntry.ExecutionReport {
    var report = OrderEntry.ExecutionReport(
      orderID: order, clOrdID: id, execType: execType, state: state,
      instrument: InstrumentCode(code)!, side: .buy, offset: .open, hedge: .speculation,
      timeInForce: timeInForce, lots: 5)
    report.cumulativeLots = filled
    return report
  }

  struct Declared: Sendable {
    var reports: [OrderEntry.ExecutionReport]
    /// Yuan by order at 1 yuan, and by lot at 2.
    var byOrder: Int64
    var byLot: Int64
  }

  static let declarations: [Declared] = [
    Declared(reports: [], byOrder: 0, byLot: 0),
    // Sent, and refused by its counter: the exchange never had it.
    Declared(
      reports: [declared(.new, .accepted), declared(.rejected, .rejected)], byOrder: 0, byLot: 0),
    Declared(
      reports: [declared(.workingConfirmed, .working), declared(.trade, .filled, filled: 5)],
      byOrder: 1, byLot: 10),
    Declared(reports: [declared(.trade, .partlyFilled, filled: 2)], byOrder: 1, byLot: 10),
    // Two of five filled, three cancelled.
    Declared(
      reports: [
        declared(.workingConfirmed, .working), declared(.cancelled, .cancelled, filled: 2),
      ], byOrder: 2, byLot: 16),
    // Its rest ended by itself.
    Declared(
      reports: [declared(.cancelled, .cancelled, filled: 2, timeInForce: .immediateOrCancel)],
      byOrder: 1, byLot: 10),
    Declared(
      reports: [declared(.cancelled, .cancelled, code: "rb2701")], byOrder: 0, byLot: 0),
  ]

  @Test(arguments: declarations.indices)
  func declarationFeesFollowFromWhatWasHeard(_ index: Int) {
    let row = Self.declarations[index]
    for (unit, amount, expected) in [
      (DeclarationUnit.order, Int64(1), row.byOrder), (.lot, 2, row.byLot),
    ] {
      var heard = LoadDeclarations(
        LoadPlan.Declaration(
          commodities: ["IF", "IC"],
          fee: DeclarationFee(amount: Money(yuan: amount), unit: unit)))
      for report in row.reports { heard.hear(report) }
      #expect(heard.fees == expected * Money.unitsPerYuan, "\(unit), row \(index)")
    }
  }

  /// A house that pays for declarations owes what its plan says: neither more nor less.
  @Test func moneyHasTheDeclarationsThatThePlanSays() {
    var model = TerminalModel()
    let report = Self.declared(.workingConfirmed, .working)
    model.apply(report)
    func faults(_ fees: Int64, _ declaration: LoadPlan.Declaration?) -> [String] {
      var audit = LoadAudit(declaration: declaration)
      audit.hear(report)
      audit.note(
        OrderEntry.AccountUpdate(
          openingEquity: Money(units: 100_000), netCash: .zero,
          equity: Money(units: 100_000 - fees), closeProfit: .zero, positionProfit: .zero,
          fees: Money(units: fees)))
      return audit.faults(model).filter { $0.contains("fees") }
    }
    let plan = LoadPlan.Declaration(
      commodities: ["IF"], fee: DeclarationFee(amount: Money(yuan: 1)))
    #expect(faults(10_000, plan) == [])
    #expect(faults(10_000, nil) == ["fees of its reports 0, of its money 10000"])
    #expect(
      faults(0, plan) == ["fees of its reports 0 and declarations 10000, of its money 0"])
  }

  /// An audit of one filled order; `change` makes one of the rows another one.
  private static func faults(
    orders: [OrderEntry.OrderRow] = [orderRow], trades: [OrderEntry.TradeRow] = [tradeRow],
    positions: [OrderEntry.PositionUpdate] = [position],
    funds: OrderEntry.AccountUpdate? = funds
  ) -> [String] {
    var model = TerminalModel()
    model.apply(trade)
    var audit = LoadAudit()
    audit.hear(trade)
    var faults = orders.compactMap { audit.note($0, model) }
    for row in trades { audit.note(row, model) }
    for row in positions { audit.note(row) }
    if let funds { audit.note(funds) }
    faults += audit.faults(model)
    return faults
  }

  @Test func whatAgreesIsNotComplainedOf() {
    #expect(Self.faults() == [])
  }

  /// A gateway that was killed in the middle is asked anew.
  @Test func rowsOfAnAuditThatWasCutOffAreNotCountedTwice() {
    var option = Self.position
    (option.todayLots, option.yesterdayLots) = (2, 0)
    option.optionValue = Money(units: 300)
    var funds = Self.funds
    funds.marketEquity = Money(units: 1_250)
    (option.time, funds.time) = (Timestamp(nanoseconds: 5), Timestamp(nanoseconds: 5))
    var model = TerminalModel()
    model.apply(Self.trade)
    var audit = LoadAudit()
    audit.hear(Self.trade)
    for _ in 0..<2 {
      audit.beginAgain()
      #expect(audit.note(Self.orderRow, model) == nil)
      audit.note(Self.tradeRow, model)
      audit.note(option)
      audit.note(funds)
    }
    #expect(audit.faults(model) == [])
    audit.beginAgain()
    #expect(audit.faults(model).last == "no answer about its money")
  }

  @Test func anOrderThatNobodyToldIsTold() {
    var other = Self.orderRow
    other.orderID = OrderID(day: TradingDay(yyyymmdd: 20_261_123)!, shard: 0, sequence: 2)
    #expect(Self.faults(orders: [Self.orderRow, other]).count == 2)
    #expect(Self.faults(orders: []) == ["its terminal knows 1 orders, the gateway 0"])
  }

  @Test func anOrderThatDiffersIsTold() {
    var other = Self.orderRow
    other.cumulativeLots = 1
    #expect(Self.faults(orders: [other]).count == 1)
  }

  @Test func childrenAddUp() {
    var other = Self.tradeRow
    other.lots = 1
    #expect(
      Self.faults(trades: [other])
        == ["a-1: 2 lots filled, the fills of its children add up to 1"])
    #expect(Self.faults(trades: []).count == 2)
  }

  @Test func positionsAreThoseOfTheFills() {
    var other = Self.position
    other.openedLots = 3
    #expect(Self.faults(positions: [other]).count == 1)
    #expect(Self.faults(positions: []).count == 1)
  }

  @Test func moneyIsThatOfTheFills() {
    var other = Self.funds
    other.fees = Money(units: 71)
    other.equity = Money(units: 949)
    other.available = Money(units: 939)
    other.marketEquity = Money(units: 949)
    #expect(Self.faults(funds: other) == ["fees of its reports 70, of its money 71"])
    other = Self.funds
    other.equity = Money(units: 951)
    #expect(Self.faults(funds: other) == ["equity 951, its parts add up to 950"])
    #expect(Self.faults(funds: nil) == ["no answer about its money"])
    other = Self.funds
    other.available = Money(units: 941)
    #expect(Self.faults(funds: other) == ["available 941, its parts add up to 940"])
    other = Self.funds
    other.deposits = Money(units: 5)
    #expect(Self.faults(funds: other) == ["net cash 0, its parts add up to 5"])
  }

  // MARK: Options

  private static let time = Timestamp(nanoseconds: 5)

  /// Two lots of an option bought at 10 are worth 24; premium paid 20.
  private static func optionFaults(
    value: Int64 = 24, at: Timestamp = time,
    _ change: (inout OrderEntry.AccountUpdate) -> Void = { _ in }
  ) -> [String] {
    var position = position
    position.todayLots = 2
    position.yesterdayLots = 0
    position.optionValue = Money(units: value)
    position.time = at
    var funds = funds
    funds.time = time
    funds.netCash = Money(units: -20)
    funds.premium = Money(units: -20)
    funds.frozenPremium = Money(units: 3)
    funds.positionProfit = .zero
    funds.equity = Money(units: 910)
    funds.available = Money(units: 897)
    funds.marketEquity = Money(units: 934)
    change(&funds)
    var model = TerminalModel()
    model.apply(trade)
    var audit = LoadAudit()
    audit.hear(trade, premium: -20)
    _ = audit.note(orderRow, model)
    audit.note(tradeRow, model)
    audit.note(position)
    audit.note(funds)
    return audit.faults(model)
  }

  @Test func moneyHasThePremiumOfItsFills() {
    #expect(Self.optionFaults() == [])
    #expect(
      Self.optionFaults { $0.premium = Money(units: -19) } == [
        "net cash -20, its parts add up to -19",
        "premium of its reports -20, of its money -19",
      ])
    #expect(
      Self.optionFaults { $0.frozenPremium = .zero } == ["available 897, its parts add up to 900"])
    #expect(
      Self.optionFaults(value: 25) == ["market equity 934, its parts add up to 935"])
    // A price came between the two looks: nothing can be said.
    #expect(Self.optionFaults(value: 25, at: Timestamp(nanoseconds: 4)) == [])
  }

  /// A market knows by its terms what a fill costs in cash.
  @Test func premiumIsWhatFillsOfOptionsPayAndReceive() throws {
    var market = try #require(LoadMarket(["rb2701"]))
    var terms = OrderEntry.InstrumentDefinition(
      exchange: .shfe, instrument: Self.code, multiplier: 10, priceTick: Price(units: 1),
      kind: .future)
    market.note(terms)
    #expect(market.premium(Self.trade) == 0)
    terms.kind = .option
    market.note(terms)
    #expect(market.premium(Self.trade) == -620_000_000)
    var sold = Self.trade
    sold.side = .sell
    #expect(market.premium(sold) == 620_000_000)
    sold.execType = .new
    #expect(market.premium(sold) == 0)
    #expect(market.premium(Self.declared(.trade, .filled, filled: 5)) == 0)
  }
}
