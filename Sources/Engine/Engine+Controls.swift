import Domain
import Ledger
import MarketData
import Messages
import RiskRules

// What risk controllers do (desk.md). Each request is held to the rules of
// `RuleTable.controlOrder`, answered to who asked, and told, with who and why, in the numbering of
// the notices.
extension Engine {
  /// A request as it is judged, answered and told.
  struct Asked {
    var kind: ControlKind
    var request: ControlRequest
    var subject: ControlContext.Subject
    var scope: ScopeKind
    var scopeID: UInt32
    var order = OrderID.none
    /// Of a liquidation that is about one.
    var instrument = InstrumentID.none
  }

  mutating func control(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .barOpening(let bar): barOpening(bar, &effects)
    case .killSwitch(let kill): killSwitch(kill, &effects)
    case .cancelAnyOrder(let cancel): cancelAnyOrder(cancel, &effects)
    case .kickSession(let kick): kickSession(kick, &effects)
    case .controlRelease(let release): controlRelease(release, &effects)
    case .controlAssign(let assign): controlAssign(assign, &effects)
    case .controlLiquidate(let force): controlLiquidate(force, &effects)
    case .controlStop(let stop): controlStop(stop, &effects)
    default: refuse(&effects)
    }
  }

  /// Why the rules refuse a request; nil when they let it pass.
  func refusal(of asked: Asked) -> Refusal? {
    let id = asked.request.controller
    return RuleTable.firstControlFailure(
      ControlContext(
        controller: ledger.exists(id) ? ledger.controllers.at(id) : nil, controllerID: id,
        kind: asked.kind, subject: asked.subject, hasReason: !asked.request.reason.isEmpty),
      ledger)
  }

  func answer(
    _ asked: Asked, _ refusal: Refusal, _ effects: inout EffectBuffer
  ) {
    effects.append(
      .controlDone(
        ControlDone(
          kind: asked.kind, controller: asked.request.controller, session: asked.request.session,
          requestID: asked.request.requestID, refusal: refusal)))
  }

  /// Tells what is done, and answers; the number of what was told.
  @discardableResult
  mutating func take(_ asked: Asked, _ effects: inout EffectBuffer) -> UInt64 {
    noticeNumber += 1
    effects.append(
      .controlTaken(
        ControlTaken(
          kind: asked.kind, controller: asked.request.controller, scopeKind: asked.scope,
          scopeID: asked.scopeID, order: asked.order, reason: asked.request.reason,
          number: noticeNumber, instrument: asked.instrument)))
    answer(asked, .none, &effects)
    return noticeNumber
  }

  // MARK: Bars

  private mutating func barOpening(_ bar: BarOpening, _ effects: inout EffectBuffer) {
    let asked = Asked(
      kind: bar.isBarred ? .barOpening : .releaseOpening, request: bar.request,
      subject: .account(bar.account), scope: .operationAccount, scopeID: bar.account.raw)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    if bar.isBarred {
      let number = take(asked, &effects)
      ledger.barOpening(
        bar.account, by: bar.request.controller, bar.request.reason, number: number, at: now)
    } else if ledger.releaseOpening(bar.account) {
      take(asked, &effects)
    } else {
      answer(
        asked, Refusal(.badCommand, scope: .operationAccount, scopeID: bar.account.raw), &effects)
    }
  }

  private mutating func controlRelease(
    _ release: ControlRelease, _ effects: inout EffectBuffer
  ) {
    let isAccount = release.holderKind == .operationAccount
    let asked = Asked(
      kind: .releaseOrderRate, request: release.request,
      subject: isAccount ? .account(OperationAccountID(release.holderID)) : .everybody,
      scope: isAccount ? .operationAccount : .fundAccount, scopeID: release.holderID)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    let isDone = releaseOrderRate(
      ReleaseOrderRate(holderKind: release.holderKind, holderID: release.holderID))
    if isDone {
      take(asked, &effects)
    } else {
      answer(
        asked, Refusal(.badCommand, scope: asked.scope, scopeID: asked.scopeID), &effects)
    }
  }

  // MARK: Kill switches

  private func scope(_ kill: KillSwitch) -> KillScope? {
    switch kill.scopeKind {
    case .platform: return .platform
    case .operationAccount:
      let id = OperationAccountID(kill.scopeID)
      return ledger.exists(id) ? .account(id) : nil
    case .product:
      let id = ProductID(kill.scopeID)
      return ledger.exists(id) ? .product(id) : nil
    case .counter:
      let id = CounterID(kill.scopeID)
      return ledger.exists(id) ? .counter(id) : nil
    default: return nil
    }
  }

  private mutating func killSwitch(_ kill: KillSwitch, _ effects: inout EffectBuffer) {
    let isAccount = kill.scopeKind == .operationAccount
    let asked = Asked(
      kind: !kill.isOn ? .releaseKillSwitch : kill.flattens ? .killAndFlatten : .killSwitch,
      request: kill.request,
      subject: isAccount ? .account(OperationAccountID(kill.scopeID)) : .everybody,
      scope: kill.scopeKind, scopeID: kill.scopeID)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    guard let scope = scope(kill), !kill.flattens || kill.isOn && kill.scopeKind != .counter,
      kill.isOn || ledger.releaseKillSwitch(scope)
    else {
      return answer(
        asked, Refusal(.badCommand, scope: kill.scopeKind, scopeID: kill.scopeID), &effects)
    }
    let number = take(asked, &effects)
    guard kill.isOn else { return }
    ledger.pressKillSwitch(
      scope, by: kill.request.controller, kill.request.reason, number: number, at: now)
    start(killItem(scope), &effects)
    if kill.flattens { start(flattenItem(scope), &effects) }
  }

  private func killItem(_ scope: KillScope) -> WorkItem {
    var first = UInt32(0)
    var bound = UInt32(ledger.orderCount)
    switch scope {
    case .account(let id): first = id.raw
    case .counter: bound = UInt32(ledger.childCount)
    case .platform, .product: break
    }
    return WorkItem(
      kind: .kill, side: .unknown, subject: UInt32(ledger.controls.place(scope)),
      instrument: .none, cursor: 0, bound: bound,
      holders: Ledger.HolderCursor(chunk: first, offset: 0))
  }

  /// Cancels for account after account, or fund account after fund account: what was begun goes
  /// through, whether the switch is released meanwhile or not.
  mutating func killSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let scope = ledger.controls.scope(at: Int(item.pointee.subject))
    var end = UInt32(ledger.accountCount)
    switch scope {
    case .account(let id): end = id.raw + 1
    case .counter: end = UInt32(ledger.fundAccountCount)
    case .platform, .product: break
    }
    while item.pointee.holders.chunk < end {
      guard units > 0, effects.hasRoom(for: 512) else { return false }
      let id = item.pointee.holders.chunk
      units -= 1
      let isDone: Bool
      switch scope {
      case .counter(let counter):
        let fund = FundAccountID(id)
        isDone =
          ledger.fundAccount(fund).pointee.counter != counter
          || cancelChildren(at: fund, item, &units, &effects)
      case .product(let product):
        let account = OperationAccountID(id)
        isDone =
          ledger.account(account).pointee.product != product
          || cancelSlice(of: account, item, &units, &effects)
      case .account, .platform:
        isDone = cancelSlice(of: OperationAccountID(id), item, &units, &effects)
      }
      guard isDone else { return false }
      item.pointee.holders.chunk += 1
      item.pointee.cursor = 0
      item.pointee.reached = 0
    }
    return true
  }

  /// Orders with a part at a fund account are cancelled whole.
  private mutating func cancelChildren(
    at id: FundAccountID, _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) -> Bool {
    var number = item.pointee.cursor
    if number == 0 || ledger.child(number).pointee.heldLots == 0 {
      number = ledger.fundAccount(id).pointee.firstWorking
    }
    while number != 0 {
      guard units > 0, effects.hasRoom(for: 512) else {
        item.pointee.cursor = number
        return false
      }
      units -= 1
      let next = ledger.child(number).pointee.fundNext
      if number > item.pointee.reached, number <= item.pointee.bound {
        units -= requestCancel(ledger.child(number).pointee.parent, by: ClOrdID(), &effects)
      }
      item.pointee.reached = max(item.pointee.reached, number)
      // Parts of the order that had not left are gone, the next one may be among them.
      let isThere = next == 0 || ledger.child(next).pointee.heldLots > 0
      number = isThere ? next : ledger.fundAccount(id).pointee.firstWorking
    }
    return true
  }

  // MARK: Orders, sessions, trades

  private mutating func cancelAnyOrder(
    _ cancel: CancelAnyOrder, _ effects: inout EffectBuffer
  ) {
    let number = ledger.orderNumber(cancel.order, day: market.tradingDay, shard: shard)
    let account = number == 0 ? OperationAccountID.none : ledger.order(number).pointee.account
    let asked = Asked(
      kind: .cancelOrder, request: cancel.request,
      subject: number == 0 ? .everybody : .account(account), scope: .operationAccount,
      scopeID: account.raw, order: cancel.order)
    if let refusal = refusal(of: asked) {
      // Who is bound to some accounts learns nothing of others' orders.
      let isHidden = refusal.rule == .accountNotBoundToController
      return answer(asked, isHidden ? Refusal(.unknownOrder, scope: .order) : refusal, &effects)
    }
    guard number != 0 else {
      return answer(asked, Refusal(.unknownOrder, scope: .order), &effects)
    }
    let state = ledger.order(number).pointee.state
    guard !state.isFinal else {
      return answer(
        asked, Refusal(.orderDone, observed: Int64(state.rawValue), unit: .code, scope: .order),
        &effects)
    }
    take(asked, &effects)
    _ = requestCancel(number, by: ClOrdID(), &effects)
  }

  private mutating func kickSession(_ kick: KickSession, _ effects: inout EffectBuffer) {
    let asked = Asked(
      kind: .kickSession, request: kick.request, subject: .account(kick.account),
      scope: .operationAccount, scopeID: kick.account.raw)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    guard ledger.account(kick.account).pointee.logon.sessionsOpen > 0 else {
      return answer(
        asked, Refusal(.badCommand, scope: .operationAccount, scopeID: kick.account.raw),
        &effects)
    }
    take(asked, &effects)
    effects.append(
      .dropSessions(DropSessions(account: kick.account, session: kick.target)))
  }

  private mutating func controlAssign(
    _ assign: ControlAssign, _ effects: inout EffectBuffer
  ) {
    let asked = Asked(
      kind: .assignTrade, request: assign.request, subject: .account(assign.account),
      scope: .operationAccount, scopeID: assign.account.raw)
    if let refusal = refusal(of: asked) { return answer(asked, refusal, &effects) }
    let why = assigned(
      AssignUnmapped(
        trade: assign.trade, account: assign.account, offset: assign.offset, lots: assign.lots),
      &effects)
    if let why { return answer(asked, why, &effects) }
    take(asked, &effects)
  }
}
