import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

// How liquidations go: told to controllers who ask to be told, as far as accounts are bound to
// them, and to who asked for one.
extension Gateway {
  /// Rows looked at for one controller in one turn.
  private static let liquidationsPerTurn = 512

  mutating func liquidationMoved(_ progress: LiquidationProgress) {
    record(.liquidationProgress(progress))
    liquidations.update(progress, at: sequencer.now)
    // Who is up to date sees each step, who is slow the newest of each account.
    var place = following.count - 1
    while place >= 0 {
      let slot = following[place]
      place -= 1
      guard let terminal = terminals.inSlot(slot), terminal.pointee.isLive,
        terminal.pointee.liquidationAt == liquidations.newest - 1
      else { continue }
      pumpLiquidations(slot, terminal)
    }
  }

  mutating func subscribeLiquidations(
    _ request: DeskProtocol.SubscribeLiquidationsDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard mayWatch(terminal.pointee.controller) else {
      return refuseToWatch(
        slot, terminal, DeskProtocol.SubscribeLiquidations.templateID, request.requestID)
    }
    terminal.pointee.liquidationRequest = request.requestID
    terminal.pointee.liquidationGoal = liquidations.newest
    terminal.pointee.liquidationAt = 0
    terminal.pointee.followsAll = true
    following.insert(slot)
    pumpLiquidations(slot, terminal)
  }

  /// A controller's request was done: how what he asked for goes is told to this session of his.
  mutating func followOwn(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    guard !following.contains(slot) else { return }
    terminal.pointee.liquidationAt = liquidations.newest
    terminal.pointee.followsAll = false
    following.insert(slot)
  }

  /// Sends what moved and finds room, to whoever follows.
  mutating func pumpLiquidations() {
    var place = following.count - 1
    while place >= 0 {
      let slot = following[place]
      place -= 1
      if let terminal = terminals.inSlot(slot) { pumpLiquidations(slot, terminal) }
    }
  }

  private mutating func pumpLiquidations(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    // The right may have been taken away since.
    if terminal.pointee.followsAll, !mayWatch(terminal.pointee.controller) {
      terminal.pointee.followsAll = false
      terminal.pointee.liquidationRequest = 0
    }
    guard terminal.pointee.isLive, hasRoomForNotice(slot) else { return }
    var steps = Gateway.liquidationsPerTurn
    var next =
      terminal.pointee.liquidationAt < liquidations.newest
      ? liquidations.first(after: terminal.pointee.liquidationAt) : nil
    while let row = next {
      completeLiquidations(slot, terminal, before: row.pointee.version)
      guard steps > 0, hasRoomForNotice(slot), terminal.pointee.isLive else { return }
      steps -= 1
      next = liquidations.next(after: row)
      terminal.pointee.liquidationAt = row.pointee.version
      guard isToldOf(row, terminal) else { continue }
      send(message(of: row), to: slot, terminal)
    }
    completeLiquidations(slot, terminal, before: .max)
  }

  /// Says once that all which runs has been told.
  private mutating func completeLiquidations(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, before version: UInt64
  ) {
    guard terminal.pointee.liquidationRequest != 0, version > terminal.pointee.liquidationGoal,
      hasRoomForNotice(slot), terminal.pointee.isLive
    else { return }
    let request = terminal.pointee.liquidationRequest
    terminal.pointee.liquidationRequest = 0
    send(DeskProtocol.LiquidationsComplete(requestID: request), to: slot, terminal)
  }

  private func isToldOf(
    _ row: UnsafePointer<LiquidationBoard.Row>, _ terminal: UnsafeMutablePointer<Terminal>
  ) -> Bool {
    let controller = terminal.pointee.controller
    guard
      concerns(
        .operationAccount, row.pointee.progress.account.raw, controller, isPlatformToo: false)
    else { return false }
    guard terminal.pointee.followsAll else {
      return row.pointee.progress.owner == .controller
        && row.pointee.progress.who == names.controllers.name(controller.raw)
    }
    // Of those that were there before, what is over is no news.
    return row.pointee.progress.phase != .ended
      || row.pointee.version > terminal.pointee.liquidationGoal
  }

  private func message(
    of row: UnsafePointer<LiquidationBoard.Row>
  ) -> DeskProtocol.LiquidationProgress {
    let progress = row.pointee.progress
    let instrument = progress.instrument
    return DeskProtocol.LiquidationProgress(
      account: names.operationAccounts.name(progress.account.raw), number: progress.number,
      time: row.pointee.time, owner: progress.owner, phase: progress.phase, end: progress.end,
      extent: progress.extent, rule: progress.rule.rawValue, level: progress.level,
      controller: progress.who,
      exchange: instrument.isNone ? .unknown : names.exchange(instrument),
      instrument: names.code(instrument),
      side: progress.side, hedge: progress.hedge, lotsHeld: progress.lotsLeft,
      lotsWorking: progress.lotsWorking, waits: progress.waits.rawValue, orders: progress.orders)
  }

  // MARK: Asked for

  /// Positions that a controller has closed. Names that stand for nothing become ids of nobody: the
  /// engine refuses them by rule.
  func liquidate(
    _ control: DeskProtocol.ControlDecoder, _ request: ControlRequest
  ) -> Command {
    let (account, product) = accounts(of: control)
    var instrument = InstrumentID.none
    if !control.instrument.isEmpty {
      instrument = self.instrument(of: control) ?? InstrumentID(.max - 1)
    }
    return .controlLiquidate(
      ControlLiquidate(
        request: request, account: account, product: product, instrument: instrument,
        side: control.side, hedge: control.hedge,
        extent: control.extent == .unknown ? .all : control.extent))
  }

  func stopLiquidation(
    of control: DeskProtocol.ControlDecoder, _ request: ControlRequest
  ) -> Command {
    let (account, product) = accounts(of: control)
    return .controlStop(ControlStop(request: request, account: account, product: product))
  }

  private func accounts(
    of control: DeskProtocol.ControlDecoder
  ) -> (OperationAccountID, ProductID) {
    switch control.scopeKind {
    case .operationAccount:
      (OperationAccountID(names.operationAccounts.id(control.name) ?? .max - 1), .none)
    case .product: (.none, ProductID(names.products.id(control.name) ?? .max - 1))
    default: (.none, .none)
    }
  }

  private func instrument(of control: DeskProtocol.ControlDecoder) -> InstrumentID? {
    guard control.exchange == .unknown else {
      return names.instrument(control.instrument, control.exchange)
    }
    for exchange in Exchange.allCases {
      if let found = names.instrument(control.instrument, exchange) { return found }
    }
    return nil
  }
}
