import Domain
import Engine
import Journal
import Ledger
import MarketData
import Messages
import Session

/// Why a new journal could not be begun.
public enum BeginningFault: Error, Equatable, Sendable {
  case storage(JournalStorageError)
  /// A command of the beginning was refused: which one, from 0.
  case refused(Refusal, command: Int)
}

/// A driver's journal before the first turn, when waiting for it does no harm.
public protocol StartingJournal: ~Copyable {
  /// Stores what the gateway has pending, as durable as is wanted, and tells the gateway.
  mutating func store(_ gateway: inout Gateway) throws(JournalStorageError)

  /// Goes over to another segment, without a header yet; how long it is.
  mutating func beginSegment() throws(JournalStorageError) -> UInt64
}

// What a driver has done before its first turn: nobody is connected yet.
extension Gateway {
  // MARK: A new journal

  /// Takes the commands of a new house and stores them; what they leave in the engine's queue, a
  /// day switch in slices for instance, is finished.
  public mutating func begin<Journal: StartingJournal & ~Copyable>(
    with commands: [Command], in journal: inout Journal
  ) throws(BeginningFault) {
    for (index, command) in commands.enumerated() {
      let refusedBefore = counts.commandsRefused
      do throws(JournalStorageError) {
        while !take(command) { try store(in: &journal) }
      } catch {
        throw .storage(error)
      }
      guard counts.commandsRefused > refusedBefore else { continue }
      if let refusal = sequencer.effects.refusal { throw .refused(refusal, command: index) }
    }
    do throws(JournalStorageError) {
      try finishWork(in: &journal)
    } catch {
      throw .storage(error)
    }
  }

  private mutating func finishWork<Journal: StartingJournal & ~Copyable>(
    in journal: inout Journal
  ) throws(JournalStorageError) {
    while finishTurn() { try store(in: &journal) }
    try store(in: &journal)
  }

  private mutating func store<Journal: StartingJournal & ~Copyable>(
    in journal: inout Journal
  ) throws(JournalStorageError) {
    try journal.store(&self)
    guard needsSegment else { return }
    beginSegment(try journal.beginSegment())
    try journal.store(&self)
  }

  // MARK: An existing journal

  /// Goes on behind a journal that was read: the sessions and links of the last run are ended.
  public mutating func goOn<Journal: StartingJournal & ~Copyable>(
    in journal: inout Journal
  ) throws(JournalStorageError) {
    try store(in: &journal)
    while !endLastRun() { try store(in: &journal) }
    try finishWork(in: &journal)
  }

  /// Tells the engine that every session and link of the last run is gone. Nobody could come back
  /// while nothing ran: grace times begin now. False when the journal is full: store it and call
  /// again.
  mutating func endLastRun() -> Bool {
    for index in 0..<sequencer.engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      while isLeftOver(account) {
        guard take(.sessionClosed(SessionClosed(session: .none, account: account))) else {
          return false
        }
      }
    }
    for index in 0..<sequencer.engine.ledger.controllers.count {
      let id = ControllerID(UInt32(index))
      while sequencer.engine.ledger.controllers.at(id).pointee.logon.sessionsOpen > 0 {
        guard take(.controllerClosed(ControllerClosed(session: .none, controller: id))) else {
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
    return record.pointee.logon.sessionsOpen > 0
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
  public func name(_ controller: ControllerID) -> Name {
    controller.isNone ? Name() : names.controllers.name(controller.raw)
  }
  /// What a refusal's or notice's scope is called; empty when it names nothing.
  public func name(of scope: ScopeKind, _ id: UInt32) -> Name { names.scopeName(scope, id) }
  /// Of a notice's scheme, 1-based; empty of none.
  public func schemeName(_ number: UInt16) -> Name {
    number == 0 ? Name() : names.schemes.name(UInt32(number) - 1)
  }

}
