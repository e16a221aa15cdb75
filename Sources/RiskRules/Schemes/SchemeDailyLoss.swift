import Domain
import Ledger

/// scheme-total-daily-loss: -(position profit + close profit - fees - frozen fees) of the
/// product's fund accounts, of the operation account whose scheme it is, or of what they did in a
/// commodity or a sector (decisions 24).
///
/// 1e-4 yuan; with the fee of an opening order that comes. Source: AMS manual 5.1.
enum SchemeDailyLoss {
  @inline(__always) static func read(
    _ reader: borrowing ClauseReader, _ ledger: borrowing Ledger
  ) -> ClauseReading {
    let loss =
      reader.clause.pointee.scopeKind == .product
      ? reader.fund.dailyLoss : -reader.profit(ledger)
    return ClauseReading(before: loss, after: loss + reader.order.fee)
  }
}

/// scheme-total-drawdown: how far the net value has fallen from its highest,
/// (high - net value) / high. The high begins when a scheme is first bound, is raised by every
/// look, and shifted by cash (decisions 25).
///
/// A ratio in 1e-8. 1.25 -> 1.00 is 20 %. Source: AMS manual 5.1.
enum SchemeDrawdown {
  @inline(__always) static func read(_ reader: borrowing ClauseReader) -> ClauseReading {
    let value = reader.fund.netValue
    let known = reader.fund.subject.pointee.highNetValue
    let high = known == 0 ? value : max(known, value)
    return ClauseReading(before: high - value, after: high - value, base: high)
  }
}
