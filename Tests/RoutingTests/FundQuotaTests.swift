import Domain
import Ledger
import Testing

/// Cancel and volume quotas of a fund account in an instrument (AMS manual, note 13).
@Suite struct FundQuotaTests {
  private func desk(
    cancels: Int64 = .min, lots: Int64 = .min, cancelReserve: Int64 = 0, lotsReserve: Int64 = 0,
    exchange: Exchange = .shfe
  ) -> RouteDesk {
    let desk = RouteDesk(.priority)
    desk.addFund(10_000_000)
    desk.ledger.setQuota(
      desk.funds[0], exchange,
      FundQuota(
        cancels: cancels, lots: lots, cancelReserve: cancelReserve, lotsReserve: lotsReserve))
    return desk
  }

  private func cancel(_ desk: RouteDesk, _ count: Int) {
    // The tally is kept by position: there has to be one.
    desk.end(desk.work(0, desk.buy(1)))
    for _ in 0..<count { desk.ledger.countCancel(desk.funds[0], desk.rb) }
  }

  /// 1199 cancels, 8 lots traded, an order of 2 working: nothing; the same without it: one order of
  /// at most 2 lots.
  @Test func examples20QuotasKeepRoomForWhatWorks() {
    let desk = desk(cancels: 1_200, lots: 10)
    desk.giveToday(0, .long, 8, desk.rb)
    cancel(desk, 1_199)
    let working = desk.work(0, desk.buy(2))
    let full = desk.split(desk.buy(1))
    #expect(full.lots == [0])
    #expect(full.declines == [.fundCancelQuota])
    desk.end(working)
    #expect(desk.split(desk.buy(1)).lots == [1])
    #expect(desk.split(desk.buy(2)).lots == [2])
    let over = desk.split(desk.buy(3))
    #expect(over.lots == [2])
    #expect(over.declines == [.fundVolumeQuota])
    #expect(over.refusal.observed == 8)
    #expect(over.refusal.limit == 10)
    #expect(over.refusal.asked == 3)
    desk.work(0, desk.buy(2))
    #expect(desk.split(desk.buy(1)).lots == [0])
  }

  @Test(arguments: [(Int64(0), 3, true), (0, 4, true), (0, 5, false), (2, 2, true), (2, 3, false)])
  func aReserveOfCancelsIsKeptBack(_ reserve: Int64, _ cancels: Int, _ opens: Bool) {
    let desk = desk(cancels: 5, cancelReserve: reserve)
    cancel(desk, cancels)
    #expect(desk.split(desk.buy(1)).lots == [opens ? 1 : 0])
  }

  @Test(arguments: [[0, 10], [3, 7], [10, 0], [11, 0]])
  func aReserveOfLotsIsKeptBack(_ reserveAndMost: [Int64]) {
    let desk = desk(lots: 10, lotsReserve: reserveAndMost[0])
    #expect(desk.split(desk.buy(20)).lots == [Lots(reserveAndMost[1])])
  }

  /// Opened and closed lots, and those that work to open or to close.
  @Test func everythingTradedAndWorkingCounts() {
    let desk = desk(lots: 20)
    desk.give(0, .long, 5, desk.rb)
    desk.giveToday(0, .short, 4, desk.rb)
    desk.closeToday(0, .short, 3, desk.rb)
    desk.work(0, desk.order(.sell, .close, 2))
    desk.work(0, desk.buy(1))
    #expect(desk.split(desk.buy(20)).lots == [10])
  }

  @Test func theyBindOpeningInTheirOwnInstrumentAndExchangeAlone() {
    let desk = desk(cancels: 1, lots: 4)
    desk.give(0, .long, 9, desk.rb)
    cancel(desk, 1)
    #expect(desk.split(desk.buy(1)).declines == [.fundCancelQuota])
    #expect(desk.split(desk.buy(3, of: desk.rbNow)).lots == [3])
    #expect(desk.split(desk.buy(9, of: desk.ore)).lots == [9])
    #expect(desk.split(desk.order(.sell, .close, 9)).lots == [9])
  }

  @Test func withoutFiguresAnExchangeHasNone() {
    let desk = desk(lots: 1)
    #expect(desk.split(desk.buy(5)).lots == [1])
    desk.ledger.setQuota(desk.funds[0], .shfe, FundQuota(cancels: .min, lots: .min))
    #expect(desk.split(desk.buy(5)).lots == [5])
  }
}
