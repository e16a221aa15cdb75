import Domain
import Engine
import Ledger
import MarketData
import Messages
import Session

// A gateway that goes on behind a journal: nobody is connected yet, whatever the engine remembers.
extension Gateway {
  /// A numbered report of the journal, in its order, for terminals that missed it.
  public mutating func restore(_ report: ExecutionReport) {
    if report.reportSequence != 0 { history.append(report) }
  }

  /// Tells the engine that every session and link of the last run is gone. Nobody could come back
  /// while nothing ran: grace times begin now. False when the journal is full: store it and call
  /// again.
  public mutating func endLastRun() -> Bool {
    for index in 0..<sequencer.engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      while isLeftOver(account) {
        guard take(.sessionClosed(SessionClosed(session: .none, account: account))) else {
          return false
        }
      }
    }
    for index in 0..<sequencer.engine.ledger.fundAccountCount {
      let fund = FundAccountID(UInt32(index))
      guard sequencer.engine.ledger.fundAccount(fund).pointee.isLinked else { continue }
      guard take(.counterLinkDown(CounterLinkDown(fundAccount: fund))) else { return false }
    }
    return true
  }

  /// Whether the account has a session of the last run, or a grace time that began before this
  /// one.
  private func isLeftOver(_ account: OperationAccountID) -> Bool {
    let record = sequencer.engine.ledger.account(account)
    return record.pointee.sessionsOpen > 0
      || record.pointee.gracePlace != 0
        && record.pointee.graceEnd
          < sequencer.now.adding(seconds: record.pointee.disconnectGraceSeconds)
  }

  // MARK: For logs

  public func name(_ account: OperationAccountID) -> Name {
    account.isNone ? Name() : names.operationAccounts.name(account.raw)
  }
  public func name(_ fund: FundAccountID) -> Name {
    fund.isNone ? Name() : names.fundAccounts.name(fund.raw)
  }
  /// What a refusal's or notice's scope is called; empty when it names nothing.
  public func name(of scope: ScopeKind, _ id: UInt32) -> Name { names.scopeName(scope, id) }

}
