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

  /// How many lots of an opening child the account may take, at most `wanted`. `frozenFees` are
  /// what closing children of the same order freeze there.
  static func opening(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, wanted: Lots,
    frozenFees: Money = .zero, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Room {
    var room = Room(lots: wanted, refusal: .none)
    let order = request.order
    let holder = candidate.pointee.holder
    let terms = Terms(id: candidate.pointee.fundAccount, wanted: wanted)
    limitByPermission(&room, terms, order, candidate)
    guard let rates = candidate.pointee.rates else {
      room.limit(to: 0, terms.refusal(.ratesMissing))
      return room
    }
    limitByRows(&room, request, candidate, ledger, instrument, rates)
    let reserve = candidate.pointee.fund.pointee.minimumReserve.units
    let funds = holder.pointee.available.units - reserve - frozenFees.units
    candidate.pointee.funds = funds
    guard room.lots > 0 else { return room }
    // The usual case first: all of it is affordable, and its hold is what a child would take.
    if let all = request.childHold(.open, room.lots, rates, instrument) {
      candidate.pointee.holdLots = room.lots
      candidate.pointee.hold = all
      if all.margin.units + all.fee.units <= funds { return room }
    }
    guard
      let affordable = lots(
        within: funds, most: room.lots, request, instrument, rates,
        { $0.margin.units + $0.fee.units })
    else {
      room.limit(to: 0, terms.refusal(.amountOverflow))
      return room
    }
    room.limit(
      to: Int64(affordable),
      terms.refusal(.fundMinReserve, holder.pointee.available.units, reserve, .money))
    return room
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
    _ candidate: UnsafeMutablePointer<Candidate>
  ) {
    let fund = candidate.pointee.fund
    let holder = candidate.pointee.holder
    if !fund.pointee.isReady { room.limit(to: 0, terms.refusal(.fundLinkDown)) }
    if !fund.pointee.openPermission || holder.pointee.barredByOverflow != 0 {
      room.limit(to: 0, terms.refusal(.fundOpenPermission))
    }
    if order.pointee.hedge == .hedge, !fund.pointee.hedgePermission {
      room.limit(
        to: 0,
        terms.refusal(.fundHedgePermission, Int64(order.pointee.hedge.rawValue), 0, .code))
    }
    if candidate.pointee.couldCross {
      room.limit(to: 0, terms.refusal(.selfTrade, order.pointee.price.units, 0, .price))
    }
    room.limit(
      to: Int64(Ranges.holderLotsMaximum) - Int64(holder.pointee.rangeLots),
      terms.refusal(
        .capacity, Int64(holder.pointee.rangeLots), Int64(Ranges.holderLotsMaximum), .lots))
  }

  /// The most lots, up to `most`, whose opening hold has a figure (its margin, or what it costs)
  /// of at most `limit`; nil when not even one lot's hold fits its range.
  private static func lots(
    within limit: Int64, most: Lots, _ request: RouteRequest,
    _ instrument: UnsafePointer<InstrumentRecord>, _ rates: UnsafePointer<RateSet>,
    _ figure: (Hold) -> Int64
  ) -> Lots? {
    func figureOf(_ lots: Lots) -> Int64? {
      request.childHold(.open, lots, rates, instrument).map(figure)
    }
    guard let one = figureOf(1) else { return nil }
    guard one <= limit else { return 0 }
    // These fit: rounding once costs no more than rounding each lot. More may: a fee of a
    // fraction of a fen a lot makes it a hundred times as many, so that is searched by halves.
    var fitting = one == 0 ? most : Lots(min(limit / one, Int64(most)))
    func fits(_ lots: Lots) -> Bool { figureOf(lots).map { $0 <= limit } ?? false }
    var beyond = most + 1
    guard fitting < most, fits(fitting + 1) else { return fitting }
    while beyond - fitting > 1 {
      let middle = fitting + (beyond - fitting) / 2
      if fits(middle) { fitting = middle } else { beyond = middle }
    }
    return fitting
  }

  private static func limitByRows(
    _ room: inout Room, _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>,
    _ rates: UnsafePointer<RateSet>
  ) {
    let order = request.order
    guard let figures = candidate.pointee.figures else { return }
    let id = candidate.pointee.fundAccount
    let isLong = order.pointee.side == .buy
    let head = candidate.pointee.head
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
        let before = room.lots
        if row.pointee.margin != .min, before > 0,
          let most = lots(
            within: row.pointee.margin, most: before, request, instrument, rates,
            { $0.margin.units })
        {
          room.limit(
            to: Int64(most), sizeRefusal(id, Int64(before), row.pointee.margin, .money))
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

  /// Lots that an offset can still close at the account, of the side that the order takes from.
  static func closable(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, offset: Offset,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Lots {
    guard let position = candidate.pointee.position else { return 0 }
    let side = PositionSide(side: request.order.pointee.side, offset: .close)
    return position.pointee.side(side).closable(
      offset, separatesToday: instrument.pointee.separatesToday)
  }

  /// How many lots of a closing child the account may take: what is held there, and its order
  /// size in lots (decisions 27: nothing else may hold up an exit).
  static func closing(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, offset: Offset,
    wanted: Lots, _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Room {
    var room = Room(lots: wanted, refusal: .none)
    let order = request.order
    let id = candidate.pointee.fundAccount
    if !candidate.pointee.fund.pointee.isReady {
      room.limit(
        to: 0,
        Refusal(.fundLinkDown, asked: Int64(wanted), scope: .fundAccount, scopeID: id.raw))
    }
    let closable = closable(candidate, request, offset: offset, instrument)
    room.limit(
      to: Int64(closable),
      Refusal(
        .fundPositionAvailable, observed: Int64(closable), limit: Int64(closable),
        asked: Int64(wanted), unit: .lots, scope: .fundAccount, scopeID: id.raw))
    guard let figures = candidate.pointee.figures else { return room }
    var rowNumber = figures.pointee.firstRow
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
