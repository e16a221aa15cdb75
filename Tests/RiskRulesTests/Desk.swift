import Domain
import Ledger
import MarketData
import RiskRules

/// A small shop to judge orders in: one account with 1 000 000 yuan under one product with one
/// fund account. It is 10:00 on Monday 2026-01-05, everything trades at 4 000 within 3 000 and
/// 5 000; multiplier 10, tick 1 yuan, margin 10 %, opening fee 1 yuan a lot, closing 2, close-today
/// 3. Changed only by the public methods of the ledger and the market.
final class Desk {
  var ledger: Ledger
  var market: Market
  let account: OperationAccountID
  let product: ProductID
  let fundAccount: FundAccountID
  /// SHFE, keeps today's and yesterday's lots apart; 1...500 lots, market orders 2...30.
  let rebar: CommodityID
  /// DCE; takes no market orders; 3 lots at once in the delivery month.
  let iron: CommodityID
  /// Rebar of May, of June, and of this month.
  let rb: InstrumentID
  let rbJune: InstrumentID
  let rbNow: InstrumentID
  /// Iron ore of May and of this month.
  let ore: InstrumentID
  let oreNow: InstrumentID
  let day: TradingDay
  var now: Timestamp
  private var sequence = 0

  init() {
    var ledger = Ledger(
      capacities: LedgerCapacities(
        operationAccounts: 4, fundAccounts: 4, products: 4, counters: 2, instruments: 8,
        commodities: 4, tradingHours: 2, orders: 1_024, children: 16, positions: 64, figures: 32,
        lots: 256, limitRows: 64, rateOwners: 4, rates: 16, rateWindow: 64, accessRows: 16,
        schemes: 4, schemeInstruments: 64))
    var market = Market(instruments: 8, commodities: 4, tradingHours: 2)
    day = TradingDay(yyyymmdd: 20_260_105)!
    market.startDay(day, nightDate: CalendarDate(yyyymmdd: 20_260_102))
    var intervals = InlineArray<8, TradingInterval>(
      repeating: TradingInterval(date: .unknown, phase: .unknown, startSecond: 0, endSecond: 0))
    intervals[0] = TradingInterval(
      date: .night, phase: .continuous, startSecond: 75_600, endSecond: 82_800)
    intervals[1] = TradingInterval(
      date: .day, phase: .auction, startSecond: 32_100, endSecond: 32_400)
    intervals[2] = TradingInterval(
      date: .day, phase: .continuous, startSecond: 32_400, endSecond: 54_000)
    let hours = market.defineTradingHours(count: 3, intervals: intervals)!
    rebar = market.defineCommodity(exchange: .shfe, hours: hours, deliveryMultiple: 1)!
    iron = market.defineCommodity(exchange: .dce, hours: hours, deliveryMultiple: 3)!
    let takesMarket: ClosedRange<Lots> = 2...30
    rb = Desk.list(&market, rebar, month: 5, marketLots: takesMarket)
    rbJune = Desk.list(&market, rebar, month: 6, marketLots: takesMarket)
    rbNow = Desk.list(&market, rebar, month: 1, marketLots: takesMarket)
    ore = Desk.list(&market, iron, month: 5, marketLots: nil)
    oreNow = Desk.list(&market, iron, month: 1, marketLots: nil)
    now = Timestamp(date: day.date, secondOfDay: 36_000)
    for instrument in 0..<market.instrumentCount {
      let id = InstrumentID(UInt32(instrument))
      precondition(
        market.apply(
          Market.Quote(
            last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .yuan(3_000),
            preSettlement: .yuan(4_000)), to: id, at: now))
    }

    product = ledger.defineProduct(mode: .priority)!
    fundAccount = ledger.defineFundAccount(product, ledger.defineCounter()!)!
    account = ledger.defineOperationAccount(product)!
    ledger.setOpeningBalance(
      ledger.holder(of: account), allowedLoss: Money(yuan: 1_000_000), notToLose: .zero)
    for commodity in [rebar, iron] {
      precondition(
        ledger.setRates(nil, commodity: commodity, instrument: nil, Desk.defaultRates))
    }
    self.ledger = ledger
    self.market = market
  }

  static let defaultRates = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 10_000_000)),
    feeOpen: TwoPartRate(byLot: Money(yuan: 1)), feeClose: TwoPartRate(byLot: Money(yuan: 2)),
    feeCloseToday: TwoPartRate(byLot: Money(yuan: 3)))

  private static func list(
    _ market: inout Market, _ commodity: CommodityID, month: UInt8,
    marketLots: ClosedRange<Lots>?
  ) -> InstrumentID {
    market.defineInstrument(
      Market.Listing(
        commodity: commodity, deliveryYear: 2_026, deliveryMonth: month,
        lastTradingDay: TradingDay(yyyymmdd: 20_260_015 + UInt32(month) * 100)!, multiplier: 10,
        tick: .yuan(1), limitLots: 1...500, marketLots: marketLots))!
  }

  // MARK: Arranging

  var holder: HolderID { ledger.holder(of: account) }

  func change(_ edit: (UnsafeMutablePointer<AccountRecord>) -> Void) {
    ledger.changeAccount(account, edit)
  }

  func changeFigures(
    _ commodity: CommodityID, _ edit: (UnsafeMutablePointer<CommodityFigures>) -> Void
  ) {
    precondition(ledger.changeFigures(holder, commodity, edit))
  }

  func changeRow(
    _ commodity: CommodityID, _ kind: LimitRowKind, _ instrument: InstrumentID = .none,
    hedge: HedgeFlag = .unknown, _ edit: (UnsafeMutablePointer<LimitRow>) -> Void
  ) {
    precondition(
      ledger.changeLimitRow(
        holder, commodity, kind: kind, instrument: instrument, hedge: hedge, edit))
  }

  /// A tick; what is not named stays. `Price.none` as last leaves last as it is.
  func tick(_ instrument: InstrumentID, last: Int64) {
    precondition(market.apply(Market.Quote(last: .yuan(last)), to: instrument, at: now))
  }

  /// Forgets today's prices but for the prior settlement.
  func forgetPrices(_ instrument: InstrumentID) { market.settle(instrument) }

  /// Yesterday's lots.
  func give(
    _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID,
    hedge: HedgeFlag = .speculation
  ) {
    precondition(
      ledger.addOpeningPosition(
        holder, instrument, market.instrument(instrument),
        Ledger.OpeningPosition(
          side: side, hedge: hedge, lots: lots, openPrice: .yuan(4_000), markPrice: .yuan(4_000),
          openDay: 20_260_102)))
  }

  // MARK: Orders

  func order(
    _ side: Side = .buy, _ offset: Offset = .open, lots: Lots = 1, price: Price = .yuan(4_000),
    of instrument: InstrumentID? = nil, hedge: HedgeFlag = .speculation,
    timeInForce: TimeInForce = .day, minimumLots: Lots = 0
  ) -> OrderTerms {
    OrderTerms(
      session: SessionID(1), account: account, instrument: instrument ?? rb, clOrdID: ClOrdID(),
      side: side, offset: offset, hedge: hedge, type: .limit, timeInForce: timeInForce,
      price: price, lots: lots, minimumLots: minimumLots)
  }

  func marketOrder(
    _ side: Side = .buy, _ offset: Offset = .open, lots: Lots = 2,
    of instrument: InstrumentID? = nil
  ) -> OrderTerms {
    var terms = order(side, offset, lots: lots, price: .none, of: instrument)
    terms.type = .market
    return terms
  }

  /// Records an order as accepted, with its hold; returns its number.
  @discardableResult func accept(_ terms: OrderTerms) -> UInt32 {
    let number = add(terms, .accepted)
    withContext(terms) { context in
      ledger.takeHold(
        order: number, context.instrument!, price: context.holdPrice, hold: context.hold)
    }
    return number
  }

  @discardableResult func refuse(_ terms: OrderTerms) -> UInt32 { add(terms, .rejected) }

  private func add(_ terms: OrderTerms, _ state: OrderState) -> UInt32 {
    sequence += 1
    var named = terms
    named.clOrdID = ClOrdID("\(sequence)")!
    return ledger.addOrder(
      named, state: state, refusal: .none, at: now, day: day, shard: 0, seed: 7)
  }

  /// Fills lots of an accepted order.
  func fill(_ number: UInt32, _ lots: Lots, price: Int64 = 4_000) {
    let instrument = ledger.order(number).pointee.instrument
    _ = ledger.fill(
      order: number, market.instrument(instrument), price: .yuan(price), lots: lots,
      late: 0, day: day.yyyymmdd)
  }

  // MARK: Asking

  func withContext<Result>(_ terms: OrderTerms, _ body: (OrderContext) -> Result) -> Result {
    withUnsafePointer(to: terms) { body(OrderContext($0, ledger, market, now: now)) }
  }

  func finding(_ rule: RuleID, _ terms: OrderTerms) -> Finding {
    withContext(terms) { RuleTable.evaluate(rule, $0, ledger, market) }
  }

  func findings(_ terms: OrderTerms) -> [Finding] {
    withContext(terms) { RuleTable.findings($0, ledger, market) }
  }

  /// What the hot way says.
  func failure(_ terms: OrderTerms) -> Refusal? {
    withContext(terms) { context in
      var refusal = Refusal.none
      return RuleTable.firstFailure(context, ledger, market, &refusal) ? refusal : nil
    }
  }
}

extension Price {
  static func yuan(_ yuan: Int64) -> Price { Price(units: yuan * unitsPerYuan) }
}
