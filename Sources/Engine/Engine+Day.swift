import Domain
import Ledger
import MarketData
import Messages
import Settlement

extension Engine {
  /// Begins a trading day; when one is open it ends first: its orders expire, positions settle,
  /// holders close (design.md, "Day switch").
  mutating func daySwitch(_ day: DaySwitch, _ effects: inout EffectBuffer) {
    guard !day.tradingDay.isNone, nextDay == nil,
      market.tradingDay.isNone || market.tradingDay < day.tradingDay,
      day.nightDate == 0 || CalendarDate(yyyymmdd: day.nightDate) != nil
    else {
      refuse(&effects, observed: Int64(day.tradingDay.yyyymmdd))
      return
    }
    guard isTrading else {
      begin(day, &effects)
      return
    }
    nextDay = day
    ledger.beginRiskMode()
    lookAtBudgets(&effects)
    work.push(
      WorkItem(
        kind: .expireOrders, side: .unknown, subject: 0, instrument: .none, cursor: 0,
        bound: .max, holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
    dayTurn = DayTurn()
  }

  private mutating func begin(_ day: DaySwitch, _ effects: inout EffectBuffer) {
    market.startDay(day.tradingDay, nightDate: CalendarDate(yyyymmdd: day.nightDate))
    isTrading = true
    answerCursor = 1
    ledger.forgetLeft()
    notice(.dayStarted, &effects, scope: .platform, observed: Int64(day.tradingDay.yyyymmdd))
    watchEveryone()
    disturbAll()
    awaitNight()
    queueLiquidations()
    setWindowsDue()
    queueFees()
  }

  /// The books' part of the switch, once the day's orders have ended.
  mutating func advanceDay(_ units: inout Int, _ effects: inout EffectBuffer) {
    guard var turn = dayTurn, let day = nextDay else { return }
    turn.advance(&ledger, &market, budget: units)
    units = 0
    // Who follows history begins a day when history did.
    guard turn.isDone, !history.isFollowed || history.beginsDay else {
      dayTurn = turn
      return
    }
    dayTurn = nil
    nextDay = nil
    begin(day, &effects)
  }

  /// Ends the working orders of account after account: day orders expire. A child whose fate is
  /// unknown expires too: the counter's own day has ended; what it says later is flagged.
  mutating func expireSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    while item.pointee.subject < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 512) else { return false }
      let number = ledger.account(OperationAccountID(item.pointee.subject)).pointee.firstWorking
      if number == 0 {
        item.pointee.subject += 1
        units -= 1
      } else if history.isFollowed, !history.expires(ledger.order(number).pointee.id) {
        units = 0
        return false
      } else {
        units -= expire(number, &effects)
      }
    }
    return true
  }

  /// Ends one order and its children; returns how many records were touched.
  mutating func expire(_ number: UInt32, _ effects: inout EffectBuffer) -> Int {
    let instrument = market.instrument(ledger.order(number).pointee.instrument)
    var touched = 1
    var childNumber = ledger.order(number).pointee.firstChild
    while childNumber != 0 {
      if ledger.child(childNumber).pointee.heldLots > 0 {
        _ = ledger.finish(child: childNumber, instrument, as: .cancelled)
      }
      childNumber = ledger.child(childNumber).pointee.nextSibling
      touched += 1
    }
    ledger.setConfirmed(order: number)
    endLots(
      of: number, ledger.order(number).pointee.leaves, .none, &effects, reportAs: .cancelled)
    liquidationMoved(byEndOf: number, isExpected: true, &effects)
    return touched
  }
}
