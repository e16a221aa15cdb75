import Domain
import Engine
import Ledger
import MarketData
import Messages
import Testing

/// No step fans out over more than 256 units; `continueWork` does the rest.
@Suite struct SliceTests {
  private let price = World.yuan(3_500)

  @Test func aMassCancelOfManyOrdersGoesOnInSlices() {
    let fixture = EngineFixture.trading()
    for _ in 0..<600 {
      fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    }
    fixture.send(World.amir, World.rb2701, .buy, .open, 1, at: price)
    let first = fixture.massCancel(World.anna)
    #expect(first.cancels.count > 0)
    #expect(first.cancels.count <= Engine.unitsPerStep)
    #expect(fixture.hasWork)
    // An order that comes meanwhile is not meant.
    let later = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent[0].child
    let slices = fixture.drain()
    for slice in slices { #expect(slice.cancels.count <= Engine.unitsPerStep) }
    var asked = Set(first.cancels.map(\.child.raw))
    for slice in slices { asked.formUnion(slice.cancels.map(\.child.raw)) }
    #expect(asked.count == 600)
    #expect(!asked.contains(later.raw))
    #expect(fixture.cancels.count == 600)
  }

  /// Confirmations that come between the slices take orders out of the list that is walked.
  @Test func aMassCancelOutlivesTheEndOfItsOrders() {
    let fixture = EngineFixture.trading()
    for _ in 0..<400 {
      fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price)
    }
    var confirmed = 0
    fixture.massCancel(World.anna)
    while fixture.hasWork || confirmed < fixture.cancels.count {
      while confirmed < fixture.cancels.count {
        fixture.confirmCancel(fixture.cancels[confirmed].child)
        confirmed += 1
      }
      if let child = fixture.sent.first(where: { fixture.child($0.child)!.heldLots > 0 }) {
        // The order the walk stopped at fills by itself.
        fixture.fill(child.child, price, 1)
      }
      fixture.step(.continueWork)
    }
    #expect(fixture.holder(World.anna).workingOrders == 0)
    #expect(fixture.holder(World.anna).frozenMargin == .zero)
    #expect(fixture.holder(World.north1).workingOrders == 0)
  }

  @Test func aMassCancelTakesOnlyWhatItNames() {
    let fixture = EngineFixture.trading()
    let wanted = fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price).sent[0]
    fixture.send(World.anna, World.rb2701, .sell, .open, 1, at: World.yuan(3_510))
    fixture.send(World.anna, World.rb2705, .buy, .open, 1, at: World.yuan(3_600))
    let effects = fixture.massCancel(World.anna, World.rb2701, .buy)
    #expect(effects.cancels.map(\.child) == [wanted.child])
  }

  /// 300 holders of one instrument: the tick marks 256 at once, the rest wait, and an account that
  /// trades meanwhile is judged at the newest price.
  @Test func aTickOfManyHoldersMarksThemInSlices() {
    var capacities = World.capacities
    capacities.operationAccounts = 320
    capacities.positions = 1_024
    capacities.figures = 1_024
    let fixture = EngineFixture(capacities: capacities)
    for command in World.definitions { fixture.step(command) }
    let first = World.accountCount
    for index in first..<300 {
      fixture.step(
        .defineOperationAccount(
          DefineOperationAccount(name: Name("many-\(index)")!, product: World.alpha)))
    }
    for index in 0..<300 {
      fixture.step(
        .setOpeningPosition(
          SetOpeningPosition(
            holderKind: .operationAccount, holderID: UInt32(index), instrument: World.rb2701,
            side: .long, hedge: .speculation, lots: 1, openPrice: price, markPrice: price,
            openDay: World.monday)))
    }
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    fixture.linkAll()
    fixture.drain()
    func profits(_ yuan: Int64) -> Int {
      (0..<300).filter {
        fixture.holder(OperationAccountID(UInt32($0))).positionProfit == Money(yuan: yuan)
      }.count
    }
    fixture.tick(World.rb2701, World.yuan(3_510))
    #expect(profits(100) == 256)
    #expect(fixture.hasWork)
    // A second tick while the first is not drained: the last price is never lost.
    fixture.tick(World.rb2701, World.yuan(3_520))
    let last = OperationAccountID(299)
    fixture.send(last, World.rb2701, .sell, .close, 1, at: World.yuan(3_520))
    #expect(fixture.holder(last).positionProfit == Money(yuan: 200))
    fixture.drain()
    #expect(profits(200) == 300)
  }

  /// 200 holders each of two instruments: a change of rates takes the margins of 256 at once, not
  /// of 200 twice.
  @Test func aChangeOfRatesTakesMarginsOfAllItsInstrumentsInSlices() {
    var capacities = World.capacities
    capacities.operationAccounts = 320
    capacities.positions = 1_024
    capacities.figures = 1_024
    let fixture = EngineFixture(capacities: capacities)
    for command in World.definitions { fixture.step(command) }
    for index in World.accountCount..<200 {
      fixture.step(
        .defineOperationAccount(
          DefineOperationAccount(name: Name("many-\(index)")!, product: World.alpha)))
    }
    let instruments = [World.rb2701, World.rb2705]
    for index in 0..<200 {
      for instrument in instruments {
        fixture.step(
          .setOpeningPosition(
            SetOpeningPosition(
              holderKind: .operationAccount, holderID: UInt32(index), instrument: instrument,
              side: .long, hedge: .speculation, lots: 1, openPrice: price, markPrice: price,
              openDay: World.monday)))
      }
    }
    fixture.beginDay(World.monday, nightDate: World.friday.yyyymmdd, at: World.openTime)
    fixture.linkAll()
    fixture.drain()
    var rates = World.rates(World.rb)
    rates.marginLong = TwoPartRate(byLot: Money(yuan: 7_777))
    fixture.step(
      .setRates(
        SetRates(
          ownerKind: .platform, ownerID: 0, scope: .commodity(World.rb), rates: rates)))
    func taken() -> Int {
      (0..<200).reduce(0) { sum, index in
        sum
          + instruments.filter {
            fixture.side(OperationAccountID(UInt32(index)), $0, .long)?.margin
              == Money(yuan: 7_777)
          }.count
      }
    }
    #expect(taken() > 0 && taken() <= Engine.unitsPerStep)
    #expect(fixture.hasWork)
    fixture.drain()
    #expect(taken() == 400)
  }

  @Test func aMassCancelDuringAnotherWaitsItsTurn() {
    let fixture = EngineFixture.trading()
    for _ in 0..<300 { fixture.send(World.anna, World.rb2701, .buy, .open, 1, at: price) }
    let other = fixture.send(World.amir, World.rb2701, .buy, .open, 1, at: price).sent[0].child
    fixture.massCancel(World.anna)
    #expect(fixture.massCancel(World.amir).cancels.isEmpty)
    fixture.drain()
    #expect(fixture.cancels.count == 301)
    #expect(fixture.cancels.contains { $0.child == other })
  }
}
