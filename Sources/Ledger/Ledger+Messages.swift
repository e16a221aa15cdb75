import Domain
import Storage

// Messages to counters: how many left over each link within the last second, and which wait for
// their turn (rules.md 8). A message is an order or a cancel. Links whose fund account has no quota
// are not counted, and nothing waits there.
extension Ledger {
  /// Most messages a second that a quota can be.
  public static var messageQuotaMaximum: Int64 { orderRateMaximum }
  private static let second: Int64 = 1_000_000_000

  // MARK: The quota

  /// Sets a fund account's quota, `Int64.min` = none; what left within the last second counts on.
  /// False, and nothing changed, when it is out of range or there is no room.
  public mutating func setMessageQuota(_ id: FundAccountID, _ quota: Int64) -> Bool {
    let record = fundAccounts.at(id.raw)
    if quota == .min {
      record.pointee.messageQuota = 0
      record.pointee.messageWindow.restart()
    } else {
      let known = Int(min(Int64(record.pointee.messageWindow.count), max(quota, 0)))
      var times: [Int64] = []
      for back in 0..<known { times.append(time(record.pointee.messageWindow, back: back)) }
      guard setWindow(&record.pointee.messageWindow, quota) else { return false }
      record.pointee.messageQuota = UInt32(quota)
      for time in times.reversed() { put(time, into: &record.pointee.messageWindow) }
    }
    scheduleMessages(id)
    return true
  }

  /// How many messages may leave within a second for openings; 0 = no quota.
  @inline(__always)
  public func openingQuota(_ fund: UnsafePointer<FundAccountRecord>) -> Int64 {
    Int64(fund.pointee.messageQuota) - Int64(fund.pointee.messageReserve)
  }

  /// Whether so many messages may leave now, and none waits before them.
  @inline(__always)
  public func hasMessageRoom(
    _ fund: UnsafePointer<FundAccountRecord>, for messages: Int, at time: Timestamp
  ) -> Bool {
    fund.pointee.waitingMessages == 0
      && timeOfRoom(fund, for: messages) <= time.nanoseconds
  }

  /// When so many messages may leave, in nanoseconds; 0 = they always could, `.max` = never.
  private func timeOfRoom(
    _ fund: UnsafePointer<FundAccountRecord>, for messages: Int
  ) -> Int64 {
    let quota = Int(fund.pointee.messageQuota)
    guard quota != 0 else { return 0 }
    guard messages <= quota else { return .max }
    let count = Int(fund.pointee.messageWindow.count)
    let tooMany = count + messages - quota
    guard tooMany > 0 else { return 0 }
    // So many of the oldest have to be a second ago.
    return time(fund.pointee.messageWindow, back: count - tooMany) + Self.second
  }

  /// Messages that left within the last second.
  public func messagesOfLastSecond(
    _ fund: UnsafePointer<FundAccountRecord>, at now: Timestamp
  ) -> Int64 {
    var within = 0
    var beyond = Int(fund.pointee.messageWindow.count)
    while within < beyond {
      let middle = (within + beyond) / 2
      if now.nanoseconds - time(fund.pointee.messageWindow, back: middle) < Self.second {
        within = middle + 1
      } else {
        beyond = middle
      }
    }
    return Int64(within)
  }

  /// Counts a message that leaves.
  @inline(__always)
  public mutating func countMessage(_ id: FundAccountID, at time: Timestamp) {
    let record = fundAccounts.at(id.raw)
    guard record.pointee.messageQuota != 0 else { return }
    put(time.nanoseconds, into: &record.pointee.messageWindow)
  }

  // MARK: What waits

  /// Has a child's order wait for its turn, behind those of the same priority.
  public mutating func wait(order number: UInt32, as priority: MessagePriority) {
    let child = mutableChild(number)
    child.pointee.state = .waiting
    child.pointee.hasWaited = true
    link(waiting: number, priority)
  }

  /// The same of a child's cancel. One that waits already goes on to wait where it comes first.
  public mutating func wait(cancel number: UInt32, as priority: MessagePriority) {
    let known = mutableChild(number).pointee.waitsAs
    if known != .unknown {
      guard priority.rawValue < known.rawValue else { return }
      stopWaiting(number)
    }
    link(waiting: number, priority)
  }

  private mutating func link(waiting number: UInt32, _ priority: MessagePriority) {
    precondition(priority != .unknown, "what waits has a turn")
    let child = mutableChild(number)
    let fund = fundAccounts.at(child.pointee.fundAccount.raw)
    let place = Int(priority.rawValue) - 1
    let last = fund.pointee.lastWaiting[place]
    child.pointee.waitsAs = priority
    child.pointee.waitingPrevious = last
    child.pointee.waitingNext = 0
    if last == 0 {
      fund.pointee.firstWaiting[place] = number
    } else {
      mutableChild(last).pointee.waitingNext = number
    }
    fund.pointee.lastWaiting[place] = number
    fund.pointee.waitingAs[place] += 1
    fund.pointee.waitingMessages += 1
    scheduleMessages(child.pointee.fundAccount)
  }

  /// Nothing of the child waits any more.
  public mutating func stopWaiting(_ number: UInt32) {
    let child = mutableChild(number)
    let fund = fundAccounts.at(child.pointee.fundAccount.raw)
    guard child.pointee.waitsAs != .unknown else { return }
    let place = Int(child.pointee.waitsAs.rawValue) - 1
    let previous = child.pointee.waitingPrevious
    let next = child.pointee.waitingNext
    if previous == 0 {
      fund.pointee.firstWaiting[place] = next
    } else {
      mutableChild(previous).pointee.waitingNext = next
    }
    if next == 0 {
      fund.pointee.lastWaiting[place] = previous
    } else {
      mutableChild(next).pointee.waitingPrevious = previous
    }
    child.pointee.waitsAs = .unknown
    child.pointee.waitingPrevious = 0
    child.pointee.waitingNext = 0
    fund.pointee.waitingAs[place] -= 1
    fund.pointee.waitingMessages -= 1
    scheduleMessages(child.pointee.fundAccount)
  }

  /// A child's order leaves, after it has waited, at a price; the fund account's window has counted
  /// it.
  public mutating func setLeft(child number: UInt32, at time: Timestamp) {
    let child = mutableChild(number)
    child.pointee.state = .sent
    child.pointee.sentAt = time
    if lastLeft == 0 {
      firstLeft = number
    } else {
      mutableChild(lastLeft).pointee.leftNext = number
    }
    lastLeft = number
    stopWaiting(number)
  }

  /// Gives a child that waits another price, and its order too; what they hold stays as it is.
  public mutating func reprice(child number: UInt32, _ exchange: Exchange, _ price: Price) {
    let child = mutableChild(number)
    removeFromBook(number)
    child.pointee.price = price
    insertIntoBook(
      number,
      owner: fundAccounts.at(child.pointee.fundAccount.raw).pointee.owners[exchange.index])
    mutableOrder(child.pointee.parent).pointee.price = price
  }

  /// The child that waits and comes first at the fund account; 0 = none waits.
  public func firstWaiting(_ id: FundAccountID) -> UInt32 {
    let fund = fundAccounts.at(id.raw)
    for place in 0..<3 where fund.pointee.firstWaiting[place] != 0 {
      return fund.pointee.firstWaiting[place]
    }
    return 0
  }

  /// How many messages wait at the fund account for their turn.
  public func waitingMessages(_ id: FundAccountID, as priority: MessagePriority) -> Int {
    priority == .unknown
      ? 0 : Int(fundAccounts.at(id.raw).pointee.waitingAs[Int(priority.rawValue) - 1])
  }

  /// The first of the children that have waited and left, and are looked after for an answer.
  public var firstUnansweredLeft: UInt32 { firstLeft }

  /// The first of them needs no more looking after.
  public mutating func passFirstLeft() {
    firstLeft = mutableChild(firstLeft).pointee.leftNext
    if firstLeft == 0 { lastLeft = 0 }
  }

  /// A new day: no child of the day before is looked after.
  public mutating func forgetLeft() {
    firstLeft = 0
    lastLeft = 0
  }

  // MARK: When

  /// Takes anew when the fund account's next message may leave: it waits, its link is ready, and
  /// there is room for it.
  public mutating func scheduleMessages(_ id: FundAccountID) {
    let fund = fundAccounts.at(id.raw)
    guard fund.pointee.waitingMessages > 0, fund.pointee.isReady else {
      messageTimes.remove(id.raw)
      return
    }
    messageTimes.set(id.raw, at: timeOfRoom(UnsafePointer(fund), for: 1))
  }

  /// When the first of all messages that wait may leave; nil when none may before something else
  /// happens.
  public var firstMessageTime: Timestamp? {
    messageTimes.firstTime.map { Timestamp(nanoseconds: $0) }
  }

  /// The fund account whose first message may leave by now; nil when there is none.
  public func messageLink(dueBy now: Timestamp) -> FundAccountID? {
    guard let first = messageTimes.firstTime, first <= now.nanoseconds else { return nil }
    return FundAccountID(messageTimes.firstNumber)
  }

  func hashMessages(into hasher: inout StateHasher) {
    hasher.combine(UInt64(firstLeft) << 32 | UInt64(lastLeft))
    for number in 0..<UInt32(fundAccountCount) {
      hash(fundAccounts.at(number).pointee.messageWindow, into: &hasher)
      hasher.combine(messageTimes.time(of: number) ?? .max)
    }
  }
}
