import Counter
import Domain
import Engine
import MarketData
import Messages
import Wire

// What counters tell of instruments' phases. The day switch forgets all of them, and a counter
// changes the day by its own clock: what it tells of a day that is still to come waits for that
// day.
extension Gateway {
  /// One instrument, or every one of a commodity.
  mutating func statusReceived(_ status: CounterProtocol.InstrumentStatusDecoder) {
    guard let phase = SluiceCounter.phase(status.phase) else { return }
    if !status.instrument.isEmpty {
      if let instrument = names.instrument(status.instrument, status.exchange) {
        phaseTold(instrument, phase, on: status.tradingDay)
      }
      return
    }
    guard let commodity = names.commodity(status.commodity, status.exchange) else { return }
    for index in 0..<names.instruments.count {
      let instrument = InstrumentID(UInt32(index))
      if sequencer.engine.market.instrument(instrument).pointee.commodity == commodity {
        phaseTold(instrument, phase, on: status.tradingDay)
      }
    }
  }

  private mutating func phaseTold(
    _ instrument: InstrumentID, _ phase: TradingPhase, on day: TradingDay
  ) {
    if !day.isNone, tradingDay < day {
      comingPhases.keep(instrument, phase, of: day)
    } else {
      submitStatus(instrument, phase)
    }
  }

  /// Takes what was told of the day that has begun, a part at a time.
  mutating func takeComingPhases() {
    var left = limits.ticksPerTurn
    while left > 0, canSubmit, let told = comingPhases.take(of: tradingDay) {
      submitStatus(told.instrument, told.phase)
      submitDeferred()
      left -= 1
    }
  }

  /// Every fund account's link tells the same: what is known already is no news.
  private mutating func submitStatus(_ instrument: InstrumentID, _ phase: TradingPhase) {
    let known = sequencer.engine.market.instrument(instrument)
    if known.pointee.hasStatus, known.pointee.status == phase { return }
    submit(.instrumentStatus(InstrumentStatus(instrument: instrument, phase: phase)))
  }
}
