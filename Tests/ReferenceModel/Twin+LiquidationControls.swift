import Domain
import Messages

// What risk controllers ask of liquidations (desk.md), and when they may.
extension Twin {
  func controlLiquidate(_ ask: ControlLiquidate, _ effects: [Effect]) {
    let account: OperationAccountID? = ask.account.isNone ? nil : ask.account
    if let rule = refusal(.forceLiquidation, ask.request, account) {
      expect(rule, effects)
      return
    }
    let force = ForceLiquidate(
      who: controllers[ask.request.controller.index].name, account: ask.account,
      product: ask.product, instrument: ask.instrument, side: ask.side, hedge: ask.hedge,
      extent: ask.extent)
    if comingDay != nil {
      expect(.engineNotReady, effects)
      return
    }
    guard isSensible(force) else {
      expect(.badCommand, effects)
      return
    }
    guard account != nil else {
      if isTakenForAccounts(effects) { askLiquidation(.forceLiquidate(force)) }
      return
    }
    if expect(standsInTheWay(force) ? .liquidating : nil, effects) {
      askLiquidation(.forceLiquidate(force))
    }
  }

  func controlStop(_ ask: ControlStop, _ effects: [Effect]) {
    let account: OperationAccountID? = ask.account.isNone ? nil : ask.account
    if let rule = refusal(.stopLiquidation, ask.request, account) {
      expect(rule, effects)
      return
    }
    let isTaken: Bool
    if let account {
      let phase = liquidations.running[account]?.told.phase
      let runs = phase == .cancelling || phase == .closing
      isTaken = expect(ask.product.isNone && runs ? nil : .badCommand, effects)
    } else if ask.product.isNone || ask.product.raw >= UInt32(productCount) {
      isTaken = expect(.badCommand, effects)
    } else {
      isTaken = isTakenForAccounts(effects)
    }
    if isTaken {
      askLiquidation(
        .stopLiquidation(
          StopLiquidation(who: Name(), account: ask.account, product: ask.product)))
    }
  }

  /// One word about a product's accounts is carried out at a time.
  private func isTakenForAccounts(_ effects: [Effect]) -> Bool {
    for case .controlDone(let done) in effects where done.refusal.rule == .capacity {
      return false
    }
    return expect(nil, effects)
  }

  private func isSensible(_ force: ForceLiquidate) -> Bool {
    if force.account.isNone {
      guard !force.product.isNone, force.product.raw < UInt32(productCount) else { return false }
    } else {
      guard force.product.isNone, force.account.index < accounts.count,
        !accounts[force.account.index].product.isNone
      else { return false }
    }
    guard force.extent != .unknown else { return false }
    if force.instrument.isNone { return force.side == .unknown && force.hedge == .unknown }
    guard force.instrument.index < instruments.count else { return false }
    return force.side != .unknown || force.hedge == .unknown
  }

  /// A liquidation runs that a controller may not widen: another controller's, about what is not
  /// all in the scope of the new one; or anybody's, when neither scope lies in the other.
  private func standsInTheWay(_ force: ForceLiquidate) -> Bool {
    guard let known = liquidations.running[force.account] else { return false }
    let wanted = LiquidationScope(
      instrument: force.instrument, side: force.side, hedge: force.hedge)
    if wanted.covers(known.scope) { return false }
    return known.told.owner == .controller || !known.scope.covers(wanted)
  }

  func askFlattening(_ scope: TwinSwitch, _ who: Name) {
    for index in accounts.indices {
      switch scope.kind {
      case .operationAccount where UInt32(index) != scope.id: continue
      case .product where accounts[index].product.raw != scope.id: continue
      default: liquidations.flattened[OperationAccountID(UInt32(index)), default: []].insert(who)
      }
    }
  }
}
