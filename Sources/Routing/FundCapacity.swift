import Domain
import Ledger
import MarketData

/// What a fund account may take of an order: its own limits, its funds less the reserve, the
/// positions there (routing.md, "What a fund account may take"; rules.md 7).
enum FundCapacity {
  /// What an order sends to the account before the child in question.
  struct Ahead {
    var children = 0
    var lots: Lots = 0
    /// What closing children of the order freeze there.
    var fees = Money.zero
  }

  /// How many lots of an opening child the account may take, at most `wanted`.
  static func opening(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, wanted: Lots,
    ahead: Ahead = Ahead(), _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> FundRoom {
    if request.isExempt { return exempt(candidate, request, wanted: wanted, ledger, instrument) }
    var room = FundRoom(lots: wanted)
    let holder = candidate.pointee.holder
    let id = candidate.pointee.fundAccount
    FundKillSwitch.limit(&room, candidate, ledger)
    limitByPermission(&room, request.order, candidate)
    FundOrderRate.limit(&room, candidate, .opening, request, ahead: ahead.children, ledger)
    FundMessageQuota.limit(&room, candidate, request, ahead: ahead.children, ledger)
    FundNotTradable.limit(&room, candidate, request, ledger)
    guard let rates = candidate.pointee.rates else {
      room.limit(to: 0, id.refusal(.ratesMissing))
      room.unfunded = room.lots
      return room
    }
    limitByRows(&room, request, candidate, ledger, instrument, rates)
    if let quota = ledger.quota(id, candidate.pointee.fund, instrument.pointee.exchange) {
      let activity = ledger.activity(ofHead: candidate.pointee.head)
      FundCancelQuota.limit(&room, candidate, quota, activity, ahead: ahead.children)
      FundVolumeQuota.limit(&room, candidate, quota, activity, ahead: ahead.lots)
    }
    FundBudgets.limit(&room, candidate, request, ledger, instrument)
    room.unfunded = room.lots
    let reserve = candidate.pointee.fund.pointee.minimumReserve.units
    let funds = holder.pointee.available.units - reserve - ahead.fees.units
    candidate.pointee.funds = funds
    guard room.lots > 0 else { return room }
    // The usual case first: all of it is affordable, and its hold is what a child would take.
    let all = request.childHold(.open, room.lots, rates, instrument)
    if let all {
      candidate.pointee.holdLots = room.lots
      candidate.pointee.hold = all
      if all.cash.units <= funds { return room }
    }
    guard
      let affordable = lots(
        within: funds, most: room.lots, request, instrument, rates,
        { $0.cash.units })
    else {
      room.limit(to: 0, id.refusal(holdFault(request, rates)))
      room.unfunded = room.lots
      return room
    }
    room.limit(
      to: Int64(affordable),
      id.refusal(
        .fundMinReserve, holder.pointee.available.units, reserve,
        asked: all.map { $0.cash.units } ?? .min, .money))
    return room
  }

  /// The same of a forced order that no fund account takes within its limits: the link, the kill
  /// switch, the largest order and what the books can hold are left. For lack of funds the counter
  /// may refuse it; to leave it unsent would be to refuse it ourselves (decisions 27).
  private static func exempt(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, wanted: Lots,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> FundRoom {
    var room = FundRoom(lots: wanted)
    let id = candidate.pointee.fundAccount
    FundKillSwitch.limit(&room, candidate, ledger)
    if !candidate.pointee.fund.pointee.isReady { room.limit(to: 0, id.refusal(.fundLinkDown)) }
    limitByRange(&room, candidate)
    limitBySize(&room, candidate, request, ledger, least: Int64(request.unit))
    guard let rates = candidate.pointee.rates else {
      room.limit(to: 0, id.refusal(.ratesMissing))
      return room
    }
    if room.lots > 0, request.childHold(.open, room.lots, rates, instrument) == nil {
      room.limit(to: 0, id.refusal(holdFault(request, rates)))
    }
    candidate.pointee.crosses = candidate.pointee.couldCross
    return room
  }

  /// Why an opening child has no hold: the margin of a short option is not known, or the hold is
  /// out of range.
  private static func holdFault(
    _ request: RouteRequest, _ rates: UnsafePointer<RateSet>
  ) -> RuleID {
    let side = PositionSide(side: request.order.pointee.side, offset: .open)
    return rates.pointee.knowsMargin(side) ? .amountOverflow : .ratesMissing
  }

  private static func limitByRange(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>
  ) {
    let held = Int64(candidate.pointee.holder.pointee.rangeLots)
    let wanted = Int64(room.lots)
    room.limit(
      to: Int64(Ranges.holderLotsMaximum) - held,
      candidate.pointee.fundAccount.refusal(
        .capacity, held, Int64(Ranges.holderLotsMaximum), asked: wanted, .lots))
  }

  /// The largest order in lots; a limit below `least` does not bind.
  private static func limitBySize(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ ledger: borrowing Ledger, least: Int64 = 0
  ) {
    guard let figures = candidate.pointee.figures else { return }
    let order = request.order
    var rowNumber = figures.pointee.firstRow
    while rowNumber != 0 {
      let row = ledger.limitRow(rowNumber)
      rowNumber = row.pointee.next
      guard row.pointee.kind == .orderSize, row.pointee.lots != .min, row.pointee.lots >= least,
        row.pointee.concerns(order.pointee.instrument, order.pointee.hedge)
      else { continue }
      let wanted = Int64(room.lots)
      room.limit(
        to: row.pointee.lots,
        candidate.pointee.fundAccount.refusal(
          .fundOrderSize, 0, row.pointee.lots, asked: wanted, .lots))
    }
  }

  /// The link, the permissions, the legal owner's other orders and the proven range of lots.
  private static func limitByPermission(
    _ room: inout FundRoom, _ order: UnsafePointer<OrderTerms>,
    _ candidate: UnsafeMutablePointer<Candidate>
  ) {
    let fund = candidate.pointee.fund
    let holder = candidate.pointee.holder
    let id = candidate.pointee.fundAccount
    if !fund.pointee.isReady { room.limit(to: 0, id.refusal(.fundLinkDown)) }
    if !fund.pointee.openPermission || holder.pointee.barredByOverflow != 0 {
      room.limit(to: 0, id.refusal(.fundOpenPermission))
    }
    if order.pointee.hedge == .hedge, !fund.pointee.hedgePermission {
      room.limit(
        to: 0,
        id.refusal(.fundHedgePermission, Int64(order.pointee.hedge.rawValue), 0, .code))
    }
    if candidate.pointee.couldCross {
      room.limit(to: 0, id.refusal(.selfTrade, order.pointee.price.units, 0, .price))
    }
    limitByRange(&room, candidate)
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
    _ room: inout FundRoom, _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
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
      let wanted = room.lots
      switch row.pointee.kind {
      case .orderSize:
        if row.pointee.lots != .min {
          room.limit(
            to: row.pointee.lots,
            id.refusal(.fundOrderSize, 0, row.pointee.lots, asked: Int64(wanted), .lots))
        }
        let before = room.lots
        if row.pointee.margin != .min, before > 0,
          let most = lots(
            within: row.pointee.margin, most: before, request, instrument, rates,
            { $0.margin.units })
        {
          room.limit(
            to: Int64(most),
            id.refusal(
              .fundOrderSize, 0, row.pointee.margin,
              asked: request.childHold(.open, before, rates, instrument)?.margin.units ?? .min,
              .money))
        }
      case .fundPosition:
        let isWhole = row.pointee.instrument.isNone
        let lots =
          isWhole
          ? ledger.sideLots(of: figures, hedge: row.pointee.hedge)
          : ledger.sideLots(ofHead: head, hedge: row.pointee.hedge)
        let side = isLong ? lots.long : lots.short
        let cap = isLong ? row.pointee.long : row.pointee.short
        if cap != .min {
          room.limit(
            to: cap - side,
            id.refusal(.fundPositionLimit, side, cap, asked: Int64(wanted), .lots))
        }
        if row.pointee.lots != .min {
          let total = lots.long + lots.short
          room.limit(
            to: row.pointee.lots - total,
            id.refusal(
              .fundPositionLimit, total, row.pointee.lots, asked: Int64(wanted), .lots))
        }
      case .fundOpenVolume: FundOpenVolume.limit(&room, row, candidate, figures, ledger)
      case .position, .tradable, .tradableAtNight, .fundPriority, .unknown: continue
      }
    }
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

  /// How many lots of a closing child the account may take: what is held there, its order size in
  /// lots, and no bar of its order rate (decisions 27: nothing else may hold up an exit).
  ///
  /// - Parameter ahead: children of the same order that the account gets before this one.
  static func closing(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest, offset: Offset,
    wanted: Lots, ahead: Int = 0, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> FundRoom {
    var room = FundRoom(lots: wanted)
    let id = candidate.pointee.fundAccount
    FundKillSwitch.limit(&room, candidate, ledger)
    if !candidate.pointee.fund.pointee.isReady { room.limit(to: 0, id.refusal(.fundLinkDown)) }
    FundOrderRate.limit(&room, candidate, .closing, request, ahead: ahead, ledger)
    FundMessageQuota.limit(&room, candidate, request, ahead: ahead, ledger)
    let closable = closable(candidate, request, offset: offset, instrument)
    room.limit(
      to: Int64(closable),
      id.refusal(
        .fundPositionAvailable, Int64(closable), Int64(closable), asked: Int64(wanted), .lots))
    // What allows no order at all would leave a forced one stuck: it does not bind.
    limitBySize(
      &room, candidate, request, ledger, least: request.isForced ? Int64(request.unit) : 0)
    return room
  }
}
