import Domain
import Testing

@testable import Exchange

@Suite struct TickFileReaderTests {
  static let compactHeader =
    "TradingDay,ActionDay,UpdateTime,ExchangeID,InstrumentID,LastPrice,UpperLimitPrice,"
    + "LowerLimitPrice,Volume,Turnover,OpenInterest,BidPrice1,BidVolume1,AskPrice1,AskVolume1\n"
  static let compactRow =
    "20210104,20210104,093000400,CFFEX,IF2101,5230.8,5737.8,4694.6,311,487976040.0,90751,"
    + "5231.4,2,5231.6,1\n"
  static let quotedHeader =
    "\"TradingDay\",\"InstrumentID\",\"ExchangeID\",\"LastPrice\",\"Volume\",\"OpenInterest\","
    + "\"SettlementPrice\",\"UpdateTime\",\"UpdateMillisec\",\"BidPrice1\",\"BidVolume1\","
    + "\"AskPrice1\",\"AskVolume1\",\"BidPrice2\",\"AveragePrice\",\"ActionDay\"\r\n"

  /// Everything a file gives: ticks and faults in the order of its lines.
  static func read(
    _ text: String, pieces: Int = .max, options: TickFileReader.Options = .init()
  ) -> (ticks: [ExchangeTick], faults: [TickFileFault], withoutPrice: Int) {
    var reader = TickFileReader(options: options)
    var ticks: [ExchangeTick] = []
    var faults: [TickFileFault] = []
    func drain(_ reader: inout TickFileReader) {
      while true {
        do throws(TickFileFault) {
          guard let tick = try reader.next() else { return }
          ticks.append(tick)
        } catch {
          faults.append(error)
        }
      }
    }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      reader.append(Array(rest.prefix(pieces)))
      rest = rest.dropFirst(pieces)
      drain(&reader)
    }
    reader.finish()
    drain(&reader)
    return (ticks, faults, reader.linesWithoutPrice)
  }

  @Test func aCompactRowIsReadToTheLastDigit() throws {
    let result = Self.read(Self.compactHeader + Self.compactRow)
    #expect(result.faults.isEmpty)
    let tick = try #require(result.ticks.first)
    #expect(tick.instrument.string == "IF2101")
    #expect(tick.exchange == .cffex)
    #expect(tick.last.units == 52_308_000)
    #expect(tick.bid == BookLevel(price: Price(units: 52_314_000), lots: 2))
    #expect(tick.ask == BookLevel(price: Price(units: 52_316_000), lots: 1))
    #expect(tick.volume == 311)
    #expect(tick.turnover.units == 4_879_760_400_000)
    #expect(tick.limitUp.units == 57_378_000)
    #expect(tick.priorSettlement.isNone)
    #expect(tick.tradingDate.yyyymmdd == 20_210_104)
    #expect(tick.time.nanoseconds == 1_609_723_800_400_000_000)
  }

  @Test func aQuotedRowWithNotAvailablesIsRead() throws {
    let row =
      "\"20181010\",\"ru1901\",\"\",\"12605.00\",\"132876\",\"348910.00\",\"N/A\",\"23:00:00\","
      + "\"500\",\"12600.00\",\"26\",\"12605.00\",\"27\",\"N/A\",\"126622.524\",\"20181009\"\r\n"
    let result = Self.read(Self.quotedHeader + row, options: .init(exchange: .shfe))
    #expect(result.faults.isEmpty)
    let tick = try #require(result.ticks.first)
    #expect(tick.exchange == .shfe)
    #expect(tick.settlement.isNone)
    #expect(tick.openInterest == 348_910)
    #expect(tick.tradingDate.yyyymmdd == 20_181_010)
    #expect(tick.time.nanoseconds == 1_539_097_200_500_000_000)
  }

  @Test func anExchangeThatIsNotStatedIsTheInstruments() {
    let header = Self.compactHeader.replacing("ExchangeID,", with: "")
    let row = Self.compactRow.replacing("CFFEX,", with: "")
    let code = InstrumentCode("IF2101")!
    for (options, exchange): (TickFileReader.Options, Exchange) in [
      (.init(), .unknown), (.init(exchange: .dce), .dce),
      (.init(exchange: .dce, exchanges: [code: .cffex]), .cffex),
    ] {
      #expect(Self.read(header + row, options: options).ticks.first?.exchange == exchange)
    }
  }

  @Test func anyCutOfTheBytesGivesTheSameTicks() {
    let text = Self.compactHeader + Self.compactRow + "\r\n" + Self.compactRow.dropLast()
    let whole = Self.read(text)
    #expect(whole.ticks.count == 2)
    for pieces in 1...97 {
      let cut = Self.read(text, pieces: pieces)
      #expect(cut.ticks == whole.ticks && cut.faults.isEmpty, "in pieces of \(pieces)")
    }
  }

  @Test func aRowBeforeTheMarketOpensHasNoBook() throws {
    let row = "20210104,20210104,085900000,CFFEX,IF2101,5230.0,0,0,0,0,90751,0.0,0,0.0,0\n"
    let tick = try #require(Self.read(Self.compactHeader + row).ticks.first)
    #expect(tick.bid.isNone && tick.ask.isNone && tick.limitUp.isNone && tick.limitDown.isNone)
    #expect(tick.last.units == 52_300_000)
  }

  @Test func aRowWithoutAnyPriceIsCountedAndPassedOver() {
    let row = "20210104,20210104,085900000,CFFEX,IF2101,0.0,0,0,0,0,90751,0.0,0,0.0,0\n"
    let result = Self.read(Self.compactHeader + row + Self.compactRow)
    #expect(result.ticks.count == 1)
    #expect(result.withoutPrice == 1)
    #expect(result.faults.isEmpty)
  }

  @Test(arguments: [
    ("5230.8", "5230.8x", TickFileFault.Kind.unreadable(column: "LastPrice")),
    ("093000400", "253000400", .unreadable(column: "UpdateTime")),
    ("093000400", "09:30", .unreadable(column: "UpdateTime")),
    ("20210104,2", "20210140,2", .unreadable(column: "TradingDay")),
    ("20210104,2", "19791231,2", .outOfRange(column: "TradingDay")),
    ("20210104,2", "22010101,2", .outOfRange(column: "TradingDay")),
    ("20210104,2", "40420208,2", .outOfRange(column: "TradingDay")),
    (",311,", ",-1,", .outOfRange(column: "Volume")),
    (",311,", ",99999999999999999999,", .outOfRange(column: "Volume")),
    (",311,", ",\"311,", .quote),
    (",311,", ",\"31\"1,", .quote),
    (",311,", ",", .fieldCount(found: 14, expected: 15)),
    ("IF2101", "", .unreadable(column: "InstrumentID")),
    ("IF2101", "IF2101IF2101IF2101IF2101IF2101IF2101", .unreadable(column: "InstrumentID")),
  ])
  func aBadLineIsNamedAndTheNextOneRead(
    _ good: String, _ bad: String, _ kind: TickFileFault.Kind
  ) {
    let row = Self.compactRow.replacing(good, with: bad, maxReplacements: 1)
    let result = Self.read(Self.compactHeader + row + Self.compactRow)
    #expect(result.faults == [TickFileFault(line: 2, kind: kind)])
    #expect(result.ticks.count == 1)
  }

  @Test(arguments: [
    ("InstrumentID", "Code", TickFileFault.Kind.columnMissing("InstrumentID")),
    ("LastPrice", "Last", .columnMissing("LastPrice")),
    ("TradingDay,ActionDay", "A,B", .columnMissing("TradingDay")),
    ("UpperLimitPrice", "LastPrice", .columnTwice("LastPrice")),
  ])
  func aHeaderThatCannotServeIsRefused(
    _ good: String, _ bad: String, _ kind: TickFileFault.Kind
  ) {
    let header = Self.compactHeader.replacing(good, with: bad, maxReplacements: 1)
    #expect(Self.read(header).faults == [TickFileFault(line: 1, kind: kind)])
  }

  @Test func aLineOfTheLargestLengthIsReadAndOneByteMoreIsNot() {
    func row(_ blanks: Int) -> String {
      let pad = String(repeating: " ", count: blanks)
      return Self.compactRow.dropLast() + pad + "\n"
    }
    let room = TickFileReader.lineBytesMaximum - (Self.compactRow.utf8.count - 1)
    #expect(Self.read(Self.compactHeader + row(room)).ticks.count == 1)
    for pieces in [100, 5_000, 100_000] {
      let result = Self.read(
        Self.compactHeader + row(room + 1) + Self.compactRow, pieces: pieces)
      #expect(result.faults == [TickFileFault(line: 2, kind: .lineTooLong)])
      #expect(result.ticks.count == 1, "in pieces of \(pieces)")
    }
  }

  @Test func aByteOrderMarkIsNoPartOfTheHeader() {
    #expect(Self.read("\u{FEFF}" + Self.compactHeader + Self.compactRow).ticks.count == 1)
  }

  @Test func noByteOfAFileMakesItCrash() {
    let text = Array((Self.compactHeader + Self.compactRow + Self.compactRow).utf8)
    var stream = SplitMix64(seed: 7)
    for _ in 0..<3_000 {
      var changed = text
      for _ in 0...stream.below(3) {
        changed[Int(stream.below(UInt64(changed.count)))] = UInt8(stream.below(256))
      }
      var reader = TickFileReader()
      reader.append(changed)
      reader.finish()
      var lines = 0
      while lines < 20 {
        lines += 1
        do throws(TickFileFault) {
          guard try reader.next() != nil else { break }
        } catch {
          continue
        }
      }
      #expect(lines < 20)
    }
  }
}
