import Domain
import Ledger
import MarketData
import Storage

/// Books to write in: two operation accounts and two fund accounts of one product, each with
/// 1 000 000 yuan. Rebar at SHFE (multiplier 10) and iron ore at DCE (multiplier 100), both last at
/// 3 500. Margin long 10 %, short 12 %; fees 0.01 % and half a fen a lot, close-today 0.02 %.
final class LedgerDesk {
  var ledger: Ledger
  var market: Market
  let product: ProductID
  let counter: CounterID
  let alice: OperationAccountID
  let bob: OperationAccountID
  let north: FundAccountID
  let south: FundAccountID
  let rebar: CommodityID
  let iron: CommodityID
  let rb: InstrumentID
  let ore: InstrumentID
  var now = Timestamp(date: LedgerDesk.day.date, secondOfDay: 36_000)
  private var ids = 0

  static let day = TradingDay(yyyymmdd: 20_260_105)!
  static let seed: UInt64 = 7

  static let capacities = LedgerCapacities(
    operationAccounts: 2, fundAccounts: 2, products: 1, counters: 1, instruments: 2,
    commodities: 2, tradingHours: 1, orders: 4_096, children: 4_096, positions: 16, figures: 8,
    lots: 64, limitRows: 2, rateOwners: 1, rates: 4, rateWindow: 16, accessRows: 2, schemes: 4,
    schemeInstruments: 64)

  static let rates = RateSet(
    marginLong: TwoPartRate(byValue: Rate(units: 10_000_000)),
    marginShort: TwoPartRate(byValue: Rate(units: 12_000_000)),
    feeOpen: TwoPartRate(byValue: Rate(units: 10_000), byLot: Money(units: 50)),
    feeClose: TwoPartRate(byValue: Rate(units: 10_000), byLot: Money(units: 50)),
    feeCloseToday: TwoPartRate(byValue: Rate(units: 20_000)))

  init(capacities: LedgerCapacities = LedgerDesk.capacities) {
    var market = Market(instruments: 2, commodities: 2, tradingHours: 1)
    market.startDay(Self.day, nightDate: nil)
    let hours = market.defineTradingHours(
      count: 1,
      intervals: InlineArray(
        repeating: TradingInterval(
          date: .day, phase: .continuous, startSecond: 32_400, endSecond: 54_000)))!
    rebar = market.defineCommodity(exchange: .shfe, hours: hours, deliveryMultiple: 1)!
    iron = market.defineCommodity(exchange: .dce, hours: hours, deliveryMultiple: 1)!
    rb = Self.list(&market, rebar, multiplier: 10)
    ore = Self.list(&market, iron, multiplier: 100)
    for instrument in [rb, ore] {
      let took = market.apply(Market.Quote(last: .yuan(3_500)), to: instrument, at: now)
      precondition(took)
    }
    var ledger = Ledger(capacities: capacities)
    counter = ledger.defineCounter()!
    product = ledger.defineProduct(mode: .priority)!
    north = ledger.defineFundAccount(product, counter)!
    south = ledger.defineFundAccount(product, counter)!
    alice = ledger.defineOperationAccount(product)!
    bob = ledger.defineOperationAccount(product)!
    for holder in [
      ledger.holder(of: alice), ledger.holder(of: bob), ledger.holder(of: north),
      ledger.holder(of: south),
    ] {
      ledger.setOpeningBalance(holder, allowedLoss: Money(yuan: 1_000_000), notToLose: .zero)
    }
    for commodity in [rebar, iron] {
      let has = ledger.setRates(nil, commodity: commodity, instrument: nil, Self.rates)
      precondition(has)
    }
    self.ledger = ledger
    self.market = market
  }

  private static func list(
    _ market: inout Market, _ commodity: CommodityID, multiplier: Int32
  ) -> InstrumentID {
    market.defineInstrument(
      Market.Listing(
        commodity: commodity, deliveryYear: 2_026, deliveryMonth: 5,
        lastTradingDay: TradingDay(yyyymmdd: 20_260_515)!, multiplier: multiplier,
        tick: .yuan(1), limitLots: 1...500, marketLots: nil))!
  }

  // MARK: Orders

  func terms(
    by account: OperationAccountID? = nil, _ side: Side, _ offset: Offset, _ lots: Lots,
    at price: Price = .yuan(3_500), of instrument: InstrumentID? = nil,
    hedge: HedgeFlag = .speculation
  ) -> OrderTerms {
    ids += 1
    return OrderTerms(
      session: SessionID(1), account: account ?? alice, instrument: instrument ?? rb,
      clOrdID: ClOrdID("\(ids)")!, side: side, offset: offset, hedge: hedge, type: .limit,
      timeInForce: .day, price: price, lots: lots, minimumLots: 0)
  }

  func instrument(_ id: InstrumentID) -> UnsafePointer<InstrumentRecord> { market.instrument(id) }

  func hold(_ terms: OrderTerms, of holder: HolderID) -> Hold {
    let instrument = instrument(terms.instrument)
    return Ledger.hold(
      instrument, ledger.rates(holder, terms.instrument, instrument.pointee.commodity)!,
      side: terms.side, offset: terms.offset, lots: terms.lots, price: terms.price)!
  }

  /// An accepted order with its hold; its number.
  func accept(_ terms: OrderTerms) -> UInt32 {
    let number = ledger.addOrder(
      terms, state: .accepted, refusal: .none, at: now, day: Self.day, shard: 0, seed: Self.seed)
    ledger.takeHold(
      order: number, instrument(terms.instrument), price: terms.price,
      hold: hold(terms, of: ledger.holder(of: terms.account)))
    return number
  }

  /// All of an accepted order as a child at a fund account.
  func send(_ order: UInt32, to fund: FundAccountID, _ terms: OrderTerms) -> UInt32 {
    ledger.addChild(
      of: order, at: fund, offset: terms.offset, lots: terms.lots, instrument(terms.instrument),
      hold: hold(terms, of: ledger.holder(of: fund)), time: now, day: Self.day, shard: 0)
  }

  @discardableResult
  func fill(_ order: UInt32, _ lots: Lots, at price: Price, late: Lots = 0) -> FillBooking {
    ledger.fill(
      order: order, instrument(ledger.order(order).pointee.instrument), price: price, lots: lots,
      late: late, day: Self.day.yyyymmdd)
  }

  /// An order that opens or closes and fills at once.
  @discardableResult
  func trade(_ terms: OrderTerms) -> FillBooking {
    fill(accept(terms), terms.lots, at: terms.price)
  }

  func end(_ order: UInt32, _ lots: Lots) {
    ledger.end(
      order: order, instrument(ledger.order(order).pointee.instrument), lots: lots,
      refusal: .none)
  }

  /// Yesterday's lots.
  func give(
    _ holder: HolderID, _ side: PositionSide, _ lots: Lots, of instrument: InstrumentID,
    open: Price = .yuan(3_400), mark: Price = .yuan(3_480), day: UInt32 = 20_251_231
  ) -> Bool {
    ledger.addOpeningPosition(
      holder, instrument, self.instrument(instrument),
      Ledger.OpeningPosition(
        side: side, hedge: .speculation, lots: lots, openPrice: open, markPrice: mark,
        openDay: day))
  }

  /// A price that every holder is marked at.
  func tick(_ id: InstrumentID, _ price: Price) {
    let took = market.apply(Market.Quote(last: price), to: id, at: now)
    precondition(took)
    let record = instrument(id)
    var cursor = ledger.firstHolder(of: id)
    while true {
      let number = ledger.nextHolder(&cursor)
      if number == 0 { break }
      ledger.mark(number, at: price, multiplier: record.pointee.multiplier)
    }
  }

  // MARK: Reading, by value

  func holder(_ id: OperationAccountID) -> HolderRecord {
    ledger.holder(ledger.holder(of: id)).pointee
  }
  func holder(_ id: FundAccountID) -> HolderRecord {
    ledger.holder(ledger.holder(of: id)).pointee
  }
  func position(
    _ holder: HolderID, _ instrument: InstrumentID, _ hedge: HedgeFlag = .speculation
  ) -> PositionRecord? {
    let number = ledger.position(holder, instrument, hedge)
    return number == 0 ? nil : ledger.position(number).pointee
  }
  func side(
    _ side: PositionSide, of instrument: InstrumentID, _ hedge: HedgeFlag = .speculation
  ) -> PositionSideRecord? {
    position(ledger.holder(of: alice), instrument, hedge)?.side(side)
  }
  /// What that side cost.
  func cost(
    _ side: PositionSide, of instrument: InstrumentID, _ hedge: HedgeFlag = .speculation
  ) -> PositionCostRecord? {
    position(ledger.holder(of: alice), instrument, hedge)?.cost(side)
  }
  /// Price and lots of each node of a side's list of one day, oldest first.
  func nodes(_ side: PositionCostRecord?, today: Bool) -> [[Int64]] {
    var nodes: [[Int64]] = []
    var number = today ? side?.firstToday ?? 0 : side?.firstYesterday ?? 0
    while number != 0 {
      let node = ledger.lotNode(number).pointee
      nodes.append([node.basis / Int64(node.lots) / 10_000, Int64(node.lots)])
      number = node.next
    }
    return nodes
  }
  var freeLots: Int { ledger.freeLots }
  var hasRoomForOrder: Bool { ledger.hasRoomForOrder }
  var booksHash: UInt64 {
    var hasher = StateHasher()
    ledger.hashBooks(into: &hasher)
    return hasher.value
  }
  var stateHash: UInt64 {
    var hasher = StateHasher()
    ledger.hash(into: &hasher)
    return hasher.value
  }
}

extension Price {
  static func yuan(_ yuan: Int64) -> Price { Price(units: yuan * unitsPerYuan) }
}
