import Domain
import Ledger
import Messages

// Changes of a running gateway's configuration: who decided them, and what only they need.
extension Engine {
  mutating func configureChange(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .configurationChange(let change): configurationChange(change, &effects)
    case .clearAccess(let clear): clearAccess(clear, &effects)
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
}
