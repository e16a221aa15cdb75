import Domain
import Ledger
import Messages
import RiskRules

// What risk controllers do about liquidations (desk.md, "Force liquidation" and "Kill switch"): the
// rules of section 7, then the one machine that there is (Engine+Liquidation.swift).
extension Engine {
  mutating func controlLiquidate(_ ask: ControlLiquidate, _ effects: inout EffectBuffer) {
    var asked = asked(.forceLiquidation, ask.request, ask.account, ask.product)
    asked.instrument = ask.instrument
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    let force = ForceLiquidate(
      who: name(of: ask.request.controller), account: ask.account, product: ask.product,
      instrument: ask.instrument, side: ask.side, hedge: ask.hedge, extent: ask.extent)
    guard isReady else {
      return answer(asked, Refusal(.engineNotReady, scope: .platform), &effects)
    }
    guard isLegal(force) else { return answer(asked, bad(asked), &effects) }
    guard !ask.account.isNone else {
      guard !liquidationSweep.isActive else { return answer(asked, Self.sweepRuns, &effects) }
      take(asked, &effects)
      return startSweep(force, isStop: false)
    }
    let origin = LiquidationOrigin(force)
    guard mayBegin(origin, ask.account) else {
      let owner = ledger.liquidation(ask.account).pointee.owner
      return answer(
        asked,
        Refusal(
          .liquidating, observed: Int64(owner.rawValue),
          limit: Int64(LiquidationOwner.controller.rawValue), unit: .code,
          scope: .operationAccount, scopeID: ask.account.raw), &effects)
    }
    take(asked, &effects)
    _ = begin(origin, ask.account, &effects)
  }

  mutating func controlStop(_ ask: ControlStop, _ effects: inout EffectBuffer) {
    let asked = asked(.stopLiquidation, ask.request, ask.account, ask.product)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    guard isOneOf(ask.account, ask.product) else { return answer(asked, bad(asked), &effects) }
    guard !ask.account.isNone else {
      guard !liquidationSweep.isActive else { return answer(asked, Self.sweepRuns, &effects) }
      take(asked, &effects)
      var force = LiquidationSweep().force
      force.who = name(of: ask.request.controller)
      force.product = ask.product
      return startSweep(force, isStop: true)
    }
    let phase = ledger.liquidationPhase(ask.account)
    guard phase == .cancelling || phase == .closing else {
      return answer(asked, bad(asked), &effects)
    }
    take(asked, &effects)
    _ = stop(ask.account, .stopped, &effects)
  }

  /// A product's accounts are more than a list can name: they take a controller who is bound to
  /// all.
  private func asked(
    _ kind: ControlKind, _ request: ControlRequest, _ account: OperationAccountID,
    _ product: ProductID
  ) -> Asked {
    account.isNone
      ? Asked(
        kind: kind, request: request, subject: .everybody, scope: .product, scopeID: product.raw)
      : Asked(
        kind: kind, request: request, subject: .account(account), scope: .operationAccount,
        scopeID: account.raw)
  }

  private func bad(_ asked: Asked) -> Refusal {
    Refusal(.badCommand, scope: asked.scope, scopeID: asked.scopeID)
  }

  /// Another product's accounts are gone through: one at a time.
  private static var sweepRuns: Refusal {
    Refusal(.capacity, observed: 1, limit: 1, unit: .count, scope: .platform)
  }

  /// Of a controller who exists.
  private func name(of controller: ControllerID) -> Name {
    directory.controllers.name(controller.raw).flatMap { Name($0) } ?? Name()
  }

  // MARK: Kill switches that flatten

  func flattenItem(_ scope: KillScope) -> WorkItem {
    var item = Self.liquidationItem(.flatten)
    item.subject = UInt32(ledger.controls.place(scope))
    if case .account(let id) = scope { item.holders.chunk = id.raw }
    return item
  }

  /// Account after account: what was begun goes through, whether the switch is released meanwhile
  /// or not. It is in the name of who pressed it last.
  mutating func flattenSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let place = Int(item.pointee.subject)
    let scope = ledger.controls.scope(at: place)
    let who = name(of: ledger.controls.killSwitch(place).pointee.controller)
    var end = UInt32(ledger.accountCount)
    if case .account(let id) = scope { end = id.raw + 1 }
    while item.pointee.holders.chunk < end {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      units -= 1
      let account = OperationAccountID(item.pointee.holders.chunk)
      item.pointee.holders.chunk += 1
      let product = ledger.account(account).pointee.product
      if case .product(let id) = scope, product != id { continue }
      guard !product.isNone, hasSomething(account) else { continue }
      let origin = LiquidationOrigin(
        owner: .controller, who: who, extent: .all, scope: LiquidationScope())
      _ = begin(origin, account, &effects)
    }
    return true
  }
}
