import Domain
import Engine
import Ledger
import MarketData
import Messages
import Session
import Wire

// A logon: name and password are looked at outside, the engine decides, the session follows.
extension Gateway {
  mutating func logonReceived(
    _ logon: OrderEntry.LogonDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let password = FixedText<128>(bytes: logon.password)
    let token = FixedText<64>(bytes: logon.dayToken)
    Self.wipe(logon.password)
    terminal.pointee.accountName = logon.account
    terminal.pointee.logon = LogonFacts(
      mac: logon.macAddress, terminalName: logon.terminalName,
      terminalVersion: logon.terminalVersion, lastTradingDay: logon.lastTradingDay,
      lastReportSequence: logon.lastReportSequence)
    let account = names.operationAccounts.id(logon.account).map { OperationAccountID($0) }
    terminal.pointee.account = account ?? .none
    guard phase == .running else { return refuseLogon(slot, terminal, .shuttingDown) }
    guard !isJournalBroken else {
      return refuseLogon(slot, terminal, .unavailable, .journalUnavailable)
    }
    if !token.isEmpty {
      return tokenReceived(token, slot, terminal)
    }
    let hash = account.map { sequencer.engine.directory.credentials[$0.index] }
    let question = PasswordQuestion(
      terminal: terminals.id(slot), hash: hash ?? FixedText(), password: password)
    if !passwords.push(question) { refuseBusyLogon(slot, terminal) }
  }

  /// A token of another day, or a wrong one: the password is asked for, and nothing is counted. One
  /// that this process did not give out may be of the run before.
  private mutating func tokenReceived(
    _ token: FixedText<64>, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let (account, address) = (terminal.pointee.account, terminal.pointee.address)
    guard !account.isNone else { return refuseLogon(slot, terminal, .refused, .loginCredentials) }
    if tokens.isValid(token, of: account, from: address, on: tradingDay) {
      return submitLogon(slot, terminal, isVerified: true)
    }
    guard tokens.current(of: account, from: address, on: tradingDay).isEmpty else {
      return refuseLogon(slot, terminal, .refused, .loginCredentials)
    }
    let question = PasswordQuestion(
      terminal: terminals.id(slot), hash: FixedText(), password: FixedText(), token: token)
    if !passwords.push(question) { refuseBusyLogon(slot, terminal) }
  }

  public var tradingDay: TradingDay { sequencer.engine.market.tradingDay }

  // MARK: Passwords

  /// A password that a worker off this thread is to look at.
  public struct PasswordCheck {
    /// Goes with the verdict.
    public let ticket: UInt64
    /// Good until `passwordAsked`.
    public let password: UnsafeRawBufferPointer
    /// Nil for an account that does not exist: the answer is no, after as long a time.
    public let hash: FixedText<128>?
    /// There is no password: this is to be the token of `subject`. `tokenChecked` follows
    /// `passwordAsked`.
    public let token: FixedText<64>?
  }

  /// What a terminal's token would stand for; nil when it has gone, or has no account.
  public func tokenSubject(ticket: UInt64) -> DayTokenSubject? {
    guard let terminal = terminals.find(TerminalID(ticket: ticket)),
      terminal.pointee.door == .terminals, !terminal.pointee.account.isNone
    else { return nil }
    let account = terminal.pointee.account
    return DayTokenSubject(
      account: names.operationAccounts.name(account.raw), address: terminal.pointee.address,
      day: tradingDay, hash: sequencer.engine.directory.credentials[account.index])
  }

  /// Whether a token is the one of its subject.
  public mutating func tokenChecked(ticket: UInt64, token: FixedText<64>, isRight: Bool) {
    guard let (slot, terminal) = askedFor(ticket) else { return }
    guard isRight else { return refuseLogon(slot, terminal, .refused, .loginCredentials) }
    tokens.renew(
      terminal.pointee.account, from: terminal.pointee.address, on: tradingDay, fresh: token)
    submitLogon(slot, terminal, isVerified: true)
  }

  /// The terminal whose password or token was looked at; nil when it has gone, or was refused now:
  /// nothing can be decided any more.
  private mutating func askedFor(
    _ ticket: UInt64
  ) -> (slot: UInt32, terminal: UnsafeMutablePointer<Terminal>)? {
    let id = TerminalID(ticket: ticket)
    guard let terminal = terminals.find(id), !terminal.pointee.isClosing,
      terminal.pointee.session.isNone
    else { return nil }
    guard phase == .running else {
      refuseLogon(id.slot, terminal, .shuttingDown)
      return nil
    }
    guard canSubmit else {
      refuseLogon(id.slot, terminal, .unavailable, .journalUnavailable)
      return nil
    }
    return (id.slot, terminal)
  }

  /// The next password to look at; nil when there is none. `passwordAsked` or `passwordRefused`
  /// follows.
  public func nextPassword() -> PasswordCheck? {
    guard let question = passwords.first else { return nil }
    let start =
      UnsafeMutableRawPointer(question)
      + MemoryLayout<PasswordQuestion>.offset(of: \.password)!
    return PasswordCheck(
      ticket: question.pointee.terminal.ticket,
      password: UnsafeRawBufferPointer(start: start, count: question.pointee.password.count),
      hash: question.pointee.hash.isEmpty ? nil : question.pointee.hash,
      token: question.pointee.token.isEmpty ? nil : question.pointee.token)
  }

  /// A worker has the password.
  public mutating func passwordAsked() {
    passwords.first?.pointee.password = FixedText()
    passwords.drop()
  }

  /// No worker can take it: the terminal is told to come back.
  public mutating func passwordRefused() {
    guard let id = passwords.first?.pointee.terminal else { return }
    passwordAsked()
    if let terminal = terminals.find(id) { refuseBusyLogon(id.slot, terminal) }
  }

  /// What the worker said. `freshToken` is one that nobody can guess; it is given out when the
  /// logon is accepted.
  public mutating func passwordChecked(
    ticket: UInt64, isRight: Bool, freshToken: FixedText<64>
  ) {
    submitDeferred()
    guard let (slot, terminal) = askedFor(ticket) else { return }
    if terminal.pointee.door == .desk {
      if terminal.pointee.controller.isNone, isLocked(unknown: terminal.pointee.accountName) {
        return refuseLogon(slot, terminal, .refused, .loginLockout)
      }
      submitDeskLogon(slot, terminal, isVerified: isRight)
      submitDeferred()
      return
    }
    if terminal.pointee.account.isNone, isLocked(unknown: terminal.pointee.accountName) {
      return refuseLogon(slot, terminal, .refused, .loginLockout)
    }
    if isRight, !terminal.pointee.account.isNone {
      tokens.renew(
        terminal.pointee.account, from: terminal.pointee.address, on: tradingDay,
        fresh: freshToken)
    }
    submitLogon(slot, terminal, isVerified: isRight)
    submitDeferred()
  }

  /// Counts a failure of a name that no account has; true when it was locked before. What the
  /// terminal hears, and when, is what it would hear of an account: no name can be probed.
  private mutating func isLocked(unknown name: Name) -> Bool {
    guard let lockout = sequencer.engine.lockout else { return false }
    return unknownNames.fail(
      name, at: sequencer.now, failures: lockout.failures, windowSeconds: lockout.windowSeconds,
      lockSeconds: lockout.lockSeconds)
  }

  // MARK: The engine's word

  private mutating func submitLogon(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, isVerified: Bool
  ) {
    let session = Terminals.session(
      slot, logonSequence: sequencer.engine.sequence + 1)
    terminal.pointee.session = session
    let facts = terminal.pointee.logon
    submit(
      .logon(
        Logon(
          session: session, account: terminal.pointee.account, passwordVerified: isVerified,
          address: terminal.pointee.address, mac: facts.mac, terminalName: facts.terminalName,
          terminalVersion: facts.terminalVersion)))
  }

  mutating func verdictGiven(_ verdict: LogonVerdict) {
    guard let (slot, terminal) = logonDecided(verdict.session, verdict.refusal) else { return }
    record(
      .logonAccepted(
        verdict.session, verdict.account, terminal.pointee.address,
        LogonOrigin(terminal.pointee.logon)))
    var outgoing = terminalOutput.room(slot)
    terminal.pointee.state.logonAccepted(
      LogonAcceptance(
        sessionEpoch: verdict.session.raw, serverTime: sequencer.now,
        tradingDay: verdict.tradingDay, nextReportSequence: verdict.lastReportSequence + 1,
        dayToken: tokens.current(
          of: verdict.account, from: terminal.pointee.address, on: verdict.tradingDay)),
      at: monotonic, into: &outgoing)
    terminalOutput.keep(slot, outgoing)
    beginResume(slot, terminal, last: verdict.lastReportSequence)
    resumeReading(slot, terminal)
    let record = sequencer.engine.ledger.account(verdict.account)
    guard record.pointee.dropsOlderSession, record.pointee.logon.sessionsMaximum > 0 else { return }
    dropOlder(terminals.owner(verdict.account), beyond: record.pointee.logon.sessionsMaximum)
  }

  /// What the engine said of a logon; nil when the terminal has gone or was refused.
  mutating func logonDecided(
    _ session: SessionID, _ refusal: Refusal
  ) -> (slot: UInt32, terminal: UnsafeMutablePointer<Terminal>)? {
    guard let (slot, terminal) = terminals.find(session), !terminal.pointee.isClosing
    else { return nil }
    guard refusal.isNone else {
      refuseLogon(slot, terminal, .refused, refusal.rule)
      return nil
    }
    counts.logonsAccepted += 1
    terminals.count(slot)
    return (slot, terminal)
  }

  /// The oldest sessions make room for the newest one.
  mutating func dropOlder(_ owner: Int, beyond most: Int64) {
    while let oldest = terminals.oldest(ofOwner: owner, beyond: most),
      let terminal = terminals.inSlot(oldest)
    {
      guard end(oldest, terminal, because: TerminalSessionEnd(.replaced)) else { return }
    }
  }

  mutating func refuseBusyLogon(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    refuseLogon(slot, terminal, .busy, .loginBusy, retryAfterMilliseconds: 1_000)
  }

  mutating func refuseLogon(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>,
    _ reason: OrderEntry.LogoutReason, _ rule: RuleID = .none,
    retryAfterMilliseconds: UInt32 = 0
  ) {
    counts.logonsRefused += 1
    let origin = LogonOrigin(terminal.pointee.logon)
    record(
      terminal.pointee.door == .desk
        ? .controllerRefused(
          terminal.pointee.accountName, terminal.pointee.address, origin, rule)
        : .logonRefused(
          terminal.pointee.accountName, terminal.pointee.account, terminal.pointee.address,
          origin, rule))
    let end = TerminalSessionEnd(
      reason, rule: rule, retryAfterMilliseconds: retryAfterMilliseconds)
    var outgoing = terminalOutput.room(slot)
    terminal.pointee.state.logonRefused(end, at: monotonic, into: &outgoing)
    terminalOutput.keep(slot, outgoing)
    ended(slot, terminal, end)
  }

  /// Zeroes a password where it arrived.
  static func wipe(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(mutating: bytes)
      .initializeMemory(as: UInt8.self, repeating: 0)
  }
}

extension FixedText {
  /// A copy of bytes that a decoder has checked: no more than fit, none of them zero.
  init(bytes source: UnsafeRawBufferPointer) {
    precondition(source.count <= capacity, "a checked text is no longer than its field")
    self.init()
    for index in 0..<source.count { bytes[index] = source[index] }
  }
}
