import Domain

/// The year and month an instrument delivers in: with the commodity, the key of a listing.
public struct DeliveryMonth: Equatable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since year 0.
  public var index: Int

  init(index: Int) { self.index = index }

  /// - Parameter month: 1...12.
  public init(year: Int, month: Int) {
    precondition((1...12).contains(month), "a year has months 1 to 12")
    index = year * 12 + month - 1
  }

  /// The month a date lies in.
  public init(of date: CalendarDate) {
    let number = Int(date.yyyymmdd)
    self.init(year: number / 10_000, month: number / 100 % 100)
  }

  public var year: Int { index / 12 }
  public var month: Int { index % 12 + 1 }
  /// Its first day.
  var firstDate: CalendarDate {
    guard let date = CalendarDate(yyyymmdd: UInt32(year * 10_000 + month * 100 + 1)) else {
      preconditionFailure("delivery months lie between 1970 and 9999")
    }
    return date
  }

  func adding(months: Int) -> DeliveryMonth { DeliveryMonth(index: index + months) }

  public static func < (left: Self, right: Self) -> Bool { left.index < right.index }

  /// `2026-10`.
  public var description: String { "\(year)-\(DateText.twoDigits(UInt32(month)))" }
}

/// Some of the twelve months.
public struct MonthSet: Equatable, Sendable {
  /// Bit 0 = January.
  var bits: UInt16

  init(bits: UInt16) { self.bits = bits }
  init(_ months: some Sequence<Int>) {
    bits = months.reduce(0) { $0 | 1 << UInt16($1 - 1) }
  }

  static let all = MonthSet(1...12)
  static let odd = MonthSet([1, 3, 5, 7, 9, 11])
  static let even = MonthSet([2, 4, 6, 8, 10, 12])
  static let quarter = MonthSet([3, 6, 9, 12])

  public func contains(_ month: Int) -> Bool { bits >> UInt16(month - 1) & 1 == 1 }
  var isEmpty: Bool { bits == 0 }
}
