import Domain
import Ledger
import Testing

/// The hash of the books is of what decisions are made by: not of where nodes lie, nor of the order
/// of free ones (design.md, "State records").
@Suite struct BooksHashTests {
  /// Both accounts open at two prices and close one lot; who goes first is asked.
  private func desk(bobFirst: Bool) -> LedgerDesk {
    let desk = LedgerDesk()
    for account in [desk.alice, desk.bob] {
      desk.trade(desk.terms(by: account, .buy, .open, 1))
    }
    let accounts = bobFirst ? [desk.bob, desk.alice] : [desk.alice, desk.bob]
    for price in [Int64(3_501), 3_502] {
      for account in accounts {
        desk.trade(desk.terms(by: account, .buy, .open, 2, at: .yuan(price)))
      }
    }
    for account in accounts { desk.trade(desk.terms(by: account, .sell, .closeToday, 2)) }
    return desk
  }

  @Test func whereNodesLieIsNotInIt() {
    let one = desk(bobFirst: false)
    let other = desk(bobFirst: true)
    let first = one.cost(.long, of: one.rb)
    let second = other.cost(.long, of: other.rb)
    #expect(first?.firstToday != second?.firstToday)
    #expect(one.nodes(first, today: true) == other.nodes(second, today: true))
    #expect(one.booksHash == other.booksHash)
    // The next node taken is another one; the hash still agrees.
    for desk in [one, other] { desk.trade(desk.terms(.buy, .open, 1, at: .yuan(3_503))) }
    #expect(one.cost(.long, of: one.rb)?.lastToday != other.cost(.long, of: other.rb)?.lastToday)
    #expect(one.booksHash == other.booksHash)
  }

  /// Each change of the books alone moves it.
  @Test func everyFigureOfTheBooksIsInIt() {
    let changes: [(LedgerDesk) -> Void] = [
      { _ = $0.accept($0.terms(.buy, .open, 1)) },
      { _ = $0.accept($0.terms(.sell, .closeToday, 1)) },
      { $0.trade($0.terms(.buy, .open, 1)) },
      { $0.trade($0.terms(.buy, .open, 1, at: .yuan(3_501))) },
      { $0.trade($0.terms(.buy, .open, 1, hedge: .hedge)) },
      { $0.trade($0.terms(by: $0.bob, .buy, .open, 1)) },
      { $0.trade($0.terms(.sell, .closeToday, 1)) },
      { $0.tick($0.rb, .yuan(3_501)) },
      { $0.ledger.countCancel($0.alice, $0.rb) },
      { $0.ledger.barByOverflow($0.ledger.holder(of: $0.north)) },
      { _ = $0.ledger.moveCash($0.alice, allowedLoss: Money(units: 1), notToLose: .zero) },
      { _ = $0.ledger.moveCash($0.alice, allowedLoss: .zero, notToLose: Money(units: 1)) },
      { _ = $0.external($0.north, .open, 1) },
      {
        _ = $0.ledger.setCounterFunds(
          $0.north, equity: Money(yuan: 1_000_000), available: Money(yuan: 1))
      },
      {
        $0.ledger.addUnmapped($0.product, $0.rb, side: .buy, price: .yuan(1), lots: 1)
      },
    ]
    var seen: Set<UInt64> = [desk(bobFirst: false).booksHash]
    for (index, change) in changes.enumerated() {
      let desk = desk(bobFirst: false)
      change(desk)
      let isNew = seen.insert(desk.booksHash).inserted
      #expect(isNew, "change \(index)")
    }
  }

  /// Who is there decides what can be named: each definition alone moves the state's hash.
  @Test func whoIsThereIsInTheStateHash() {
    var capacities = LedgerDesk.capacities
    capacities.counters = 2
    capacities.products = 2
    capacities.fundAccounts = 3
    capacities.operationAccounts = 3
    let changes: [(LedgerDesk) -> Void] = [
      { _ = $0.ledger.defineCounter() },
      { _ = $0.ledger.defineProduct(mode: .ratio) },
      { _ = $0.ledger.defineFundAccount(.none, $0.counter) },
      { _ = $0.ledger.defineOperationAccount(.none) },
    ]
    var seen: Set<UInt64> = [LedgerDesk(capacities: capacities).stateHash]
    for (index, change) in changes.enumerated() {
      let desk = LedgerDesk(capacities: capacities)
      change(desk)
      let isNew = seen.insert(desk.stateHash).inserted
      #expect(isNew, "definition \(index)")
    }
  }
}
