import Domain

/// Reads lines of operation accounts, and those of the platform that they may follow (rules.md 4).
struct LineReader {
  /// What the file of the platform says, or would without saying anything.
  var mode = RiskDegreeMode.equityOverMargin

  static let platformDailyBases: KeyValuePairs<String, LineBasis> = [
    "opening-equity": .openingEquity, "market-equity": .marketEquity,
    "allowed-loss": .allowedLoss, "none": .none,
  ]
  static let platformTotalBases: KeyValuePairs<String, LineBasis> = [
    "allowed-loss": .allowedLoss, "market-equity": .marketEquity, "none": .none,
  ]
  private static let dailyBases: KeyValuePairs<String, LineBasis> = [
    "opening-equity": .openingEquity, "market-equity": .marketEquity,
    "allowed-loss": .allowedLoss, "platform": .platform, "none": .none,
  ]
  private static let totalBases: KeyValuePairs<String, LineBasis> = [
    "allowed-loss": .allowedLoss, "market-equity": .marketEquity, "platform": .platform,
    "none": .none,
  ]
  private static let marginBases: KeyValuePairs<String, LineBasis> = [
    "equity": .equity, "market-equity": .marketEquity, "allowed-loss": .allowedLoss,
  ]

  /// Lines of an account that are set.
  func read(_ entry: inout ObjectReader) -> [LineSettings] {
    entry.object("lines") { lines in
      let all = [
        lines.object("riskDegree") { readDegree(&$0) },
        lines.object("dailyLoss") { readAmounts(&$0) },
        lines.object("dailyLossRatio") { readRatio(&$0, .dailyLossRatio, Self.dailyBases) },
        lines.object("totalLossRatio") { readRatio(&$0, .totalLossRatio, Self.totalBases) },
        lines.object("positionMarginRatio") { readMargin(&$0) },
        lines.object("drawdown") { readDrawdown(&$0) },
      ]
      return all.filter { $0.warn != nil || $0.liquidate != nil || $0.basis == .platform }
    }
  }

  /// Percents in modes 1, 3 and 4, an amount of equity in mode 2.
  private func readDegree(_ reader: inout ObjectReader) -> LineSettings {
    let warn = reader.optional("warn", .linePercent)
    let liquidate = reader.optional("liquidate", .linePercent)
    let amounts = (
      warn: reader.optional("warnEquity", .lineAmount),
      liquidate: reader.optional("liquidateEquity", .lineAmount)
    )
    let isAmount = mode == .equity
    if isAmount, warn != nil || liquidate != nil {
      reader.report(
        .inconsistent, "risk.json5 judges by equity: set warnEquity and liquidateEquity")
    }
    if !isAmount, amounts.warn != nil || amounts.liquidate != nil {
      reader.report(.inconsistent, "risk.json5 judges by a ratio: set warn and liquidate")
    }
    let line = LineSettings(
      line: .riskDegree, basis: .unknown, warn: isAmount ? amounts.warn : warn,
      liquidate: isAmount ? amounts.liquidate : liquidate)
    check(line, falling: mode.fallsToward, &reader)
    return line
  }

  private func readAmounts(_ reader: inout ObjectReader) -> LineSettings {
    let line = LineSettings(
      line: .dailyLoss, basis: .unknown, warn: reader.optional("warn", .lineAmount),
      liquidate: reader.optional("liquidate", .lineAmount))
    check(line, falling: false, &reader)
    return line
  }

  func readRatio(
    _ reader: inout ObjectReader, _ line: AccountLine, _ bases: KeyValuePairs<String, LineBasis>
  ) -> LineSettings {
    let line = LineSettings(
      line: line, basis: reader.value("of", .choice(bases), default: bases[0].value),
      warn: reader.optional("warn", .linePercent),
      liquidate: reader.optional("liquidate", .linePercent))
    check(line, falling: false, &reader)
    if line.basis == .platform, line.warn != nil || line.liquidate != nil {
      reader.report(.inconsistent, "the platform's thresholds hold: leave warn and liquidate out")
    }
    return line
  }

  private func readMargin(_ reader: inout ObjectReader) -> LineSettings {
    LineSettings(
      line: .positionMarginRatio,
      basis: reader.value("of", .choice(Self.marginBases), default: .equity),
      warn: reader.optional("limit", .linePercent))
  }

  private func readDrawdown(_ reader: inout ObjectReader) -> LineSettings {
    let line = LineSettings(
      line: .drawdown, basis: .unknown, warn: reader.optional("warn", .linePercent),
      liquidate: reader.optional("liquidate", .linePercent))
    check(line, falling: false, &reader)
    return line
  }

  private func isAmount(_ line: LineSettings) -> Bool {
    line.line == .riskDegree && mode == .equity
  }

  /// rules.md 0, "Load checks".
  func check(_ line: LineSettings, falling: Bool, _ reader: inout ObjectReader) {
    guard let liquidate = line.liquidate else { return }
    let isOff = line.warn == 0 && liquidate > 0 && line.line != .dailyLoss && !isAmount(line)
    guard let warn = line.warn, !isOff else {
      reader.report(.inconsistent, "liquidate needs a warn line before it")
      return
    }
    if falling ? warn <= liquidate : warn >= liquidate {
      reader.report(
        .inconsistent,
        "warn is to be \(falling ? "larger" : "smaller") than liquidate: it comes before it")
    }
  }
}

extension ValueKind where Value == Int64 {
  /// A threshold in percent, exact to 0.000001: units of 1e-8 of one.
  static var linePercent: ValueKind {
    decimal(0...Ranges.lineRatioMaximum, decimals: 6, unit: "percent")
  }

  /// A threshold in yuan, in units of 0.0001; below 0 too.
  static var lineAmount: ValueKind {
    decimal(-Ranges.cashMaximum...Ranges.cashMaximum, decimals: 4, unit: "yuan")
  }
}
