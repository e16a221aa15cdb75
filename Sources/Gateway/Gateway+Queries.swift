import Domain
import Engine
import Ledger
import Session
import Wire

// What terminals ask of the follower. The gateway looks nothing up: it hands the question on, and
// puts the answer into the terminal's output while there is room beside reports.
extension Gateway {
  /// When another try makes sense for a terminal that was told "busy", in milliseconds.
  static let queryRetryMilliseconds: UInt32 = 100
  /// Most rows of a page that a query may ask for.
  static let rowsPerPage: UInt32 = 1_000

  mutating func queryReceived(
    _ query: OrderEntry.QueryDecoder, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.queries += 1
    let account = terminal.pointee.account
    let question = Question(query, ticket: terminals.id(slot).ticket, account: account)
    let newest = sequencer.engine.ledger.account(account).pointee.reportSequence
    guard query.account == terminal.pointee.accountName, query.kind != .unknown,
      query.exchangeIsKnown, query.notBefore <= newest, query.maximumRows <= Gateway.rowsPerPage
    else { return end(question, .refused, slot, terminal) }
    ask(question, slot, terminal)
  }

  mutating func instrumentsRequested(
    _ request: OrderEntry.InstrumentsRequestDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.queries += 1
    // An exchange nobody knows would read as "all", and behind one as "from the first".
    guard request.exchangeIsKnown, request.afterExchangeIsKnown else {
      return reject(
        slot, terminal, template: OrderEntry.InstrumentsRequest.templateID, ClOrdID(),
        Refusal(
          .unknownInstrument, asked: Int64(request.requestNumber), unit: .code, scope: .exchange),
        "the exchange is not known")
    }
    ask(
      Question(
        request, ticket: terminals.id(slot).ticket, account: terminal.pointee.account),
      slot, terminal)
  }

  mutating func subscriptionReceived(
    _ request: OrderEntry.SubscribeAccountDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard request.account == terminal.pointee.accountName else {
      return reject(
        slot, terminal, template: OrderEntry.SubscribeAccount.templateID, ClOrdID(),
        Refusal(.badCommand, scope: .session), "the account is not the session's")
    }
    var question = Question(
      .subscription, ticket: terminals.id(slot).ticket, account: terminal.pointee.account)
    question.requestNumber = request.requestNumber
    question.updates = request.kinds
    question.intervalMilliseconds = request.intervalMilliseconds
    guard !isResuming(terminal), questions.push(question) else {
      return reject(
        slot, terminal, template: OrderEntry.SubscribeAccount.templateID, ClOrdID(),
        Refusal(.capacity, scope: .platform), "busy: ask again")
    }
  }

  /// Answers tell what reports have told: not before those that were missed.
  private func isResuming(_ terminal: UnsafeMutablePointer<Terminal>) -> Bool {
    terminal.pointee.resumeAt != 0 || terminal.pointee.snapshotAt != 0
  }

  mutating func ask(
    _ asked: Question, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    var question = asked
    question.tradingDay = tradingDay
    // Instruments have nothing to do with reports.
    guard question.kind == .instruments || !isResuming(terminal),
      terminal.pointee.openQueries < limits.queriesPerTerminal, questions.push(question)
    else { return refuseBusy(question, slot, terminal) }
    terminal.pointee.openQueries += 1
  }

  private mutating func refuseBusy(
    _ question: Question, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.queriesBusy += 1
    end(question, .busy, slot, terminal)
  }

  /// Ends a query without rows.
  mutating func end(
    _ question: Question, _ result: OrderEntry.QueryResult, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let retry = result == .busy ? Gateway.queryRetryMilliseconds : 0
    switch question.kind {
    case .query:
      send(
        OrderEntry.QueryEnd(
          requestNumber: question.requestNumber, kind: question.query, result: result,
          retryAfterMilliseconds: retry), to: slot, terminal)
    case .tryOrder, .why, .room:
      send(
        OrderEntry.ExplainEnd(
          requestNumber: question.requestNumber, result: result, retryAfterMilliseconds: retry),
        to: slot, terminal)
    case .instruments, .subscription, .updatesAgain, .farewell, .watch, .watchMore, .watchAgain,
      .unwatch:
      reject(
        slot, terminal, template: OrderEntry.InstrumentsRequest.templateID, ClOrdID(),
        Refusal(.capacity, scope: .platform), "busy: ask again")
    }
  }

  // MARK: The driver

  /// The next question for the follower; nil when there is none.
  public mutating func nextQuestion() -> Question? { questions.pop() }

  /// The follower has no room for a question.
  public mutating func questionRefused(_ question: Question) {
    if question.kind.isOfWatch { return watchRefused(question) }
    let id = TerminalID(ticket: question.ticket)
    guard let terminal = terminals.find(id), !terminal.pointee.isClosing else { return }
    switch question.kind {
    case .query, .instruments, .tryOrder, .why, .room:
      terminal.pointee.openQueries -= 1
      refuseBusy(question, id.slot, terminal)
    case .subscription:
      reject(
        id.slot, terminal, template: OrderEntry.SubscribeAccount.templateID, ClOrdID(),
        Refusal(.capacity, scope: .platform), "busy: ask again")
    case .updatesAgain: terminal.pointee.owesUpdates = true
    case .farewell, .watch, .watchMore, .watchAgain, .unwatch: break
    }
  }

  /// The follower's answer: whole frames, for whoever is still there. It takes at most half of the
  /// terminal's output; the rest is kept for reports.
  public mutating func answered(_ header: AnswerHeader, _ frames: UnsafeRawBufferPointer) {
    let id = TerminalID(ticket: header.ticket)
    if header.kind == .watch { return watchAnswered(header, frames) }
    guard let terminal = terminals.find(id), terminal.pointee.isLive else {
      // One that was told before is told again with the next update.
      if header.kind == .subscription {
        _ = questions.push(Question(.farewell, ticket: header.ticket, account: .none))
      }
      return
    }
    let fits = hasRoom(id.slot, forAnswer: frames.count)
    switch header.kind {
    case .query, .instruments, .tryOrder, .why, .room:
      terminal.pointee.openQueries -= 1
      guard fits else {
        var question = Question(header.kind, ticket: header.ticket, account: .none)
        question.requestNumber = header.requestNumber
        question.query = header.query
        return refuseBusy(question, id.slot, terminal)
      }
    case .subscription, .updatesAgain, .farewell, .watch, .watchMore, .watchAgain, .unwatch:
      guard fits else {
        terminal.pointee.owesUpdates = true
        return
      }
    }
    append(frames, id.slot, terminal)
  }

  func hasRoom(_ slot: UInt32, forAnswer count: Int) -> Bool {
    terminalOutput.free(slot) - count >= terminalOutput.bytesEach / 2
  }

  mutating func append(
    _ frames: UnsafeRawBufferPointer, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    var outgoing = terminalOutput.room(slot)
    precondition(outgoing.append(wholeFrames: frames), "there is room for what fits")
    terminalOutput.keep(slot, outgoing)
    terminal.pointee.state.wordSent(at: monotonic)
  }

  /// A terminal that had no room for updates has taken what it was sent.
  mutating func askForUpdates(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    guard terminal.pointee.owesUpdates, terminal.pointee.isLive else { return }
    let question = Question(
      .updatesAgain, ticket: terminals.id(slot).ticket, account: terminal.pointee.account)
    terminal.pointee.owesUpdates = !questions.push(question)
  }
}
