import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// What controllers are told of lines and clauses: whom, which rule, what was seen, the limit, the
/// level and what it does; once while it lasts, and once when it is over.
@Suite struct DeskNoticeTests {
  private static let north = LinkID(index: 0)

  /// Alice has two lots that were bought at 3 500.
  private func desk() throws -> GatewayDesk {
    var desk = try GatewayDesk(controllers: [("chief", .all)])
    let alice = try desk.logOn()
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.settle()
    let order = desk.counters[Self.north]!.orders[0]
    let accepted = desk.counters[Self.north]!.accepted(order.childOrderID)
    desk.send(accepted, from: Self.north)
    let filled = desk.counters[Self.north]!.filled(order, lots: 2)
    desk.send(filled, from: Self.north)
    desk.settle()
    return desk
  }

  /// A controller who is told everything from now on.
  private func chief(_ desk: inout GatewayDesk) throws -> TerminalID {
    let chief = try desk.logOnDesk("chief")
    desk.send(DeskProtocol.SubscribeNotices(requestID: 1, after: .max), from: chief)
    desk.turn()
    _ = desk.desk(chief)
    return chief
  }

  /// A last price in yuan, and the look that follows it.
  private func price(_ desk: inout GatewayDesk, _ yuan: Int64) {
    desk.take(
      .tick(
        Tick(
          instrument: SmallHouse.rb, last: SmallHouse.price(yuan), bid: .none, bidLots: 0,
          ask: .none, askLots: 0, upperLimit: .none, lowerLimit: .none, preSettlement: .none,
          volume: 0, openInterest: 0, exchangeTime: SmallHouse.start)))
    desk.pass(GatewayDesk.second)
    desk.settle()
  }

  private func told(
    _ desk: inout GatewayDesk, _ chief: TerminalID, _ kinds: NoticeKind...
  ) -> [DeskProtocol.Notice] {
    desk.desk(chief).notices.filter { notice in
      kinds.contains { $0.rawValue == notice.kind }
    }
  }

  @Test func aLineIsToldOnceALevelAndOnceWhenItIsReleased() throws {
    var desk = try desk()
    let chief = try chief(&desk)
    let yuan = Money.unitsPerYuan
    func line(_ warn: Int64, _ liquidate: Int64) -> Command {
      .setAccountLine(
        SetAccountLine(
          account: SmallHouse.alice, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: warn == .min ? .min : warn * yuan,
          liquidate: liquidate == .min ? .min : liquidate * yuan))
    }
    desk.take(line(100, 300))
    let before = told(&desk, chief, .lineReached, .lineReleased)
    #expect(before.isEmpty)
    // Two lots of ten, ten yuan down, and six yuan of fees.
    price(&desk, 3_490)
    let first = told(&desk, chief, .lineReached, .lineReleased)
    let warned = try #require(first.first)
    #expect(first.count == 1 && warned.kind == NoticeKind.lineReached.rawValue)
    #expect(warned.rule == RuleID.dailyLoss.rawValue && warned.level == .warn)
    #expect(warned.scopeKind == .operationAccount && warned.scopeName.string == "alice")
    #expect(warned.observed == 206 * yuan && warned.limit == 100 * yuan && warned.unit == .money)
    #expect(warned.action == .notice)
    // It lasts: nothing more is said of it.
    price(&desk, 3_489)
    let again = told(&desk, chief, .lineReached, .lineReleased)
    #expect(again.isEmpty)
    price(&desk, 3_480)
    let second = told(&desk, chief, .lineReached, .lineReleased)
    #expect(second.map(\.level) == [.liquidate] && second.map(\.action) == [.barOpening])
    #expect(second.map(\.observed) == [406 * yuan] && second.map(\.limit) == [300 * yuan])
    desk.take(line(.min, .min))
    desk.settle()
    let released = told(&desk, chief, .lineReached, .lineReleased)
    #expect(released.map(\.kind) == [41, 41])
    #expect(Set(released.map(\.level)) == [.warn, .liquidate])
  }

  @Test func aClauseIsToldOnceALevelAndOnceWhenItIsReleased() throws {
    var desk = try desk()
    let chief = try chief(&desk)
    let yuan = Money.unitsPerYuan
    desk.take(
      .defineScheme(DefineScheme(name: Name("everyday")!)),
      .setSchemeClause(
        SetSchemeClause(
          scheme: 0, number: 4, kind: .totalPositionValue, scopeKind: .product, scopeID: 0,
          direction: .both, basis: .absolute, levelOne: 69_000 * yuan,
          levelTwo: 71_000 * yuan)),
      .bindScheme(
        BindScheme(
          product: ProductID(0), number: 1, scheme: 0, basis: .current, from: .min, to: .min,
          period: .day)))
    price(&desk, 3_500)
    let first = told(&desk, chief, .clauseReached, .clauseReleased)
    let passed = try #require(first.first)
    #expect(first.count == 1 && passed.kind == NoticeKind.clauseReached.rawValue)
    #expect(passed.rule == RuleID.schemeTotalPositionValue.rawValue && passed.level == .warn)
    #expect(passed.scopeKind == .product && passed.scopeName.string == "product-1")
    #expect(passed.observed == 70_000 * yuan && passed.limit == 69_000 * yuan)
    #expect(passed.scheme.string == "everyday" && passed.clause == 4)
    #expect(passed.action == .barOpening)
    price(&desk, 3_510)
    let again = told(&desk, chief, .clauseReached, .clauseReleased)
    #expect(again.isEmpty)
    price(&desk, 3_560)
    let second = told(&desk, chief, .clauseReached, .clauseReleased)
    #expect(second.map(\.level) == [.liquidate] && second.map(\.clause) == [4])
    price(&desk, 3_400)
    let released = told(&desk, chief, .clauseReached, .clauseReleased)
    #expect(released.map(\.kind) == [73, 73])
    #expect(released.allSatisfy { $0.scheme.string == "everyday" && $0.clause == 4 })
  }

  @Test func aLiquidationIsToldWhenItBeginsAndWhenItIsOver() throws {
    var desk = try desk()
    let chief = try chief(&desk)
    desk.send(
      DeskProtocol.Control(
        requestID: 5, kind: .forceLiquidation, scopeKind: .operationAccount,
        name: FixedText("alice")!, reason: FixedText("because")!), from: chief)
    desk.settle()
    let begun = desk.desk(chief).notices
    #expect(begun.first?.control == .forceLiquidation && begun.first?.reason.string == "because")
    let started = begun.filter { $0.kind == NoticeKind.liquidationStarted.rawValue }
    #expect(started.map { $0.scopeName.string } == ["alice"])
    let orders = desk.counters[Self.north]!.orders
    let order = try #require(orders.last)
    let filled = desk.counters[Self.north]!.filled(order, lots: 2)
    desk.send(filled, from: Self.north)
    desk.settle()
    let over = told(&desk, chief, .liquidationEnded)
    #expect(over.map { $0.scopeName.string } == ["alice"])
  }
}
