import Domain
import Messages

/// A risk controller as he was set up.
struct TwinController {
  var name: Name
  var rights: ControllerRights = []
  var isEnabled = true
  var bindsAll = false
  var accounts: Set<OperationAccountID> = []
}

/// What a kill switch is for.
struct TwinSwitch: Hashable {
  var kind: ScopeKind
  var id: UInt32
}

// desk.md: what risk controllers may do and do.
extension Twin {
  /// True when the command was a controller's, or about one.
  func controller(_ command: Command, _ effects: [Effect]) -> Bool {
    switch command {
    case .defineController(let define):
      if !effects.isRefused { controllers.append(TwinController(name: define.name)) }
    case .setController(let set): if !effects.isRefused { self.set(set) }
    case .bindController(let bind):
      guard !effects.isRefused else { break }
      if bind.bound {
        controllers[bind.controller.index].accounts.insert(bind.account)
      } else {
        controllers[bind.controller.index].accounts.remove(bind.account)
      }
    case .setControllerCredential, .allowControllerAddress, .allowControllerMAC,
      .clearControllerAccess, .controllerLogon, .controllerClosed:
      break
    case .barOpening(let bar): barOpening(bar, effects)
    case .killSwitch(let kill): killSwitch(kill, effects)
    case .cancelAnyOrder(let cancel): cancelAnyOrder(cancel, effects)
    case .kickSession(let kick):
      expect(
        refusal(.kickSession, kick.request, kick.account)
          ?? (accounts[kick.account.index].sessions == 0 ? .badCommand : nil), effects)
    case .controlRelease(let release): controlRelease(release, effects)
    case .controlAssign(let assign): controlAssign(assign, effects)
    case .controlLiquidate(let ask): controlLiquidate(ask, effects)
    case .controlStop(let ask): controlStop(ask, effects)
    default: return false
    }
    return true
  }

  private func set(_ set: SetController) {
    let place = set.controller.index
    switch set.setting {
    case .rights: controllers[place].rights = ControllerRights(rawValue: UInt16(max(set.value, 0)))
    case .bindsAll: controllers[place].bindsAll = set.value == 1
    case .enabled: controllers[place].isEnabled = set.value != 0
    case .sessions, .dropsOlderSession: break
    }
  }

  // MARK: Rules

  /// Why a request must be refused; nil when no rule of controllers does. Nil as account =
  /// more than accounts.
  func refusal(
    _ kind: ControlKind, _ request: ControlRequest, _ account: OperationAccountID?
  ) -> RuleID? {
    guard request.controller.index < controllers.count else { return .notPermitted }
    let controller = controllers[request.controller.index]
    guard controller.isEnabled, let right = kind.right, controller.rights.contains(right) else {
      return .notPermitted
    }
    if let account {
      guard account.index < accounts.count,
        controller.bindsAll || controller.accounts.contains(account)
      else { return .accountNotBoundToController }
    } else if !controller.bindsAll {
      return .accountNotBoundToController
    }
    return kind.needsReason && request.reason.isEmpty ? .reasonMissing : nil
  }

  /// The answer names the rule that must refuse, or none; true when it is taken.
  @discardableResult
  func expect(_ rule: RuleID?, _ effects: [Effect]) -> Bool {
    for case .controlDone(let done) in effects {
      if done.refusal.rule != rule ?? .none {
        complain("a controller's request: \(done.refusal.rule), not \(rule ?? .none)")
      }
      return done.refusal.isNone
    }
    complain("a controller's request without an answer")
    return false
  }

  // MARK: Bars and switches

  private func barOpening(_ bar: BarOpening, _ effects: [Effect]) {
    var rule = refusal(
      bar.isBarred ? .barOpening : .releaseOpening, bar.request, bar.account)
    if rule == nil, !bar.isBarred, !barred.contains(bar.account) { rule = .badCommand }
    guard expect(rule, effects) else { return }
    if bar.isBarred { barred.insert(bar.account) } else { barred.remove(bar.account) }
  }

  private func exists(_ scope: TwinSwitch) -> Bool {
    switch scope.kind {
    case .platform: true
    case .operationAccount: scope.id < UInt32(accounts.count)
    case .product: scope.id < UInt32(productCount)
    case .counter: scope.id < UInt32(counterCount)
    default: false
    }
  }

  private func killSwitch(_ kill: KillSwitch, _ effects: [Effect]) {
    let scope = TwinSwitch(
      kind: kill.scopeKind, id: kill.scopeKind == .platform ? .max : kill.scopeID)
    let isAccount = kill.scopeKind == .operationAccount
    var rule = refusal(
      kill.isOn ? kill.flattens ? .killAndFlatten : .killSwitch : .releaseKillSwitch, kill.request,
      isAccount ? OperationAccountID(kill.scopeID) : nil)
    let canFlatten = kill.isOn && kill.scopeKind != .counter
    if rule == nil,
      !exists(scope) || !kill.isOn && !switches.contains(scope) || kill.flattens && !canFlatten
    {
      rule = .badCommand
    }
    guard expect(rule, effects) else { return }
    guard kill.isOn else {
      switches.remove(scope)
      return
    }
    switches.insert(scope)
    if kill.flattens { askFlattening(scope, controllers[kill.request.controller.index].name) }
    guard comingDay == nil else { return }
    for id in ordersToStop(scope) { queueCancel(id) }
  }

  /// Working orders of a scope, in the order that they are cancelled in.
  private func ordersToStop(_ scope: TwinSwitch) -> [OrderID] {
    if scope.kind == .counter {
      var parents: [OrderID] = []
      for index in funds.indices where funds[index].counter.raw == scope.id {
        for child in childrenOf[FundAccountID(UInt32(index))] ?? [] {
          guard let known = children[child], known.held > 0 else { continue }
          parents.append(known.parent)
        }
      }
      return parents
    }
    var found: [OrderID] = []
    for index in accounts.indices {
      let account = OperationAccountID(UInt32(index))
      switch scope.kind {
      case .operationAccount where account.raw != scope.id: continue
      case .product where accounts[index].product.raw != scope.id: continue
      default: break
      }
      found += (ordersOf[account] ?? []).filter { (orders[$0]?.leaves ?? 0) > 0 }
    }
    return found
  }

  /// Whether a switch stops new orders of an account.
  public func isKilled(_ account: OperationAccountID) -> Bool {
    let product = accounts[account.index].product
    return switches.contains(TwinSwitch(kind: .platform, id: .max))
      || switches.contains(TwinSwitch(kind: .operationAccount, id: account.raw))
      || !product.isNone && switches.contains(TwinSwitch(kind: .product, id: product.raw))
  }

  /// Whether a switch stops a fund account's counter.
  public func isKilled(_ fund: FundAccountID) -> Bool {
    switches.contains(TwinSwitch(kind: .counter, id: funds[fund.index].counter.raw))
  }

  /// Accounts that order-rate bars.
  public var barredByRate: [OperationAccountID] {
    rateBars.filter { !$0.value.isEmpty }.map(\.key).sorted { $0.raw < $1.raw }
  }

  public func isBarred(_ account: OperationAccountID) -> Bool { barred.contains(account) }

  // MARK: Orders, trades

  private func cancelAnyOrder(_ cancel: CancelAnyOrder, _ effects: [Effect]) {
    // While a day is switched the day's orders are gone bit by bit.
    guard comingDay == nil else { return }
    let order = orders[cancel.order]
    var rule = refusal(.cancelOrder, cancel.request, order?.terms.account)
    if rule == .accountNotBoundToController { rule = .unknownOrder }
    if rule == nil { rule = order == nil ? .unknownOrder : order?.leaves == 0 ? .orderDone : nil }
    guard expect(rule, effects) else { return }
    dueCancels += requestCancel(cancel.order)
  }

  private func controlRelease(_ release: ControlRelease, _ effects: [Effect]) {
    let isAccount = release.holderKind == .operationAccount
    let rule = refusal(
      .releaseOrderRate, release.request,
      isAccount ? OperationAccountID(release.holderID) : nil)
    if rule != nil {
      expect(rule, effects)
      return
    }
    self.release(
      ReleaseOrderRate(holderKind: release.holderKind, holderID: release.holderID),
      isRefused: effects.isControlRefused)
  }

  private func controlAssign(_ assign: ControlAssign, _ effects: [Effect]) {
    let rule = refusal(.assignTrade, assign.request, assign.account)
    if rule != nil {
      expect(rule, effects)
      return
    }
    guard !effects.isControlRefused else { return }
    assigned(
      AssignUnmapped(
        trade: assign.trade, account: assign.account, offset: assign.offset, lots: assign.lots),
      effects)
  }
}

extension [Effect] {
  /// A controller's request that was not taken.
  public var isControlRefused: Bool {
    contains { if case .controlDone(let done) = $0 { !done.refusal.isNone } else { false } }
  }
}
