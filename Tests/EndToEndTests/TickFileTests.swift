import Domain
import Exchange
import Foundation
import Testing
import Wire

@testable import Runtime

/// Recorded ticks, plain and packed, from a file to a terminal.
@Suite(.timeLimit(.minutes(10))) struct TickFileTests {
  static let header =
    "TradingDay,ActionDay,UpdateTime,ExchangeID,InstrumentID,LastPrice,Volume,BidPrice1,"
    + "BidVolume1,AskPrice1,AskVolume1\n"

  static func row(_ second: Int, _ last: Int) -> String {
    "20260302,20260302,0930\(second)000,SHFE,rb2604,\(last),\(second),\(last - 1),5,\(last + 1),5\n"
  }

  static let text = header + (10..<60).map { row($0, 3_000 + $0) }.joined()

  /// Files of recorded ticks in a folder of their own, gone when this is.
  final class Recordings {
    let folder: String
    init() throws { folder = try House.newFolder() }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, _ name: String) throws -> String {
      let path = folder + "/" + name
      try Data(text.utf8).write(to: URL(filePath: path))
      return path
    }

    func pack(_ path: String) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["gzip", "-k", path]
      try process.run()
      process.waitUntilExit()
      return path + ".gz"
    }
  }

  static func read(_ path: String) -> (lasts: [Int64], faults: Int) {
    let file = TickFile(path, TickFileReader.Options())
    var lasts: [Int64] = []
    while let tick = file.next() { lasts.append(tick.last.units / Price.unitsPerYuan) }
    return (lasts, file.faults)
  }

  @Test func aPackedFileReadsLikeAPlainOne() throws {
    let recordings = try Recordings()
    let plain = try recordings.write(Self.text, "rb.csv")
    let packed = try recordings.pack(plain)
    let all = (10..<60).map { Int64(3_000 + $0) }
    for path in [plain, packed] {
      let (lasts, faults) = Self.read(path)
      #expect(lasts == all && faults == 0, "\(path)")
      #expect(RecordingFacts(path: path)?.tradingDate.yyyymmdd == 20_260_302)
    }
  }

  @Test func whatCannotBeReadIsCountedAndTheRestIsRead() throws {
    let recordings = try Recordings()
    let spoilt = Self.header + Self.row(10, 3_010) + "nonsense\n" + Self.row(11, 3_011)
    let path = try recordings.write(spoilt, "spoilt.csv")
    #expect(Self.read(path).lasts == [3_010, 3_011])
    #expect(Self.read(path).faults == 1)
    #expect(Self.read(recordings.folder + "/none.csv").faults == 1)
    #expect(Self.read(recordings.folder + "/none.csv.gz").faults == 1)
    // What is no packed file, and a packed one that is cut.
    let mock = try recordings.write(Self.text, "mock.csv.gz")
    #expect(Self.read(mock).lasts.isEmpty && Self.read(mock).faults > 0)
    let packed = try recordings.pack(try recordings.write(Self.text, "cut.csv"))
    let data = try Data(contentsOf: URL(filePath: packed))
    try data.prefix(data.count - 9).write(to: URL(filePath: packed))
    #expect(Self.read(packed).faults > 0)
    #expect(RecordingFacts(path: mock) == nil)
  }

  @Test func ticksOfAPackedFileReachATerminalAndFillItsOrder() throws {
    let recordings = try Recordings()
    let packed = try recordings.pack(try recordings.write(Self.text, "rb.csv"))
    let house = try House(ticks: .files([packed], speed: 0, pauseMaximumSeconds: nil))
    let alice = try house.terminal("alice")
    try #require(house.instrument == InstrumentCode("rb2604"))
    try alice.send(
      OrderEntry.SubscribeTicks(instruments: [
        .init(instrument: house.instrument, exchange: .shfe)
      ]))
    try alice.wait(for: "the last tick") { $0.ticks.last?.last == Price(units: 30_590_000) }
    let tick = try #require(alice.ticks.last)
    #expect(tick.bid == Price(units: 30_580_000) && tick.ask == Price(units: 30_600_000))
    #expect(tick.tradingDay == House.day)
    try alice.place("a-1", lots: 2, at: 3_060)
    let filled = try alice.report(.trade, of: "a-1")
    #expect(filled.lastPrice == Price(units: 30_600_000) && filled.state == .filled)
    try house.prove([alice])
  }
}
