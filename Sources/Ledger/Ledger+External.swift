import Domain
import MarketData
import Storage

/// A trade at a counter that nobody here sent.
public struct ExternalTrade: BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var instrument: InstrumentID
  public var side: Side
  public var offset: Offset
  public var hedge: HedgeFlag
  public var price: Price
  public var lots: Lots
  public var tradeID: VenueID

  public init(
    fundAccount: FundAccountID, instrument: InstrumentID, side: Side, offset: Offset,
    hedge: HedgeFlag, price: Price, lots: Lots, tradeID: VenueID = VenueID()
  ) {
    self.fundAccount = fundAccount
    self.instrument = instrument
    self.side = side
    self.offset = offset
    self.hedge = hedge
    self.price = price
    self.lots = lots
    self.tradeID = tradeID
  }
}

/// Lots of a trade on their way to an operation account.
public struct Assignment: BitwiseCopyable {
  public var trade: UInt64
  public var account: OperationAccountID
  /// How the account books them.
  public var offset: Offset
  public var lots: Lots

  public init(trade: UInt64, account: OperationAccountID, offset: Offset, lots: Lots) {
    self.trade = trade
    self.account = account
    self.offset = offset
    self.lots = lots
  }
}

// Trades that nobody here sent (routing.md): the fund account's first, then somebody's.
extension Ledger {
  /// Books a trade that is no child's: only the fund account and the unmapped tally move, both by
  /// what was booked. Nil, and nothing moved, when there is no room for its position.
  public mutating func bookExternal(
    _ trade: ExternalTrade, _ instrument: UnsafePointer<InstrumentRecord>, day: UInt32
  ) -> (booking: FillBooking, number: UInt64)? {
    let holder = holder(of: trade.fundAccount)
    let commodity = instrument.pointee.commodity
    guard hasRoomForPosition(holder, trade.instrument, commodity, trade.hedge),
      let position = ensurePosition(
        holder, trade.instrument, commodity, trade.hedge,
        yesterdayMark: instrument.pointee.preSettlement)
    else { return nil }
    let booking = book(
      position, instrument, side: trade.side, offset: trade.offset, price: trade.price,
      lots: trade.lots, day: day)
    let lots = trade.lots - booking.excess
    let product = fundAccounts.at(trade.fundAccount.raw).pointee.product
    addUnmapped(
      product, trade.instrument, side: trade.side, price: trade.price, lots: lots)
    let isKept = lots > 0 && !product.isNone
    return (booking, isKept ? unmapped.keep(trade, lots: lots, day: day) : 0)
  }

  /// Counts lots that a product's fund accounts have and its operation accounts don't; negative
  /// when it is the other way round.
  public mutating func addUnmapped(
    _ product: ProductID, _ instrument: InstrumentID, side: Side, price: Price, lots: Lots
  ) {
    guard lots != 0 else { return }
    let row = unmapped.add(product, instrument, side: side, price: price, lots: lots)
    if let row {
      countScheme(
        unmapped: row, product, instrument,
        signedLots: side == .sell ? -Int64(lots) : Int64(lots))
    }
  }

  /// Most lots of a trade that an account can book by an offset: never more than it can close, nor
  /// than its range has room for; 0 without room for its records.
  public func assignable(
    _ trade: UnsafePointer<UnmappedTrade>, to account: OperationAccountID, _ offset: Offset,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Lots {
    let holder = holder(of: account)
    guard hasRoomForOrder, offset != .unknown else { return 0 }
    let lots = trade.pointee.lots
    guard offset.isClosing else {
      guard
        hasRoomForPosition(
          holder, trade.pointee.instrument, instrument.pointee.commodity, trade.pointee.hedge)
      else { return 0 }
      return min(lots, rangeRoom(holder))
    }
    let number = position(holder, trade.pointee.instrument, trade.pointee.hedge)
    guard number != 0 else { return 0 }
    let side = PositionSide(side: trade.pointee.side, offset: offset)
    return min(
      lots,
      position(number).pointee.side(side).closable(
        offset, separatesToday: instrument.pointee.separatesToday))
  }

  /// Makes lots of a trade an order of an operation account that has filled already, and books it
  /// there; the caller asked `assignable`. The order has a client's id that begins with '#', and
  /// is no order that the account has sent: no tally of orders counts it.
  public mutating func assign(
    _ assignment: Assignment, _ instrument: UnsafePointer<InstrumentRecord>, at time: Timestamp,
    day: TradingDay, shard: UInt8, seed: UInt64
  ) -> (order: UInt32, booking: FillBooking) {
    guard let trade = unmapped.trade(assignment.trade) else {
      preconditionFailure("a trade is assigned while it waits")
    }
    let made = trade.pointee
    let account = accounts.at(assignment.account.raw)
    let (newest, newestAt, ordersToday) = (
      account.pointee.newestOrder, account.pointee.newestOrderAt, account.pointee.ordersToday
    )
    let number = addOrder(
      OrderTerms(
        session: .none, account: assignment.account, instrument: made.instrument,
        clOrdID: ClOrdID(mapped: orderCount + 1), side: made.side, offset: assignment.offset,
        hedge: made.hedge, type: .limit, timeInForce: .day, price: made.price,
        lots: assignment.lots, minimumLots: 0),
      state: .filled, refusal: .none, at: time, day: day, shard: shard, seed: seed)
    account.pointee.newestOrder = newest
    account.pointee.newestOrderAt = newestAt
    account.pointee.ordersToday = ordersToday
    let position = ensurePosition(
      holder(of: assignment.account), made.instrument, instrument.pointee.commodity, made.hedge,
      yesterdayMark: instrument.pointee.preSettlement)
    guard let position else { preconditionFailure("room for a position was checked") }
    let order = mutableOrder(number)
    order.pointee.previousOfAccount = 0
    order.pointee.position = position
    order.pointee.holdPrice = made.price
    order.pointee.filled = assignment.lots
    order.pointee.filledBasis = made.price.units &* Int64(assignment.lots)
    order.pointee.isConfirmed = true
    let booking: FillBooking
    if made.day != day.yyyymmdd, assignment.offset == .open {
      booking = bookEarlier(position, instrument, made, lots: assignment.lots)
    } else {
      booking = book(
        position, instrument, side: made.side, offset: assignment.offset, price: made.price,
        lots: assignment.lots, day: day.yyyymmdd)
    }
    let taken = assignment.lots - booking.excess
    unmapped.take(taken, of: assignment.trade)
    addUnmapped(
      fundAccounts.at(made.fundAccount.raw).pointee.product, made.instrument, side: made.side,
      price: made.price, lots: -taken)
    return (number, booking)
  }

  /// Lots that were opened on an earlier day are yesterday's by now, as the fund account's are:
  /// what they earned until the prior settlement is profit of today.
  private mutating func bookEarlier(
    _ number: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, _ trade: UnmappedTrade,
    lots count: Lots
  ) -> FillBooking {
    let position = mutablePosition(number)
    let positionSide = PositionSide(side: trade.side, offset: .open)
    let cost = costPointer(position, positionSide)
    let side = sidePointer(position, positionSide)
    if side.pointee.yesterday == 0 { cost.pointee.yesterdayMark = instrument.pointee.preSettlement }
    guard !cost.pointee.yesterdayMark.isNone else {
      return book(
        number, instrument, side: trade.side, offset: .open, price: trade.price, lots: count,
        day: trade.day)
    }
    let holder = holders.at(position.pointee.holder.raw)
    let multiplier = instrument.pointee.multiplier
    addYesterday(side, cost, price: trade.price, lots: count, day: trade.day)
    let rates = rates.find(
      holder.pointee.rateSubject, position.pointee.instrument, instrument.pointee.commodity)
    let fee =
      rates.flatMap {
        $0.pointee.fee(
          $0.pointee.feeOpen, basis: trade.price.units * Int64(count), multiplier: multiplier,
          lots: Int64(count))
      } ?? .zero
    bookPremium(
      UnsafePointer(position), holder, trade.side, price: trade.price, lots: count, multiplier)
    let above = cost.pointee.yesterdayMark.units - trade.price.units
    let gain =
      position.pointee.isOption ? 0 : above * positionSide.sign * Int64(count) * multiplier
    holder.pointee.closeProfit += Money(units: gain)
    holder.pointee.fees += fee
    if holder.pointee.isInSchemes {
      countScheme(
        fill: number, instrument, positionSide, lots: count, traded: 0,
        result: Money(units: gain) - fee)
    }
    holder.pointee.heldLots += count
    holder.pointee.rangeLots += count
    withFigures(mutableFigures(position.pointee.figures), position.pointee.hedge) { flags in
      if positionSide == .long {
        flags.pointee.heldLong += count
      } else {
        flags.pointee.heldShort += count
      }
    }
    disturb(position.pointee.holder)
    remargin(number, instrument)
    mark(number, at: instrument.pointee.mark, multiplier: multiplier)
    return FillBooking(fee: fee, closeProfit: Money(units: gain), excess: 0)
  }
}

extension ClOrdID {
  /// What a client's own id can't begin with: '#' marks an order that was mapped from a counter.
  @inlinable public var isMapped: Bool { bytes[0] == UInt8(ascii: "#") }

  /// The id of a mapped order: '#' and its sequence of the day.
  init(mapped sequence: Int) {
    self.init()
    bytes[0] = UInt8(ascii: "#")
    var digits = 1
    var rest = sequence
    while rest > 9 {
      rest /= 10
      digits += 1
    }
    rest = sequence
    for place in stride(from: digits, through: 1, by: -1) {
      bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }
}
