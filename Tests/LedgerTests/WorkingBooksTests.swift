import Domain
import Ledger
import Testing

/// A legal owner's working orders by price: the trees against a sorted array.
@Suite struct WorkingBooksTests {
  /// Keys of a tree from lowest to highest price, and how deep it is.
  private func walk(_ desk: LedgerDesk, _ root: UInt32) -> (keys: [Int64], depth: Int) {
    guard root != 0 else { return ([], 0) }
    let child = desk.ledger.child(root).pointee
    let left = walk(desk, child.bookLeft)
    let right = walk(desk, child.bookRight)
    return (left.keys + [key(child)] + right.keys, max(left.depth, right.depth) + 1)
  }

  /// A market order stands at the end of its side.
  private func key(_ child: ChildRecord) -> Int64 {
    guard child.type == .market else { return child.price.units }
    return child.side == .buy ? .max : .min + 1
  }

  private func work(
    _ desk: LedgerDesk, _ fund: FundAccountID, _ side: Side, _ price: Price, market: Bool = false
  ) -> UInt32 {
    var terms = desk.terms(side, .open, 1, at: price)
    if market { terms.type = .market }
    let order = desk.ledger.addOrder(
      terms, state: .accepted, refusal: .none, at: desk.now, day: LedgerDesk.day, shard: 0,
      seed: LedgerDesk.seed)
    if market { terms.price = .yuan(3_500) }
    return desk.send(order, to: fund, terms)
  }

  private func end(_ desk: LedgerDesk, _ child: UInt32) {
    _ = desk.ledger.finish(child: child, desk.instrument(desk.rb), as: .cancelled)
  }

  private func own(_ desk: LedgerDesk) {
    for fund in [desk.north, desk.south] {
      let set = desk.ledger.setLegalOwner(fund, .shfe, 2)
      precondition(set)
    }
  }

  struct Entry {
    var number: UInt32
    var side: Side
    var key: Int64
  }

  private func check(_ desk: LedgerDesk, _ working: [Entry], _ draws: inout SplitMix64) -> Bool {
    let buys = working.filter { $0.side == .buy }.map(\.key).sorted()
    let sells = working.filter { $0.side == .sell }.map(\.key).sorted()
    guard let book = desk.ledger.workingBook(2, desk.rb)?.pointee else { return working.isEmpty }
    guard walk(desk, book.buyRoot).keys == buys, walk(desk, book.sellRoot).keys == sells,
      buys.isEmpty || book.bestBuy == buys.last, sells.isEmpty || book.bestSell == sells.first
    else { return false }
    let price = Price.yuan(Int64.random(in: 3_488...3_512, using: &draws))
    for side in [Side.buy, .sell] {
      let crosses =
        side == .buy
        ? sells.contains { $0 <= price.units } : buys.contains { $0 >= price.units }
      let says = desk.ledger.couldCross(
        owner: 2, desk.rb, side: side, price: price, isMarket: false)
      let marketSays = desk.ledger.couldCross(
        owner: 2, desk.rb, side: side, price: .none, isMarket: true)
      guard says == crosses, marketSays == !(side == .buy ? sells : buys).isEmpty else {
        return false
      }
    }
    return true
  }

  @Test(arguments: UInt64(1)...16)
  func theTreesAreTheSortedPrices(_ seed: UInt64) {
    let desk = LedgerDesk()
    own(desk)
    var draws = SplitMix64(seed: seed)
    var working: [Entry] = []
    for number in 0..<400 {
      if working.isEmpty || draws.once(in: 2) {
        let side: Side = draws.pick([.buy, .sell])
        let isMarket = draws.once(in: 12)
        let price = Price.yuan(Int64.random(in: 3_490...3_510, using: &draws))
        let child = work(
          desk, draws.pick([desk.north, desk.south]), side, isMarket ? .none : price,
          market: isMarket)
        working.append(
          Entry(number: child, side: side, key: key(desk.ledger.child(child).pointee)))
      } else {
        let index = Int.random(in: 0..<working.count, using: &draws)
        end(desk, working.remove(at: index).number)
      }
      guard check(desk, working, &draws) else {
        Issue.record("seed \(seed), step \(number)")
        return
      }
    }
    while let entry = working.popLast() { end(desk, entry.number) }
    #expect(check(desk, [], &draws))
    #expect(desk.ledger.workingBook(2, desk.rb)?.pointee.buyRoot == 0)
    #expect(desk.ledger.workingBook(2, desk.rb)?.pointee.sellRoot == 0)
  }

  /// Prices that only rise make a tree, not a list: about 2 * ln 2 000 = 15 deep on average.
  @Test func risingPricesStayShallow() {
    let desk = LedgerDesk()
    own(desk)
    var children: [UInt32] = []
    for index in Int64(0)..<2_000 {
      children.append(work(desk, desk.north, .buy, Price(units: 30_000_000 + index)))
    }
    let book = desk.ledger.workingBook(2, desk.rb)!
    #expect(walk(desk, book.pointee.buyRoot).keys.count == 2_000)
    #expect(walk(desk, book.pointee.buyRoot).depth < 45)
    for child in children.reversed() { end(desk, child) }
    #expect(book.pointee.buyRoot == 0)
  }

  /// An owner's book is by instrument; no owner, no book. The owner of working orders stays.
  @Test func booksAreByOwnerAndInstrument() {
    let desk = LedgerDesk()
    let none = work(desk, desk.north, .sell, .yuan(3_500))
    #expect(desk.ledger.workingBook(0, desk.rb) == nil)
    let crossesNobody = desk.ledger.couldCross(
      owner: 0, desk.rb, side: .buy, price: .yuan(3_600), isMarket: true)
    #expect(!crossesNobody)
    let early = desk.ledger.setLegalOwner(desk.north, .shfe, 2)
    #expect(!early)
    end(desk, none)
    own(desk)
    let child = work(desk, desk.north, .sell, .yuan(3_500))
    func crosses(_ owner: UInt32, _ instrument: InstrumentID) -> Bool {
      desk.ledger.couldCross(
        owner: owner, instrument, side: .buy, price: .yuan(3_600), isMarket: false)
    }
    #expect(crosses(2, desk.rb))
    #expect(!crosses(1, desk.rb))
    #expect(!crosses(2, desk.ore))
    end(desk, child)
    #expect(!crosses(2, desk.rb))
    let far = desk.ledger.setLegalOwner(desk.north, .shfe, 3)
    #expect(!far)
  }

  /// A part fill leaves it in the book, the last lot takes it out.
  @Test func aFilledOrderCrossesNothing() {
    let desk = LedgerDesk()
    own(desk)
    let terms = desk.terms(.sell, .open, 2)
    let order = desk.accept(terms)
    let child = desk.send(order, to: desk.north, terms)
    for left in [true, false] {
      _ = desk.ledger.fill(
        child: child, desk.instrument(desk.rb), price: .yuan(3_500), lots: 1,
        day: LedgerDesk.day.yyyymmdd)
      #expect(
        desk.ledger.couldCross(
          owner: 2, desk.rb, side: .buy, price: .yuan(3_500), isMarket: false) == left)
    }
  }
}
