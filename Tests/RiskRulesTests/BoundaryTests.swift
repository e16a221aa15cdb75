import Domain
import Ledger
import MarketData
import RiskRules
import Testing

/// rules.md 0, "Caps and lines", at every cap and amount line of an account: in shops and for
/// orders that a seed draws, a limit is moved to one below what the order comes to, to that, and to
/// one above.
@Suite struct BoundaryTests {
  /// A limit that can be set, for the order that is judged.
  struct Limit: Sendable, CustomTestStringConvertible {
    let rule: RuleID
    let what: String
    /// Reached: by the limit itself (lines, and tallies of what has been).
    var isReached = false
    /// What one of it is in the figures of a refusal.
    var scale: Int64 = 1
    let set: @Sendable (Desk, OrderTerms, Int64) -> Void

    var testDescription: String { what }
  }

  static let limits: [Limit] = [
    Limit(rule: .positionLimit, what: "lots of the account") { desk, _, value in
      desk.change { $0.pointee.positionCap = value }
    },
    Limit(rule: .positionLimit, what: "lots in a commodity") { desk, terms, value in
      desk.changeFigures(desk.commodity(terms)) { $0.pointee.lotsCap = value }
    },
    Limit(rule: .marginLimit, what: "margin of the account") { desk, _, value in
      desk.change { $0.pointee.marginCap = value }
    },
    Limit(rule: .marginLimit, what: "margin in a commodity") { desk, terms, value in
      desk.changeFigures(desk.commodity(terms)) { $0.pointee.marginCap = value }
    },
    Limit(rule: .orderSize, what: "lots of an order") { desk, terms, value in
      desk.changeFigures(desk.commodity(terms)) {
        $0.pointee.orderLots = value
        $0.pointee.orderMargin = .min
      }
    },
    Limit(rule: .orderSize, what: "margin of an order") { desk, terms, value in
      desk.changeFigures(desk.commodity(terms)) {
        $0.pointee.orderLots = .min
        $0.pointee.orderMargin = value
      }
    },
    Limit(rule: .openOrders, what: "working orders") { desk, _, value in
      desk.change { $0.pointee.openOrders = value }
    },
    Limit(rule: .tradedValue, what: "value opened by the account") { desk, _, value in
      desk.change { $0.pointee.tradedValue = value }
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = .min }
    },
    Limit(rule: .tradedValue, what: "value opened by the product") { desk, _, value in
      desk.change { $0.pointee.tradedValue = .min }
      desk.ledger.changeProduct(desk.product) { $0.pointee.tradedValue = value }
    },
    Limit(rule: .fatFinger, what: "value of an order") { desk, _, value in
      desk.change {
        $0.pointee.fatFingerNotional = value
        $0.pointee.fatFingerTicks = .min
        $0.pointee.fatFingerPercent = .min
      }
    },
    Limit(rule: .fatFinger, what: "ticks from last", scale: .yuan(1)) { desk, _, value in
      desk.change {
        $0.pointee.fatFingerNotional = .min
        $0.pointee.fatFingerTicks = value
        $0.pointee.fatFingerPercent = .min
      }
    },
    Limit(rule: .dailyLoss, what: "the day's loss", isReached: true) { desk, _, value in
      desk.does(.dailyLoss, .warn, .barOpening)
      desk.setLine(.dailyLoss, warn: value)
    },
  ]

  @Test(arguments: limits)
  func oneBelowAtAndOneAbove(_ limit: Limit) {
    var judged: [String: Int] = [:]
    for seed in UInt64(0)..<500 {
      var draws = SplitMix64(seed: seed)
      let desk = Desk()
      desk.arrange(&draws)
      let terms = desk.goodOrder(&draws)
      let far = 100_000_000_000 / limit.scale
      limit.set(desk, terms, far)
      let found = desk.finding(limit.rule, terms)
      // Something narrower than a limit out of reach: another entry decides.
      guard found.isActive, found.passes, found.figures.limit == far * limit.scale else { continue }
      let comesTo = (found.figures.observed + found.figures.asked) / limit.scale
      for (value, passes) in [
        (comesTo - 1, false), (comesTo, !limit.isReached), (comesTo + 1, true),
      ] where value >= 0 || limit.isReached {
        limit.set(desk, terms, value)
        let finding = desk.finding(limit.rule, terms)
        guard finding.isActive, finding.figures.limit == value * limit.scale else { continue }
        #expect(finding.passes == passes, "seed \(seed): \(finding)")
        // The decision has no other opinion of it.
        if !finding.passes { #expect(desk.failure(terms) != nil, "seed \(seed)") }
        judged["\(terms.side)", default: 0] += 1
      }
    }
    for side in [Side.buy, .sell] {
      #expect(judged["\(side)", default: 0] > 60, "\(limit.what): \(judged)")
    }
  }

  /// A rule that counts lots lets every smaller order pass when it lets a larger one pass, and the
  /// most lots that it says are left are the most that it lets pass.
  @Test(arguments: [
    RuleID.positionLimit, .marginLimit, .orderSize, .tradedValue, .positionAvailable,
    .fundsAvailable, .capacity,
  ])
  func thereIsOneMostAndWhatIsLeftIsIt(_ rule: RuleID) {
    var met = 0
    for seed in UInt64(0)..<300 {
      var draws = SplitMix64(seed: seed)
      let desk = Desk()
      desk.arrange(&draws)
      var terms = desk.goodOrder(&draws)
      func passes(_ lots: Lots) -> Bool {
        terms.lots = lots
        return desk.finding(rule, terms).passes
      }
      guard passes(1), !passes(500) else { continue }
      var (low, high): (Lots, Lots) = (1, 500)
      while high - low > 1 {
        let middle = (low + high) / 2
        if passes(middle) { low = middle } else { high = middle }
      }
      for lots in Lots(1)...500 {
        #expect(passes(lots) == (lots <= low), "seed \(seed): \(lots) of at most \(low) lots")
      }
      met += 1
      terms.lots = low
      let finding = desk.finding(rule, terms)
      guard finding.isActive, finding.figures.unit == .lots, let room = finding.capRoom else {
        continue
      }
      #expect(room >= Int64(low), "seed \(seed): \(finding)")
      // Where the same limit refuses the next lot, what it said was left is all.
      terms.lots = low + 1
      let next = desk.finding(rule, terms).figures
      if next.unit == .lots, next.limit == finding.figures.limit {
        #expect(room == Int64(low), "seed \(seed): \(finding)")
      }
    }
    #expect(met > 5, "\(rule) was met \(met) times")
  }
}

extension Desk {
  func commodity(_ terms: OrderTerms) -> CommodityID {
    market.instrument(terms.instrument).pointee.commodity
  }
}
