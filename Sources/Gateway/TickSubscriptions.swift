import Domain
import Storage

/// Who wants whose ticks, and who is owed one. Fixed room for all subscriptions together.
///
/// A subscription is in its instrument's list and in its session's; when a tick comes it joins the
/// session's queue of what is owed, once, so a slow session is owed each instrument's newest tick
/// and nothing more.
struct TickSubscriptions: ~Copyable {
  /// Links are subscription number, 1-based; 0 = none.
  struct Row: BitwiseCopyable {
    var instrument: InstrumentID
    var session: UInt32
    var nextOfInstrument: UInt32
    var previousOfInstrument: UInt32
    var nextOfSession: UInt32
    var previousOfSession: UInt32
    var nextOwed: UInt32
    var isOwed: Bool
  }

  struct Session: BitwiseCopyable {
    var first: UInt32
    var count: UInt32
    var firstOwed: UInt32
    var lastOwed: UInt32
    var isListed: Bool
  }

  private let rows: Table<Row>
  private let firstOfInstrument: Table<UInt32>
  private let sessions: Table<Session>
  /// Sessions that are owed something, a ring; each at most once.
  private let owing: Table<UInt32>
  private var owingHead = 0
  private(set) var owingCount = 0
  private var firstFree: UInt32 = 0
  private var used = 0
  private(set) var count = 0

  init(capacity: Int, instruments: Int, sessions: Int) {
    rows = Table(capacity: capacity)
    firstOfInstrument = Table(capacity: instruments)
    self.sessions = Table(capacity: sessions)
    owing = Table(capacity: sessions)
  }

  /// False when there is no room. A second subscription of the same instrument is the first one;
  /// its newest tick is owed again.
  mutating func subscribe(_ session: UInt32, _ instrument: InstrumentID) -> Bool {
    let known = find(session, instrument)
    if known != 0 {
      owe(known)
      return true
    }
    let number: UInt32
    if firstFree != 0 {
      number = firstFree
      firstFree = rows.at(number - 1).pointee.nextOfSession
    } else if used < rows.capacity {
      used += 1
      number = UInt32(used)
    } else {
      return false
    }
    let head = firstOfInstrument.at(instrument.raw)
    let owner = sessions.at(session)
    rows.at(number - 1).pointee = Row(
      instrument: instrument, session: session, nextOfInstrument: head.pointee,
      previousOfInstrument: 0, nextOfSession: owner.pointee.first, previousOfSession: 0,
      nextOwed: 0, isOwed: false)
    if head.pointee != 0 { rows.at(head.pointee - 1).pointee.previousOfInstrument = number }
    head.pointee = number
    if owner.pointee.first != 0 {
      rows.at(owner.pointee.first - 1).pointee.previousOfSession = number
    }
    owner.pointee.first = number
    owner.pointee.count += 1
    count += 1
    owe(number)
    return true
  }

  mutating func unsubscribe(_ session: UInt32, _ instrument: InstrumentID) {
    let number = find(session, instrument)
    if number != 0 { remove(number) }
  }

  mutating func unsubscribeAll(_ session: UInt32) {
    while takeOwed(session) != nil {}
    while sessions.at(session).pointee.first != 0 { remove(sessions.at(session).pointee.first) }
  }

  /// How many instruments a session has subscribed to.
  func count(of session: UInt32) -> Int { Int(sessions.at(session).pointee.count) }

  /// An instrument has a new tick: everyone who wants it is owed it.
  mutating func tickCame(_ instrument: InstrumentID) {
    var number = firstOfInstrument.at(instrument.raw).pointee
    while number != 0 {
      owe(number)
      number = rows.at(number - 1).pointee.nextOfInstrument
    }
  }

  /// The session that is owed ticks for longest; it leaves the list and comes back by `relist`.
  mutating func nextOwing() -> UInt32? {
    guard owingCount > 0 else { return nil }
    let session = owing.at(owingHead).pointee
    owingHead = (owingHead + 1) % owing.capacity
    owingCount -= 1
    sessions.at(session).pointee.isListed = false
    return session
  }

  /// Lists a session again when it is still owed something.
  mutating func relist(_ session: UInt32) {
    if sessions.at(session).pointee.firstOwed != 0 { list(session) }
  }

  /// The next instrument whose newest tick a session is owed, with that it is not any more.
  mutating func takeOwed(_ session: UInt32) -> InstrumentID? {
    let owner = sessions.at(session)
    let number = owner.pointee.firstOwed
    guard number != 0 else { return nil }
    let row = rows.at(number - 1)
    owner.pointee.firstOwed = row.pointee.nextOwed
    if owner.pointee.firstOwed == 0 { owner.pointee.lastOwed = 0 }
    row.pointee.isOwed = false
    row.pointee.nextOwed = 0
    return row.pointee.instrument
  }

  private mutating func owe(_ number: UInt32) {
    let row = rows.at(number - 1)
    guard !row.pointee.isOwed else { return }
    row.pointee.isOwed = true
    row.pointee.nextOwed = 0
    let owner = sessions.at(row.pointee.session)
    if owner.pointee.lastOwed == 0 {
      owner.pointee.firstOwed = number
    } else {
      rows.at(owner.pointee.lastOwed - 1).pointee.nextOwed = number
    }
    owner.pointee.lastOwed = number
    list(row.pointee.session)
  }

  private mutating func list(_ session: UInt32) {
    guard !sessions.at(session).pointee.isListed else { return }
    sessions.at(session).pointee.isListed = true
    owing.at((owingHead + owingCount) % owing.capacity).pointee = session
    owingCount += 1
  }

  private func find(_ session: UInt32, _ instrument: InstrumentID) -> UInt32 {
    var number = sessions.at(session).pointee.first
    while number != 0, rows.at(number - 1).pointee.instrument != instrument {
      number = rows.at(number - 1).pointee.nextOfSession
    }
    return number
  }

  private mutating func remove(_ number: UInt32) {
    let row = rows.at(number - 1).pointee
    let owner = sessions.at(row.session)
    if row.isOwed { dropOwed(number, owner) }
    if row.previousOfInstrument != 0 {
      rows.at(row.previousOfInstrument - 1).pointee.nextOfInstrument = row.nextOfInstrument
    } else {
      firstOfInstrument.at(row.instrument.raw).pointee = row.nextOfInstrument
    }
    if row.nextOfInstrument != 0 {
      rows.at(row.nextOfInstrument - 1).pointee.previousOfInstrument = row.previousOfInstrument
    }
    if row.previousOfSession != 0 {
      rows.at(row.previousOfSession - 1).pointee.nextOfSession = row.nextOfSession
    } else {
      owner.pointee.first = row.nextOfSession
    }
    if row.nextOfSession != 0 {
      rows.at(row.nextOfSession - 1).pointee.previousOfSession = row.previousOfSession
    }
    owner.pointee.count -= 1
    count -= 1
    rows.at(number - 1).pointee.nextOfSession = firstFree
    firstFree = number
  }

  /// Takes a subscription out of its session's queue of what is owed.
  private func dropOwed(_ number: UInt32, _ owner: UnsafeMutablePointer<Session>) {
    var before: UInt32 = 0
    var current = owner.pointee.firstOwed
    while current != number {
      before = current
      current = rows.at(current - 1).pointee.nextOwed
    }
    let next = rows.at(number - 1).pointee.nextOwed
    if before == 0 {
      owner.pointee.firstOwed = next
    } else {
      rows.at(before - 1).pointee.nextOwed = next
    }
    if owner.pointee.lastOwed == number { owner.pointee.lastOwed = before }
  }
}
