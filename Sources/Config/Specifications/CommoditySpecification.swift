import Domain

/// A commodity as its exchange's rules describe it.
public struct CommoditySpecification: Equatable, Sendable {
  public var exchange: Exchange
  /// The exchange's own spelling: `cu`, `AP`, `IF`.
  public var code: String
  public var english: String
  public var chinese: String
  /// Units of the underlying in a lot.
  public var multiplier: Int32
  public var tick: Price
  /// Place of its table in the calendar's trading hours.
  public var hours: Int
  public var limitLots: ClosedRange<Lots>
  /// Nil when the exchange takes no market orders for it.
  public var marketLots: ClosedRange<Lots>?
  /// The exchange's own rates.
  public var rates: RateSet
  public var months: [ListedMonths]
  public var lastTradingDay: LastTradingDayRule
  /// In the delivery month orders are multiples of this; 1 = any.
  public var deliveryMultiple: Lots
  /// The exchange takes a fee for each order and cancel.
  public var isDeclared: Bool
  /// Largest move of a day from the prior settlement, each way.
  public var priceLimit: Percent
  /// A usual price: where a simulated market starts when nothing is recorded.
  public var referencePrice: Price
  /// Its first day at the exchange, when that lies within the calendar.
  public var since: CalendarDate?
  /// Of options: the place of the futures that they are on. They have no months of their own, no
  /// margin rates, and their reference price is what they cost beyond what exercise would bring.
  public var underlying: Int?

  /// `SHFE.cu`.
  public var key: String { "\(exchange.code).\(code)" }
}

/// A part of the pattern of listed months. Parts follow one another: each begins after the last
/// month of the one before it.
public struct ListedMonths: Equatable, Sendable {
  public enum Extent: Equatable, Sendable {
    /// So many of the months.
    case nearest(Int)
    /// The months among so many calendar months, counted from the nearest one that still trades.
    case within(Int)
  }

  public var months: MonthSet
  public var extent: Extent

  init(_ months: MonthSet, _ extent: Extent) {
    self.months = months
    self.extent = extent
  }
}

/// An instrument that an exchange lists on some day.
public struct ListedInstrument: Equatable, Sendable {
  /// Place of its commodity in the configuration.
  public var commodity: Int
  public var month: DeliveryMonth
  /// `cu2612`, `AP612`.
  public var code: String
  public var lastTradingDay: CalendarDate
  /// Nil of a future.
  public var option: ListedOption?
}

/// What makes a listed instrument an option.
public struct ListedOption: Equatable, Sendable {
  public var option: OptionClass
  public var strike: Price
  /// Dense id of the future it is on.
  public var underlying: Int
}

extension CommoditySpecification {
  /// The months the exchange lists on a trading day, ascending. Empty before the commodity began.
  public func listedMonths(on day: CalendarDate, in calendar: TradingCalendar) -> [DeliveryMonth] {
    if let since, day < since { return [] }
    var front = DeliveryMonth(of: day)
    while lastTradingDay.date(of: front, in: calendar) < day { front = front.adding(months: 1) }
    var listed: [DeliveryMonth] = []
    var next = front
    for part in months {
      switch part.extent {
      case .nearest(let count):
        var left = count
        while left > 0 {
          if part.months.contains(next.month) {
            listed.append(next)
            left -= 1
          }
          next = next.adding(months: 1)
        }
      case .within(let count):
        let end = front.adding(months: count)
        while next < end {
          if part.months.contains(next.month) { listed.append(next) }
          next = next.adding(months: 1)
        }
      }
    }
    return listed
  }

  /// The code of a month's instrument: two digits of the year, one at CZCE.
  public func instrumentCode(of month: DeliveryMonth) -> String {
    let monthDigits = DateText.twoDigits(UInt32(month.month))
    return exchange == .czce
      ? "\(code)\(month.year % 10)\(monthDigits)"
      : "\(code)\(DateText.twoDigits(UInt32(month.year % 100)))\(monthDigits)"
  }

  /// The month an instrument code of this commodity names; nil when it is not such a code.
  ///
  /// CZCE's codes repeat each decade: the year is the one within five years of the reference day.
  public func month(of instrumentCode: String, near reference: CalendarDate) -> DeliveryMonth? {
    guard instrumentCode.hasPrefix(code) else { return nil }
    let digits = instrumentCode.utf8.dropFirst(code.utf8.count)
    guard digits.count == (exchange == .czce ? 3 : 4),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    let month = number % 100
    guard (1...12).contains(month) else { return nil }
    guard exchange == .czce else {
      return DeliveryMonth(year: 2000 + number / 100, month: month)
    }
    // The one candidate in the 120 months that begin 60 months before the reference.
    let first = DeliveryMonth(of: reference).adding(months: -60)
    let candidate = DeliveryMonth(year: first.year / 10 * 10 + number / 100, month: month)
    return candidate < first ? candidate.adding(months: 120) : candidate
  }
}
