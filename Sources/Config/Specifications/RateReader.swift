import Domain

/// Fee and margin rates as a file states them; what it leaves out comes from elsewhere.
public struct PartialRates: Equatable, Sendable {
  public var marginLong: TwoPartRate?
  public var marginShort: TwoPartRate?
  public var feeOpen: TwoPartRate?
  public var feeClose: TwoPartRate?
  public var feeCloseToday: TwoPartRate?

  var isEmpty: Bool { self == PartialRates() }

  /// The whole set, what is left out taken from `base`.
  public func completed(with base: RateSet) -> RateSet {
    RateSet(
      marginLong: marginLong ?? base.marginLong, marginShort: marginShort ?? base.marginShort,
      feeOpen: feeOpen ?? base.feeOpen, feeClose: feeClose ?? base.feeClose,
      feeCloseToday: feeCloseToday ?? base.feeCloseToday)
  }
}

enum RateReader {
  /// A commodity's rates: short margin is the long one's, closing the opening's, closing today's
  /// lots the closing's, unless the file says otherwise.
  static func readComplete(_ reader: inout ObjectReader) -> RateSet {
    let marginLong = reader.requiredObject("marginLong", readRate)
    let marginShort = reader.optionalObject("marginShort", unset: "marginLong", readRate)
    let feeOpen = reader.requiredObject("feeOpen", readRate)
    let feeClose = reader.optionalObject("feeClose", unset: "feeOpen", readRate) ?? feeOpen
    let feeCloseToday = reader.optionalObject("feeCloseToday", unset: "feeClose", readRate)
    return RateSet(
      marginLong: marginLong, marginShort: marginShort ?? marginLong, feeOpen: feeOpen,
      feeClose: feeClose, feeCloseToday: feeCloseToday ?? feeClose)
  }

  /// Rates of an owner or an instrument: each may be left out.
  static func readPartial(_ reader: inout ObjectReader, unset: String) -> PartialRates {
    PartialRates(
      marginLong: reader.optionalObject("marginLong", unset: unset, readRate),
      marginShort: reader.optionalObject("marginShort", unset: unset, readRate),
      feeOpen: reader.optionalObject("feeOpen", unset: unset, readRate),
      feeClose: reader.optionalObject("feeClose", unset: unset, readRate),
      feeCloseToday: reader.optionalObject("feeCloseToday", unset: unset, readRate))
  }

  private static func readRate(_ reader: inout ObjectReader) -> TwoPartRate {
    let byValue = reader.value("percent", .ratePercent, default: .zero)
    let byLot = reader.value(
      "yuanPerLot", .money(0...Ranges.rateByLotMaximum / Money.unitsPerYuan), default: .zero)
    return TwoPartRate(byValue: byValue, byLot: byLot)
  }
}
