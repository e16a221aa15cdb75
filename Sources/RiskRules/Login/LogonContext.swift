import Domain
import Ledger

/// One attempt to log in and the account it names, found once. The password stays at the edge: its
/// verdict comes in.
public struct LogonContext: BitwiseCopyable {
  public let account: OperationAccountID
  /// Nil when no account has the name that was sent.
  public let record: UnsafePointer<AccountRecord>?
  /// What the password hash said; false for an unknown account.
  public let passwordVerified: Bool
  /// An IPv6 address as two big-endian numbers, IPv4 mapped into it (::ffff:a.b.c.d).
  public let addressHigh: UInt64
  public let addressLow: UInt64
  /// Six bytes of the stated network card, first byte highest; 0 = none was stated.
  public let mac: UInt64
  public let now: Timestamp

  /// - Parameter account: `.none`, or an id that does not exist, when the name is unknown.
  public init(
    account: OperationAccountID, passwordVerified: Bool, addressHigh: UInt64, addressLow: UInt64,
    mac: UInt64, now: Timestamp, _ ledger: borrowing Ledger
  ) {
    self.account = account
    self.passwordVerified = passwordVerified
    self.addressHigh = addressHigh
    self.addressLow = addressLow
    self.mac = mac
    self.now = now
    record = ledger.exists(account) ? ledger.account(account) : nil
  }
}
