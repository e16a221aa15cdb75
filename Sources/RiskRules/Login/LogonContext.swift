import Domain
import Ledger

/// One attempt to log in and whom it names, found once: an operation account, or a risk controller.
/// The password stays at the edge: its verdict comes in.
public struct LogonContext {
  /// Nil when nobody has the name that was sent.
  public let record: UnsafePointer<LogonRecord>?
  public let isEnabled: Bool
  /// A session too many ends the oldest one.
  public let dropsOlderSession: Bool
  public let scope: ScopeKind
  /// Dense id of the account or the controller.
  public let scopeID: UInt32
  /// What the password hash said; false for an unknown name.
  public let passwordVerified: Bool
  /// An IPv6 address as two big-endian numbers, IPv4 mapped into it (::ffff:a.b.c.d).
  public let address: (high: UInt64, low: UInt64)
  /// Six bytes of the stated network card, first byte highest; 0 = none was stated.
  public let mac: UInt64
  public let now: Timestamp

  /// An operation account; nil when there is none of that name.
  public init(
    account: UnsafePointer<AccountRecord>?, accountID: OperationAccountID,
    passwordVerified: Bool, address: (high: UInt64, low: UInt64), mac: UInt64, now: Timestamp
  ) {
    record = account?.pointer(to: \.logon)
    isEnabled = account?.pointee.enabled ?? false
    dropsOlderSession = account?.pointee.dropsOlderSession ?? false
    scope = .operationAccount
    scopeID = accountID.raw
    self.passwordVerified = passwordVerified
    self.address = address
    self.mac = mac
    self.now = now
  }

  /// A risk controller; nil when there is none of that name.
  public init(
    controller: UnsafePointer<ControllerRecord>?, controllerID: ControllerID,
    passwordVerified: Bool, address: (high: UInt64, low: UInt64), mac: UInt64, now: Timestamp
  ) {
    record = controller?.pointer(to: \.logon)
    isEnabled = controller?.pointee.enabled ?? false
    dropsOlderSession = controller?.pointee.dropsOlderSession ?? false
    scope = .controller
    scopeID = controllerID.raw
    self.passwordVerified = passwordVerified
    self.address = address
    self.mac = mac
    self.now = now
  }
}
