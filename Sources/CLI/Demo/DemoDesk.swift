import Client
import Domain
import Exchange
import Gateway
import Runtime
import Session
import Wire

/// The demo's traders, one terminal each: they wait for prices, trade until the market closes,
/// cancel what is left, and go when every order is final.
struct DemoDesk: TerminalHandler {
  private static let beat = 1
  private static let beatNanoseconds: Int64 = 5_000_000
  /// Every so many orders, the one that was sent so many before is cancelled.
  private static let cancelEvery = 3
  private static let cancelBehind = 18
  /// What has not happened by then will not.
  private static let patienceNanoseconds: Int64 = 20_000_000_000

  private enum Phase { case arriving, trading, closing, leaving }

  private(set) var tally = DemoTally()
  private(set) var market: DemoMarket
  /// What went wrong; the demo fails.
  private(set) var faults: [String] = []
  private var scenario: DemoScenario
  private let gateway: GatewayView
  private let counters: RunningCounters
  private let controller: DemoController
  /// What he has heard in the end.
  private(set) var notices = DemoNotices()
  private var hasForced = false
  private var stopped: Set<Name> = []
  private let links: Int
  private let ordersPlanned: Int
  private let ordersPerBeat: Int
  private var phase = Phase.arriving
  private var phaseSince: Int64 = 0
  private var sent: [(terminal: Int, id: ClOrdID)] = []
  private var nextTerminal = 0
  private var bursts = 0
  private var lastWords: Int64 = 0
  /// When the gateway last took something in while everybody waited for it.
  private var quiet = (ticks: UInt64(0), reports: UInt64(0), since: Int64(0))

  init(
    _ market: DemoMarket, seed: UInt64, _ gateway: GatewayView, _ counters: RunningCounters,
    _ controller: DemoController, links: Int, ordersPlanned: Int, ordersPerSecond: Int,
    _ loop: inout EventLoop
  ) {
    self.market = market
    scenario = DemoScenario(seed: seed)
    self.gateway = gateway
    self.counters = counters
    self.controller = controller
    self.links = links
    self.ordersPlanned = ordersPlanned
    ordersPerBeat = max(1, ordersPerSecond * Int(DemoDesk.beatNanoseconds) / 1_000_000_000)
    phaseSince = loop.now
    loop.startTimer(DemoDesk.beat, afterNanoseconds: DemoDesk.beatNanoseconds)
  }

  // MARK: What terminals hear

  mutating func happened(
    _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
    _ loop: inout EventLoop
  ) {
    switch event {
    case .loggedOn:
      // One terminal's prices are everybody's.
      if terminal == 0 { _ = terminals.clients[0].subscribe(market.entries, at: loop.now) }
    case .report(let report):
      tally.note(report)
      market.note(report, of: terminal)
    case .businessReject(let reject): tally.note(reject)
    case .tick(let tick):
      tally.ticks += 1
      market.note(tick)
    case .resumed, .massCancelReport, .account, .position, .instrument, .instrumentsEnd,
      .orderRow, .tradeRow, .limitRow, .queryEnd, .findingRow, .routeRow, .roomRow, .explainEnd,
      .notice, .noticesComplete, .noticesTruncated, .ended:
      break
    }
  }

  mutating func ended(
    _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
    _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    if phase != .leaving {
      faults.append("\(terminals.clients[terminal].logon.account.string) was cut off: \(end.cause)")
      loop.stop()
    } else if terminals.loggedOnCount == 0 {
      loop.stop()
    }
  }

  // MARK: What they do

  mutating func timerFired(
    _ timer: Int, _ terminals: inout Terminals, _ loop: inout EventLoop
  ) {
    loop.startTimer(DemoDesk.beat, afterNanoseconds: DemoDesk.beatNanoseconds)
    switch phase {
    case .arriving: arrive(terminals, &loop)
    case .trading: trade(&terminals, &loop)
    case .closing: close(&terminals, &loop)
    case .leaving: break
    }
    if phase != .trading, loop.now - phaseSince > DemoDesk.patienceNanoseconds {
      faults.append("nothing came for too long while \(phase)")
      loop.stop()
    }
  }

  private mutating func enter(_ phase: Phase, _ loop: inout EventLoop) {
    self.phase = phase
    phaseSince = loop.now
    quiet.since = loop.now
  }

  private mutating func arrive(_ terminals: borrowing Terminals, _ loop: inout EventLoop) {
    guard terminals.loggedOnCount == terminals.count, gateway.progress.linksReady == links,
      !market.priced.isEmpty
    else { return }
    Console.complain("demo: \(terminals.count) terminals are logged on, \(links) links are ready")
    // All that is told from here on, and how liquidations go.
    controller.ask("notices")
    controller.ask("liquidations")
    enter(.trading, &loop)
  }

  private mutating func trade(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    if counters.progress.allSatisfy(\.ticksAreOver) {
      Console.complain("demo: the market is closed; what is left is cancelled")
      for terminal in 0..<terminals.count {
        _ = terminals.clients[terminal].cancelAll(at: loop.now)
      }
      return enter(.closing, &loop)
    }
    // A busy machine sends fewer orders than are planned.
    if !hasForced, tally.ordersIn >= ordersPlanned * 2 / 3 || market.isAfternoon {
      hasForced = true
      Console.complain("demo: \(DemoLimits.controller) has \(DemoLimits.forced) liquidated")
      controller.ask("liquidate account \(DemoLimits.forced) all what a controller says")
    }
    for _ in 0..<ordersPerBeat {
      let terminal = nextTerminal
      nextTerminal = (nextTerminal + 1) % terminals.count
      guard let ticket = scenario.next(market, account: terminal) else { return }
      send(ticket, terminal, &terminals, loop.now)
      cancelOld(&terminals, loop.now)
    }
    burst(&terminals, loop.now)
    tell(&loop)
  }

  /// What breaks the rules that count: in the first burst the same order again and again and more
  /// orders than may rest, in the second more in a second than may be sent, which bars opening.
  private mutating func burst(_ terminals: inout Terminals, _ now: Int64) {
    guard bursts < 2, tally.ordersIn >= ordersPlanned * (2 * bursts + 1) / 24 else { return }
    bursts += 1
    // The cheapest, so that nothing else refuses them first.
    let value = { [market] (place: Int) in
      (market.listed[place].price?.units ?? .max / 1_000) * market.listed[place].terms.multiplier
    }
    guard let place = market.priced.min(by: { value($0) < value($1) }),
      let price = market.listed[place].price
    else { return }
    let terms = market.listed[place].terms
    for number in 0..<(bursts == 1 ? 60 : 120) {
      let away = bursts == 1 ? 20 + max(0, number - 8) : 20 + number
      send(
        OrderTicket(
          .buy, .open, terms.code, exchange: terms.exchange, lots: terms.limitLots.lowerBound,
          price: Price(units: price.units - Int64(away) * terms.tick),
          timeInForce: bursts == 1 ? .day : .immediateOrCancel),
        0, &terminals, now)
    }
    _ = terminals.clients[0].cancelAll(instrument: terms.code, at: now)
  }

  private mutating func send(
    _ ticket: OrderTicket, _ terminal: Int, _ terminals: inout Terminals, _ now: Int64
  ) {
    guard case .sent(let id) = terminals.clients[terminal].place(ticket, at: now) else { return }
    tally.ordersIn += 1
    sent.append((terminal, id))
  }

  private mutating func cancelOld(_ terminals: inout Terminals, _ now: Int64) {
    guard sent.count > DemoDesk.cancelBehind, sent.count % DemoDesk.cancelEvery == 0 else {
      return
    }
    let old = sent[sent.count - DemoDesk.cancelBehind]
    guard terminals.clients[old.terminal].model.order(old.id)?.isWorking == true,
      terminals.clients[old.terminal].cancel(old.id, at: now).isSent
    else { return }
    tally.cancelsIn += 1
  }

  /// Everybody waits until every order is final and the gateway has taken in the last tick.
  private mutating func close(_ terminals: inout Terminals, _ loop: inout EventLoop) {
    let counts = gateway.progress.counts
    if counts.ticksReceived != quiet.ticks || counts.counterReports != quiet.reports {
      quiet = (counts.ticksReceived, counts.counterReports, loop.now)
    }
    guard loop.now - quiet.since > 500_000_000 else { return }
    // Nobody trades any more: what is still being closed is left.
    notices = controller.notices
    let running = notices.running
    guard running.isEmpty else {
      for account in running where stopped.insert(account).inserted {
        controller.ask("stop account \(account.string) the market is closed")
      }
      return
    }
    for terminal in 0..<terminals.count {
      let isFinal = terminals.clients[terminal].model.orders.allSatisfy { order in
        order.isAnswered && order.state.isFinal
      }
      guard isFinal else { return }
    }
    enter(.leaving, &loop)
    controller.ask("quit")
    for terminal in 0..<terminals.count { terminals.leave(terminal, &loop) }
  }

  private mutating func tell(_ loop: inout EventLoop) {
    guard loop.now - lastWords >= 2_000_000_000 else { return }
    lastWords = loop.now
    let second = market.secondOfDay
    let (hours, minutes) = (second / 3600, second / 60 % 60)
    Console.complain(
      """
      demo: \(hours / 10)\(hours % 10):\(minutes / 10)\(minutes % 10) by the exchange's clock, \
      \(tally.ordersIn) orders, \(tally.refusedCount) refused, \(tally.fills) fills, \
      \(tally.ticks) ticks seen
      """)
  }
}
