import Domain
import Ledger
import MarketData
import Messages

// Prices: a tick sets the price at once; its holders are marked in slices, and whoever decides
// brings up to date what it reads.
extension Engine {
  mutating func tick(_ tick: Tick, _ effects: inout EffectBuffer) {
    guard market.exists(tick.instrument) else { return }
    let before = market.instrument(tick.instrument).pointee.mark
    let interest = market.instrument(tick.instrument).pointee.openInterest
    let settlement = market.instrument(tick.instrument).pointee.preSettlement
    let quote = Market.Quote(
      last: tick.last, bid: tick.bid, ask: tick.ask, upperLimit: tick.upperLimit,
      lowerLimit: tick.lowerLimit, preSettlement: tick.preSettlement, volume: tick.volume,
      openInterest: tick.openInterest)
    guard market.apply(quote, to: tick.instrument, at: now) else {
      notice(
        .instrumentRejected, &effects, scope: .instrument, scopeID: tick.instrument.raw,
        observed: tick.last.units)
      return
    }
    if market.instrument(tick.instrument).pointee.openInterest != interest { disturbShares() }
    if market.instrument(tick.instrument).pointee.preSettlement != settlement {
      takeOptionMargins(tick.instrument, &effects)
    }
    guard market.instrument(tick.instrument).pointee.mark != before else { return }
    queueMarks(tick.instrument)
    var units = Engine.unitsPerStep
    drainMarks(&units, &effects)
  }

  mutating func dayReference(_ reference: DayReference, _ effects: inout EffectBuffer) {
    // The switch would wipe it: it is the coming day's.
    guard nextDay == nil else { return refuse(&effects, .engineNotReady, scope: .platform) }
    guard market.exists(reference.instrument),
      market.setReference(
        reference.instrument, preSettlement: reference.preSettlement,
        preClose: reference.preClose, upperLimit: reference.upperLimit,
        lowerLimit: reference.lowerLimit, openInterest: reference.openInterest)
    else {
      refuse(&effects, observed: reference.preSettlement.units)
      return
    }
    disturbShares()
    takeOptionMargins(reference.instrument, &effects)
    queueMarks(reference.instrument)
    var units = Engine.unitsPerStep
    drainMarks(&units, &effects)
  }

  mutating func settlementPrice(
    _ settlement: SettlementPrice, _ effects: inout EffectBuffer
  ) {
    guard market.exists(settlement.instrument),
      market.setSettlement(settlement.instrument, settlement.price)
    else {
      refuse(&effects, observed: settlement.price.units)
      return
    }
  }

  private mutating func queueMarks(_ instrument: InstrumentID) {
    let start = ledger.firstHolder(of: instrument)
    if !start.isAtEnd { marks.push(instrument, from: start) }
  }

  /// Marks holders of queued instruments, and looks at their lines, while units last.
  mutating func drainMarks(_ units: inout Int, _ effects: inout EffectBuffer) {
    while units > 0, !marks.isEmpty, effects.hasRoom(for: 32) {
      let id = marks.instrument(0)
      let instrument = market.instrument(id)
      let price = instrument.pointee.mark
      let multiplier = instrument.pointee.multiplier
      var cursor = marks.cursor
      while units > 0, effects.hasRoom(for: 32) {
        let number = ledger.nextHolder(&cursor)
        if number == 0 { break }
        ledger.mark(number, at: price, multiplier: multiplier)
        let holder = ledger.position(number).pointee.holder
        if ledger.holder(holder).pointee.isInSchemes {
          revalueScheme(holder, id, price, multiplier)
        }
        units -= 1 + watch(holder, &effects)
      }
      if cursor.isAtEnd {
        marks.finishFirst(start: ledger.firstHolder(of: id))
      } else {
        marks.cursor = cursor
      }
    }
  }

  /// Marks one holder's positions in every instrument that still waits: an order is judged at the
  /// newest prices however long the queue is.
  mutating func bringUpToDate(_ holder: HolderID) {
    guard !marks.isEmpty else { return }
    for index in 0..<marks.count {
      let id = marks.instrument(index)
      var number = ledger.firstPosition(holder, id)
      let instrument = market.instrument(id)
      while number != 0 {
        ledger.mark(
          number, at: instrument.pointee.mark, multiplier: instrument.pointee.multiplier)
        number = ledger.position(number).pointee.sibling
      }
    }
  }

  /// Takes margins anew for the holders of an instrument.
  mutating func remarginSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let instrument = market.instrument(InstrumentID(item.pointee.subject))
    while units > 0, effects.hasRoom(for: 32) {
      let number = ledger.nextHolder(&item.pointee.holders)
      if number == 0 { return true }
      ledger.remargin(number, instrument)
      units -= 1 + watch(ledger.position(number).pointee.holder, &effects)
    }
    return false
  }
}
