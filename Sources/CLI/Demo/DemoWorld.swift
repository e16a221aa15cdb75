import CSluice
import Config
import Domain
import Engine
import Exchange
import Ledger
import Messages
import Runtime

/// An engine on the embedded defaults and the simulated counters it sends to, joined by calls:
/// one trading day on a clock of its own.
struct DemoWorld: ~Copyable {
  let genesis: Genesis
  var engine: Engine
  var effects = EffectBuffer()
  var tally = DemoTally()
  private(set) var now: Timestamp
  private(set) var exchanges: [SimulatedExchange] = []
  /// Of each fund account: its counter, its place there, its link's epoch, its newest report.
  private(set) var links: [Link] = []

  struct Link {
    var counter: Int
    var place: FundAccountID
    var epoch: UInt64 = 0
    var delivered: UInt64 = 0
  }

  init(_ configuration: Configuration, _ genesis: Genesis) {
    self.genesis = genesis
    let day = genesis.daySwitch.tradingDay
    now = Timestamp(date: day.date, secondOfDay: 9 * 3600)
    engine = Engine(capacities: LedgerCapacities(configuration.gateway.capacities))
    let references = genesis.simulatedReferences(configuration)
    links = configuration.fundAccounts.map { _ in Link(counter: 0, place: .none) }
    for counter in configuration.counters.indices {
      let world = CounterWorld(
        commands: genesis.commands, references: references, counter: CounterID(UInt32(counter)))
      for (place, fund) in world.fundAccounts.enumerated() {
        links[fund.index] = Link(counter: counter, place: FundAccountID(UInt32(place)))
      }
      exchanges.append(
        SimulatedExchange(day: day, instruments: world.instruments, accounts: world.accounts))
    }
    for command in genesis.commands { step(command) }
    step(.daySwitch(genesis.daySwitch))
    for reference in references { step(.dayReference(reference)) }
    for index in links.indices { connect(FundAccountID(UInt32(index))) }
  }

  private mutating func connect(_ fund: FundAccountID) {
    let link = links[fund.index]
    let epoch = exchanges[link.counter].login(link.place)
    links[fund.index].epoch = epoch
    step(
      .counterLinkUp(CounterLinkUp(fundAccount: fund, epoch: epoch, lastCounterSequence: 0)))
    step(.counterResynced(CounterResynced(fundAccount: fund, epoch: epoch)))
  }

  /// The exchange says that every instrument trades: the demo's day has no breaks.
  mutating func openMarket() {
    for index in genesis.instruments.indices {
      step(
        .instrumentStatus(
          InstrumentStatus(instrument: InstrumentID(UInt32(index)), phase: .continuous)))
    }
  }

  mutating func advance(milliseconds: Int64) {
    now = now.adding(nanoseconds: milliseconds * 1_000_000)
  }

  // MARK: Steps

  /// Steps a command, hands what follows to the counters, and steps what they answer, until
  /// nothing is on its way.
  mutating func step(_ command: Command) {
    apply(command)
    while deliver() {}
  }

  private mutating func apply(_ command: Command) {
    let stamped = Stamped(sequence: engine.sequence + 1, time: now, command: command)
    let before = sluice_monotonic_nanoseconds()
    engine.step(stamped, into: &effects)
    let after = sluice_monotonic_nanoseconds()
    if case .newOrder = command { tally.decisions.append(after - before) }
    for index in 0..<effects.count { carryOut(effects[index]) }
    while engine.hasWork {
      engine.step(
        Stamped(sequence: engine.sequence + 1, time: now, command: .continueWork), into: &effects)
      for index in 0..<effects.count { carryOut(effects[index]) }
    }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .report(let report): tally.note(report)
    case .sendOrder(let order):
      tally.note(order)
      let link = links[order.fundAccount.index]
      let request = OrderRequest(
        child: order.child, instrument: order.instrument, side: order.side,
        offset: order.offset, hedge: order.hedge, type: order.type,
        timeInForce: order.timeInForce, price: order.price, lots: order.lots,
        minimumLots: order.minimumLots)
      _ = exchanges[link.counter].insert(
        request, account: link.place, epoch: link.epoch, now: now)
    case .sendCancel(let cancel):
      let link = links[cancel.fundAccount.index]
      _ = exchanges[link.counter].cancel(
        cancel.child, account: link.place, epoch: link.epoch, now: now)
    case .commandRefused(let refused): tally.refusedCommands.append(refused.refusal)
    case .notice(let notice): tally.notices[notice.kind, default: 0] += 1
    case .askFate, .logonVerdict, .defined: break
    }
  }

  /// Steps every report the counters have made since; false when there was none.
  private mutating func deliver() -> Bool {
    var isAny = false
    for index in links.indices {
      let link = links[index]
      let newest = exchanges[link.counter].lastSequence(of: link.place)
      guard newest > link.delivered else { continue }
      isAny = true
      for sequence in (link.delivered + 1)...newest {
        guard let stored = exchanges[link.counter].report(sequence, of: link.place) else {
          continue
        }
        links[index].delivered = sequence
        apply(Command(stored.report, FundAccountID(UInt32(index))))
      }
    }
    return isAny
  }

  /// A price of the market: to every counter, and to the engine as a link would bring it.
  mutating func tick(_ tick: ExchangeTick, _ instrument: InstrumentID) {
    for index in exchanges.indices {
      exchanges[index].receive(tick, for: instrument, now: now)
    }
    step(
      .tick(
        Tick(
          instrument: instrument, last: tick.last, bid: tick.bid.price, bidLots: tick.bid.lots,
          ask: tick.ask.price, askLots: tick.ask.lots, upperLimit: tick.limitUp,
          lowerLimit: tick.limitDown, preSettlement: tick.priorSettlement, volume: tick.volume,
          openInterest: tick.openInterest, exchangeTime: tick.time)))
  }
}
