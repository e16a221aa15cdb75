import Domain
import Ledger
import MarketData
import Messages
import RiskRules

extension Engine {
  /// Decides a logon by the rules of section 1 and remembers what it leaves behind.
  mutating func logon(_ logon: Logon, _ effects: inout EffectBuffer) {
    let exists = ledger.exists(logon.account)
    let context = LogonContext(
      account: exists ? ledger.account(logon.account) : nil, accountID: logon.account,
      passwordVerified: logon.passwordVerified,
      address: (logon.address.high, logon.address.low), mac: logon.mac.raw, now: now)
    var refusal = Refusal.none
    _ = RuleTable.firstLogonFailure(context, ledger, &refusal)
    conclude(logon, refusal, &effects)
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
