import Domain
import Testing

@testable import Config

@Suite struct InstrumentTests {
  static func commodity(_ key: String) throws -> CommoditySpecification {
    try #require(Example.configuration().commodities.first { $0.key == key })
  }

  @Test(
    arguments: [
      // Each exchange's way to write a month.
      ("SHFE.rb", "rb2701", 20_261_121, 2027, 1), ("INE.sc", "sc2612", 20_261_121, 2026, 12),
      ("DCE.m", "m2705", 20_261_121, 2027, 5), ("CFFEX.IF", "IF2612", 20_261_121, 2026, 12),
      ("GFEX.lc", "lc2703", 20_261_121, 2027, 3), ("CZCE.AP", "AP610", 20_260_821, 2026, 10),
      // CZCE's year repeats each decade: that within five years of the reference day.
      ("CZCE.AP", "AP010", 20_200_807, 2020, 10), ("CZCE.AP", "AP101", 20_200_807, 2021, 1),
      ("CZCE.CF", "CF001", 20_291_203, 2030, 1), ("CZCE.CF", "CF911", 20_300_107, 2029, 11),
      ("CZCE.SR", "SR601", 20_301_231, 2026, 1), ("CZCE.SR", "SR601", 20_310_201, 2036, 1),
      ("CZCE.SR", "SR512", 20_301_231, 2025, 12), ("CZCE.SR", "SR511", 20_301_231, 2035, 11),
    ] as [(String, String, UInt32, Int, Int)])
  func aCodeNamesItsMonthNearTheReferenceDay(
    _ key: String, _ code: String, _ reference: UInt32, _ year: Int, _ month: Int
  ) throws {
    let found = try Self.commodity(key).month(of: code, near: Example.date(reference))
    #expect(found == DeliveryMonth(year: year, month: month))
  }

  @Test(arguments: [
    ("SHFE.rb", "rb27"), ("SHFE.rb", "rb270"), ("SHFE.rb", "rb27011"), ("SHFE.rb", "rb2713"),
    ("SHFE.rb", "rb2700"), ("SHFE.rb", "RB2701"), ("SHFE.rb", "rb270a"), ("SHFE.rb", "hc2701"),
    ("CZCE.AP", "AP2610"), ("CZCE.AP", "AP600"), ("DCE.c", "cs2701"), ("SHFE.rb", "rb२७०१"),
  ])
  func otherTextsAreNoCodes(_ key: String, _ code: String) throws {
    #expect(try Self.commodity(key).month(of: code, near: Example.date(20_261_121)) == nil)
  }

  @Test func everyListedInstrumentsCodeIsReadBackOnEveryDayItIsListed() throws {
    let configuration = try Example.configuration()
    for yyyymmdd: UInt32 in [20_181_009, 20_200_807, 20_210_104, 20_241_231, 20_261_123] {
      let day = Example.date(yyyymmdd)
      for commodity in configuration.commodities {
        let months = commodity.listedMonths(on: day, in: configuration.calendar)
        #expect(months == months.sorted())
        #expect(Set(months).count == months.count)
        for month in months {
          let code = commodity.instrumentCode(of: month)
          #expect(commodity.month(of: code, near: day) == month, "\(code)")
          let last = commodity.lastTradingDay.date(of: month, in: configuration.calendar)
          #expect(last >= day, "\(code)")
        }
      }
    }
  }

  @Test(
    arguments: [
      // The 15th, and the next trading day when that is a weekend or a holiday.
      ("SHFE.rb", 2026, 12, 20_261_215), ("SHFE.rb", 2026, 11, 20_261_116),
      ("SHFE.cu", 2026, 2, 20_260_224),
      // The last trading day of the month before delivery.
      ("INE.sc", 2026, 12, 20_261_130), ("INE.sc", 2026, 10, 20_260_930),
      ("SHFE.fu", 2027, 1, 20_261_231),
      // The last Monday that trades.
      ("INE.ec", 2026, 12, 20_261_228), ("INE.ec", 2024, 2, 20_240_226),
      // The tenth trading day; the fourth from the end.
      ("DCE.m", 2027, 1, 20_270_115), ("DCE.i", 2026, 10, 20_261_021),
      ("DCE.jd", 2026, 12, 20_261_228), ("DCE.eg", 2026, 9, 20_260_924),
      ("CZCE.AP", 2026, 10, 20_261_021), ("CZCE.ZC", 2026, 12, 20_261_207),
      ("GFEX.lc", 2026, 12, 20_261_214),
      // The third Friday, or the next trading day; the second one.
      ("CFFEX.IF", 2026, 12, 20_261_218), ("CFFEX.IF", 2021, 1, 20_210_115),
      ("CFFEX.IF", 2026, 6, 20_260_622), ("CFFEX.T", 2026, 12, 20_261_211),
    ] as [(String, Int, Int, UInt32)])
  func theLastTradingDayFollowsTheExchangesRule(
    _ key: String, _ year: Int, _ month: Int, _ expected: UInt32
  ) throws {
    let calendar = try Example.configuration().calendar
    let found = try Self.commodity(key).lastTradingDay
      .date(of: DeliveryMonth(year: year, month: month), in: calendar)
    #expect(found.yyyymmdd == expected)
  }

  @Test(
    arguments: [
      (
        "SHFE.rb", 20_261_215,
        "rb2612 rb2701 rb2702 rb2703 rb2704 rb2705 rb2706 rb2707 rb2708 rb2709 "
          + "rb2710 rb2711"
      ),
      (
        "SHFE.rb", 20_261_216,
        "rb2701 rb2702 rb2703 rb2704 rb2705 rb2706 rb2707 rb2708 rb2709 rb2710 "
          + "rb2711 rb2712"
      ),
      ("SHFE.au", 20_261_123, "au2612 au2701 au2702 au2704 au2706 au2708 au2710 au2712"),
      ("CFFEX.IF", 20_261_123, "IF2612 IF2701 IF2703 IF2706"),
      ("CFFEX.IF", 20_261_221, "IF2701 IF2702 IF2703 IF2706"),
      ("CFFEX.IF", 20_210_104, "IF2101 IF2102 IF2103 IF2106"),
      ("CFFEX.T", 20_261_123, "T2612 T2703 T2706"), ("CFFEX.T", 20_261_214, "T2703 T2706 T2709"),
      ("CZCE.AP", 20_200_807, "AP010 AP011 AP012 AP101 AP103 AP104 AP105"),
      (
        "SHFE.ru", 20_181_009,
        "ru1810 ru1811 ru1901 ru1903 ru1904 ru1905 ru1906 ru1907 ru1908 ru1909"
      ),
      ("DCE.lh", 20_261_123, "lh2611 lh2701 lh2703 lh2705 lh2707 lh2709"),
      ("GFEX.ps", 20_241_225, ""),
      ("INE.ec", 20_261_229, "ec2702 ec2704 ec2706 ec2708 ec2710 ec2712"),
    ] as [(String, UInt32, String)])
  func theListedCodesAreThoseOfThePattern(
    _ key: String, _ day: UInt32, _ expected: String
  ) throws {
    let commodity = try Self.commodity(key)
    let calendar = try Example.configuration().calendar
    let codes = commodity.listedMonths(on: Example.date(day), in: calendar)
      .map(commodity.instrumentCode)
    #expect(codes.joined(separator: " ") == expected)
  }
}

@Suite struct CalendarFileTests {
  @Test(arguments: [
    // Recorded days and the nights before them.
    (UInt32(20_181_009), UInt32?(20_181_008)), (20_181_010, 20_181_009),
    (20_200_807, 20_200_806), (20_210_104, nil),
    // No night before a holiday's first trading day; nights off in the spring of 2020.
    (20_181_008, nil), (20_200_203, nil), (20_200_410, nil), (20_200_507, 20_200_506),
    (20_250_106, 20_250_103), (20_250_102, nil), (20_250_205, nil), (20_260_105, nil),
    (20_260_224, nil), (20_261_008, nil), (20_261_009, 20_261_008), (20_261_123, 20_261_120),
    (20_270_104, nil),
  ])
  func nightsAreOffBeforeTheFirstDayAfterAHoliday(_ day: UInt32, _ night: UInt32?) throws {
    let calendar = try Example.configuration().calendar
    #expect(calendar.isTradingDay(Example.date(day)) == true)
    #expect(calendar.nightDate(before: Example.day(day))?.yyyymmdd == night)
  }

  /// Trading days of each year, as the exchanges counted them.
  @Test(arguments: [
    (UInt32(2018), 243), (2019, 244), (2020, 243), (2021, 243), (2022, 242), (2023, 242),
    (2024, 242), (2025, 243),
  ])
  func eachYearHasItsTradingDays(_ year: UInt32, _ expected: Int) throws {
    let calendar = try Example.configuration().calendar
    var count = 0
    var date = Example.date(year * 10_000 + 101)
    while date.yyyymmdd / 10_000 == year {
      if calendar.isTradingDay(date) == true { count += 1 }
      date = date.adding(days: 1)
    }
    #expect(count == expected)
  }

  @Test func aProvisionalYearIsANotice() {
    #expect(Example.loaded.faults.map(\.kind) == [.notice])
    #expect(Example.loaded.faults.first?.message.contains("2027") == true)
  }

  @Test func theNightTablesEndWhereTheExchangesEndThem() throws {
    let configuration = try Example.configuration()
    for (name, end) in [("night-2300", 82_800), ("night-0100", 90_000), ("night-0230", 95_400)] {
      let table = try #require(configuration.tradingHours.first { $0.name == name })
      let nights = table.intervals.filter { $0.date == .night }
      #expect(nights.map(\.phase) == [.auction, .continuous])
      #expect(nights.last?.endSecond == Int32(end))
    }
  }
}
