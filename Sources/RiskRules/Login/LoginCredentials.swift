import Domain
import Ledger

/// The account exists, is enabled, and its password verifies.
///
/// One answer for all three failures, without figures and scope, so that names can't be probed.
/// Source: AMS manual 4.1, rules.md 1.
enum LoginCredentials {
  static func evaluate(_ context: LogonContext, _ ledger: borrowing Ledger) -> Finding {
    let passes = context.passwordVerified && context.isEnabled
    return .condition(.loginCredentials, passes, unit: .none, scope: .none)
  }
}
