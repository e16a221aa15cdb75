import Client
import Domain
import Wire

// What the client tells.
extension Shell {
  /// Something happened; the client's model knows it.
  public mutating func happened(_ event: ClientEvent, _ client: TerminalClient) {
    if took(event) { return }
    let language = settings.language
    let account = account
    switch event {
    case .loggedOn(let accepted):
      noticing.isTold = accepted.schemaVersion >= Self.noticesSince
      tell(
        EventText.loggedOn(accepted, account: account, language),
        EventJSON.loggedOn(accepted, account: account))
    case .resumed(let last, let first): resumed(last, first)
    case .report(let report): reported(report, client)
    case .businessReject(let reject): rejected(reject, client)
    case .massCancelReport(let report):
      tell(EventText.massCancel(report, language), EventJSON.massCancel(report))
    case .tick(let tick): tell(EventText.tick(tick, language), EventJSON.tick(tick))
    case .account(let update) where queryRows.isFor(update.requestNumber):
      queryRows.funds.append(update)
      if settings.isJSON { show(EventJSON.account(update)) }
    case .position(let update) where queryRows.isFor(update.requestNumber):
      queryRows.positions.append(update)
      if settings.isJSON { show(EventJSON.position(update)) }
    case .account(let update): tell(EventText.account(update, language), EventJSON.account(update))
    case .position(let update):
      tell(EventText.position(update, language), EventJSON.position(update))
    case .instrument(let row) where queryRows.isFor(row.requestNumber):
      queryRows.instruments.append(row)
      if settings.isJSON { show(EventJSON.instrument(row)) }
    case .instrument(let row):
      listing.took(row)
      guard row.requestNumber == instrumentPage.request else { break }
      if settings.isJSON { show(EventJSON.instrument(row)) }
      instrumentPage.rows.append(row)
    case .instrumentsEnd(let end): instrumentsEnded(end)
    // Rows of a query that is no longer waited for are nobody's.
    case .orderRow(let row):
      guard queryRows.isFor(row.requestNumber) else { break }
      queryRows.orders.append(row)
      if settings.isJSON { show(QueryJSON.order(row, language)) }
    case .tradeRow(let row):
      guard queryRows.isFor(row.requestNumber) else { break }
      queryRows.trades.append(row)
      if settings.isJSON { show(QueryJSON.trade(row)) }
    case .limitRow(let row):
      guard queryRows.isFor(row.requestNumber) else { break }
      queryRows.limits.append(row)
      if settings.isJSON { show(QueryJSON.limit(row)) }
    case .queryEnd(let end) where queryRows.isFor(end.requestNumber): queryRows.end = end
    case .notice(let notice):
      tell(
        EventText.Line(text: DeskText.notice(notice.atDesk, language)),
        DeskJSON.notice(notice.atDesk))
    case .noticesTruncated(let truncated):
      let first = truncated.firstAvailable
      tell(
        EventText.Line(text: DeskText.truncated(first, language), tone: .bad),
        DeskJSON.truncated(UInt64(truncated.requestNumber), first, truncated.lastNumber))
    case .noticesComplete(let complete): noticesCompleted(complete)
    case .queryEnd, .findingRow, .routeRow, .roomRow, .explainEnd, .ended: break
    }
  }

  /// The version of the protocol that has notices.
  private static let noticesSince: UInt16 = 4

  /// What was asked for at the prompt or by a script is complete; nobody asked for the others.
  private mutating func noticesCompleted(_ complete: OrderEntry.NoticesComplete) {
    guard case .waiting(.notices(complete.requestNumber), _) = phase else { return }
    phase = .ready
    tell(
      EventText.Line(text: DeskText.complete(complete.lastNumber, settings.language)),
      DeskJSON.complete(UInt64(complete.requestNumber), complete.lastNumber))
  }

  private mutating func instrumentsEnded(_ end: OrderEntry.InstrumentsEnd) {
    if end.requestNumber == instrumentPage.request { instrumentPage.remaining = end.remaining }
    listing.ended(end)
    if case .waiting(.subscription(end.requestNumber), _) = phase { phase = .ready }
  }

  private mutating func tell(_ line: EventText.Line, _ json: @autoclosure () -> String) {
    if settings.isJSON { show(json()) } else { show(line) }
  }

  private mutating func resumed(_ last: UInt64, _ first: UInt64) {
    if settings.isJSON {
      show(EventJSON.resumed(lastReportSequence: last, firstAvailable: first))
    } else {
      if replayedReports > 0 {
        show(
          say(
            "\(replayedReports) reports of earlier today: 'orders' shows where things stand",
            "当日此前有 \(replayedReports) 条回报：用 orders 查看"))
      }
      if first > 0 {
        show(
          EventText.Line(
            text: say(
              "reports before \(first) are not kept: orders may be missing here",
              "\(first) 之前的回报未保留：此处报单可能不全"), tone: .bad))
      }
    }
    if phase == .loggingOn { phase = .ready }
    listing.isOwed = settings.completes
    following.isOwed = !following.kinds.isEmpty
    noticing.isOwed = noticing.isOn && noticing.isTold
  }

  private mutating func reported(_ report: OrderEntry.ExecutionReport, _ client: TerminalClient) {
    let number = client.model.number(of: report.clOrdID)
    var report = report
    // The gateway has no name for an instrument that it does not know; who asked for it has.
    if report.instrument.isEmpty, number > 0 {
      report.instrument = client.model.orders[number - 1].instrument
    }
    // Before the session is resumed a person would be flooded by what is known.
    if phase == .loggingOn, !settings.isJSON {
      replayedReports += 1
      return
    }
    let language = settings.language
    tell(
      EventText.report(report, number: number, language),
      EventJSON.report(report, number: number, language))
    switch report.execType {
    case .rejected:
      if let line = placedLines[report.clOrdID] { orderWasRefused(number, line) }
    case .cancelRejected: cancelWasRefused(report.requestID)
    case .unknown, .new, .trade, .cancelled, .pendingUnknown, .resolved, .restated,
      .workingConfirmed:
      break
    }
  }

  private mutating func rejected(_ reject: OrderEntry.BusinessReject, _ client: TerminalClient) {
    // Nobody asked at the prompt: names to complete are fewer, that is all.
    if reject.refTemplateID == OrderEntry.InstrumentsRequest.templateID, !isAwaitingInstruments,
      listing.isRunning
    {
      listing.refused()
      return
    }
    let number = client.model.number(of: reject.refRequestID)
    let language = settings.language
    tell(
      EventText.reject(reject, number: number, language),
      EventJSON.reject(reject, number: number, language))
    if let line = placedLines[reject.refRequestID] { return orderWasRefused(number, line) }
    if isAwaited(reject.refRequestID) { return cancelWasRefused(reject.refRequestID) }
    if reject.refTemplateID == OrderEntry.InstrumentsRequest.templateID {
      if isAwaitingInstruments { phase = .ready }
    }
    if reject.refTemplateID == OrderEntry.SubscribeAccount.templateID { following = Following() }
    if reject.refTemplateID == OrderEntry.SubscribeNotices.templateID,
      case .waiting(.notices, _) = phase
    {
      phase = .ready
    }
    if Self.explaining.contains(reject.refTemplateID), explanation != nil {
      explanation = nil
      phase = .ready
    }
    scriptFails(.lineFailed, say("a request was refused", "请求被拒"))
  }

  /// What a gateway of an older version refuses as a whole.
  private static let explaining = [
    OrderEntry.TryOrder.templateID, OrderEntry.WhyOrder.templateID,
    OrderEntry.RoomRequest.templateID,
  ]

  private mutating func orderWasRefused(_ number: Int, _ line: Int) {
    scriptFails(.orderRefused, say("order #\(number) was refused", "报单 #\(number) 被拒"), line: line)
  }

  private var isAwaitingInstruments: Bool {
    switch phase {
    case .waiting(.instruments, _), .waiting(.subscription, _): true
    case .loggingOn, .ready, .waiting, .leaving, .over: false
    }
  }

  private func isAwaited(_ request: ClOrdID) -> Bool {
    switch phase {
    case .waiting(.cancel(let awaited, _), _), .waiting(.cancels(let awaited, _), _):
      awaited == request
    case .loggingOn, .ready, .waiting, .leaving, .over: false
    }
  }

  private mutating func cancelWasRefused(_ request: ClOrdID) {
    guard isAwaited(request) else { return }
    phase = .ready
    scriptFails(.lineFailed, say("the cancel was refused", "撤单被拒"))
  }

  /// What was shown already fails a script, and is nothing more to a person.
  private mutating func scriptFails(_ code: ExitCode, _ words: String, line: Int? = nil) {
    if settings.isScript { fail(code, words, line: line) }
  }

  // MARK: What is waited for

  /// Everything that came together was told: looks whether what is waited for is there.
  public mutating func settled(_ client: inout TerminalClient, at now: Int64) {
    askAgain(&client, at: now)
    guard case .waiting(let what, _) = phase else { return }
    let model = client.model
    switch what {
    case .answer(let id):
      if model.order(id)?.isAnswered != false { phase = .ready }
    case .cancel(_, let id):
      if model.order(id)?.state.isFinal == true { phase = .ready }
    case .cancels(_, let ids):
      if ids.allSatisfy({ model.order($0)?.state.isFinal != false }) { phase = .ready }
    case .subscription, .notices: break
    case .instruments: pageEnded(&client, at: now)
    case .rows: rowsEnded(&client, at: now)
    case .explanation: explanationEnded(&client, at: now)
    case .allFinal:
      if model.orders.allSatisfy({ $0.state.isFinal }) { phase = .ready }
    case .final(let id):
      if model.order(id)?.state.isFinal != false { phase = .ready }
    case .filled(let id):
      guard let order = model.order(id), order.state.isFinal else { return }
      phase = .ready
      guard order.state != .filled else { return }
      let number = model.number(of: id)
      fail(
        .lineFailed,
        say(
          "order #\(number) ended as \(order.state.words(.english)), \(order.cumulativeLots) of "
            + "\(order.lots) filled",
          "报单 #\(number) 已\(order.state.words(.chinese))，成交 \(order.cumulativeLots)/\(order.lots)"))
    }
  }

  /// Asks for the next page of instruments, or ends the list.
  private mutating func pageEnded(_ client: inout TerminalClient, at now: Int64) {
    guard let remaining = instrumentPage.remaining else { return }
    instrumentPage.remaining = nil
    if remaining > 0, let last = instrumentPage.rows.last {
      let asked = client.askInstruments(
        exchange: instrumentPage.exchange, commodity: instrumentPage.commodity,
        afterExchange: last.exchange, afterInstrument: last.instrument, at: now)
      if asked.isSent {
        instrumentPage.request = client.lastRequestNumber
        phase = .waiting(.instruments, until: until(nil, at: now))
        return
      }
    }
    phase = .ready
    if !settings.isJSON {
      for line in OrderText.table(instrumentPage.rows, settings.language) { show(line) }
    }
    instrumentPage = InstrumentPage()
  }
}
