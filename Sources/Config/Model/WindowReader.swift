import Domain

/// The overnight line of an operation account, in 1e-8 of one.
public struct OvernightSettings: Equatable, Sendable {
  public var measure: OvernightMeasure
  public var basis: LineBasis
  public var limit: Int64
  public var excess: OvernightExcess
}

/// What session-flat does before one close.
public struct SessionFlatSettings: Equatable, Sendable {
  public var close: SessionClose
  public var action: SessionFlatAction
  public var everything: Bool
  /// Places of commodities in the catalogue.
  public var commodities: [Int]
}

/// Reads what holds before closes (rules.md 4).
struct WindowReader {
  let catalogue: Catalogue

  func readOvernight(_ entry: inout ObjectReader) -> OvernightSettings? {
    entry.optionalObject("overnight") { overnight in
      OvernightSettings(
        measure: overnight.required(
          "measure",
          ValueKind<OvernightMeasure>.choice(["margin": .margin, "exposure": .exposure])),
        basis: overnight.value(
          "of",
          ValueKind<LineBasis>.choice([
            "market-equity": .marketEquity, "allowed-loss": .allowedLoss, "none": .none,
          ]), default: .marketEquity),
        limit: overnight.required("limit", .linePercent),
        excess: overnight.value(
          "excess",
          ValueKind<OvernightExcess>.choice(["reduce": .reduce, "bar-only": .barOnly]),
          default: .reduce))
    }
  }

  func readSessionFlat(_ entry: inout ObjectReader) -> [SessionFlatSettings] {
    entry.object("sessionFlat") { flat in
      let all = [
        flat.object("midday") { read(&$0, .midday) },
        flat.object("day") { read(&$0, .day) },
        flat.object("night") { read(&$0, .night) },
      ]
      return all.filter { $0.action != .unknown }
    }
  }

  private func read(_ reader: inout ObjectReader, _ close: SessionClose) -> SessionFlatSettings {
    let action = reader.value(
      "action",
      ValueKind<SessionFlatAction>.choice([
        "none": .unknown, "bar-opening": .barOpening, "flatten": .flatten,
      ]), default: .unknown)
    let everything = reader.value("everything", .flag, default: false)
    let commodities = reader.value(
      "commodities", ValueKind<[Int]>.list(of: catalogue.commodity, most: 512), default: [])
    if action != .unknown, everything != commodities.isEmpty {
      reader.report(
        .inconsistent, "either everything is meant, or the commodities are named")
    }
    return SessionFlatSettings(
      close: close, action: action, everything: everything, commodities: commodities)
  }
}
