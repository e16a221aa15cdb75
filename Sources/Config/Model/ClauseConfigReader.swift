import Domain

/// Reads the clauses of a scheme.
struct ClauseConfigReader {
  let catalogue: Catalogue
  let sectors: NameTable
  let superSectors: NameTable
  let log: ReadingLog

  static let kinds: KeyValuePairs<String, ClauseKind> = [
    "single-open-interest-share": .singleOpenInterestShare,
    "single-position-lots": .singlePositionLots, "single-exposure-lots": .singleExposureLots,
    "single-margin": .singleMargin, "single-exposure-margin": .singleExposureMargin,
    "single-position-value": .singlePositionValue, "single-traded-value": .singleTradedValue,
    "single-exposure-value": .singleExposureValue,
    "total-open-interest-share": .totalOpenInterestShare,
    "total-position-lots": .totalPositionLots, "total-exposure-lots": .totalExposureLots,
    "total-daily-loss": .totalDailyLoss, "total-position-value": .totalPositionValue,
    "total-traded-value": .totalTradedValue, "total-exposure-value": .totalExposureValue,
    "total-absolute-exposure-value": .totalAbsoluteExposureValue, "total-margin": .totalMargin,
    "total-exposure-margin": .totalExposureMargin,
    "total-absolute-exposure-margin": .totalAbsoluteExposureMargin,
    "total-drawdown": .totalDrawdown,
    "overnight-value": .overnightValue, "overnight-exposure-value": .overnightExposureValue,
    "overnight-absolute-exposure-value": .overnightAbsoluteExposureValue,
    "overnight-margin": .overnightMargin, "overnight-exposure-margin": .overnightExposureMargin,
    "overnight-absolute-exposure-margin": .overnightAbsoluteExposureMargin,
  ]

  func read(_ row: inout ObjectReader) -> SchemeSettings.Clause {
    let number = row.required(
      "number", ValueKind<Int64>.integer(1...Int64(SchemeLimits.clausesPerScheme)))
    let kind = row.required("kind", ValueKind<ClauseKind>.choice(Self.kinds))
    let scope = readScope(&row)
    let direction = row.value(
      "direction",
      ValueKind<ClauseDirection>.choice(["both": .both, "long": .long, "short": .short]),
      default: .both)
    var clause = SchemeSettings.Clause(
      number: number, kind: kind, scope: scope, direction: direction, basis: .absolute)
    readLevels(&clause, &row)
    if row.has("kind"), !kind.allows(Self.scopeKind(scope)) {
      row.report(.inconsistent, "kind", "clauses of this kind do not speak of such a scope")
    }
    if direction != .both, !kind.hasDirections {
      row.report(.inconsistent, "direction", "clauses of this kind have no sides")
    }
    return clause
  }

  static func scopeKind(_ scope: SchemeSettings.Scope) -> ClauseScopeKind {
    switch scope {
    case .product: .product
    case .sector: .sector
    case .superSector: .superSector
    case .part(let part):
      switch part.value {
      case .exchange: .exchange
      case .commodity: .commodity
      case .instrument: .instrument
      }
    }
  }

  private func readScope(_ row: inout ObjectReader) -> SchemeSettings.Scope {
    let part = row.optional(
      "scope", catalogue.scope([.exchange, .commodity, .instrument]).positioned(),
      unset: "all that the product has")
    let sector = row.optional("sector", ValueKind<String>.name().positioned(), unset: "none")
    let superSector = row.optional(
      "superSector", ValueKind<String>.name().positioned(), unset: "none")
    if [part != nil, sector != nil, superSector != nil].count(where: { $0 }) > 1 {
      row.report(.inconsistent, "a clause has one scope: scope, sector or superSector")
    }
    if let part { return .part(part) }
    if let sector { return .sector(sectors.resolve(sector, log) ?? 0) }
    if let superSector { return .superSector(superSectors.resolve(superSector, log) ?? 0) }
    return .product
  }

  /// Lots, yuan or percent: what the kind is measured in.
  private func readLevels(_ clause: inout SchemeSettings.Clause, _ row: inout ObjectReader) {
    let lots = row.optionalObject("lots") {
      readPair(
        &$0, ValueKind<Int64>.integer(0...Int64(Ranges.holderLotsMaximum) * 1_000, "lots"))
    }
    let yuan = row.optionalObject("yuan") {
      readPair(&$0, ValueKind<Int64>.decimal(0...Ranges.cashMaximum, decimals: 4, unit: "yuan"))
    }
    var basis = ClauseBasis.unknown
    let percent = row.optionalObject("percent") { reader in
      basis = reader.value(
        "of",
        ValueKind<ClauseBasis>.choice([
          "net-value": .netValue, "equity": .equity, "allowed-loss": .allowedLoss,
        ]), default: .netValue)
      return readPair(&reader, .linePercent)
    }
    let measure = clause.kind.measure
    if [lots != nil, yuan != nil, percent != nil].count(where: { $0 }) != 1 {
      row.report(.inconsistent, "a clause has levels in one of lots, yuan and percent")
    } else if measure.isLots != (lots != nil) || measure.isShare && percent == nil {
      let unit = measure.isLots ? "lots" : (measure.isShare ? "percent" : "yuan or percent")
      row.report(.inconsistent, "levels of this kind are in \(unit)")
    }
    let pair = lots ?? yuan ?? percent
    clause.levelOne = pair?.one
    clause.levelTwo = pair?.two
    if percent != nil { clause.basis = measure.isShare ? .unknown : basis }
  }

  /// Level one comes before level two, and one of them is there (rules.md 0).
  private func readPair(
    _ reader: inout ObjectReader, _ kind: ValueKind<Int64>
  ) -> (one: Int64?, two: Int64?) {
    let one = reader.optional("levelOne", kind)
    let two = reader.optional("levelTwo", kind)
    if one == nil, two == nil { reader.report(.inconsistent, "levelOne or levelTwo is missing") }
    if let one, let two, one >= two {
      reader.report(.inconsistent, "levelOne is to be below levelTwo: it comes before it")
    }
    return (one, two)
  }
}
