// Kinds of values that are made of Domain's nouns.

import Domain

extension ValueKind where Value == Money {
  /// Decimal yuan, exact to 0.0001.
  static func money(_ range: ClosedRange<Int64>) -> ValueKind {
    let scaled =
      range.lowerBound * Money.unitsPerYuan...range.upperBound * Money.unitsPerYuan
    return ValueKind<Int64>.decimal(scaled, decimals: 4, unit: "yuan")
      .map(Money.init(units:), back: \.units)
  }

  /// Yuan from 0 to the largest amount there is (10^13).
  static var amount: ValueKind { money(0...Ranges.cashMaximum / Money.unitsPerYuan) }
}

extension ValueKind where Value == Price {
  /// Any price, negative ones included, exact to 0.0001.
  static var price: ValueKind {
    ValueKind<Int64>.decimal(
      -Ranges.priceMaximum...Ranges.priceMaximum, decimals: 4, unit: "yuan"
    ).map(Price.init(units:), back: \.units)
  }

  /// A price step.
  static var priceStep: ValueKind {
    ValueKind<Int64>.decimal(1...Ranges.priceMaximum, decimals: 4, unit: "yuan")
      .map(Price.init(units:), back: \.units)
  }
}

extension ValueKind where Value == Rate {
  /// Percent of a contract's value, as entered (30 = 30 %), exact to 0.000001.
  static var ratePercent: ValueKind {
    ValueKind<Int64>.decimal(0...Ranges.rateByValueMaximum, decimals: 6, unit: "percent")
      .map(Rate.init(units:), back: \.units)
  }
}

extension ValueKind where Value == Percent {
  /// Percent as entered, exact to 0.0001.
  static func percent(_ range: ClosedRange<Int64>) -> ValueKind {
    let scaled = range.lowerBound * Percent.unitsPerOne...range.upperBound * Percent.unitsPerOne
    return ValueKind<Int64>.decimal(scaled, decimals: 4, unit: "percent")
      .map(Percent.init(units:), back: \.units)
  }
}

extension ValueKind where Value == Lots {
  static func lots(_ range: ClosedRange<Int64>) -> ValueKind {
    ValueKind<Int64>.integer(range, "lots").map(Lots.init(_:), back: Int64.init(_:))
  }

  /// 1 to the most lots an order can name.
  static var orderLots: ValueKind { lots(1...Int64(Ranges.orderLotsMaximum)) }
}

extension ValueKind where Value == CalendarDate {
  static var date: ValueKind {
    fromText(
      "date as '2026-11-20'", placeholder: CalendarDate(dayNumber1970: 0),
      show: { "'\(DateText.written($0))'" }, parse: DateText.date)
  }
}

extension ValueKind where Value == Exchange {
  static var exchange: ValueKind {
    .choice([
      "SHFE": .shfe, "INE": .ine, "DCE": .dce, "CZCE": .czce, "CFFEX": .cffex, "GFEX": .gfex,
    ])
  }
}

extension ValueKind where Value == HedgeFlag {
  /// `.unknown` stands for any.
  static var hedgeOrAny: ValueKind {
    .choice([
      "any": .unknown, "speculation": .speculation, "arbitrage": .arbitrage, "hedge": .hedge,
    ])
  }

  static var hedge: ValueKind {
    .choice(["speculation": .speculation, "arbitrage": .arbitrage, "hedge": .hedge])
  }
}

/// Percent as entered, in units of 0.0001: 30 % is 300 000. `Unit.percent` of refusals.
public struct Percent: Equatable, Hashable, Sendable {
  public var units: Int64

  public init(units: Int64) { self.units = units }

  public static let unitsPerOne: Int64 = 10_000
}

/// Dates and times of day in texts.
enum DateText {
  /// From '2026-11-20'; nil for anything else, and for days that don't exist.
  static func date(_ text: String) -> CalendarDate? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10])
    else { return nil }
    return CalendarDate(yyyymmdd: UInt32(year * 10_000 + month * 100 + day))
  }

  /// Seconds after midnight from 'HH:MM' or 'HH:MM:SS', 00:00 to 47:59:59 (hours beyond 23 are
  /// those of the following night).
  static func second(_ text: String) -> Int32? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5 || bytes.count == 8, bytes[2] == UInt8(ascii: ":"),
      let hour = number(bytes[0..<2]), let minute = number(bytes[3..<5])
    else { return nil }
    var second = 0
    if bytes.count == 8 {
      guard bytes[5] == UInt8(ascii: ":"), let read = number(bytes[6..<8]) else { return nil }
      second = read
    }
    guard hour < 48, minute < 60, second < 60 else { return nil }
    return Int32(hour * 3600 + minute * 60 + second)
  }

  static func written(_ date: CalendarDate) -> String {
    let number = date.yyyymmdd
    return "\(number / 10_000)-\(twoDigits(number / 100 % 100))-\(twoDigits(number % 100))"
  }

  static func written(second: Int32) -> String {
    let text = "\(twoDigits(UInt32(second / 3600))):\(twoDigits(UInt32(second / 60 % 60)))"
    return second % 60 == 0 ? text : text + ":\(twoDigits(UInt32(second % 60)))"
  }

  static func twoDigits(_ number: UInt32) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
