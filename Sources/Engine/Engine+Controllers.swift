import Domain
import Ledger
import MarketData
import Messages
import RiskRules

// Risk controllers: who they are and who logs in as them. What they do is in Engine+Controls.swift.
extension Engine {
  mutating func configureControllers(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .defineController(let define): defineController(define, &effects)
    case .setController(let set): setController(set, &effects)
    case .bindController(let bind):
      guard ledger.exists(bind.controller), ledger.exists(bind.account) else {
        return refuse(&effects)
      }
      ledger.bind(bind.account, to: bind.controller, bind.bound)
    case .setControllerCredential(let set):
      guard ledger.exists(set.controller) else { return refuse(&effects) }
      directory.setCredential(set.controller, set.hash)
    case .allowControllerAddress(let allow):
      guard ledger.exists(allow.controller),
        ledger.allowAddress(
          allow.controller, from: (allow.from.high, allow.from.low),
          to: (allow.to.high, allow.to.low))
      else { return refuse(&effects) }
    case .allowControllerMAC(let allow):
      guard ledger.exists(allow.controller), ledger.allowMAC(allow.controller, allow.mac.raw)
      else { return refuse(&effects) }
    case .controllerLogon(let logon): controllerLogon(logon, &effects)
    case .controllerClosed(let closed):
      if ledger.exists(closed.controller) { ledger.sessionClosed(closed.controller) }
    default: control(command, &effects)
    }
  }

  private mutating func defineController(
    _ define: DefineController, _ effects: inout EffectBuffer
  ) {
    let name = define.name.string
    guard !name.isEmpty, directory.controllers.id(name) == nil, let id = ledger.defineController()
    else {
      refuse(
        &effects, .capacity, observed: Int64(ledger.controllers.count),
        limit: Int64(ledger.capacities.controllers))
      return
    }
    directory.addController(name)
    defined(.controller, id.raw, &effects)
  }

  private mutating func setController(_ set: SetController, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.controller), Self.isLegal(set) else {
      return refuse(
        &effects, observed: set.value, scope: .controller, scopeID: set.controller.raw)
    }
    let value = set.value
    ledger.changeController(set.controller) { record in
      switch set.setting {
      case .rights:
        record.pointee.rights = ControllerRights(rawValue: UInt16(max(value, 0)))
      case .bindsAll: record.pointee.isBoundToAll = value == 1
      case .enabled: record.pointee.enabled = value != 0
      case .sessions: record.pointee.logon.sessionsMaximum = value == .min ? 1 : value
      case .dropsOlderSession: record.pointee.dropsOlderSession = value == 1
      }
    }
  }

  private static func isLegal(_ set: SetController) -> Bool {
    if set.value == .min { return true }
    switch set.setting {
    case .rights: return (0...Int64(ControllerRights.all.rawValue)).contains(set.value)
    case .bindsAll, .enabled, .dropsOlderSession: return (0...1).contains(set.value)
    case .sessions: return set.value >= 0
    }
  }

  // MARK: Sessions

  /// The same of a controller's logon as of an account's.
  func logonContext(
    of controller: ControllerID, from address: NetworkAddress, _ mac: MACAddress,
    isVerified: Bool = true
  ) -> LogonContext {
    LogonContext(
      controller: ledger.exists(controller) ? ledger.controllers.at(controller) : nil,
      controllerID: controller, passwordVerified: isVerified,
      address: (address.high, address.low), mac: mac.raw, now: now)
  }

  /// By the rules of section 1, as an account's.
  private mutating func controllerLogon(
    _ logon: ControllerLogon, _ effects: inout EffectBuffer
  ) {
    let exists = ledger.exists(logon.controller)
    let context = logonContext(
      of: logon.controller, from: logon.address, logon.mac, isVerified: logon.passwordVerified)
    var refusal = Refusal.none
    let isRefused = RuleTable.firstLogonFailure(context, ledger, &refusal)
    if isRefused, exists, refusal.rule == .loginCredentials, let lockout {
      let locks = ledger.countLoginFailure(
        logon.controller, at: now, failures: lockout.failures,
        windowSeconds: lockout.windowSeconds, lockSeconds: lockout.lockSeconds)
      if locks {
        notice(
          .accountLocked, &effects, rule: .loginLockout, scope: .controller,
          scopeID: logon.controller.raw, observed: lockout.failures, limit: lockout.lockSeconds)
      }
    }
    if !isRefused { ledger.sessionOpened(logon.controller) }
    effects.append(
      .controllerVerdict(
        ControllerVerdict(
          session: logon.session, controller: logon.controller,
          refusal: isRefused ? refusal : .none, tradingDay: market.tradingDay,
          noticeNumber: noticeNumber)))
  }
}
