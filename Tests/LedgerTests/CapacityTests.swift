import Domain
import Ledger
import MarketData
import Testing

/// Every table at its limit and one past it: refused, and nothing written.
@Suite struct CapacityTests {
  /// Runs what must be refused: the whole state stays as it was.
  private func refused(_ desk: LedgerDesk, _ what: String, _ done: () -> Bool) {
    let state = desk.stateHash
    let books = desk.booksHash
    #expect(!done(), "\(what)")
    #expect(desk.stateHash == state, "\(what)")
    #expect(desk.booksHash == books, "\(what)")
  }

  @Test func whoThereCanBe() {
    let desk = LedgerDesk()
    refused(desk, "counters") { desk.ledger.defineCounter() != nil }
    refused(desk, "products") { desk.ledger.defineProduct(mode: .ratio) != nil }
    refused(desk, "fund accounts") {
      desk.ledger.defineFundAccount(desk.product, desk.counter) != nil
    }
    refused(desk, "operation accounts") {
      desk.ledger.defineOperationAccount(desk.product) != nil
    }
  }

  @Test func whatDoesNotExistCannotBeNamed() {
    var capacities = LedgerDesk.capacities
    capacities.products = 2
    capacities.fundAccounts = 4
    capacities.operationAccounts = 4
    let desk = LedgerDesk(capacities: capacities)
    refused(desk, "a product without a mode") { desk.ledger.defineProduct(mode: .unknown) != nil }
    refused(desk, "a counter") {
      desk.ledger.defineFundAccount(desk.product, CounterID(1)) != nil
    }
    refused(desk, "a fund account's product") {
      desk.ledger.defineFundAccount(ProductID(1), desk.counter) != nil
    }
    refused(desk, "an operation account's product") {
      desk.ledger.defineOperationAccount(ProductID(1)) != nil
    }
    #expect(desk.ledger.defineFundAccount(.none, desk.counter) == FundAccountID(2))
    #expect(desk.ledger.defineOperationAccount(.none) == OperationAccountID(2))
  }

  @Test func aProductHasThirtyTwoFundAccounts() {
    var capacities = LedgerDesk.capacities
    capacities.fundAccounts = 40
    let desk = LedgerDesk(capacities: capacities)
    for _ in 2..<32 {
      let added = desk.ledger.defineFundAccount(desk.product, desk.counter)
      #expect(added != nil)
    }
    refused(desk, "the 33rd") {
      desk.ledger.defineFundAccount(desk.product, desk.counter) != nil
    }
  }

  @Test func rowsOfLimits() {
    let desk = LedgerDesk()
    func limit(_ holder: HolderID, _ hedge: HedgeFlag) -> Bool {
      desk.ledger.changeLimitRow(
        holder, desk.rebar, kind: .position, instrument: .none, hedge: hedge
      ) { $0.pointee.lots = 5 }
    }
    let alice = desk.ledger.holder(of: desk.alice)
    for hedge in [HedgeFlag.speculation, .hedge] {
      let took = limit(alice, hedge)
      #expect(took)
    }
    refused(desk, "a third row") { limit(alice, .arbitrage) }
    // Not even the figures of a holder who has none yet.
    refused(desk, "another holder's row") { limit(desk.ledger.holder(of: desk.bob), .hedge) }
    #expect(desk.ledger.figuresNumber(desk.ledger.holder(of: desk.bob), desk.rebar) == 0)
    let again = limit(alice, .hedge)
    #expect(again)
  }

  @Test func rowsOfAddresses() {
    let desk = LedgerDesk()
    refused(desk, "an upside-down range") {
      desk.ledger.allowAddress(desk.alice, from: (0, 2), to: (0, 1))
    }
    let address = desk.ledger.allowAddress(desk.alice, from: (0, 1), to: (0, 1))
    let mac = desk.ledger.allowMAC(desk.bob, 7)
    #expect(address && mac)
    refused(desk, "a third row") { desk.ledger.allowMAC(desk.alice, 8) }
    refused(desk, "a third address") {
      desk.ledger.allowAddress(desk.bob, from: (0, 1), to: (1, 0))
    }
  }

  @Test func ownersAndRowsOfRates() {
    let desk = LedgerDesk()
    func set(_ holder: HolderID?, _ commodity: CommodityID, _ instrument: InstrumentID?) -> Bool {
      desk.ledger.setRates(
        holder, commodity: commodity, instrument: instrument, LedgerDesk.rates)
    }
    let alice = desk.ledger.holder(of: desk.alice)
    let bob = desk.ledger.holder(of: desk.bob)
    let first = set(alice, desk.rebar, nil)
    #expect(first)
    refused(desk, "a second owner") { set(bob, desk.rebar, nil) }
    let second = set(alice, desk.iron, nil)
    #expect(second)
    refused(desk, "a fifth row") { set(alice, desk.rebar, desk.rb) }
    refused(desk, "a fifth row of the platform") { set(nil, desk.rebar, desk.rb) }
    let again = set(alice, desk.rebar, nil)
    #expect(again)
  }

  @Test func withoutARowThereIsNoOwner() {
    var capacities = LedgerDesk.capacities
    capacities.rates = 2
    let desk = LedgerDesk(capacities: capacities)
    refused(desk, "rates of alice") {
      desk.ledger.setRates(
        desk.ledger.holder(of: desk.alice), commodity: desk.rebar, instrument: nil,
        LedgerDesk.rates)
    }
  }

  @Test func figuresOfCommodities() {
    var capacities = LedgerDesk.capacities
    capacities.figures = 1
    let desk = LedgerDesk(capacities: capacities)
    let alice = desk.ledger.holder(of: desk.alice)
    let given = desk.give(alice, .long, 1, of: desk.rb)
    #expect(given)
    refused(desk, "a position elsewhere") { desk.give(alice, .long, 1, of: desk.ore) }
    refused(desk, "another holder's limit") {
      desk.ledger.changeFigures(desk.ledger.holder(of: desk.bob), desk.rebar) {
        $0.pointee.lotsCap = 1
      }
    }
    // Where the records are, more goes in.
    let more = desk.give(alice, .short, 1, of: desk.rb)
    #expect(more)
  }

  /// Three chunks of 32 records; 100 accounts want one each.
  @Test func positions() {
    var capacities = LedgerDesk.capacities
    capacities.operationAccounts = 100
    capacities.positions = 32
    capacities.figures = 110
    capacities.lots = 200
    let desk = LedgerDesk(capacities: capacities)
    let funded = desk.external(desk.north, .open, 1)
    #expect(funded != nil)
    while desk.ledger.accountCount < 100 {
      let account = desk.ledger.defineOperationAccount(desk.product)
      #expect(account != nil)
    }
    for account in UInt32(0)..<95 {
      let given = desk.give(HolderID(account), .long, 1, of: desk.rb)
      #expect(given)
    }
    let isFull = !desk.ledger.hasRoomForPositions(desk.rb, 1, figures: 0)
    #expect(isFull)
    refused(desk, "a 97th position") { desk.give(HolderID(95), .long, 1, of: desk.rb) }
    refused(desk, "in the other instrument") { desk.give(HolderID(0), .long, 1, of: desk.ore) }
    refused(desk, "an external trade") { desk.external(desk.south, .open, 1) != nil }
    // Who has a record goes on: fills are facts.
    let again = desk.give(HolderID(0), .long, 1, of: desk.rb)
    #expect(again)
    let more = desk.external(desk.north, .open, 2)
    #expect(more != nil)
    #expect(desk.holder(desk.north).heldLots == 3)
  }

  @Test func ordersAndChildrenOfADay() {
    var capacities = LedgerDesk.capacities
    capacities.orders = 2
    capacities.children = 1
    let desk = LedgerDesk(capacities: capacities)
    #expect(desk.hasRoomForOrder)
    #expect(desk.ledger.freeChildren == 1)
    let terms = desk.terms(.buy, .open, 1)
    _ = desk.send(desk.accept(terms), to: desk.north, terms)
    #expect(desk.ledger.freeChildren == 0)
    #expect(desk.hasRoomForOrder)
    _ = desk.accept(desk.terms(.buy, .open, 1))
    #expect(!desk.hasRoomForOrder)
  }

  /// A holder's gross lots of a day end at their proven range.
  @Test func lotsOfADay() {
    let desk = LedgerDesk()
    let alice = desk.ledger.holder(of: desk.alice)
    let given = desk.give(alice, .long, Ranges.holderLotsMaximum - 3, of: desk.rb)
    #expect(given)
    #expect(desk.ledger.rangeRoom(alice) == 3)
    refused(desk, "four lots more") { desk.give(alice, .short, 4, of: desk.rb) }
    _ = desk.accept(desk.terms(.buy, .open, 2))
    #expect(desk.ledger.rangeRoom(alice) == 1)
    let rest = desk.give(alice, .short, 1, of: desk.rb)
    #expect(rest)
    #expect(desk.ledger.rangeRoom(alice) == 0)
  }

  /// Yesterday's lots of a side have one mark.
  @Test func lotsMarkedFromAnotherPriceAreRefused() {
    let desk = LedgerDesk()
    let alice = desk.ledger.holder(of: desk.alice)
    let given = desk.give(alice, .long, 1, of: desk.rb, mark: .yuan(3_480))
    #expect(given)
    refused(desk, "another mark") { desk.give(alice, .long, 1, of: desk.rb, mark: .yuan(3_481)) }
    let short = desk.give(alice, .short, 1, of: desk.rb, mark: .yuan(3_481))
    #expect(short)
  }
}

extension LedgerDesk {
  /// A trade of rebar that is no child's.
  func external(_ fund: FundAccountID, _ offset: Offset, _ lots: Lots) -> FillBooking? {
    ledger.bookExternal(
      ExternalTrade(
        fundAccount: fund, instrument: rb, side: .buy, offset: offset, hedge: .speculation,
        price: .yuan(3_500), lots: lots), instrument(rb), day: Self.day.yyyymmdd
    )?.booking
  }
}
