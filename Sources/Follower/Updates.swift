import Domain
import Gateway
import Ledger
import Storage
import Wire

/// Who is told of changes, how often, and what was told already.
struct Updates: ~Copyable {
  /// A terminal's wish, in the place of its slot.
  struct Subscription: BitwiseCopyable {
    var question: Question
    var intervalNanoseconds: Int64
    var dueAt: Int64
    /// The walk over its positions goes on behind this one; 0 = a new walk begins.
    var cursor: UInt64
    /// The look of its last whole walk, and the one that the walk at hand began with.
    var toldAt: UInt64
    var beganAt: UInt64
    /// Everything is told, changed or not.
    var isWhole: Bool
    /// The walk at hand has told the money.
    var hasToldFunds: Bool
    var isWanted: Bool
  }

  /// What was seen of one thing, and at which look it was seen to be other than before.
  struct Seen: BitwiseCopyable {
    var digest: UInt64
    var changedAt: UInt64
  }

  private let subscriptions: Table<Subscription>
  private let positions: Table<Seen>
  private let funds: Table<Seen>
  /// Places that were ever used.
  private var used = 0
  /// The next look's number: one for each walk that begins.
  private var look: UInt64 = 0
  /// When the next one is due; `.max` = nobody wants anything.
  private(set) var deadline = Int64.max
  /// Where the next pass begins, so that a full ring holds up everybody equally.
  var turn = 0

  static let intervalsMilliseconds: ClosedRange<UInt32> = 50...60_000
  static let intervalMillisecondsDefault: UInt32 = 500

  init(_ capacities: LedgerCapacities, terminals: Int) {
    subscriptions = Table(capacity: terminals)
    positions = Table(capacity: 2 * (capacities.positions + 32 * capacities.instruments))
    funds = Table(capacity: capacities.operationAccounts)
  }

  var count: Int { used }

  mutating func take(_ question: Question, at now: Int64) {
    let slot = Int(UInt32(truncatingIfNeeded: question.ticket))
    guard slot < subscriptions.capacity else { return }
    let row = subscriptions.at(slot)
    switch question.kind {
    case .subscription:
      used = max(used, slot + 1)
      let asked =
        question.intervalMilliseconds == 0
        ? Updates.intervalMillisecondsDefault : question.intervalMilliseconds
      let interval = min(
        max(asked, Updates.intervalsMilliseconds.lowerBound),
        Updates.intervalsMilliseconds.upperBound)
      row.pointee = Subscription(
        question: question, intervalNanoseconds: Int64(interval) * 1_000_000, dueAt: now,
        cursor: 0, toldAt: 0, beganAt: 0, isWhole: true, hasToldFunds: false,
        isWanted: !question.updates.isEmpty)
    case .updatesAgain where row.pointee.question.ticket == question.ticket:
      row.pointee.isWhole = true
      row.pointee.cursor = 0
      row.pointee.hasToldFunds = false
    case .farewell where row.pointee.question.ticket == question.ticket:
      row.pointee.isWanted = false
    case .query, .instruments, .updatesAgain, .farewell, .tryOrder, .why, .room, .watch,
      .watchMore, .watchAgain, .unwatch:
      return
    }
    findDeadline()
  }

  /// The wish in a place whose time has come; nil when it has not.
  func due(_ place: Int, at now: Int64) -> UnsafeMutablePointer<Subscription>? {
    let row = subscriptions.at(place)
    return row.pointee.isWanted && row.pointee.dueAt <= now ? row : nil
  }

  /// Begins a walk, or goes on with one.
  mutating func begin(_ subscription: UnsafeMutablePointer<Subscription>) {
    guard subscription.pointee.cursor == 0, !subscription.pointee.hasToldFunds else { return }
    look += 1
    subscription.pointee.beganAt = look
  }

  func end(_ subscription: UnsafeMutablePointer<Subscription>, at now: Int64) {
    subscription.pointee.toldAt = subscription.pointee.beganAt
    subscription.pointee.cursor = 0
    subscription.pointee.isWhole = false
    subscription.pointee.hasToldFunds = false
    subscription.pointee.dueAt = now + subscription.pointee.intervalNanoseconds
  }

  mutating func findDeadline() {
    deadline = .max
    for place in 0..<used {
      let row = subscriptions.at(place)
      if row.pointee.isWanted { deadline = min(deadline, row.pointee.dueAt) }
    }
  }

  // MARK: What has changed

  /// Whether a side of a position is other than a subscription was told. A walk that is not over
  /// counts as told with what it has told.
  func hasChanged(
    _ number: UInt32, _ side: PositionSide, _ update: OrderEntry.PositionUpdate, isIdle: Bool,
    for subscription: UnsafeMutablePointer<Subscription>
  ) -> Bool {
    let seen = positions.at(2 * (Int(number) - 1) + (side == .short ? 1 : 0))
    if isIdle, seen.pointee.digest == 0 { return false }
    return note(Updates.digest(update), seen, subscription)
  }

  func hasChanged(
    _ account: OperationAccountID, _ update: OrderEntry.AccountUpdate,
    for subscription: UnsafeMutablePointer<Subscription>
  ) -> Bool { note(Updates.digest(update), funds.at(account.raw), subscription) }

  private func note(
    _ digest: UInt64, _ seen: UnsafeMutablePointer<Seen>,
    _ subscription: UnsafeMutablePointer<Subscription>
  ) -> Bool {
    if seen.pointee.digest != digest {
      seen.pointee = Seen(digest: digest, changedAt: look)
    }
    return subscription.pointee.isWhole || seen.pointee.changedAt > subscription.pointee.toldAt
  }

  /// Of everything but the time; never 0.
  private static func digest(_ update: some WireMessage) -> UInt64 {
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { room in
      var hasher = StateHasher()
      do throws(WireError) {
        let count = try update.encode(into: room)
        for index in 0..<count { hasher.combine(UInt64(room[index])) }
      } catch {
        preconditionFailure("an update of books has fewer than 512 bytes")
      }
      return hasher.value | 1
    }
  }
}
