import Domain
import Ledger

/// scheme-single-position-lots, -margin, -position-value and the same of totals: what is held and
/// works to open, on one side or both.
///
/// Lots, or 1e-4 yuan. Opening orders alone make it larger. Source: AMS manual 5.1.
enum SchemePosition {
  @inline(__always) static func read(
    _ reader: borrowing ClauseReader, _ columns: SchemeColumns
  ) -> ClauseReading {
    var columns = columns
    let direction = reader.clause.pointee.direction
    let before = columns.gross(direction, isWorst: reader.isWorst)
    if reader.isWorst { columns = reader.order.added(to: columns, reader.measure) }
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
    _ reader: borrowing ClauseReader, _ columns: SchemeColumns
  ) -> ClauseReading {
    var columns = columns
    let direction = reader.clause.pointee.direction
    let before = columns.exposure(direction, isWorst: reader.isWorst)
    if reader.isWorst { columns = reader.order.added(to: columns, reader.measure) }
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
    _ reader: borrowing ClauseReader, _ sums: UnsafePointer<SchemeSums>
  ) -> ClauseReading {
    let direction = reader.clause.pointee.direction
    func part(_ long: Int128, _ short: Int128) -> Int128 {
      switch direction {
      case .long: long
      case .short: short
      case .both, .unknown: long + short
      }
    }
    let before = part(sums.pointee.longTraded, sums.pointee.shortTraded)
    guard reader.isWorst else { return ClauseReading(before: before, after: before) }
    let isLong = reader.order.side == .long
    let traded = reader.order.traded
    return ClauseReading(
      before: before, after: before + part(isLong ? traded : 0, isLong ? 0 : traded))
  }
}

extension SchemeColumns {
  /// The columns of a measure, read where they stand.
  @inline(__always) init(_ sums: UnsafePointer<SchemeSums>, _ measure: ClauseMeasure) {
    switch measure {
    case .lots, .exposureLots, .openInterestShare:
      self.init(
        long: Int128(sums.pointee.long), short: Int128(sums.pointee.short),
        openLong: Int128(sums.pointee.openLong), openShort: Int128(sums.pointee.openShort),
        closeLong: Int128(sums.pointee.closeLong), closeShort: Int128(sums.pointee.closeShort))
    case .margin, .exposureMargin, .absoluteMargin:
      self.init(
        long: sums.pointee.longMargin, short: sums.pointee.shortMargin,
        openLong: sums.pointee.openLongMargin, openShort: sums.pointee.openShortMargin,
        closeLong: sums.pointee.closeLongMargin, closeShort: sums.pointee.closeShortMargin)
    default:
      self.init(
        long: sums.pointee.longValue, short: sums.pointee.shortValue,
        openLong: sums.pointee.openLongValue, openShort: sums.pointee.openShortValue,
        closeLong: sums.pointee.closeLongValue, closeShort: sums.pointee.closeShortValue)
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

  /// Columns of a measure with the order as one that works.
  @inline(__always) func added(
    to columns: SchemeColumns, _ measure: ClauseMeasure
  ) -> SchemeColumns {
    var columns = columns
    columns.add(amount(measure), side: side, isOpening: isOpening)
    return columns
  }
}
