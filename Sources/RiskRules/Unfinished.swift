import Domain
import Ledger
import MarketData

// Until the rule book stands: the entry points the engine calls. The file goes with the first
// real `RuleTable.firstFailure` and `LogonContext`.
extension RuleTable {
  public static func firstFailure(
    _ context: borrowing OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ failure: inout Refusal
  ) -> Bool {
    let finding = evaluate(.positionLimit, context, ledger, market)
    if !finding.passes { failure = finding.figures }
    return !finding.passes
  }

  public static func firstLogonFailure(
    _ context: LogonContext, _ ledger: borrowing Ledger, _ failure: inout Refusal
  ) -> Bool {
    if !context.passwordVerified { failure = Refusal(.loginCredentials) }
    return !context.passwordVerified
  }
}

/// What a logon is judged by.
public struct LogonContext {
  public let account: UnsafePointer<AccountRecord>?
  public let accountID: OperationAccountID
  public let passwordVerified: Bool
  public let address: (high: UInt64, low: UInt64)
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
