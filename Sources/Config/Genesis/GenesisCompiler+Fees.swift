import Domain
import Messages

// Fees of products.
extension GenesisCompiler {
  mutating func setFees(_ product: ProductID, _ settings: ProductFeeSettings?) {
    guard let settings else { return }
    append(
      .setProductFees(
        SetProductFees(
          product: product, start: settings.start.yyyymmdd, days: settings.days,
          initial: settings.initial)))
    for (index, band) in settings.bands.enumerated() {
      append(
        .setFeeBand(
          SetFeeBand(
            product: product, number: UInt16(index + 1), from: band.from, share: band.share)))
    }
    for fee in settings.fees {
      append(
        .setProductFee(
          SetProductFee(
            product: product, kind: fee.kind, method: fee.method, basis: fee.basis,
            value: fee.value ?? .min)))
    }
  }
}
