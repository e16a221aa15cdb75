import Domain
import Ledger

/// net-value-top-up, net-value-warn, net-value-liquidation: lines of a subject's unit net value, of
/// now and of the prior day. They act while the value is at the line or below.
///
/// Top-up gives a notice; warn bars opening where it bars from level one; liquidation bars
/// it always. In 1e-8 yuan a share. Source: AMS manual 5.2.
public enum NetValueLines {
  private static let bases: [BandBasis] = [.current, .priorDay]

  static func isReached(
    _ fund: SchemeFund, _ basis: BandBasis, _ line: NetValueLine
  ) -> Bool {
    let threshold = fund.subject.pointee.line(basis, line)
    let shares = fund.subject.pointee.shares
    guard threshold != .min, shares > 0, fund.period != .unknown else { return false }
    let value = basis == .priorDay ? fund.priorNetValue : fund.netValue
    return value * Int128(Rate.unitsPerOne) <= Int128(threshold) * Int128(shares)
  }

  /// A bit for each that is reached.
  public static func reached(_ fund: SchemeFund) -> UInt8 {
    guard fund.subject.pointee.hasLines else { return 0 }
    var bits: UInt8 = 0
    for basis in [BandBasis.current, .priorDay] {
      for line in [NetValueLine.topUp, .warn, .liquidation] where isReached(fund, basis, line) {
        bits |= 1 << UInt8(SchemeSubjectRecord.place(basis, line))
      }
    }
    return bits
  }

  /// Why no order may open; nil when one may.
  static func barring(_ fund: SchemeFund) -> Refusal? {
    guard fund.subject.pointee.hasLines else { return nil }
    for line in [NetValueLine.warn, .liquidation] where bars(fund, line) {
      for basis in [BandBasis.current, .priorDay] where isReached(fund, basis, line) {
        return figures(fund, basis, line)
      }
    }
    return nil
  }

  private static func bars(_ fund: SchemeFund, _ line: NetValueLine) -> Bool {
    line == .liquidation || !fund.subject.pointee.barsFromLevelTwo
  }

  /// What one line finds in an opening order: of the two values the one that is reached, or nearer.
  static func finding(_ line: NetValueLine, _ fund: SchemeFund) -> Finding {
    let set = bases.filter { fund.subject.pointee.line($0, line) != .min }
    guard let first = set.first, bars(fund, line) else { return .off(line.rule, .unset) }
    let reached = set.first { isReached(fund, $0, line) }
    return Finding(passes: reached == nil, figures: figures(fund, reached ?? first, line))
  }

  /// The unit net value and the line, in 1e-4 yuan; the value rounded up, so that one that is above
  /// the line is shown above it.
  public static func figures(
    _ fund: SchemeFund, _ basis: BandBasis, _ line: NetValueLine
  ) -> Refusal {
    let value = basis == .priorDay ? fund.priorNetValue : fund.netValue
    let shares = Int128(max(fund.subject.pointee.shares, 1))
    let scaled = value * 10_000
    let unit = scaled > 0 ? (scaled + shares - 1) / shares : scaled / shares
    return Refusal(
      line.rule, observed: Int64(clamping: unit),
      limit: fund.subject.pointee.line(basis, line) / 10_000, unit: .price, scope: fund.scopeKind,
      scopeID: fund.scopeID)
  }
}
