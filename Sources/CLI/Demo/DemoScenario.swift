import Client
import Domain
import Exchange
import Wire

/// The orders of the demo's accounts: most pass, and some break a rule, each rule in its turn.
struct DemoScenario {
  private var random: SplitMix64
  private var breaking = 0

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// The next order of an account; nil while nothing has a price.
  mutating func next(_ market: DemoMarket, account: Int) -> OrderTicket? {
    let priced = market.priced
    guard !priced.isEmpty else { return nil }
    let place = priced[random.below(priced.count)]
    let terms = market.listed[place].terms
    guard let last = market.listed[place].price else { return nil }
    let side: Side = random.below(2) == 0 ? .buy : .sell
    let away = Int64(random.below(5) - 2) * terms.tick
    var ticket = OrderTicket(
      side, .open, terms.code, exchange: terms.exchange,
      lots: max(terms.limitLots.lowerBound, Lots(1 + random.below(3))),
      price: Price(units: last.units + away))
    switch random.below(10) {
    case 0, 1, 2: close(&ticket, market.holding(account, place), terms.exchange)
    case 3: ticket.timeInForce = .immediateOrCancel
    case 4: ticket.timeInForce = .fillOrKill
    case 5: breakRule(&ticket, market, place)
    default: break
    }
    return ticket
  }

  /// Closes something that was opened today, if anything was.
  private func close(
    _ ticket: inout OrderTicket, _ holding: DayHolding, _ exchange: Exchange
  ) {
    guard holding.long > 0 || holding.short > 0 else { return }
    ticket.side = holding.long > holding.short ? .sell : .buy
    ticket.offset = exchange.closingToday
    ticket.lots = 1
  }

  private mutating func breakRule(
    _ ticket: inout OrderTicket, _ market: DemoMarket, _ place: Int
  ) {
    let terms = market.listed[place].terms
    let upper = market.listed[place].tick?.upperLimit ?? .none
    breaking += 1
    switch breaking % 12 {
    case 0: ticket.instrument = InstrumentCode("zz9999") ?? InstrumentCode()
    case 1: ticket.side = .unknown
    case 2: ticket.offset = .unknown
    case 3: ticket.hedge = .unknown
    case 4: ticket.lots = 0
    case 5: ticket.lots = terms.limitLots.upperBound + 1
    case 6: ticket.price.units += 1
    case 7 where !upper.isNone: ticket.price.units = upper.units + terms.tick
    case 8: ticket.hedge = .hedge
    case 9:
      ticket.offset = .close
      ticket.lots = terms.limitLots.upperBound
    case 10: ticket.timeInForce = .unknown
    default: ticket.lots = terms.limitLots.upperBound
    }
  }
}
