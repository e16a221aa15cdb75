import Domain
import Ledger
import Messages
import RiskRules

// Changes of a running gateway's configuration: who decided them, and what only they need.
extension Engine {
  mutating func configureChange(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .configurationChange(let change): configurationChange(change, &effects)
    case .clearAccess(let clear): clearAccess(clear, &effects)
    case .clearControllerAccess(let clear): clearControllerAccess(clear, &effects)
    default: refuse(&effects)
    }
  }

  /// Two people who change the same thing do not overwrite each other: what was decided on another
  /// revision is refused, and looked at again.
  private mutating func configurationChange(
    _ change: ConfigurationChange, _ effects: inout EffectBuffer
  ) {
    guard change.revision == configurationRevision, change.changes > 0, !change.who.isEmpty else {
      return refuse(
        &effects, observed: Int64(clamping: change.revision),
        limit: Int64(clamping: configurationRevision), unit: .count)
    }
    configurationRevision += 1
    notice(
      .configurationChanged, &effects, scope: .platform, observed: Int64(change.changes),
      limit: Int64(clamping: configurationRevision), unit: .count)
  }

  /// Bounded by what an account's list may have: the rows of the whole table.
  private mutating func clearAccess(_ clear: ClearAccess, _ effects: inout EffectBuffer) {
    guard ledger.exists(clear.account) else { return refuse(&effects) }
    switch clear.list {
    case .addresses: ledger.clearAddresses(clear.account)
    case .macs: ledger.clearMACs(clear.account)
    case .unknown: refuse(&effects)
    }
  }

  private mutating func clearControllerAccess(
    _ clear: ClearControllerAccess, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(clear.controller) else { return refuse(&effects) }
    switch clear.list {
    case .addresses: ledger.clearAddresses(clear.controller)
    case .macs: ledger.clearMACs(clear.controller)
    case .unknown: refuse(&effects)
    }
  }

  // MARK: Who is in

  /// Why a session of an account, from there, could not log in now; nil when it could. How many
  /// sessions there are, and whether the account is locked, concerns who comes.
  public func misfit(
    of account: OperationAccountID, from address: NetworkAddress, _ mac: MACAddress
  ) -> RuleID? {
    misfit(logonContext(of: account, from: address, mac))
  }

  /// The same of a risk controller's.
  public func misfit(
    of controller: ControllerID, from address: NetworkAddress, _ mac: MACAddress
  ) -> RuleID? {
    misfit(logonContext(of: controller, from: address, mac))
  }

  private func misfit(_ context: LogonContext) -> RuleID? {
    [RuleID.loginCredentials, .ipWhitelist, .macWhitelist].first {
      !RuleTable.evaluate($0, context, ledger).passes
    }
  }
}
