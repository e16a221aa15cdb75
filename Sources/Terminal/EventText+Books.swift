import Domain
import Wire

// What `follow` shows: money and positions, one line an update.
extension EventText {
  static func account(_ update: OrderEntry.AccountUpdate, _ language: Language) -> Line {
    Line(
      text: [
        update.time.clockText, TextTable.pad(language.say("funds", "资金"), to: nameWidth),
        language.say("equity", "权益") + " " + yuan(update.equity),
        language.say("available", "可用") + " " + yuan(update.available),
        language.say("margin", "占用") + " " + yuan(update.margin),
        language.say("frozen", "冻结") + " " + yuan(update.frozenMargin),
        language.say("profit", "盈亏") + " " + yuan(profit(update)),
      ].joined(separator: "  ") + options(update, language))
  }

  /// Of who has to do with options today: premium, and market equity where they are worth
  /// something.
  private static func options(_ update: OrderEntry.AccountUpdate, _ language: Language) -> String {
    var parts: [String] = []
    if isSome(update.premium) {
      parts.append(language.say("premium", "权利金") + " " + yuan(update.premium))
    }
    if isSome(update.frozenPremium) {
      parts.append(language.say("frozen premium", "冻结权利金") + " " + yuan(update.frozenPremium))
    }
    if !update.marketEquity.isNone, update.marketEquity != update.equity {
      parts.append(language.say("market equity", "市值权益") + " " + yuan(update.marketEquity))
    }
    return parts.map { "  " + $0 }.joined()
  }

  private static func isSome(_ money: Money) -> Bool { !money.isNone && money != .zero }

  static func position(_ update: OrderEntry.PositionUpdate, _ language: Language) -> Line {
    let side = language.say("\(update.side)", update.side == .long ? "多" : "空")
    let hedge = update.hedge == .speculation ? "" : " " + update.hedge.words(language)
    return Line(
      text: [
        update.time.clockText, TextTable.pad(update.instrument.string, to: nameWidth),
        TextTable.pad(side, to: 5) + hedge,
        language.say("today", "今") + " \(OrderText.number(update.todayLots))",
        language.say("yesterday", "昨") + " \(OrderText.number(update.yesterdayLots))",
        language.say("frozen", "冻结") + " " + OrderText.frozen(update),
        language.say("margin", "保证金") + " " + yuan(update.margin),
        // An option has no profit and a value.
        update.optionValue.isNone
          ? language.say("profit", "持仓盈亏") + " " + yuan(update.positionProfit)
          : language.say("value", "市值") + " " + yuan(update.optionValue),
      ].joined(separator: "  "))
  }

  /// As prices have it.
  private static let nameWidth = 8

  /// Of the day, closed and open; unknown while a part of it is.
  private static func profit(_ update: OrderEntry.AccountUpdate) -> Money {
    guard !update.closeProfit.isNone, !update.positionProfit.isNone else { return .none }
    let (sum, overflow) = update.closeProfit.units.addingReportingOverflow(
      update.positionProfit.units)
    return overflow ? .none : Money(units: sum)
  }

  private static func yuan(_ money: Money) -> String {
    money.isNone ? "-" : DecimalNumber.text(money.units, places: 4, groups: true)
  }
}
