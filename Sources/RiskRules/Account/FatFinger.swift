import Domain
import Ledger
import MarketData

/// The order's value, and how far its price lies from the last one, are no slip of a finger.
///
/// Opening only; each of the three is off unless set. Value is price * lots * multiplier in 1e-4
/// yuan, of a market order at limit-up. Distance is of a limit order's price from last, in ticks
/// or in percent of last, shown in price units (1e-4); without a last price it is refused. Source:
/// rules.md 3. `FIX: OrdRejReason(103) = 3`.
enum FatFinger {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, let instrument = context.instrument else {
      return .off(.fatFinger, context.isOpening ? .lacksFigures : .otherKind)
    }
    let notional = context.account.pointee.fatFingerNotional
    let ticks = context.account.pointee.fatFingerTicks
    let percent = context.account.pointee.fatFingerPercent
    var finding = Finding.off(.fatFinger, .unset)
    if notional != .min, context.holdFault == .none {
      finding = .cap(
        .fatFinger, observed: 0, asked: context.hold.value.units, limit: notional, unit: .money,
        scope: .operationAccount, scopeID: context.order.pointee.account.raw)
      if !finding.passes { return finding }
    }
    guard ticks != .min || percent != .min else { return finding }
    guard let price = context.limitPrice else {
      return finding.isActive ? finding : .off(.fatFinger, .otherKind)
    }
    let distance = distanceFinding(
      price, instrument, context.order.pointee.instrument, ticks: ticks, percent: percent)
    return !distance.passes || !finding.isActive ? distance : finding
  }

  /// One hundred percent, in 1e-4 of one percent.
  static let whole: Int64 = 1_000_000
  /// 9 000 %: times any legal price it still fits 64 bits.
  static let percentMaximum: Int64 = 90_000_000
  /// Wider than any two legal prices are apart.
  static let distanceMaximum = 4 * Ranges.priceMaximum

  @inline(__always) private static func distanceFinding(
    _ price: Price, _ instrument: UnsafePointer<InstrumentRecord>, _ id: InstrumentID,
    ticks: Int64, percent: Int64
  ) -> Finding {
    let last = instrument.pointee.last
    guard !last.isNone else {
      return .condition(
        .fatFinger, false, observed: last.units, limit: Price.none.units, unit: .price,
        scope: .instrument, scopeID: id.raw)
    }
    let distance = abs(price.units - last.units)
    var passes = true
    var limit = distanceMaximum
    if ticks != .min {
      let (product, overflow) = ticks.multipliedReportingOverflow(by: instrument.pointee.tick)
      limit = overflow ? distanceMaximum : min(product, distanceMaximum)
      passes = distance <= limit
    }
    if percent != .min {
      let scaled = min(max(percent, 0), percentMaximum) * abs(last.units)
      passes = passes && distance * whole <= scaled
      limit = min(limit, scaled / whole)
    }
    return Finding(
      passes: passes,
      figures: Refusal(
        .fatFinger, observed: 0, limit: limit, asked: distance, unit: .price, scope: .instrument,
        scopeID: id.raw))
  }
}
