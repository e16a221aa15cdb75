import Domain
import Testing

@testable import Exchange

@Suite struct ExchangePropertyTests {
  static let seeds: [UInt64] = Array(1...20)

  @Test(arguments: seeds)
  func tradesAreThoseOfANaiveBook(_ seed: UInt64) {
    var flow = RandomFlow(seed: seed)
    for _ in 0..<600 { flow.step() }
    let matches = flow.matches()
    #expect(matches == flow.naive.matches)
    #expect(matches.count > 100)
    #expect(matches.contains { $0.children.count == 2 })
    #expect(matches.contains { $0.children.count == 1 })
  }

  /// Everything that can go wrong by chance, but for the link.
  static let faults = [
    FaultRule(.refuse, .chance(perMille: 50)),
    FaultRule(.fillInParts(lots: 2), .chance(perMille: 300)),
    FaultRule(.overFill(lots: 3), .chance(perMille: 100)),
    FaultRule(.unknownOrder, .chance(perMille: 50)),
    FaultRule(.answerLate(milliseconds: 7), .chance(perMille: 200)),
    FaultRule(.delayReports(milliseconds: 3), .chance(perMille: 200)),
  ]

  @Test(arguments: seeds, [true, false])
  func lotsAndMoneyAreConserved(_ seed: UInt64, _ misbehaves: Bool) {
    var flow = RandomFlow(
      seed: seed, faults: FaultPlan(misbehaves ? Self.faults : [], seed: seed))
    for _ in 0..<400 {
      flow.step()
      Self.expectConservation(flow.market.exchange)
      Self.expectHolds(flow.market.exchange)
    }
    flow.market.exchange.switchDay(
      to: DaySwitchTests.next, terms: DaySwitchTests.terms(3490), now: flow.market.now)
    Self.expectHolds(flow.market.exchange)
    for account in RandomFlow.accounts {
      #expect(flow.market.exchange.funds(of: account).frozen == .zero)
    }
  }

  /// Alice began with 40 lots from 3500, which nobody here sold her.
  static func expectConservation(_ exchange: SimulatedExchange) {
    let instrument = Market.rb
    var signedLots: Int64 = 0
    var profit: Int64 = 0
    for account in RandomFlow.accounts {
      for position in exchange.positions(of: account) {
        signedLots += position.side.sign * Int64(position.todayLots + position.yesterdayLots)
      }
      let funds = exchange.funds(of: account)
      profit += funds.closeProfit.units + funds.positionProfit.units
    }
    let book = exchange.books[instrument.index]
    let mark = exchange.mark(instrument).units
    let began = Market.yuan(3500).units
    let multiplier = exchange.instruments[instrument.index].multiplier
    #expect(signedLots + book.marketLots == 40)
    let marketProfit = (mark * book.marketLots - book.marketBasis) * multiplier
    #expect(profit + marketProfit == (mark - began) * 40 * multiplier)
  }

  /// What is frozen is what the working orders need, and margin is that of the lots held.
  static func expectHolds(_ exchange: SimulatedExchange) {
    for (place, account) in exchange.accounts.enumerated() {
      var frozen = Money.zero
      var closing: [PositionSide: Lots] = [:]
      var used: Int64 = 0
      for order in exchange.orders where order.account.index == place && !order.state.isFinal {
        if order.request.offset.isClosing {
          let side = PositionSide(side: order.request.side, offset: order.request.offset)
          closing[side, default: 0] += order.leavesLots
        } else {
          frozen += exchange.openingHold(
            order.request, lots: order.leavesLots, account: order.account)
          used += Int64(order.leavesLots)
        }
      }
      #expect(account.frozen == frozen)
      var margin = Money.zero
      for position in account.positions {
        let lots = position.parcels.reduce(0) { $0 + $1.lots }
        let basis = position.parcels.reduce(0) { $0 + $1.markPrice.units * Int64($1.lots) }
        #expect(position.lots == lots && position.markBasis == basis && lots >= 0)
        #expect(position.frozenLots == closing[position.side] ?? 0)
        margin +=
          Market.rates.margin(position.side, basis: basis, multiplier: 10, lots: Int64(lots))
          ?? .none
      }
      #expect(account.margin == margin)
      #expect(account.dayLots >= used)
    }
  }

  @Test(arguments: seeds)
  func theSameCallsGiveTheSameReports(_ seed: UInt64) {
    func run() -> [[CounterReport]] {
      var flow = RandomFlow(seed: seed, faults: FaultPlan(Self.faults, seed: seed))
      for _ in 0..<400 { flow.step() }
      return RandomFlow.accounts.map { flow.market.reports($0) }
    }
    let first = run()
    #expect(first == run())
    for reports in first {
      #expect(reports.map(\.sequence) == Array(1...UInt64(reports.count)))
    }
  }

  @Test(arguments: seeds)
  func reportsTellTheWholeStateOfEveryOrder(_ seed: UInt64) {
    var flow = RandomFlow(seed: seed, faults: FaultPlan(Self.faults, seed: seed))
    for _ in 0..<400 { flow.step() }
    for account in RandomFlow.accounts {
      var filled: [OrderID: Lots] = [:]
      var last: [OrderID: CounterReport] = [:]
      for report in flow.market.reports(account) {
        if case .trade(let trade) = report.body { filled[report.child, default: 0] += trade.lots }
        if case .cancelRejected = report.body { continue }
        #expect(report.filledLots == filled[report.child] ?? 0)
        last[report.child] = report
      }
      for status in flow.market.exchange.statuses(account: account) {
        #expect(status.filledLots == filled[status.child] ?? 0)
        #expect(status.leavesLots == last[status.child]?.leavesLots)
        if status.state == .cancelled { #expect(last[status.child]?.body == .cancelled) }
      }
    }
  }
}
