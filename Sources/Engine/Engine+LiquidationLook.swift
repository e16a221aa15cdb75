import Domain
import Ledger
import MarketData
import Messages

// Looks at liquidations: when something moved, and when a time is over, which is never less than a
// second. A look cancels what stands in the way and what is priced wrong, closes what no order
// closes yet, and says when to look again.
extension Engine {
  static func liquidationItem(_ kind: WorkItem.Kind) -> WorkItem {
    WorkItem(
      kind: kind, side: .unknown, subject: OperationAccountID.none.raw, instrument: .none,
      cursor: 0, bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0))
  }

  /// When the next look is due; `.never` while one is in the work queue, and between two days.
  var nextLiquidationLook: Timestamp {
    liquidationLook.isQueued || !isReady ? .never : ledger.firstLiquidationLook ?? .never
  }

  /// Puts what is due into the work queue; the slices that follow do it.
  mutating func queueLiquidations() {
    guard !liquidationLook.isQueued, isReady, let first = ledger.firstLiquidationLook,
      first <= now
    else { return }
    liquidationLook.isQueued = true
    work.push(Self.liquidationItem(.liquidate))
  }

  mutating func lookSoon(_ account: OperationAccountID) {
    ledger.lookAtLiquidation(account, notAfter: now)
    queueLiquidations()
  }

  /// A part of an order filled or ended: its account's liquidation goes on. One that a counter
  /// ended by itself is sent again after a while only, so that nothing goes in circles.
  mutating func liquidationMoved(
    byEndOf order: UInt32, isExpected: Bool, _ effects: inout EffectBuffer
  ) {
    let account = ledger.order(order).pointee.account
    let phase = ledger.liquidationPhase(account)
    guard phase != .unknown else { return }
    guard isExpected || !ledger.order(order).pointee.clOrdID.isForced else {
      let later = now.adding(seconds: platform.liquidationRepriceSeconds)
      ledger.changeLiquidation(account) { record in
        record.pointee.notBefore = later
        record.pointee.waits = .counterRefused
      }
      tellLiquidation(account, phase, &effects)
      return ledger.lookAtLiquidation(account, notAfter: later)
    }
    lookSoon(account)
  }

  /// Looks at account after account that is due.
  mutating func liquidateSlice(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    guard isReady else {
      // Between two days: it begins anew on the next one.
      if liquidationLook.stage != .none {
        ledger.lookAtLiquidation(liquidationLook.account, notAfter: now)
      }
      liquidationLook = LiquidationLook()
      return true
    }
    while units > 0, effects.hasRoom(for: 512) {
      switch liquidationLook.stage {
      case .none:
        guard let account = ledger.takeLiquidationLook(dueBy: now) else {
          liquidationLook.isQueued = false
          return true
        }
        units -= 1
        if ledger.liquidationPhase(account) != .unknown { beginLook(account, &effects) }
      case .orders:
        guard lookAtOrders(&units, &effects) else { return false }
        turnToPositions()
      case .positions:
        let isRound =
          ledger.liquidation(liquidationLook.account).pointee.extent == .proportional
        guard isRound ? lookAtRound(&units, &effects) : lookAtPositions(&units, &effects) else {
          return false
        }
        conclude(&effects)
      }
    }
    return false
  }

  private mutating func beginLook(_ account: OperationAccountID, _ effects: inout EffectBuffer) {
    liquidationLook = LiquidationLook()
    liquidationLook.isQueued = true
    liquidationLook.account = account
    liquidationLook.stage = .orders
    if awaitsSchemes(account) {
      liquidationLook = LiquidationLook()
      liquidationLook.isQueued = true
      return
    }
    let record = ledger.liquidation(account)
    let today = market.tradingDay.yyyymmdd
    let isNewDay = record.pointee.lookedOn != today
    ledger.changeLiquidation(account) { $0.pointee.lookedOn = today }
    // A line's liquidation goes on over the day only while its line stands.
    if record.pointee.extent == .toLine || isNewDay && record.pointee.owner != .controller,
      isBackToLine(account)
    {
      _ = stop(account, .backToLine, &effects)
    }
    liquidationLook.phase = ledger.liquidationPhase(account)
  }

  /// Whether the line that began it is not reached any more; of a controller's, whether none of
  /// level two is.
  private func isBackToLine(_ account: OperationAccountID) -> Bool {
    let record = ledger.liquidation(account)
    let subject = schemeSubject(ofLiquidation: account)
    if !subject.isNone { return !isLevelTwoReached(subject) }
    // Of a window: its day is over.
    if record.pointee.rule.isWindow { return true }
    let reached = ledger.lines(account).pointee.reached
    if let line = AccountLine(record.pointee.rule) {
      return !reached.contains(line, record.pointee.level)
    }
    return reached.bits & LineMask.liquidateLevels.bits == 0
  }

  // MARK: Orders

  /// Working orders stand in the order of their numbers: as `cancelSlice` goes through them.
  private mutating func lookAtOrders(
    _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    var number = liquidationLook.cursor
    if number == 0 || ledger.order(number).pointee.heldLots == 0 {
      number = ledger.account(liquidationLook.account).pointee.firstWorking
    }
    while number != 0 {
      guard units > 0, effects.hasRoom(for: 512) else {
        liquidationLook.cursor = number
        return false
      }
      units -= 1
      let next = ledger.order(number).pointee.workingNext
      if number > liquidationLook.reached { units -= look(atOrder: number, &effects) }
      liquidationLook.reached = max(liquidationLook.reached, number)
      number = next
    }
    return true
  }

  private mutating func look(
    atOrder number: UInt32, _ effects: inout EffectBuffer
  ) -> Int {
    let order = ledger.order(number)
    let account = liquidationLook.account
    let isStopping = ledger.liquidationPhase(account) == .stopping
    let isInScope = isMeant(
      account, order.pointee.instrument,
      PositionSide(side: order.pointee.side, offset: order.pointee.offset), order.pointee.hedge)
    var isToGo = true
    if order.pointee.clOrdID.isForced {
      liquidationLook.forced += 1
      liquidationLook.lotsWorking += order.pointee.heldLots
      isToGo = isStopping || !isInScope || isPricedWrong(order)
    } else {
      guard !isStopping, isInScope else { return 0 }
      liquidationLook.others += 1
    }
    if history.isFollowed {
      guard takeRecordedCancel(order.pointee.id) else { return 0 }
    } else {
      guard isToGo, canBeAsked(number) else { return 0 }
    }
    return forceCancel(number, &effects)
  }

  /// Whether the time of a forced order's price is over and the price of now is better by a tick;
  /// notes when it is, where it is not. One that has not left is priced when it does, unless its
  /// link is down: then it is to be placed anew.
  private mutating func isPricedWrong(_ order: UnsafePointer<OrderRecord>) -> Bool {
    var pricedAt = order.pointee.receivedAt
    var waiting = 0
    var left = 0
    var isStuck = false
    var childNumber = order.pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      childNumber = child.pointee.nextSibling
      if child.pointee.state == .waiting {
        waiting += 1
        if !ledger.fundAccount(child.pointee.fundAccount).pointee.isReady { isStuck = true }
      } else {
        left += 1
        if child.pointee.hasWaited { pricedAt = max(pricedAt, child.pointee.sentAt) }
      }
    }
    if waiting > 0, left == 0 { return isStuck }
    let due = pricedAt.adding(seconds: platform.liquidationRepriceSeconds)
    guard due <= now else {
      liquidationLook.due = min(liquidationLook.due, due)
      return false
    }
    let instrument = market.instrument(order.pointee.instrument)
    guard market.phase(of: instrument, at: now) != .unknown else { return false }
    let price = forcedPrice(instrument, order.pointee.side)
    guard !price.isNone else { return false }
    let tick = instrument.pointee.tick
    return order.pointee.side == .sell
      ? price.units <= order.pointee.price.units - tick
      : price.units >= order.pointee.price.units + tick
  }

  /// Whether a counter works on a part of the order and was not asked to cancel it.
  private func canBeAsked(_ number: UInt32) -> Bool {
    var childNumber = ledger.order(number).pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      if !child.pointee.state.isFinal, !child.pointee.cancelRequested { return true }
      childNumber = child.pointee.nextSibling
    }
    return false
  }

  /// Asks for the cancel of an order; returns how many parts were looked at.
  mutating func forceCancel(_ number: UInt32, _ effects: inout EffectBuffer) -> Int {
    let order = ledger.order(number)
    let liquidation = ledger.liquidation(order.pointee.account).pointee.number
    effects.append(
      .forcedCancel(
        ForcedCancel(
          account: order.pointee.account, number: liquidation, order: order.pointee.id)))
    return requestCancel(number, by: ClOrdID(), liquidation: liquidation, &effects)
  }

  // MARK: Positions

  private mutating func turnToPositions() {
    let account = liquidationLook.account
    if ledger.liquidationPhase(account) == .cancelling {
      let record = ledger.liquidation(account)
      // What does not end in time (its link may be down) does not hold up the rest.
      if liquidationLook.others == 0 || now >= record.pointee.notBefore {
        ledger.setLiquidationPhase(account, .closing)
        ledger.changeLiquidation(account) { $0.pointee.notBefore = now }
      }
    }
    liquidationLook.stage = .positions
    let instrument = ledger.liquidation(account).pointee.scope.instrument
    liquidationLook.cursor = instrument.isNone ? 0 : instrument.raw
  }

  /// Instrument after instrument, until all lots of the account were seen.
  private mutating func lookAtPositions(
    _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let holder = ledger.holder(of: liquidationLook.account)
    let only = ledger.liquidation(liquidationLook.account).pointee.scope.instrument
    let end = only.isNone ? UInt32(market.instrumentCount) : only.raw + 1
    while liquidationLook.cursor < end,
      liquidationLook.lotsSeen < ledger.holder(holder).pointee.heldLots
    {
      guard units > 0, effects.hasRoom(for: 512) else { return false }
      units -= 1
      guard close(InstrumentID(liquidationLook.cursor), &units, &effects) else { return false }
      liquidationLook.cursor += 1
    }
    return true
  }

  /// Closes what is held of an instrument; false when it has to go on here in another step.
  private mutating func close(
    _ instrument: InstrumentID, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let account = liquidationLook.account
    var seen: Lots = 0
    var left: Lots = 0
    var number = ledger.firstPosition(ledger.holder(of: account), instrument)
    while number != 0 {
      let position = ledger.position(number)
      for side in [PositionSide.long, .short] {
        let held = position.pointee.side(side).held
        seen += held
        guard held > 0,
          isMeant(account, instrument, side, position.pointee.hedge)
        else { continue }
        left += held
        guard close(number, side, &units, &effects) else { return false }
      }
      number = position.pointee.sibling
    }
    liquidationLook.lotsSeen += seen
    liquidationLook.lotsLeft += left
    return true
  }

  // MARK: What it comes to

  private mutating func conclude(_ effects: inout EffectBuffer) {
    let look = liquidationLook
    let account = look.account
    liquidationLook = LiquidationLook()
    liquidationLook.isQueued = true
    let phase = ledger.liquidationPhase(account)
    guard phase != .unknown else { return }
    let record = ledger.liquidation(account)
    let isNews =
      look.sent > 0 || look.lotsLeft != record.pointee.lotsLeft
      || look.waits != record.pointee.waits || look.phase != phase
    ledger.changeLiquidation(account) { record in
      record.pointee.lotsLeft = look.lotsLeft
      record.pointee.lotsWorking = look.lotsWorking
      record.pointee.waits = look.waits
    }
    let works = look.forced > 0 || look.sent > 0
    if phase == .stopping, !works {
      return endLiquidation(account, record.pointee.end, &effects)
    }
    if phase == .closing, !works, look.others == 0, look.waits == .none {
      return endLiquidation(account, .done, &effects)
    }
    if isNews { tellLiquidation(account, phase, &effects) }
    var next = min(look.due, now.adding(seconds: platform.liquidationRepriceSeconds))
    if record.pointee.notBefore > now { next = min(next, record.pointee.notBefore) }
    ledger.lookAtLiquidation(account, notAfter: next)
  }
}
