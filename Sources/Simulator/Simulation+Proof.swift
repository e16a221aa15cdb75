import Client
import Domain
import Engine
import Exchange
import Gateway
import Journal
import Ledger
import Messages
import Wire

// When everything has calmed down, all sides know the same.
extension Simulation {
  func prove() {
    checkReplay()
    witness?.compareAll(self)
    proveChildren()
    for fund in SimulatedHouse.fundProducts.indices { provePositions(fund) }
    for seat in seats { prove(seat) }
    proveRestart()
    guard let witness, failure == nil else { return }
    fold(witness.stateHash)
    disk.bytes.withUnsafeBytes { fold($0) }
    for counter in counters { for fund in counter.funds { foldFunds(counter, fund) } }
  }

  private func foldFunds(_ counter: SimulatedCounter, _ fund: Int) {
    let funds = counter.service.exchange.funds(of: place(of: fund))
    fold(UInt64(bitPattern: funds.equity.units))
    fold(UInt64(bitPattern: funds.margin.units))
  }

  // MARK: Gateway and counters

  /// Every child of the day stands at its counter as the gateway has it; none works any more, and
  /// none is in doubt.
  private func proveChildren() {
    guard let witness else { return }
    witness.look { engine in
      for number in 1..<UInt32(engine.ledger.childCount + 1) {
        let child = engine.ledger.child(number)
        let fund = child.pointee.fundAccount.index
        let counter = counters[SimulatedHouse.fundCounters[fund]]
        let known = counter.service.exchange.statuses(account: place(of: fund))
          .first { $0.child == child.pointee.id }
        let ours = child.pointee.state
        if !ours.isFinal { fail("child \(child.pointee.id) is \(ours) at the end") }
        if child.pointee.heldLots != 0 { fail("child \(child.pointee.id) holds at the end") }
        guard let known else {
          if ours != .neverArrived, !hasRacedDay {
            fail("child \(child.pointee.id) is \(ours), its counter never had it")
          }
          continue
        }
        let isSame: Bool =
          switch known.state {
          case .filled: ours == .filled
          case .cancelled: ours == .cancelled || ours == .filled
          case .rejected: ours == .rejected
          case .working, .partlyFilled, .neverArrived: false
          }
        if !isSame || known.filledLots != child.pointee.filled {
          fail("child \(child.pointee.id): \(ours) \(child.pointee.filled), \(known)")
        }
      }
    }
  }

  /// The fund account holds what its counter says: by day, but for days that began over it. It was
  /// paid as much premium as the counter says, and paid as much.
  private func provePositions(_ fund: Int) {
    guard let witness, failure == nil else { return }
    let counter = counters[SimulatedHouse.fundCounters[fund]]
    let theirs = counter.service.exchange.positions(of: place(of: fund))
    let premium = counter.service.exchange.funds(of: place(of: fund)).premium
    witness.look { engine in
      let holder = engine.ledger.holder(of: FundAccountID(UInt32(fund)))
      let paid = engine.ledger.holder(holder).pointee.premium
      if paid != premium, !hasRacedDay {
        fail("fund account \(fund) was paid \(paid) of premium, its counter says \(premium)")
      }
      for instrument in SimulatedHouse.listings.indices {
        let id = InstrumentID(UInt32(instrument))
        let number = engine.ledger.position(holder, id, .speculation)
        var net: Int64 = 0
        for side in [PositionSide.long, .short] {
          let their = theirs.first { $0.instrument == id && $0.side == side }
          let today = Int64(their?.todayLots ?? 0)
          let yesterday = Int64(their?.yesterdayLots ?? 0)
          net += (today + yesterday) * side.sign
          guard number != 0 || today + yesterday != 0, !hasRacedDay else { continue }
          let our = number == 0 ? nil : engine.ledger.position(number).pointee.side(side)
          if Int64(our?.today ?? 0) != today || Int64(our?.yesterday ?? 0) != yesterday {
            fail(
              "fund account \(fund), \(instrument) \(side): \(our?.today ?? 0) + "
                + "\(our?.yesterday ?? 0) lots, its counter has \(today) + \(yesterday)")
          }
        }
        let ours = number == 0 ? 0 : engine.ledger.position(number).pointee.net
        if ours != net, !hasRacedDay {
          fail("fund account \(fund) is \(ours) net in \(instrument), its counter says \(net)")
        }
      }
    }
  }

  // MARK: Terminals

  /// A terminal knows every order of its account as the gateway has it.
  private func prove(_ seat: TerminalSeat) {
    guard let witness, failure == nil else { return }
    witness.look { engine in
      for number in 1..<UInt32(engine.ledger.orderCount + 1) {
        let order = engine.ledger.order(number)
        guard order.pointee.account.index == seat.account else { continue }
        guard let told = seat.told[order.pointee.id.raw] else {
          fail("seat \(seat.index) never heard of \(order.pointee.id)")
          continue
        }
        if told.state != order.pointee.state || told.cumulativeLots != order.pointee.filled {
          fail(
            "seat \(seat.index): order \(order.pointee.id) was told as \(told.state) "
              + "\(told.cumulativeLots), it is \(order.pointee.state) \(order.pointee.filled)")
        }
        if !order.pointee.state.isFinal { fail("order \(order.pointee.id) is not over") }
      }
      proveBooks(seat, engine)
      for order in seat.unanswered { fail("\(order.clOrdID) never had an answer") }
      for order in seat.client.model.orders where !order.isAnswered {
        fail("seat \(seat.index): \(order.clOrdID) is without an answer")
      }
    }
  }

  /// What the follower told a terminal of orders, positions and money is what there is.
  private func proveBooks(_ seat: TerminalSeat, _ engine: borrowing Engine) {
    var orders = 0
    for number in 1..<UInt32(engine.ledger.orderCount + 1) {
      let order = engine.ledger.order(number)
      guard order.pointee.account.index == seat.account else { continue }
      orders += 1
      guard let row = seat.books.orders.first(where: { $0.orderID == order.pointee.id }) else {
        return fail("seat \(seat.index) was not listed \(order.pointee.id)")
      }
      if row.state != order.pointee.state || row.cumulativeLots != order.pointee.filled {
        fail("seat \(seat.index): \(order.pointee.id) was listed as \(row.state)")
      }
    }
    if seat.books.orders.count != orders {
      fail("seat \(seat.index) was listed \(seat.books.orders.count) of \(orders) orders")
    }
    var listed: Int64 = 0
    for row in seat.books.positions { listed += Int64(row.todayLots) + Int64(row.yesterdayLots) }
    let holder = engine.ledger.holder(of: OperationAccountID(UInt32(seat.account)))
    let held = Int64(engine.ledger.holder(holder).pointee.heldLots)
    if listed != held {
      fail("seat \(seat.index) was listed \(listed) lots, its account holds \(held)")
    }
    if let difference = seat.books.difference(seat.account, engine) {
      fail("seat \(seat.index) was told \(difference)")
    }
  }

  // MARK: The journal

  /// A fresh engine that reads the whole journal comes to the same state.
  private func proveRestart() {
    guard let witness, failure == nil else { return }
    do {
      var replay = Replay(
        try JournalReader(reading: SimulatedDiskStorage(disk)),
        engine: Engine(capacities: SimulatedHouse.capacities))
      while try replay.next() {}
      if replay.engine.stateHash != witness.stateHash {
        fail("the journal, read at once, comes to another state")
      }
    } catch {
      fail("the journal can't be read at the end: \(error)")
    }
  }
}
