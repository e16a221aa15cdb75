import Domain
import Ledger
import Testing

/// Lots by price and day: which ones a closing takes, and what their nodes cost.
@Suite struct LotListTests {
  private func desk(yesterday: [(Int64, Lots)], today: [(Int64, Lots)], of ore: Bool) -> LedgerDesk
  {
    let desk = LedgerDesk()
    let instrument = ore ? desk.ore : desk.rb
    for (index, (price, lots)) in yesterday.enumerated() {
      let given = desk.give(
        desk.ledger.holder(of: desk.alice), .long, lots, of: instrument, open: .yuan(price),
        day: 20_251_229 + UInt32(index))
      #expect(given)
    }
    for (price, lots) in today {
      desk.trade(desk.terms(.buy, .open, lots, at: .yuan(price), of: instrument))
    }
    return desk
  }

  @Test func lotsOfOnePriceAndDayAreOneNode() {
    let desk = desk(
      yesterday: [], today: [(3_500, 2), (3_500, 3), (3_501, 1), (3_500, 4)], of: false)
    #expect(
      desk.nodes(desk.cost(.long, of: desk.rb), today: true) == [
        [3_500, 5], [3_501, 1], [3_500, 4],
      ])
    #expect(desk.freeLots == LedgerDesk.capacities.lots - 3)
  }

  @Test func lotsOfOnePriceAndTwoDaysAreTwo() {
    let desk = desk(yesterday: [(3_400, 2), (3_400, 3)], today: [(3_400, 1)], of: false)
    #expect(desk.nodes(desk.cost(.long, of: desk.rb), today: false) == [[3_400, 2], [3_400, 3]])
    #expect(desk.nodes(desk.cost(.long, of: desk.rb), today: true) == [[3_400, 1]])
  }

  struct Row: Sendable {
    var offset: Offset
    var ore: Bool
    var lots: Lots
    var yesterday: [[Int64]]
    var today: [[Int64]]
  }

  /// Of 2 at 3 401 and 2 at 3 402 from before, 2 at 3 501 and 2 at 3 502 of today (decisions 3).
  @Test(arguments: [
    Row(
      offset: .close, ore: false, lots: 3, yesterday: [[3_402, 1]],
      today: [[3_501, 2], [3_502, 2]]),
    Row(
      offset: .closeYesterday, ore: false, lots: 4, yesterday: [],
      today: [[3_501, 2], [3_502, 2]]),
    Row(
      offset: .closeToday, ore: false, lots: 3, yesterday: [[3_401, 2], [3_402, 2]],
      today: [[3_502, 1]]),
    Row(
      offset: .close, ore: true, lots: 3, yesterday: [[3_402, 1]],
      today: [[3_501, 2], [3_502, 2]]),
    Row(offset: .close, ore: true, lots: 5, yesterday: [], today: [[3_501, 1], [3_502, 2]]),
    Row(offset: .closeToday, ore: true, lots: 5, yesterday: [], today: [[3_501, 1], [3_502, 2]]),
    Row(offset: .closeYesterday, ore: true, lots: 7, yesterday: [], today: [[3_502, 1]]),
  ])
  func decisions3AClosingTakesTheOldestLotsItsOffsetReaches(_ row: Row) {
    let desk = desk(
      yesterday: [(3_401, 2), (3_402, 2)], today: [(3_501, 2), (3_502, 2)], of: row.ore)
    let instrument = row.ore ? desk.ore : desk.rb
    let booking = desk.trade(desk.terms(.sell, row.offset, row.lots, of: instrument))
    #expect(booking.excess == 0)
    let cost = desk.cost(.long, of: instrument)
    #expect(desk.nodes(cost, today: false) == row.yesterday)
    #expect(desk.nodes(cost, today: true) == row.today)
  }

  @Test func atSHFEAnOffsetDoesNotReachTheOtherDaysLots() {
    let desk = desk(yesterday: [(3_401, 2)], today: [(3_501, 3)], of: false)
    let side = desk.side(.long, of: desk.rb)
    #expect(side?.closable(.close, separatesToday: true) == 2)
    #expect(side?.closable(.closeYesterday, separatesToday: true) == 2)
    #expect(side?.closable(.closeToday, separatesToday: true) == 3)
    #expect(side?.closable(.close, separatesToday: false) == 5)
    #expect(side?.closable(.open, separatesToday: true) == 0)
    #expect(desk.trade(desk.terms(.sell, .close, 4)).excess == 2)
    #expect(desk.trade(desk.terms(.sell, .closeToday, 4)).excess == 1)
  }

  /// Thousands of fills later every node is back.
  @Test func nodesComeBackHoweverOftenTheyAreUsed() {
    let desk = LedgerDesk()
    var draws = SplitMix64(seed: 1)
    let all = desk.freeLots
    for _ in 0..<400 {
      let instrument = draws.pick([desk.rb, desk.ore])
      let side: Side = draws.pick([.buy, .sell])
      var held: Lots = 0
      for _ in 0..<Int.random(in: 1...9, using: &draws) {
        let lots = Lots.random(in: 1...5, using: &draws)
        desk.trade(
          desk.terms(
            side, .open, lots, at: .yuan(Int64.random(in: 3_400...3_410, using: &draws)),
            of: instrument))
        held += lots
      }
      #expect(desk.freeLots < all)
      while held > 0 {
        let lots = min(held, Lots.random(in: 1...9, using: &draws))
        desk.trade(desk.terms(side.opposite, .closeToday, lots, of: instrument))
        held -= lots
      }
      #expect(desk.freeLots == all)
      forgetOrders(desk)
    }
    #expect(desk.holder(desk.alice).margin == .zero)
    #expect(desk.holder(desk.alice).positionProfit == .zero)
    #expect(desk.holder(desk.alice).heldLots == 0)
  }

  private func forgetOrders(_ desk: LedgerDesk) {
    var next: Int? = 0
    while let start = next { next = desk.ledger.forgetOrders(from: start, count: 1_000) }
    next = 0
    while let start = next { next = desk.ledger.forgetClOrdIDs(from: start, count: 10_000) }
  }

  /// With every node in use fills still find one: prices merge, and the sums stay exact.
  @Test func aDryPoolMergesPricesAndKeepsTheSums() {
    let desk = LedgerDesk()
    var basis: Int64 = 0
    var lots: Lots = 0
    for price in Int64(0)..<200 {
      desk.trade(desk.terms(.buy, .open, 1, at: .yuan(3_400 + price)))
      basis += (3_400 + price) * 10_000
      lots += 1
    }
    #expect(desk.freeLots == 0)
    let side = desk.side(.long, of: desk.rb)
    #expect(side?.held == lots)
    let cost = desk.cost(.long, of: desk.rb)
    #expect(cost?.openBasis == basis)
    #expect(cost?.markBasis == basis)
    // The first lots of another list come from the reserve.
    desk.trade(desk.terms(.sell, .open, 1))
    desk.trade(desk.terms(by: desk.bob, .buy, .open, 1))
    #expect(desk.holder(desk.bob).heldLots == 1)
    let booking = desk.trade(desk.terms(.sell, .closeToday, 200, at: .yuan(3_500)))
    #expect(booking.closeProfit.units == (3_500 * 10_000 * 200 - basis) * 10)
    #expect(desk.cost(.long, of: desk.rb)?.openBasis == 0)
    // The short lot and bob's are left.
    #expect(desk.freeLots == LedgerDesk.capacities.lots - 2)
  }
}
