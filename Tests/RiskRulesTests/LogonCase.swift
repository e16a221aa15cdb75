import Domain
import Ledger
import RiskRules
import Testing

/// One row of a log-in rule's table.
struct LogonCase: Sendable, CustomTestStringConvertible {
  /// What a terminal says; by default everything is right.
  struct Attempt: Sendable {
    var account: OperationAccountID?
    var passwordVerified = true
    /// ::ffff:10.0.0.5
    var address: (high: UInt64, low: UInt64) = (0, 0xFFFF_0A00_0005)
    var mac: UInt64 = 0x0011_2233_4455
    /// Seconds from now.
    var after: Int64 = 0
  }

  let name: String
  let outcome: Case.Outcome
  let arrange: @Sendable (Desk) -> Attempt

  init(
    _ name: String, _ outcome: Case.Outcome, _ arrange: @escaping @Sendable (Desk) -> Attempt
  ) {
    self.name = name
    self.outcome = outcome
    self.arrange = arrange
  }

  var testDescription: String { name }

  func check(_ rule: RuleID) {
    let desk = Desk()
    let attempt = arrange(desk)
    let finding = desk.finding(rule, attempt)
    #expect(finding.passes == (outcome != .fails), "\(finding)")
    #expect(finding.isActive == (outcome != .off), "\(finding)")
    if outcome == .fails { #expect(desk.failure(attempt) != nil) }
  }
}

extension Desk {
  func withContext<Result>(
    _ attempt: LogonCase.Attempt, _ body: (LogonContext) -> Result
  ) -> Result {
    let id = attempt.account ?? account
    return body(
      LogonContext(
        account: ledger.exists(id) ? ledger.account(id) : nil, accountID: id,
        passwordVerified: attempt.passwordVerified, address: attempt.address, mac: attempt.mac,
        now: now.adding(seconds: attempt.after)))
  }

  func finding(_ rule: RuleID, _ attempt: LogonCase.Attempt) -> Finding {
    withContext(attempt) { RuleTable.evaluate(rule, $0, ledger) }
  }

  func failure(_ attempt: LogonCase.Attempt) -> Refusal? {
    withContext(attempt) { context in
      var refusal = Refusal.none
      return RuleTable.firstLogonFailure(context, ledger, &refusal) ? refusal : nil
    }
  }

  /// Wrong passwords, a second apart; the last one is now.
  func failLogins(_ count: Int, of most: Int64, within window: Int64, locking lock: Int64) {
    for index in 0..<count {
      _ = ledger.countLoginFailure(
        account, at: now.adding(seconds: Int64(index - count + 1)), failures: most,
        windowSeconds: window, lockSeconds: lock)
    }
  }

  func allow(_ from: (UInt64, UInt64), _ to: (UInt64, UInt64)) {
    precondition(ledger.allowAddress(account, from: from, to: to))
  }
}
