import Domain
import Messages
import Storage

/// A look at the liquidation of one account, which may take several steps: what it has found.
struct LiquidationLook: BitwiseCopyable {
  enum Stage: UInt8, BitwiseCopyable {
    /// No account is looked at.
    case none
    /// Its working orders: what stands in the way is cancelled, what is priced wrong too.
    case orders
    /// Its positions: what no order closes is closed.
    case positions
  }

  var stage = Stage.none
  /// The task is in the work queue.
  var isQueued = false
  /// Where the liquidation stood when the look began.
  var phase = LiquidationPhase.unknown
  /// Why the first lots wait that do.
  var waits = RuleID.none
  var account = OperationAccountID.none
  /// Where to go on: an order's number, or an instrument.
  var cursor: UInt32 = 0
  /// The highest order number that was looked at.
  var reached: UInt32 = 0
  /// Forced orders that work, other orders that stand in the way, forced orders sent by this look.
  var forced: UInt32 = 0
  var others: UInt32 = 0
  var sent: UInt32 = 0
  /// Lots found, of the account and in the scope.
  var lotsSeen: Lots = 0
  var lotsLeft: Lots = 0
  /// Lots that forced orders close.
  var lotsWorking: Lots = 0
  /// Of a reduction.
  var round = ReductionRound()
  /// When the first of the forced orders is to be priced anew; `.never` = none is.
  var due = Timestamp.never

  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(stage.rawValue) << 1 | (isQueued ? 1 : 0))
    guard stage != .none else { return }
    hasher.combine(UInt64(phase.rawValue) << 16 | UInt64(waits.rawValue))
    hasher.combine(UInt64(account.raw) << 32 | UInt64(cursor))
    hasher.combine(UInt64(reached) << 32 | UInt64(forced))
    hasher.combine(UInt64(others) << 32 | UInt64(sent))
    hasher.combine(Int64(lotsSeen) << 32 | Int64(lotsLeft))
    hasher.combine(UInt64(truncatingIfNeeded: lotsWorking))
    hasher.combine(due.nanoseconds)
    round.hash(into: &hasher)
  }
}

/// A controller's word about every account of a product, on its way through them.
struct LiquidationSweep: BitwiseCopyable {
  var isActive = false
  /// It stops liquidations; else it begins them.
  var isStop = false
  var cursor: UInt32 = 0
  var force = ForceLiquidate(
    who: Name(), account: .none, product: .none, instrument: .none, side: .unknown,
    hedge: .unknown, extent: .unknown)

  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(isActive ? 1 : 0) | UInt64(isStop ? 2 : 0))
    guard isActive else { return }
    hasher.combine(UInt64(cursor) << 32 | UInt64(force.product.raw))
    hasher.combine(
      UInt64(force.instrument.raw) << 32 | UInt64(force.side.rawValue) << 16
        | UInt64(force.hedge.rawValue) << 8 | UInt64(force.extent.rawValue))
    for place in 0..<force.who.count { hasher.combine(UInt64(force.who.bytes[place])) }
  }
}
