import Domain

/// Fees of a product (AMS manual 9.1).
public struct ProductFeeSettings: Equatable, Sendable {
  public struct Fee: Equatable, Sendable {
    public var kind: FeeKind
    public var method: FeeMethod
    public var basis: FeeBasis
    /// Rate or share in 1e-8 of one, amount in 1e-4 yuan; nil with bands.
    public var value: Int64?
  }

  public struct Band: Equatable, Sendable {
    /// 1e-8 yuan a share.
    public var from: Int64
    /// 1e-8 of one.
    public var share: Int64
  }

  public var start: CalendarDate
  public var days: UInt32
  public var initial: Money
  public var fees: [Fee]
  /// Of the adviser's fee.
  public var bands: [Band]
}

/// Reads `fees` of a product in config/products.json5.
enum ProductFeeReader {
  static func read(_ entry: inout ObjectReader) -> ProductFeeSettings? {
    entry.optionalObject("fees") { reader in
      let start = reader.required("since", ValueKind<CalendarDate>.date)
      let days = reader.value(
        "days", ValueKind<Int64>.integer(1...Int64(FeeLimits.daysMaximum), "days"), default: 365)
      let initial = reader.value("initialNetValue", ValueKind<Money>.amount, default: .zero)
      let plain = [("management", FeeKind.management), ("custody", .custody)].map { key, kind in
        reader.optionalObject(key) { fee in read(kind, Yearly(&fee), of: &fee) }
      }
      var bands: [ProductFeeSettings.Band] = []
      let adviser = reader.optionalObject("adviser") { readAdviser(&$0, &bands) }
      let fees = (plain + [adviser]).compactMap { $0 }
      if initial == .zero,
        fees.contains(where: { $0.basis == .initial || $0.method == .profitShare })
      {
        reader.report(
          .inconsistent, "initialNetValue", "a fee is reckoned from it: say what it was")
      }
      return ProductFeeSettings(
        start: start, days: UInt32(days), initial: initial, fees: fees, bands: bands)
    }
  }

  private static var share: ValueKind<Int64> {
    ValueKind<Int64>.decimal(0...Rate.unitsPerOne, decimals: 6, unit: "percent")
  }

  /// What any fee can be: a yearly rate of one of two net values, or an amount.
  private struct Yearly {
    var rate: Int64?
    var basis: FeeBasis
    var amount: Money?

    init(_ reader: inout ObjectReader) {
      rate = reader.optional("percentPerYear", share, unset: "none")
      basis = reader.value(
        "of", ValueKind<FeeBasis>.choice(["initial": .initial, "prior-day": .priorDay]),
        default: .priorDay)
      amount = reader.optional("amount", ValueKind<Money>.amount, unset: "none")
    }
  }

  private static func read(
    _ kind: FeeKind, _ yearly: Yearly, of reader: inout ObjectReader
  ) -> ProductFeeSettings.Fee {
    if (yearly.rate == nil) == (yearly.amount == nil) {
      reader.report(.inconsistent, "a yearly rate or an amount: one of the two")
    }
    guard let amount = yearly.amount else {
      return ProductFeeSettings.Fee(
        kind: kind, method: .daily, basis: yearly.basis, value: yearly.rate ?? 0)
    }
    return ProductFeeSettings.Fee(
      kind: kind, method: .amount, basis: .unknown, value: amount.units)
  }

  private static func readAdviser(
    _ reader: inout ObjectReader, _ bands: inout [ProductFeeSettings.Band]
  ) -> ProductFeeSettings.Fee {
    let yearly = Yearly(&reader)
    let profit = reader.optional("percentOfProfit", share, unset: "none")
    let isProgressive = reader.value("progressive", .flag, default: false)
    bands = reader.objects("bands", most: FeeLimits.bands) { band in
      ProductFeeSettings.Band(
        from: band.required(
          "from",
          ValueKind<Int64>.decimal(
            0...SchemeLimits.unitNetValueMaximum, decimals: 8, unit: "yuan a share")),
        share: band.required("percent", share))
    }
    if zip(bands, bands.dropFirst()).contains(where: { $0.from >= $1.from }) {
      reader.report(.inconsistent, "bands", "each begins above the one before")
    }
    guard profit != nil || !bands.isEmpty else { return read(.adviser, yearly, of: &reader) }
    if profit != nil && !bands.isEmpty || yearly.rate != nil || yearly.amount != nil {
      reader.report(
        .inconsistent, "a yearly rate, an amount, a share of the profit or bands: one of the four")
    }
    guard let profit else {
      return ProductFeeSettings.Fee(
        kind: .adviser, method: isProgressive ? .progressiveBands : .bands, basis: .unknown,
        value: nil)
    }
    return ProductFeeSettings.Fee(
      kind: .adviser, method: .profitShare, basis: .unknown, value: profit)
  }
}
