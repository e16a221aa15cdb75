import Domain
import Ledger
import MarketData
import RiskRules
import Storage

/// What is left of an exchange's budgets for the real-control group of a fund account (rules.md 8).
///
/// Opening orders alone: what an exit opens at its counter (net mode, locks) passes, as all of a
/// liquidation does, and counts. An exchange's fine is cheaper than a stuck exit (decisions 27).
enum FundBudgets {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    if ledger.budgets.isOn { limitInForce(&room, candidate, request, ledger, instrument) }
  }

  @inline(never) private static func limitInForce(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    guard request.order.pointee.offset == .open else { return }
    let id = request.order.pointee.instrument
    let fund = candidate.pointee.fundAccount
    let limits = ledger.budgetLimits(id, instrument)
    guard limits.pointee.hasAny else { return }
    let used = BudgetUse(fund, id, limits, ledger, instrument)
    if !used.isCounted(limits, ledger) {
      room.limit(
        to: 0,
        fund.refusal(
          .capacity, Int64(ledger.budgets.recordCount),
          Int64(ledger.capacities.budgetRecords), asked: 1, .count))
    }
    SelfTradeBudget.limit(&room, fund, used, limits)
    CancelBudget.limit(&room, fund, used, limits)
    LimitPriceCancelBudget.limit(&room, fund, used, limits)
    LargeCancelBudget.limit(&room, fund, used, limits)
    OpenedLotsBudget.limit(&room, fund, used, limits)
  }

  /// Accounts of one group share what it may still open: the first by priority take it, among
  /// equals the first in the product's list.
  @inline(never) static func share(
    _ plan: borrowing RoutePlan, _ request: RouteRequest, unit: Lots, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let id = request.order.pointee.instrument
    let limits = ledger.budgetLimits(id, instrument)
    guard limits.pointee.hasOpened, request.order.pointee.offset == .open else { return }
    let candidates = plan.candidates.base
    let shares = plan.budgetShares.base
    let count = plan.candidateCount
    for index in 0..<count {
      let used = BudgetUse(candidates[index].fundAccount, id, limits, ledger, instrument)
      let (left, limit) = OpenedLotsBudget.left(used, limits)
      shares[index] = BudgetShare(
        key: used.key, isDone: false, left: left, limit: limit)
    }
    for _ in 0..<count {
      var next = -1
      for index in 0..<count where !shares[index].isDone {
        if next < 0 || candidates[index].priority > candidates[next].priority { next = index }
      }
      shares[next].isDone = true
      let mine = candidates + next
      let key = shares[next].key
      let wanted = mine.pointee.opening
      guard wanted > 0, !mine.pointee.isExcluded else { continue }
      let left = max(shares[next].left, 0)
      let opening = Int64(wanted) <= left ? wanted : Lots(left) / unit * unit
      // What this one may open is no other's of its group any more.
      for index in 0..<count where shares[index].key == key {
        shares[index].left -= Int64(opening)
      }
      guard opening < wanted else { continue }
      mine.pointee.capacity -= wanted - opening
      if mine.pointee.refusal.isNone {
        mine.pointee.refusal = mine.pointee.fundAccount.refusal(
          .openedLotsBudget, shares[next].limit - left, shares[next].limit,
          asked: Int64(wanted), .lots)
      }
    }
  }
}

/// What a candidate's group may still open, while it is given out.
struct BudgetShare: BitwiseCopyable {
  var key: UInt32
  var isDone: Bool
  var left: Int64
  /// The limit that leaves this much.
  var limit: Int64
}

/// What the group of a fund account has used in an instrument.
struct BudgetUse {
  let key: UInt32
  let record: UnsafePointer<BudgetRecord>?
  /// Opened or working in the whole commodity; 0 where no limit asks for it.
  let ofCommodity: Int64

  init(
    _ fund: FundAccountID, _ id: InstrumentID, _ limits: UnsafePointer<ResolvedBudgets>,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    key = ledger.budgetKey(fund, instrument.pointee.exchange)
    let number = ledger.budgets.number(key, id)
    record = number == 0 ? nil : ledger.budgets.record(number)
    if limits.pointee.openedOfCommodity == .max {
      ofCommodity = 0
    } else {
      let commodity = ledger.budgets.commodity(key, instrument.pointee.commodity)
      ofCommodity = commodity.opened + commodity.working
    }
  }

  /// Whether what an order of it comes to can be counted.
  func isCounted(
    _ limits: UnsafePointer<ResolvedBudgets>, _ ledger: borrowing Ledger
  ) -> Bool {
    (record != nil || ledger.budgets.hasRoom)
      && (limits.pointee.selfTrades == .max || ledger.budgets.hasRoomForTrades)
  }
}

/// What every budget of a count has in common: it is a line, and reached at its limit.
enum BudgetLine {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ fund: FundAccountID, _ rule: RuleID, _ used: Int64, _ limit: Int64
  ) {
    if used >= limit { room.limit(to: 0, fund.refusal(rule, used, limit, .count)) }
  }

  static func finding(
    _ rule: RuleID, _ fund: FundAccountID, _ used: Int64, _ limit: Int64
  ) -> Finding {
    guard limit != .max else { return .off(rule, .unset) }
    return .condition(
      rule, used < limit, observed: used, limit: limit, unit: .count, scope: .fundAccount,
      scopeID: fund.raw)
  }
}
