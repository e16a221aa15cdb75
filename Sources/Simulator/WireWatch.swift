import Domain
import Messages
import Wire

/// Looks at every byte that leaves the gateway: nothing leaves before its record is stored, no
/// child twice, and what terminals hear is what was decided.
struct WireWatch {
  func sent(
    _ bytes: UnsafeRawBufferPointer, _ connection: SimulatedConnection, _ world: Simulation
  ) {
    var rest = bytes
    while !rest.isEmpty {
      guard case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum) else {
        return world.fail("the gateway sends a part of a message, or nonsense")
      }
      switch connection.peer {
      case .fund: watchCounter(frame, world)
      case .seat: watchTerminal(frame, world)
      case .watcher:
        if (try? DeskProtocol.Message(frame)) == nil {
          return world.fail("the gateway sends a controller what is no message")
        }
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[frame.length...])
    }
  }

  private func watchCounter(_ frame: Frame, _ world: Simulation) {
    guard let message = try? CounterProtocol.Message(frame) else {
      return world.fail("the gateway sends a counter what is no message")
    }
    switch message {
    case .insertOrder(let order):
      guard let child = world.witness?.children[order.childOrderID.raw] else {
        return world.fail("child \(order.childOrderID) leaves before it is stored")
      }
      if child.hasLeft { world.fail("child \(order.childOrderID) leaves twice") }
      let isFaithful =
        order.lots == child.order.lots && order.price == child.order.price
        && order.side == child.order.side && order.offset == child.order.offset
      if !isFaithful { world.fail("child \(order.childOrderID) leaves as another") }
      world.witness?.childHasLeft(order.childOrderID.raw)
    case .cancelOrder(let cancel):
      guard world.witness?.children[cancel.childOrderID.raw]?.cancelIsStored == true else {
        return world.fail("a cancel of \(cancel.childOrderID) leaves before it is stored")
      }
    default: break
    }
  }

  private func watchTerminal(_ frame: Frame, _ world: Simulation) {
    guard let message = try? OrderEntry.Message(frame) else {
      return world.fail("the gateway sends a terminal what is no message")
    }
    guard case .executionReport(let report) = message, report.reportSequence != 0 else { return }
    let stored = world.witness?.reports ?? []
    guard let account = SimulatedHouse.accountNames.firstIndex(of: report.account) else {
      return world.fail("a report for \(report.account)")
    }
    guard report.reportSequence <= UInt64(stored[account].count) else {
      return world.fail("report \(report.reportSequence) leaves before it is stored")
    }
    let decided = stored[account][Int(report.reportSequence) - 1]
    let isFaithful =
      report.orderID == decided.order && report.execType == decided.execType
      && report.state == decided.state && report.cumulativeLots == decided.cumulativeLots
      && report.leavesLots == decided.leavesLots && report.unknownLots == decided.unknownLots
      && report.clOrdID == decided.clOrdID && report.tradeID == decided.tradeID
    if !isFaithful {
      world.fail("report \(report.reportSequence) leaves as another: \(decided)".prefixed(600))
    }
  }
}
