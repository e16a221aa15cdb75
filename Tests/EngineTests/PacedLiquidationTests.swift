import Domain
import Engine
import Ledger
import Messages
import Testing

/// A bad day at counters that take few messages a second: everybody is liquidated at once, into a
/// market that falls and takes whatever it is offered at its price.
///
/// Simulated time: a counter answers after some milliseconds, prices move every second.
@Suite struct PacedLiquidationTests {
  /// How many links the accounts share, and how many messages a second each takes.
  static let rows: [(links: Int, quota: Int64)] = [(10, 500), (10, 6), (1, 500), (1, 6)]

  @Test(arguments: rows)
  func aThousandAccountsAreOutWithinTheQuota(_ links: Int, _ quota: Int64) {
    let day = PacedDay(links: links, quota: quota)
    day.run()
    let busiest = day.messages.map(\.count).max() ?? 0
    let allowed = Double((Int64(busiest) + quota - 1) / quota) * 1.05
    let figures =
      "\(LiquidationWaveTests.accounts) accounts over \(links) links of \(quota)/s: "
      + "\(day.seconds) s for \(busiest) messages on the busiest link, \(allowed) s are allowed; "
      + "\(day.orders) orders, \(day.cancels) cancels, \(day.repriced) repriced, "
      + "\(day.worstSecond) messages in the worst second, \(day.lotsLeft) lots left, "
      + "\(day.flipped) flipped, \(day.ended) liquidations over, longest step \(day.longestStep)"
    #expect(day.seconds <= allowed, "\(figures)")
    #expect(day.worstSecond <= quota, "\(figures)")
    #expect(day.ended == LiquidationWaveTests.accounts, "\(figures)")
    #expect(day.lotsLeft == 0, "\(figures)")
    #expect(day.flipped == 0, "\(figures)")
    #expect(day.longestStep <= Engine.unitsPerStep, "\(figures)")
    #expect(busiest >= LiquidationWaveTests.accounts / links * 5, "\(figures)")
  }
}

/// The house of `LiquidationWaveTests`, its counters and its market, event by event.
private final class PacedDay {
  private struct Answer {
    var due: Timestamp
    var order: SendOrder
  }

  private let fixture: EngineFixture
  private let links: Int
  private let start: Timestamp
  private var answers: [Answer] = []
  private var answered = 0
  private var nextPrices: Timestamp
  private var ticks = 0
  /// When messages left, by link.
  private(set) var messages: [[Timestamp]]
  private(set) var orders = 0
  private(set) var cancels = 0
  private(set) var repriced = 0
  private(set) var ended = 0
  private(set) var longestStep = 0

  init(links: Int, quota: Int64) {
    self.links = links
    fixture = LiquidationWaveTests.house(products: links)
    messages = [[Timestamp]](repeating: [], count: links)
    for link in 0..<links { fixture.set(FundAccountID(UInt32(link)), .messageQuota, quota) }
    start = fixture.time
    nextPrices = start.adding(seconds: 1)
    movePrices(at: start)
  }

  var seconds: Double {
    Double(fixture.time.nanoseconds - start.nanoseconds) / 1_000_000_000
  }

  func run() {
    for product in 0..<links {
      step(
        .forceLiquidate(
          ForceLiquidate(
            who: Name("wei")!, account: .none, product: ProductID(UInt32(product)),
            instrument: .none, side: .unknown, hedge: .unknown, extent: .all)), at: start)
      drain(at: start)
    }
    let latest = start.adding(seconds: 3_600)
    var events = 0
    while ended < LiquidationWaveTests.accounts, fixture.time < latest, events < 1_000_000 {
      events += 1
      let answer = answered < answers.count ? answers[answered].due : .never
      let next = max(min(answer, fixture.nextDeadline, nextPrices), fixture.time)
      if answer <= next {
        fill(answers[answered].order, at: next)
        answered += 1
      } else if nextPrices <= next {
        movePrices(at: next)
        nextPrices = next.adding(seconds: 1)
      } else {
        step(.timeReached, at: next)
      }
      drain(at: next)
    }
  }

  /// Prices fall by a tick a second: an order priced before is a tick too dear.
  private func movePrices(at time: Timestamp) {
    ticks += 1
    for instrument in LiquidationWaveTests.instruments {
      let listing = World.listings[instrument.index]
      let bid = World.yuan(listing.price).units - Int64(ticks % 200) * listing.tick
      step(
        .tick(
          Tick(
            instrument: instrument, last: Price(units: bid), bid: Price(units: bid), bidLots: 1,
            ask: Price(units: bid + listing.tick), askLots: 1, upperLimit: .none,
            lowerLimit: .none, preSettlement: .none, volume: 0, openInterest: 0,
            exchangeTime: time)), at: time)
    }
  }

  private func fill(_ order: SendOrder, at time: Timestamp) {
    fixture.counterSequences[order.fundAccount.index] += 1
    let number = fixture.counterSequences[order.fundAccount.index]
    step(
      .counterTrade(
        CounterTrade(
          fundAccount: order.fundAccount, counterSequence: number, child: order.child,
          instrument: order.instrument, side: order.side, offset: order.offset,
          hedge: order.hedge, price: order.price, lots: order.lots, tradeTime: time,
          tradeID: VenueID("t\(number)")!, venueOrderID: VenueID())), at: time)
  }

  private func drain(at time: Timestamp) {
    while fixture.hasWork { step(.continueWork, at: time) }
  }

  private func step(_ command: Command, at time: Timestamp) {
    let effects = fixture.step(command, at: time)
    longestStep = max(longestStep, effects.leaving.count, effects.waits.count)
    for effect in effects {
      switch effect {
      case .sendOrder(let order):
        orders += 1
        messages[order.fundAccount.index].append(time)
        answers.append(Answer(due: time.adding(nanoseconds: 3_000_000), order: order))
      case .sendCancel(let cancel):
        cancels += 1
        messages[cancel.fundAccount.index].append(time)
      case .report(let report) where report.execType == .restated: repriced += 1
      case .liquidationProgress(let progress) where progress.phase == .ended: ended += 1
      default: break
      }
    }
  }

  // MARK: What it came to

  /// Most messages of a link within any second.
  var worstSecond: Int64 {
    var worst = 0
    for times in messages {
      var first = 0
      for (place, time) in times.enumerated() {
        while time.nanoseconds - times[first].nanoseconds >= 1_000_000_000 { first += 1 }
        worst = max(worst, place - first + 1)
      }
    }
    return Int64(worst)
  }

  private func sum(_ figure: (PositionSideRecord?, PositionSideRecord?) -> Int) -> Int {
    var sum = 0
    for account in 0..<LiquidationWaveTests.accounts {
      let id = OperationAccountID(UInt32(account))
      for instrument in LiquidationWaveTests.instruments {
        sum += figure(
          fixture.side(id, instrument, .long), fixture.side(id, instrument, .short))
      }
    }
    return sum
  }

  var lotsLeft: Int { sum { long, _ in Int(long?.held ?? 0) } }
  /// Positions that are short now.
  var flipped: Int { sum { _, short in (short?.held ?? 0) > 0 ? 1 : 0 } }
}
