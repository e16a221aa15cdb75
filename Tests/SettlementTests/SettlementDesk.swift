import Domain
import Ledger
import MarketData
import Settlement
import Storage

/// Books at the end of a day: five instruments (multiplier 10; the first three at SHFE, the others
/// at DCE) last at 4 060, four operation accounts and two fund accounts with 1 000 000 yuan each.
/// Margin 10 %, opening fee 1 yuan a lot, closing 2, close-today 3.
final class SettlementDesk {
  var ledger: Ledger
  var market: Market
  let product: ProductID
  let accounts: [OperationAccountID]
  let funds: [FundAccountID]
  let instruments: [InstrumentID]
  let now = Timestamp(date: SettlementDesk.day.date, secondOfDay: 36_000)
  private var ids = 0

  static let day = TradingDay(yyyymmdd: 20_260_105)!
  static let seed: UInt64 = 7

  init() {
    var market = Market(instruments: 6, commodities: 2, tradingHours: 1)
    market.startDay(Self.day, nightDate: nil)
    let hours = market.defineTradingHours(
      count: 1,
      intervals: InlineArray(
        repeating: TradingInterval(
          date: .day, phase: .continuous, startSecond: 32_400, endSecond: 54_000)))!
    var instruments: [InstrumentID] = []
    for exchange in [Exchange.shfe, .dce] {
      let commodity = market.defineCommodity(
        exchange: exchange, hours: hours, deliveryMultiple: 1)!
      for _ in 0..<(exchange == .shfe ? 3 : 2) {
        instruments.append(
          market.defineInstrument(
            Market.Listing(
              commodity: commodity, deliveryYear: 2_026, deliveryMonth: 5, lastTradingDay: .none,
              multiplier: 10, tick: .yuan(1), limitLots: 1...500, marketLots: nil))!)
      }
    }
    for instrument in instruments {
      let took = market.apply(
        Market.Quote(last: .yuan(4_060), preSettlement: .yuan(4_050)), to: instrument, at: now)
      precondition(took)
    }
    var ledger = Ledger(
      capacities: LedgerCapacities(
        operationAccounts: 5, fundAccounts: 3, products: 2, counters: 1, instruments: 6,
        commodities: 2, tradingHours: 1, orders: 256, children: 256, positions: 32, figures: 16,
        lots: 256, limitRows: 1, rateOwners: 1, rates: 4, rateWindow: 16, accessRows: 1, schemes: 4,
        schemeInstruments: 64))
    let counter = ledger.defineCounter()!
    let product = ledger.defineProduct(mode: .priority)!
    accounts = (0..<4).map { _ in ledger.defineOperationAccount(product)! }
    funds = (0..<2).map { _ in ledger.defineFundAccount(product, counter)! }
    for holder in accounts.map({ ledger.holder(of: $0) }) + funds.map({ ledger.holder(of: $0) }) {
      ledger.setOpeningBalance(holder, allowedLoss: Money(yuan: 1_000_000), notToLose: .zero)
    }
    for commodity in [CommodityID(0), CommodityID(1)] {
      let took = ledger.setRates(nil, commodity: commodity, instrument: nil, Self.rates)
      precondition(took)
    }
    self.product = product
    self.instruments = instruments
    self.ledger = ledger
    self.market = market
  }

  static let rates = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 10_000_000)),
    feeOpen: TwoPartRate(byLot: Money(yuan: 1)), feeClose: TwoPartRate(byLot: Money(yuan: 2)),
    feeCloseToday: TwoPartRate(byLot: Money(yuan: 3)))

  // MARK: The day's business

  func give(
    _ holder: HolderID, _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID,
    open: Int64, mark: Int64 = 4_050
  ) {
    let took = ledger.addOpeningPosition(
      holder, instrument, market.instrument(instrument),
      Ledger.OpeningPosition(
        side: side, hedge: .speculation, lots: lots, openPrice: .yuan(open),
        markPrice: .yuan(mark), openDay: 20_251_231))
    precondition(took)
  }

  /// An order that fills at once at its price.
  func trade(
    _ account: OperationAccountID, _ side: Side, _ offset: Offset, _ lots: Lots,
    _ instrument: InstrumentID, at yuan: Int64
  ) {
    ids += 1
    let price = Price.yuan(yuan)
    let record = market.instrument(instrument)
    let holder = ledger.holder(of: account)
    let hold = Ledger.hold(
      record, ledger.rates(holder, instrument, record.pointee.commodity)!, side: side,
      offset: offset, lots: lots, price: price)!
    let order = ledger.addOrder(
      OrderTerms(
        session: SessionID(1), account: account, instrument: instrument,
        clOrdID: ClOrdID("\(ids)")!, side: side, offset: offset, hedge: .speculation,
        type: .limit, timeInForce: .day, price: price, lots: lots, minimumLots: 0),
      state: .accepted, refusal: .none, at: now, day: Self.day, shard: 0, seed: Self.seed)
    ledger.takeHold(order: order, record, price: price, hold: hold)
    _ = ledger.fill(order: order, record, price: price, lots: lots, day: Self.day.yyyymmdd)
  }

  func tick(_ instrument: InstrumentID, _ yuan: Int64) {
    let took = market.apply(Market.Quote(last: .yuan(yuan)), to: instrument, at: now)
    precondition(took)
    var cursor = ledger.firstHolder(of: instrument)
    while true {
      let number = ledger.nextHolder(&cursor)
      if number == 0 { break }
      ledger.mark(number, at: .yuan(yuan), multiplier: 10)
    }
  }

  func setSettlement(_ instrument: InstrumentID, _ yuan: Int64) {
    let took = market.setSettlement(instrument, .yuan(yuan))
    precondition(took)
  }

  /// Turns the day with so many units a slice; returns how many slices it took.
  @discardableResult
  func turn(budget: Int, between: (Int) -> Void = { _ in }) -> Int {
    var turn = DayTurn()
    var slices = 0
    while !turn.isDone {
      turn.advance(&ledger, &market, budget: budget)
      slices += 1
      between(slices)
    }
    return slices
  }

  // MARK: Reading, by value

  func holder(_ id: OperationAccountID) -> HolderRecord {
    ledger.holder(ledger.holder(of: id)).pointee
  }
  func holder(_ id: FundAccountID) -> HolderRecord {
    ledger.holder(ledger.holder(of: id)).pointee
  }
  func account(_ id: OperationAccountID) -> AccountRecord { ledger.account(id).pointee }
  func side(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide
  ) -> PositionSideRecord? {
    let number = ledger.position(ledger.holder(of: account), instrument, .speculation)
    return number == 0 ? nil : ledger.position(number).pointee.side(side)
  }
  func cost(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide
  ) -> PositionCostRecord? {
    let number = ledger.position(ledger.holder(of: account), instrument, .speculation)
    return number == 0 ? nil : ledger.position(number).pointee.cost(side)
  }
  var orderCount: Int { ledger.orderCount }
  var hash: UInt64 {
    var hasher = StateHasher()
    ledger.hash(into: &hasher)
    market.hash(into: &hasher)
    return hasher.value
  }
}

extension Price {
  static func yuan(_ yuan: Int64) -> Price { Price(units: yuan * unitsPerYuan) }
}
