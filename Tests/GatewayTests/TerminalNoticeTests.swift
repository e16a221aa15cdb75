import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// What terminals are told of their accounts, and who is told what, as the configuration says.
@Suite struct TerminalNoticeTests {
  private static let junior = ControllerID(0)
  private static let stranger = ControllerID(1)

  /// Alice is bound to junior, stranger may watch and has nobody.
  private func desk(notices: Int? = nil) throws -> GatewayDesk {
    var limits = GatewayDesk.limits
    if let notices { limits.notices = notices }
    var desk = try GatewayDesk(limits: limits)
    for (index, name) in ["junior", "stranger"].enumerated() {
      let id = ControllerID(UInt32(index))
      desk.take(
        .defineController(DefineController(name: Name(name)!)),
        .setController(
          SetController(
            controller: id, setting: .rights, value: Int64(ControllerRights.all.rawValue))),
        .setControllerCredential(SetControllerCredential(controller: id, hash: SmallHouse.hash)))
    }
    desk.take(
      .bindController(
        BindController(controller: Self.junior, account: SmallHouse.alice, bound: true)))
    return desk
  }

  private func audience(
    _ rule: RuleID, _ audience: NoticeAudience, _ level: LineLevel = .unknown
  ) -> Command {
    .setNoticeAudience(SetNoticeAudience(rule: rule, level: level, audience: audience))
  }

  /// Alice's daily loss reaches both of its lines: a fee of nothing is a loss of nothing.
  private func reach(_ desk: inout GatewayDesk) {
    desk.take(
      .setAccountLine(
        SetAccountLine(
          account: SmallHouse.alice, line: .dailyLoss, basis: .unknown, mode: .unknown, warn: 0,
          liquidate: 1)),
      .moveCash(
        MoveCash(account: SmallHouse.alice, allowedLoss: Money(units: 10_000), notToLose: .zero)))
    desk.pass(GatewayDesk.second)
    desk.settle()
  }

  /// A terminal that is told everything from now on.
  private func terminal(
    _ desk: inout GatewayDesk, _ name: String, after: UInt64 = .max
  ) throws -> TerminalID {
    let id = try desk.logOn(name)
    desk.send(
      OrderEntry.SubscribeNotices(requestNumber: 7, account: Name(name)!, after: after), from: id)
    desk.turn()
    return id
  }

  private func controller(_ desk: inout GatewayDesk, _ name: String) throws -> TerminalID {
    let id = try desk.logOnDesk(name)
    desk.send(DeskProtocol.SubscribeNotices(requestID: 1, after: .max), from: id)
    desk.turn()
    _ = desk.desk(id)
    return id
  }

  private func notices(_ desk: inout GatewayDesk, _ id: TerminalID) -> [OrderEntry.Notice] {
    desk.received(id).compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
  }

  private func lines(_ notices: [OrderEntry.Notice]) -> [LineLevel] {
    notices.filter { $0.kind == NoticeKind.lineReached.rawValue }.map(\.level)
  }

  private func lines(_ notices: [DeskProtocol.Notice]) -> [LineLevel] {
    notices.filter { $0.kind == NoticeKind.lineReached.rawValue }.map(\.level)
  }

  @Test func aTerminalIsToldOfItsAccountsLinesAndNobodyElses() throws {
    var desk = try desk()
    let alice = try terminal(&desk, "alice")
    let bob = try terminal(&desk, "bob")
    let deaf = try desk.logOn("alice")
    _ = (desk.received(alice), desk.received(bob), desk.received(deaf))
    reach(&desk)
    let told = notices(&desk, alice)
    #expect(lines(told) == [.warn])
    let line = try #require(told.first { $0.kind == NoticeKind.lineReached.rawValue })
    #expect(line.rule == RuleID.dailyLoss.rawValue && line.scopeName.string == "alice")
    #expect(line.limit == 0 && line.unit == .money && line.action == .notice)
    #expect(line.tradingDay == SmallHouse.day && line.control == .unknown)
    let others = notices(&desk, bob)
    #expect(lines(others).isEmpty)
    let unasked = notices(&desk, deaf)
    #expect(unasked.isEmpty)
  }

  @Test(arguments: [
    (NoticeAudience.unknown, [true, true]), (.terminals, [true, true]),
    (.controllers, [true, false]), (.chiefs, [false, false]),
  ])
  func whoIsToldIsSaidByRule(_ to: NoticeAudience, _ told: [Bool]) throws {
    var desk = try desk()
    desk.take(audience(.dailyLoss, to))
    let alice = try terminal(&desk, "alice")
    let junior = try controller(&desk, "junior")
    let stranger = try controller(&desk, "stranger")
    _ = desk.received(alice)
    reach(&desk)
    let seen = [!lines(desk.desk(junior).notices).isEmpty, !lines(notices(&desk, alice)).isEmpty]
    #expect(seen == told)
    let strangers = lines(desk.desk(stranger).notices)
    #expect(strangers.isEmpty)
  }

  @Test func aLevelMayBeToldToOthersThanTheRule() throws {
    var desk = try desk()
    desk.take(audience(.dailyLoss, .terminals), audience(.dailyLoss, .chiefs, .warn))
    let alice = try terminal(&desk, "alice")
    _ = desk.received(alice)
    reach(&desk)
    let warned = lines(notices(&desk, alice))
    #expect(warned.isEmpty)
    desk.take(audience(.dailyLoss, .unknown, .warn))
    // The rule's holds again: what was told of before is not told anew, the next one is.
    desk.take(
      .setAccountLine(
        SetAccountLine(
          account: SmallHouse.alice, line: .dailyLoss, basis: .unknown, mode: .unknown,
          warn: .min, liquidate: .min)))
    desk.settle()
    let released = notices(&desk, alice)
    #expect(released.map(\.kind) == [NoticeKind.lineReleased.rawValue])
  }

  /// Standard: nobody but who has all accounts hears of a product.
  @Test(arguments: [
    (NoticeAudience.unknown, [false, false]), (.controllers, [true, false]),
    (.terminals, [true, true]),
  ])
  func aProductsClauseIsToldToItsAccountsWhereThatIsSaid(
    _ to: NoticeAudience, _ told: [Bool]
  ) throws {
    var desk = try desk()
    let alice = try terminal(&desk, "alice")
    let junior = try controller(&desk, "junior")
    let stranger = try controller(&desk, "stranger")
    try buy(&desk, alice)
    _ = desk.received(alice)
    desk.take(
      .defineScheme(DefineScheme(name: Name("strict")!)),
      .setSchemeClause(
        SetSchemeClause(
          scheme: 0, number: 1, kind: .totalPositionValue, scopeKind: .product, scopeID: 0,
          direction: .both, basis: .absolute, levelOne: 69_000 * Money.unitsPerYuan,
          levelTwo: .min)),
      audience(.schemeTotalPositionValue, to),
      .bindScheme(
        BindScheme(
          product: ProductID(0), number: 1, scheme: 0, basis: .current, from: .min, to: .min,
          period: .day)))
    desk.take(
      .tick(
        Tick(
          instrument: SmallHouse.rb, last: SmallHouse.price(3_500), bid: .none, bidLots: 0,
          ask: .none, askLots: 0, upperLimit: .none, lowerLimit: .none, preSettlement: .none,
          volume: 0, openInterest: 0, exchangeTime: SmallHouse.start)))
    desk.pass(GatewayDesk.second)
    desk.settle()
    func isReached(_ kinds: [UInt16]) -> Bool {
      kinds.contains(NoticeKind.clauseReached.rawValue)
    }
    let seen = [
      isReached(desk.desk(junior).notices.map(\.kind)),
      isReached(notices(&desk, alice).map(\.kind)),
    ]
    #expect(seen == told)
    let strangers = isReached(desk.desk(stranger).notices.map(\.kind))
    #expect(!strangers)
  }

  /// Two lots at 3 500, worth 70 000.
  private func buy(_ desk: inout GatewayDesk, _ alice: TerminalID) throws {
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.settle()
    let north = LinkID(index: 0)
    let order = try #require(desk.orders(at: north).first)
    let accepted = desk.counters[north]!.accepted(order.childOrderID)
    desk.send(accepted, from: north)
    let filled = desk.counters[north]!.filled(order, lots: 2)
    desk.send(filled, from: north)
    desk.settle()
  }

  @Test func whatAControllerDidIsToldAndNeitherWhoNorWhy() throws {
    var desk = try desk()
    let alice = try terminal(&desk, "alice")
    let junior = try controller(&desk, "junior")
    _ = desk.received(alice)
    desk.send(
      DeskProtocol.Control(
        requestID: 5, kind: .barOpening, scopeKind: .operationAccount, name: FixedText("alice")!,
        reason: FixedText("lunch")!), from: junior)
    desk.settle()
    let told = notices(&desk, alice)
    #expect(told.map(\.control) == [.barOpening])
    #expect(told.first?.scopeName.string == "alice")
    #expect(told.map(\.kind) == [0])
  }

  @Test func whatWasMissedComesFirstAndThenThatItWasAll() throws {
    var desk = try desk()
    reach(&desk)
    let alice = try terminal(&desk, "alice", after: 0)
    let told = desk.received(alice)
    var kinds: [String] = []
    for message in told {
      switch message {
      case .notice(let notice) where notice.kind == NoticeKind.lineReached.rawValue:
        kinds.append("line")
      case .noticesComplete(let complete):
        #expect(complete.requestNumber == 7)
        kinds.append("complete")
      case .noticesTruncated: kinds.append("truncated")
      default: break
      }
    }
    #expect(kinds == ["line", "complete"])
    // Behind the newest there is nothing.
    desk.send(
      OrderEntry.SubscribeNotices(
        requestNumber: 8, account: Name("alice")!, after: desk.gateway.notices.newest),
      from: alice)
    desk.turn()
    let again = desk.received(alice)
    #expect(again.count == 1)
  }

  @Test func whatIsNotKeptIsSaidToBeMissing() throws {
    var desk = try desk(notices: 2)
    for _ in 0..<3 { reach(&desk) }
    let alice = try terminal(&desk, "alice", after: 1)
    let truncated = desk.received(alice).compactMap {
      if case .noticesTruncated(let message) = $0 { message } else { nil }
    }
    let gap = try #require(truncated.first)
    #expect(gap.requestNumber == 7 && gap.firstAvailable > 2)
    #expect(gap.lastNumber == gap.firstAvailable + 1)
  }

  @Test func anotherAccountsNoticesAreRefused() throws {
    var desk = try desk()
    let bob = try desk.logOn("bob")
    _ = desk.received(bob)
    desk.send(
      OrderEntry.SubscribeNotices(requestNumber: 7, account: Name("alice")!, after: 0), from: bob)
    desk.turn()
    let rejects = desk.received(bob).compactMap {
      if case .reject(let reject) = $0 { reject.refTemplateID } else { nil }
    }
    #expect(rejects == [OrderEntry.SubscribeNotices.templateID])
    reach(&desk)
    let told = notices(&desk, bob)
    #expect(told.isEmpty)
  }
}
