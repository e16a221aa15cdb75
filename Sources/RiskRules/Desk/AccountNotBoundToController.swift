import Domain
import Ledger

/// Whom the request concerns is bound to the controller.
///
/// Products, counters, fund accounts and the whole platform concern more than a list of accounts:
/// they take a controller who is bound to all. Source: desk.md, "the accounts bound to it".
enum AccountNotBoundToController {
  static func evaluate(_ context: ControlContext, _ ledger: borrowing Ledger) -> Finding {
    let isBound: Bool
    var scope = ScopeKind.platform
    var scopeID = UInt32.max
    switch context.subject {
    case .account(let account):
      scope = .operationAccount
      scopeID = account.raw
      isBound =
        context.controller != nil && ledger.exists(account)
        && ledger.controllers.isBound(account, to: context.controllerID)
    case .everybody:
      isBound = context.controller?.pointee.isBoundToAll ?? false
    }
    return .condition(
      .accountNotBoundToController, isBound, observed: isBound ? 1 : 0, limit: 1, scope: scope,
      scopeID: scopeID)
  }
}
