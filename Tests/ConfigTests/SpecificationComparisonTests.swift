import Domain
import Foundation
import Testing

@testable import Config

/// The specifications held against data nobody here wrote: a listing of April 2022, used when it
/// lies beside the project.
@Suite struct SpecificationComparisonTests {
  static let folder = Example.root.appending(path: "../shared/data/specs")
  static let isThere = FileManager.default.fileExists(
    atPath: folder.appending(path: "commodities.json").path)

  /// What differs, and why ours is right. Everything else has to agree.
  static let justified: [String: String] = [
    "CFFEX.TS tick": "0.002 since 2023; 0.005 when the data was recorded",
    "CFFEX.T hours": "bond futures close at 15:15; the data gives them the hours of index futures",
    "CFFEX.TF hours": "as T",
    "CFFEX.TS hours": "as T",
    "INE.nr hours": "TSR 20 rubber has always closed at 23:00",
    "CZCE.ZC marketLots": "200 there, more than its largest limit order",
  ]

  private func json(_ name: String) throws -> [String: [String: [String: Any]]] {
    let data = try Data(contentsOf: Self.folder.appending(path: name))
    return try #require(
      JSONSerialization.jsonObject(with: data) as? [String: [String: [String: Any]]])
  }

  private func differences(
    _ written: [String: Any], _ ours: CommoditySpecification, hours: String
  ) -> [String] {
    var found: [String] = []
    if (written["volscale"] as? NSNumber)?.int32Value != ours.multiplier {
      found.append("\(ours.key) multiplier")
    }
    let tick = (written["pricetick"] as? NSNumber).map {
      Int64(($0.doubleValue * Double(Price.unitsPerYuan)).rounded())
    }
    if tick != ours.tick.units { found.append("\(ours.key) tick") }
    let sessions = [
      "FD0900": "day", "FN2300": "night-2300", "FN0100": "night-0100", "FN0230": "night-0230",
      "SD0930": "index", "FD0915": "bond",
    ]
    if sessions[written["session"] as? String ?? ""] != hours { found.append("\(ours.key) hours") }
    return found
  }

  @Test(.enabled(if: isThere))
  func multiplierTickAndHoursAgree() throws {
    let configuration = try Example.configuration()
    var compared = 0
    var found: [String] = []
    for (exchange, commodities) in try json("commodities.json") {
      for (code, written) in commodities {
        guard
          let ours = configuration.commodities.first(where: { $0.key == "\(exchange).\(code)" })
        else {
          Issue.record("\(exchange).\(code) is missing")
          continue
        }
        found += differences(
          written, ours, hours: configuration.tradingHours[ours.hours].name)
        compared += 1
      }
    }
    #expect(compared >= 65)
    for difference in found.sorted() where Self.justified[difference] == nil {
      Issue.record("\(difference) differs")
    }
    for difference in Self.justified.keys
    where !difference.hasSuffix("Lots") && !found.contains(difference) {
      Issue.record("\(difference) does not differ any more: take it off the list")
    }
  }

  /// Largest orders, where the data has one figure for all instruments of a commodity.
  @Test(.enabled(if: isThere))
  func orderSizesAgree() throws {
    let configuration = try Example.configuration()
    var sizes: [String: Set<[Int32]>] = [:]
    for (exchange, contracts) in try json("contracts.json") {
      for contract in contracts.values {
        let product = try #require(contract["product"] as? String)
        let limit = try #require(contract["maxlimitqty"] as? NSNumber).int32Value
        let market = try #require(contract["maxmarketqty"] as? NSNumber).int32Value
        sizes["\(exchange).\(product)", default: []].insert([limit, market])
      }
    }
    var compared = 0
    for (key, figures) in sizes.sorted(by: { $0.key < $1.key }) where figures.count == 1 {
      let ours = try #require(configuration.commodities.first { $0.key == key })
      let figure = try #require(figures.first)
      compared += 1
      #expect(ours.limitLots == 1...figure[0], "\(key) limitLots")
      // SHFE and INE take no market orders; the data repeats their largest limit order.
      if ours.exchange == .shfe || ours.exchange == .ine {
        #expect(ours.marketLots == nil, "\(key)")
      } else if Self.justified["\(key) marketLots"] == nil {
        #expect(ours.marketLots == 1...figure[1], "\(key) marketLots")
      }
    }
    #expect(compared >= 60)
  }

  /// Every contract of the listing was one our patterns list in the last week of March 2022.
  @Test(.enabled(if: isThere))
  func theListedInstrumentsAreThoseOfOurPatterns() throws {
    let configuration = try Example.configuration()
    let day = Example.date(20_220_325)
    var ours: [String: Set<String>] = [:]
    for commodity in configuration.commodities {
      let months = commodity.listedMonths(on: day, in: configuration.calendar)
      ours[commodity.key] = Set(months.map(commodity.instrumentCode))
    }
    var theirs: [String: Set<String>] = [:]
    for (exchange, contracts) in try json("contracts.json") {
      for (code, contract) in contracts {
        let product = try #require(contract["product"] as? String)
        theirs["\(exchange).\(product)", default: []].insert(code)
      }
    }
    /// The data lists no quarter months beyond 18 months ahead.
    let listedFurtherAhead: Set = ["SHFE.bu", "INE.sc"]
    for (key, codes) in theirs.sorted(by: { $0.key < $1.key }) {
      let derived = ours[key] ?? []
      #expect(codes.subtracting(derived).isEmpty, "\(key)")
      if !listedFurtherAhead.contains(key) {
        #expect(derived.subtracting(codes).isEmpty, "\(key)")
      }
    }
  }

  @Test(.enabled(if: isThere))
  func theHolidaysAgree() throws {
    let configuration = try Example.configuration()
    let data = try Data(contentsOf: Self.folder.appending(path: "holidays.json"))
    let lists = try #require(JSONSerialization.jsonObject(with: data) as? [String: [String]])
    let theirs = Set(try #require(lists["CHINA"]).compactMap { UInt32($0) })
    var date = Example.date(20_180_101)
    while date <= Example.date(20_221_007) {
      if date.weekday <= 5 {
        #expect(
          configuration.calendar.isTradingDay(date) == !theirs.contains(date.yyyymmdd),
          "\(date.yyyymmdd)")
      }
      date = date.adding(days: 1)
    }
  }
}
