import Domain

/// Fee and margin rates as a file states them; what it leaves out comes from elsewhere.
public struct PartialRates: Equatable, Sendable {
  public var marginLong: TwoPartRate?
  public var marginShort: TwoPartRate?
  public var feeOpen: TwoPartRate?
  public var feeClose: TwoPartRate?
  public var feeCloseToday: TwoPartRate?

  var isEmpty: Bool { self == PartialRates() }
  var hasMargin: Bool { marginLong != nil || marginShort != nil }
  var hasFee: Bool { feeOpen != nil || feeClose != nil || feeCloseToday != nil }

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

  /// Rates of an owner, taken as the row says: each may be left out.
  static func readTaken(
    _ reader: inout ObjectReader, margin: RateMethod, fee: RateMethod, unset: String
  ) -> PartialRates {
    PartialRates(
      marginLong: reader.optionalObject("marginLong", unset: unset) { readRate(&$0, margin) },
      marginShort: reader.optionalObject("marginShort", unset: unset) { readRate(&$0, margin) },
      feeOpen: reader.optionalObject("feeOpen", unset: unset) { readRate(&$0, fee) },
      feeClose: reader.optionalObject("feeClose", unset: unset) { readRate(&$0, fee) },
      feeCloseToday: reader.optionalObject("feeCloseToday", unset: unset) { readRate(&$0, fee) })
  }

  /// A rate whose part per lot is a share where the whole is one.
  private static func readRate(
    _ reader: inout ObjectReader, _ method: RateMethod
  ) -> TwoPartRate {
    var rate = readRate(&reader)
    let share = reader.value("perLotPercent", .ratePercent, default: .zero)
    if method == .relativePercent {
      if reader.has("yuanPerLot") {
        reader.report(.inconsistent, "yuanPerLot", "of a percentage say perLotPercent")
      }
      rate.byLot = Money(units: share.units)
    } else if reader.has("perLotPercent") {
      reader.report(
        .inconsistent, "perLotPercent", "say yuanPerLot, or the method 'relative-percent'")
    }
    return rate
  }

  /// Rates of an instrument: each may be left out.
  static func readPartial(_ reader: inout ObjectReader, unset: String) -> PartialRates {
    PartialRates(
      marginLong: reader.optionalObject("marginLong", unset: unset, readRate),
      marginShort: reader.optionalObject("marginShort", unset: unset, readRate),
      feeOpen: reader.optionalObject("feeOpen", unset: unset, readRate),
      feeClose: reader.optionalObject("feeClose", unset: unset, readRate),
      feeCloseToday: reader.optionalObject("feeCloseToday", unset: unset, readRate))
  }

  static func readRate(_ reader: inout ObjectReader) -> TwoPartRate {
    let byValue = reader.value("percent", .ratePercent, default: .zero)
    let byLot = reader.value(
      "yuanPerLot", .money(0...Ranges.rateByLotMaximum / Money.unitsPerYuan), default: .zero)
    return TwoPartRate(byValue: byValue, byLot: byLot)
  }
}
