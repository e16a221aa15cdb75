import Client
import Domain
import Wire

/// Orders and instruments in words and tables.
public enum OrderText {
  /// "buy open rb2610 3 @ 3120 fak min 2 hedge": what would be typed.
  public static func summary(_ report: OrderEntry.ExecutionReport, _ language: Language) -> String {
    var text = """
      \(report.side.words(language)) \(report.offset.words(language)) \
      \(report.instrument.string) \(report.lots) \(price(report.price, language))
      """
    if report.timeInForce != .day, report.timeInForce != .unknown {
      text += " \(report.timeInForce.word)"
    }
    if report.hedge != .speculation, report.hedge != .unknown {
      text += " \(report.hedge.words(language))"
    }
    return text
  }

  static func summary(_ order: ClientOrder, _ language: Language) -> String {
    let left = language.say(
      ", \(number(order.leavesLots)) left", "，剩余 \(number(order.leavesLots))")
    return "\(order.side.words(language)) \(order.offset.words(language)) "
      + "\(order.instrument.string) \(order.lots) \(price(order.price, language))\(left)"
  }

  public static func price(_ price: Price, _ language: Language) -> String {
    price.isNone ? language.say("market", "市价") : "@ " + number(price)
  }

  /// A dash for what the wire calls "none".
  static func number(_ lots: Lots) -> String { lots == .min ? "-" : "\(lots)" }

  /// Of both days.
  static func frozen(_ row: OrderEntry.PositionUpdate) -> String {
    guard row.frozenTodayLots != .min, row.frozenYesterdayLots != .min else { return "-" }
    return "\(Int64(row.frozenTodayLots) + Int64(row.frozenYesterdayLots))"
  }

  public static func number(_ price: Price) -> String {
    price.isNone ? "-" : DecimalNumber.text(price.units, places: 4)
  }

  static func table(_ orders: [ClientOrder], _ language: Language) -> [String] {
    var table = TextTable([
      ("#", .right), (language.say("id", "编号"), .left), (language.say("side", "买卖"), .left),
      (language.say("offset", "开平"), .left), (language.say("instrument", "合约"), .left),
      (language.say("lots", "手数"), .right), (language.say("price", "价格"), .right),
      (language.say("filled", "已成"), .right), (language.say("left", "剩余"), .right),
      (language.say("average", "均价"), .right), (language.say("state", "状态"), .left),
    ])
    for (index, order) in orders.enumerated() {
      var state = order.state.words(language)
      if order.unknownLots > 0 {
        state += language.say(", \(order.unknownLots) unknown", "，\(order.unknownLots) 手待核实")
      }
      table.add([
        "\(index + 1)", order.orderID.isNone ? order.clOrdID.string : order.orderID.description,
        order.side.words(language), order.offset.words(language), order.instrument.string,
        number(order.lots), order.price.isNone ? language.say("market", "市价") : number(order.price),
        number(order.cumulativeLots), number(order.leavesLots), number(order.averagePrice), state,
      ])
    }
    return table.lines
  }

  static func table(
    _ instruments: [OrderEntry.InstrumentDefinition], _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("exchange", "交易所"), .left), (language.say("instrument", "合约"), .left),
      (language.say("multiplier", "乘数"), .right), (language.say("tick", "最小变动"), .right),
      (language.say("settled", "昨结算"), .right), (language.say("down", "跌停"), .right),
      (language.say("up", "涨停"), .right), (language.say("lots", "限价手数"), .right),
      (language.say("market lots", "市价手数"), .right),
      (language.say("last day", "最后交易日"), .left),
      (language.say("margin long", "多头保证金"), .right),
      (language.say("short", "空头"), .right), (language.say("fee open", "开仓手续费"), .right),
      (language.say("close", "平仓"), .right), (language.say("close today", "平今"), .right),
      (language.say("option", "期权"), .left),
    ])
    for row in instruments {
      table.add([
        row.exchange.code, row.instrument.string, "\(row.multiplier)", number(row.priceTick),
        number(row.preSettlement), number(row.lowerLimit), number(row.upperLimit),
        "\(row.minimumLimitLots)-\(row.maximumLimitLots)",
        row.maximumMarketLots > 0 ? "\(row.minimumMarketLots)-\(row.maximumMarketLots)" : "-",
        row.lastTradingDay.isNone ? "-" : "\(row.lastTradingDay.yyyymmdd)",
        rate(row.longMarginRate, row.longMarginPerLot),
        rate(row.shortMarginRate, row.shortMarginPerLot), rate(row.openFeeRate, row.openFeePerLot),
        rate(row.closeFeeRate, row.closeFeePerLot),
        rate(row.closeTodayFeeRate, row.closeTodayFeePerLot), option(row, language),
      ])
    }
    return table.lines
  }

  /// "call 3600 on rb2701"; nothing of a future.
  private static func option(
    _ row: OrderEntry.InstrumentDefinition, _ language: Language
  ) -> String {
    guard row.kind == .option else { return "" }
    let right: String
    switch row.option {
    case .call: right = language.say("call", "看涨")
    case .put: right = language.say("put", "看跌")
    case .none: right = "?"
    }
    let strike = number(row.strike)
    return language.say(
      "\(right) \(strike) on \(row.underlying.string)",
      "\(right) \(strike)，标的 \(row.underlying.string)")
  }

  /// "10% + 3": a part of the value and yuan a lot; a dash when neither is known.
  static func rate(_ byValue: Rate, _ byLot: Money) -> String {
    if byValue.units == .min || byLot.isNone { return "-" }
    // A rate has eight places, a percentage of it six.
    let percent = DecimalNumber.text(byValue.units, places: 6) + "%"
    let yuan = DecimalNumber.text(byLot.units, places: 4)
    if byLot.units == 0 { return percent }
    return byValue.units == 0 ? yuan : "\(percent) + \(yuan)"
  }
}
