import Domain
import Engine
import MarketData
import Messages
import Session
import Wire

// Prices: newest of each instrument to the sequencer, and to the terminals that want them.
extension Gateway {
  /// A link's tick; it waits for the end of the turn with the newest of its instrument.
  mutating func tickReceived(_ tick: Tick, from id: LinkID) {
    counts.ticksReceived += 1
    guard sequencer.engine.market.exists(tick.instrument) else {
      counts.ticksDropped += 1
      return
    }
    guard takesTick(of: tick.instrument, from: id) else {
      counts.ticksLeftOut += 1
      return
    }
    ticks.put(tick, from: id, at: monotonic)
  }

  /// Counters tell the same market, each in its own words: an instrument's ticks are one counter's
  /// at a time, the first that is up and gives some. Another's are left out until its link ends or
  /// it gave none for `tickSilenceSeconds`; back again, it takes over at once.
  private func takesTick(of instrument: InstrumentID, from id: LinkID) -> Bool {
    guard let source = ticks.source(of: instrument), source.link != id else { return true }
    let known = links.at(source.link)
    return !known.pointee.bringsTicks
      || links.at(id).pointee.counter.raw < known.pointee.counter.raw
      || monotonic - source.receivedAt >= limits.tickSilenceSeconds * Timestamp.nanosecondsPerSecond
  }

  mutating func sequenceTicks() {
    guard !isJournalLow else { return }
    var left = limits.ticksPerTurn
    while left > 0, sequenceTick() { left -= 1 }
  }

  /// The day is about to end: prices that waited, for room in the journal perhaps, are its last
  /// ones and not the next day's first. At most one an instrument, so the journal's reserve bears
  /// them.
  mutating func sequenceLastTicks() {
    while sequenceTick() {}
  }

  private mutating func sequenceTick() -> Bool {
    guard canSubmit, let tick = ticks.take() else { return false }
    submit(.tick(tick))
    submitDeferred()
    counts.ticksSequenced += 1
    subscriptions.tickCame(tick.instrument)
    return true
  }

  /// Terminals get the newest tick of what they are owed while half of their output is free, so
  /// that prices never push out reports.
  mutating func sendTicks() {
    guard !isJournalBroken else { return }
    var left = limits.tickMessagesPerTurn
    var sessions = subscriptions.owingCount
    while sessions > 0, left > 0, let slot = subscriptions.nextOwing() {
      sessions -= 1
      guard let terminal = terminals.inSlot(slot), terminal.pointee.isLive else { continue }
      while left > 0, terminalOutput.free(slot) > terminalOutput.bytesEach / 2,
        let instrument = subscriptions.takeOwed(slot)
      {
        guard let tick = ticks.latest(instrument) else { continue }
        send(message(of: tick.pointee), to: slot, terminal)
        counts.ticksSent += 1
        left -= 1
      }
      subscriptions.relist(slot)
    }
  }

  private func message(of tick: Tick) -> OrderEntry.Tick {
    OrderEntry.Tick(
      instrument: names.instruments.name(tick.instrument.raw),
      exchange: names.exchange(tick.instrument), tradingDay: tradingDay,
      time: tick.exchangeTime, last: tick.last, bid: tick.bid, bidLots: tick.bidLots,
      ask: tick.ask, askLots: tick.askLots, upperLimit: tick.upperLimit,
      lowerLimit: tick.lowerLimit, preSettlement: tick.preSettlement, volume: tick.volume,
      openInterest: tick.openInterest)
  }

  mutating func subscribeTicks(
    _ request: OrderEntry.SubscribeTicksDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let template = OrderEntry.SubscribeTicks.templateID
    for index in 0..<request.instruments.count {
      let entry = request.instruments[index]
      guard entry.exchangeIsKnown,
        let instrument = names.instrument(entry.instrument, entry.exchange)
      else {
        reject(
          slot, terminal, template: template, ClOrdID(),
          Refusal(.unknownInstrument, scope: .instrument), "the instrument is not listed",
          name: entry.instrument.isCode ? entry.instrument : Name())
        continue
      }
      let count = subscriptions.count(of: slot)
      guard count < limits.subscriptionsPerTerminal,
        subscriptions.subscribe(slot, instrument)
      else {
        return reject(
          slot, terminal, template: template, ClOrdID(),
          Refusal(
            .capacity, observed: Int64(count), limit: Int64(limits.subscriptionsPerTerminal),
            asked: 1, unit: .count, scope: .session), "too many subscriptions")
      }
    }
  }

  mutating func unsubscribeTicks(
    _ request: OrderEntry.UnsubscribeTicksDecoder, _ slot: UInt32
  ) {
    if request.instruments.count == 0 { subscriptions.unsubscribeAll(slot) }
    for index in 0..<request.instruments.count {
      let entry = request.instruments[index]
      if entry.exchangeIsKnown,
        let instrument = names.instrument(entry.instrument, entry.exchange)
      {
        subscriptions.unsubscribe(slot, instrument)
      }
    }
  }
}
