import Domain

/// The instruments of a configuration on one trading day, by dense id.
struct Listing {
  private struct Key: Hashable {
    var commodity: Int
    var month: DeliveryMonth
  }

  let day: TradingDay
  private let commodities: [CommoditySpecification]
  private(set) var instruments: [ListedInstrument] = []
  private var places: [Key: Int] = [:]
  private var optionPlaces: [String: Int] = [:]
  private(set) var faults: [ConfigFault] = []

  /// Lists, commodity by commodity and nearest month first, what the configuration selects.
  init(_ configuration: Configuration, on day: TradingDay) {
    self.day = day
    commodities = configuration.commodities
    let selection = configuration.instruments
    var extra: [Int: Set<DeliveryMonth>] = [:]
    for reference in selection.extra {
      guard let month = month(of: reference.value, configuration.calendar) else {
        faults.append(reference.fault(.danglingReference, notListed(reference.value)))
        continue
      }
      extra[reference.value.commodity, default: []].insert(month)
    }
    for (place, commodity) in commodities.enumerated() {
      var months = extra[place] ?? []
      if let row = selection.rows.last(where: { $0.scope.holds(place, commodity) }) {
        let listed = commodity.listedMonths(on: day.date, in: configuration.calendar)
        months.formUnion(listed.prefix(row.nearest ?? listed.count))
      }
      for month in months.sorted() {
        places[Key(commodity: place, month: month)] = instruments.count
        instruments.append(
          ListedInstrument(
            commodity: place, month: month, code: commodity.instrumentCode(of: month),
            lastTradingDay: commodity.lastTradingDay.date(of: month, in: configuration.calendar)))
      }
      if let future = commodity.underlying {
        for row in selection.options where row.underlying.value.commodity == future {
          list(row, place, configuration.calendar)
        }
      }
    }
    applyLastTradingDays(selection.overrides, configuration.calendar)
  }

  /// Lists a call and a put at each strike of a row, in ascending order.
  private mutating func list(
    _ row: InstrumentSelection.Options, _ commodity: Int, _ calendar: TradingCalendar
  ) {
    let written = row.underlying
    guard let future = place(of: written.value, calendar) else {
      faults.append(written.fault(.danglingReference, notListed(written.value)))
      return
    }
    let specification = commodities[commodity]
    let month = instruments[future].month
    let last = row.lastTradingDay ?? specification.lastTradingDay.date(of: month, in: calendar)
    if last < day.date {
      faults.append(
        written.fault(
          .inconsistent,
          "options on \(instruments[future].code) ended on \(DateText.written(last))"))
      return
    }
    if last > instruments[future].lastTradingDay {
      faults.append(
        written.fault(
          .inconsistent, "its options would trade until \(DateText.written(last)), after itself"))
      return
    }
    for strike in row.strikes.sorted() {
      for option in [OptionClass.call, .put] {
        let code = specification.optionCode(on: instruments[future].code, option, strike)
        optionPlaces["\(commodity).\(code)"] = instruments.count
        instruments.append(
          ListedInstrument(
            commodity: commodity, month: month, code: code, lastTradingDay: last,
            option: ListedOption(option: option, strike: strike, underlying: future)))
      }
    }
  }

  private mutating func applyLastTradingDays(
    _ overrides: [InstrumentSelection.Override], _ calendar: TradingCalendar
  ) {
    for override in overrides {
      guard let place = place(of: override.instrument.value, calendar) else {
        faults.append(
          override.instrument.fault(.danglingReference, notListed(override.instrument.value)))
        continue
      }
      if let day = override.lastTradingDay { instruments[place].lastTradingDay = day }
    }
  }

  /// The dense id behind a reference; nil when it is not listed.
  func place(of reference: InstrumentReference, _ calendar: TradingCalendar) -> Int? {
    if commodities[reference.commodity].underlying != nil {
      guard case .code(let code) = reference.which else { return nil }
      return optionPlaces["\(reference.commodity).\(code)"]
    }
    guard let month = month(of: reference, calendar) else { return nil }
    return places[Key(commodity: reference.commodity, month: month)]
  }

  /// The month of a reference; nil when it has stopped trading or there are not so many.
  private func month(
    of reference: InstrumentReference, _ calendar: TradingCalendar
  ) -> DeliveryMonth? {
    let commodity = commodities[reference.commodity]
    switch reference.which {
    case .code(let code):
      guard let month = commodity.month(of: code, near: day.date),
        commodity.lastTradingDay.date(of: month, in: calendar) >= day.date
      else { return nil }
      return month
    case .nearest(let number):
      let listed = commodity.listedMonths(on: day.date, in: calendar)
      return number <= listed.count ? listed[number - 1] : nil
    }
  }

  func notListed(_ reference: InstrumentReference) -> String {
    "\(ConfigNode.quoted(reference.text)) is not listed on \(DateText.written(day.date))"
  }
}

extension InstrumentSelection.Scope {
  fileprivate func holds(_ place: Int, _ commodity: CommoditySpecification) -> Bool {
    switch self {
    case .everything: true
    case .exchange(let exchange): commodity.exchange == exchange
    case .commodity(let named): named == place
    }
  }
}
