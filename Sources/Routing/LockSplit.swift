import Domain
import Ledger
import MarketData

/// A close under a product's lock mode: what of it closes at a fund account, and what is opened
/// opposite (routing.md, "Locks"; AMS manual 2.1).
///
/// The operation account's books see a close. A lock is an opening child like any other: all of the
/// fund account's limits bind it, and it locks no more than is held there. What may not be opened
/// for another reason than funds closes: a limit never holds up an exit (rules.md 0). For lack of
/// funds it closes only where the product says so.
struct LockSplit {
  let mode: LockMode
  let closesWithoutFunds: Bool

  /// Nil when the order closes as it says: the product has no lock mode, or it is not about this
  /// offset. Net mode chooses by itself what to close.
  init?(
    _ request: RouteRequest, _ routing: RoutingMode, _ product: UnsafePointer<ProductRecord>
  ) {
    let offset = request.order.pointee.offset
    guard offset.isClosing, routing != .netPosition else { return nil }
    mode = product.pointee.lockMode
    switch mode {
    case .off: return nil
    case .closeTodayAsOpening:
      guard offset == .closeToday else { return nil }
      closesWithoutFunds = product.pointee.lockFallback.contains(.withoutFunds)
    case .preferYesterday:
      closesWithoutFunds = product.pointee.lockFallback.contains(.todayWithoutLock)
    }
  }

  /// Lots that the side holds and no order closes yet: yesterday's, and today's.
  private struct Held {
    var yesterday: Lots = 0
    var today: Lots = 0
    var all: Lots { yesterday + today }
  }

  private func held(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Held {
    guard let position = candidate.pointee.position else { return Held() }
    let side = position.pointee.side(
      PositionSide(side: request.order.pointee.side, offset: .close))
    if instrument.pointee.separatesToday {
      return Held(
        yesterday: max(side.closable(.closeYesterday, separatesToday: true), 0),
        today: max(side.closable(.closeToday, separatesToday: true), 0))
    }
    // The oldest go first: what closes already takes yesterday's.
    let yesterday = max(side.yesterday - side.frozen, 0)
    return Held(yesterday: yesterday, today: max(side.held - side.frozen - yesterday, 0))
  }

  /// Lots of the order that the account may take; how they are made up stands in the candidate.
  func measure(
    _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>, _ unit: Lots
  ) -> FundRoom {
    let held = held(candidate, request, instrument)
    // Where today's and yesterday's are one, a close-today reaches both.
    let reached =
      mode == .closeTodayAsOpening && instrument.pointee.separatesToday ? held.today : held.all
    candidate.pointee.closableInAll = reached
    var room = FundRoom(lots: request.lots)
    room.limit(
      to: Int64(reached),
      candidate.pointee.fundAccount.refusal(
        .fundPositionAvailable, Int64(reached), Int64(reached), asked: Int64(request.lots), .lots))
    let wanted = room.lots / unit * unit
    var yesterday =
      mode == .preferYesterday
      ? closing(
        request, candidate, yesterday: true, wanted: min(wanted, held.yesterday), ahead: 0,
        ledger, instrument
      ).lots / unit * unit : 0
    // What must fill at once as a whole is one child: a lock where not all of it is yesterday's.
    let isWhole = Planner.mustBeWhole(request.order)
    if isWhole, yesterday < request.lots { yesterday = 0 }
    let lock = FundCapacity.opening(
      candidate, request, wanted: wanted - yesterday,
      ahead: FundCapacity.Ahead(
        children: yesterday > 0 ? 1 : 0, lots: yesterday,
        fees: (request.childHold(
          Self.offset(yesterday: true, instrument), yesterday, candidate.pointee.rates, instrument)
          ?? .zero).fee),
      ledger, instrument)
    var locked = lock.lots / unit * unit
    if isWhole, locked < wanted - yesterday { locked = 0 }
    // What other limits than the funds bar closes in any case.
    var left = wanted - yesterday - locked
    if !closesWithoutFunds { left -= max(lock.unfunded / unit * unit - locked, 0) }
    var today: Lots = 0
    if left > 0 {
      let ahead = (yesterday > 0 ? 1 : 0) + (locked > 0 ? 1 : 0)
      let reachesAll = isWhole && !instrument.pointee.separatesToday
      let reach =
        mode == .closeTodayAsOpening ? reached : reachesAll ? held.all : held.today
      let closed = closing(
        request, candidate, yesterday: false, wanted: min(left, reach), ahead: ahead, ledger,
        instrument)
      today = closed.lots / unit * unit
      if isWhole, today < wanted { today = 0 }
    }
    candidate.pointee.closable = yesterday
    candidate.pointee.lockable = locked
    candidate.pointee.closableToday = today
    room.limit(to: Int64(yesterday + locked + today), lock.refusal)
    return room
  }

  private static func offset(
    yesterday: Bool, _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Offset {
    guard instrument.pointee.separatesToday else { return .close }
    return yesterday ? .closeYesterday : .closeToday
  }

  private func closing(
    _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>, yesterday: Bool,
    wanted: Lots, ahead: Int, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> FundRoom {
    FundCapacity.closing(
      candidate, request, offset: Self.offset(yesterday: yesterday, instrument), wanted: wanted,
      ahead: ahead, ledger, instrument)
  }

  /// The children of what the account was given: yesterday's lots close, the lock opens, the rest
  /// closes.
  static func add(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ plan: inout RoutePlan, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    var left = candidate.pointee.given
    func take(_ most: Lots) -> Lots {
      let taken = min(left, most)
      left -= taken
      return taken
    }
    var yesterday = take(candidate.pointee.closable)
    let locked = take(candidate.pointee.lockable)
    var today = take(candidate.pointee.closableToday)
    if locked == 0, !instrument.pointee.separatesToday {
      // One child, where both close the same way.
      yesterday += today
      today = 0
    }
    if yesterday > 0 {
      Planner.add(
        candidate, offset(yesterday: true, instrument), yesterday, request, &plan, instrument)
    }
    if locked > 0 { Planner.add(candidate, .open, locked, request, &plan, instrument) }
    if today > 0 {
      Planner.add(
        candidate, offset(yesterday: false, instrument), today, request, &plan, instrument)
    }
  }
}
