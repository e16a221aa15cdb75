import Domain

/// One row of a tick file: the fields of a line under the header's columns.
struct TickRow: ~Copyable {
  private let line: CSVLine
  private let columns: TickColumns

  init(_ line: consuming CSVLine, _ columns: TickColumns) throws(TickFileFault.Kind) {
    guard line.count == columns.width else {
      throw .fieldCount(found: line.count, expected: columns.width)
    }
    self.line = line
    self.columns = columns
  }

  func tick(_ options: TickFileReader.Options) throws(TickFileFault.Kind) -> ExchangeTick {
    guard let code = InstrumentCode(String(decoding: text(.instrument), as: UTF8.self)),
      !code.isEmpty
    else { throw unreadable(.instrument) }
    let stated = Exchange(code: String(decoding: text(.exchange), as: UTF8.self))
    let exchange = stated ?? options.exchanges[code] ?? options.exchange
    let moment = TickMoment(
      tradingDay: try date(.tradingDay), actionDay: try date(.actionDay),
      millisecondOfDay: try millisecondOfDay(), exchange: exchange)
    guard let resolved = moment.resolved(options.days) else { throw unreadable(.tradingDay) }
    var tick = ExchangeTick(
      instrument: code, exchange: exchange,
      tradingDate: resolved.tradingDate, time: resolved.time)
    tick.volume = try count(.volume)
    tick.openInterest = try count(.openInterest)
    tick.priorOpenInterest = try count(.priorOpenInterest)
    tick.turnover = try number(.turnover, places: 4).map { Money(units: $0) } ?? .none
    tick.bid = try level(.bidPrice, .bidLots)
    tick.ask = try level(.askPrice, .askLots)
    let hasTraded = tick.volume > 0
    tick.last = try price(.last, zeroIsNone: !hasTraded)
    tick.open = try price(.open, zeroIsNone: !hasTraded)
    tick.high = try price(.high, zeroIsNone: !hasTraded)
    tick.low = try price(.low, zeroIsNone: !hasTraded)
    tick.close = try price(.close, zeroIsNone: true)
    tick.settlement = try price(.settlement, zeroIsNone: true)
    tick.priorSettlement = try price(.priorSettlement, zeroIsNone: true)
    tick.priorClose = try price(.priorClose, zeroIsNone: true)
    tick.limitUp = try price(.limitUp, zeroIsNone: false)
    tick.limitDown = try price(.limitDown, zeroIsNone: false)
    if tick.limitUp == .zero, tick.limitDown == .zero {
      tick.limitUp = .none
      tick.limitDown = .none
    }
    return tick
  }

  // MARK: Fields

  private func text(_ column: TickColumn) -> UnsafeBufferPointer<UInt8> {
    guard let place = columns[column] else { return UnsafeBufferPointer(start: nil, count: 0) }
    return line[place]
  }

  private func unreadable(_ column: TickColumn) -> TickFileFault.Kind {
    .unreadable(column: column.name.description)
  }

  /// Nil when the column is absent from the file or the row.
  private func number(_ column: TickColumn, places: Int) throws(TickFileFault.Kind) -> Int64? {
    switch DecimalText(text(column), places: places) {
    case .value(let value): return value
    case .absent: return nil
    case .outOfRange: throw .outOfRange(column: column.name.description)
    case .malformed: throw unreadable(column)
    }
  }

  /// A price beyond `Ranges.priceMaximum` is CTP's way to write none.
  private func price(_ column: TickColumn, zeroIsNone: Bool) throws(TickFileFault.Kind) -> Price {
    switch DecimalText(text(column), places: 4) {
    case .value(let units):
      guard units.magnitude <= Ranges.priceMaximum.magnitude else { return .none }
      return units == 0 && zeroIsNone ? .none : Price(units: units)
    case .absent, .outOfRange: return .none
    case .malformed: throw unreadable(column)
    }
  }

  private func count(_ column: TickColumn) throws(TickFileFault.Kind) -> Int64 {
    let value = try number(column, places: 0) ?? 0
    guard value >= 0, value <= TickRow.countMaximum else {
      throw .outOfRange(column: column.name.description)
    }
    return value
  }

  /// Years of which there are recorded ticks, by far.
  static let years: ClosedRange<UInt32> = 1_980...2_200

  /// Most lots of a whole market; far above any, far below where a product could overflow.
  static let countMaximum: Int64 = 1_000_000_000_000

  /// A side of the book; nobody stands there when there are no lots.
  private func level(
    _ priceColumn: TickColumn, _ lotsColumn: TickColumn
  ) throws(TickFileFault.Kind) -> BookLevel {
    let lots = try count(lotsColumn)
    let price = try price(priceColumn, zeroIsNone: false)
    guard lots > 0, !price.isNone else { return .none }
    return BookLevel(price: price, lots: Lots(clamping: lots))
  }

  /// From 20200807 or 2020-08-07; nil when absent.
  private func date(_ column: TickColumn) throws(TickFileFault.Kind) -> CalendarDate? {
    var value: UInt32 = 0
    var digits = 0
    let text = text(column)
    for byte in text where byte != UInt8(ascii: "-") {
      guard byte >= 0x30, byte <= 0x39, digits < 8 else { throw unreadable(column) }
      value = value * 10 + UInt32(byte - 0x30)
      digits += 1
    }
    if digits == 0 || value == 0 { return nil }
    guard digits == 8, let date = CalendarDate(yyyymmdd: value) else { throw unreadable(column) }
    // Nanoseconds since 1970 end in 2262.
    guard TickRow.years.contains(value / 10_000) else {
      throw .outOfRange(column: column.name.description)
    }
    return date
  }

  /// From 09:30:00, 09:30:00.500, 93000 or 093000500 (HHMMSSmmm), with UpdateMillisec on top.
  ///
  /// A number of seven digits and more ends in milliseconds; leading zeros may be lost.
  private func millisecondOfDay() throws(TickFileFault.Kind) -> Int64 {
    let text = text(.updateTime)
    guard !text.isEmpty, text.count <= 12 else { throw unreadable(.updateTime) }
    var digits: Int64 = 0
    var digitCount = 0
    var fraction = 0
    var hasPoint = false
    var colons = 0
    for byte in text {
      if byte == UInt8(ascii: ":") {
        colons += 1
        continue
      }
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        continue
      }
      guard byte >= 0x30, byte <= 0x39 else { throw unreadable(.updateTime) }
      if hasPoint { fraction += 1 }
      digits = digits * 10 + Int64(byte - 0x30)
      digitCount += 1
    }
    guard digitCount > 0, colons == 0 || (colons == 2 && digitCount >= 5),
      !hasPoint || fraction == 3
    else { throw unreadable(.updateTime) }
    let hasMilliseconds = hasPoint || digitCount > 6
    let milliseconds = hasMilliseconds ? digits % 1000 : 0
    let clock = hasMilliseconds ? digits / 1000 : digits
    let (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100)
    guard hour < 24, minute < 60, second < 60 else { throw unreadable(.updateTime) }
    let extra = try number(.updateMillisecond, places: 0) ?? 0
    guard extra >= 0, extra < 1000, extra == 0 || !hasMilliseconds || extra == milliseconds else {
      throw unreadable(.updateMillisecond)
    }
    return (hour * 3600 + minute * 60 + second) * 1000 + (hasMilliseconds ? milliseconds : extra)
  }
}
