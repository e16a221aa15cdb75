import Domain
import Engine
import Ledger
import Messages
import Testing

/// What can be asked of liquidations, and what is refused.
@Suite struct LiquidationCommandTests {
  @Test(arguments: [
    ForceLiquidate(
      who: Name(), account: World.anna, product: .none, instrument: .none, side: .unknown,
      hedge: .unknown, extent: .all),
    ForceLiquidate(
      who: Name("wei")!, account: OperationAccountID(40), product: .none, instrument: .none,
      side: .unknown, hedge: .unknown, extent: .all),
    ForceLiquidate(
      who: Name("wei")!, account: World.anna, product: World.alpha, instrument: .none,
      side: .unknown, hedge: .unknown, extent: .all),
    ForceLiquidate(
      who: Name("wei")!, account: World.anna, product: .none, instrument: .none, side: .long,
      hedge: .unknown, extent: .all),
    ForceLiquidate(
      who: Name("wei")!, account: World.anna, product: .none, instrument: World.rb2701,
      side: .unknown, hedge: .hedge, extent: .all),
    ForceLiquidate(
      who: Name("wei")!, account: World.anna, product: .none, instrument: .none, side: .unknown,
      hedge: .unknown, extent: .unknown),
  ])
  func whatMakesNoSenseIsRefused(_ force: ForceLiquidate) {
    let fixture = EngineFixture.trading()
    let hash = fixture.booksHash
    #expect(fixture.step(.forceLiquidate(force)).refusals.count == 1)
    #expect(fixture.booksHash == hash)
    #expect(fixture.refusal(World.anna) == nil)
  }

  @Test(arguments: [
    (PlatformSetting.liquidationTicks, Int64(1_000), Int64(1_001)),
    (.liquidationRepriceSeconds, 3_600, 3_601), (.liquidationPrice, 3, 4),
    (.liquidationExtent, 2, 3),
  ])
  func settingsHaveTheirRanges(_ setting: PlatformSetting, _ last: Int64, _ beyond: Int64) {
    let fixture = EngineFixture.trading()
    #expect(fixture.step(.setPlatform(SetPlatform(setting: setting, value: last))).isEmpty)
    #expect(
      fixture.step(.setPlatform(SetPlatform(setting: setting, value: beyond))).refusals.count == 1)
    #expect(fixture.step(.setPlatform(SetPlatform(setting: setting, value: .min))).isEmpty)
  }

  @Test func positionMarginRatioMayNotLiquidate() {
    let fixture = EngineFixture.trading()
    let set = SetLineAction(line: .positionMarginRatio, level: .warn, action: .liquidate)
    #expect(fixture.step(.setLineAction(set)).refusals.count == 1)
  }
}
