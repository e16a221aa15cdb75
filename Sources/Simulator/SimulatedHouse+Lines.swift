import Domain
import Messages

// Lines on the accounts of a run: near enough for a bad hour to reach them.
extension SimulatedHouse {
  static var lines: [Command] {
    func line(
      _ account: UInt32, _ line: RuleID, _ basis: LineBasis = .unknown, warn: Int64,
      liquidate: Int64, mode: RiskDegreeMode = .unknown
    ) -> Command {
      .setAccountLine(
        SetAccountLine(
          account: OperationAccountID(account), line: line, basis: basis, mode: mode, warn: warn,
          liquidate: liquidate))
    }
    return [
      line(0, .dailyLoss, warn: 200 * 10_000, liquidate: 1_500 * 10_000),
      line(1, .drawdown, warn: 100, liquidate: 10_000),
      line(2, .dailyLossRatio, .openingEquity, warn: 200, liquidate: 8_000),
      line(3, .totalLossRatio, .marketEquity, warn: 300, liquidate: 20_000),
      line(3, .positionMarginRatio, .equity, warn: 300_000, liquidate: .min),
      line(
        4, .riskDegree, warn: 60_000_000_000, liquidate: 30_000_000_000, mode: .equityOverMargin),
      .setLineAction(SetLineAction(line: .drawdown, level: .warn, action: .slowDown)),
      .setNoticeAudience(SetNoticeAudience(rule: .drawdown, level: .warn, audience: .chiefs)),
      .setPlatform(SetPlatform(setting: .slowDownMilliseconds, value: 700)),
      .setLineAction(SetLineAction(line: .dailyLoss, level: .liquidate, action: .liquidate)),
      .setLineAction(SetLineAction(line: .drawdown, level: .liquidate, action: .liquidate)),
      .setPlatform(SetPlatform(setting: .liquidationRepriceSeconds, value: 2)),
    ] + windows
  }

  /// The day closes an hour after the run begins, and so long before that the windows are open.
  private static var windows: [Command] {
    [
      .setPlatform(SetPlatform(setting: .windowBarSeconds, value: 3_600)),
      .setPlatform(SetPlatform(setting: .windowReduceSeconds, value: 3_550)),
      .setOvernight(
        SetOvernight(
          account: OperationAccountID(2), measure: .margin, basis: .marketEquity, excess: .reduce,
          limit: 2_000_000)),
      .setOvernight(
        SetOvernight(
          account: OperationAccountID(4), measure: .exposure, basis: .marketEquity,
          excess: .reduce, limit: 20_000_000)),
    ]
  }

  /// What an account may have before the close, or that it is to have nothing.
  private static func window(
    _ account: OperationAccountID, _ draws: inout SplitMix64
  ) -> Command {
    switch draws.below(4) {
    case 0:
      return .setSessionFlat(
        SetSessionFlat(
          account: account, close: .day, action: draws.pick([.unknown, .barOpening, .flatten]),
          everything: false))
    case 1:
      return .setSessionFlatCommodity(
        SetSessionFlatCommodity(
          account: account, close: .day, commodity: CommodityID(UInt32(draws.below(2))),
          isIn: draws.chance(70)))
    case 2:
      return .setPlatform(
        SetPlatform(setting: .reductionFinish, value: draws.pick([1, 1, 2])))
    default:
      return .setOvernight(
        SetOvernight(
          account: account, measure: draws.pick([.margin, .exposure]), basis: .marketEquity,
          excess: draws.pick([.reduce, .reduce, .barOnly]),
          limit: draws.pick([100_000, 1_000_000, 5_000_000, 100_000_000])))
    }
  }

  /// A controller has positions closed, or the closing stopped, or priced otherwise.
  static func liquidation(account: Int, _ draws: inout SplitMix64) -> Command {
    let account = OperationAccountID(UInt32(account))
    let who = Name("wei")!
    switch draws.below(10) {
    case 0...4:
      let product = draws.chance(15) ? ProductID(UInt32(draws.below(3))) : .none
      let instrument =
        draws.chance(50) ? InstrumentID(UInt32(draws.below(Int(listings.count)))) : .none
      if draws.chance(60) {
        return .controlLiquidate(
          ControlLiquidate(
            request: request(&draws), account: product.isNone ? account : .none, product: product,
            instrument: instrument,
            side: instrument.isNone ? .unknown : draws.pick([.unknown, .long, .short]),
            hedge: .unknown, extent: draws.chance(75) ? .all : .toLine))
      }
      return .forceLiquidate(
        ForceLiquidate(
          who: who, account: product.isNone ? account : .none, product: product,
          instrument: instrument,
          side: instrument.isNone ? .unknown : draws.pick([.unknown, .long, .short]),
          hedge: .unknown, extent: draws.chance(75) ? .all : .toLine))
    case 5:
      return .controlStop(
        ControlStop(request: request(&draws), account: account, product: .none))
    case 6:
      return .stopLiquidation(StopLiquidation(who: who, account: account, product: .none))
    case 7:
      return .setPlatform(
        SetPlatform(setting: .liquidationPrice, value: draws.pick([1, 2, 3])))
    case 8:
      return .setPlatform(
        SetPlatform(setting: .liquidationTicks, value: draws.pick([0, 2, 6])))
    default:
      return .setPlatform(
        SetPlatform(setting: .liquidationRepriceSeconds, value: draws.pick([1, 3])))
    }
  }

  /// A controller changes a line.
  static func line(account: Int, _ draws: inout SplitMix64) -> Command {
    let yuan = Money.unitsPerYuan
    let account = OperationAccountID(UInt32(account))
    switch draws.below(6) {
    case 4, 5: return window(account, &draws)
    case 0:
      let warn = draws.pick([-500, 50, 300, 60_000]) * yuan
      return .setAccountLine(
        SetAccountLine(
          account: account, line: .dailyLoss, basis: .unknown, mode: .unknown, warn: warn,
          liquidate: draws.chance(30) ? .min : warn + 5_000 * yuan))
    case 1:
      return .setAccountLine(
        SetAccountLine(
          account: account, line: .drawdown, basis: .unknown, mode: .unknown,
          warn: draws.pick([.min, 100, 5_000]), liquidate: .min))
    case 2:
      return .setLineAction(
        SetLineAction(
          line: draws.pick([.dailyLoss, .dailyLossRatio, .totalLossRatio]),
          level: draws.pick([.warn, .liquidate]),
          action: draws.pick([.notice, .slowDown, .barOpening, .liquidate])))
    default:
      let mode = draws.pick([RiskDegreeMode.equityOverMargin, .equityOverDeposits])
      if draws.chance(40) {
        // Of the mode that holds, or of one that is to come.
        let warn = draws.pick([Int64.min, 40_000_000, 60_000_000_000])
        return .setAccountLine(
          SetAccountLine(
            account: account, line: .riskDegree, basis: .unknown, mode: mode, warn: warn,
            liquidate: warn == .min ? .min : warn / 2))
      }
      return .setPlatform(
        SetPlatform(
          setting: .riskDegreeMode, value: draws.pick([Int64(mode.rawValue), 1, 3, 4])))
    }
  }
}
