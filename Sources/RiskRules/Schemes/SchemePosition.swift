import Domain
import Ledger

/// scheme-single-position-lots, -margin, -position-value and the same of totals: what is held and
/// works to open, on one side or both.
///
/// Lots, or 1e-4 yuan. Opening orders alone make it larger. Source: AMS manual 5.1.
enum SchemePosition {
  @inline(__always) static func read(
    _ reader: ClauseReader, _ sums: SchemeSums, _ measure: ClauseMeasure
  ) -> ClauseReading {
    var columns = SchemeColumns(sums, measure)
    let direction = reader.clause.pointee.direction
    let before = columns.gross(direction, isWorst: reader.isWorst)
    if let order = reader.order { columns = order.added(to: columns, order.amount(measure)) }
    return ClauseReading(
      before: before, after: columns.gross(direction, isWorst: reader.isWorst))
  }
}

/// scheme-single-exposure-lots, -exposure-margin, -exposure-value and the same of totals: long
/// minus short, the most that it can be over any order of fills.
///
/// Long = max(0, L - S), short = max(0, S - L), both = |L - S|. Source: AMS manual 5.1.
enum SchemeExposure {
  @inline(__always) static func read(
    _ reader: ClauseReader, _ sums: SchemeSums, _ measure: ClauseMeasure
  ) -> ClauseReading {
    var columns = SchemeColumns(sums, measure)
    let direction = reader.clause.pointee.direction
    let before = columns.exposure(direction, isWorst: reader.isWorst)
    if let order = reader.order { columns = order.added(to: columns, order.amount(measure)) }
    return ClauseReading(
      before: before, after: columns.exposure(direction, isWorst: reader.isWorst))
  }
}

/// scheme-single-traded-value and -total-: value of today's fills, opening and closing, and of the
/// order that comes at its hold price (decisions 17).
///
/// 1e-4 yuan. Open 100 000, close 100 000: 200 000. Source: AMS manual 5.1.
enum SchemeTradedValue {
  @inline(__always) static func read(
    _ reader: ClauseReader, _ sums: SchemeSums
  ) -> ClauseReading {
    let direction = reader.clause.pointee.direction
    func part(_ long: Int128, _ short: Int128) -> Int128 {
      switch direction {
      case .long: long
      case .short: short
      case .both, .unknown: long + short
      }
    }
    let before = part(sums.longTraded, sums.shortTraded)
    guard let order = reader.order else { return ClauseReading(before: before, after: before) }
    let isLong = order.side == .long
    return ClauseReading(
      before: before,
      after: before + part(isLong ? order.traded : 0, isLong ? 0 : order.traded))
  }
}

extension SchemeColumns {
  /// The columns of a measure.
  @inline(__always) init(_ sums: SchemeSums, _ measure: ClauseMeasure) {
    switch measure {
    case .lots, .exposureLots, .openInterestShare: self = sums.lots
    case .margin, .exposureMargin, .absoluteMargin: self = sums.margins
    default: self = sums.values
    }
  }
}

extension SchemeOrder {
  /// What the order adds in a measure.
  @inline(__always) func amount(_ measure: ClauseMeasure) -> Int128 {
    switch measure {
    case .lots, .exposureLots, .openInterestShare: lots
    case .margin, .exposureMargin, .absoluteMargin: margin
    default: value
    }
  }
}
