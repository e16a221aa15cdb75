import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing

/// A new order of history: what was decided then, and what another engine says of it.
public struct FollowedOrder: Equatable, Sendable {
  public var recorded: Explanation.Verdict
  public var verdict: Explanation.Verdict
}

/// Why a recorded outcome could not be carried out.
public enum FollowFault: Error, Equatable, Sendable {
  /// The record has no outcome for its command.
  case outcomeMissing
  /// The outcome names what this engine does not have: it was not told the same definitions.
  case outOfStep
  /// This engine's tables are smaller than those of the engine that decided.
  case noRoom
  /// Under these settings the order is worth more than an amount can be, so its hold can't be
  /// taken.
  case beyondRange(Refusal)
}

// History once more, under other settings: what was decided is carried out as it was recorded, and
// told beside it is what this engine would have decided on the same state.
extension Engine {
  /// Applies a command as it was applied when `recorded` was its outcome: orders, retries, logons
  /// and movements of cash end as they ended then; all else follows from them.
  ///
  /// - Returns: both verdicts on a new order; nil for any other command, for an order that is
  ///   answered again, and for one of an account that does not exist.
  /// - Parameter effects: scratch; nobody sends them.
  public mutating func follow(
    _ stamped: Stamped, _ recorded: borrowing EffectBuffer, into effects: inout EffectBuffer
  ) throws(FollowFault) -> FollowedOrder? {
    let number = noticeNumber
    catchUp(before: stamped, &effects)
    history = RecordedOutcome(recorded)
    // Notices are numbered as they were: who follows does not make all of them.
    defer {
      noticeNumber = Self.lastNotice(in: recorded) ?? number
      queueTouched()
      history = RecordedOutcome()
      noteFollowed(stamped.command)
    }
    let followed = try followCommand(stamped, recorded, &effects)
    followDay(&effects)
    try carryOutHistory(&effects)
    endRecordedMassCancels(&effects)
    var units = Engine.unitsPerStep
    sendRecorded(&units, isEnd: true, &effects)
    return followed
  }

  private mutating func followCommand(
    _ stamped: Stamped, _ recorded: borrowing EffectBuffer, _ effects: inout EffectBuffer
  ) throws(FollowFault) -> FollowedOrder? {
    switch stamped.command {
    case .newOrder(let order):
      begin(stamped, &effects)
      return try followOrder(order, recorded, &effects)
    case .logon(let logon):
      begin(stamped, &effects)
      try followLogon(logon, recorded, &effects)
    case .childReport(let report) where report.kind == .rejected:
      begin(stamped, &effects)
      try followRejection(report, recorded, &effects)
    case .moveCash(let move):
      begin(stamped, &effects)
      guard ledger.exists(move.account), recorded.refusal == nil else { return nil }
      _ = ledger.moveCash(
        move.account, allowedLoss: move.allowedLoss, notToLose: move.notToLose, isDone: true)
      disturb(ledger.holder(of: move.account))
      watch(ledger.holder(of: move.account), &effects)
    default: step(stamped, into: &effects)
    }
    return nil
  }

  private mutating func begin(_ stamped: Stamped, _ effects: inout EffectBuffer) {
    precondition(stamped.sequence == sequence + 1, "commands come in order, without gaps")
    precondition(stamped.time >= now, "a command's time is not before the last one's")
    effects.removeAll()
    sequence = stamped.sequence
    now = stamped.time
    fireTimers(&effects)
  }

  // MARK: Orders

  private mutating func followOrder(
    _ order: NewOrder, _ recorded: borrowing EffectBuffer, _ effects: inout EffectBuffer
  ) throws(FollowFault) -> FollowedOrder? {
    guard ledger.exists(order.account) else { return nil }
    let known = ledger.order(order.account, order.clOrdID, seed: seed)
    guard known == 0 else {
      answerAgain(order, known, &effects)
      return nil
    }
    guard let report = Self.answer(in: recorded) else { throw .outcomeMissing }
    let terms = terms(of: order)
    let verdict = judge(order, UnsafePointer(terms), &effects)
    guard !report.order.isNone else {
      answer(order, .rejected, report.refusal, &effects)
      return FollowedOrder(recorded: .refused(report.refusal), verdict: verdict)
    }
    guard ledger.hasRoomForOrder else { throw .noRoom }
    let next = OrderID(
      day: market.tradingDay, shard: shard, sequence: UInt64(ledger.orderCount + 1))
    guard report.order == next else { throw .outOfStep }
    if report.execType == .rejected {
      refuse(terms, report.refusal, &effects)
      return FollowedOrder(recorded: .refused(report.refusal), verdict: verdict)
    }
    try commit(terms, report, recorded, &effects)
    return FollowedOrder(recorded: .taken(plan.placed), verdict: verdict)
  }

  /// What the decision would be.
  private mutating func judge(
    _ order: NewOrder, _ terms: UnsafePointer<OrderTerms>, _ effects: inout EffectBuffer
  ) -> Explanation.Verdict {
    if let refusal = unrecordable(order) { return .refused(refusal) }
    bringUpToDate(ledger.holder(of: order.account))
    var refusal = Refusal.none
    return passes(terms, &refusal, &effects) ? .taken(plan.placed) : .refused(refusal)
  }

  /// Takes an order with the children that it had.
  private mutating func commit(
    _ terms: UnsafeMutablePointer<OrderTerms>, _ report: ExecutionReport,
    _ recorded: borrowing EffectBuffer, _ effects: inout EffectBuffer
  ) throws(FollowFault) {
    let product = ledger.account(terms.pointee.account).pointee.product
    guard market.exists(terms.pointee.instrument), !product.isNone else { throw .outOfStep }
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: now)
    let range = RuleTable.evaluate(.amountOverflow, context, ledger, market)
    guard range.passes else { throw .beyondRange(range.figures) }
    scratchHold = context.hold
    try plan(routeRequest(context, product), leaving: report.refusal, recorded)
    commit(terms, &effects)
  }

  /// Fills the plan with the children of a recorded outcome; their ids are those that follow.
  private mutating func plan(
    _ request: RouteRequest, leaving refusal: Refusal, _ recorded: borrowing EffectBuffer
  ) throws(FollowFault) {
    plan.begin(leaving: refusal)
    for index in 0..<recorded.count { try add(recorded[index], request) }
    guard plan.childCount == 0 || hasRoom(for: request.order, children: plan.childCount) else {
      throw .noRoom
    }
  }

  /// Adds a recorded child to the plan, one that was sent or waits for its turn; what leaves of
  /// those that were known before is no new child.
  mutating func add(_ effect: Effect, _ request: RouteRequest) throws(FollowFault) {
    var child: ChildWaits
    switch effect {
    case .childWaits(let waits): child = waits
    case .sendOrder(let sent):
      guard !isPlanned(sent.child),
        ledger.childNumber(sent.child, day: market.tradingDay, shard: shard) == 0
      else { return }
      child = ChildWaits(
        fundAccount: sent.fundAccount, child: sent.child, instrument: sent.instrument,
        offset: sent.offset, lots: sent.lots, waiting: 0)
    default: return
    }
    guard child.child == childID(plan.childCount), ledger.exists(child.fundAccount), child.lots > 0,
      child.instrument == request.order.pointee.instrument,
      child.lots <= request.lots - plan.placed, plan.hasRoom
    else { throw .outOfStep }
    plan.add(child.fundAccount, child.offset, child.lots, request, ledger, market)
  }

  /// The id of a child of the plan, that stands behind so many others.
  private func childID(_ place: Int) -> OrderID {
    OrderID(
      day: market.tradingDay, shard: shard, sequence: UInt64(ledger.childCount + place + 1))
  }

  /// Whether a child stands in the plan already: it had to wait, and left in the same step.
  private func isPlanned(_ child: OrderID) -> Bool {
    (0..<plan.childCount).contains { childID($0) == child }
  }

  private mutating func followRejection(
    _ report: ChildReport, _ recorded: borrowing EffectBuffer, _ effects: inout EffectBuffer
  ) throws(FollowFault) {
    guard let number = workingChild(report, &effects) else { return }
    let part = finishRejected(number, report)
    try plan(retryRequest(of: part.parent, lots: part.lots), leaving: .none, recorded)
    let placed = plan.placed
    if placed > 0 { sendPlan(of: part.parent, &effects) }
    end(part, placed: placed, &effects)
  }

  // MARK: Logons

  private mutating func followLogon(
    _ logon: Logon, _ recorded: borrowing EffectBuffer, _ effects: inout EffectBuffer
  ) throws(FollowFault) {
    for index in 0..<recorded.count {
      if case .logonVerdict(let verdict) = recorded[index] {
        guard !verdict.refusal.isNone || ledger.exists(logon.account) else {
          throw .outOfStep
        }
        return conclude(logon, verdict.refusal, &effects)
      }
    }
    throw .outcomeMissing
  }

  // MARK: Recorded outcomes

  /// What was said of a new order when it came.
  private static func answer(in recorded: borrowing EffectBuffer) -> ExecutionReport? {
    for index in 0..<recorded.count {
      if case .report(let report) = recorded[index],
        report.execType == .new || report.execType == .rejected
      {
        return report
      }
    }
    return nil
  }

  private static func lastNotice(in recorded: borrowing EffectBuffer) -> UInt64? {
    var number: UInt64?
    for index in 0..<recorded.count {
      switch recorded[index] {
      case .notice(let notice): number = notice.number
      case .controlTaken(let taken): number = taken.number
      default: break
      }
    }
    return number
  }
}
