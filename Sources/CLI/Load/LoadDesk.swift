import CSluice
import Client
import Config
import Domain
import Metrics
import Runtime
import Session
import Wire

/// The terminals of a load: they log on, send by the clock whatever comes back, cancel what is
/// left, ask for everything the gateway has of them, and go.
struct LoadDesk: TerminalHandler {
  private static let beat = 1
  private static let arrivalNanoseconds: Int64 = 300_000_000_000
  private static let second: Int64 = 1_000_000_000

  private enum Phase { case arriving, sending, draining, auditing, leaving }

  private let plan: LoadPlan
  private let figures: LoadFigures
  private var market: LoadMarket
  /// The first terminals send.
  private var traders: [LoadTrader]
  /// Those behind them ask, and the others are silent.
  private var askers: [LoadAsker]
  private var audits: [LoadAudit]
  /// Terminals that were told to ask again.
  private var retries: [Int] = []
  private var asksMarketAt = Int64.max
  private var resumed: [Bool]
  private var phase = Phase.arriving
  private var phaseSince: Int64
  private var start: Int64 = 0
  private var nextCut: Int64 = 0
  private var cutRandom: SplitMix64

  /// - Parameters:
  ///   - senders: orders a second of each terminal that sends: the first ones.
  ///   - askers: pages a second of each terminal behind them that asks.
  init(
    _ plan: LoadPlan, _ market: LoadMarket, senders: [Int], askers: [Int], terminals: Int,
    _ figures: LoadFigures, _ loop: inout EventLoop
  ) {
    self.plan = plan
    self.market = market
    self.figures = figures
    cutRandom = SplitMix64(seed: plan.seed)
    traders = senders.enumerated().map { index, rate in
      let period = LoadDesk.second / Int64(rate)
      return LoadTrader(
        period: period, firstDue: period * Int64(index) / Int64(senders.count),
        instruments: market.listed.count, seed: plan.seed &* 1_000_003 &+ UInt64(index) &+ 1)
    }
    self.askers = askers.enumerated().map { index, rate in
      let period = LoadDesk.second / Int64(rate)
      return LoadAsker(period: period, firstDue: period * Int64(index) / Int64(askers.count))
    }
    audits = Array(
      repeating: LoadAudit(declaration: plan.declaration), count: senders.count)
    resumed = Array(repeating: false, count: terminals)
    phaseSince = loop.now
    loop.startTimer(LoadDesk.beat, afterNanoseconds: 0)
  }

  // MARK: What terminals hear

  mutating func happened(
    _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
    _ loop: inout EventLoop
  ) {
    switch event {
    case .resumed(_, let firstAvailable): resume(terminal, firstAvailable, &terminals, loop.now)
    case .report(let report): heard(report, terminal, terminals)
    case .businessReject(let reject)
    where reject.refTemplateID == OrderEntry.InstrumentsRequest.templateID && phase == .arriving:
      // Busy: a gateway that has just begun.
      asksMarketAt = loop.now + LoadDesk.second / 10
    case .businessReject(let reject): heard(reject, terminal, terminals)
    case .instrument(let definition): market.note(definition)
    case .instrumentsEnd: subscribe(&terminals, loop.now)
    case .tick(let tick): market.note(tick)
    case .orderRow(let row) where phase == .auditing:
      note(audits[terminal].note(row, terminals.clients[terminal].model))
    case .tradeRow(let row) where phase == .auditing:
      audits[terminal].note(row, terminals.clients[terminal].model)
    case .position(let update) where phase == .auditing: audits[terminal].note(update)
    case .account(let update) where phase == .auditing: audits[terminal].note(update)
    case .queryEnd(let end): answered(end, terminal, &terminals, &loop)
    // The rest needs no answer: notices, and what an explanation is made of.
    default: break
    }
  }

  mutating func ended(
    _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
    _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    resumed[terminal] = false
    if phase == .leaving {
      if terminals.loggedOnCount == 0 { loop.stop() }
    } else if end.isFinal {
      figures.fault("\(name(terminal, terminals)) was cut off: \(end.cause), \(end.reason)")
      loop.stop()
    }
  }

  private func name(_ terminal: Int, _ terminals: borrowing Terminals) -> String {
    terminals.clients[terminal].logon.account.string
  }

  private func note(_ fault: String?) {
    if let fault { figures.fault(fault) }
  }

  /// Back on the line: what had no answer is sent again, under its first id.
  private mutating func resume(
    _ terminal: Int, _ firstAvailable: UInt64, _ terminals: inout Terminals, _ now: Int64
  ) {
    resumed[terminal] = true
    if firstAvailable > 1 {
      figures.fault(
        "\(name(terminal, terminals)): reports before \(firstAvailable) are not kept any more")
    }
    guard terminal < traders.count else { return }
    let count = terminals.clients[terminal].resendUnanswered(at: now)
    if count > 0 {
      figures.resent += count
      traders[terminal].resent()
    }
    if terminal == 0 { askMarket(&terminals, now) }
    if phase == .auditing, !audits[terminal].isDone {
      // What it was asking went with the connection, and the rows it had are of before.
      audits[terminal].beginAgain()
      ask(terminal, &terminals, now)
    }
  }

  private mutating func askMarket(_ terminals: inout Terminals, _ now: Int64) {
    asksMarketAt = .max
    guard !market.isKnown else { return subscribe(&terminals, now) }
    for commodity in market.commodities {
      _ = terminals.clients[0].askInstruments(commodity: commodity, at: now)
    }
  }

  private mutating func subscribe(_ terminals: inout Terminals, _ now: Int64) {
    if market.isKnown { _ = terminals.clients[0].subscribe(market.entries, at: now) }
  }

  private mutating func heard(
    _ report: OrderEntry.ExecutionReport, _ terminal: Int, _ terminals: borrowing Terminals
  ) {
    guard terminal < traders.count, !report.clOrdID.isEmpty else { return }
    let place = terminals.clients[terminal].model.number(of: report.clOrdID) - 1
    guard place >= 0 else { return }
    audits[terminal].hear(report, premium: market.premium(report))
    let isFirst = !traders[terminal].isAnswered(place)
    let order = terminals.clients[terminal].model.orders[place]
    if let fault = traders[terminal].note(report, order, at: place, market) {
      figures.fault("\(name(terminal, terminals)) \(report.clOrdID.string): \(fault)")
    }
    let (due, sent) = traders[terminal].times(at: place)
    guard due != 0 else { return }
    switch report.execType {
    case .new where isFirst: figures.accepted += 1
    case .rejected where isFirst: figures.refused[report.refusal.rule, default: 0] += 1
    case .trade:
      figures.fills += 1
      figures.filledLots += Int64(report.lastLots)
    case .cancelled: figures.cancelled += 1
    default: break
    }
    guard isFirst, due >= start + Int64(plan.warmUpSeconds) * LoadDesk.second else { return }
    let now = sluice_monotonic_nanoseconds()
    figures.latency.record(now - due)
    figures.lateness.record(sent - due)
    figures.answer.record(now - sent)
  }

  private mutating func heard(
    _ reject: OrderEntry.BusinessReject, _ terminal: Int, _ terminals: borrowing Terminals
  ) {
    let model = terminals.clients[terminal].model
    let place = model.number(of: reject.refRequestID) - 1
    guard terminal < traders.count, place >= 0 else {
      figures.fault("\(name(terminal, terminals)): \(reject.text.string)")
      return
    }
    if let fault = traders[terminal].noteReject(at: place) {
      figures.fault("\(name(terminal, terminals)) \(reject.refRequestID.string): \(fault)")
    }
    figures.refused[reject.refusal.rule, default: 0] += 1
  }

  // MARK: By the clock

  mutating func timerFired(
    _ timer: Int, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    loop.startTimer(LoadDesk.beat, afterNanoseconds: 0)
    switch phase {
    case .arriving:
      if loop.now >= asksMarketAt { askMarket(&terminals, loop.now) }
      arrive(terminals, &loop)
    case .sending: send(&terminals, &loop)
    case .draining: drain(&terminals, &loop)
    case .auditing:
      for terminal in retries { ask(terminal, &terminals, loop.now) }
      retries.removeAll(keepingCapacity: true)
      if waited(loop) > LoadDesk.arrivalNanoseconds {
        figures.fault("the gateway does not answer what it is asked at the end")
        loop.stop()
      }
    case .leaving:
      if waited(loop) > Int64(plan.answerSeconds) * LoadDesk.second { loop.stop() }
    }
  }

  private func waited(_ loop: borrowing EventLoop) -> Int64 { loop.now - phaseSince }

  private mutating func enter(_ phase: Phase, _ loop: borrowing EventLoop) {
    self.phase = phase
    phaseSince = loop.now
  }

  private mutating func arrive(_ terminals: borrowing Terminals, _ loop: inout EventLoop) {
    let missing = market.missing
    if resumed.allSatisfy({ $0 }), missing.isEmpty || traders.isEmpty {
      Console.complain("load: \(terminals.count) terminals are logged on")
      start = sluice_monotonic_nanoseconds() + 50_000_000
      for index in traders.indices { traders[index].begin(at: start) }
      for index in askers.indices { askers[index].begin(at: start) }
      nextCut = start + Int64(plan.warmUpSeconds) * LoadDesk.second
      enter(.sending, loop)
    } else if waited(loop) > LoadDesk.arrivalNanoseconds {
      let count = resumed.count { $0 }
      figures.fault(
        """
        \(count) of \(terminals.count) terminals are logged on\
        \(missing.isEmpty ? "" : "; no price of \(missing.joined(separator: ", "))")
        """)
      loop.stop()
    }
  }

  private mutating func send(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    let now = sluice_monotonic_nanoseconds()
    let end = start + Int64(plan.warmUpSeconds + plan.seconds) * LoadDesk.second
    for index in traders.indices {
      while traders[index].nextDue <= now, traders[index].nextDue < end {
        place(index, &terminals, loop.now)
      }
      cancelRested(index, &terminals, now, loop.now)
    }
    if now < end { askPages(&terminals, now, loop.now) }
    if plan.cutsPerSecond > 0, now >= nextCut, !traders.isEmpty, now < end {
      nextCut += LoadDesk.second / Int64(plan.cutsPerSecond)
      cut(&terminals, &loop)
    }
    guard now >= end else { return }
    Console.complain("load: \(figures.sent) orders sent; what is left is cancelled")
    enter(.draining, loop)
  }

  private mutating func place(_ index: Int, _ terminals: inout Terminals, _ now: Int64) {
    let due = traders[index].takeTurn()
    let (ticket, kind) = traders[index].ticket(plan.mix, market)
    guard resumed[index],
      case .sent(let id) = terminals.clients[index].place(ticket, at: now)
    else {
      figures.skipped += 1
      return
    }
    figures.sent += 1
    let sent = sluice_monotonic_nanoseconds()
    traders[index].sent(
      ticket, kind, id, at: terminals.clients[index].model.number(of: id) - 1, due: due,
      now: sent, restsUntil: sent + Int64(plan.restMilliseconds) * 1_000_000)
  }

  private mutating func cancelRested(
    _ index: Int, _ terminals: inout Terminals, _ time: Int64, _ now: Int64
  ) {
    guard resumed[index] else { return }
    while let id = traders[index].nextRested(at: time) {
      if terminals.clients[index].model.order(id)?.isWorking == true {
        _ = terminals.clients[index].cancel(id, at: now)
      }
    }
  }

  private mutating func askPages(
    _ terminals: inout Terminals, _ time: Int64, _ now: Int64
  ) {
    for index in askers.indices {
      let terminal = traders.count + index
      guard resumed[terminal], let (kind, after) = askers[index].next(at: time) else { continue }
      if terminals.clients[terminal].query(kind, after: after, at: now).isSent {
        figures.asked += 1
      } else {
        askers[index].answered(nil)
      }
    }
  }

  private mutating func cut(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    let terminal = cutRandom.below(traders.count)
    guard resumed[terminal] else { return }
    resumed[terminal] = false
    figures.cuts += 1
    terminals.cut(terminal, &loop)
  }

  // MARK: The end

  /// Until every order is final: cancels again and again, for an order may rest behind a cancel.
  private mutating func drain(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    guard loop.now >= nextCut else { return }
    nextCut = loop.now + LoadDesk.second / 4
    let isLate = waited(loop) > Int64(plan.answerSeconds) * LoadDesk.second
    var left = 0
    for index in traders.indices where resumed[index] || isLate {
      left += terminals.clients[index].model.orders.count { !$0.isAnswered || $0.isWorking }
    }
    let isBack = traders.indices.allSatisfy { resumed[$0] }
    if left == 0, isBack || isLate { return audit(&terminals, &loop) }
    if isLate {
      countUnanswered(terminals)
      return audit(&terminals, &loop)
    }
    for index in traders.indices where resumed[index] {
      _ = terminals.clients[index].cancelAll(at: loop.now)
    }
  }

  private func countUnanswered(_ terminals: borrowing Terminals) {
    for index in traders.indices {
      for order in terminals.clients[index].model.orders where order.request != nil {
        if !order.isAnswered { figures.unanswered += 1 }
        if order.isWorking {
          figures.fault("\(order.clOrdID.string): cannot be cancelled, or its end is not told")
        }
      }
    }
  }

  private mutating func audit(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    enter(.auditing, loop)
    if traders.isEmpty { return leave(&terminals, &loop) }
    for index in traders.indices { ask(index, &terminals, loop.now) }
  }

  private func ask(_ terminal: Int, _ terminals: inout Terminals, _ now: Int64) {
    guard let kind = audits[terminal].questions.last else { return }
    _ = terminals.clients[terminal].query(kind, after: audits[terminal].after, at: now)
  }

  private mutating func answered(
    _ end: OrderEntry.QueryEnd, _ terminal: Int, _ terminals: inout Terminals,
    _ loop: inout EventLoop
  ) {
    if terminal >= traders.count, terminal - traders.count < askers.count {
      let asker = terminal - traders.count
      if askers[asker].openSince > 0, end.result != .busy {
        figures.query.record(sluice_monotonic_nanoseconds() - askers[asker].openSince)
      }
      if end.result == .busy { figures.askedAgain += 1 }
      return askers[asker].answered(end)
    }
    guard phase == .auditing, end.requestNumber == terminals.clients[terminal].lastRequestNumber
    else { return }
    switch end.result {
    case .more: audits[terminal].after = end.after
    case .busy: return retries.append(terminal)
    case .complete: audits[terminal].next()
    case .unknown, .cursorUnknown, .refused, .unavailable, .orderUnknown:
      figures.fault("\(name(terminal, terminals)): \(end.kind) can't be had: \(end.result)")
      audits[terminal].next()
    }
    if end.lost > 0 { figures.fault("\(end.lost) rows are lost to \(name(terminal, terminals))") }
    guard audits[terminal].isDone else { return ask(terminal, &terminals, loop.now) }
    for fault in audits[terminal].faults(terminals.clients[terminal].model) {
      figures.fault("\(name(terminal, terminals)): \(fault)")
    }
    figures.audited += 1
    if figures.audited == traders.count { leave(&terminals, &loop) }
  }

  private mutating func leave(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    enter(.leaving, loop)
    for terminal in 0..<terminals.count { terminals.leave(terminal, &loop) }
  }
}
