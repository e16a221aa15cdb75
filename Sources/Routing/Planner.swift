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
    let order = request.order
    let instrument = market.instrument(order.pointee.instrument)
    let product = ledger.product(request.product)
    let mode = ledger.routingMode(request.product, instrument.pointee.commodity)
    let unit =
      market.isInDeliveryMonth(instrument) ? max(instrument.pointee.deliveryMultiple, 1) : 1
    var draw = Draw(seed: seed, orderSequence: request.orderSequence)
    gather(request, &plan, mode, ledger, instrument, product, unit)
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
          candidates, count: count, lots: request.lots, unit: unit, draw: &draw)
      case .priority, .netPosition, .unknown:
        left = PriorityAllocation.allocate(
          candidates, count: count, lots: request.lots, unit: unit, draw: &draw)
      }
    }
    if left > 0, order.pointee.offset.isClosing, mode != .netPosition {
      left = crossing(
        candidates, count: count, left: left, unit: unit, isWhole: mustBeWhole(order))
    }
    settle(request, &plan, mode, left: left, ledger, instrument)
  }

  /// Looks at every fund account of the product once.
  private static func gather(
    _ request: RouteRequest, _ plan: inout RoutePlan, _ mode: RoutingMode,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>,
    _ product: UnsafePointer<ProductRecord>, _ unit: Lots
  ) {
    let order = request.order
    let count = Int(product.pointee.fundAccountCount)
    for index in 0..<count {
      let id = product.pointee.fundAccounts[index]
      let candidate = plan.candidates.at(index)
      let holderID = ledger.holder(of: id)
      let fund = ledger.fundAccount(id)
      candidate.pointee.fundAccount = id
      candidate.pointee.priority = fund.pointee.priority
      candidate.pointee.equity = ledger.holder(holderID).pointee.equity.units
      candidate.pointee.given = 0
      candidate.pointee.givenClosing = 0
      candidate.pointee.remainder = 0
      candidate.pointee.costPerLot = 0
      candidate.pointee.holdLots = 0
      candidate.pointee.funds = ledger.holder(holderID).pointee.available.units
      candidate.pointee.wantsMore = true
      candidate.pointee.isExcluded = request.excluded >> UInt32(index) & 1 == 1
      candidate.pointee.crosses = false
      candidate.pointee.closable = 0
      candidate.pointee.closableToday = 0
      let first = ledger.firstPosition(holderID, order.pointee.instrument)
      candidate.pointee.held = ledger.heldLots(ofHead: first == 0 ? nil : ledger.position(first))
      measure(request, candidate, mode, ledger, instrument, unit)
    }
    plan.candidateCount = count
  }

  private static func measure(
    _ request: RouteRequest, _ candidate: UnsafeMutablePointer<Candidate>,
    _ mode: RoutingMode, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>, _ unit: Lots
  ) {
    let order = request.order
    let id = candidate.pointee.fundAccount
    var room: FundCapacity.Room
    if mode == .netPosition {
      let separates = instrument.pointee.separatesToday
      // Each part becomes a child of its own, and in the delivery month each is a multiple.
      let old =
        FundCapacity.closing(
          id, request, offset: separates ? .closeYesterday : .close, wanted: request.lots, ledger,
          instrument
        ).lots / unit * unit
      let today =
        separates
        ? FundCapacity.closing(
          id, request, offset: .closeToday, wanted: request.lots - old, ledger, instrument
        ).lots / unit * unit : 0
      candidate.pointee.closable = old
      candidate.pointee.closableToday = today
      // What closes comes first and freezes its fee: the reserve is what is left beside it.
      let fees =
        FundCapacity.closingFee(
          id, request, offset: separates ? .closeYesterday : .close, lots: old, ledger, instrument)
        + FundCapacity.closingFee(
          id, request, offset: .closeToday, lots: today, ledger, instrument)
      room = FundCapacity.opening(
        id, request, wanted: request.lots, closingFees: fees, candidate, ledger, instrument)
      room.lots = min(room.lots + old + today, request.lots)
      if mustBeWhole(order) { room = oneChild(room, request, id, old: old, today: today) }
    } else if order.pointee.offset.isClosing {
      room = FundCapacity.closing(
        id, request, offset: order.pointee.offset, wanted: request.lots, ledger, instrument)
      candidate.pointee.closable = room.lots
    } else {
      room = FundCapacity.opening(
        id, request, wanted: request.lots, candidate, ledger, instrument)
    }
    candidate.pointee.capacity = room.lots / unit * unit
    candidate.pointee.refusal = room.refusal
    if candidate.pointee.closable > 0 || candidate.pointee.closableToday > 0 {
      // A closing child that could cross its own owner is placed last and sent with a notice
      // (decisions 27); in net mode there is no other place for it.
      let owner = ledger.fundAccount(id).pointee.owners[instrument.pointee.exchange.index]
      candidate.pointee.crosses = ledger.couldCross(
        owner: owner, order.pointee.instrument, side: order.pointee.side,
        price: order.pointee.price, isMarket: order.pointee.type == .market)
      if candidate.pointee.crosses, mode != .netPosition { candidate.pointee.capacity = 0 }
    }
  }

  /// Whether an order must fill at once as a whole, or its minimum.
  private static func mustBeWhole(_ order: UnsafePointer<OrderTerms>) -> Bool {
    order.pointee.timeInForce == .fillOrKill || order.pointee.minimumLots > 0
  }

  /// Net mode closes first and opens the rest: what must fill as a whole has to fit the first of
  /// these alone, for two counter orders can't promise it together.
  private static func oneChild(
    _ room: FundCapacity.Room, _ request: RouteRequest, _ id: FundAccountID, old: Lots,
    today: Lots
  ) -> FundCapacity.Room {
    let closing = old > 0 ? old : today
    guard closing > 0, closing < request.lots else { return room }
    return FundCapacity.Room(
      lots: 0,
      refusal: Refusal(
        .partialPlacement, observed: Int64(closing), limit: Int64(request.lots),
        asked: Int64(request.lots), unit: .lots, scope: .fundAccount, scopeID: id.raw))
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

  /// An exit no other account could take goes where it may cross its own owner: to one account
  /// alone when it must fill as a whole.
  private static func crossing(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, left: Lots, unit: Lots,
    isWhole: Bool
  ) -> Lots {
    var left = left
    for index in 0..<count
    where candidates[index].crosses && !candidates[index].isExcluded && left >= unit {
      let taken = min(left, candidates[index].closable) / unit * unit
      guard taken == left || !isWhole else { continue }
      candidates[index].given += taken
      left -= taken
    }
    return left
  }

  /// Turns what was given into children, or into the reason why not.
  private static func settle(
    _ request: RouteRequest, _ plan: inout RoutePlan, _ mode: RoutingMode, left: Lots,
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
      if mode == .netPosition {
        addNet(candidate, request, &plan, ledger, instrument)
      } else {
        add(
          candidate, order.pointee.offset, candidate.pointee.given, request, &plan, ledger,
          instrument)
      }
    }
  }

  /// Net mode: what opposes the fund account's position closes it first, the rest opens.
  private static func addNet(
    _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ plan: inout RoutePlan, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    var left = candidate.pointee.given
    let separates = instrument.pointee.separatesToday
    let old = min(left, candidate.pointee.closable)
    if old > 0 {
      add(candidate, separates ? .closeYesterday : .close, old, request, &plan, ledger, instrument)
      left -= old
    }
    let today = min(left, candidate.pointee.closableToday)
    if today > 0 {
      add(candidate, .closeToday, today, request, &plan, ledger, instrument)
      left -= today
    }
    if left > 0 { add(candidate, .open, left, request, &plan, ledger, instrument) }
  }

  private static func add(
    _ candidate: UnsafeMutablePointer<Candidate>, _ offset: Offset, _ lots: Lots,
    _ request: RouteRequest, _ plan: inout RoutePlan, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let id = candidate.pointee.fundAccount
    if offset == .open, candidate.pointee.holdLots == lots {
      plan.add(id, offset, lots, candidate.pointee.hold, crosses: candidate.pointee.crosses)
      return
    }
    let rates = ledger.rates(
      ledger.holder(of: id), request.order.pointee.instrument, instrument.pointee.commodity)
    let hold = rates.flatMap {
      Ledger.hold(
        instrument, $0, side: request.order.pointee.side, offset: offset, lots: lots,
        price: request.holdPrice)
    }
    plan.add(id, offset, lots, hold ?? .zero, crosses: candidate.pointee.crosses)
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
