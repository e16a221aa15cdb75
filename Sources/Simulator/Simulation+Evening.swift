import Domain
import Engine
import Exchange
import Gateway
import Ledger
import Messages

// A day's end: the market closes, each counter changes the day by its own clock, so does the
// gateway.
extension Simulation {
  func setPhases(_ phase: TradingPhase, _ counter: SimulatedCounter) {
    var port = CounterPort(counter, self)
    for instrument in SimulatedHouse.listings.indices {
      counter.service.setPhase(
        phase, of: InstrumentID(UInt32(instrument)), now: clock.real, &port)
    }
    arm(counter)
  }

  func beginEvening() -> Bool {
    // Counters keep the reports of a day and the day before: no link misses two evenings.
    guard !isEvening, dayIndex + 1 < SimulatedHouse.days.count, !hasRacedDay || areLinksQuiet
    else { return false }
    isEvening = true
    eveningOfDay = dayIndex
    isGatewayAsked = false
    agenda.add(.evening(.close), at: clock.now)
    return true
  }

  func goOn(evening part: SimulatedEvent.Evening) throws(GatewayCrash) {
    switch part {
    case .close:
      trace("the market closes")
      for counter in counters { setPhases(.unknown, counter) }
      if faults.contains(.earlyDaySwitch), faultDraws.chance(60) {
        counts.faults[FaultKind.earlyDaySwitch.index] += 1
        hasRacedDay = true
        witness?.isRelaxed = true
        isGatewayAsked = true
        agenda.add(.evening(.gatewaySwitches), at: clock.now + faultDraws.milliseconds(1...3_000))
      }
      for index in counters.indices {
        agenda.add(
          .evening(.counterSwitches(index)), at: clock.now + faultDraws.milliseconds(1...4_000))
      }
    case .counterSwitches(let index): switchDay(counters[index])
    case .gatewaySwitches: try switchGatewaysDay()
    case .open:
      trace("the market opens")
      for counter in counters { setPhases(.continuous, counter) }
      isEvening = false
    }
  }

  private func switchDay(_ counter: SimulatedCounter) {
    let next = SimulatedHouse.days[dayIndexOfNext]
    trace("counter \(counter.index) begins \(next.yyyymmdd)")
    var port = CounterPort(counter, self)
    counter.service.switchDay(
      to: next, terms: counter.service.exchange.termsAfterToday, now: clock.real, &port)
    // A new day's book is open; the market is not.
    setPhases(.unknown, counter)
    if haveCountersSwitched, !isGatewayAsked {
      isGatewayAsked = true
      agenda.add(.evening(.gatewaySwitches), at: clock.now + faultDraws.milliseconds(1...1_500))
    }
  }

  private var haveCountersSwitched: Bool {
    let next = SimulatedHouse.days[dayIndexOfNext]
    return counters.allSatisfy { $0.service.exchange.tradingDay == next }
  }

  /// The day that the counters have or will have next.
  private var dayIndexOfNext: Int { eveningOfDay + 1 }

  /// The gateway's day begins when everything of the old one has come, unless it does not wait. It
  /// has begun when that is stored: until then it is asked again, as by a driver that was started
  /// anew.
  private func switchGatewaysDay() throws(GatewayCrash) {
    let next = SimulatedHouse.days[dayIndexOfNext]
    if let witness, witness.isReady, witness.tradingDay == next, haveCountersSwitched {
      dayIndex = dayIndexOfNext
      agenda.add(.evening(.open), at: clock.now + faultDraws.milliseconds(500...2_000))
      return
    }
    agenda.add(.evening(.gatewaySwitches), at: clock.now + 100_000_000)
    guard let gateway, gateway.gateway.tradingDay < next,
      gateway.gateway.sequencer.engine.isReady, gateway.gateway.isQuiet,
      hasRacedDay || areLinksQuiet
    else { return }
    trace("the gateway begins \(next.yyyymmdd)")
    _ = gateway.take(.daySwitch(DaySwitch(tradingDay: next, nightDate: 20_261_123)))
    // A price between two slices is the new day's from the moment that its instrument was settled:
    // the twin, who has no slices, can't say which. It comes behind them.
    var left = 64
    while left > 0, gateway.gateway.sequencer.engine.hasWork {
      try gateway.endTurn()
      left -= 1
    }
  }

  /// Every link is ready, nothing is on its way, and the gateway knows every report that its
  /// counter has.
  var areLinksQuiet: Bool {
    guard let gateway, gateway.gateway.areAllLinksReady,
      gateway.gateway.sequencer.isStored, gateway.gateway.isJournalAvailable
    else { return false }
    for connection in connections where connection.isLink && connection.isOpenAtPeer {
      let isEmpty = connection.toGateway.isEmpty && connection.fromGateway.isEmpty
      if !isEmpty || connection.isSilent { return false }
    }
    if counters.contains(where: { $0.service.exchange.nextDeadline != nil }) { return false }
    for fund in SimulatedHouse.fundCounters.indices {
      let counter = counters[SimulatedHouse.fundCounters[fund]]
      let there = counter.service.exchange.lastSequence(of: place(of: fund))
      let here = gateway.gateway.sequencer.engine.ledger.fundAccount(FundAccountID(UInt32(fund)))
      if here.pointee.lastCounterSequence != there { return false }
    }
    return !gateway.gateway.sequencer.engine.hasWork
  }

  /// The counter's number of a fund account.
  func place(of fund: Int) -> FundAccountID {
    let counter = counters[SimulatedHouse.fundCounters[fund]]
    return FundAccountID(UInt32(counter.funds.firstIndex(of: fund)!))
  }
}
