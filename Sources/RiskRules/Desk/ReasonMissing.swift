import Domain
import Ledger

/// Whoever bars, releases, presses a switch, liquidates or ends a session says why.
///
/// Source: desk.md, "Release needs a reason".
enum ReasonMissing {
  static func evaluate(_ context: ControlContext, _ ledger: borrowing Ledger) -> Finding {
    guard context.kind.needsReason else { return .off(.reasonMissing, .otherKind) }
    return .condition(
      .reasonMissing, context.hasReason, observed: context.hasReason ? 1 : 0, limit: 1,
      scope: .controller, scopeID: context.controllerID.raw)
  }
}
