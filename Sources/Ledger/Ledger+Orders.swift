import Domain
import MarketData
import Storage

/// What a new parent order says, in the ledger's words.
public struct OrderTerms: BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID
  public var instrument: InstrumentID
  public var clOrdID: ClOrdID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var type: OrderType
  public var timeInForce: TimeInForce
  public var price: Price
  public var lots: Lots
  public var minimumLots: Lots

  @inlinable public init(
    session: SessionID, account: OperationAccountID, instrument: InstrumentID, clOrdID: ClOrdID,
    side: Side, offset: Offset, hedge: HedgeFlag, type: OrderType, timeInForce: TimeInForce,
    price: Price, lots: Lots, minimumLots: Lots
  ) {
    self.session = session
    self.account = account
    self.instrument = instrument
    self.clOrdID = clOrdID
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.type = type
    self.timeInForce = timeInForce
    self.price = price
    self.lots = lots
    self.minimumLots = minimumLots
  }
}

extension Ledger {
  // MARK: Parents

  public var hasRoomForOrder: Bool { orderCount < orders.capacity }

  /// The number of an order of the current day by its id; 0 when it is another day's or unknown.
  public func orderNumber(_ id: OrderID, day: TradingDay, shard: UInt8) -> UInt32 {
    guard id.dayNumber == day.number, id.shard == shard, id.sequence >= 1,
      id.sequence <= UInt64(orderCount),
      // While a day is being switched, orders are forgotten before they are counted out.
      order(UInt32(id.sequence)).pointee.id == id
    else { return 0 }
    return UInt32(id.sequence)
  }

  /// Records an order that was received, accepted or not; its state is `.accepted` or
  /// `.rejected`. The caller asked `hasRoomForOrder`. A forced order is none that the account has
  /// sent: no tally of orders counts it.
  public mutating func addOrder(
    _ terms: OrderTerms, state: OrderState, refusal: Refusal, at time: Timestamp, day: TradingDay,
    shard: UInt8, seed: UInt64
  ) -> UInt32 {
    precondition(orderCount < orders.capacity, "an order is added when there is room")
    orderCount += 1
    let number = UInt32(orderCount)
    let record = orders.at(orderCount - 1)
    let account = accounts.at(terms.account.raw)
    record.pointee.id = OrderID(day: day, shard: shard, sequence: UInt64(orderCount))
    record.pointee.session = terms.session
    record.pointee.account = terms.account
    record.pointee.product = account.pointee.product
    record.pointee.instrument = terms.instrument
    record.pointee.clOrdID = terms.clOrdID
    record.pointee.side = terms.side
    record.pointee.offset = terms.offset
    record.pointee.hedge = terms.hedge
    record.pointee.type = terms.type
    record.pointee.timeInForce = terms.timeInForce
    record.pointee.price = terms.price
    record.pointee.lots = terms.lots
    record.pointee.minimumLots = terms.minimumLots
    record.pointee.receivedAt = time
    record.pointee.state = state
    record.pointee.refusal = refusal
    if state == .rejected { record.pointee.ended = terms.lots }
    if !terms.clOrdID.isForced {
      record.pointee.previousOfAccount = account.pointee.newestOrder
      account.pointee.newestOrder = number
      account.pointee.newestOrderAt = time
      account.pointee.ordersToday += 1
    }
    index(number, ClOrdKey(terms.account, terms.clOrdID, seed: seed))
    return number
  }

  /// Takes the hold of an accepted order and puts it among its account's working orders. The
  /// caller checked that its position record can be had.
  public mutating func takeHold(
    order number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, price: Price, hold: Hold
  ) {
    let record = mutableOrder(number)
    let position = ensurePosition(
      holder(of: record.pointee.account), record.pointee.instrument,
      instrument.pointee.commodity, record.pointee.hedge,
      yesterdayMark: instrument.pointee.preSettlement)
    guard let position else { preconditionFailure("room for a position was checked") }
    record.pointee.position = position
    record.pointee.holdPrice = price
    record.pointee.heldLots = record.pointee.lots
    record.pointee.marginHold = hold.margin
    record.pointee.feeHold = hold.fee
    record.pointee.valueHold = hold.value
    moveHold(
      position, side: record.pointee.side, offset: record.pointee.offset,
      lots: record.pointee.lots, separatesToday: instrument.pointee.separatesToday, from: .zero,
      to: hold)
    countScheme(order: number, fee: hold.fee)
    holders.at(holder(of: record.pointee.account).raw).pointee.workingOrders += 1
    countWorking(position, record.pointee.side, record.pointee.offset, 1)
    linkWorking(order: number)
  }

  /// Gives back the hold of lots that filled or ended; the rest is held at the rates in force.
  /// More than is held gives back what is held: an over-fill has no hold.
  mutating func reduceHold(
    order number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, by lots: Lots
  ) {
    let record = mutableOrder(number)
    let released = min(lots, record.pointee.heldLots)
    guard released > 0 else { return }
    let left = record.pointee.heldLots - released
    let old = held(
      record.pointee.position, record.pointee.side, record.pointee.offset,
      margin: record.pointee.marginHold, fee: record.pointee.feeHold,
      value: record.pointee.valueHold)
    let new = remainingHold(
      record.pointee.position, instrument, side: record.pointee.side,
      offset: record.pointee.offset, lots: left, price: record.pointee.holdPrice, old: old)
    moveHold(
      record.pointee.position, side: record.pointee.side, offset: record.pointee.offset,
      lots: -released, separatesToday: instrument.pointee.separatesToday, from: old, to: new)
    countScheme(order: number, fee: new.fee - old.fee)
    record.pointee.heldLots = left
    record.pointee.marginHold = new.margin
    record.pointee.feeHold = new.fee
    record.pointee.valueHold = new.value
    if left == 0 {
      holders.at(holder(of: record.pointee.account).raw).pointee.workingOrders -= 1
      countWorking(record.pointee.position, record.pointee.side, record.pointee.offset, -1)
      unlinkWorking(order: number)
    }
  }

  /// Books a fill of a parent to its operation account and gives back the hold of its lots. `late`
  /// of them had ended with their child before (a cancel crossed the fill at the counter): they
  /// hold nothing any more and are the order's again.
  public mutating func fill(
    order number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, price: Price, lots: Lots,
    late: Lots = 0, day: UInt32
  ) -> FillBooking {
    let record = mutableOrder(number)
    precondition(late <= record.pointee.ended, "only lots that ended can fill late")
    record.pointee.ended -= late
    reduceHold(order: number, instrument, by: lots - late)
    record.pointee.filled += lots
    record.pointee.filledBasis &+= price.units &* Int64(lots)
    return book(
      record.pointee.position, instrument, side: record.pointee.side,
      offset: record.pointee.offset, price: price, lots: lots, day: day)
  }

  /// Ends lots of a parent without a fill and gives back their hold.
  public mutating func end(
    order number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, lots: Lots,
    refusal: Refusal
  ) {
    let record = mutableOrder(number)
    reduceHold(order: number, instrument, by: lots)
    record.pointee.ended += lots
    if !refusal.isNone { record.pointee.refusal = refusal }
  }

  /// The hold of what is left of an order: at the rates in force; when none are, in proportion
  /// never more than before.
  private func remainingHold(
    _ positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, side: Side,
    offset: Offset, lots: Lots, price: Price, old: Hold
  ) -> Hold {
    guard lots > 0 else { return .zero }
    let position = mutablePosition(positionNumber)
    let owner = holders.at(position.pointee.holder.raw).pointee.rateSubject
    guard
      let rates = rates.find(
        owner, position.pointee.instrument, instrument.pointee.commodity),
      let hold = Self.hold(
        instrument, rates, side: side, offset: offset, lots: lots, price: price)
    else { return old }
    return hold
  }

  // MARK: Children

  /// Most children that can still be added today.
  public var freeChildren: Int { children.capacity - childCount }

  public func childNumber(_ id: OrderID, day: TradingDay, shard: UInt8) -> UInt32 {
    guard id.dayNumber == day.number, id.shard == shard, id.sequence >= 1,
      id.sequence <= UInt64(childCount), child(UInt32(id.sequence)).pointee.id == id
    else { return 0 }
    return UInt32(id.sequence)
  }

  /// Adds a child of a parent at a fund account, takes its hold there and puts it among the fund
  /// account's working children and its legal owner's book.
  public mutating func addChild(
    of parentNumber: UInt32, at fundAccount: FundAccountID, offset: Offset, lots: Lots,
    _ instrument: UnsafePointer<InstrumentRecord>, hold: Hold, time: Timestamp, day: TradingDay,
    shard: UInt8
  ) -> UInt32 {
    precondition(childCount < children.capacity, "a child is added when there is room")
    let parent = mutableOrder(parentNumber)
    let holderID = holder(of: fundAccount)
    let position = ensurePosition(
      holderID, parent.pointee.instrument, instrument.pointee.commodity, parent.pointee.hedge,
      yesterdayMark: instrument.pointee.preSettlement)
    guard let position else { preconditionFailure("room for a position was checked") }
    childCount += 1
    let number = UInt32(childCount)
    let child = children.at(childCount - 1)
    child.pointee.id = OrderID(day: day, shard: shard, sequence: UInt64(childCount))
    child.pointee.parent = parentNumber
    child.pointee.fundAccount = fundAccount
    child.pointee.instrument = parent.pointee.instrument
    child.pointee.position = position
    child.pointee.side = parent.pointee.side
    child.pointee.offset = offset
    child.pointee.hedge = parent.pointee.hedge
    child.pointee.type = parent.pointee.type
    child.pointee.timeInForce = parent.pointee.timeInForce
    child.pointee.price = parent.pointee.price
    child.pointee.holdPrice = parent.pointee.holdPrice
    child.pointee.lots = lots
    child.pointee.heldLots = lots
    child.pointee.marginHold = hold.margin
    child.pointee.feeHold = hold.fee
    child.pointee.valueHold = hold.value
    child.pointee.sentAt = time
    child.pointee.state = .sent
    moveHold(
      position, side: child.pointee.side, offset: offset, lots: lots,
      separatesToday: instrument.pointee.separatesToday, from: .zero, to: hold)
    countScheme(child: number, fee: hold.fee)
    countBudget(new: number, instrument)
    holders.at(holderID.raw).pointee.workingOrders += 1
    countWorking(position, child.pointee.side, offset, 1)
    if parent.pointee.lastChild == 0 {
      parent.pointee.firstChild = number
    } else {
      mutableChild(parent.pointee.lastChild).pointee.nextSibling = number
    }
    parent.pointee.lastChild = number
    linkWorking(child: number)
    let owner = fundAccounts.at(fundAccount.raw).pointee.owners[instrument.pointee.exchange.index]
    insertIntoBook(number, owner: owner)
    return number
  }

  /// Books a fill of a child to its fund account and gives back the hold of its lots.
  public mutating func fill(
    child number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, price: Price, lots: Lots,
    day: UInt32
  ) -> FillBooking {
    let child = mutableChild(number)
    setDoubtful(child: number, false)
    reduceHold(child: number, instrument, by: lots)
    moveBudget(number, working: 0, opened: lots)
    child.pointee.filled += lots
    if child.pointee.filled >= child.pointee.lots { child.pointee.state = .filled }
    return book(
      child.pointee.position, instrument, side: child.pointee.side, offset: child.pointee.offset,
      price: price, lots: lots, day: day)
  }

  /// Brings a child to a final state and gives back what it holds, but for `stillComing` lots
  /// that the counter counts as filled and has not reported yet. Returns the lots given back.
  public mutating func finish(
    child number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, as state: ChildState,
    stillComing: Lots = 0
  ) -> Lots {
    let child = mutableChild(number)
    setDoubtful(child: number, false)
    let released = max(child.pointee.heldLots - stillComing, 0)
    #if MUTATION_RELEASE_FORGOTTEN
      if state != .cancelled { reduceHold(child: number, instrument, by: released) }
    #else
      reduceHold(child: number, instrument, by: released)
    #endif
    child.pointee.state = state
    return released
  }

  mutating func reduceHold(
    child number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, by lots: Lots
  ) {
    let child = mutableChild(number)
    let released = min(lots, child.pointee.heldLots)
    guard released > 0 else { return }
    let left = child.pointee.heldLots - released
    let old = held(
      child.pointee.position, child.pointee.side, child.pointee.offset,
      margin: child.pointee.marginHold, fee: child.pointee.feeHold,
      value: child.pointee.valueHold)
    let new = remainingHold(
      child.pointee.position, instrument, side: child.pointee.side, offset: child.pointee.offset,
      lots: left, price: child.pointee.holdPrice, old: old)
    moveHold(
      child.pointee.position, side: child.pointee.side, offset: child.pointee.offset,
      lots: -released, separatesToday: instrument.pointee.separatesToday, from: old, to: new)
    countScheme(child: number, fee: new.fee - old.fee)
    moveBudget(number, working: -released)
    child.pointee.heldLots = left
    child.pointee.marginHold = new.margin
    child.pointee.feeHold = new.fee
    child.pointee.valueHold = new.value
    if left == 0 {
      holders.at(holder(of: child.pointee.fundAccount).raw).pointee.workingOrders -= 1
      countWorking(child.pointee.position, child.pointee.side, child.pointee.offset, -1)
      unlinkWorking(child: number)
      removeFromBook(number)
      if child.pointee.waitsAs != .unknown { stopWaiting(number) }
    }
  }

  /// Opening lots that a holder can still take before its proven range ends.
  public func rangeRoom(_ holder: HolderID) -> Lots {
    max(Ranges.holderLotsMaximum - holders.at(holder.raw).pointee.rangeLots, 0)
  }
}
