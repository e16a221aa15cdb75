import Domain
import Messages

// Cancels on their way: asked for at once, or by a task whose turn comes later.
extension Twin {
  /// Marks an order and its working children; returns the children whose cancel must leave now.
  ///
  /// - Parameter isForced: a liquidation asks; what a terminal has asked for stays its own.
  func requestCancel(_ id: OrderID, isForced: Bool = false) -> [OrderID] {
    guard let order = orders[id] else { return [] }
    orders[id]?.cancelRequested = true
    withdraw(id)
    return order.children.filter { number in
      guard let child = children[number], !child.isFinal else { return false }
      if !isForced { children[number]?.isCancelForced = false }
      guard !child.cancelRequested else {
        if isWaiting(number) { waitsToCancel(number, isForced: isForced) }
        return false
      }
      children[number]?.isCancelForced = isForced
      children[number]?.cancelRequested = true
      guard funds[child.fund.index].isReady else { return false }
      if isPaced(child.fund) {
        waitsToCancel(number, isForced: isForced)
        return false
      }
      children[number]?.cancelEpoch = funds[child.fund.index].epoch
      return true
    }
  }

  func massCancel(_ cancel: MassCancel) {
    guard cancel.account.index < accounts.count, comingDay == nil else { return }
    for id in ordersOf[cancel.account] ?? [] {
      guard let order = orders[id], order.leaves > 0, !isKept(order),
        cancel.instrument.isNone || cancel.instrument == order.terms.instrument,
        cancel.side == .unknown || cancel.side == order.terms.side
      else { continue }
      queueCancel(id)
    }
  }

  /// A task will ask for the cancel of an order: at once where every task is worked off before the
  /// next command, else when its turn comes.
  func queueCancel(_ id: OrderID) {
    if worksOffAtOnce {
      dueCancels += requestCancel(id)
    } else if !queuedCancels.contains(id) {
      queuedCancels.append(id)
    }
  }

  /// A task has come to an order: the cancel of one of its children leaves, or no task waits.
  func carryOutQueuedCancel(of id: OrderID) {
    guard let place = queuedCancels.firstIndex(of: id) else { return }
    queuedCancels.remove(at: place)
    dueCancels += requestCancel(id)
  }

  /// An order that ended before anything showed that the task had come to it: nobody outside can
  /// say whether it had, where no cancel could leave for a link that was down.
  func endQueuedCancel(of id: OrderID) {
    guard let place = queuedCancels.firstIndex(of: id) else { return }
    queuedCancels.remove(at: place)
    orders[id]?.isCancelUncertain = true
  }

  /// Whether a task may or may not have asked for the cancel of an order.
  public func isCancelUncertain(_ id: OrderID) -> Bool {
    queuedCancels.contains(id) || orders[id]?.isCancelUncertain == true
  }

  /// What its terminal was told decides whether the task had come to an order that ended.
  func settleUncertain(_ report: ExecutionReport) {
    guard let order = orders[report.order], order.isCancelUncertain,
      order.state == .rejected, report.state == .cancelled
    else { return }
    orders[report.order]?.cancelRequested = true
  }

  /// rules.md 3, cancel-limit: an order that ended by a confirmed cancel counts once; FAK and FOK
  /// remainders don't.
  func countCancel(_ id: OrderID) {
    guard let order = orders[id], !order.isCancelCounted, order.state == .cancelled,
      order.terms.timeInForce == .day
    else { return }
    let ended = order.children.compactMap { children[$0] }.filter { $0.state == .cancelled }
    guard ended.contains(where: { $0.cancelRequested && !$0.isCancelForced }) else {
      if order.isCancelUncertain, !ended.isEmpty {
        uncertainCancels.insert(
          TwinCancelPlace(account: order.terms.account, instrument: order.terms.instrument))
      }
      return
    }
    orders[id]?.isCancelCounted = true
    cancels.append((order.terms.account, order.terms.instrument))
  }

  /// Confirmed cancels of an account in an instrument today.
  public func cancelCount(_ account: OperationAccountID, _ instrument: InstrumentID) -> Int64 {
    Int64(cancels.count { $0.0 == account && $0.1 == instrument })
  }

  /// Whether it may be one more.
  public func isCancelCountUncertain(
    _ account: OperationAccountID, _ instrument: InstrumentID
  ) -> Bool {
    uncertainCancels.contains(TwinCancelPlace(account: account, instrument: instrument))
  }
}

/// An account and an instrument whose confirmed cancels are counted.
struct TwinCancelPlace: Hashable {
  var account: OperationAccountID
  var instrument: InstrumentID
}
