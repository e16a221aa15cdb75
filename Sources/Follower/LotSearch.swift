import Domain
import Engine
import Ledger
import MarketData
import Messages
import RiskRules

/// How large an order of the same terms may be: found by asking the engine about one size after
/// the other, by halves, between the fewest and the most lots that the exchange takes.
struct LotSearch {
  /// What the engine says of one size.
  private enum Outcome {
    /// Taken, and all of it finds a place.
    case passes
    /// The same order was sent too often lately: a larger or a smaller one may pass.
    case repeated(Refusal)
    case fails(Refusal)
  }

  /// Lots of an order are a multiple of this.
  let step: Lots
  /// The largest size that would be taken and all find a place; 0 = none would.
  private(set) var mostLots: Lots = 0
  /// The same, but not above what the order asks for.
  private(set) var passLots: Lots = 0
  /// Why a size larger by `step` would not; of 0 lots, why the smallest would not.
  private(set) var binding = Refusal.none
  /// Sizes that the engine was asked about.
  private(set) var asked = 0

  private var order: NewOrder
  private let time: Timestamp
  private let least: Lots
  private let most: Lots

  /// Sizes that a search steps down over because each was sent too often lately: as many as the
  /// rule looks back at.
  private static let repeatsMaximum = 256

  /// - Parameter order: with an id that no order has.
  init(_ order: NewOrder, at time: Timestamp, _ engine: borrowing Engine) {
    self.order = order
    self.time = time
    guard engine.market.exists(order.instrument) else {
      step = 1
      least = 1
      most = 1
      return
    }
    let instrument = engine.market.instrument(order.instrument)
    let unit =
      engine.market.isInDeliveryMonth(instrument)
      ? max(Int64(instrument.pointee.deliveryMultiple), 1) : 1
    let isMarket = order.type == .market
    let bounds =
      isMarket
      ? (instrument.pointee.minimumMarketLots, instrument.pointee.maximumMarketLots)
      : (instrument.pointee.minimumLimitLots, instrument.pointee.maximumLimitLots)
    let fewest = max(Int64(bounds.0), Int64(order.minimumLots), 1)
    step = Lots(unit)
    least = Lots(clamping: (fewest + unit - 1) / unit * unit)
    most = Lots(clamping: max(Int64(bounds.1), 0) / unit * unit)
  }

  /// - Parameter door: what the gateway would refuse any size by; none = nothing.
  mutating func run(door: RuleID, _ engine: inout Engine) {
    let wanted = order.lots
    guard door == .none else {
      binding = Refusal(door, scope: .platform)
      return
    }
    var low = least
    if case .passes = outcome(wanted, &engine) {
      low = wanted
      passLots = wanted
    } else if least > most {
      binding = reason(least, &engine)
      return
    } else if case .fails(let refusal) = outcome(least, &engine) {
      binding = refusal
      return
    }
    // A size above the most is one that the exchange does not take.
    var high = max(most, low) + step
    while high - low > step {
      let middle = low + (high - low) / step / 2 * step
      if case .fails = outcome(middle, &engine) { high = middle } else { low = middle }
    }
    mostLots = passing(from: low, &engine)
    if passLots == 0, wanted >= least {
      passLots = mostLots <= wanted ? mostLots : passing(from: wanted / step * step, &engine)
    }
    binding = reason(mostLots == 0 ? least : mostLots + step, &engine)
  }

  /// The largest size from here down that is not one too often sent; 0 = none was found.
  private mutating func passing(from lots: Lots, _ engine: inout Engine) -> Lots {
    var lots = lots
    for _ in 0...LotSearch.repeatsMaximum where lots >= least {
      if case .passes = outcome(lots, &engine) { return lots }
      lots -= step
    }
    return 0
  }

  private mutating func reason(_ lots: Lots, _ engine: inout Engine) -> Refusal {
    switch outcome(lots, &engine) {
    case .passes: .none
    case .repeated(let refusal), .fails(let refusal): refusal
    }
  }

  private mutating func outcome(_ lots: Lots, _ engine: inout Engine) -> Outcome {
    order.lots = lots
    asked += 1
    let explanation = engine.explain(order, at: time)
    switch explanation.verdict {
    case .taken(lots): return .passes
    case .taken: return .fails(explanation.route?.refusal ?? .none)
    case .answeredAgain: preconditionFailure("an id that no order has is not answered again")
    case .refused(let refusal):
      let others = explanation.findings.contains {
        !$0.passes && $0.figures.rule != .duplicateOrder
      }
      let placed = explanation.route?.children.reduce(0) { $0 + $1.lots }
      return others || placed != lots ? .fails(refusal) : .repeated(refusal)
    }
  }
}
