import Domain
import Ledger

/// One attempt to log in and the account it names, found once. The password stays at the edge: its
/// verdict comes in.
public struct LogonContext {
  /// Nil when no account has the name that was sent.
  public let account: UnsafePointer<AccountRecord>?
  public let accountID: OperationAccountID
  /// What the password hash said; false for an unknown account.
  public let passwordVerified: Bool
  /// An IPv6 address as two big-endian numbers, IPv4 mapped into it (::ffff:a.b.c.d).
  public let address: (high: UInt64, low: UInt64)
  /// Six bytes of the stated network card, first byte highest; 0 = none was stated.
  public let mac: UInt64
  public let now: Timestamp

  public init(
    account: UnsafePointer<AccountRecord>?, accountID: OperationAccountID,
    passwordVerified: Bool, address: (high: UInt64, low: UInt64), mac: UInt64, now: Timestamp
  ) {
    self.account = account
    self.accountID = accountID
    self.passwordVerified = passwordVerified
    self.address = address
    self.mac = mac
    self.now = now
  }
}
