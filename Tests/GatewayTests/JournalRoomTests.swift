import Domain
import Engine
import Journal
import MarketData
import Messages
import Session
import Testing
import Wire

@testable import Gateway

extension [Received] {
  fileprivate var reports: [OrderEntry.ExecutionReport] {
    compactMap { if case .report(let report) = $0 { report } else { nil } }
  }
  fileprivate var rejects: [OrderEntry.BusinessReject] {
    compactMap { if case .reject(let reject) = $0 { reject } else { nil } }
  }
}

/// What a gateway does when its journal runs out of room.
@Suite struct JournalRoomTests {
  private static func tick(_ price: Int64) -> CounterProtocol.Tick {
    CounterProtocol.Tick(
      instrument: InstrumentCode("rb2701")!, exchange: .shfe, tradingDay: SmallHouse.day,
      time: SmallHouse.start, last: SmallHouse.price(price))
  }

  @Test func onItsLastSegmentOpeningOrdersAreRefusedAndTheRestIsTaken() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn("alice")
    desk.send(GatewayDesk.order("before", lots: 1), from: alice)
    desk.settle()
    _ = desk.received(alice)
    desk.gateway.journalIsLow(true)
    desk.gateway.journalIsLow(true)
    let stepped = desk.gateway.sequencer.engine.sequence
    desk.send(GatewayDesk.order("open", lots: 1), from: alice)
    desk.settle()
    let refused = desk.received(alice).rejects
    #expect(refused.map(\.refusal.rule) == [RuleID.journalUnavailable.rawValue])
    let untouched = desk.gateway.sequencer.engine.sequence
    #expect(untouched == stepped, "what is refused leaves no trace")

    // Taken, and refused by a rule: there is nothing to close.
    desk.send(GatewayDesk.order("close", side: .sell, offset: .closeToday, lots: 1), from: alice)
    desk.send(
      OrderEntry.CancelOrder(
        requestID: ClOrdID("c")!, account: Name("alice")!, targetClOrdID: ClOrdID("before")!),
      from: alice)
    desk.settle()
    let heard = desk.received(alice)
    #expect(heard.rejects.isEmpty)
    #expect(heard.reports.contains { $0.clOrdID == ClOrdID("close") })
    let taken = desk.gateway.sequencer.engine.sequence
    #expect(taken >= stepped + 2)

    desk.gateway.journalIsLow(false)
    desk.send(GatewayDesk.order("open", lots: 1), from: alice)
    desk.settle()
    #expect(desk.received(alice).reports.contains { $0.clOrdID == ClOrdID("open") })
    let told = desk.events.filter {
      switch $0 {
      case .journalLow, .journalHasRoom: true
      default: false
      }
    }
    #expect(told.count == 2, "each is told once")
  }

  @Test func aSegmentSaysHowOftenTheConfigurationWasChanged() throws {
    var desk = try GatewayDesk()
    for revision in UInt64(0)...1 {
      desk.take(
        .configurationChange(
          ConfigurationChange(who: FixedText("ops")!, revision: revision, changes: 1)))
    }
    desk.gateway.beginSegment(JournalFormat.segmentBytesDefault)
    let header = desk.gateway.sequencer.journal.end.header
    #expect(header.configRevision == 2 && header.segment.number == 2)
  }

  @Test func pricesWaitForRoomAndTheNewestComesThen() throws {
    var desk = try GatewayDesk()
    desk.gateway.journalIsLow(true)
    let stepped = desk.gateway.sequencer.engine.sequence
    for price in 3_410...3_419 {
      desk.send(Self.tick(Int64(price)), from: LinkID(index: 0))
      desk.settle()
    }
    let waiting = desk.gateway.sequencer.engine.sequence
    #expect(waiting == stepped)
    let hasMore = desk.gateway.finishTurn()
    #expect(!hasMore, "nobody turns in vain")
    let isQuiet = desk.gateway.isQuiet
    #expect(isQuiet, "a stop does not wait for them")
    desk.gateway.journalIsLow(false)
    desk.settle()
    desk.turn()
    let sequenced = desk.gateway.counts.ticksSequenced
    #expect(sequenced == 1)
    let after = desk.gateway.sequencer.engine.sequence
    #expect(after == stepped + 1)
  }

  /// Simulator's seed 2006938: a price of the day before became the new day's first.
  @Test func pricesThatWaitedAreTheLastOnesOfTheirDay() throws {
    var desk = try GatewayDesk()
    desk.gateway.journalIsLow(true)
    desk.send(Self.tick(3_419), from: LinkID(index: 0))
    desk.settle()
    let tomorrow = TradingDay(yyyymmdd: 20_261_124)!
    let taken = desk.gateway.take(
      .daySwitch(DaySwitch(tradingDay: tomorrow, nightDate: 20_261_123)))
    #expect(taken)
    desk.settle()
    desk.gateway.journalIsLow(false)
    desk.settle()
    let instrument = desk.gateway.sequencer.engine.market.instrument(InstrumentID(0)).pointee
    #expect(instrument.preSettlement == SmallHouse.price(3_419), "nobody told another settlement")
    #expect(instrument.last.isNone, "the new day has no price yet")
  }

  /// A command waited while the journal could not be written: it is stored before anything that
  /// follows from it is handed on.
  @Test func whatWaitedForTheJournalIsStoredBeforeItsEffectsLeave() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn("alice")
    let bob = try desk.logOn("bob")
    desk.storageIsFull = true
    desk.send(GatewayDesk.order("held", lots: 1), from: alice)
    desk.turn()
    let sessions = desk.gateway.sessionCount
    desk.gateway.terminalClosed(bob)
    desk.turn()
    desk.storageIsFull = false
    desk.turn()
    desk.settle()
    let left = desk.gateway.sessionCount
    #expect(left == sessions - 1)
    #expect(desk.received(alice).reports.contains { $0.clOrdID == ClOrdID("held") })
  }

  /// Everything is stored, and there is no next segment: what was decided is told.
  @Test func whatIsStoredIsToldEvenWithoutRoomForMore() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn("alice")
    _ = desk.received(alice)
    desk.send(GatewayDesk.order("told", lots: 1), from: alice)
    desk.store()
    desk.gateway.journalFailed()
    desk.storageIsFull = true
    desk.turn()
    #expect(desk.received(alice).reports.contains { $0.clOrdID == ClOrdID("told") })
    desk.send(GatewayDesk.order("more", lots: 1), from: alice)
    desk.turn()
    #expect(
      desk.received(alice).rejects.map(\.refusal.rule) == [RuleID.journalUnavailable.rawValue])
  }

  /// Who was not read while the journal waited for its next segment is read, and told, when there
  /// turns out to be none.
  @Test func whoWaitedIsToldThatThereIsNoRoom() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn("alice")
    _ = desk.received(alice)
    desk.gateway.journalWaits()
    desk.send(GatewayDesk.order("more", lots: 1), from: alice)
    desk.storageIsFull = true
    desk.turn()
    desk.turn()
    #expect(
      desk.received(alice).rejects.map(\.refusal.rule) == [RuleID.journalUnavailable.rawValue])
  }
}
