import Domain
import Ledger
import MarketData
import Testing

/// Random small products against the splitter that tries everything: at most 4 fund accounts and
/// 12 lots. A failure names its seed and case.
@Suite struct SplitPropertyTests {
  static let casesPerSeed = 250

  /// One random product and order.
  struct Case {
    var funds: [NaiveFund] = []
    var lots: Lots
    var unit: Lots
    var price: Int64
    var refusesPart: Bool
    var sequence: UInt64

    init(_ draws: inout SplitMix64) {
      let isDelivery = draws.once(in: 4)
      unit = isDelivery ? 3 : 1
      lots = Lots.random(in: 1...12, using: &draws)
      if isDelivery { lots = max(lots / 3 * 3, 3) }
      price = draws.pick([40_000_000, 40_010_000, 38_770_000])
      refusesPart = draws.once(in: 3)
      sequence = draws.next() >> 20
      let alike = draws.once(in: 3)
      for index in 0..<Int.random(in: 1...4, using: &draws) {
        funds.append(alike && index > 0 ? funds[0] : Self.fund(&draws))
      }
    }

    static func fund(_ draws: inout SplitMix64) -> NaiveFund {
      var fund = NaiveFund(yuan: draws.pick([10_000, 20_000, 30_000, 45_000, 60_000, 100_000]))
      fund.priority = draws.pick([0, 0, 1, 2])
      if draws.once(in: 4) { fund.reserveYuan = draws.pick([5_000, 12_000, 30_000]) }
      if draws.once(in: 4) { fund.marginRate = 14_285_714 }
      fund.isReady = !draws.once(in: 12)
      fund.mayOpen = !draws.once(in: 12)
      fund.crosses = draws.once(in: 8)
      if draws.once(in: 3) { fund.long = draws.pick([1, 2, 3, 5]) }
      if draws.once(in: 4) { fund.short = draws.pick([1, 2, 4]) }
      if draws.once(in: 5) { fund.workingLong = draws.pick([1, 2]) }
      if draws.once(in: 4) { fund.sizeLots = draws.pick([0, 1, 2, 4, 7]) }
      if draws.once(in: 4) {
        let lots = draws.pick([Lots(1), 2, 3, 5])
        fund.sizeMargin = fund.margin(lots, price: 40_010_000) - draws.pick([0, 0, 1])
      }
      if draws.once(in: 4) { fund.mostLong = draws.pick([0, 2, 5, 8]) }
      if draws.once(in: 5) { fund.mostTotal = draws.pick([3, 6, 9]) }
      return fund
    }

    /// The same product on a desk. Owners are told apart, so that each crosses itself alone.
    func desk(_ mode: RoutingMode) -> RouteDesk {
      let byValue = TwoPartRate(byValue: Rate(units: NaiveFund.platformMarginRate))
      let fee = TwoPartRate(byValue: Rate(units: NaiveFund.feeRate))
      let desk = RouteDesk(
        mode,
        rates: RateSet(
          marginLong: byValue, marginShort: byValue, feeOpen: fee, feeClose: fee,
          feeCloseToday: fee))
      if refusesPart {
        desk.ledger.changeProduct(desk.product) { $0.pointee.refusesPartialPlacement = true }
      }
      for (index, fund) in funds.enumerated() { put(fund, index, on: desk, fee) }
      return desk
    }

    func instrument(_ desk: RouteDesk) -> InstrumentID { unit == 3 ? desk.rbNow : desk.rb }

    private func put(_ fund: NaiveFund, _ index: Int, on desk: RouteDesk, _ fee: TwoPartRate) {
      let instrument = instrument(desk)
      desk.addFund(fund.yuan, priority: fund.priority)
      desk.setOwner(index, UInt32(index + 1))
      desk.change(index) {
        $0.pointee.minimumReserve = Money(yuan: fund.reserveYuan)
        $0.pointee.isReady = fund.isReady
        $0.pointee.openPermission = fund.mayOpen
      }
      if fund.marginRate != NaiveFund.platformMarginRate {
        let own = TwoPartRate(byValue: Rate(units: fund.marginRate))
        desk.setRates(
          index,
          RateSet(
            marginLong: own, marginShort: own, feeOpen: fee, feeClose: fee,
            feeCloseToday: fee))
      }
      desk.give(index, .long, fund.long, instrument)
      desk.give(index, .short, fund.short, instrument)
      if fund.workingLong > 0 {
        desk.work(
          index, desk.order(.buy, .open, fund.workingLong, of: instrument, price: .yuan(3_500)))
      }
      desk.limit(index, .orderSize, desk.rebar) {
        $0.pointee.lots = fund.sizeLots ?? .min
        $0.pointee.margin = fund.sizeMargin ?? .min
      }
      desk.limit(index, .fundPosition, desk.rebar, instrument) {
        $0.pointee.long = fund.mostLong ?? .min
        $0.pointee.lots = fund.mostTotal ?? .min
      }
      if fund.crosses { rest(index, on: desk) }
    }

    /// A working sell that any buy crosses. It closes lots of another instrument's commodity
    /// nobody counts: a child with neither margin nor fee.
    private func rest(_ index: Int, on desk: RouteDesk) {
      let terms = desk.order(.sell, .closeToday, 1, of: instrument(desk), price: .yuan(3_001))
      let parent = desk.ledger.addOrder(
        terms, state: .accepted, refusal: .none, at: RouteDesk.now, day: RouteDesk.day, shard: 0,
        seed: 1)
      _ = desk.ledger.addChild(
        of: parent, at: desk.funds[index], offset: .closeToday, lots: 1,
        desk.market.instrument(instrument(desk)), hold: .zero, time: RouteDesk.now,
        day: RouteDesk.day, shard: 0)
    }
  }

  /// Children and nothing else: the plan is the slow splitter's, or it is refused as it should be.
  @Test(arguments: [RoutingMode.priority, .ratio], UInt64(1)...12)
  func aSplitIsTheOneThatRoutingSays(_ mode: RoutingMode, _ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    for number in 0..<Self.casesPerSeed {
      let item = Case(&draws)
      let desk = item.desk(mode)
      let terms = desk.order(
        .buy, .open, item.lots, of: item.instrument(desk), price: Price(units: item.price))
      let split = desk.split(terms, sequence: item.sequence)
      var naive = NaiveSplitter(
        item.funds, price: item.price, unit: item.unit, seed: desk.seed, sequence: item.sequence)
      let wanted = mode == .ratio ? naive.byRatio(item.lots) : naive.byPriority(item.lots)
      let sum = wanted.reduce(0, +)
      let expected = sum < item.lots && item.refusesPart ? wanted.map { _ in 0 } : wanted
      guard split.lots == expected else {
        Issue.record(
          "\(mode), seed \(seed), case \(number): \(split.lots), not \(expected): \(item)")
        return
      }
      // Most lots that can be placed are placed, whatever the way.
      let room = item.funds.indices.reduce(Lots(0)) {
        $0
          + NaiveSplitter(item.funds, price: item.price, unit: item.unit, seed: 0, sequence: 0)
          .most($1, of: item.lots)
      }
      #expect(sum == min(room, item.lots), "\(mode), seed \(seed), case \(number)")
      for child in split.children {
        #expect(item.funds[child.fund].mayBuy(child.lots, price: item.price))
        #expect(child.lots % item.unit == 0)
      }
      #expect(Set(split.children.map(\.fund)).count == split.children.count)
      #expect(split.refusal.isNone == (sum == item.lots))
      #expect(desk.split(terms, sequence: item.sequence) == split)
      #expect(item.desk(mode).split(terms, sequence: item.sequence) == split)
    }
  }

  /// Without limits and positions the parts are, of all that add up, the nearest to the ratio.
  @Test(arguments: UInt64(1)...4)
  func noOtherSplitIsNearerToTheRatio(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    for number in 0..<60 {
      let desk = RouteDesk(.ratio)
      let count = Int.random(in: 1...4, using: &draws)
      let equities = (0..<count).map { _ in Int64.random(in: 1...9, using: &draws) * 1_000_000 }
      for equity in equities { desk.addFund(equity) }
      let lots = Lots.random(in: 1...12, using: &draws)
      let split = desk.split(desk.buy(lots), sequence: draws.next() >> 20).lots
      let best = Self.splits(of: lots, over: count).map { Self.distance($0, equities, lots) }.min()
      #expect(split.reduce(0, +) == lots)
      #expect(
        Self.distance(split, equities, lots) == best, "seed \(seed), case \(number): \(split)")
    }
  }

  /// Closing in ratio mode: of all splits that close what is asked, the nearest to the positions.
  @Test(arguments: UInt64(1)...4)
  func noOtherSplitIsNearerToThePositions(_ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    for number in 0..<60 {
      let desk = RouteDesk(.ratio)
      let count = Int.random(in: 1...4, using: &draws)
      let held = (0..<count).map { _ in draws.pick([Lots(0), 1, 2, 5, 9, 30, 100]) }
      let lots = Lots.random(in: 1...12, using: &draws)
      guard held.reduce(0, +) >= lots else { continue }
      for fund in 0..<count {
        desk.addFund(10_000_000)
        desk.give(fund, .long, held[fund], desk.rb)
      }
      let split = desk.split(desk.order(.sell, .close, lots), sequence: draws.next() >> 20).lots
      let best = Self.splits(of: lots, over: count)
        .filter { zip($0, held).allSatisfy { $0 <= $1 } }
        .map { Self.distance($0, held.map(Int64.init), lots) }.min()
      #expect(
        Self.distance(split, held.map(Int64.init), lots) == best,
        "seed \(seed), case \(number): \(split) of \(held)")
    }
  }

  /// Closing children add up, and none takes more than is there, may be sent or is a multiple.
  @Test(arguments: [RoutingMode.priority, .ratio], UInt64(1)...4)
  func anExitIsPlacedAsFarAsItGoes(_ mode: RoutingMode, _ seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    for number in 0..<Self.casesPerSeed {
      var item = Case(&draws)
      for index in item.funds.indices { item.funds[index].crosses = false }
      let desk = item.desk(mode)
      let split = desk.split(
        desk.order(.sell, .close, item.lots, of: item.instrument(desk)), sequence: item.sequence)
      var room: Lots = 0
      for fund in item.funds {
        var most: Lots = 0
        while fund.mayClose(most + item.unit) { most += item.unit }
        room += most
      }
      #expect(split.placed == min(room, item.lots), "\(mode), seed \(seed), case \(number)")
      #expect(split.lots.reduce(0, +) == split.placed)
      for child in split.children {
        #expect(item.funds[child.fund].mayClose(child.lots))
        #expect(child.lots % item.unit == 0)
        #expect(child.offset == .close)
      }
      #expect(
        desk.split(
          desk.order(.sell, .close, item.lots, of: item.instrument(desk)),
          sequence: item.sequence) == split)
    }
  }

  /// Sum of |part * E - lots * equity|: how far from the exact ratio.
  private static func distance(_ parts: [Lots], _ weights: [Int64], _ lots: Lots) -> Int64 {
    let total = weights.reduce(0, +)
    return zip(parts, weights).reduce(0) { $0 + abs(Int64($1.0) * total - Int64(lots) * $1.1) }
  }

  private static func splits(of lots: Lots, over count: Int) -> [[Lots]] {
    guard count > 1 else { return [[lots]] }
    return (0...lots).flatMap { first in
      splits(of: lots - first, over: count - 1).map { [first] + $0 }
    }
  }
}
