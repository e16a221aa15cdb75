import Domain
import Testing
import TickRecordings

@testable import Exchange

/// A recorded day and what an independent reader finds in it.
struct RecordedDay: Sendable, CustomTestStringConvertible {
  var file: String
  var exchange: Exchange
  var rows: Int
  var firstLast: Int64
  var lastLast: Int64
  var firstMillisecond: Int64
  var lastMillisecond: Int64
  var sumOfLasts: Int64
  var sumOfAsks: Int64
  var sumOfBidLots: Int64
  var sumOfOpenInterest: Int64
  var turnover: Int64

  var testDescription: String { file }
}

@Suite struct RecordedTicksTests {
  static let days = [
    RecordedDay(
      file: "AP010_20200807", exchange: .czce, rows: 13_054, firstLast: 70_090_000,
      lastLast: 68_350_000, firstMillisecond: 1_596_713_381_000,
      lastMillisecond: 1_596_783_599_000, sumOfLasts: 898_067_900_000,
      sumOfAsks: 898_093_990_000, sumOfBidLots: 281_230, sumOfOpenInterest: 1_931_304_290,
      turnover: 20_517_814_680_000),
    RecordedDay(
      file: "AP101_20200807", exchange: .czce, rows: 9_274, firstLast: 72_500_000,
      lastLast: 71_330_000, firstMillisecond: 1_596_713_381_000,
      lastMillisecond: 1_596_783_599_000, sumOfLasts: 666_114_890_000,
      sumOfAsks: 666_156_290_000, sumOfBidLots: 90_755, sumOfOpenInterest: 456_124_875,
      turnover: 3_118_721_100_000),
    RecordedDay(
      file: "IF2101_20210104", exchange: .cffex, rows: 27_955, firstLast: 52_300_000,
      lastLast: 52_600_000, firstMillisecond: 1_609_723_740_400,
      lastMillisecond: 1_609_745_719_400, sumOfLasts: 1_469_578_344_000,
      sumOfAsks: 1_469_657_530_000, sumOfBidLots: 83_167, sumOfOpenInterest: 2_216_263_764,
      turnover: 1_328_073_880_200_000),
    RecordedDay(
      file: "ru1901_20181009", exchange: .shfe, rows: 39_541, firstLast: 125_850_000,
      lastLast: 126_050_000, firstMillisecond: 1_539_046_800_500,
      lastMillisecond: 1_539_097_200_500, sumOfLasts: 5_003_125_150_000,
      sumOfAsks: 5_004_064_950_000, sumOfBidLots: 3_186_741, sumOfOpenInterest: 13_672_537_984,
      turnover: 168_250_945_000_000),
  ]

  /// All ticks of a recorded day: every line has a price.
  static func read(_ day: RecordedDay) throws -> [ExchangeTick] {
    let (ticks, withoutPrice) = try TickRecordings.read(day.file, of: day.exchange)
    #expect(withoutPrice == 0)
    return ticks
  }

  @Test(
    .enabled(if: TickRecordings.areThere, "no recorded ticks lie beside the package"),
    arguments: days)
  func aRecordedDayIsReadWhole(_ day: RecordedDay) throws {
    let ticks = try Self.read(day)
    #expect(ticks.count == day.rows)
    let first = try #require(ticks.first)
    let last = try #require(ticks.last)
    #expect(first.last.units == day.firstLast)
    #expect(last.last.units == day.lastLast)
    #expect(first.time.nanoseconds == day.firstMillisecond * 1_000_000)
    #expect(last.time.nanoseconds == day.lastMillisecond * 1_000_000)
    #expect(last.turnover.units == day.turnover)
    #expect(ticks.reduce(0) { $0 + $1.last.units } == day.sumOfLasts)
    #expect(ticks.reduce(0) { $0 + ($1.ask.isNone ? 0 : $1.ask.price.units) } == day.sumOfAsks)
    #expect(ticks.reduce(0) { $0 + Int64($1.bid.lots) } == day.sumOfBidLots)
    #expect(ticks.reduce(0) { $0 + $1.openInterest } == day.sumOfOpenInterest)
    for (earlier, later) in zip(ticks, ticks.dropFirst()) {
      #expect(earlier.time <= later.time)
      if later.time < earlier.time { break }
    }
    #expect(ticks.allSatisfy { $0.exchange == day.exchange && !$0.limitUp.isNone })
  }

  @Test(.enabled(if: TickRecordings.areThere, "no recorded ticks lie beside the package"))
  func aNightBelongsToTheNextTradingDay() throws {
    let ticks = try Self.read(Self.days[3])
    let dates = Set(ticks.map(\.tradingDate.yyyymmdd))
    #expect(dates == [20_181_009, 20_181_010])
    #expect(ticks.count { $0.tradingDate.yyyymmdd == 20_181_010 } == 13_298)
    #expect(ticks.allSatisfy { $0.time.chinaDate.yyyymmdd == 20_181_009 })
  }
}
