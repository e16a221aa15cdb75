import Domain
import Ledger

/// One request of a risk controller, its controller found once.
public struct ControlContext {
  /// Whom a request concerns.
  public enum Subject: Equatable, Sendable {
    case account(OperationAccountID)
    /// More than accounts can be listed: products, counters, fund accounts, the platform.
    case everybody
  }

  /// Nil when there is no such controller.
  public let controller: UnsafePointer<ControllerRecord>?
  public let controllerID: ControllerID
  public let kind: ControlKind
  public let subject: Subject
  public let hasReason: Bool

  public init(
    controller: UnsafePointer<ControllerRecord>?, controllerID: ControllerID, kind: ControlKind,
    subject: Subject, hasReason: Bool
  ) {
    self.controller = controller
    self.controllerID = controllerID
    self.kind = kind
    self.subject = subject
    self.hasReason = hasReason
  }
}
