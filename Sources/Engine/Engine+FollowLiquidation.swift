import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Storage

/// What a recorded outcome says; of liquidations, read as far as it was carried out.
struct RecordedOutcome {
  /// Nil: no history is followed, the engine decides itself.
  private var effects: UnsafePointer<Effect>?
  private var count = 0
  private var cursor = 0

  init() {}

  /// - Parameter recorded: an outcome that stays where it is while it is followed.
  init(_ recorded: borrowing EffectBuffer) {
    isFollowed = true
    count = recorded.count
    if count > 0 { effects = recorded.pointer(at: 0) }
  }

  private(set) var isFollowed = false

  /// Between two outcomes: history is followed, and nothing is recorded.
  static var silent: RecordedOutcome {
    var outcome = RecordedOutcome()
    outcome.isFollowed = true
    return outcome
  }

  /// The next that a liquidation did, and its place; nil when that is all.
  var next: (effect: Effect, place: Int)? {
    guard let effects else { return nil }
    for place in cursor..<count where Self.isOfLiquidation(effects[place]) {
      return (effects[place], place)
    }
    return nil
  }

  /// The effect at a place behind `next`; nil when there is none.
  func effect(at place: Int) -> Effect? {
    place < count ? effects?[place] : nil
  }

  mutating func take(_ place: Int) { cursor = place + 1 }

  /// Whether a child waited for its turn to leave.
  func waits(_ child: OrderID) -> Bool {
    for place in 0..<count {
      if case .childWaits(let waits)? = effects?[place], waits.child == child { return true }
    }
    return false
  }

  /// Whether the cancel of a child left.
  func sendsCancel(_ child: OrderID) -> Bool {
    for place in 0..<count {
      if case .sendCancel(let sent)? = effects?[place], sent.child == child { return true }
    }
    return false
  }

  /// Whether an order ended by itself, as those do that expire with their day.
  func expires(_ order: OrderID) -> Bool {
    for place in 0..<count {
      if case .report(let report)? = effects?[place], report.order == order,
        report.execType == .cancelled, report.leavesLots == 0
      {
        return true
      }
    }
    return false
  }

  /// Whether a trading day began.
  var beginsDay: Bool {
    for place in 0..<count {
      if case .notice(let notice)? = effects?[place], notice.kind == .dayStarted { return true }
    }
    return false
  }

  private static func isOfLiquidation(_ effect: Effect) -> Bool {
    switch effect {
    case .forcedCancel: true
    case .liquidationProgress(let progress):
      progress.phase == .cancelling || progress.phase == .ended
    case .report(let report): report.execType == .new && report.clOrdID.isForced
    default: false
    }
  }
}

// History once more: liquidations begin, cancel, send and end as they did, where this engine looks
// at them, and where it does not, at the end of the step.
extension Engine {
  /// How the recorded outcome has an owner begin a liquidation of the account, if it does that
  /// next.
  mutating func takeRecordedBeginning(
    _ account: OperationAccountID, by owner: LiquidationOwner
  ) -> LiquidationOrigin? {
    guard let (origin, place) = recordedBeginning(account, by: owner) else { return nil }
    history.take(place)
    return origin
  }

  /// The same, and it is not taken; and where it stands.
  mutating func recordedBeginning(
    _ account: OperationAccountID, by owner: LiquidationOwner
  ) -> (LiquidationOrigin, place: Int)? {
    skipProgress()
    guard let (effect, first) = history.next, case .liquidationProgress(var progress) = effect,
      progress.account == account
    else { return nil }
    var place = first
    if progress.phase == .ended {
      // Taken over: the end of the one before stands in front.
      guard progress.end == .takenOver, let behind = history.effect(at: place + 1),
        case .liquidationProgress(let begun) = behind
      else { return nil }
      progress = begun
      place += 1
    }
    guard progress.owner == owner else { return nil }
    return (LiquidationOrigin(progress), place)
  }

  mutating func takeRecordedEnd(_ account: OperationAccountID) -> LiquidationEnd? {
    skipProgress()
    guard let (effect, place) = history.next, case .liquidationProgress(let progress) = effect,
      progress.account == account, progress.phase == .ended, progress.end != .takenOver
    else { return nil }
    history.take(place)
    return progress.end
  }

  mutating func takeRecordedCancel(_ order: OrderID) -> Bool {
    skipProgress()
    guard let (effect, place) = history.next, case .forcedCancel(let cancel) = effect,
      cancel.order == order
    else { return false }
    history.take(place)
    return true
  }

  /// Plans the forced order that is recorded next, when it closes what these terms would close:
  /// they become its own.
  mutating func planRecordedOrder(_ terms: UnsafeMutablePointer<OrderTerms>) -> Bool {
    skipProgress()
    guard let (effect, place) = history.next, case .report(let report) = effect,
      report.account == terms.pointee.account, report.instrument == terms.pointee.instrument,
      report.side == terms.pointee.side, report.hedge == terms.pointee.hedge,
      report.offset == terms.pointee.offset
    else { return false }
    do throws(FollowFault) {
      try plan(report, at: place, terms)
    } catch {
      // It stays for the end of the step, which tells of the fault.
      return false
    }
    history.take(place)
    return true
  }

  /// A liquidation that goes on says so too; only its beginning is something to carry out.
  private mutating func skipProgress() {
    while let (effect, place) = history.next, case .liquidationProgress(let progress) = effect,
      progress.phase == .cancelling,
      ledger.liquidation(progress.account).pointee.number >= progress.number
    {
      history.take(place)
    }
  }

  private mutating func plan(
    _ report: ExecutionReport, at place: Int, _ terms: UnsafeMutablePointer<OrderTerms>
  ) throws(FollowFault) {
    guard ledger.hasRoomForOrder else { throw .noRoom }
    guard ledger.exists(report.account), market.exists(report.instrument),
      report.order
        == OrderID(
          day: market.tradingDay, shard: shard, sequence: UInt64(ledger.orderCount + 1)),
      !ledger.account(report.account).pointee.product.isNone
    else { throw .outOfStep }
    terms.pointee.session = .none
    terms.pointee.account = report.account
    terms.pointee.instrument = report.instrument
    terms.pointee.clOrdID = report.clOrdID
    terms.pointee.side = report.side
    terms.pointee.offset = report.offset
    terms.pointee.hedge = report.hedge
    terms.pointee.type = report.type
    terms.pointee.timeInForce = report.timeInForce
    terms.pointee.price = report.price
    terms.pointee.lots = report.lots
    terms.pointee.minimumLots = 0
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: now)
    scratchHold = context.hold
    plan.begin(leaving: .none)
    let request = routeRequest(context, context.account.pointee.product)
    var behind = place + 1
    while let effect = history.effect(at: behind) {
      if case .report = effect { break }
      try add(effect, request)
      behind += 1
    }
    guard hasRoom(for: UnsafePointer(terms), children: plan.childCount) else { throw .noRoom }
  }

  /// What the step did and this engine has not: where its own settings would have it look
  /// otherwise.
  mutating func carryOutHistory(_ effects: inout EffectBuffer) throws(FollowFault) {
    skipProgress()
    while let (effect, place) = history.next {
      switch effect {
      case .forcedCancel(let cancel):
        history.take(place)
        let number = ledger.orderNumber(cancel.order, day: market.tradingDay, shard: shard)
        guard number != 0 else { throw .outOfStep }
        _ = forceCancel(number, &effects)
      case .report(let report):
        try plan(report, at: place, scratch.base)
        history.take(place)
        commitForced(scratch.base, &effects)
      case .liquidationProgress(let progress):
        history.take(place)
        guard ledger.exists(progress.account) else { throw .outOfStep }
        if progress.phase == .cancelling {
          carryOut(LiquidationOrigin(progress), progress.account, &effects)
        } else if progress.end != .takenOver {
          carryOutEnd(progress.account, progress.end, &effects)
        }
      default: preconditionFailure("the next is a liquidation's")
      }
      skipProgress()
    }
  }
}

extension LiquidationOrigin {
  init(_ progress: LiquidationProgress) {
    self.init(
      owner: progress.owner, who: progress.who, extent: progress.extent,
      scope: LiquidationScope(
        instrument: progress.instrument, side: progress.side, hedge: progress.hedge),
      rule: progress.rule, level: progress.level)
  }
}
