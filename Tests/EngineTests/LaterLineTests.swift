import Domain
import Engine
import Ledger
import Messages
import Storage
import Testing

/// Lines of risk-degree while another mode is to come: today's stay, those for it wait.
@Suite struct LaterLineTests {
  private let anna = World.anna

  private func yuan(_ amount: Int64) -> Int64 { amount * Money.unitsPerYuan }

  private func setMode(_ fixture: EngineFixture, _ mode: RiskDegreeMode) {
    fixture.step(
      .setPlatform(SetPlatform(setting: .riskDegreeMode, value: Int64(mode.rawValue))))
    fixture.drain()
  }

  @discardableResult private func setLine(
    _ fixture: EngineFixture, _ mode: RiskDegreeMode, warn: Int64 = .min, liquidate: Int64 = .min
  ) -> [Effect] {
    fixture.step(
      .setAccountLine(
        SetAccountLine(
          account: anna, line: .riskDegree, basis: .unknown, mode: mode, warn: warn,
          liquidate: liquidate)))
  }

  private func said(_ effects: [Effect]) -> [String] {
    effects.notices.filter { $0.kind == .lineReached || $0.kind == .lineReleased }
      .map { "\($0.kind == .lineReached ? "+" : "-")\($0.rule) \($0.level)" }
  }

  /// What is in force, "unset" when nothing is.
  private func line(_ fixture: EngineFixture) -> String {
    let record = fixture.engine.ledger.lines(anna).pointee
    guard !record.riskDegree.isUnset else { return "unset" }
    return "\(record.riskMode) \(record.riskDegree.warn) \(record.riskDegree.liquidate)"
  }

  /// The day after Monday, and the one after that.
  @discardableResult private func nextDay(
    _ fixture: EngineFixture, _ days: Int64 = 1
  ) -> [Effect] {
    let monday = World.monday.yyyymmdd
    let day = TradingDay(yyyymmdd: monday + UInt32(days))!
    return fixture.beginDay(
      day, nightDate: monday + UInt32(days) - 1,
      at: World.openTime.adding(seconds: 86_400 * days))
  }

  /// 3 174 % of equity against margin, a line at 3 000 % that liquidates, and at noon a mode of
  /// amounts with a line of its own.
  private func fixture() -> EngineFixture {
    let fixture = EngineFixture.trading()
    fixture.tick(World.rb2701, World.yuan(3_500))
    fixture.quote(World.rb2701, bid: 3_499, ask: 3_501)
    fixture.hold(anna, World.rb2701, .long, 90, at: World.yuan(3_500))
    fixture.step(
      .setLineAction(SetLineAction(line: .riskDegree, level: .liquidate, action: .liquidate)))
    fixture.drain()
    setLine(fixture, .equityOverMargin, warn: 3_100_000_000, liquidate: 3_000_000_000)
    setMode(fixture, .equity)
    return fixture
  }

  private let today = "equityOverMargin 3100000000 3000000000"

  @Test func todaysLineStaysUntilTheModeChanges() {
    let fixture = fixture()
    let set = setLine(fixture, .equity, warn: yuan(9_000_000), liquidate: yuan(8_000_000))
    #expect(said(set) == [])
    #expect(line(fixture) == today)
    let cash = fixture.step(
      .moveCash(MoveCash(account: anna, allowedLoss: Money(yuan: -600_000), notToLose: .zero)))
    #expect(said(cash) == ["+riskDegree warn", "+riskDegree liquidate"])
    let begun = (cash + Array(fixture.drain().joined())).liquidations
    #expect(begun.first?.owner == .account)
  }

  @Test func theNewLineHoldsFromTheNextDayOn() {
    let fixture = fixture()
    setLine(fixture, .equity, warn: yuan(20_000_000), liquidate: yuan(8_000_000))
    #expect(line(fixture) == today)
    #expect(said(nextDay(fixture)) == ["+riskDegree warn"])
    #expect(line(fixture) == "equity \(yuan(20_000_000)) \(yuan(8_000_000))")
  }

  @Test func whatWaitsIsPartOfTheState() throws {
    let fixture = fixture()
    let without = fixture.stateHash
    setLine(fixture, .equity, warn: yuan(20_000_000), liquidate: yuan(8_000_000))
    #expect(fixture.stateHash != without)
    var buffer = EffectBuffer()
    var engine = Engine(capacities: World.capacities)
    for stamped in fixture.commands { engine.step(stamped, into: &buffer) }
    let replayed = engine.stateHash
    #expect(replayed == fixture.stateHash)
    var writer = try SnapshotWriter(
      engine.facts(genesisHash: InlineArray(repeating: 0), journalCRC: 0), to: MemorySnapshot())
    try engine.pass(through: &writer)
    var reader = try SnapshotReader(writer.finish())
    var restored = try Engine.read(from: &reader, capacities: World.capacities)
    try reader.finish()
    let count = fixture.commands.count
    nextDay(fixture)
    for stamped in fixture.commands[count...] { restored.step(stamped, into: &buffer) }
    let hash = restored.stateHash
    let pair = restored.ledger.lines(anna).pointee.riskDegree
    #expect(hash == fixture.stateHash)
    #expect(pair == LinePair(warn: yuan(20_000_000), liquidate: yuan(8_000_000)))
  }

  @Test func goingBackWithALineDropsWhatWaits() {
    let fixture = fixture()
    setLine(fixture, .equity, warn: yuan(20_000_000))
    setMode(fixture, .equityOverMargin)
    setLine(fixture, .equityOverMargin, warn: 3_000_000_000)
    let back = "equityOverMargin 3000000000 \(Int64.min)"
    #expect(line(fixture) == back)
    nextDay(fixture)
    #expect(line(fixture) == back)
    // It does not come back with its mode either: another pair was set since.
    setMode(fixture, .equity)
    nextDay(fixture, 2)
    #expect(line(fixture) == back)
  }

  @Test func goingBackAloneLeavesTodaysLineAndWhatWaitsForItsMode() {
    let fixture = fixture()
    setLine(fixture, .equity, warn: yuan(20_000_000))
    setMode(fixture, .equityOverMargin)
    nextDay(fixture)
    #expect(line(fixture) == today)
    setMode(fixture, .equity)
    nextDay(fixture, 2)
    #expect(line(fixture) == "equity \(yuan(20_000_000)) \(Int64.min)")
  }

  /// With the next day, in whichever mode.
  @Test(arguments: [false, true]) func aLineIsTakenAwayWithTheNextDay(goesBack: Bool) {
    let fixture = fixture()
    setLine(fixture, .equityOverMargin)
    #expect(line(fixture) == today)
    if goesBack { setMode(fixture, .equityOverMargin) }
    #expect(line(fixture) == today)
    nextDay(fixture)
    #expect(line(fixture) == "unset")
  }

  @Test func anotherModesLineIsSetAtOnceAndIsOff() {
    let fixture = fixture()
    setLine(fixture, .equity, warn: yuan(20_000_000))
    setLine(fixture, .marginOverEquity, warn: 5, liquidate: 6)
    #expect(line(fixture) == "marginOverEquity 5 6")
    nextDay(fixture)
    #expect(line(fixture) == "marginOverEquity 5 6")
  }

  /// Some accounts' days are closed by then, others' are not.
  @Test func whileADayIsSwitchedItsModeIsTheOneThatHolds() {
    let fixture = fixture()
    setLine(fixture, .equity, warn: yuan(20_000_000))
    let asked = fixture.step(
      .daySwitch(
        DaySwitch(tradingDay: World.tuesday, nightDate: World.monday.yyyymmdd)),
      at: World.openTime.adding(seconds: 86_400))
    #expect(said(asked) == [])
    #expect(!fixture.isReady)
    fixture.step(
      .setPlatform(SetPlatform(setting: .riskDegreeMode, value: 4)))
    setLine(fixture, .marginOverEquity, warn: 5, liquidate: 6)
    #expect(line(fixture) == "equity \(yuan(20_000_000)) \(Int64.min)")
    let begun = Array(fixture.drain().joined())
    #expect(said(begun) == ["+riskDegree warn"])
    #expect(line(fixture) == "equity \(yuan(20_000_000)) \(Int64.min)")
    fixture.beginDay(
      TradingDay(yyyymmdd: World.tuesday.yyyymmdd + 1)!, nightDate: World.tuesday.yyyymmdd,
      at: World.openTime.adding(seconds: 86_400 * 2))
    #expect(line(fixture) == "marginOverEquity 5 6")
  }
}
