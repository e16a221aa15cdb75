import Domain
import Engine
import MarketData
import Messages
import Testing
import Wire

@testable import Gateway

/// Phases that counters tell around the day switch, which forgets all of them.
@Suite struct PhaseTests {
  static let link = LinkID(index: 0)
  static let next = TradingDay(yyyymmdd: 20_261_124)!

  static func status(
    _ phase: CounterProtocol.InstrumentPhase, of code: String = "rb2701", commodity: String = "",
    on day: TradingDay
  ) -> CounterProtocol.InstrumentStatus {
    CounterProtocol.InstrumentStatus(
      exchange: .shfe, instrument: InstrumentCode(code)!, commodity: CommodityCode(commodity)!,
      phase: phase, tradingDay: day, time: SmallHouse.start)
  }

  /// Of the first three instruments; nil = nothing was told today.
  static func known(_ desk: borrowing GatewayDesk) -> [TradingPhase?] {
    (0..<3).map { index in
      let record = desk.gateway.sequencer.engine.market.instrument(InstrumentID(UInt32(index)))
      return record.pointee.hasStatus ? record.pointee.status : nil
    }
  }

  /// The counter changes the day first: what it tells of the new day holds from the gateway's own
  /// switch on.
  @Test func whatIsToldOfTheComingDayWaitsForIt() throws {
    var desk = try GatewayDesk()
    desk.send(Self.status(.auction, on: SmallHouse.day), from: Self.link)
    desk.send(Self.status(.continuous, of: "", commodity: "rb", on: Self.next), from: Self.link)
    desk.turn()
    let before = Self.known(desk)
    #expect(before == [.auction, nil, nil])
    let taken = desk.gateway.take(
      .daySwitch(DaySwitch(tradingDay: Self.next, nightDate: 20_261_123)))
    #expect(taken)
    desk.turn()
    let after = Self.known(desk)
    #expect(after == [.continuous, .continuous, nil])
    // Told once: the day after knows nothing of it.
    let again = desk.gateway.take(
      .daySwitch(
        DaySwitch(tradingDay: TradingDay(yyyymmdd: 20_261_125)!, nightDate: 20_261_124)))
    #expect(again)
    desk.turn()
    let later = Self.known(desk)
    #expect(later == [nil, nil, nil])
  }
}
