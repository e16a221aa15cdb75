import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// A lock through the engine: the operation account closes, the fund account opens, and what both
/// hold agrees in signed lots.
@Suite struct LockModeTests {
  private let price = World.yuan(3_500)

  private static func lock(_ mode: Int64, _ flag: ProductSetting? = nil) -> [Command] {
    var commands: [Command] = [
      .setProduct(SetProduct(product: World.alpha, setting: .lockMode, value: mode))
    ]
    if let flag {
      commands.append(.setProduct(SetProduct(product: World.alpha, setting: flag, value: 1)))
    }
    return commands
  }

  private func net(_ fixture: EngineFixture, _ long: Lots?, _ short: Lots?) -> Int64 {
    Int64(long ?? 0) - Int64(short ?? 0)
  }

  private func ofFunds(_ fixture: EngineFixture) -> Int64 {
    [World.north1, World.south1].reduce(0) { sum, fund in
      sum
        + net(
          fixture, fixture.side(fund, World.rb2701, .long)?.held,
          fixture.side(fund, World.rb2701, .short)?.held)
    }
  }

  private func ofAccounts(_ fixture: EngineFixture) -> Int64 {
    [World.anna, World.amir].reduce(0) { sum, account in
      sum
        + net(
          fixture, fixture.side(account, World.rb2701, .long)?.held,
          fixture.side(account, World.rb2701, .short)?.held)
    }
  }

  @Test func aCloseTodayIsLockedAtTheCounter() {
    let fixture = EngineFixture.trading(before: Self.lock(1))
    fixture.hold(World.anna, World.rb2701, .long, 5, at: price)
    let out = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: price)
    #expect(out.sent.map(\.offset) == [.open])
    #expect(out.sent.map(\.side) == [.sell])
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.holder(World.north1).frozenMargin == Money(yuan: 10_500))
    let filled = fixture.fill(out.sent[0].child, World.yuan(3_510), 3)
    #expect(filled.reports.map(\.state) == [.filled])
    #expect(filled.notices.isEmpty)
    #expect(fixture.side(World.anna, World.rb2701, .long)?.held == 2)
    #expect(fixture.side(World.north1, World.rb2701, .long)?.held == 5)
    #expect(fixture.side(World.north1, World.rb2701, .short)?.held == 3)
    #expect(ofFunds(fixture) == 2)
    #expect(ofAccounts(fixture) == 2)
    #expect(fixture.holder(World.anna).closeProfit == Money(yuan: 300))
    #expect(fixture.unmapped(World.alpha, World.rb2701) == nil)
  }

  /// The next day the locked lots are yesterday's: what is closed then closes really.
  @Test func yesterdaysLocksAreClosedFirst() {
    let fixture = EngineFixture.trading(before: Self.lock(2))
    fixture.hold(World.anna, World.rb2701, .long, 5, at: price)
    let out = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: price)
    #expect(out.sent.map(\.offset) == [.open])
    fixture.fill(out.sent[0].child, price, 3)
    fixture.beginDay(
      World.tuesday, nightDate: 0, at: World.openTime.adding(seconds: 86_400))
    fixture.hold(World.amir, World.rb2701, .long, 1, at: price)
    let exit = fixture.send(World.amir, World.rb2701, .sell, .closeToday, 1, at: price)
    #expect(exit.sent.map(\.offset) == [.closeYesterday])
    fixture.fill(exit.sent[0].child, price, 1)
    #expect(ofFunds(fixture) == 2)
    #expect(ofAccounts(fixture) == 2)
  }

  @Test(arguments: [
    (Int64(1), nil as ProductSetting?, [Offset]()), (1, .closesWithoutFunds, [.closeToday]),
    (2, nil, []), (2, .closesTodayWithoutLock, [.closeToday]),
  ])
  func withoutFundsTheProductsFlagDecides(
    _ mode: Int64, _ flag: ProductSetting?, _ offsets: [Offset]
  ) {
    let fixture = EngineFixture.trading(before: Self.lock(mode, flag))
    fixture.hold(World.anna, World.rb2701, .long, 5, at: price)
    for fund in [World.north1, World.south1] {
      fixture.step(
        .setFundAccount(
          SetFundAccount(
            fundAccount: fund, setting: .minimumReserve, value: World.fundBalance.units)))
    }
    let out = fixture.send(World.anna, World.rb2701, .sell, .closeToday, 3, at: price)
    #expect(out.sent.map(\.offset) == offsets)
    if offsets.isEmpty { #expect(out.reports.map(\.refusal.rule) == [.fundMinReserve]) }
    for child in out.sent { fixture.fill(child.child, price, child.lots) }
    #expect(ofFunds(fixture) == ofAccounts(fixture))
  }

  @Test(arguments: [Int64(3), -1, 256])
  func anUnknownModeIsRefused(_ mode: Int64) {
    let fixture = EngineFixture.trading()
    let effects = fixture.step(Self.lock(mode)[0])
    #expect(effects.refusals.map(\.rule) == [.badCommand])
  }
}
