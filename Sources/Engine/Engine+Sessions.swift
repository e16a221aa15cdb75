import Domain
import Ledger
import MarketData
import Messages
import RiskRules

extension Engine {
  /// Decides a logon by the rules of section 1 and remembers what it leaves behind.
  mutating func logon(_ logon: Logon, _ effects: inout EffectBuffer) {
    let context = logonContext(
      of: logon.account, from: logon.address, logon.mac, isVerified: logon.passwordVerified)
    var refusal = Refusal.none
    _ = RuleTable.firstLogonFailure(context, ledger, &refusal)
    conclude(logon, refusal, &effects)
  }

  /// What the rules of section 1 look at in a logon of now; an account that there is not is nobody.
  func logonContext(
    of account: OperationAccountID, from address: NetworkAddress, _ mac: MACAddress,
    isVerified: Bool = true
  ) -> LogonContext {
    LogonContext(
      account: ledger.exists(account) ? ledger.account(account) : nil, accountID: account,
      passwordVerified: isVerified, address: (address.high, address.low), mac: mac.raw, now: now)
  }

  /// What a logon's verdict leaves behind; `refusal` is none when it is let in.
  mutating func conclude(
    _ logon: Logon, _ refusal: Refusal, _ effects: inout EffectBuffer
  ) {
    let exists = ledger.exists(logon.account)
    let isRefused = !refusal.isNone
    if isRefused, exists, refusal.rule == .loginCredentials, let lockout {
      let locks = ledger.countLoginFailure(
        logon.account, at: now, failures: lockout.failures,
        windowSeconds: lockout.windowSeconds, lockSeconds: lockout.lockSeconds)
      if locks {
        notice(
          .accountLocked, &effects, rule: .loginLockout, scope: .operationAccount,
          scopeID: logon.account.raw, observed: lockout.failures, limit: lockout.lockSeconds)
      }
    }
    if !isRefused {
      ledger.sessionOpened(logon.account)
      ledger.endGrace(logon.account)
    }
    effects.append(
      .logonVerdict(
        LogonVerdict(
          session: logon.session, account: logon.account,
          refusal: isRefused ? refusal : .none,
          lastReportSequence: exists ? ledger.account(logon.account).pointee.reportSequence : 0,
          tradingDay: market.tradingDay)))
  }
}
