import Domain
import Messages
import Testing
import Wire

/// Orders from a terminal's socket to the counter's and back.
@Suite(.timeLimit(.minutes(10))) struct OrderFlowTests {
  @Test func anOrderIsAcceptedConfirmedFilledInPartAndCancelled() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    let accepted = try #require(alice.accepted)
    #expect(accepted.tradingDay == House.day)
    #expect(accepted.nextReportSequence == 1)

    try alice.place("a-1", .buy, lots: 3)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .sell, lots: 2)
    try alice.report(.trade, of: "a-1")
    try bob.report(.trade, of: "b-1")
    try alice.cancel("a-1")
    let cancelled = try alice.report(.cancelled, of: "a-1")

    #expect(alice.kinds == [.new, .workingConfirmed, .trade, .cancelled])
    #expect(alice.sequences == [1, 2, 3, 4])
    #expect(alice.reports.map(\.state) == [.accepted, .working, .partlyFilled, .cancelled])
    #expect(alice.reports.map(\.leavesLots) == [3, 3, 1, 0])
    #expect(Set(alice.reports.map(\.orderID)).count == 1)
    #expect(alice.reports.allSatisfy { $0.flags == [] && $0.tradingDay == House.day })
    let trade = alice.reports[2]
    #expect(trade.lastLots == 2 && trade.lastPrice == Price(units: 31_000_000))
    // 0.01 % of 3100 x 10 x 2.
    #expect(trade.fee == Money(units: 62_000))
    #expect(!trade.tradeID.isEmpty)
    #expect(cancelled.cumulativeLots == 2 && cancelled.lots == 3)

    #expect(bob.kinds.first == .new && bob.kinds.last == .trade)
    #expect(bob.reports.last?.state == .filled)
    #expect(bob.sequences == Array(1...UInt64(bob.reports.count)))
    try house.prove([alice, bob])
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var name: String
    var rule: RuleID
    var figures: OrderEntry.RefusalFigures
    var change: @Sendable (inout OrderEntry.NewOrder) -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ rule: RuleID, _ unit: Unit, observed: Int64 = .min,
      limit: Int64 = .min, asked: Int64 = .min, _ scope: ScopeKind, _ scopeName: String = "",
      _ change: @escaping @Sendable (inout OrderEntry.NewOrder) -> Void
    ) {
      self.name = name
      self.rule = rule
      figures = OrderEntry.RefusalFigures(
        rule: rule.rawValue, unit: unit, scopeKind: scope, observed: observed, limit: limit,
        asked: asked, scopeName: Name(scopeName)!)
      self.change = change
    }
  }

  static let refused: [Refused] = [
    Refused(
      "one lot more than the account may hold", .positionLimit, .lots, observed: 0, limit: 50,
      asked: 51, .operationAccount, "alice"
    ) { $0.lots = 51 },
    Refused("no lots", .badQuantity, .lots, observed: 0, limit: 1, asked: 0, .instrument, "rb2604")
    { $0.lots = 0 },
    Refused(
      "an instrument that is not listed", .unknownInstrument, .code, observed: 0, limit: 0,
      asked: 0, .instrument
    ) { $0.instrument = InstrumentCode("zz9999")! },
    Refused(
      "a price between two ticks", .badPriceTick, .price, observed: 31_000_001, limit: 10_000,
      asked: 0, .instrument, "rb2604"
    ) { $0.price = Price(units: 31_000_001) },
    Refused(
      "a tick above the limit price", .priceLimits, .price, observed: 32_560_000,
      limit: 32_550_000, asked: 0, .instrument, "rb2604"
    ) { $0.price = Price(units: 32_560_000) },
    Refused(
      "more closed than held", .positionAvailable, .lots, observed: 0, limit: 0, asked: 1,
      .instrument, "rb2604"
    ) { $0.offset = .closeToday },
  ]

  @Test func aRefusalSaysWhichRuleWhatItSawAndItsLimit() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    for (place, row) in Self.refused.enumerated() {
      var order = try alice.order("r-\(place)")
      row.change(&order)
      try alice.send(order)
      let report = try alice.report(.rejected, of: "r-\(place)")
      #expect(report.refusal == row.figures, "\(row.name)")
      #expect(report.state == .rejected && report.leavesLots == 0, "\(row.name)")
    }
    // Each is on record, none has changed anything.
    #expect(alice.sequences == Array(1...UInt64(Self.refused.count)))
    try alice.place("a-1", lots: 50)
    try alice.report(.workingConfirmed, of: "a-1")
    try house.prove([alice])
  }

  @Test func messagesInOneWriteAndOneMessageInManyAreTheSame() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    var bytes: [UInt8] = []
    for number in 1...40 { bytes += try ScriptedTerminal.bytes(alice.order("m-\(number)")) }
    try alice.socket.send(bytes)
    try alice.report(.workingConfirmed, of: "m-40")
    for byte in try ScriptedTerminal.bytes(alice.order("slow")) { try alice.socket.send([byte]) }
    try alice.report(.workingConfirmed, of: "slow")
    #expect(alice.reports.filter { $0.execType == .new }.count == 41)
    #expect(alice.sequences == Array(1...82))
  }

  /// Two terminals that trade with each other, open and close: what they were told, the gateway's
  /// books and the counter's own agree to the last fen.
  @Test func theBooksOfTwoWhoTradeWithEachOtherAddUp() throws {
    let house = try House()
    let terminals = [try house.terminal("alice"), try house.terminal("bob")]
    for number in 0..<60 {
      // Three times one of them opens by buying, then closes by selling; then the other does.
      let opens = number % 6 < 3
      let buyer = (number / 6 + (opens ? 0 : 1)) % 2
      for (place, side) in [(buyer, Side.buy), (1 - buyer, Side.sell)] {
        try terminals[place].place(
          "t-\(number)", side, lots: Lots(1 + number % 3), at: 3_090 + Int64(number * 7 % 20),
          offset: opens ? .open : .closeToday)
        // Who comes second finds the other one's order there.
        if side == .buy { try terminals[place].report(.workingConfirmed, of: "t-\(number)") }
      }
      for terminal in terminals {
        let filled = try terminal.report(.trade, of: "t-\(number)")
        #expect(filled.state == .filled)
      }
    }
    for terminal in terminals {
      #expect(terminal.reports.count { $0.execType == .trade } == 60)
      #expect(terminal.sequences == Array(1...UInt64(terminal.sequences.count)))
    }
    try house.prove(terminals)
  }

  @Test func aTerminalThatSendsNonsenseIsToldAndAnotherNoticesNothing() throws {
    let house = try House()
    let bob = try house.terminal("bob")
    for (bytes, reason) in [
      ([UInt8](repeating: 0xFF, count: 64), OrderEntry.LogoutReason.badFrame),
      (try ScriptedTerminal.bytes(OrderEntry.Logout(reason: .requested)), .requested),
      (try ScriptedTerminal.bytes(OrderEntry.ResumeComplete()), .unexpectedMessage),
    ] {
      let alice = try house.terminal("alice")
      try alice.place("kept-\(reason.rawValue)")
      try alice.socket.send(bytes)
      try alice.waitForEnd()
      #expect(alice.logout?.reason == reason)
      #expect(alice.kinds(of: "kept-\(reason.rawValue)").first == .new)
      #expect(alice.socket.end == .closed)
    }
    try bob.place("b-1", at: 3_000)
    try bob.report(.workingConfirmed, of: "b-1")
  }
}
