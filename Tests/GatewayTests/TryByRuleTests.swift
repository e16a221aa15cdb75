import Domain
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

/// What a try says of an account's lines and of what fund accounts may do: each with the figures
/// and the unit that its order is then refused by, or that leave its lots without a place.
@Suite struct TryByRuleTests {
  private static let alice = SmallHouse.alice
  private static let m = CommodityID(2)

  private static func desk(_ commands: [Command]) throws -> FollowedDesk {
    var desk = try FollowedDesk()
    desk.alice = try desk.logOn()
    try set(commands, &desk)
    return desk
  }

  private static func set(_ commands: [Command], _ desk: inout FollowedDesk) throws {
    for command in commands {
      let taken = desk.desk.gateway.take(command)
      try #require(taken, "\(command)")
    }
    desk.settle()
  }

  /// Buys m2701 to open: 3 500 yuan of margin and 3 yuan of fees a lot, of 1 000 000 yuan.
  private static func order(_ id: String, _ lots: Lots) -> OrderEntry.NewOrder {
    GatewayDesk.order(id, instrument: "m2701", lots: lots)
  }

  /// Ten lots that fill, for 30 yuan.
  private static func holdTen(_ desk: inout FollowedDesk) throws {
    let report = try desk.decided(order("ten", 10), filled: 10, from: desk.alice)
    try #require(report.execType == .new)
  }

  private static func line(
    _ rule: RuleID, _ warn: Int64, _ liquidate: Int64 = .min, of basis: LineBasis = .unknown,
    mode: RiskDegreeMode = .unknown
  ) -> Command {
    .setAccountLine(
      SetAccountLine(
        account: alice, line: rule, basis: basis, mode: mode, warn: warn, liquidate: liquidate))
  }

  private static func figures(
    _ rule: RuleID, _ unit: Unit, _ observed: Int64, _ limit: Int64, _ asked: Int64,
    _ scope: ScopeKind = .operationAccount, _ name: String = "alice"
  ) -> OrderEntry.RefusalFigures {
    OrderEntry.RefusalFigures(
      rule: rule.rawValue, unit: unit, scopeKind: scope, observed: observed, limit: limit,
      asked: asked, scopeName: Name(name)!)
  }

  private static let yuan = Money.unitsPerYuan

  /// The try and the order say the same, and so many lots would pass.
  private static func checkRefused(
    _ desk: inout FollowedDesk, lots: Lots, by figures: OrderEntry.RefusalFigures,
    left: Int64? = nil, pass: Lots, most: Lots? = nil
  ) throws {
    let order = order("x-\(lots)-\(figures.rule)", lots)
    let answer = desk.explain(FollowedDesk.trial(order), from: desk.alice)
    #expect(answer.end.verdict == .refused && answer.end.refusal == figures)
    #expect(answer.end.passLots == pass && answer.end.mostLots == most ?? pass)
    #expect(answer.end.binding.rule == figures.rule)
    let decider = try #require(answer.decider)
    #expect(decider.rule == figures.rule && decider.unit == figures.unit)
    #expect(decider.observed == figures.observed && decider.limit == figures.limit)
    #expect(decider.asked == figures.asked && decider.headRoom == left ?? .min)
    #expect(decider.scopeKind == figures.scopeKind && decider.scopeName == figures.scopeName)
    let report = try desk.decided(order, filled: 0, from: desk.alice)
    #expect(report.execType == .rejected && report.refusal == figures)
    guard pass > 0 else { return }
    let passing = try desk.decided(
      Self.order("y-\(figures.rule)", pass), filled: 0, from: desk.alice)
    #expect(passing.execType == .new && passing.leavesLots == pass)
  }

  // MARK: Lines

  /// Without margin there is no degree yet: 143 lots of 3 500 yuan bring it to 199.8 %.
  @Test func riskDegree() throws {
    let one = Rate.unitsPerOne
    var desk = try Self.desk([
      Self.line(.riskDegree, 3 * one, 2 * one, mode: .equityOverMargin)
    ])
    try Self.checkRefused(
      &desk, lots: 143, by: Self.figures(.riskDegree, .percent, .min, 2_000_000, 1_998_002),
      pass: 142)
    // 142 lots work by now: the degree is 201.2072 %, and one lot more takes off 1.407 %.
    let next = desk.explain(FollowedDesk.trial(Self.order("z", 1)), from: desk.alice)
    #expect(
      next.end.refusal
        == Self.figures(.riskDegree, .percent, 2_012_072, 2_000_000, 1_998_002 - 2_012_072))
  }

  @Test func dailyLoss() throws {
    var desk = try Self.desk([Self.line(.dailyLoss, 300 * Self.yuan, 600 * Self.yuan)])
    try Self.checkRefused(
      &desk, lots: 201,
      by: Self.figures(.dailyLoss, .money, 0, 600 * Self.yuan, 603 * Self.yuan),
      left: 600 * Self.yuan, pass: 199)
  }

  @Test func dailyLossRatio() throws {
    var desk = try Self.desk([
      Self.line(.dailyLossRatio, 30_000, 60_000, of: .openingEquity)
    ])
    try Self.checkRefused(
      &desk, lots: 201, by: Self.figures(.dailyLossRatio, .percent, 0, 600, 603), left: 600,
      pass: 199)
  }

  /// What is lost is lost: no size is small enough.
  @Test func totalLossRatio() throws {
    var desk = try Self.desk([Self.line(.totalLossRatio, 1_000, 2_000, of: .allowedLoss)])
    try Self.holdTen(&desk)
    try Self.checkRefused(
      &desk, lots: 1, by: Self.figures(.totalLossRatio, .percent, 30, 20, 0), left: -10, pass: 0)
  }

  @Test func positionMarginRatio() throws {
    var desk = try Self.desk([
      Self.line(.positionMarginRatio, Rate.unitsPerOne / 2, of: .equity)
    ])
    try Self.checkRefused(
      &desk, lots: 200, by: Self.figures(.positionMarginRatio, .percent, 0, 500_000, 700_000),
      left: 500_000, pass: 142)
  }

  @Test func drawdown() throws {
    var desk = try Self.desk([Self.line(.drawdown, 1_000, 2_000)])
    try Self.holdTen(&desk)
    try Self.checkRefused(
      &desk, lots: 1, by: Self.figures(.drawdown, .percent, 30, 20, 0), left: -10, pass: 0)
  }

  /// A line that is reached slows down: the clock of the question decides.
  @Test func slowDown() throws {
    var desk = try Self.desk([
      Self.line(.drawdown, 1_000),
      .setLineAction(SetLineAction(line: .drawdown, level: .warn, action: .slowDown)),
      .setPlatform(SetPlatform(setting: .slowDownMilliseconds, value: 500)),
    ])
    try Self.holdTen(&desk)
    desk.desk.pass(200_000_000)
    desk.settle()
    try Self.checkRefused(
      &desk, lots: 1, by: Self.figures(.slowDown, .milliseconds, 200, 500, 0), pass: 0)
    desk.desk.pass(300_000_000)
    desk.settle()
    let later = desk.explain(FollowedDesk.trial(Self.order("z", 1)), from: desk.alice)
    #expect(later.passesWhole)
  }

  @Test func linesThatAreUnsetSaySo() throws {
    var desk = try Self.desk([])
    let answer = desk.explain(FollowedDesk.trial(Self.order("x", 1)), from: desk.alice)
    let lines = answer.findings.filter { (401...410).contains($0.rule) }
    #expect(lines.map(\.rule) == [401, 402, 403, 404, 405, 406, 407, 408, 409, 410])
    // The platform's floor of the risk degree holds for everybody.
    #expect(lines.map { $0.standing == .unset } == [false] + Array(repeating: true, count: 9))
    #expect(lines.allSatisfy { $0.flags.contains(.passes) && $0.headRoom == .min })
    let degree = try #require(lines.first)
    #expect(degree.observed == .min && degree.limit == 250_000 && degree.unit == .percent)
    #expect(degree.asked == 285_714_286)
  }

  // MARK: Fund accounts

  /// What is taken, how it is split, and why the first fund account can't take more.
  private static func checkFirst(
    _ desk: inout FollowedDesk, lots: Lots, given: [Lots], why: OrderEntry.RefusalFigures
  ) throws {
    let order = order("f-\(why.rule)", lots)
    let answer = desk.explain(FollowedDesk.trial(order), from: desk.alice)
    #expect(answer.end.verdict == .taken && answer.end.placedLots == given.reduce(0, +))
    #expect(answer.now.map(\.lots) == given)
    let first = try #require(answer.now.first)
    #expect(first.fundAccount == Name("fund-1") && first.room == given[0])
    #expect(first.refusal == why)
    let before = desk.desk.orders(at: LinkID(index: 0)).count
    let report = try desk.decided(order, filled: 0, from: desk.alice)
    #expect(report.leavesLots == given.reduce(0, +))
    let sent = desk.desk.orders(at: LinkID(index: 0))[before...].map(\.lots)
    #expect(sent.reduce(0, +) == given[0])
  }

  private static func ofFirst(
    _ rule: RuleID, _ unit: Unit, _ observed: Int64, _ limit: Int64, _ asked: Int64
  ) -> OrderEntry.RefusalFigures {
    figures(rule, unit, observed, limit, asked, .fundAccount, "fund-1")
  }

  @Test func fundOpenVolume() throws {
    var desk = try Self.desk([
      .setFundOpenVolume(
        SetFundOpenVolume(fundAccount: SmallHouse.first, scope: .commodity(Self.m), lots: 16))
    ])
    try Self.holdTen(&desk)
    try Self.checkFirst(
      &desk, lots: 20, given: [6, 14], why: Self.ofFirst(.fundOpenVolume, .lots, 10, 16, 20))
  }

  @Test func fundOrderRate() throws {
    var desk = try Self.desk(
      [
        (FundAccountSetting.orderRateCount, 1), (.orderRateWindowMilliseconds, 60_000),
        (.orderRateBar, 1),
      ].map {
        .setFundAccount(
          SetFundAccount(fundAccount: SmallHouse.first, setting: $0.0, value: $0.1))
      })
    try Self.holdTen(&desk)
    try Self.checkFirst(
      &desk, lots: 5, given: [0, 5], why: Self.ofFirst(.fundOrderRate, .count, 1, 1, 1))
  }

  @Test func fundNotTradable() throws {
    var desk = try Self.desk([
      .setFundTradable(
        SetFundTradable(
          fundAccount: SmallHouse.first, session: .day, scope: .commodity(Self.m), listed: true))
    ])
    try Self.checkFirst(
      &desk, lots: 5, given: [0, 5], why: Self.ofFirst(.fundNotTradable, .code, 0, 0, 0))
  }

  @Test func fundVolumeQuota() throws {
    var desk = try Self.desk([
      .setFundQuota(
        SetFundQuota(
          fundAccount: SmallHouse.first, exchange: .dce, cancels: 5, lots: 40, cancelReserve: 2,
          lotsReserve: 4))
    ])
    try Self.holdTen(&desk)
    try Self.checkFirst(
      &desk, lots: 30, given: [26, 4], why: Self.ofFirst(.fundVolumeQuota, .lots, 10, 36, 30))
  }

  @Test func fundCancelQuota() throws {
    var desk = try Self.desk([
      .setFundQuota(
        SetFundQuota(
          fundAccount: SmallHouse.first, exchange: .dce, cancels: 5, lots: .min,
          cancelReserve: 3, lotsReserve: 0))
    ])
    for id in ["w-1", "w-2"] {
      _ = try desk.decided(Self.order(id, 1), filled: 0, from: desk.alice)
    }
    try Self.checkFirst(
      &desk, lots: 5, given: [0, 5], why: Self.ofFirst(.fundCancelQuota, .count, 2, 2, 1))
  }
}
