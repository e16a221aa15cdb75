import Domain
import Session
import Testing
import Wire

@testable import Client
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
      closeProfit: Money(units: 0), positionProfit: Money(units: 20), fees: Money(units: 70))
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
    #expect(Self.faults(funds: other) == ["fees of its reports 70, of its money 71"])
    other = Self.funds
    other.equity = Money(units: 951)
    #expect(Self.faults(funds: other) == ["equity 951, its parts add up to 950"])
    #expect(Self.faults(funds: nil) == ["no answer about its money"])
  }
}
