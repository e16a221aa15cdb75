import Domain
import Ledger

/// The account is not locked. The ledger locks it after N failures within T seconds, for T2.
///
/// Locked until, that moment excluded; asked before the password counts, so that guessing on
/// while locked tells nothing. Source: rules.md 1.
enum LoginLockout {
  static func evaluate(_ context: LogonContext, _ ledger: borrowing Ledger) -> Finding {
    guard let record = context.record, !record.pointee.lockedUntil.isNone else {
      return .off(.loginLockout, .unset)
    }
    return .condition(
      .loginLockout, context.now >= record.pointee.lockedUntil,
      observed: context.now.nanoseconds, limit: record.pointee.lockedUntil.nanoseconds,
      unit: .timestamp, scope: context.scope, scopeID: context.scopeID)
  }
}
