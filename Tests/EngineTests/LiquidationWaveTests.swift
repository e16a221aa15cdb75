import Domain
import Engine
import Ledger
import Messages
import Testing

/// A bad day: everybody is liquidated at once.
@Suite struct LiquidationWaveTests {
  static let accounts = 1_000
  static let products = 10
  static let instruments = [
    World.rb2701, World.rb2705, World.i2701, World.m2701, World.if2612,
  ]
  static let lots: Lots = 2

  /// A house of a thousand accounts, each with two lots of five instruments; a fund account a
  /// product has what its accounts have.
  static func house(products: Int = LiquidationWaveTests.products) -> EngineFixture {
    let fixture = EngineFixture(
      capacities: LedgerCapacities(
        operationAccounts: accounts, fundAccounts: products, products: products, counters: 2,
        instruments: 8, commodities: 8, tradingHours: 2, orders: 8_192, children: 8_192,
        positions: 8_192, figures: 8_192, lots: 16_384, limitRows: 16, rateOwners: 4, rates: 64,
        rateWindow: 8_192, accessRows: 16))
    for command in World.definitions {
      switch command {
      case .engineSettings, .defineTradingHours, .defineCommodity, .defineInstrument,
        .defineCounter:
        fixture.step(command)
      case .setRates(let set) where set.ownerKind == .platform: fixture.step(command)
      default: break
      }
    }
    for product in 0..<products {
      let id = ProductID(UInt32(product))
      fixture.step(
        .defineProduct(DefineProduct(name: Name("product-\(product)")!, mode: .priority)))
      fixture.step(
        .defineFundAccount(
          DefineFundAccount(
            name: Name("fund-\(product)")!, product: id, counter: CounterID(UInt32(product % 2)))))
      open(.fundAccount, product, lots * Lots(accounts / products), fixture)
    }
    for account in 0..<accounts {
      fixture.step(
        .defineOperationAccount(
          DefineOperationAccount(
            name: Name("account-\(account)")!, product: ProductID(UInt32(account % products)))))
      open(.operationAccount, account, lots, fixture)
    }
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    for fund in 0..<products { fixture.link(FundAccountID(UInt32(fund))) }
    return fixture
  }

  private static func open(
    _ kind: HolderKind, _ id: Int, _ lots: Lots, _ fixture: EngineFixture
  ) {
    fixture.step(
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: kind, holderID: UInt32(id), allowedLoss: Money(yuan: 100_000_000),
          notToLose: .zero)))
    for instrument in instruments {
      let price = World.yuan(World.listings[instrument.index].price)
      fixture.step(
        .setOpeningPosition(
          SetOpeningPosition(
            holderKind: kind, holderID: UInt32(id), instrument: instrument, side: .long,
            hedge: .speculation, lots: lots, openPrice: price, markPrice: price,
            openDay: World.monday)))
    }
  }

  @Test func aThousandAccountsGoWithoutAStepThatIsLong() {
    let fixture = Self.house()
    var orders = 0
    var ended = 0
    func worksOff() -> [SendOrder] {
      var sent: [SendOrder] = []
      for slice in fixture.drain() {
        // design.md: no step fans out over more than 256 units.
        #expect(slice.sent.count <= Engine.unitsPerStep)
        #expect(slice.liquidations.count <= Engine.unitsPerStep)
        sent += slice.sent
        ended += slice.liquidations.count { $0.end == .done }
      }
      return sent
    }
    var waiting: [SendOrder] = []
    for product in 0..<Self.products {
      let effects = fixture.step(
        .forceLiquidate(
          ForceLiquidate(
            who: Name("wei")!, account: .none, product: ProductID(UInt32(product)),
            instrument: .none, side: .unknown, hedge: .unknown, extent: .all)))
      #expect(effects.refusals.isEmpty)
      waiting += worksOff()
    }
    #expect(waiting.count == Self.accounts * Self.instruments.count)
    while !waiting.isEmpty {
      let sent = waiting
      waiting = []
      for child in sent {
        orders += 1
        fixture.counterSequences[child.fundAccount.index] += 1
        fixture.step(
          .counterTrade(
            CounterTrade(
              fundAccount: child.fundAccount,
              counterSequence: fixture.counterSequences[child.fundAccount.index],
              child: child.child, instrument: child.instrument, side: child.side,
              offset: child.offset, hedge: child.hedge, price: child.price, lots: child.lots,
              tradeTime: fixture.time, tradeID: VenueID("trade")!, venueOrderID: VenueID())))
      }
      waiting += worksOff()
    }
    #expect(orders == Self.accounts * Self.instruments.count)
    #expect(ended == Self.accounts)
    for account in 0..<Self.accounts {
      #expect(fixture.holder(OperationAccountID(UInt32(account))).heldLots == 0)
    }
    for fund in 0..<Self.products {
      #expect(fixture.holder(FundAccountID(UInt32(fund))).heldLots == 0)
    }
    #expect(fixture.nextDeadline == .never)
  }
}
