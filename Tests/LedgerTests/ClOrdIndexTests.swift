import Domain
import Ledger
import Testing

/// The index of client ids against a dictionary.
@Suite struct ClOrdIndexTests {
  private struct Key: Hashable {
    var account: UInt32
    var id: ClOrdID
  }

  private func desk(orders: Int) -> LedgerDesk {
    var capacities = LedgerDesk.capacities
    capacities.orders = orders
    return LedgerDesk(capacities: capacities)
  }

  private func add(
    _ desk: LedgerDesk, _ account: OperationAccountID, _ id: ClOrdID, seed: UInt64
  ) -> UInt32 {
    var terms = desk.terms(by: account, .buy, .open, 1)
    terms.clOrdID = id
    return desk.ledger.addOrder(
      terms, state: .rejected, refusal: .none, at: desk.now, day: LedgerDesk.day, shard: 0,
      seed: seed)
  }

  /// As many orders as there is room for, ids of every length, two accounts with the same ids.
  @Test(arguments: [UInt64(0), 1, .max, 20_260_105])
  func everyOrderIsFoundAndNoOther(_ seed: UInt64) {
    let desk = desk(orders: 600)
    var draws = SplitMix64(seed: seed &+ 1)
    var known: [Key: UInt32] = [:]
    func anyID() -> ClOrdID {
      let length = Int.random(in: 1...20, using: &draws)
      let most = length == 1 ? 9 : 3
      let text = (0..<length).map { _ in String(Int.random(in: 0...most, using: &draws)) }
      return ClOrdID(text.joined())!
    }
    while desk.ledger.hasRoomForOrder {
      let account = draws.pick([desk.alice, desk.bob])
      let key = Key(account: account.raw, id: anyID())
      let found = desk.ledger.order(account, key.id, seed: seed)
      #expect(found == known[key] ?? 0)
      if found == 0 { known[key] = add(desk, account, key.id, seed: seed) }
    }
    #expect(known.count == 600)
    for (key, number) in known {
      let found = desk.ledger.order(OperationAccountID(key.account), key.id, seed: seed)
      #expect(found == number)
    }
    var strangers = 0
    while strangers < 500 {
      let key = Key(account: draws.pick([desk.alice, desk.bob]).raw, id: anyID())
      guard known[key] == nil else { continue }
      strangers += 1
      let found = desk.ledger.order(OperationAccountID(key.account), key.id, seed: seed)
      #expect(found == 0)
    }
  }

  @Test func anEmptyIDIsNobodys() {
    let desk = desk(orders: 8)
    let number = add(desk, desk.alice, ClOrdID("1")!, seed: 3)
    #expect(number == 1)
    #expect(desk.ledger.order(desk.alice, ClOrdID(), seed: 3) == 0)
  }

  /// Day switch: ids are forgotten in parts, and can be given again.
  @Test(arguments: [1, 7, 64, 1_000])
  func afterTheDayIDsAreFree(_ budget: Int) {
    let desk = desk(orders: 100)
    for day in 0..<3 {
      for id in 0..<100 {
        let number = add(desk, desk.alice, ClOrdID("\(id)")!, seed: 3)
        #expect(number == UInt32(id + 1), "day \(day)")
      }
      #expect(!desk.hasRoomForOrder)
      var next: Int? = 0
      while let start = next { next = desk.ledger.forgetOrders(from: start, count: budget) }
      next = 0
      while let start = next { next = desk.ledger.forgetClOrdIDs(from: start, count: budget) }
      for id in 0..<100 {
        #expect(desk.ledger.order(desk.alice, ClOrdID("\(id)")!, seed: 3) == 0)
      }
    }
  }

  /// An id of another day, shard or sequence means no order of today.
  @Test func anOrderIDIsOfItsDayAndShard() {
    let desk = desk(orders: 8)
    let number = add(desk, desk.alice, ClOrdID("1")!, seed: 3)
    let day = LedgerDesk.day
    let id = desk.ledger.order(number).pointee.id
    let other = TradingDay(yyyymmdd: 20_260_106)!
    #expect(desk.ledger.orderNumber(id, day: day, shard: 0) == number)
    #expect(desk.ledger.orderNumber(id, day: other, shard: 0) == 0)
    #expect(desk.ledger.orderNumber(id, day: day, shard: 1) == 0)
    for sequence in [UInt64(0), 2, 1 << 43] {
      let stranger = OrderID(day: day, shard: 0, sequence: sequence)
      #expect(desk.ledger.orderNumber(stranger, day: day, shard: 0) == 0)
      #expect(desk.ledger.childNumber(stranger, day: day, shard: 0) == 0)
    }
  }
}
