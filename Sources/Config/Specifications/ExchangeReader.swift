import Domain

/// Reads config/commodities/<exchange>.json5.
struct ExchangeReader {
  static let file = "commodities/<exchange>.json5"
  static let commoditiesMaximum = 64

  let hours: NameTable
  let log: ReadingLog
  /// What holds for every commodity of the file that does not say otherwise.
  private struct Defaults {
    var limitMaximum: Lots?
    var marketMaximum: Lots?
    var months: [ListedMonths]?
    var lastTradingDay: LastTradingDayRule?
  }

  init(hours: NameTable, log: ReadingLog) {
    self.hours = hours
    self.log = log
  }

  func read(_ node: ConfigNode, into names: inout NameTable) -> [CommoditySpecification] {
    var reader = ObjectReader(node, file: ExchangeReader.file, log: log)
    let exchange = reader.required("exchange", .exchange)
    let separates = reader.required("separatesCloseToday", .flag)
    if reader.has("separatesCloseToday"), reader.has("exchange"),
      separates != exchange.separatesToday
    {
      reader.report(
        .inconsistent, "separatesCloseToday",
        "SHFE and INE, and no other exchange, keep closing today's lots apart")
    }
    var defaults = Defaults()
    defaults.limitMaximum = reader.optional("limitLotsMaximum", .orderLots, unset: "none")
    defaults.marketMaximum = reader.optional(
      "marketLotsMaximum", .lots(0...Int64(Ranges.orderLotsMaximum)), unset: "none")
    defaults.months = readMonths(&reader, unset: "none")
    defaults.lastTradingDay = readLastTradingDay(&reader, unset: "none")
    var options: [(name: Positioned<String>, specification: CommoditySpecification)] = []
    var commodities = reader.objects("commodities", most: ExchangeReader.commoditiesMaximum) {
      (entry: inout ObjectReader) in
      let code = entry.required("code", ValueKind<String>.commodityCode.positioned())
      let key = "\(exchange.code).\(code.value)"
      let place = names.names.count
      names.define(Positioned(key, at: code.position, keyPath: code.keyPath), log)
      let future = readCommodity(&entry, exchange, code.value, defaults)
      if let option = OptionReader(hours: hours, log: log).read(&entry, on: future, place) {
        let name = Positioned(option.key, at: entry.positionOf("options"), keyPath: entry.path)
        options.append((name, option))
      }
      return future
    }
    reader.finish()
    // Behind all futures of the exchange: an option is listed after what it is on.
    for option in options {
      names.define(option.name, log)
      commodities.append(option.specification)
    }
    return commodities
  }

  private func readCommodity(
    _ entry: inout ObjectReader, _ exchange: Exchange, _ code: String, _ defaults: Defaults
  ) -> CommoditySpecification {
    let english = entry.required("english", .text(1...48))
    let chinese = entry.required("chinese", .text(1...48))
    let multiplier = entry.required(
      "multiplier", ValueKind<Int64>.integer(1...Ranges.multiplierMaximum, "units in a lot"))
    let tick = entry.required("tick", .priceStep)
    let hoursName = entry.required("hours", ValueKind<String>.name().positioned())
    let hoursPlace = hours.resolve(hoursName, log) ?? 0
    let lots = readOrderLots(&entry, defaults)
    let rates = RateReader.readComplete(&entry)
    let months = readMonths(&entry, unset: "the exchange's") ?? defaults.months
    if months == nil { entry.report(.missingKey, "neither it nor its exchange has months") }
    let lastTradingDay =
      readLastTradingDay(&entry, unset: "the exchange's") ?? defaults.lastTradingDay
    if lastTradingDay == nil {
      entry.report(.missingKey, "neither it nor its exchange has a lastTradingDay")
    }
    let deliveryMultiple = entry.value("deliveryMultiple", .orderLots, default: 1)
    let isDeclared = entry.value("declarationFee", .flag, default: false)
    let priceLimit = entry.required("priceLimitPercent", .percent(0...100))
    let referencePrice = entry.required("referencePrice", .price)
    if !Ranges.allows(price: referencePrice, multiplier: multiplier) {
      entry.report(
        .outOfRange, "referencePrice",
        "times the multiplier it passes 100000000 yuan a lot, more than Sluice can reckon with")
    } else if referencePrice.units % tick.units != 0 {
      entry.report(.inconsistent, "referencePrice", "not a multiple of the tick")
    }
    let since = entry.optional("since", .date, unset: "before the calendar")
    return CommoditySpecification(
      exchange: exchange, code: code, english: english, chinese: chinese,
      multiplier: Int32(multiplier), tick: tick, hours: hoursPlace, limitLots: lots.limit,
      marketLots: lots.market, rates: rates, months: months ?? [],
      lastTradingDay: lastTradingDay ?? LastTradingDayRule(.tradingDay(10)),
      deliveryMultiple: deliveryMultiple, isDeclared: isDeclared, priceLimit: priceLimit,
      referencePrice: referencePrice, since: since, underlying: nil)
  }

  private func readOrderLots(
    _ entry: inout ObjectReader, _ defaults: Defaults
  ) -> (limit: ClosedRange<Lots>, market: ClosedRange<Lots>?) {
    let asTheExchange = "the exchange's"
    let limitMinimum = entry.value("limitLotsMinimum", .orderLots, default: 1)
    let limitMaximum =
      entry.optional("limitLotsMaximum", .orderLots, unset: asTheExchange) ?? defaults.limitMaximum
    let marketMinimum = entry.value("marketLotsMinimum", .orderLots, default: 1)
    let marketMaximum =
      entry.optional(
        "marketLotsMaximum", .lots(0...Int64(Ranges.orderLotsMaximum)), unset: asTheExchange)
      ?? defaults.marketMaximum
    guard let limitMaximum, let marketMaximum else {
      entry.report(
        .missingKey, "neither it nor its exchange has limitLotsMaximum and marketLotsMaximum")
      return (1...1, nil)
    }
    if limitMinimum > limitMaximum {
      entry.report(.inconsistent, "limitLotsMinimum", "larger than limitLotsMaximum")
    }
    if marketMaximum > 0, marketMinimum > marketMaximum {
      entry.report(.inconsistent, "marketLotsMinimum", "larger than marketLotsMaximum")
    }
    let market =
      marketMaximum == 0 ? nil : min(marketMinimum, marketMaximum)...marketMaximum
    return (min(limitMinimum, limitMaximum)...limitMaximum, market)
  }

  private func readMonths(_ reader: inout ObjectReader, unset: String) -> [ListedMonths]? {
    let parts = reader.objects("months", most: 4, unset: unset) { readMonthsPart(&$0) }
    return parts.isEmpty ? nil : parts
  }

  private func readMonthsPart(_ part: inout ObjectReader) -> ListedMonths {
    let months = part.required("of", .months)
    let nearest = part.optional(
      "nearest", ValueKind<Int64>.integer(1...36, "months"), unset: "none")
    let within = part.optional("within", ValueKind<Int64>.integer(1...60, "months"), unset: "none")
    switch (nearest, within) {
    case (let count?, nil): return ListedMonths(months, .nearest(Int(count)))
    case (nil, let count?): return ListedMonths(months, .within(Int(count)))
    default:
      part.report(.inconsistent, "exactly one of nearest and within says how far it goes")
      return ListedMonths(months, .nearest(1))
    }
  }

  private func readLastTradingDay(
    _ reader: inout ObjectReader, unset: String
  ) -> LastTradingDayRule? {
    reader.optionalObject("lastTradingDay", unset: unset, LastTradingDayRule.read)
  }
}

extension LastTradingDayRule {
  static func read(_ rule: inout ObjectReader) -> LastTradingDayRule {
    let dayOfMonth = rule.optional("dayOfMonth", ValueKind<Int64>.integer(1...28), unset: "none")
    let tradingDay = rule.optional(
      "tradingDay", ValueKind<Int64>.integer(-15...15), unset: "none")
    let weekday = rule.optional("weekday", .weekday, unset: "none")
    let number = rule.optional("number", ValueKind<Int64>.integer(-1...4), unset: "none")
    let monthsBefore = rule.value("monthsBefore", ValueKind<Int64>.integer(0...2), default: 0)
    let count: LastTradingDayRule.Count
    switch (dayOfMonth, tradingDay, weekday, number) {
    case (let day?, nil, nil, nil): count = .dayOfMonth(Int(day))
    case (nil, let day?, nil, nil) where day != 0: count = .tradingDay(Int(day))
    case (nil, nil, let weekday?, let number?) where number != 0:
      count = .weekday(weekday, number: Int(number))
    default:
      rule.report(
        .inconsistent, "say one of dayOfMonth, tradingDay, or weekday with number; 0 is none")
      count = .tradingDay(10)
    }
    return LastTradingDayRule(count, monthsBefore: Int(monthsBefore))
  }
}

extension ValueKind where Value == String {
  /// The letters of a commodity's code.
  static var commodityCode: ValueKind {
    fromText("1...6 letters, as the exchange writes them", placeholder: "x", show: { $0 }) { text in
      let isLegal = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      }
      return isLegal && (1...6).contains(text.utf8.count) ? text : nil
    }
  }
}

extension ValueKind where Value == Int {
  static var weekday: ValueKind {
    .choice(["monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5])
  }
}

extension ValueKind where Value == MonthSet {
  static var months: ValueKind {
    let allowed = "'all', 'odd', 'even', 'quarter' or a list of 1...12"
    let words = ValueKind.choice([
      "all": .all, "odd": .odd, "even": .even, "quarter": .quarter,
    ])
    let list = ValueKind<[Int64]>.list(of: ValueKind<Int64>.integer(1...12), most: 12)
    return ValueKind(
      allowed: allowed, placeholder: .all,
      read: { node, path, log in
        switch node.value {
        case .string: return words.read(node, path, log)
        case .array(let elements) where !elements.isEmpty:
          return list.read(node, path, log).map { MonthSet($0.lazy.map(Int.init)) }
        default:
          wrongType(node, path, log, allowed)
          return nil
        }
      }, show: words.show)
  }
}
