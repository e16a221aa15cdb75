import Domain
import Gateway
import Ledger
import Messages
import Testing

@testable import sluice

/// Which order of a journal somebody means.
@Suite struct OrderSearchTests {
  static let monday = TradingDay(yyyymmdd: 20_261_123)!
  static let tuesday = TradingDay(yyyymmdd: 20_261_124)!
  /// A name that is the beginning of another one.
  static let accounts = ["desk", "desk-1"]

  private static let capacities = LedgerCapacities(
    operationAccounts: 4, fundAccounts: 1, products: 1, counters: 1, instruments: 1,
    commodities: 1, tradingHours: 1, orders: 1, children: 1, positions: 1, figures: 1,
    lots: 16, limitRows: 1, rateOwners: 1, rates: 1, rateWindow: 1, accessRows: 1, schemes: 4,
    schemeInstruments: 64)

  /// What a journal of these orders says: account, client's id, day; nil = answered again.
  private func search(
    _ name: String, _ orders: [(Int, String, TradingDay?)]
  ) throws(HistoryFault) -> OrderSearch.Sending {
    var search = OrderSearch(name)
    var names = Names(Self.capacities)
    var sequence: UInt64 = 0
    func take(_ command: Messages.Command, _ effects: [Effect]) {
      sequence += 1
      var outcome = EffectBuffer()
      for effect in effects { outcome.append(effect) }
      search.look(
        at: Stamped(
          sequence: sequence, time: Timestamp(nanoseconds: Int64(sequence)), command: command),
        outcome, &names)
    }
    for (place, account) in Self.accounts.enumerated() {
      take(
        .defineOperationAccount(
          DefineOperationAccount(name: Name(account)!, product: .none)),
        [.defined(Defined(kind: .operationAccount, id: UInt32(place)))])
    }
    var number: UInt64 = 0
    for (account, id, day) in orders {
      let order = NewOrder(
        session: .none, account: OperationAccountID(UInt32(account)), instrument: .none,
        clOrdID: ClOrdID(id)!, side: .buy, offset: .open, hedge: .speculation, type: .limit,
        timeInForce: .day, price: .none, lots: 1)
      if day != nil { number += 1 }
      take(.newOrder(order), [.report(report(order, number, day))])
    }
    return try search.result()
  }

  private func report(
    _ order: NewOrder, _ number: UInt64, _ day: TradingDay?
  ) -> ExecutionReport {
    ExecutionReport(
      account: order.account, reportSequence: 1, session: .none,
      order: OrderID(day: day ?? Self.monday, shard: 0, sequence: number),
      clOrdID: order.clOrdID, requestID: ClOrdID(), execType: day == nil ? .restated : .new,
      state: .accepted, instrument: order.instrument, side: order.side, offset: order.offset,
      hedge: order.hedge, type: order.type, timeInForce: order.timeInForce, price: order.price,
      lots: order.lots, lastPrice: .none, lastLots: 0, cumulativeLots: 0, leavesLots: 1,
      unknownLots: 0, fee: .none, tradeID: VenueID(), time: Timestamp(nanoseconds: 0),
      tradingDay: day ?? Self.monday, refusal: .none)
  }

  private func fault(_ name: String, _ orders: [(Int, String, TradingDay?)]) -> String {
    do throws(HistoryFault) {
      return "found \(try search(name, orders).id)"
    } catch {
      return error.words("journal")
    }
  }

  @Test func anOrderIsFoundByBothOfItsNames() throws {
    let orders: [(Int, String, TradingDay?)] = [
      (0, "a", Self.monday), (1, "a", Self.monday), (1, "a", nil),
    ]
    let second = try search("desk-1-a", orders)
    #expect(second.sequence == 4 && second.account == "desk-1" && !second.isRepeat)
    #expect(try search("\(second.id)", orders) == second)
    #expect(try search("desk-a", orders).sequence == 3)
  }

  /// No terminal sent it: the report of a step that looked at liquidations says all.
  @Test func aForcedOrderIsFound() throws {
    var search = OrderSearch("desk-1-#L12-345")
    var names = Names(Self.capacities)
    func take(_ sequence: UInt64, _ command: Messages.Command, _ effects: [Effect]) {
      var outcome = EffectBuffer()
      for effect in effects { outcome.append(effect) }
      search.look(
        at: Stamped(
          sequence: sequence, time: Timestamp(nanoseconds: Int64(sequence)), command: command),
        outcome, &names)
    }
    for (place, account) in Self.accounts.enumerated() {
      take(
        UInt64(place) + 1,
        .defineOperationAccount(
          DefineOperationAccount(name: Name(account)!, product: .none)),
        [.defined(Defined(kind: .operationAccount, id: UInt32(place)))])
    }
    let order = NewOrder(
      session: .none, account: OperationAccountID(1), instrument: InstrumentID(0),
      clOrdID: ClOrdID(forcedBy: 12, sequence: 345), side: .sell, offset: .closeToday,
      hedge: .speculation, type: .limit, timeInForce: .day, price: Price(units: 35_000_000),
      lots: 7)
    take(3, .continueWork, [.report(report(order, 9, Self.monday))])
    // What it is restated at, when it leaves, is no other order.
    take(4, .continueWork, [.report(report(order, 9, nil))])
    let found = try search.result()
    #expect(found.sequence == 3 && found.isForced && found.account == "desk-1")
    #expect(found.order == order)
  }

  @Test func aNameOfTwoOrdersIsRefusedWithTheirIDs() {
    let days = fault("desk-a", [(0, "a", Self.monday), (0, "a", Self.tuesday)])
    #expect(days.hasPrefix("'desk-a' names 2 orders: say which by its id\n  3248-0-1  desk-a  "))
    #expect(days.contains("\n  3249-0-2  desk-a  "))
    // Two accounts that a hyphen can't tell apart.
    let accounts = fault("desk-1-a", [(0, "1-a", Self.monday), (1, "a", Self.monday)])
    #expect(accounts.contains("3248-0-1  desk-1-a") && accounts.contains("3248-0-2  desk-1-a"))
  }

  @Test func whatIsNotThereIsNamedWithWhatThereIs() {
    let orders: [(Int, String, TradingDay?)] = [(0, "a", Self.monday), (1, "b", Self.monday)]
    let unknown = fault("alice-a", orders)
    #expect(unknown.contains("no order 'alice-a' (ACCOUNT-CLORDID or an order's id)"))
    #expect(unknown.contains("2 orders") && unknown.contains("accounts: desk, desk-1"))
    #expect(fault("desk-1-z", orders).contains("1 of them by desk-1"))
    #expect(fault("b", orders).contains("there is desk-1-b"))
    #expect(fault("3248-0-77", orders).contains("no order '3248-0-77', as an order's id"))
    #expect(fault("desk-a", []).contains("the 0 orders"))
  }
}
