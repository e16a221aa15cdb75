import Domain
import Engine
import Ledger
import Messages
import Testing

/// rules.md 0, "Worst case": whatever is accepted, and in whatever order counters fill it, no cap
/// is ever passed.
@Suite struct HardCapTests {
  private static let rb = [World.rb2701, World.rb2705]
  private static let accounts = [
    World.anna, World.amir, World.bela, World.boris, World.cara, World.chen,
  ]
  private static let accountLots: Int64 = 30
  private static let commodityLots: Int64 = 18
  private static let instrumentLots: Int64 = 11
  private static let productLots: Int64 = 40
  private static let productExposure: Int64 = 16
  private static let fundLots: Int64 = 22
  private static let marginCap = Money(yuan: 90_000)
  private static let openedValue = Money(yuan: 2_400_000)

  private static var caps: [Command] {
    var commands: [Command] = [
      .defineScheme(DefineScheme(name: FixedText("caps")!)),
      .setSchemeClause(
        SchemeTests.clause(.totalPositionLots, .commodity, World.rb.raw, one: productLots)),
      .setSchemeClause(
        SchemeTests.clause(
          .totalExposureLots, .commodity, World.rb.raw, number: 2, one: productExposure)),
    ]
    for product in [World.alpha, World.beta, World.gamma] {
      commands.append(SchemeTests.bind(product))
    }
    for account in accounts {
      for (setting, value) in [
        (AccountSetting.positionCap, accountLots), (.marginCap, marginCap.units),
        (.tradedValue, openedValue.units),
      ] {
        commands.append(
          .setAccount(SetAccount(account: account, setting: setting, value: value)))
      }
      commands.append(
        .setPositionLimit(
          SetPositionLimit(
            account: account, scope: .commodity(World.rb), hedge: .unknown, lots: commodityLots,
            margin: .none)))
      commands.append(
        .setPositionLimit(
          SetPositionLimit(
            account: account, scope: .instrument(World.rb2705), hedge: .speculation,
            lots: instrumentLots, margin: .none)))
    }
    for fund in 0..<World.fundAccountCount {
      commands.append(
        .setFundPositionLimit(
          SetFundPositionLimit(
            fundAccount: FundAccountID(UInt32(fund)), scope: .commodity(World.rb),
            hedge: .unknown, long: fundLots, short: fundLots, total: fundLots + 8)))
    }
    return commands
  }

  @Test(arguments: UInt64(1)...60)
  func noOrderOfFillsPassesACap(_ seed: UInt64) {
    var draw = SplitMix64(seed: seed)
    let fixture = EngineFixture.trading(before: Self.caps)
    var working: [(child: SendOrder, left: Lots)] = []
    var fills = 0
    for _ in 0..<260 {
      let choice = draw.below(10)
      if choice < 5 {
        for child in order(fixture, &draw) { working.append((child, child.lots)) }
      } else if !working.isEmpty {
        // Any child of all that work, whichever is the worst.
        let place = draw.below(working.count)
        let (child, left) = working[place]
        if choice == 9 {
          fixture.confirmCancel(child.child, cumulative: child.lots - left)
          working.remove(at: place)
        } else {
          let lots = Lots(draw.below(Int(left))) + 1
          fixture.fill(child.child, child.price, lots)
          fills += 1
          working[place].left -= lots
          if working[place].left == 0 { working.remove(at: place) }
        }
      }
      check(fixture, seed)
    }
    // The worst case comes in the end: all that works is filled.
    for (child, left) in working {
      fixture.fill(child.child, child.price, left)
      check(fixture, seed)
    }
    #expect(fills > 40, "seed \(seed)")
  }

  /// A limit order at a drawn price; what it sends.
  private func order(_ fixture: EngineFixture, _ draw: inout SplitMix64) -> [SendOrder] {
    let account = Self.accounts[draw.below(Self.accounts.count)]
    let instrument = Self.rb[draw.below(2)]
    let price = World.yuan(3_480 + Int64(draw.below(40)) + (instrument == World.rb2705 ? 100 : 0))
    let side: Side = draw.below(2) == 0 ? .buy : .sell
    let lots = Lots(draw.below(9)) + 1
    guard draw.below(3) == 0 else {
      return fixture.send(account, instrument, side, .open, lots, at: price).sent
    }
    let held: PositionSide = side == .buy ? .short : .long
    guard let record = fixture.side(account, instrument, held), record.today > 0 else { return [] }
    return fixture.send(account, instrument, side, .closeToday, min(lots, record.today), at: price)
      .sent
  }

  // MARK: Caps

  private func lots(
    _ fixture: EngineFixture, _ account: OperationAccountID, _ instrument: InstrumentID,
    _ side: PositionSide
  ) -> Int64 {
    fixture.side(account, instrument, side).map { Int64($0.today + $0.yesterday) } ?? 0
  }

  private func check(_ fixture: EngineFixture, _ seed: UInt64) {
    var ofProducts: [Int: (long: Int64, short: Int64)] = [:]
    for account in Self.accounts {
      var all: Int64 = 0
      for instrument in Self.rb {
        let long = lots(fixture, account, instrument, .long)
        let short = lots(fixture, account, instrument, .short)
        all += long + short
        ofProducts[account.index / 2, default: (0, 0)].long += long
        ofProducts[account.index / 2, default: (0, 0)].short += short
        if instrument == World.rb2705 { #expect(long + short <= Self.instrumentLots) }
      }
      #expect(all <= min(Self.commodityLots, Self.accountLots), "seed \(seed)")
      let money = fixture.holder(account)
      // Sold above its limit it could be more (decisions 2): here everything fills at its own.
      #expect(money.margin <= Self.marginCap, "seed \(seed)")
      #expect(money.openedValue <= Self.openedValue, "seed \(seed)")
      #expect(money.available >= .zero || money.margin == .zero, "seed \(seed)")
    }
    for (product, lots) in ofProducts {
      #expect(lots.long + lots.short <= Self.productLots, "seed \(seed) product \(product)")
      #expect(abs(lots.long - lots.short) <= Self.productExposure, "seed \(seed)")
    }
    for fund in 0..<World.fundAccountCount {
      var (long, short): (Int64, Int64) = (0, 0)
      for instrument in Self.rb {
        for side in [PositionSide.long, .short] {
          let record = fixture.side(FundAccountID(UInt32(fund)), instrument, side)
          let held = record.map { Int64($0.today + $0.yesterday) } ?? 0
          if side == .long { long += held } else { short += held }
        }
      }
      #expect(long <= Self.fundLots && short <= Self.fundLots, "seed \(seed) fund \(fund)")
      #expect(long + short <= Self.fundLots + 8, "seed \(seed) fund \(fund)")
    }
  }
}
