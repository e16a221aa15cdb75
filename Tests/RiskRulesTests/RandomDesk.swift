import Domain
import Ledger
import MarketData
import RiskRules

extension Desk {
  /// Sets some rules near what random orders ask for, and leaves the others unset.
  func arrange(_ draws: inout SplitMix64) {
    arrangeAccount(&draws)
    arrangeLimits(&draws)
    if draws.once(in: 2) { arrangeLines(&draws) }
    arrangeMarket(&draws)
    if draws.once(in: 120) { barByController() }
    if draws.once(in: 150) { press(.product(product)) }
    for _ in 0..<draws.pick([0, 2, 12]) {
      let terms = goodOrder(&draws)
      if failure(terms) == nil { accept(terms) } else { refuse(terms) }
      if draws.once(in: 3) { ledger.countCancel(account, terms.instrument) }
      _ = ledger.countForOrderRate(account, at: now)
    }
    if draws.once(in: 2) { now = now.adding(seconds: draws.pick([1, 3, 6])) }
    if draws.once(in: 40) { ledger.barByOverflow(holder) }
    if draws.once(in: 8) { arrangeWindow(&draws) }
  }

  private func arrangeAccount(_ draws: inout SplitMix64) {
    if draws.once(in: 20) {
      let bare = ledger.defineProduct(mode: .ratio)!
      change { $0.pointee.product = bare }
    } else {
      let tradedValue = draws.once(in: 4) ? Int64.yuan(200_000) : .min
      let mayOpen = !draws.once(in: 20)
      ledger.changeProduct(product) {
        $0.pointee.tradedValue = tradedValue
        $0.pointee.openPermission = mayOpen
      }
      if draws.once(in: 4) { ledger.setDeliveryBar(product, exchange: .shfe, true) }
    }
    let isUnset = (0..<16).map { _ in !draws.once(in: 5) }
    func limit(_ index: Int, _ value: Int64) -> Int64 { isUnset[index] ? .min : value }
    _ = ledger.setOrderRateCount(account, limit(0, 8))
    let flags = (0..<5).map { _ in draws.once(in: 15) }
    let bar: OffsetBar = draws.pick([.opening, .closing, [.opening, .closing]])
    change {
      $0.pointee.enabled = !flags[0]
      $0.pointee.openPermission = !flags[1]
      $0.pointee.hedgePermission = flags[2]
      $0.pointee.tradableOnlyListed = flags[3]
      $0.pointee.cancelLimitClosingToo = flags[4]
      $0.pointee.positionCap = limit(1, 12)
      $0.pointee.marginCap = limit(2, .yuan(60_000))
      $0.pointee.cancelLimit = limit(3, 2)
      $0.pointee.openOrders = limit(4, 3)
      $0.pointee.tradedValue = limit(5, .yuan(300_000))
      $0.pointee.fatFingerNotional = limit(6, .yuan(200_000))
      $0.pointee.fatFingerTicks = limit(7, 900)
      $0.pointee.fatFingerPercent = limit(8, 200_000)
      $0.pointee.staleSeconds = limit(9, 4)
      $0.pointee.duplicateCount = limit(10, 1)
      $0.pointee.duplicateWindowMilliseconds = 5_000
      $0.pointee.orderRateWindowMilliseconds = 1_000
      $0.pointee.orderRateBar = bar
    }
    if draws.once(in: 12) { setFunds(.yuan(20_000)) }
  }

  private func arrangeLimits(_ draws: inout SplitMix64) {
    for commodity in [rebar, iron] where draws.once(in: 2) {
      let isListed = draws.once(in: 8)
      let band = draws.once(in: 3) ? Int64(draws.pick([100, 900_000])) : .min
      let size = draws.once(in: 3) ? Int64(5) : .min
      let cap = draws.once(in: 3) ? Int64(8) : .min
      let bar = draws.pick(LimitBandBar.allCases)
      let measure: LimitBandMeasure = band == 100 ? .ticks : .percent
      changeFigures(commodity) {
        $0.pointee.isListed = isListed
        $0.pointee.bandValue = band
        $0.pointee.bandMeasure = measure.rawValue
        $0.pointee.bandBar = bar.rawValue
        $0.pointee.orderLots = size
        $0.pointee.orderMargin = size == .min ? .min : .yuan(18_000)
        $0.pointee.lotsCap = cap
        $0.pointee.marginCap = cap == .min ? .min : .yuan(40_000)
      }
      change { $0.pointee.hasTradableRows = true }
    }
    if draws.once(in: 6) { changeRow(rebar, .tradable, rb) { $0.pointee.lots = 1 } }
    if draws.once(in: 4) {
      changeRow(rebar, .position, rb, hedge: draws.pick(HedgeFlag.allCases)) {
        $0.pointee.lots = 6
        $0.pointee.margin = .yuan(30_000)
      }
    }
  }

  private func arrangeMarket(_ draws: inout SplitMix64) {
    if draws.once(in: 10) {
      give(.long, Ranges.holderLotsMaximum - 2, rb)
      setFunds(.yuan(10_000_000_000))
      change { $0.pointee.positionCap = .min }
      change { $0.pointee.marginCap = .min }
    } else {
      give(.long, 4, rb)
      give(.short, 6, ore)
    }
    if draws.once(in: 10) { forgetPrices(draws.pick([rb, ore])) }
    if draws.once(in: 10) { tick(rb, last: draws.pick([4_950, 3_050])) }
    if draws.once(in: 20) { market.setStatus(rb, draws.pick([.unknown, .auction])) }
  }

  /// An order that a terminal in its right mind would send.
  func goodOrder(_ draws: inout SplitMix64) -> OrderTerms {
    let instrument = draws.pick([rb, rb, rbJune, rbNow, ore, oreNow])
    var terms = order(
      draws.pick([.buy, .sell]), draws.pick([.open, .open, .close, .closeToday]),
      lots: draws.pick([1, 2, 3, 6]),
      price: .yuan(draws.pick([4_000, 4_000, 4_300, 4_950, 3_010])),
      of: instrument, hedge: draws.pick([.speculation, .speculation, .hedge, .arbitrage]),
      timeInForce: draws.pick([.day, .day, .immediateOrCancel, .fillOrKill]))
    if draws.once(in: 4) {
      terms.type = .market
      terms.price = .none
    }
    return terms
  }

  /// An order with, at times, a field that makes no sense.
  func anyOrder(_ draws: inout SplitMix64) -> OrderTerms {
    var terms = goodOrder(&draws)
    guard draws.once(in: 2) else { return terms }
    switch Int.random(in: 0..<9, using: &draws) {
    case 0: terms.instrument = draws.pick([.none, listCopperOnce()])
    case 1: terms.side = .unknown
    case 2: terms.offset = .unknown
    case 3: terms.hedge = .unknown
    case 4: terms.lots = draws.pick([.min, -1, 0, 501, .max])
    case 5:
      terms.price = draws.pick([
        .none, Price(units: .max), Price(units: .min + 1), Price(units: 1), .yuan(5_001),
        .yuan(2_999), .yuan(-10_000_010), .yuan(10_000_010), .zero,
      ])
    case 6: terms.type = draws.pick(OrderType.allCases)
    case 7: terms.timeInForce = .unknown
    default: terms.minimumLots = draws.pick([.min, -1, 1, .max])
    }
    return terms
  }

  private func listCopperOnce() -> InstrumentID {
    let next = InstrumentID(UInt32(oreNow.raw + 1))
    return market.exists(next) ? next : listCopper()
  }
}
