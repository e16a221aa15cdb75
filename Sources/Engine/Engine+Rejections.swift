import Domain
import Ledger
import MarketData
import Messages
import Routing
import Storage

// A counter refused a child: the next fund account is tried when the product says so, without
// those that refused; else that part ends (decisions 28).
extension Engine {
  /// What a refused child leaves to be placed or ended.
  struct RejectedPart {
    var parent: UInt32
    var lots: Lots
    var wasDoubtful: Bool
    var refusal: Refusal
  }

  mutating func childRejected(
    _ number: UInt32, _ report: ChildReport, _ effects: inout EffectBuffer
  ) {
    let part = finishRejected(number, report)
    var placed: Lots = 0
    let order = ledger.order(part.parent)
    // Between the slices of the day switch no order leaves any more: its parent is about to expire.
    if isReady, !order.pointee.product.isNone, !order.pointee.cancelRequested,
      ledger.controls.killing(order.pointee.account, order.pointee.product) == nil,
      ledger.product(order.pointee.product).pointee.retriesRejectedChild
    {
      placed = replan(part.parent, lots: part.lots, &effects)
    }
    end(part, placed: placed, &effects)
  }

  mutating func finishRejected(_ number: UInt32, _ report: ChildReport) -> RejectedPart {
    let child = ledger.child(number)
    let parent = child.pointee.parent
    let wasDoubtful = child.pointee.isDoubtful
    let lots = ledger.finish(
      child: number, market.instrument(child.pointee.instrument), as: .rejected)
    return RejectedPart(
      parent: parent, lots: lots, wasDoubtful: wasDoubtful,
      refusal: Refusal(
        .counterRefused, observed: Int64(report.rejectCode), asked: Int64(lots), unit: .code,
        scope: .fundAccount, scopeID: report.fundAccount.raw))
  }

  /// Ends what was not placed elsewhere.
  mutating func end(
    _ part: RejectedPart, placed: Lots, _ effects: inout EffectBuffer
  ) {
    let left = part.lots - placed
    guard left > 0 else {
      // All of it is placed elsewhere; who was told that it is unknown hears that it is not.
      if part.wasDoubtful { send(.resolved, of: part.parent, &effects) }
      return
    }
    let instrument = market.instrument(ledger.order(part.parent).pointee.instrument)
    ledger.end(order: part.parent, instrument, lots: left, refusal: part.refusal)
    foldState(of: part.parent, nil, &effects)
    liquidationMoved(byEndOf: part.parent, isExpected: false, &effects)
  }

  /// Places lots that a counter refused at other fund accounts; returns how many.
  private mutating func replan(
    _ parent: UInt32, lots: Lots, _ effects: inout EffectBuffer
  ) -> Lots {
    var request = retryRequest(of: parent, lots: lots)
    let product = request.product
    var childNumber = ledger.order(parent).pointee.firstChild
    while childNumber != 0 {
      let child = ledger.child(childNumber)
      if child.pointee.state == .rejected {
        for index in 0..<Int(ledger.product(product).pointee.fundAccountCount)
        where ledger.product(product).pointee.fundAccounts[index] == child.pointee.fundAccount {
          request.excluded |= 1 << UInt32(index)
        }
      }
      childNumber = child.pointee.nextSibling
    }
    Planner.plan(request, into: &plan, seed: seed, ledger, market)
    guard plan.childCount > 0, hasRoom(for: request.order, children: plan.childCount) else {
      return 0
    }
    let placed = plan.placed
    sendPlan(of: parent, &effects)
    return placed
  }

  /// Counts a child that was sent toward its fund account's order rate.
  mutating func countForOrderRate(_ id: FundAccountID, _ effects: inout EffectBuffer) {
    guard ledger.countForOrderRate(id, at: now) else { return }
    let fund = ledger.fundAccount(id)
    notice(
      .fundOrderRateBar, &effects, rule: .fundOrderRate, scope: .fundAccount, scopeID: id.raw,
      observed: Int64(fund.pointee.orderRateCount), limit: fund.pointee.rateMilliseconds)
  }

  /// Lots of an order that are to be placed once more.
  func retryRequest(of parent: UInt32, lots: Lots) -> RouteRequest {
    let order = ledger.order(parent)
    let terms = scratch.base
    terms.pointee.session = order.pointee.session
    terms.pointee.account = order.pointee.account
    terms.pointee.instrument = order.pointee.instrument
    terms.pointee.clOrdID = order.pointee.clOrdID
    terms.pointee.side = order.pointee.side
    terms.pointee.offset = order.pointee.offset
    terms.pointee.hedge = order.pointee.hedge
    terms.pointee.type = order.pointee.type
    terms.pointee.timeInForce = order.pointee.timeInForce
    terms.pointee.price = order.pointee.price
    terms.pointee.lots = lots
    terms.pointee.minimumLots = order.pointee.minimumLots
    var request = RouteRequest(
      order: UnsafePointer(terms), product: order.pointee.product,
      holdPrice: order.pointee.holdPrice, lots: lots, orderSequence: order.pointee.id.sequence,
      excluded: 0, now: now)
    request.isForced = order.pointee.clOrdID.isForced
    request.isExempt = request.isForced
    return request
  }
}
