import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Settlement
import Storage

/// A shard's whole state, and the only code that changes it.
public struct Engine: ~Copyable {
  /// Grows whenever the same commands would be answered otherwise; journals carry it.
  public static let version: UInt32 = 7

  public internal(set) var market: Market
  public internal(set) var ledger: Ledger
  public internal(set) var directory: Directory
  var work: WorkQueue
  var marks: MarkQueue
  /// Products, and accounts with schemes, whose clauses are to be looked at.
  var dirty: DirtySubjects
  var plan: RoutePlan
  /// The order under decision, at a fixed address so that rules can point at it.
  let scratch: Table<OrderTerms>
  /// Its hold, as the rules saw it.
  var scratchHold = Hold.zero
  /// What clauses would say of it where that is ignored (exposure-on-close): of its product's
  /// schemes, and of its account's own.
  var scratchIgnored = Refusal.none
  var scratchIgnoredOwn = Refusal.none

  /// Of the newest command.
  public internal(set) var sequence: UInt64 = 0
  public internal(set) var now = Timestamp(nanoseconds: 0)
  public internal(set) var shard: UInt8 = 0
  var seed: UInt64 = 0
  var hasSettings = false
  var platform = PlatformSettings()
  /// Between the first `DaySwitch` and the last slice of the next one.
  var isTrading = false
  var dayTurn: DayTurn?
  var nextDay: DaySwitch?
  /// A clock that jumped forward is not confirmed yet: opening is barred.
  var clockJump: Int64 = 0
  /// Of the newest notice.
  var noticeNumber: UInt64 = 0
  /// Changes of the configuration so far (`ConfigurationChange`).
  public internal(set) var configurationRevision: UInt64 = 0
  /// The task that cancels for accounts without a session is in the work queue.
  var isDisconnectQueued = false
  /// The task that sends what waited for its turn is in the work queue.
  var isSending = false
  /// The look at an account's liquidation that is in progress, or the next to be.
  var liquidationLook = LiquidationLook()
  /// A command that is about all accounts of a product, while it goes through them.
  var liquidationSweep = LiquidationSweep()
  /// When windows before closes are looked at next; `.never` = nobody has any, or none is ahead.
  var windowsDue = Timestamp.never
  /// While history is followed: what was recorded of this step.
  var history = RecordedOutcome()
  /// While history is followed: the command before was a slice of work.
  var hasFollowedSlice = false
  /// The oldest child whose counter may not have answered yet, 1-based.
  var answerCursor: UInt32 = 1

  /// When a band of the unit net value need not hold any longer, of all subjects; `.never` = none
  /// is held by time.
  var bandsDue = Timestamp.never

  /// When the night begins or ends next, where a product has a rule for it (`awaitNight`).
  var nightChange = Timestamp.never

  public init(capacities: LedgerCapacities) {
    market = Market(
      instruments: capacities.instruments, commodities: capacities.commodities,
      tradingHours: capacities.tradingHours)
    ledger = Ledger(capacities: capacities)
    directory = Directory()
    // Beyond the mass cancels: a day's expiry, a look at everyone, everybody's margin, three kinds
    // of work a link and a new margin an instrument, cancels and liquidations a kill switch, three
    // kinds a subject of schemes, each once in progress and once waiting; one for all lost
    // sessions, one for all liquidations, one for those of a product, one for messages that wait,
    // one for fees of products, one for budgets, two looks at windows.
    work = WorkQueue(
      capacity: WorkQueue.massCancelMaximum + 16 + capacities.fundAccounts * 6
        + capacities.instruments * 2 + (capacities.products + capacities.schemeAccounts) * 6
        + ledger.controls.switchPlaces * 4,
      subjects: capacities.products + capacities.schemeAccounts)
    dirty = DirtySubjects(capacity: capacities.products + capacities.schemeAccounts)
    marks = MarkQueue(instruments: capacities.instruments)
    plan = RoutePlan()
    scratch = Table(capacity: 1)
  }

  /// Whether `Command.continueWork` has something to do.
  public var hasWork: Bool { !work.isEmpty || !marks.isEmpty || dayTurn != nil }

  /// Most units of work in one step (design.md: no step fans out over more).
  public static let unitsPerStep = 256

  /// Number of the newest notice.
  public var newestNotice: UInt64 { noticeNumber }

  /// Orders can be taken: a day has begun and is not being switched.
  public var isReady: Bool { isTrading && dayTurn == nil && nextDay == nil }
}

extension Engine {
  /// login-lockout as it is set; nil when it is off. For names that no account has: they are
  /// counted where they are met.
  public var lockout: (failures: Int64, windowSeconds: Int64, lockSeconds: Int64)? {
    guard platform.lockoutFailures != .min, platform.lockoutWindowSeconds != .min,
      platform.lockoutSeconds != .min
    else { return nil }
    return (
      platform.lockoutFailures, platform.lockoutWindowSeconds, platform.lockoutSeconds
    )
  }
}

/// Settings of the whole gateway; unset = `Int64.min`.
struct PlatformSettings {
  var lockoutFailures: Int64 = 5
  var lockoutWindowSeconds: Int64 = 300
  var lockoutSeconds: Int64 = 900
  var ordersPerAccountDay: Int64 = .min
  var clockForwardSeconds: Int64 = 1
  var childAnswerSeconds: Int64 = .min
  /// 1 = products that follow the platform map external trades.
  var mapsExternal: Int64 = .min
  var liquidationPrice = LiquidationPrice.counterpartyBest
  /// Of the last price.
  var liquidationTicks: Int64 = 0
  var liquidationRepriceSeconds: Int64 = 5
  var liquidationExtent = LiquidationExtent.all
  /// 1 = second levels liquidate in products that follow the platform.
  var schemeLiquidation: Int64 = .min
  var reductionFinish = ReductionFinish.oneLot
}
