import Domain
import Ledger
import MarketData

/// What a fund account may take of an order: its own limits, its funds less the reserve, the
/// positions there (routing.md, "What a fund account may take"; rules.md 7).
enum FundCapacity {
  /// Lots a limit leaves, and the rule that binds them.
  struct Room {
    var lots: Lots
    var refusal: Refusal

    mutating func limit(to most: Int64, _ refusal: @autoclosure () -> Refusal) {
      guard most < Int64(lots) else { return }
      lots = Lots(max(most, 0))
      self.refusal = refusal()
    }
  }

  /// How many lots of an opening child the account may take, at most `wanted`, when its closing
  /// children of the same order freeze `closingFees` before it.
  static func opening(
    _ id: FundAccountID, _ request: RouteRequest, wanted: Lots, closingFees: Money = .zero,
    _ candidate: UnsafeMutablePointer<Candidate>, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Room {
    var room = Room(lots: wanted, refusal: .none)
    let order = request.order
    let holderID = ledger.holder(of: id)
    let holder = ledger.holder(holderID)
    let terms = Terms(id: id, wanted: wanted)
    limitByPermission(&room, terms, order, ledger, instrument)
    guard
      let rates = ledger.rates(
        holderID, order.pointee.instrument, instrument.pointee.commodity)
    else {
      room.limit(to: 0, terms.refusal(.ratesMissing))
      return room
    }
    limitByRows(&room, request, holderID, id, ledger, instrument, rates)
    let reserve = ledger.fundAccount(id).pointee.minimumReserve.units
    let funds = (holder.pointee.available - closingFees).units - reserve
    candidate.pointee.funds = funds
    guard room.lots > 0 else { return room }
    let side = order.pointee.side
    // The usual case first: all of it is affordable, and its hold is what a child would take.
    if let all = Ledger.hold(
      instrument, rates, side: side, offset: .open, lots: room.lots, price: request.holdPrice)
    {
      candidate.pointee.costPerLot = (all.margin.units + all.fee.units) / Int64(room.lots)
      candidate.pointee.holdLots = room.lots
      candidate.pointee.hold = all
      if all.margin.units + all.fee.units <= funds { return room }
    }
    guard
      let one = Ledger.hold(
        instrument, rates, side: side, offset: .open, lots: 1, price: request.holdPrice)
    else {
      room.limit(to: 0, terms.refusal(.amountOverflow))
      return room
    }
    candidate.pointee.costPerLot = one.margin.units + one.fee.units
    let affordable = lots(
      for: funds, perLot: candidate.pointee.costPerLot, most: room.lots, instrument, rates,
      side: side, price: request.holdPrice)
    room.limit(
      to: Int64(affordable),
      terms.refusal(.fundMinReserve, holder.pointee.available.units, reserve, .money))
    return room
  }

  /// The fee that a closing child of `lots` freezes at the account; zero where none is known.
  static func closingFee(
    _ id: FundAccountID, _ request: RouteRequest, offset: Offset, lots: Lots,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Money {
    guard lots > 0,
      let rates = ledger.rates(
        ledger.holder(of: id), request.order.pointee.instrument, instrument.pointee.commodity),
      let hold = Ledger.hold(
        instrument, rates, side: request.order.pointee.side, offset: offset, lots: lots,
        price: request.holdPrice)
    else { return .zero }
    return hold.fee
  }

  /// Who is asked for how much, for the words of a refusal.
  private struct Terms {
    var id: FundAccountID
    var wanted: Lots

    func refusal(
      _ rule: RuleID, _ observed: Int64 = 0, _ limit: Int64 = 0, _ unit: Unit = .none
    ) -> Refusal {
      Refusal(
        rule, observed: observed, limit: limit, asked: Int64(wanted), unit: unit,
        scope: .fundAccount, scopeID: id.raw)
    }
  }

  /// The link, the permissions, the legal owner's other orders and the proven range of lots.
  private static func limitByPermission(
    _ room: inout Room, _ terms: Terms, _ order: UnsafePointer<OrderTerms>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let fund = ledger.fundAccount(terms.id)
    let holder = ledger.holder(ledger.holder(of: terms.id))
    if !fund.pointee.isReady { room.limit(to: 0, terms.refusal(.fundLinkDown)) }
    if !fund.pointee.openPermission || holder.pointee.barredByOverflow != 0 {
      room.limit(to: 0, terms.refusal(.fundOpenPermission))
    }
    if order.pointee.hedge == .hedge, !fund.pointee.hedgePermission {
      room.limit(
        to: 0,
        terms.refusal(.fundHedgePermission, Int64(order.pointee.hedge.rawValue), 0, .code))
    }
    let owner = fund.pointee.owners[instrument.pointee.exchange.index]
    if ledger.couldCross(
      owner: owner, order.pointee.instrument, side: order.pointee.side,
      price: order.pointee.price, isMarket: order.pointee.type == .market)
    {
      room.limit(to: 0, terms.refusal(.selfTrade, order.pointee.price.units, 0, .price))
    }
    room.limit(
      to: Int64(Ranges.holderLotsMaximum) - Int64(holder.pointee.rangeLots),
      terms.refusal(
        .capacity, Int64(holder.pointee.rangeLots), Int64(Ranges.holderLotsMaximum), .lots))
  }

  /// The most lots, up to `most`, whose hold fits the funds. Holds round up, so the quotient by
  /// one lot's cost is near, and never too much.
  private static func lots(
    for funds: Int64, perLot: Int64, most: Lots, _ instrument: UnsafePointer<InstrumentRecord>,
    _ rates: UnsafePointer<RateSet>, side: Side, price: Price
  ) -> Lots {
    func fits(_ lots: Lots) -> Bool {
      guard
        let hold = Ledger.hold(
          instrument, rates, side: side, offset: .open, lots: lots, price: price)
      else { return false }
      return hold.margin.units + hold.fee.units <= funds
    }
    guard funds > 0, perLot > 0 else { return 0 }
    // These fit: rounding once costs no more than rounding each lot. More may: a fee of a
    // fraction of a fen a lot makes it a hundred times as many, so that is searched by halves.
    var fitting = Lots(min(funds / perLot, Int64(most)))
    var beyond = most + 1
    guard fitting < most, fits(fitting + 1) else { return fitting }
    while beyond - fitting > 1 {
      let middle = fitting + (beyond - fitting) / 2
      if fits(middle) { fitting = middle } else { beyond = middle }
    }
    return fitting
  }

  private static func limitByRows(
    _ room: inout Room, _ request: RouteRequest, _ holder: HolderID,
    _ id: FundAccountID, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>, _ rates: UnsafePointer<RateSet>
  ) {
    let order = request.order
    let number = ledger.figuresNumber(holder, instrument.pointee.commodity)
    guard number != 0 else { return }
    let figures = ledger.figures(number)
    let isLong = order.pointee.side == .buy
    let first = ledger.firstPosition(holder, order.pointee.instrument)
    let head = first == 0 ? nil : ledger.position(first)
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.concerns(order.pointee.instrument, order.pointee.hedge) else { continue }
      switch row.pointee.kind {
      case .orderSize:
        if row.pointee.lots != .min {
          room.limit(
            to: row.pointee.lots,
            sizeRefusal(id, Int64(request.lots), row.pointee.lots, .lots))
        }
        if row.pointee.margin != .min,
          let one = Ledger.hold(
            instrument, rates, side: order.pointee.side, offset: .open, lots: 1,
            price: request.holdPrice), one.margin.units > 0
        {
          room.limit(
            to: row.pointee.margin / one.margin.units,
            sizeRefusal(id, one.margin.units, row.pointee.margin, .money))
        }
      case .fundPosition:
        let isWhole = row.pointee.instrument.isNone
        let lots =
          isWhole
          ? ledger.sideLots(of: figures, hedge: row.pointee.hedge)
          : ledger.sideLots(ofHead: head, hedge: row.pointee.hedge)
        let side = isLong ? lots.long : lots.short
        let cap = isLong ? row.pointee.long : row.pointee.short
        if cap != .min { room.limit(to: cap - side, positionRefusal(id, side, cap)) }
        if row.pointee.lots != .min {
          let total = lots.long + lots.short
          room.limit(
            to: row.pointee.lots - total, positionRefusal(id, total, row.pointee.lots))
        }
      case .position, .tradable, .unknown: continue
      }
    }
  }

  private static func sizeRefusal(
    _ id: FundAccountID, _ observed: Int64, _ limit: Int64, _ unit: Unit
  ) -> Refusal {
    Refusal(
      .fundOrderSize, observed: observed, limit: limit, unit: unit, scope: .fundAccount,
      scopeID: id.raw)
  }

  private static func positionRefusal(_ id: FundAccountID, _ observed: Int64, _ limit: Int64)
    -> Refusal
  {
    Refusal(
      .fundPositionLimit, observed: observed, limit: limit, unit: .lots, scope: .fundAccount,
      scopeID: id.raw)
  }

  /// How many lots of a closing child the account may take: what is held there, and its order
  /// size in lots (decisions 27: nothing else may hold up an exit).
  static func closing(
    _ id: FundAccountID, _ request: RouteRequest, offset: Offset, wanted: Lots,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Room {
    var room = Room(lots: wanted, refusal: .none)
    let order = request.order
    let holder = ledger.holder(of: id)
    if !ledger.fundAccount(id).pointee.isReady {
      room.limit(
        to: 0,
        Refusal(.fundLinkDown, asked: Int64(wanted), scope: .fundAccount, scopeID: id.raw))
    }
    let number = ledger.position(holder, order.pointee.instrument, order.pointee.hedge)
    let side = PositionSide(side: order.pointee.side, offset: .close)
    let closable =
      number == 0
      ? 0
      : ledger.position(number).pointee.side(side).closable(
        offset, separatesToday: instrument.pointee.separatesToday)
    room.limit(
      to: Int64(closable),
      Refusal(
        .fundPositionAvailable, observed: Int64(closable), limit: Int64(closable),
        asked: Int64(wanted), unit: .lots, scope: .fundAccount, scopeID: id.raw))
    let figuresNumber = ledger.figuresNumber(holder, instrument.pointee.commodity)
    guard figuresNumber != 0 else { return room }
    var rowNumber = ledger.figures(figuresNumber).pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .orderSize, row.pointee.lots != .min,
        row.pointee.concerns(order.pointee.instrument, order.pointee.hedge)
      else { continue }
      room.limit(
        to: row.pointee.lots, sizeRefusal(id, Int64(wanted), row.pointee.lots, .lots))
    }
    return room
  }
}
