import Domain
import Ledger
import MarketData
import Testing

/// Fees, margins, holds and profit by hand (rules.md 3a and 6, decisions 4, 5 and 7).
@Suite struct MoneyTests {
  /// examples 16 for margin: lot plus value, 10 % and 3 a lot: 2 lots at 4 000, 8 006; counter
  /// 2 + 8 % with 10 + 5 % on top: 1 lot 5 212, 3 lots 15 636; by lot 10: 10 a lot.
  @Test(arguments: [
    (Int64(10_000_000), Int64(30_000), Lots(2), Int64(80_060_000)),
    (13_000_000, 120_000, 1, 52_120_000), (13_000_000, 120_000, 3, 156_360_000),
    (0, 100_000, 7, 700_000), (11_000_000, 0, 1, 44_000_000),
  ])
  func examples16AHoldIsPriceTimesLotsTimesRate(
    _ byValue: Int64, _ byLot: Int64, _ lots: Lots, _ units: Int64
  ) {
    let desk = LedgerDesk()
    let rate = TwoPartRate(byValue: Rate(units: byValue), byLot: Money(units: byLot))
    let rates = RateSet(marginLong: rate, marginShort: .init(), feeOpen: .init())
    let hold = withUnsafePointer(to: rates) {
      Ledger.hold(
        desk.instrument(desk.rb), $0, side: .buy, offset: .open, lots: lots,
        price: .yuan(4_000))
    }
    #expect(hold?.margin == Money(units: units))
    #expect(hold?.value == Money(yuan: 40_000 * Int64(lots)))
    let other = withUnsafePointer(to: rates) {
      Ledger.hold(
        desk.instrument(desk.rb), $0, side: .sell, offset: .open, lots: lots,
        price: .yuan(4_000))
    }
    #expect(other?.margin == .zero)
  }

  /// decisions 5: 3 501 * 10 * 0.01 % + 0.005 = 3.506 is 3.51; three lots in one fill 10.518 is
  /// 10.52, in three fills 10.53.
  @Test func decisions5AFeeRoundsUpToAFenOncePerFill() {
    let desk = LedgerDesk()
    let price = Price.yuan(3_501)
    #expect(desk.trade(desk.terms(.buy, .open, 1, at: price)).fee == Money(units: 35_100))
    #expect(desk.trade(desk.terms(.buy, .open, 3, at: price)).fee == Money(units: 105_200))
    #expect(desk.holder(desk.alice).fees == Money(units: 140_300))
    let order = desk.accept(desk.terms(by: desk.bob, .buy, .open, 3, at: price))
    for _ in 0..<3 { desk.fill(order, 1, at: price) }
    #expect(desk.holder(desk.bob).fees == Money(units: 105_300))
  }

  /// At 3 501.01 * 100 yesterday's lot costs 0.01 % and 0.005, 35.0151, today's 0.02 %, 70.0202:
  /// together 105.0353 is 105.04; apart they would be 35.02 and 70.03.
  @Test func decisions5AFillOfBothDaysRoundsOnce() {
    let desk = LedgerDesk()
    let price = Price(units: 35_010_100)
    let given = desk.give(desk.ledger.holder(of: desk.alice), .long, 1, of: desk.ore)
    #expect(given)
    desk.trade(desk.terms(.buy, .open, 1, at: price, of: desk.ore))
    let booking = desk.trade(desk.terms(.sell, .close, 2, at: price, of: desk.ore))
    #expect(booking.fee == Money(units: 1_050_400))
    #expect(booking.excess == 0)
  }

  /// decisions 5: margin rounds up to 0.0001: 0.33333333 of 35 010 is 11 669.9998833.
  @Test func decisions5MarginRoundsUpToATenThousandth() {
    let desk = LedgerDesk()
    var rates = LedgerDesk.rates
    rates.marginLong = TwoPartRate(byValue: Rate(units: 33_333_333))
    let took = desk.ledger.setRates(nil, commodity: desk.rebar, instrument: nil, rates)
    #expect(took)
    let price = Price.yuan(3_501)
    let order = desk.accept(desk.terms(.buy, .open, 1, at: price))
    #expect(desk.holder(desk.alice).frozenMargin == Money(units: 116_699_999))
    desk.fill(order, 1, at: price)
    #expect(desk.holder(desk.alice).frozenMargin == .zero)
    #expect(desk.holder(desk.alice).margin == Money(units: 116_699_999))
  }

  /// decisions 4: the dearer of close and close-today where both are possible. At SHFE the offset
  /// says which: close 3.505, close-today 7.00 at 3 500; at DCE 35.005 against 70.
  @Test func decisions4AClosingFreezesTheDearerFee() {
    let desk = LedgerDesk()
    func fee(_ offset: Offset, _ instrument: InstrumentID) -> Int64 {
      let hold = desk.hold(
        desk.terms(.sell, offset, 1, of: instrument), of: desk.ledger.holder(of: desk.alice))
      #expect(hold.margin == .zero)
      #expect(hold.value == .zero)
      return hold.fee.units
    }
    #expect(fee(.close, desk.rb) == 35_100)
    #expect(fee(.closeYesterday, desk.rb) == 35_100)
    #expect(fee(.closeToday, desk.rb) == 70_000)
    #expect(fee(.close, desk.ore) == 700_000)
    #expect(fee(.closeYesterday, desk.ore) == 700_000)
  }

  /// Hold at the limit, margin at the fill: 3 lots at 3 510 hold 10 530 and 10.545 up to 10.55;
  /// one fills at 3 501: 2 lots hold 7 020 and 7.03, one costs 3 501 and 3.51.
  @Test func aPartFillsHoldIsTheHoldOfTheRest() {
    let desk = LedgerDesk()
    let order = desk.accept(desk.terms(.buy, .open, 3, at: .yuan(3_510)))
    var holder = desk.holder(desk.alice)
    #expect(holder.frozenMargin == Money(yuan: 10_530))
    #expect(holder.frozenFees == Money(units: 105_500))
    #expect(holder.workingOpenValue == Money(yuan: 105_300))
    #expect(holder.available == Money(units: 9_894_594_500))
    desk.fill(order, 1, at: .yuan(3_501))
    holder = desk.holder(desk.alice)
    #expect(holder.frozenMargin == Money(yuan: 7_020))
    #expect(holder.frozenFees == Money(units: 70_300))
    #expect(holder.margin == Money(yuan: 3_501))
    #expect(holder.fees == Money(units: 35_100))
    #expect(holder.positionProfit == Money(yuan: -10))
    #expect(holder.openedValue == Money(yuan: 35_010))
    #expect(holder.workingOpenValue == Money(yuan: 70_200))
    desk.end(order, 2)
    holder = desk.holder(desk.alice)
    #expect(holder.frozenMargin == .zero)
    #expect(holder.frozenFees == .zero)
    #expect(holder.workingOpenValue == .zero)
    #expect(holder.workingOrders == 0)
    #expect(holder.dailyLoss == Money(units: 35_100 + 100_000))
  }

  /// Margin: today's lots at their fill price, yesterday's at prior settlement; profit likewise;
  /// short the other way round at its own rate.
  @Test func lotsOfBothDaysAndSidesHaveTheirOwnCost() {
    let desk = LedgerDesk()
    let me = desk.ledger.holder(of: desk.alice)
    let given = desk.give(me, .long, 3, of: desk.rb, open: .yuan(3_400), mark: .yuan(3_480))
    #expect(given)
    desk.trade(desk.terms(.buy, .open, 2, at: .yuan(3_490)))
    desk.trade(desk.terms(.sell, .open, 1, at: .yuan(3_520)))
    var holder = desk.holder(desk.alice)
    // (3 * 34 800 + 2 * 34 900) * 10 %, 35 200 * 12 %.
    #expect(holder.margin == Money(yuan: 17_420 + 4_224))
    // 3 * 200 + 2 * 100 + 200.
    #expect(holder.positionProfit == Money(yuan: 1_000))
    let close = desk.trade(desk.terms(.sell, .close, 2, at: .yuan(3_510)))
    #expect(close.closeProfit == Money(yuan: 600))
    let today = desk.trade(desk.terms(.sell, .closeToday, 1, at: .yuan(3_470)))
    #expect(today.closeProfit == Money(yuan: -200))
    let short = desk.trade(desk.terms(.buy, .closeToday, 1, at: .yuan(3_500)))
    #expect(short.closeProfit == Money(yuan: 200))
    holder = desk.holder(desk.alice)
    #expect(holder.closeProfit == Money(yuan: 600))
    #expect(holder.margin == Money(yuan: 3_480 + 3_490))
    #expect(holder.positionProfit == Money(yuan: 300))
    #expect(holder.closedValue == Money(yuan: 70_200 + 34_700 + 35_000))
    #expect(holder.heldLots == 2)
  }

  /// decisions 7: margin uses the rate in force, fees keep that of their fill; a part fill's hold
  /// is taken anew.
  @Test func decisions7MarginUsesTheRatesInForce() {
    let desk = LedgerDesk()
    desk.trade(desk.terms(.buy, .open, 1))
    let order = desk.accept(desk.terms(.buy, .open, 4))
    let fees = desk.holder(desk.alice).fees
    var rates = LedgerDesk.rates
    rates.marginLong = TwoPartRate(byValue: Rate(units: 20_000_000))
    rates.feeOpen = TwoPartRate(byLot: Money(yuan: 1))
    let took = desk.ledger.setRates(nil, commodity: desk.rebar, instrument: nil, rates)
    #expect(took)
    desk.ledger.remargin(
      desk.ledger.position(desk.ledger.holder(of: desk.alice), desk.rb, .speculation),
      desk.instrument(desk.rb))
    #expect(desk.holder(desk.alice).margin == Money(yuan: 7_000))
    #expect(desk.holder(desk.alice).fees == fees)
    #expect(desk.holder(desk.alice).frozenMargin == Money(yuan: 14_000))
    desk.end(order, 1)
    #expect(desk.holder(desk.alice).frozenMargin == Money(yuan: 21_000))
    #expect(desk.holder(desk.alice).frozenFees == Money(yuan: 3))
    desk.end(order, 3)
    #expect(desk.holder(desk.alice).frozenMargin == .zero)
    #expect(desk.holder(desk.alice).frozenFees == .zero)
  }

  /// Traded value of the product: operation accounts' opening fills and working openings, once.
  @Test func theProductCountsItsOperationAccountsAlone() {
    let desk = LedgerDesk()
    let terms = desk.terms(.buy, .open, 2)
    let order = desk.accept(terms)
    let child = desk.send(order, to: desk.north, terms)
    func opened() -> Int128 { desk.ledger.product(desk.product).pointee.openedValue }
    #expect(opened() == 700_000_000)
    desk.fill(order, 1, at: .yuan(3_400))
    _ = desk.ledger.fill(
      child: child, desk.instrument(desk.rb), price: .yuan(3_400), lots: 1,
      day: LedgerDesk.day.yyyymmdd)
    #expect(opened() == 340_000_000 + 350_000_000)
    desk.end(order, 1)
    #expect(opened() == 340_000_000)
    desk.trade(desk.terms(.sell, .closeToday, 1))
    #expect(opened() == 340_000_000)
  }

  /// A closing fill beyond what is held flips nothing: it is counted and told.
  @Test func anOverCloseFlipsNothing() {
    let desk = LedgerDesk()
    desk.trade(desk.terms(.buy, .open, 2))
    let order = desk.accept(desk.terms(.sell, .closeToday, 2))
    let booking = desk.fill(order, 5, at: .yuan(3_510))
    #expect(booking.excess == 3)
    #expect(booking.closeProfit == Money(yuan: 200))
    // Two lots at 3 510 * 10 * 0.02 %.
    #expect(booking.fee == Money(units: 140_400))
    let position = desk.position(desk.ledger.holder(of: desk.alice), desk.rb)
    #expect(position?.long.held == 0)
    #expect(position?.short.held == 0)
    #expect(position?.long.frozen == 0)
    #expect(position?.overClosed == 3)
    #expect(desk.holder(desk.alice).heldLots == 0)
  }

  /// A hold beyond its proven range can't be computed; without a price there is none.
  @Test func aHoldOutOfRangeIsNone() {
    let desk = LedgerDesk()
    let rates = LedgerDesk.rates
    func hold(_ lots: Lots, _ price: Price) -> Hold? {
      withUnsafePointer(to: rates) {
        Ledger.hold(
          desk.instrument(desk.ore), $0, side: .buy, offset: .open, lots: lots, price: price)
      }
    }
    #expect(hold(1, .none) == nil)
    #expect(hold(.max, Price(units: Int64.max / 2)) == nil)
    #expect(hold(.max, Price(units: Int64.max / Int64(Lots.max) - 1)) == nil)
    #expect(hold(0, .none) == .zero)
    // A negative price costs what the positive one does.
    #expect(hold(2, .yuan(-5)) == hold(2, .yuan(5)))
  }
}
