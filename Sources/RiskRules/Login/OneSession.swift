import Domain
import Ledger

/// Simultaneous sessions of the account, this one included.
///
/// A cap, 1 by default. Where the account is set so, the oldest session makes room instead of this
/// one being refused. Source: rules.md 1.
enum OneSession {
  static func evaluate(_ context: LogonContext, _ ledger: borrowing Ledger) -> Finding {
    guard let record = context.record, record.pointee.sessionsMaximum != .min else {
      return .off(.oneSession, .unset)
    }
    if context.dropsOlderSession, record.pointee.sessionsMaximum > 0 {
      return .off(.oneSession, .unset)
    }
    return .cap(
      .oneSession, observed: Int64(record.pointee.sessionsOpen), asked: 1,
      limit: record.pointee.sessionsMaximum, unit: .count, scope: context.scope,
      scopeID: context.scopeID)
  }
}
