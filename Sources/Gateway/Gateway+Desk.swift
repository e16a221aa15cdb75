import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

// The controllers' door: who logs on, what is asked for, what is answered. The engine decides; what
// a name stands for is looked up here.
extension Gateway {
  // MARK: Logging on

  mutating func deskLogonReceived(
    _ logon: DeskProtocol.LogonDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let password = FixedText<128>(bytes: logon.password)
    Self.wipe(logon.password)
    terminal.pointee.accountName = logon.controller
    terminal.pointee.logon = LogonFacts(
      mac: logon.macAddress, terminalName: logon.clientName,
      terminalVersion: logon.clientVersion, lastTradingDay: .none, lastReportSequence: 0)
    let id = names.controllers.id(logon.controller).map { ControllerID($0) }
    terminal.pointee.controller = id ?? .none
    guard phase == .running else { return refuseLogon(slot, terminal, .shuttingDown) }
    guard !isJournalBroken else {
      return refuseLogon(slot, terminal, .unavailable, .journalUnavailable)
    }
    let hash = id.map { sequencer.engine.directory.controllerCredentials[$0.index] }
    let question = PasswordQuestion(
      terminal: terminals.id(slot), hash: hash ?? FixedText(), password: password)
    if !passwords.push(question) { refuseBusyLogon(slot, terminal) }
  }

  mutating func submitDeskLogon(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, isVerified: Bool
  ) {
    let session = Terminals.session(slot, logonSequence: sequencer.engine.sequence + 1)
    terminal.pointee.session = session
    let facts = terminal.pointee.logon
    submit(
      .controllerLogon(
        ControllerLogon(
          session: session, controller: terminal.pointee.controller,
          passwordVerified: isVerified, address: terminal.pointee.address, mac: facts.mac,
          clientName: facts.terminalName, clientVersion: facts.terminalVersion)))
  }

  mutating func controllerVerdictGiven(_ verdict: ControllerVerdict) {
    guard let (slot, terminal) = logonDecided(verdict.session, verdict.refusal) else { return }
    record(
      .controllerAccepted(
        verdict.session, verdict.controller, terminal.pointee.address,
        LogonOrigin(terminal.pointee.logon)))
    let controller = sequencer.engine.ledger.controllers.at(verdict.controller)
    var outgoing = terminalOutput.room(slot)
    terminal.pointee.state.deskLogonAccepted(
      DeskAcceptance(
        sessionEpoch: verdict.session.raw, serverTime: sequencer.now,
        tradingDay: verdict.tradingDay, rights: controller.pointee.rights,
        isBoundToAll: controller.pointee.isBoundToAll, newestNotice: verdict.noticeNumber),
      at: monotonic, into: &outgoing)
    terminalOutput.keep(slot, outgoing)
    resumeReading(slot, terminal)
    guard controller.pointee.dropsOlderSession, controller.pointee.logon.sessionsMaximum > 0
    else { return }
    dropOlder(terminals.owner(verdict.controller), beyond: controller.pointee.logon.sessionsMaximum)
  }

  // MARK: Controls

  mutating func controlReceived(
    _ control: DeskProtocol.ControlDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let request = ControlRequest(
      controller: terminal.pointee.controller, session: terminal.pointee.session,
      requestID: control.requestID, reason: control.reason)
    guard let command = command(of: control, request) else {
      return deskReject(
        slot, terminal, DeskProtocol.Control.templateID, control.requestID,
        Refusal(.badCommand, scope: .session), "no such kind of control")
    }
    // What nobody knows would read as "both" and "all".
    guard control.exchangeIsKnown, control.sideIsKnown, control.hedgeIsKnown,
      control.extentIsKnown
    else {
      return deskReject(
        slot, terminal, DeskProtocol.Control.templateID, control.requestID,
        Refusal(.badCommand, scope: .session), "no such exchange, side, hedge flag or extent")
    }
    guard !isJournalBroken else {
      return deskReject(
        slot, terminal, DeskProtocol.Control.templateID, control.requestID,
        Refusal(.journalUnavailable, scope: .platform), "the journal can't be written")
    }
    submit(command)
  }

  /// Names that stand for nothing become ids of nobody: the engine refuses them by rule.
  private func command(
    of control: DeskProtocol.ControlDecoder, _ request: ControlRequest
  ) -> Command? {
    let id = id(control.scopeKind, control.name)
    let account =
      control.scopeKind == .operationAccount ? OperationAccountID(id) : .none
    switch control.kind {
    case .unknown: return nil
    case .barOpening, .releaseOpening:
      return .barOpening(
        BarOpening(
          request: request, account: account, isBarred: control.kind == .barOpening))
    case .killSwitch, .releaseKillSwitch, .killAndFlatten:
      return .killSwitch(
        KillSwitch(
          request: request, scopeKind: control.scopeKind, scopeID: id,
          isOn: control.kind != .releaseKillSwitch, flattens: control.kind == .killAndFlatten))
    case .forceLiquidation: return liquidate(control, request)
    case .stopLiquidation: return stopLiquidation(of: control, request)
    case .cancelOrder:
      return .cancelAnyOrder(CancelAnyOrder(request: request, order: control.orderID))
    case .kickSession:
      return .kickSession(
        KickSession(request: request, account: account, target: SessionID(control.session)))
    case .releaseOrderRate:
      let kind: HolderKind =
        switch control.scopeKind {
        case .operationAccount: .operationAccount
        case .fundAccount: .fundAccount
        default: .unknown
        }
      return .controlRelease(ControlRelease(request: request, holderKind: kind, holderID: id))
    case .assignTrade:
      return .controlAssign(
        ControlAssign(
          request: request, trade: control.trade, account: account, offset: control.offset,
          lots: control.lots))
    }
  }

  private func id(_ scope: ScopeKind, _ name: Name) -> UInt32 {
    let id: UInt32? =
      switch scope {
      case .operationAccount: names.operationAccounts.id(name)
      case .fundAccount: names.fundAccounts.id(name)
      case .product: names.products.id(name)
      case .counter: names.counters.id(name)
      default: nil
      }
    return id ?? .max
  }

  mutating func controlDone(_ done: ControlDone) {
    if !done.refusal.isNone { record(.controlRefused(done)) }
    counts.controls += 1
    guard !done.session.isNone, let (slot, terminal) = terminals.find(done.session) else { return }
    send(
      DeskProtocol.ControlAnswer(
        requestID: done.requestID, kind: done.kind, refusal: deskFigures(of: done.refusal)),
      to: slot, terminal)
    guard done.refusal.isNone, done.kind == .forceLiquidation || done.kind == .killAndFlatten
    else { return }
    followOwn(slot, terminal)
  }

  func deskFigures(of refusal: Refusal) -> DeskProtocol.RefusalFigures {
    let figures = figures(of: refusal)
    return DeskProtocol.RefusalFigures(
      rule: figures.rule, unit: figures.unit, scopeKind: figures.scopeKind,
      observed: figures.observed, limit: figures.limit, asked: figures.asked,
      scopeName: figures.scopeName)
  }

  mutating func deskReject(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, _ template: UInt16,
    _ requestID: UInt64, _ refusal: Refusal, _ words: StaticString
  ) {
    counts.businessRejects += 1
    send(
      DeskProtocol.BusinessReject(
        refTemplateID: template, requestID: requestID, refusal: deskFigures(of: refusal),
        text: FixedText(words)),
      to: slot, terminal)
  }

  // MARK: Terminals

  /// A controller ends sessions of an account.
  mutating func dropSessions(_ drop: DropSessions) {
    if !drop.session.isNone {
      guard let (slot, terminal) = terminals.find(drop.session),
        terminal.pointee.door == .terminals, terminal.pointee.account == drop.account,
        terminal.pointee.isLive
      else { return }
      end(slot, terminal, because: TerminalSessionEnd(.dropped))
      return
    }
    while let slot = terminals.first(of: drop.account), let terminal = terminals.inSlot(slot) {
      guard end(slot, terminal, because: TerminalSessionEnd(.dropped)) else { return }
    }
  }
}
