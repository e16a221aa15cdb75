import Domain

/// Reads config/risk.json5.
struct RiskReader {
  static let file = "risk.json5"

  let log: ReadingLog

  func read(_ node: ConfigNode) -> RiskSettings {
    var reader = ObjectReader(node, file: RiskReader.file, log: log)
    let lines = LineReader()
    let standard = RiskSettings.standard
    let degree = reader.object("riskDegree") { degree in
      (
        mode: degree.value(
          "mode",
          ValueKind<RiskDegreeMode>.choice([
            "equity-over-margin": .equityOverMargin, "equity": .equity,
            "equity-over-deposits": .equityOverDeposits,
            "margin-over-equity": .marginOverEquity,
          ]), default: .equityOverMargin),
        floor: degree.object("floor") { floor in
          readFloor(&floor, standard.floor)
        }
      )
    }
    let risk = RiskSettings(
      mode: degree.mode, floor: degree.floor,
      dailyLossRatio: reader.object("dailyLossRatio") { ratio in
        lines.readRatio(&ratio, .dailyLossRatio, LineReader.platformDailyBases)
      },
      totalLossRatio: reader.object("totalLossRatio") { ratio in
        lines.readRatio(&ratio, .totalLossRatio, LineReader.platformTotalBases)
      },
      slowDownMilliseconds: reader.value(
        "slowDownMilliseconds", ValueKind<Int64>.integer(0...3_600_000, "milliseconds"),
        default: standard.slowDownMilliseconds),
      actions: readActions(&reader), told: readTold(&reader),
      liquidation: reader.object("liquidation") { readLiquidation(&$0, standard.liquidation) },
      windows: reader.object("windows") { readWindows(&$0, standard.windows) })
    reader.finish()
    return risk
  }

  private func readFloor(_ reader: inout ObjectReader, _ standard: LineSettings) -> LineSettings {
    var floor = standard
    if !reader.value("enabled", .flag, default: true) {
      floor.warn = nil
      floor.liquidate = nil
    }
    let warn = reader.value("warn", .linePercent, default: standard.warn ?? 0)
    let liquidate = reader.value("liquidate", .linePercent, default: standard.liquidate ?? 0)
    guard floor.warn != nil else { return floor }
    floor.warn = warn
    floor.liquidate = liquidate
    LineReader().check(floor, falling: true, &reader)
    return floor
  }

  private func readLiquidation(
    _ reader: inout ObjectReader, _ standard: RiskSettings.Liquidation
  ) -> RiskSettings.Liquidation {
    RiskSettings.Liquidation(
      price: reader.value(
        "price",
        ValueKind<LiquidationPrice>.choice([
          "counterparty-best": .counterpartyBest, "limit": .limit, "last": .last,
        ]), default: standard.price),
      ticks: reader.value("ticks", ValueKind<Int64>.integer(0...1_000), default: standard.ticks),
      repriceSeconds: reader.value(
        "repriceSeconds", ValueKind<Int64>.integer(1...3_600, "seconds"),
        default: standard.repriceSeconds),
      extent: reader.value(
        "extent", ValueKind<LiquidationExtent>.choice(["all": .all, "to-line": .toLine]),
        default: standard.extent),
      schemes: reader.value("schemes", .flag, default: standard.schemes),
      finish: reader.value(
        "finish", ValueKind<ReductionFinish>.choice(["one-lot": .oneLot, "none": .none]),
        default: standard.finish))
  }

  private func readWindows(
    _ reader: inout ObjectReader, _ standard: RiskSettings.Windows
  ) -> RiskSettings.Windows {
    let windows = RiskSettings.Windows(
      barSeconds: reader.value(
        "barSeconds", ValueKind<Int64>.integer(30...3_600, "seconds"),
        default: standard.barSeconds),
      reduceSeconds: reader.value(
        "reduceSeconds", ValueKind<Int64>.integer(30...3_600, "seconds"),
        default: standard.reduceSeconds))
    if windows.reduceSeconds > windows.barSeconds {
      reader.report(
        .inconsistent, "reduceSeconds", "positions are reduced after opening is barred, not before")
    }
    return windows
  }

  private func readActions(_ reader: inout ObjectReader) -> [RiskSettings.Action] {
    reader.distinctObjects(
      "actions", most: 12, by: ["line", "level"], identity: { "\($0.line) \($0.level)" }
    ) { row in
      let action = RiskSettings.Action(
        line: row.required(
          "line",
          ValueKind<AccountLine>.choice([
            "risk-degree": .riskDegree, "daily-loss": .dailyLoss,
            "daily-loss-ratio": .dailyLossRatio, "total-loss-ratio": .totalLossRatio,
            "position-margin-ratio": .positionMarginRatio, "drawdown": .drawdown,
          ])),
        level: row.required(
          "level", ValueKind<LineLevel>.choice(["warn": .warn, "liquidate": .liquidate])),
        action: row.required(
          "action",
          ValueKind<LineAction>.choice([
            "notice": .notice, "slow-down": .slowDown, "bar-opening": .barOpening,
            "liquidate": .liquidate,
          ])))
      if action.action == .liquidate, !action.line.mayLiquidate {
        row.report(
          .inconsistent, "action", "position-margin-ratio bars opening, and closes nothing")
      }
      if action.line == .positionMarginRatio, action.level == .liquidate {
        row.report(.inconsistent, "level", "position-margin-ratio has one line, 'warn'")
      }
      return action
    }
  }

  private static let rules = Dictionary(
    uniqueKeysWithValues: RuleID.allCases.filter(\.mayBeToldToAccounts).map { ($0.name, $0) })

  private func readTold(_ reader: inout ObjectReader) -> [RiskSettings.Told] {
    reader.distinctObjects(
      "told", most: 200, by: ["rule", "level"], identity: { "\($0.rule) \($0.level)" }
    ) { row in
      RiskSettings.Told(
        rule: row.required(
          "rule",
          ValueKind<RuleID>.fromText(
            "a rule about accounts or products, as docs/RULES.md names it",
            placeholder: .riskDegree, show: { "'\($0.name)'" }, parse: { Self.rules[$0] })),
        level: row.value(
          "level",
          ValueKind<LineLevel>.choice(["any": .unknown, "warn": .warn, "liquidate": .liquidate]),
          default: .unknown),
        to: row.required(
          "to",
          ValueKind<NoticeAudience>.choice([
            "chief-controllers": .chiefs, "controllers": .controllers, "terminals": .terminals,
          ])))
    }
  }
}
