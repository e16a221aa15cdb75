import Domain
import Session
import Wire

extension CounterService {
  /// A link whose output was full has room again.
  public mutating func outputDrained<Output: CounterOutput & ~Copyable>(
    _ name: LinkName, now: Timestamp, _ output: inout Output
  ) {
    if let place = place(of: name) { pump(place, now, &output) }
  }

  /// Sends the accounts that have new reports what they may be sent.
  mutating func deliver<Output: CounterOutput & ~Copyable>(
    now: Timestamp, _ output: inout Output
  ) {
    guard mode == .matching else { return }
    for account in exchange.takeTouched() {
      if let place = placeOfAccount[account.index] { pump(place, now, &output) }
    }
  }

  /// Queues an answer and sends what fits.
  mutating func answer<Output: CounterOutput & ~Copyable>(
    _ answer: CounterLink.Answer, _ place: Int, _ now: Timestamp, _ output: inout Output
  ) {
    guard links[place].session.isOpen else { return }
    guard links[place].answers.count < CounterLink.answersMaximum else {
      end(place, .slowReader, &output)
      return
    }
    links[place].answers.append(answer)
    pump(place, now, &output)
  }

  /// Sends what waits for a link, as far as there is room: reports, answers in their order, then
  /// the newest ticks. While reports are sent again, newer ones wait behind them.
  mutating func pump<Output: CounterOutput & ~Copyable>(
    _ place: Int, _ now: Timestamp, _ output: inout Output
  ) {
    guard links[place].session.isOpen else { return }
    let account = links[place].account
    while let answer = links[place].answers.first {
      if !answer.isReplay, !sendReports(account, place, now, &output) { return }
      let rest = sendSome(of: answer, account, place, now, &output)
      if let rest {
        links[place].answers[0] = rest
        return
      }
      links[place].answers.removeFirst()
    }
    guard sendReports(account, place, now, &output) else { return }
    sendTicks(place, now, &output)
  }

  // MARK: Reports

  /// Sends live reports whose time has come; false when the link is full.
  private mutating func sendReports<Output: CounterOutput & ~Copyable>(
    _ account: FundAccountID, _ place: Int, _ now: Timestamp, _ output: inout Output
  ) -> Bool {
    guard mode == .matching, links[place].isCaughtUp else { return true }
    var next = links[place].sentSequence + 1
    while let stored = exchange.report(next, of: account), stored.deliverAt <= now {
      guard send(stored.report, isReplayed: false, place, now, &output) else { return false }
      for _ in 1..<stored.copies { _ = send(stored.report, isReplayed: false, place, now, &output) }
      links[place].sentSequence = next
      next += 1
    }
    return true
  }

  private mutating func send<Output: CounterOutput & ~Copyable>(
    _ report: CounterReport, isReplayed: Bool, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) -> Bool {
    switch report.body {
    case .accepted, .rejected, .cancelled:
      guard let message = CounterProtocol.OrderReport(report, isReplayed: isReplayed) else {
        preconditionFailure("a change of state has an order report")
      }
      return send(message, place, now, &output)
    case .cancelRejected(let error):
      return send(
        CounterProtocol.CancelRejected(report, error, isReplayed: isReplayed), place, now, &output)
    case .trade(let trade):
      let instrument = exchange.instruments[trade.instrument.index]
      return send(
        CounterProtocol.TradeReport(report, trade, instrument, isReplayed: isReplayed), place, now,
        &output)
    }
  }

  // MARK: Answers

  /// Sends as much of an answer as fits; what is left of it, nil when it is whole.
  private mutating func sendSome<Output: CounterOutput & ~Copyable>(
    of answer: CounterLink.Answer, _ account: FundAccountID, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) -> CounterLink.Answer? {
    switch answer {
    case .reports(let next, let request):
      return replay(from: next, request, account, place, now, &output)
    case .orders(let statuses, var next, let request):
      while next < statuses.count {
        let status = CounterProtocol.OrderStatus(statuses[next], request: request)
        guard send(status, place, now, &output) else {
          return .orders(statuses, next: next, request: request)
        }
        next += 1
      }
      let end = CounterProtocol.OrdersEnd(requestNumber: request, count: UInt32(statuses.count))
      guard request == 0 || send(end, place, now, &output) else {
        return .orders(statuses, next: next, request: request)
      }
    case .funds(let request):
      let funds = CounterProtocol.FundsReport(
        exchange.funds(of: account), day: exchange.tradingDay, request: request)
      guard send(funds, place, now, &output) else { return answer }
    case .positions(let positions, var next, let request):
      while next < positions.count {
        let instrument = exchange.instruments[positions[next].instrument.index]
        let position = CounterProtocol.PositionReport(
          positions[next], instrument, request: request)
        guard send(position, place, now, &output) else {
          return .positions(positions, next: next, request: request)
        }
        next += 1
      }
      let end = CounterProtocol.PositionsEnd(
        requestNumber: request, count: UInt32(positions.count))
      guard send(end, place, now, &output) else {
        return .positions(positions, next: next, request: request)
      }
    case .phase(let instrument):
      let status = CounterProtocol.InstrumentStatus(
        exchange.phase(of: instrument), exchange.instruments[instrument.index],
        day: exchange.tradingDay, now: now)
      guard send(status, place, now, &output) else { return answer }
    }
    return nil
  }

  /// Reports from a sequence to the newest, delayed ones included, then the end mark; from there
  /// on reports are sent as they come.
  private mutating func replay<Output: CounterOutput & ~Copyable>(
    from sequence: UInt64, _ request: UInt32, _ account: FundAccountID, _ place: Int,
    _ now: Timestamp, _ output: inout Output
  ) -> CounterLink.Answer? {
    var next = sequence
    if mode == .matching {
      next = max(next, exchange.firstSequence(of: account))
      while let stored = exchange.report(next, of: account) {
        guard send(stored.report, isReplayed: true, place, now, &output) else {
          return .reports(next: next, request: request)
        }
        next += 1
      }
    }
    let last = lastSequence(of: account)
    let end = CounterProtocol.ReportsEnd(requestNumber: request, lastSequence: last)
    guard send(end, place, now, &output) else { return .reports(next: next, request: request) }
    links[place].sentSequence = last
    links[place].isCaughtUp = true
    return nil
  }

  // MARK: Ticks

  private mutating func sendTicks<Output: CounterOutput & ~Copyable>(
    _ place: Int, _ now: Timestamp, _ output: inout Output
  ) {
    var sent = 0
    while sent < links[place].newTicks.count {
      let instrument = links[place].newTicks[sent]
      if let tick = exchange.lastTick(instrument), links[place].wantsTicks[instrument.index] {
        let message = CounterProtocol.Tick(
          tick, exchange.instruments[instrument.index], day: exchange.tradingDay)
        guard send(message, place, now, &output) else { break }
      }
      links[place].hasNewTick[instrument.index] = false
      sent += 1
    }
    if sent > 0 { links[place].newTicks.removeFirst(sent) }
  }
}
