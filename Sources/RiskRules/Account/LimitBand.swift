import Domain
import Ledger
import MarketData

/// Near limit-up and limit-down opening is barred: to all, against the move or with it. The zone
/// is hit by the last price or by the order's own limit.
///
/// Opening only, per account and commodity, in price units (1e-4). Ticks: [up - n * tick, up] and
/// [down, down + n * tick], ends included. Percent p: above pre + (up - pre) * p and below
/// pre - (pre - down) * p, the inner end excluded. With the move is buying at the upper, selling
/// at the lower limit. Without a last price, a limit or (percent) a prior settlement opening is
/// refused. The limit in the finding is the zone's inner end. Source: AMS manual 4.2.
/// `FIX: OrdRejReason(103) = 3`.
enum LimitBand {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, let figures = context.figures, figures.pointee.bandValue != .min,
      let instrument = context.instrument
    else { return .off(.limitBand, context.isOpening ? .unset : .otherKind) }
    let isPercent = figures.pointee.bandMeasure == LimitBandMeasure.percent.rawValue
    let isComplete =
      !instrument.pointee.last.isNone && !instrument.pointee.upperLimit.isNone
      && !instrument.pointee.lowerLimit.isNone
      && !(isPercent && instrument.pointee.preSettlement.isNone)
    guard isComplete else {
      return .condition(
        .limitBand, false, observed: instrument.pointee.last.units, limit: Price.none.units,
        unit: .price, scope: .instrument, scopeID: context.order.pointee.instrument.raw)
    }
    let zones = Zones(
      instrument, value: figures.pointee.bandValue, isPercent: isPercent,
      bar: figures.pointee.bandBar, isBuying: context.order.pointee.side == .buy)
    let last = instrument.pointee.last.units
    if zones.hit(by: last) { return finding(context, zones, last, passes: false) }
    if let own = context.limitPrice, zones.hit(by: own.units) {
      return finding(context, zones, own.units, passes: false)
    }
    return finding(context, zones, last, passes: true)
  }

  @inline(__always) private static func finding(
    _ context: OrderContext, _ zones: Zones, _ price: Int64, passes: Bool
  ) -> Finding {
    .condition(
      .limitBand, passes, observed: price, limit: zones.innerEnd(toward: price), unit: .price,
      scope: .instrument, scopeID: context.order.pointee.instrument.raw)
  }

  /// The two zones of an instrument, and which of them bar the order.
  struct Zones {
    /// One hundred percent, in 1e-4 of one percent.
    static let whole: Int64 = 1_000_000
    /// Wider than any two legal prices are apart.
    static let widthMaximum = 4 * Ranges.priceMaximum

    let isPercent: Bool
    let barsUpper: Bool
    let barsLower: Bool
    /// Ticks: the inner ends. Percent: the prior settlement, from which both are measured.
    let upperFrom: Int64
    let lowerFrom: Int64
    /// Percent: (limit - prior settlement) * p, for `distance * whole` to be compared with.
    let upperScaled: Int64
    let lowerScaled: Int64

    @inline(__always) init(
      _ instrument: UnsafePointer<InstrumentRecord>, value: Int64, isPercent: Bool, bar: UInt8,
      isBuying: Bool
    ) {
      let isWith = bar == LimitBandBar.withMove.rawValue
      let isAll = !isWith && bar != LimitBandBar.againstMove.rawValue
      barsUpper = isAll || isWith == isBuying
      barsLower = isAll || isWith != isBuying
      self.isPercent = isPercent
      let upper = instrument.pointee.upperLimit.units
      let lower = instrument.pointee.lowerLimit.units
      if isPercent {
        // Within 2 * 1e11 * 1e6: the products fit 64 bits.
        let share = min(max(value, 0), Self.whole)
        upperFrom = instrument.pointee.preSettlement.units
        lowerFrom = upperFrom
        upperScaled = (upper - upperFrom) * share
        lowerScaled = (lowerFrom - lower) * share
      } else {
        let (product, overflow) = max(value, 0).multipliedReportingOverflow(
          by: instrument.pointee.tick)
        let width = overflow ? Self.widthMaximum : min(product, Self.widthMaximum)
        upperFrom = upper - width
        lowerFrom = lower + width
        upperScaled = 0
        lowerScaled = 0
      }
    }

    @inline(__always) func hit(by price: Int64) -> Bool {
      if isPercent {
        return barsUpper && (price - upperFrom) * Self.whole > upperScaled
          || barsLower && (lowerFrom - price) * Self.whole > lowerScaled
      }
      return barsUpper && price >= upperFrom || barsLower && price <= lowerFrom
    }

    /// The inner end of the zone that a price is in or, of two, the one above; for the figures
    /// alone, where a fraction of a unit is cut off.
    @inline(__always) func innerEnd(toward price: Int64) -> Int64 {
      let isLower =
        barsLower
        && (!barsUpper
          || (isPercent
            ? (lowerFrom - price) * Self.whole > lowerScaled : price <= lowerFrom))
      return isLower
        ? lowerFrom - lowerScaled / Self.whole : upperFrom + upperScaled / Self.whole
    }
  }
}
