import Domain
import Ledger

/// The controller exists, is enabled, and has the right that the request takes.
///
/// The right that is needed stands as the limit, those that he has as observed. Source: desk.md,
/// "Permissions are per controller".
enum NotPermitted {
  static func evaluate(_ context: ControlContext, _ ledger: borrowing Ledger) -> Finding {
    guard let right = context.kind.right else {
      return .condition(
        .notPermitted, false, observed: Int64(context.kind.rawValue), scope: .controller,
        scopeID: context.controllerID.raw)
    }
    let rights =
      context.controller.map { $0.pointee.enabled ? $0.pointee.rights : [] } ?? []
    return .condition(
      .notPermitted, rights.contains(right), observed: Int64(rights.rawValue),
      limit: Int64(right.rawValue), scope: .controller, scopeID: context.controllerID.raw)
  }
}
