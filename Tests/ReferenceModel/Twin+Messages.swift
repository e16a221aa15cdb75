import Domain
import Messages

/// A message that waits for its turn to leave for a counter.
struct TwinMessage {
  var child: OrderID
  /// 1 a liquidation's, 2 a cancel, 3 an order that closes (rules.md 8).
  var priority: Int
  /// Counts the times that no work waited: what came in one of them came at once.
  var round: Int
}

/// What went over a fund account's link, and what waits for it.
struct TwinLink {
  /// When messages left, while there was a quota.
  var leftAt: [Timestamp] = []
  var waiting: [TwinMessage] = []
}

// rules.md 8: "Toward a counter, messages are paced inside its quota: liquidation before cancels
// before closing before opening; a late opening order is refused, not queued."
extension Twin {
  private func quota(_ fund: FundAccountID) -> Int64? {
    funds[fund.index].settings[.messageQuota]
  }

  private func reserve(_ fund: FundAccountID) -> Int64 {
    funds[fund.index].settings[.messageReserve] ?? 0
  }

  /// Whether messages over the link are counted, or wait from when they were.
  func isPaced(_ fund: FundAccountID) -> Bool {
    quota(fund) != nil || links[fund]?.waiting.isEmpty == false
  }

  /// Messages of the last second.
  private func leftLately(_ fund: FundAccountID) -> Int64 {
    let since = now.adding(nanoseconds: -1_000_000_000)
    return Int64(links[fund]?.leftAt.count { $0 > since } ?? 0)
  }

  func setQuota(_ set: SetFundAccount) {
    guard set.setting == .messageQuota else { return }
    if set.value == .min { links[set.fundAccount]?.leftAt = [] }
  }

  // MARK: Waiting

  func isWaiting(_ id: OrderID) -> Bool {
    children[id].map { links[$0.fund]?.waiting.contains { $0.child == id } ?? false } ?? false
  }

  /// A task has come to an order whose cancel it was to ask for: what had not left ends, or the
  /// cancel of a child leaves.
  func carryOutQueuedCancel(shownBy effect: Effect) {
    switch effect {
    case .report(let report):
      guard report.execType == .cancelled, queuedCancels.contains(report.order),
        let order = orders[report.order]
      else { return }
      let waiting = order.children.compactMap { children[$0] }.filter { $0.state == .waiting }
      let lots = waiting.reduce(0) { $0 + $1.held }
      guard lots > 0, report.leavesLots == order.leaves - lots else { return }
      carryOutQueuedCancel(of: report.order)
    case .sendCancel(let sent):
      guard isPaced(sent.fundAccount), !isWaiting(sent.child), let child = children[sent.child]
      else { return }
      carryOutQueuedCancel(of: child.parent)
    default: break
    }
  }

  /// A child waits in place of being sent.
  func waits(_ child: OrderID, _ fund: FundAccountID, isForced: Bool) {
    if quota(fund) == nil { complain("child \(child) waits, and there is no quota") }
    links[fund, default: TwinLink()].waiting.append(
      TwinMessage(child: child, priority: isForced ? 1 : 3, round: round))
  }

  /// A cancel that is to leave as soon as it may. One that waits keeps its place, over the loss of
  /// its link too, until something more urgent asks for it.
  func waitsToCancel(_ id: OrderID, isForced: Bool) {
    guard let child = children[id], let order = orders[child.parent] else { return }
    let priority = isForced || child.isCancelForced || order.terms.clOrdID.isForced ? 1 : 2
    if let place = links[child.fund]?.waiting.firstIndex(where: { $0.child == id }) {
      guard let known = links[child.fund]?.waiting[place], priority < known.priority else { return }
      links[child.fund]?.waiting.remove(at: place)
    }
    links[child.fund, default: TwinLink()].waiting.append(
      TwinMessage(child: id, priority: priority, round: round))
  }

  func waitsNoMore(_ id: OrderID) {
    guard let child = children[id] else { return }
    links[child.fund]?.waiting.removeAll { $0.child == id }
  }

  /// What has not left for its counter never does.
  func withdraw(_ id: OrderID) {
    for number in orders[id]?.children ?? [] {
      guard let child = children[number], child.state == .waiting else { continue }
      end(number, .neverArrived, stillComing: 0)
      guard var order = orders[id] else { continue }
      order.ended += child.held
      store(order)
    }
  }

  // MARK: Leaving

  /// A child is sent, at once or after it has waited.
  func sent(_ sent: SendOrder) {
    if !sentChildren.insert(sent.child).inserted { complain("child \(sent.child) was sent twice") }
    guard let child = children[sent.child], var order = orders[child.parent] else {
      return complain("child \(sent.child) of nobody")
    }
    let isOpening = order.terms.offset == .open && !order.terms.clOrdID.isForced
    guard child.state == .waiting else {
      let priority = order.terms.clOrdID.isForced ? 1 : isOpening ? 4 : 3
      return leaves(sent.fundAccount, sent.child, priority, isOpening: isOpening)
    }
    leaves(sent.fundAccount, sent.child, nil, isOpening: false)
    children[sent.child]?.state = .sent
    children[sent.child]?.sentAt = now
    if !funds[child.fund.index].isReady { complain("a child over a link that is not ready") }
    let isFaithful =
      sent.fundAccount == child.fund && sent.side == child.side && sent.offset == child.offset
      && sent.hedge == child.hedge && sent.lots == child.lots
    if !isFaithful { complain("child \(sent.child) left as something else") }
    let price =
      order.terms.clOrdID.isForced ? forcedPrice(order.terms.instrument, order.terms.side) : nil
    if sent.price.units != price ?? sent.price.units || price == nil && sent.price != child.price {
      complain("child \(sent.child) left at \(sent.price.units), it had \(child.price.units)")
    }
    children[sent.child]?.price = sent.price
    if sent.price != child.price {
      order.terms.price = sent.price
      store(order)
    }
    countForRate(sent.fundAccount)
  }

  func sentCancel(_ sent: SendCancel) -> Bool {
    guard let child = children[sent.child], isPaced(sent.fundAccount) else { return false }
    guard isWaiting(sent.child) else { return false }
    leaves(sent.fundAccount, sent.child, nil, isOpening: false)
    children[sent.child]?.cancelEpoch = funds[child.fund.index].epoch
    return true
  }

  /// - Parameter priority: of what has not waited.
  private func leaves(
    _ fund: FundAccountID, _ child: OrderID, _ priority: Int?, isOpening: Bool
  ) {
    let own = links[fund]?.waiting.first { $0.child == child }
    let message = TwinMessage(
      child: child, priority: own?.priority ?? priority ?? 9, round: own?.round ?? round)
    links[fund]?.waiting.removeAll { $0.child == child }
    for other in links[fund]?.waiting ?? [] where other.round < round {
      let isBefore =
        other.priority < message.priority
        || other.priority == message.priority && other.round < message.round
        // What waits goes before what comes.
        || own == nil
      if isBefore { complain("\(message) leaves before \(other)") }
    }
    guard let quota = quota(fund) else { return }
    let most = isOpening ? quota - reserve(fund) : quota
    let count = leftLately(fund)
    if count >= most { complain("message \(count + 1) of \(most) a second leaves: \(message)") }
    links[fund, default: TwinLink()].leftAt.append(now)
  }

  /// A refused opening: there was no room.
  func declinedByQuota(_ notice: Notice) {
    let fund = FundAccountID(notice.scopeID)
    guard let quota = quota(fund) else { return complain("\(notice) without a quota") }
    let waiting = Int64(links[fund]?.waiting.count ?? 0)
    let most = quota - reserve(fund)
    let isFull = waiting > 0 || notice.observed >= most
    let ahead = notice.observed - leftLately(fund) - waiting
    if !isFull || notice.limit != most || !(0...2).contains(ahead) {
      complain("\(notice): \(leftLately(fund)) sent, \(waiting) wait, \(most) a second")
    }
  }

  // MARK: Once no work waits

  public func waitingMessages(_ fund: FundAccountID) -> Int? {
    funds[fund.index].isReady ? links[fund]?.waiting.count ?? 0 : nil
  }

  /// What may leave has left.
  func checkWaiting() {
    round += 1
    guard comingDay == nil else { return }
    for (fund, link) in links.sorted(by: { $0.key.raw < $1.key.raw })
    where funds[fund.index].isReady && !link.waiting.isEmpty {
      let most = quota(fund) ?? .max
      if leftLately(fund) < most {
        complain("\(link.waiting.count) messages wait, \(leftLately(fund)) left of \(most)")
      }
    }
  }
}
