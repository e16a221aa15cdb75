import Domain

/// Reads what a commodity of config/commodities/<exchange>.json5 says of the options on it: they
/// make a commodity of their own, called as the futures with `_o` behind.
struct OptionReader {
  let hours: NameTable
  let log: ReadingLog

  /// - Parameter place: of the futures.
  func read(
    _ entry: inout ObjectReader, on future: CommoditySpecification, _ place: Int
  ) -> CommoditySpecification? {
    let specification = entry.optionalObject("options", unset: "none") { options in
      readOptions(&options, on: future, place)
    }
    if specification != nil, future.exchange == .cffex {
      entry.report(
        .outOfRange, "options",
        "options of CFFEX are on an index, which is no listed future: they can't be traded here")
    }
    return specification
  }

  private func readOptions(
    _ options: inout ObjectReader, on future: CommoditySpecification, _ place: Int
  ) -> CommoditySpecification {
    let tick = options.required("tick", .priceStep)
    let hoursName = options.optional(
      "hours", ValueKind<String>.name().positioned(), unset: "the futures'")
    let limitMaximum = options.optional("limitLotsMaximum", .orderLots, unset: "the futures'")
    let marketMaximum = options.optional(
      "marketLotsMaximum", .lots(0...Int64(Ranges.orderLotsMaximum)), unset: "the futures'")
    let feeOpen = options.requiredObject("feeOpen", RateReader.readRate)
    let feeClose = options.optionalObject("feeClose", unset: "feeOpen", RateReader.readRate)
    let feeCloseToday = options.optionalObject(
      "feeCloseToday", unset: "feeClose", RateReader.readRate)
    let lastTradingDay = options.requiredObject("lastTradingDay", LastTradingDayRule.read)
    let timeValue = options.required("referenceTimeValue", .price)
    if timeValue.units < tick.units || timeValue.units % tick.units != 0 {
      options.report(.inconsistent, "referenceTimeValue", "not a multiple of the tick above 0")
    }
    var specification = future
    specification.code += "_o"
    specification.english += " options"
    specification.chinese += "期权"
    specification.tick = tick
    if let hoursName { specification.hours = hours.resolve(hoursName, log) ?? 0 }
    let limit = limitMaximum ?? future.limitLots.upperBound
    specification.limitLots = 1...limit
    let market = marketMaximum ?? future.marketLots?.upperBound ?? 0
    specification.marketLots = market == 0 ? nil : 1...market
    let close = feeClose ?? feeOpen
    specification.rates = RateSet(
      feeOpen: feeOpen, feeClose: close, feeCloseToday: feeCloseToday ?? close)
    specification.months = []
    specification.lastTradingDay = lastTradingDay
    specification.deliveryMultiple = 1
    specification.isDeclared = false
    specification.referencePrice = timeValue
    specification.underlying = place
    return specification
  }
}

extension CommoditySpecification {
  /// The code of an option at a strike: `cu2701C80000`, at DCE and GFEX `m2701-C-3000`.
  ///
  /// - Parameter future: the code of what it is on.
  public func optionCode(on future: String, _ option: OptionClass, _ strike: Price) -> String {
    let letter = option == .call ? "C" : "P"
    let dash = Self.dash(at: exchange)
    return future + dash + letter + dash + DecimalText.written(strike.units, decimals: 4)
  }

  fileprivate static func dash(at exchange: Exchange) -> String {
    exchange == .dce || exchange == .gfex ? "-" : ""
  }
}

extension Catalogue {
  /// The place of the options on a commodity; nil when it has none.
  func options(on future: Int) -> Int? {
    names.place(of: commodities[future].key + "_o")
  }

  /// The place of the options that an instrument code is one of; nil when it is not such a code.
  func parseOption(
    _ code: String, at exchange: Exchange, near reference: CalendarDate
  ) -> Int? {
    let letters = code.prefix { !("0"..."9").contains($0) }
    guard let place = names.place(of: "\(exchange.code).\(letters)_o"),
      let future = commodities[place].underlying
    else { return nil }
    let head = code.prefix(letters.count + (exchange == .czce ? 3 : 4))
    let dash = CommoditySpecification.dash(at: exchange)
    let rest = code.dropFirst(head.count)
    let starts = ["\(dash)C\(dash)", "\(dash)P\(dash)"]
    guard commodities[future].month(of: String(head), near: reference) != nil,
      let start = starts.first(where: { rest.hasPrefix($0) }), rest.count > start.count,
      rest.dropFirst(start.count).allSatisfy({ ("0"..."9").contains($0) || $0 == "." })
    else { return nil }
    return place
  }
}
