import Domain
import Testing
import Wire

@testable import Runtime

/// Questions about orders over sockets, answered by the follower on its thread.
@Suite(.timeLimit(.minutes(10))) struct WhyOverSocketsTests {
  /// Asks, again while the follower is not as far, and waits for the end.
  private static func ask(
    _ terminal: ScriptedTerminal, _ request: () throws -> some WireMessage
  ) throws -> OrderEntry.ExplainEnd {
    let deadline = Deadline()
    while deadline.millisecondsLeft > 0 {
      let before = terminal.explainEnds.count
      try terminal.send(try request())
      try terminal.wait(for: "the end of an answer") { $0.explainEnds.count > before }
      let end = try #require(terminal.explainEnds.last)
      if end.result != .busy { return end }
    }
    throw Overdue(what: "an answer that is not busy")
  }

  private static func trial(
    _ order: OrderEntry.NewOrder, _ terminal: ScriptedTerminal, lots: Lots? = nil
  ) -> OrderEntry.TryOrder {
    OrderEntry.TryOrder(
      requestNumber: 1, account: order.account, notBefore: terminal.sequences.last ?? 0,
      instrument: order.instrument, side: order.side, offset: order.offset, hedge: order.hedge,
      type: order.type, timeInForce: order.timeInForce, price: order.price,
      lots: lots ?? order.lots)
  }

  @Test func anOrderIsDecidedAsItWasSaidToBeAndIsExplained() throws {
    let house = try House()
    let alice = try house.terminal("alice")
    let account = try #require(Name("alice"))
    var placed: Lots = 0
    for (index, lots) in [Lots(1), 400, 3, 100_000].enumerated() {
      let order = try alice.order("w-\(index)", lots: lots, at: 3_050)
      let tried = try Self.ask(alice) { Self.trial(order, alice) }
      #expect(tried.result == .complete)
      try alice.send(order)
      let isTaken = tried.verdict == .taken
      let report = try alice.report(isTaken ? .new : .rejected, of: "w-\(index)")
      #expect(report.refusal == (isTaken ? OrderEntry.RefusalFigures() : tried.refusal))
      if isTaken { #expect(tried.placedLots == report.leavesLots) }
      if tried.passLots > 0 {
        let passing = try Self.ask(alice) { Self.trial(order, alice, lots: tried.passLots) }
        #expect(passing.verdict == .taken || passing.reportSequence > tried.reportSequence)
      }
      let before = alice.orderRows.count
      let why = try Self.ask(alice) {
        OrderEntry.WhyOrder(
          requestNumber: 2, account: account, notBefore: alice.sequences.last ?? 0,
          targetOrderID: report.orderID)
      }
      #expect(why.result == .complete && why.orderID == report.orderID)
      #expect(alice.orderRows.count == before + 1)
      #expect(alice.orderRows.last?.clOrdID == order.clOrdID)
      let sent = alice.routes.filter { $0.part == .then }
      placed += isTaken ? report.leavesLots : 0
      #expect(sent.map(\.lots).reduce(0, +) == placed)
    }
    #expect(alice.explainEnds.contains { $0.verdict == .taken })
    #expect(alice.explainEnds.contains { $0.verdict == .refused })
    #expect(alice.findings.contains { $0.flags.contains(.decides) })
    let room = try Self.ask(alice) {
      OrderEntry.RoomRequest(requestNumber: 3, account: account, instrument: house.instrument)
    }
    #expect(room.result == .complete && !alice.rooms.isEmpty)
    #expect(alice.rooms.contains { $0.offset == .open && $0.lots > 0 })
    #expect(alice.answersAhead == 0)
  }
}
