import Domain
import Ledger
import MarketData
import Messages
import Storage

// Messages to counters, inside the quota of each fund account's link (rules.md 8): what may leave
// now does, what may not waits for its turn, liquidations before cancels before closing orders.
// Opening orders never wait: routing leaves out a fund account that has no room for them.
extension Engine {
  // MARK: Leave or wait

  /// Sends a child that was just added, or has it wait for its turn.
  @inline(__always)
  mutating func sendOrWait(_ number: UInt32, _ effects: inout EffectBuffer) {
    let id = ledger.child(number).pointee.fundAccount
    if ledger.fundAccount(id).pointee.messageQuota != 0 || history.isFollowed {
      guard hasTurn(number, &effects) else { return }
      ledger.countMessage(id, at: now)
    }
    sendOrder(number, &effects)
  }

  @inline(__always)
  private mutating func sendOrder(_ number: UInt32, _ effects: inout EffectBuffer) {
    let child = ledger.child(number)
    effects.append(
      .sendOrder(
        SendOrder(
          fundAccount: child.pointee.fundAccount, child: child.pointee.id,
          instrument: child.pointee.instrument, side: child.pointee.side,
          offset: child.pointee.offset, hedge: child.pointee.hedge, type: child.pointee.type,
          timeInForce: child.pointee.timeInForce, price: child.pointee.price,
          lots: child.pointee.lots,
          minimumLots: ledger.order(child.pointee.parent).pointee.minimumLots)))
    countForOrderRate(child.pointee.fundAccount, &effects)
    countForExchange(child.pointee.fundAccount, child.pointee.instrument, &effects)
  }

  /// Whether a new child may leave at once; else it waits, and that is told.
  @inline(never)
  private mutating func hasTurn(_ number: UInt32, _ effects: inout EffectBuffer) -> Bool {
    let child = ledger.child(number)
    let id = child.pointee.fundAccount
    var priority = self.priority(ofOrder: child.pointee.parent)
    if history.isFollowed {
      guard history.waits(child.pointee.id) else { return true }
      if priority == .unknown { priority = .closing }
    } else if priority == .unknown
      || ledger.hasMessageRoom(ledger.fundAccount(id), for: 1, at: now)
    {
      return true
    }
    effects.append(
      .childWaits(
        ChildWaits(
          fundAccount: id, child: child.pointee.id, instrument: child.pointee.instrument,
          offset: child.pointee.offset, lots: child.pointee.lots,
          waiting: ledger.fundAccount(id).pointee.waitingMessages)))
    ledger.wait(order: number, as: priority)
    return false
  }

  /// What an order's children wait as; `.unknown` = an opening order's never do.
  private func priority(ofOrder number: UInt32) -> MessagePriority {
    let order = ledger.order(number)
    if order.pointee.clOrdID.isForced { return .liquidation }
    return order.pointee.offset.isClosing ? .closing : .unknown
  }

  /// Whether the cancel of a child may leave at once; else it waits.
  mutating func cancelHasTurn(_ number: UInt32, isForced: Bool) -> Bool {
    let child = ledger.child(number)
    let fund = ledger.fundAccount(child.pointee.fundAccount)
    if history.isFollowed {
      if history.sendsCancel(child.pointee.id) {
        ledger.stopWaiting(number)
        return true
      }
    } else if fund.pointee.messageQuota == 0 && child.pointee.waitsAs == .unknown
      || ledger.hasMessageRoom(fund, for: 1, at: now)
    {
      return true
    }
    let isOfLiquidation =
      isForced || child.pointee.cancelledBy != 0
      || ledger.order(child.pointee.parent).pointee.clOrdID.isForced
    ledger.wait(cancel: number, as: isOfLiquidation ? .liquidation : .cancel)
    return false
  }

  /// Takes back the children of an order that have not left; returns the lots that ended.
  mutating func withdraw(
    from order: UInt32, by requestID: ClOrdID, _ effects: inout EffectBuffer
  ) -> Lots {
    var lots: Lots = 0
    var number = ledger.order(order).pointee.firstChild
    while number != 0 {
      let child = ledger.child(number)
      if child.pointee.state == .waiting {
        lots += ledger.finish(
          child: number, market.instrument(child.pointee.instrument), as: .neverArrived)
      }
      number = child.pointee.nextSibling
    }
    guard lots > 0 else { return 0 }
    endLots(of: order, lots, .none, &effects, reportAs: .cancelled, by: requestID)
    liquidationMoved(byEndOf: order, isExpected: true, &effects)
    return lots
  }

  // MARK: In turn

  /// When the next message that waits may leave; `.never` while the task that sends is in the work
  /// queue, and between two days.
  var nextMessage: Timestamp {
    isSending || !isReady ? .never : ledger.firstMessageTime ?? .never
  }

  /// Puts what may leave by now into the work queue; the slices that follow send it.
  mutating func queueMessages() {
    guard !isSending, isReady, let first = ledger.firstMessageTime, first <= now else { return }
    isSending = true
    work.push(
      WorkItem(
        kind: .sendMessages, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: 0,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }

  /// Sends what waits, link after link, as far as there is room.
  mutating func sendMessagesSlice(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    if history.isFollowed {
      isSending = false
      sendRecorded(&units, &effects)
      return true
    }
    while units > 0, effects.hasRoom(for: 16) {
      guard isReady, let id = ledger.messageLink(dueBy: now) else {
        isSending = false
        return true
      }
      units -= 1
      leave(ledger.firstWaiting(id), at: nil, &effects)
    }
    return false
  }

  /// A message that waited leaves. A forced order is priced now: it has waited for its turn, and
  /// prices have not.
  ///
  /// - Parameter recorded: the price that it left at, where history is followed.
  mutating func leave(
    _ number: UInt32, at recorded: Price?, _ effects: inout EffectBuffer
  ) {
    let child = ledger.child(number)
    let id = child.pointee.fundAccount
    ledger.countMessage(id, at: now)
    guard child.pointee.state == .waiting else {
      ledger.stopWaiting(number)
      sendCancelNow(number, &effects)
      return
    }
    ledger.setLeft(child: number, at: now)
    let order = child.pointee.parent
    if let price = recorded ?? newPrice(of: order), price != child.pointee.price {
      ledger.reprice(
        child: number, market.instrument(child.pointee.instrument).pointee.exchange, price)
      send(.restated, of: order, &effects)
    }
    sendOrder(number, &effects)
  }

  /// Nil when the order is none that is priced here, or nothing is known to price it by.
  private func newPrice(of number: UInt32) -> Price? {
    let order = ledger.order(number)
    guard order.pointee.clOrdID.isForced else { return nil }
    let price = forcedPrice(market.instrument(order.pointee.instrument), order.pointee.side)
    return price.isNone ? nil : price
  }

  // MARK: History

  /// What waited and has left in the recorded outcome leaves.
  ///
  /// - Parameter isEnd: of the step: cancels that left are asked for where the task that does so
  ///   has not come to them here.
  mutating func sendRecorded(
    _ units: inout Int, isEnd: Bool = false, _ effects: inout EffectBuffer
  ) {
    var place = 0
    while let effect = history.effect(at: place) {
      place += 1
      let price: Price?
      let id: OrderID
      switch effect {
      case .sendOrder(let sent):
        price = sent.price
        id = sent.child
      case .sendCancel(let sent):
        price = nil
        id = sent.child
      default: continue
      }
      let number = ledger.childNumber(id, day: market.tradingDay, shard: shard)
      if isEnd, number != 0, price == nil { askAsRecorded(number, &effects) }
      guard number != 0, ledger.child(number).pointee.waitsAs != .unknown,
        (ledger.child(number).pointee.state == .waiting) == (price != nil)
      else { continue }
      units -= 1
      leave(number, at: price, &effects)
    }
  }

  /// The cancel of a child left. That its order was asked for here too can wait for a task's turn,
  /// or for its link's; it does not wait any longer.
  private mutating func askAsRecorded(_ number: UInt32, _ effects: inout EffectBuffer) {
    let child = ledger.child(number)
    guard !child.pointee.state.isFinal, child.pointee.waitsAs == .unknown else { return }
    if !child.pointee.cancelRequested {
      _ = requestCancel(child.pointee.parent, by: ClOrdID(), &effects)
    } else if !ledger.isCancelSent(child: number) {
      sendCancelNow(number, &effects)
    }
  }

  /// Mass cancels that are over in the recorded outcome are over.
  mutating func endRecordedMassCancels(_ effects: inout EffectBuffer) {
    var place = 0
    while let effect = history.effect(at: place) {
      place += 1
      guard case .massCancelDone(let done) = effect,
        let index = work.massCancel(done.account, done.requestID)
      else { continue }
      finish(at: index, &effects)
    }
  }
}
