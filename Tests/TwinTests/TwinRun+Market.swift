import Domain
import Engine
import Messages
import ReferenceModel

// Prices, days and clocks.
extension TwinRun {
  /// Genesis, the first day, prices and links.
  func begin() {
    for command in TwinWorld.definitions(seed: seed, &draw) { step(command) }
    permissions()
    if draw.chance(16) { windowTheme() } else { theme() }
    for _ in 0..<draw.within(0...10) { setting() }
    beginDay()
    for fund in TwinWorld.funds {
      linkUp(fund)
      resynced(fund)
    }
  }

  private func beginDay() {
    let day = TwinWorld.days[dayIndex]
    let night = dayIndex == 0 || draw.chance(30) ? 0 : TwinWorld.days[dayIndex - 1].yyyymmdd
    step(
      .daySwitch(DaySwitch(tradingDay: day, nightDate: night)),
      at: start(of: day, night))
    dayIndex += 1
    for _ in 0..<60 where engine.hasWork {
      if draw.chance(40) { betweenSlices() }
      step(.continueWork)
    }
    // On the first day everything gets a price; later some go without limits for a while.
    for instrument in TwinWorld.instruments where dayIndex == 1 || !draw.chance(3) {
      reference(instrument)
    }
    for instrument in TwinWorld.instruments where draw.chance(70) { tick(instrument) }
  }

  /// Settlement prices, most of them, and the next day.
  func switchDay() {
    guard dayIndex < TwinWorld.days.count else { return }
    for instrument in TwinWorld.instruments where draw.chance(75) {
      step(
        .settlementPrice(
          SettlementPrice(
            instrument: instrument, price: draw.chance(4) ? Price(units: .max) : price(instrument)))
      )
    }
    sentBefore = sent
    sent = []
    acceptedOrders = acceptedOrders.suffix(2)
    closed = []
    beginDay()
    note("day with work")
  }

  /// What comes while a day is switched changes nothing but what it must.
  private func betweenSlices() {
    note("slice between")
    switch draw.below(6) {
    case 0: order()
    case 1: cancel()
    case 2: reference(InstrumentID(0))
    case 3:
      step(
        .daySwitch(DaySwitch(tradingDay: TwinWorld.days[TwinWorld.days.count - 1], nightDate: 0)))
    case 4:
      let live = sentBefore.filter { isUp[$0.fundAccount.index] }
      if !live.isEmpty { report(draw.pick(live), draw.pick([.accepted, .cancelled, .rejected])) }
    default: step(.timeReached)
    }
  }

  // MARK: Prices

  func reference(_ instrument: InstrumentID) {
    let listing = TwinWorld.listings[instrument.index]
    let mark = twin.mark(instrument)
    let base = mark.isNone ? listing.price : mark.units
    let width = max(base / 12 / listing.tick, 20) * listing.tick
    let middle = base / listing.tick * listing.tick
    step(
      .dayReference(
        DayReference(
          instrument: instrument,
          preSettlement: mark.isNone || draw.chance(90)
            ? Price(units: base) : .none,
          preClose: .none, upperLimit: draw.chance(97) ? Price(units: middle + width) : .none,
          lowerLimit: Price(units: middle - width),
          openInterest: mark.isNone || draw.chance(98) ? 100 : -1)))
  }

  func tick(_ instrument: InstrumentID) {
    var last = price(instrument)
    if draw.chance(6) { last = .none }
    if draw.chance(2) { last = Price(units: Ranges.priceMaximum * 2) }
    step(
      .tick(
        Tick(
          instrument: draw.chance(99) ? instrument : InstrumentID(50), last: last,
          bid: draw.chance(50) ? .none : last, bidLots: 1,
          ask: draw.chance(60) || last.isNone ? .none : last, askLots: 0,
          upperLimit: .none, lowerLimit: .none,
          preSettlement: draw.chance(80) ? .none : price(instrument), volume: 10, openInterest: 5,
          exchangeTime: time)), milliseconds: Int64(draw.pick([1, 30, 500])))
  }

  /// An instrument halts, or goes on.
  func status() {
    if let instrument = closed.min(by: { $0.raw < $1.raw }), draw.chance(70) {
      closed.remove(instrument)
      step(.instrumentStatus(InstrumentStatus(instrument: instrument, phase: .continuous)))
    } else {
      let instrument = draw.pick(TwinWorld.instruments)
      closed.insert(instrument)
      step(
        .instrumentStatus(
          InstrumentStatus(instrument: instrument, phase: draw.pick([.unknown, .auction]))))
    }
  }

  // MARK: Clocks

  func clock() {
    if isClockJumped {
      isClockJumped = false
      step(.confirmClock)
    } else {
      let seconds = draw.pick([-2, 0, 1, 5])
      isClockJumped = seconds > 0
      step(.clockJumped(ClockJumped(nanoseconds: Int64(seconds) * 1_000_000_000)))
    }
  }

  /// To what the engine waits for, or a little time.
  private func passMoment() {
    let deadline = engine.nextDeadline
    let isNear = deadline > time && deadline < time.adding(seconds: 2)
    step(
      .timeReached,
      at: isNear ? deadline : time.adding(nanoseconds: Int64(draw.within(1...700)) * 1_000_000))
  }

  func passTime() {
    let deadline = engine.nextDeadline
    let isNear = deadline > time && deadline < time.adding(seconds: 60)
    step(.timeReached, at: isNear ? deadline : time.adding(seconds: Int64(draw.within(1...8))))
  }
}

extension TwinRun {
  /// So many steps of the stream, from the first day on.
  func play(steps: Int) {
    for number in 0..<steps where failure == nil {
      stepNumber = number
      act()
    }
    checkAll(nil)
  }

  private func act() {
    if isClockJumped, draw.chance(50) { return clock() }
    if draw.chance(25), mendLink() { return }
    if !inPlace.isEmpty, draw.chance(10) { return letGo() }
    if !twin.barredByRate.isEmpty, draw.chance(3) { return releaseByController(isFund: false) }
    if isComingAndGoing, draw.chance(15) {
      return comeOrGo(OperationAccountID(UInt32(draw.below(4))))
    }
    if isAboutSchemes, draw.chance(6) { return scheme() }
    if isAboutMessages, draw.chance(12) { return draw.chance(80) ? passMoment() : liquidation() }
    if isAboutWindows, draw.chance(9) { return window() }
    switch draw.weighted([340, 400, 70, 8, 90, 12, 6, 30, 12, 6, 10, 3, 8, 6, 1, 16, 9]) {
    case 0: order()
    case 1: counter()
    case 2: cancel()
    case 3: massCancel()
    case 4: tick(draw.pick(TwinWorld.instruments))
    case 5: link()
    case 6: counterFunds()
    case 7: setting()
    case 8: status()
    case 9: reference(draw.pick(TwinWorld.instruments))
    case 10: session()
    case 11: clock()
    case 12: passTime()
    case 13: switchDay()
    case 14: if draw.chance(30) { burst() }
    case 15: control()
    default: liquidation()
    }
  }
}
