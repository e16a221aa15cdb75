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
    for index in 0..<ledger.accountCount
    where ledger.account(OperationAccountID(UInt32(index))).pointee.firstWorking != 0 {
      _ = work.push(
        WorkItem(
          kind: .expireOrders, side: .unknown, subject: UInt32(index), instrument: .none,
          cursor: 0, bound: .max, holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
    }
    dayTurn = DayTurn()
  }

  private mutating func begin(_ day: DaySwitch, _ effects: inout EffectBuffer) {
    market.startDay(day.tradingDay, nightDate: CalendarDate(yyyymmdd: day.nightDate))
    isTrading = true
    answerCursor = 1
    notice(.dayStarted, &effects, scope: .platform, observed: Int64(day.tradingDay.yyyymmdd))
  }

  /// The books' part of the switch, once the day's orders have ended.
  mutating func advanceDay(_ units: inout Int, _ effects: inout EffectBuffer) {
    guard var turn = dayTurn, let day = nextDay else { return }
    turn.advance(&ledger, &market, budget: units)
    units = 0
    guard turn.isDone else {
      dayTurn = turn
      return
    }
    dayTurn = nil
    nextDay = nil
    begin(day, &effects)
  }

  /// Ends an account's working orders: day orders expire. A child whose fate is unknown expires
  /// too: the counter's own day has ended; what it says later is flagged.
  mutating func expireSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    let id = OperationAccountID(item.pointee.subject)
    while units > 0, effects.hasRoom(for: 512) {
      let number = ledger.account(id).pointee.firstWorking
      guard number != 0 else { return true }
      let instrument = market.instrument(ledger.order(number).pointee.instrument)
      var childNumber = ledger.order(number).pointee.firstChild
      while childNumber != 0 {
        if ledger.child(childNumber).pointee.heldLots > 0 {
          _ = ledger.finish(child: childNumber, instrument, as: .cancelled)
        }
        childNumber = ledger.child(childNumber).pointee.nextSibling
        units -= 1
      }
      let left = ledger.order(number).pointee.leaves
      ledger.setConfirmed(order: number)
      endLots(of: number, left, .none, &effects, reportAs: .cancelled)
      units -= 1
    }
    return ledger.account(id).pointee.firstWorking == 0
  }
}
