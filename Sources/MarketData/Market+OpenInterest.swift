import Domain
import Storage

// Lots that are open in the market, by instrument and, kept, by commodity.
extension Market {
  /// Of one instrument at most so much counts in its commodity's sum, which so stays in range.
  private static let interestMaximum: Int64 = 1 << 48

  func setInterest(_ record: UnsafeMutablePointer<InstrumentRecord>, _ interest: Int64) {
    interestOf.at(record.pointee.commodity.raw).pointee +=
      min(interest, Self.interestMaximum)
      - min(record.pointee.openInterest, Self.interestMaximum)
    record.pointee.openInterest = interest
  }

  /// Lots that are open in the market, over all that is listed of a commodity; 0 = not known.
  public func openInterest(of commodity: CommodityID) -> Int64 {
    interestOf.at(commodity.raw).pointee
  }
}
