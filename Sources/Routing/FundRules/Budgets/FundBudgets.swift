import Domain
import Ledger
import MarketData
import RiskRules

/// What is left of an exchange's budgets for the real-control group of a fund account (rules.md 8).
///
/// Opening children alone, and none of a liquidation: an exchange's fine is cheaper than a stuck
/// exit (decisions 27).
enum FundBudgets {
  @inline(__always) static func limit(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    guard ledger.budgets.isOn, !request.isForced else { return }
    limitInForce(&room, candidate, request, ledger, instrument)
  }

  @inline(never) private static func limitInForce(
    _ room: inout FundRoom, _ candidate: UnsafeMutablePointer<Candidate>, _ request: RouteRequest,
    _ ledger: borrowing Ledger, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let id = request.order.pointee.instrument
    let fund = candidate.pointee.fundAccount
    let limits = ledger.budgetLimits(id, instrument)
    guard limits.pointee.hasAny else { return }
    let used = BudgetUse(fund, id, ledger, instrument)
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
    candidate.pointee.budgetKey = used.key
    candidate.pointee.budgetLeft = OpenedLotsBudget.left(used, limits)
  }

  /// Accounts of one group share what it may still open: the first by priority take it. Locks are
  /// exits and stay as they are.
  static func share(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, unit: Lots
  ) {
    guard (0..<count).contains(where: { candidates[$0].budgetLeft < Int64(lots) }) else { return }
    var done: UInt32 = 0
    for _ in 0..<count {
      var next = -1
      for index in 0..<count where done >> UInt32(index) & 1 == 0 {
        if next < 0 || candidates[index].priority > candidates[next].priority { next = index }
      }
      done |= 1 << UInt32(next)
      let mine = candidates + next
      guard mine.pointee.budgetLeft != .max, mine.pointee.opening > 0, !mine.pointee.isExcluded
      else { continue }
      var left = mine.pointee.budgetLeft
      for index in 0..<count
      where index != next && done >> UInt32(index) & 1 == 1 && !candidates[index].isExcluded
        && candidates[index].budgetKey == mine.pointee.budgetKey
        && candidates[index].budgetLeft != .max
      {
        left -= Int64(candidates[index].opening)
      }
      let opening = Lots(max(min(Int64(mine.pointee.opening), left), 0)) / unit * unit
      guard opening < mine.pointee.opening else { continue }
      mine.pointee.capacity -= mine.pointee.opening - opening
      if mine.pointee.refusal.isNone {
        mine.pointee.refusal = mine.pointee.fundAccount.refusal(
          .openedLotsBudget, 0, mine.pointee.budgetLeft, asked: Int64(lots), .lots)
      }
    }
  }
}

/// What the group of a fund account has used in an instrument.
struct BudgetUse {
  let key: UInt32
  let record: UnsafePointer<BudgetRecord>?
  let commodity: UnsafePointer<BudgetCommodity>

  init(
    _ fund: FundAccountID, _ id: InstrumentID, _ ledger: borrowing Ledger,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    key = ledger.budgetKey(fund, instrument.pointee.exchange)
    let number = ledger.budgets.number(key, id)
    record = number == 0 ? nil : ledger.budgets.record(number)
    commodity = ledger.budgets.commodity(key, instrument.pointee.commodity)
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
