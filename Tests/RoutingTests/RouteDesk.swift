import Domain
import Ledger
import MarketData
import Routing
import Storage

/// A product and its fund accounts, to split orders over. It is 10:00 on Monday 2026-01-05;
/// everything trades at 4 000 within 3 000 and 5 000, multiplier 10. Margin 10 %, opening fee 1
/// yuan a lot, closing 2, close-today 3. Changed only by the public methods of ledger and market.
final class RouteDesk {
  var ledger: Ledger
  var market: Market
  private var plan = RoutePlan()
  let product: ProductID
  let account: OperationAccountID
  private let counter: CounterID
  /// SHFE, keeps today's and yesterday's lots apart.
  let rebar: CommodityID
  /// DCE.
  let iron: CommodityID
  /// Of May, and of this month: then both commodities come in multiples of 3.
  let rb: InstrumentID
  let rbNow: InstrumentID
  let ore: InstrumentID
  let oreNow: InstrumentID
  private(set) var funds: [FundAccountID] = []
  var seed: UInt64 = 7
  /// When orders are split.
  var now = RouteDesk.now
  private var ids = 0

  static let day = TradingDay(yyyymmdd: 20_260_105)!
  static let now = Timestamp(date: day.date, secondOfDay: 36_000)

  init(_ mode: RoutingMode, rates: RateSet = RouteDesk.defaultRates) {
    var market = Market(instruments: 4, commodities: 2, tradingHours: 1)
    market.startDay(Self.day, nightDate: nil)
    let hours = market.defineTradingHours(
      count: 1,
      intervals: InlineArray(
        repeating: TradingInterval(
          date: .day, phase: .continuous, startSecond: 32_400, endSecond: 54_000)))!
    rebar = market.defineCommodity(exchange: .shfe, hours: hours, deliveryMultiple: 3)!
    iron = market.defineCommodity(exchange: .dce, hours: hours, deliveryMultiple: 3)!
    rb = Self.list(&market, rebar, month: 5)
    rbNow = Self.list(&market, rebar, month: 1)
    ore = Self.list(&market, iron, month: 5)
    oreNow = Self.list(&market, iron, month: 1)
    var ledger = Ledger(
      capacities: LedgerCapacities(
        operationAccounts: 1, fundAccounts: 40, products: 1, counters: 1, instruments: 4,
        commodities: 2, tradingHours: 1, orders: 64, children: 64, positions: 256, figures: 128,
        lots: 256, limitRows: 64, rateOwners: 8, rates: 16, rateWindow: 64, accessRows: 1,
        schemes: 4, schemeInstruments: 64, budgetRecords: 64, budgetTrades: 64))
    counter = ledger.defineCounter()!
    product = ledger.defineProduct(mode: mode)!
    account = ledger.defineOperationAccount(product)!
    for commodity in [rebar, iron] {
      precondition(ledger.setRates(nil, commodity: commodity, instrument: nil, rates))
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
    _ market: inout Market, _ commodity: CommodityID, month: UInt8
  ) -> InstrumentID {
    let id = market.defineInstrument(
      Market.Listing(
        commodity: commodity, deliveryYear: 2_026, deliveryMonth: month,
        lastTradingDay: TradingDay(yyyymmdd: 20_260_015 + UInt32(month) * 100)!, multiplier: 10,
        tick: .yuan(1), limitLots: 1...500, marketLots: 1...500))!
    precondition(
      market.apply(
        Market.Quote(
          last: .yuan(4_000), upperLimit: .yuan(5_000), lowerLimit: .yuan(3_000),
          preSettlement: .yuan(4_000)), to: id, at: now))
    return id
  }

  // MARK: Arranging

  /// A fund account whose link is ready, with so many yuan.
  @discardableResult func addFund(_ yuan: Int64, priority: Int32 = 0) -> FundAccountID {
    let id = ledger.defineFundAccount(product, counter)!
    ledger.setOpeningBalance(
      ledger.holder(of: id), allowedLoss: Money(yuan: yuan), notToLose: .zero)
    ledger.changeFundAccount(id) {
      $0.pointee.isReady = true
      $0.pointee.priority = priority
      $0.pointee.hedgePermission = true
    }
    funds.append(id)
    return id
  }

  /// A fund account of no product.
  func addLoneFund() { funds.append(ledger.defineFundAccount(.none, counter)!) }

  func change(_ fund: Int, _ edit: (UnsafeMutablePointer<FundAccountRecord>) -> Void) {
    ledger.changeFundAccount(funds[fund], edit)
  }

  /// The legal owner at SHFE.
  func setOwner(_ fund: Int, _ owner: UInt32) {
    precondition(ledger.setLegalOwner(funds[fund], .shfe, owner))
  }

  func setRates(_ fund: Int, _ rates: RateSet) {
    let holder = ledger.holder(of: funds[fund])
    precondition(ledger.setRates(holder, commodity: rebar, instrument: nil, rates))
  }

  /// A fund account's limit on a commodity, or on one instrument of it.
  func limit(
    _ fund: Int, _ kind: LimitRowKind, _ commodity: CommodityID,
    _ instrument: InstrumentID = .none, hedge: HedgeFlag = .unknown,
    _ edit: (UnsafeMutablePointer<LimitRow>) -> Void
  ) {
    precondition(
      ledger.changeLimitRow(
        ledger.holder(of: funds[fund]), commodity, kind: kind, instrument: instrument,
        hedge: hedge, edit))
  }

  /// Most lots of one child.
  func limitSize(_ fund: Int, _ lots: Int64) {
    for commodity in [rebar, iron] { limit(fund, .orderSize, commodity) { $0.pointee.lots = lots } }
  }

  /// Yesterday's lots, at the price everything trades at.
  func give(
    _ fund: Int, _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID,
    hedge: HedgeFlag = .speculation
  ) {
    guard lots > 0 else { return }
    precondition(
      ledger.addOpeningPosition(
        ledger.holder(of: funds[fund]), instrument, market.instrument(instrument),
        Ledger.OpeningPosition(
          side: side, hedge: hedge, lots: lots, openPrice: .yuan(4_000), markPrice: .yuan(4_000),
          openDay: 20_260_102)))
  }

  /// Lots opened today at the price everything trades at; they cost their opening fee.
  func giveToday(_ fund: Int, _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID) {
    guard lots > 0 else { return }
    let booking = ledger.bookExternal(
      ExternalTrade(
        fundAccount: funds[fund], instrument: instrument, side: side == .long ? .buy : .sell,
        offset: .open, hedge: .speculation, price: .yuan(4_000), lots: lots),
      market.instrument(instrument), day: Self.day.yyyymmdd)
    precondition(booking != nil)
  }

  /// Today's lots are closed again at the price they were opened at.
  func closeToday(_ fund: Int, _ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID) {
    let booking = ledger.bookExternal(
      ExternalTrade(
        fundAccount: funds[fund], instrument: instrument, side: side == .long ? .sell : .buy,
        offset: .closeToday, hedge: .speculation, price: .yuan(4_000), lots: lots),
      market.instrument(instrument), day: Self.day.yyyymmdd)
    precondition(booking?.booking.excess == 0)
  }

  /// So many children, each so many nanoseconds after the one before, the last one now.
  func countChildren(
    _ fund: Int, _ count: Int, of most: Int64, within milliseconds: Int64, bar: OffsetBar,
    apart: Int64 = 0
  ) {
    precondition(ledger.setOrderRateCount(funds[fund], most))
    change(fund) {
      $0.pointee.rateMilliseconds = milliseconds
      $0.pointee.orderRateBar = bar
    }
    for place in 0..<count {
      _ = ledger.countForOrderRate(
        funds[fund], at: now.adding(nanoseconds: Int64(place - count + 1) * apart))
    }
  }

  /// So many messages, each so many nanoseconds after the one before, the last one now.
  func countMessages(_ fund: Int, _ count: Int, of quota: Int64, apart: Int64 = 0) {
    precondition(ledger.setMessageQuota(funds[fund], quota))
    for place in 0..<count {
      ledger.countMessage(
        funds[fund], at: now.adding(nanoseconds: Int64(place - count + 1) * apart))
    }
  }

  /// The settings of a lock.
  func lock(_ mode: LockMode, _ fallback: LockFallback = []) {
    ledger.changeProduct(product) {
      $0.pointee.lockMode = mode
      $0.pointee.lockFallback = fallback
    }
  }

  /// A child that works at a fund account.
  @discardableResult func work(_ fund: Int, _ terms: OrderTerms) -> UInt32 {
    let instrument = market.instrument(terms.instrument)
    let holder = ledger.holder(of: funds[fund])
    let rates = ledger.rates(holder, terms.instrument, instrument.pointee.commodity)!
    let hold = Ledger.hold(
      instrument, rates, side: terms.side, offset: terms.offset, lots: terms.lots,
      price: holdPrice(terms))!
    let parent = ledger.addOrder(
      terms, state: .accepted, refusal: .none, at: Self.now, day: Self.day, shard: 0, seed: seed)
    return ledger.addChild(
      of: parent, at: funds[fund], offset: terms.offset, lots: terms.lots, instrument,
      hold: hold, time: Self.now, day: Self.day, shard: 0)
  }

  func end(_ child: UInt32) {
    _ = ledger.finish(
      child: child, market.instrument(ledger.child(child).pointee.instrument), as: .cancelled)
  }

  func available(_ fund: Int) -> Money {
    ledger.holder(ledger.holder(of: funds[fund])).pointee.available
  }

  // MARK: Orders

  func order(
    _ side: Side, _ offset: Offset, _ lots: Lots, of instrument: InstrumentID? = nil,
    price: Price = .yuan(4_000), hedge: HedgeFlag = .speculation,
    timeInForce: TimeInForce = .day, minimumLots: Lots = 0
  ) -> OrderTerms {
    ids += 1
    return OrderTerms(
      session: SessionID(1), account: account, instrument: instrument ?? rb,
      clOrdID: ClOrdID("\(ids)")!, side: side, offset: offset, hedge: hedge, type: .limit,
      timeInForce: timeInForce, price: price, lots: lots, minimumLots: minimumLots)
  }

  /// Opens long at 4 000.
  func buy(_ lots: Lots, of instrument: InstrumentID? = nil) -> OrderTerms {
    order(.buy, .open, lots, of: instrument)
  }

  func marketOrder(_ side: Side, _ offset: Offset, _ lots: Lots) -> OrderTerms {
    var terms = order(side, offset, lots, price: .none)
    terms.type = .market
    return terms
  }

  /// decisions 2: the limit price, or limit-up for a market order.
  private func holdPrice(_ terms: OrderTerms) -> Price {
    terms.type == .market ? .yuan(5_000) : terms.price
  }

  /// The plan for an order.
  func split(_ terms: OrderTerms, sequence: UInt64 = 1, excluded: UInt32 = 0) -> Split {
    withUnsafePointer(to: terms) { pointer in
      Planner.plan(
        RouteRequest(
          order: pointer, product: product, holdPrice: holdPrice(terms), lots: terms.lots,
          orderSequence: sequence, excluded: excluded, now: now),
        into: &plan, seed: seed, ledger, market)
    }
    var split = Split(placed: plan.placed, refusal: plan.refusal)
    for index in 0..<plan.childCount {
      let child = plan.child(index).pointee
      split.children.append(
        Split.Child(
          fund: child.fundAccount.index, offset: child.offset, lots: child.lots, hold: child.hold,
          crosses: child.crosses))
    }
    for index in 0..<plan.candidateCount {
      split.declines.append(plan.candidates.at(index).pointee.refusal.rule)
    }
    split.fundCount = funds.count
    return split
  }
}

/// A plan, by value.
struct Split: Equatable {
  struct Child: Equatable {
    var fund: Int
    var offset: Offset
    var lots: Lots
    var hold: Hold
    var crosses: Bool
  }

  var children: [Child] = []
  var placed: Lots
  var refusal: Refusal
  /// What binds each fund account.
  var declines: [RuleID] = []
  var fundCount = 0

  /// Lots by fund account.
  var lots: [Lots] {
    (0..<fundCount).map { fund in
      children.filter { $0.fund == fund }.reduce(0) { $0 + $1.lots }
    }
  }
}

extension Price {
  static func yuan(_ yuan: Int64) -> Price { Price(units: yuan * unitsPerYuan) }
}
