import Domain
import Storage
import Testing

@testable import Ledger

/// What fund accounts traded and no operation account has: signed lots and notional.
@Suite struct UnmappedTradesTests {
  private func row(_ trades: borrowing UnmappedTrades, _ index: Int) -> [Int64] {
    let row = trades.rows.at(index).pointee
    return [Int64(row.product.raw), Int64(row.instrument.raw), row.lots, row.basis]
  }

  @Test func lotsAndNotionalAreSigned() {
    var trades = UnmappedTrades(capacity: 4)
    trades.add(ProductID(0), InstrumentID(1), side: .buy, price: .yuan(10), lots: 3)
    trades.add(ProductID(1), InstrumentID(1), side: .sell, price: .yuan(20), lots: 1)
    trades.add(ProductID(0), InstrumentID(1), side: .sell, price: .yuan(12), lots: 5)
    trades.add(ProductID(0), InstrumentID(1), side: .buy, price: .yuan(1), lots: -2)
    #expect(trades.count == 2)
    let first = row(trades, 0)
    #expect(first == [0, 1, -4, (30 - 60 - 2) * 10_000])
    let second = row(trades, 1)
    #expect(second == [1, 1, -1, -200_000])
  }

  @Test func whatFindsNoRowIsCountedAsLost() {
    var trades = UnmappedTrades(capacity: 1)
    trades.add(ProductID(0), InstrumentID(0), side: .buy, price: .yuan(1), lots: 1)
    trades.add(ProductID(0), InstrumentID(1), side: .buy, price: .yuan(1), lots: 1)
    trades.add(ProductID(0), InstrumentID(0), side: .buy, price: .yuan(1), lots: 1)
    #expect(trades.count == 1)
    #expect(trades.lost == 1)
    let only = row(trades, 0)
    #expect(only == [0, 0, 2, 20_000])
  }

  /// Fund account and tally move by the same lots, an over-close's rest by none.
  @Test func anExternalTradeMovesBothByWhatWasBooked() {
    let desk = LedgerDesk()
    let opened = desk.external(desk.north, .open, 4)
    #expect(opened?.excess == 0)
    let closed = desk.ledger.bookExternal(
      ExternalTrade(
        fundAccount: desk.north, instrument: desk.rb, side: .sell, offset: .closeToday,
        hedge: .speculation, price: .yuan(3_510), lots: 6),
      desk.instrument(desk.rb), day: LedgerDesk.day.yyyymmdd)
    #expect(closed?.booking.excess == 2)
    #expect(desk.holder(desk.north).heldLots == 0)
    let tally = row(desk.ledger.unmapped, 0)
    #expect(tally == [0, 0, 0, 4 * (3_500 - 3_510) * 10_000])
    desk.ledger.addUnmapped(
      desk.product, desk.ore, side: .buy, price: .yuan(1), lots: 0)
    #expect(desk.ledger.unmapped.count == 1)
  }
}
