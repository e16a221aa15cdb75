import Domain
import Ledger
import MarketData
import RiskRules
import Storage

/// Splits an order over its product's fund accounts. Pure: reads the books, fills a plan.
public enum Planner {
  /// Fills `plan` with the children of an order; with none, `plan.refusal` says why.
  ///
  /// An order that must fill at once as a whole (fill-or-kill, or a minimum quantity) goes to one
  /// fund account alone: two counters can't promise each other anything.
  public static func plan(
    _ request: RouteRequest, into plan: inout RoutePlan, seed: UInt64,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) {
    plan.reset()
    var request = request
    let order = request.order
    let instrument = market.instrument(order.pointee.instrument)
    let product = ledger.product(request.product)
    let mode = ledger.routingMode(request.product, instrument.pointee.commodity)
    let unit =
      market.isInDeliveryMonth(instrument) ? max(instrument.pointee.deliveryMultiple, 1) : 1
    request.unit = unit
    if mode != .netPosition { request.isExempt = false }
    var draw = Draw(seed: seed, orderSequence: request.orderSequence)
    if ledger.sharedLists.facts(request.product).contains(.ofFundAccounts) {
      request.isNight = market.isNight(of: instrument, at: request.now)
    }
    let split = Split(
      mode: mode, lock: LockSplit(request, mode, product), unit: unit)
    gather(request, &plan, split, ledger, instrument, product)
    let candidates = plan.candidates.base
    let count = plan.candidateCount
    var left: Lots
    if mustBeWhole(order) {
      left = whole(candidates, count: count, lots: request.lots, draw: &draw)
    } else {
      switch mode {
      case .ratio where order.pointee.offset.isClosing:
        left = RatioAllocation.allocateClosing(
          candidates, count: count, lots: request.lots, unit: unit, draw: &draw)
      case .ratio:
        left = RatioAllocation.allocate(
          candidates, count: count, lots: request.lots, unit: unit, draw: &draw
        ) { candidate, lots in
          request.childHold(.open, lots, candidate.pointee.rates, instrument).map {
            $0.cash.units
          }
        }
      case .priority, .netPosition, .unknown:
        left = PriorityAllocation.allocate(
          candidates, count: count, lots: request.lots, unit: unit, draw: &draw)
      }
    }
    if left > 0, order.pointee.offset.isClosing, mode != .netPosition {
      left = crossing(
        candidates, count: count, left: left, unit: unit, isWhole: mustBeWhole(order))
    }
    settle(request, &plan, split, left: left, ledger, instrument)
  }

  /// How an order is split.
  private struct Split {
    var mode: RoutingMode
    /// Nil when a close closes.
    var lock: LockSplit?
    /// The delivery-month multiple, else 1.
    var unit: Lots
  }

  /// Looks at every fund account of the product once.
  private static func gather(
    _ request: RouteRequest, _ plan: inout RoutePlan, _ split: Split,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>,
    _ product: UnsafePointer<ProductRecord>
  ) {
    let count = Int(product.pointee.fundAccountCount)
    for index in 0..<count {
      let candidate = plan.candidates.at(index)
      find(product.pointee.fundAccounts[index], request, candidate, ledger, instrument)
      candidate.pointee.isExcluded = request.excluded >> UInt32(index) & 1 == 1
      measure(request, candidate, split, instrument, ledger)
    }
    plan.candidateCount = count
    if ledger.budgets.isOn {
      FundBudgets.share(plan, request, unit: split.unit, ledger, instrument)
    }
  }

  /// Begins a candidate: its lines of the books, and what they say before this order.
  private static func find(
    _ id: FundAccountID, _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let order = request.order
    let holderID = ledger.holder(of: id)
    let fund = ledger.fundAccount(id)
    let holder = ledger.holder(holderID)
    let head = ledger.head(holderID, order.pointee.instrument)
    let figures = ledger.figuresNumber(holderID, instrument.pointee.commodity)
    candidate.pointee.fundAccount = id
    candidate.pointee.fund = fund
    candidate.pointee.holder = holder
    candidate.pointee.head = head
    candidate.pointee.position = ledger.position(from: head, order.pointee.hedge)
    candidate.pointee.figures = figures == 0 ? nil : ledger.figures(figures)
    candidate.pointee.priority = FundPriority.number(
      fund, candidate.pointee.figures, order, ledger)
    candidate.pointee.rates = ledger.rates(
      of: holder.pointee.rateSubject, order.pointee.instrument, instrument.pointee.commodity)
    candidate.pointee.equity = holder.pointee.equity.units
    candidate.pointee.funds = holder.pointee.available.units
    candidate.pointee.fundsLeft = 0
    candidate.pointee.held = ledger.heldLots(ofHead: head)
    candidate.pointee.closable = 0
    candidate.pointee.closableToday = 0
    candidate.pointee.lockable = 0
    candidate.pointee.closableInAll = 0
    candidate.pointee.given = 0
    candidate.pointee.couldCross = ledger.couldCross(
      owner: fund.pointee.owners[instrument.pointee.exchange.index], order.pointee.instrument,
      side: order.pointee.side, price: order.pointee.price,
      isMarket: order.pointee.type == .market)
    candidate.pointee.crosses = false
    candidate.pointee.remainder = 0
    candidate.pointee.wantsMore = true
    candidate.pointee.holdLots = 0
  }

  private static func measure(
    _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>, _ split: Split,
    _ instrument: UnsafePointer<InstrumentRecord>, _ ledger: borrowing Ledger
  ) {
    let order = request.order
    let unit = split.unit
    let room: FundRoom
    if split.mode == .netPosition {
      room = measureNet(request, candidate, ledger, instrument, unit)
    } else if let lock = split.lock {
      room = lock.measure(request, candidate, ledger, instrument, unit)
    } else if order.pointee.offset.isClosing {
      room = FundCapacity.closing(
        candidate, request, offset: order.pointee.offset, wanted: request.lots, ledger,
        instrument)
      candidate.pointee.closable = room.lots
      candidate.pointee.closableInAll = FundCapacity.closable(
        candidate, request, offset: order.pointee.offset, instrument)
    } else {
      room = FundCapacity.opening(candidate, request, wanted: request.lots, ledger, instrument)
    }
    candidate.pointee.capacity = unit == 1 ? room.lots : room.lots / unit * unit
    candidate.pointee.refusal = room.refusal
    if candidate.pointee.couldCross,
      candidate.pointee.closable > 0 || candidate.pointee.closableToday > 0
    {
      // A closing child that could cross its own owner is placed last and sent with a notice
      // (decisions 27); in net mode there is no other place for it.
      candidate.pointee.crosses = true
      if split.mode != .netPosition { candidate.pointee.capacity = 0 }
    }
  }

  /// Net mode: what the account could close of the opposite side, and open beyond that. Each child
  /// keeps the delivery-month multiple by itself (rules.md 2): lots of a position that don't make
  /// one stay, and their opposite is opened.
  private static func measureNet(
    _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>, _ unit: Lots
  ) -> FundRoom {
    let separates = instrument.pointee.separatesToday
    let first: Offset = separates ? .closeYesterday : .close
    var barred = FundRoom(lots: 0)
    func closable(_ offset: Offset, wanted: Lots, ahead: Int) -> Lots {
      let room = FundCapacity.closing(
        candidate, request, offset: offset, wanted: wanted, ahead: ahead, ledger, instrument)
      if room.refusal.rule == .fundOrderRate || room.refusal.rule == .fundMessageQuota,
        FundCapacity.closable(candidate, request, offset: offset, instrument) > 0
      {
        barred.refusal = room.refusal
      }
      return room.lots / unit * unit
    }
    let old = closable(first, wanted: request.lots, ahead: 0)
    let today =
      separates
      ? closable(.closeToday, wanted: request.lots - old, ahead: old > 0 ? 1 : 0) : 0
    candidate.pointee.closable = old
    candidate.pointee.closableToday = today
    // What closing freezes is gone before the rest opens.
    let rates = candidate.pointee.rates
    let ahead = FundCapacity.Ahead(
      children: (old > 0 ? 1 : 0) + (today > 0 ? 1 : 0), lots: old + today,
      fees: (request.childHold(first, old, rates, instrument) ?? .zero).fee
        + (request.childHold(.closeToday, today, rates, instrument) ?? .zero).fee)
    // Lots that may not close are no reason to open against them.
    var room =
      barred.refusal.isNone
      ? FundCapacity.opening(
        candidate, request, wanted: request.lots - old - today, ahead: ahead, ledger, instrument)
      : barred
    room.lots = old + today + room.lots / unit * unit
    guard mustBeWhole(request.order) else { return room }
    return oneChild(room, request, candidate.pointee.fundAccount, old: old, today: today)
  }

  /// Whether an order must fill at once as a whole, or its minimum.
  static func mustBeWhole(_ order: UnsafePointer<OrderTerms>) -> Bool {
    order.pointee.timeInForce == .fillOrKill || order.pointee.minimumLots > 0
  }

  /// Net mode closes first and opens the rest: what must fill as a whole has to fit the first of
  /// these alone, for two counter orders can't promise it together.
  private static func oneChild(
    _ room: FundRoom, _ request: RouteRequest, _ id: FundAccountID, old: Lots, today: Lots
  ) -> FundRoom {
    let closing = old > 0 ? old : today
    guard closing > 0, closing < request.lots else { return room }
    return FundRoom(
      lots: 0,
      refusal: id.refusal(
        .partialPlacement, Int64(closing), Int64(request.lots), asked: Int64(request.lots), .lots))
  }

  /// All of it at one account: the first by priority that has room, ties by draw.
  private static func whole(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, draw: inout Draw
  ) -> Lots {
    guard
      let index = PriorityAllocation.next(candidates, count: count, unit: lots, draw: &draw)
    else { return lots }
    candidates[index].given = lots
    return 0
  }

  /// An exit no other account could take goes where it may cross its own owner; what must fill as
  /// a whole, to one account alone.
  private static func crossing(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, left: Lots, unit: Lots,
    isWhole: Bool
  ) -> Lots {
    var left = left
    for index in 0..<count
    where candidates[index].crosses && !candidates[index].isExcluded && left >= unit {
      let closable = candidates[index].closable + candidates[index].closableToday
      let taken = min(left, closable) / unit * unit
      guard taken == left || !isWhole else { continue }
      candidates[index].given += taken
      left -= taken
    }
    return left
  }

  /// Turns what was given into children, or into the reason why not.
  private static func settle(
    _ request: RouteRequest, _ plan: inout RoutePlan, _ split: Split, left: Lots,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let order = request.order
    if left > 0 {
      plan.refusal = reason(request, plan, left: left)
      let refusesPart = ledger.product(request.product).pointee.refusesPartialPlacement
      if left == request.lots { return }
      if refusesPart, !order.pointee.offset.isClosing {
        plan.refusal = Refusal(
          .partialPlacement, observed: Int64(request.lots - left), limit: Int64(request.lots),
          asked: Int64(request.lots), unit: .lots, scope: .product, scopeID: request.product.raw)
        return
      }
    }
    for index in 0..<plan.candidateCount {
      let candidate = plan.candidates.at(index)
      guard candidate.pointee.given > 0 else { continue }
      if split.mode == .netPosition {
        addNet(candidate, request, &plan, instrument)
      } else if split.lock != nil {
        LockSplit.add(candidate, request, &plan, instrument)
      } else {
        add(
          candidate, order.pointee.offset, candidate.pointee.given, request, &plan, instrument)
      }
    }
  }

  /// Net mode: what opposes the fund account's position closes it first, the rest opens.
  private static func addNet(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ plan: inout RoutePlan, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    var left = candidate.pointee.given
    let separates = instrument.pointee.separatesToday
    let old = min(left, candidate.pointee.closable)
    if old > 0 {
      add(candidate, separates ? .closeYesterday : .close, old, request, &plan, instrument)
      left -= old
    }
    let today = min(left, candidate.pointee.closableToday)
    if today > 0 {
      add(candidate, .closeToday, today, request, &plan, instrument)
      left -= today
    }
    if left > 0 { add(candidate, .open, left, request, &plan, instrument) }
  }

  static func add(
    _ candidate: UnsafeMutablePointer<Candidate>, _ offset: Offset, _ lots: Lots,
    _ request: RouteRequest, _ plan: inout RoutePlan,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let id = candidate.pointee.fundAccount
    if offset == .open, candidate.pointee.holdLots == lots {
      plan.add(id, offset, lots, candidate.pointee.hold, crosses: candidate.pointee.crosses)
      return
    }
    let hold = request.childHold(offset, lots, candidate.pointee.rates, instrument) ?? .zero
    plan.add(id, offset, lots, hold, crosses: candidate.pointee.crosses)
  }

  /// Why lots are left: the binding rule of the first account that was asked and fell short.
  private static func reason(
    _ request: RouteRequest, _ plan: borrowing RoutePlan, left: Lots
  ) -> Refusal {
    for index in 0..<plan.candidateCount {
      let candidate = plan.candidates.at(index)
      if !candidate.pointee.isExcluded, !candidate.pointee.refusal.isNone {
        return candidate.pointee.refusal
      }
    }
    return Refusal(
      .noFundAccount, observed: Int64(plan.candidateCount), limit: 0, asked: Int64(left),
      unit: .lots, scope: .product, scopeID: request.product.raw)
  }
}
