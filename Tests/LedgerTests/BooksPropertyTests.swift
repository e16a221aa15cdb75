import Domain
import Ledger
import MarketData
import Testing

/// Random orders, fills, ends, prices and days: after each, every figure of the operation account
/// and of its fund account is what the slow books say. Holds are taken and given back exactly.
@Suite struct BooksPropertyTests {
  /// One run: the desk, its slow twin, and who works.
  final class Run {
    let desk: LedgerDesk
    var twin: NaiveHolder
    var draws: SplitMix64
    /// Order to child.
    var children: [UInt32: UInt32] = [:]
    let places: [NaiveHolder.Place]

    init(seed: UInt64) {
      draws = SplitMix64(seed: seed)
      var capacities = LedgerDesk.capacities
      capacities.lots = 4_096
      desk = LedgerDesk(capacities: capacities)
      let price = Price.yuan(3_500).units
      twin = NaiveHolder(
        terms: [
          desk.rb: .init(multiplier: 10, separatesToday: true),
          desk.ore: .init(multiplier: 100, separatesToday: false),
        ],
        last: [desk.rb: price, desk.ore: price], opening: Money(yuan: 1_000_000).units)
      places = [desk.rb, desk.ore].flatMap { instrument in
        [HedgeFlag.speculation, .hedge].map { .init(instrument: instrument, hedge: $0) }
      }
    }

    var day: UInt32 { LedgerDesk.day.yyyymmdd }

    func step() {
      switch Int.random(in: 0..<20, using: &draws) {
      case 0..<6: open()
      case 6..<10: close()
      case 10..<15: fill()
      case 15..<17: end()
      case 17..<19:
        let instrument = draws.pick([desk.rb, desk.ore])
        let price = price()
        desk.tick(instrument, price)
        twin.last[instrument] = price.units
      default: settle()
      }
    }

    private func price() -> Price { .yuan(Int64.random(in: 3_480...3_520, using: &draws)) }

    private func open() {
      let place = draws.pick(places)
      self.place(
        desk.terms(
          draws.pick([.buy, .sell]), .open, Lots.random(in: 1...5, using: &draws), at: price(),
          of: place.instrument, hedge: place.hedge), place)
    }

    private func close() {
      let place = draws.pick(places)
      let side: Side = draws.pick([.buy, .sell])
      let offset: Offset = draws.pick([.close, .closeToday, .closeYesterday])
      let held = PositionSide(side: side, offset: offset)
      let most = twin.closable(place, held, offset)
      let holder = desk.ledger.holder(of: desk.alice)
      let record = desk.position(holder, place.instrument, place.hedge)?.side(held)
      let separates = place.instrument == desk.rb
      #expect(record?.closable(offset, separatesToday: separates) ?? 0 == most)
      guard most > 0 else { return }
      self.place(
        desk.terms(
          side, offset, Lots.random(in: 1...most, using: &draws), at: price(),
          of: place.instrument, hedge: place.hedge), place)
    }

    private func place(_ terms: OrderTerms, _ place: NaiveHolder.Place) {
      let number = desk.accept(terms)
      children[number] = desk.send(number, to: desk.north, terms)
      twin.working[number] = .init(
        place: place, side: terms.side, offset: terms.offset, left: terms.lots,
        price: terms.price.units)
    }

    /// A working order, in an order that the run's draws decide alone.
    private func anyWorking() -> (number: UInt32, left: Lots)? {
      guard let number = twin.working.keys.sorted().randomElement(using: &draws) else {
        return nil
      }
      return (number, twin.working[number]!.left)
    }

    private func fill() {
      guard let (number, left) = anyWorking() else { return }
      let lots = Lots.random(in: 1...left, using: &draws)
      let price = price()
      let id = twin.working[number]!.place.instrument
      twin.fill(number, lots, at: price.units)
      let own = desk.fill(number, lots, at: price)
      let fund = desk.ledger.fill(
        child: children[number]!, desk.instrument(id), price: price, lots: lots, day: day)
      #expect(own == fund)
      #expect(own.excess == 0)
    }

    /// The rest of a child ends, and of its order with it.
    private func end() {
      guard let (number, left) = anyWorking() else { return }
      let instrument = desk.instrument(twin.working[number]!.place.instrument)
      let released = desk.ledger.finish(
        child: children[number]!, instrument, as: .cancelled)
      #expect(released == left)
      // The order may end bit by bit.
      let first = Lots.random(in: 1...left, using: &draws)
      desk.end(number, first)
      if first < left { desk.end(number, left - first) }
      twin.end(number, left)
    }

    /// The day ends: what works ends, positions settle and roll.
    private func settle() {
      while anyWorking() != nil { end() }
      var prices: [InstrumentID: Int64] = [:]
      for instrument in [desk.rb, desk.ore] {
        let price = price()
        prices[instrument] = price.units
        let took = desk.market.setSettlement(instrument, price)
        #expect(took)
        desk.market.settle(instrument)
      }
      for slot in 0..<desk.ledger.positionSlots where desk.ledger.isUsed(positionSlot: slot) {
        let number = UInt32(slot) + 1
        let id = desk.ledger.position(number).pointee.instrument
        desk.ledger.rollPosition(slot: slot, desk.instrument(id))
      }
      for slot in 0..<desk.ledger.holderSlots { desk.ledger.rollHolder(slot: slot) }
      twin.settle(prices)
    }

    func check() -> Bool {
      let expected = twin.expect(places)
      for record in [desk.holder(desk.alice), desk.holder(desk.north)] {
        guard NaiveHolder.Figures(record) == expected else {
          Issue.record("\(NaiveHolder.Figures(record)), not \(expected)")
          return false
        }
        let opening = record.openingEquity.units
        guard opening == twin.opening else {
          Issue.record("opening equity \(opening), not \(twin.opening)")
          return false
        }
      }
      return places.allSatisfy { checkSides($0) } && checkFigures()
    }

    private func checkSides(_ place: NaiveHolder.Place) -> Bool {
      for side in [PositionSide.long, .short] {
        let record = desk.side(side, of: place.instrument, place.hedge)
        let cost = desk.cost(side, of: place.instrument, place.hedge)
        let sides = twin.lots.filter { $0.place == place && $0.side == side }
        let today = sides.reduce(Lots(0)) { $1.isToday ? $0 + $1.lots : $0 }
        let all = sides.reduce(Lots(0)) { $0 + $1.lots }
        let basis = sides.reduce(Int64(0)) { $0 + $1.open * Int64($1.lots) }
        let found = (record?.today ?? 0, record?.held ?? 0, cost?.openBasis ?? 0)
        guard found == (today, all, basis), (record?.margin.units ?? 0) == twin.margin(place, side)
        else {
          Issue.record("\(place) \(side): \(found), not \((today, all, basis))")
          return false
        }
      }
      return true
    }

    /// The commodity's figures are the sums of its positions and working orders.
    private func checkFigures() -> Bool {
      for place in places {
        let commodity = desk.instrument(place.instrument).pointee.commodity
        let number = desk.ledger.figuresNumber(desk.ledger.holder(of: desk.alice), commodity)
        guard number != 0 else { continue }
        let flags = desk.ledger.figures(number).pointee[place.hedge]
        func working(_ side: PositionSide, _ opens: Bool) -> Lots {
          twin.working {
            $0.place == place && $0.positionSide == side && $0.offset.isClosing != opens
          }
        }
        let frozen = twin.working.values.reduce(Int64(0)) {
          $1.place == place ? $0 + twin.frozenMargin($1) : $0
        }
        let margin = twin.margin(place, .long) + twin.margin(place, .short) + frozen
        guard flags.heldLong == twin.held({ $0.place == place && $0.side == .long }),
          flags.heldShort == twin.held({ $0.place == place && $0.side == .short }),
          flags.workingOpenLong == working(.long, true),
          flags.workingOpenShort == working(.short, true),
          flags.closingLong == working(.long, false),
          flags.closingShort == working(.short, false), flags.margin.units == margin
        else {
          Issue.record("\(place): \(flags)")
          return false
        }
      }
      return true
    }

    /// The lists of what works hold what works, oldest first.
    func checkLists() {
      var orders: [UInt32] = []
      var next = desk.ledger.account(desk.alice).pointee.firstWorking
      while next != 0 {
        orders.append(next)
        next = desk.ledger.order(next).pointee.workingNext
      }
      #expect(orders == twin.working.keys.sorted())
      var sent: [UInt32] = []
      next = desk.ledger.fundAccount(desk.north).pointee.firstWorking
      while next != 0 {
        sent.append(next)
        next = desk.ledger.child(next).pointee.fundNext
      }
      #expect(sent == twin.working.keys.sorted().map { children[$0]! })
    }
  }

  @Test(arguments: UInt64(1)...24)
  func everyFigureIsWhatTheSlowBooksSay(_ seed: UInt64) {
    let run = Run(seed: seed)
    for number in 0..<400 {
      run.step()
      guard run.check() else {
        Issue.record("seed \(seed), step \(number)")
        return
      }
      run.checkLists()
    }
  }

  /// However it went, nothing stays frozen once nothing works, to the last unit.
  @Test(arguments: UInt64(101)...108)
  func holdsAreGivenBackExactly(_ seed: UInt64) {
    let run = Run(seed: seed)
    for _ in 0..<300 { run.step() }
    // The first round makes the records that are missing.
    holdAndRelease(run)
    let before = run.desk.booksHash
    holdAndRelease(run)
    #expect(run.desk.booksHash == before)
  }

  private func holdAndRelease(_ run: Run) {
    let before = run.desk.booksHash
    var added: [(UInt32, UInt32, OrderTerms)] = []
    for place in run.places {
      for side in [Side.buy, .sell] {
        let terms = run.desk.terms(
          side, .open, 3, at: .yuan(3_507), of: place.instrument, hedge: place.hedge)
        let order = run.desk.accept(terms)
        added.append((order, run.desk.send(order, to: run.desk.north, terms), terms))
      }
    }
    #expect(run.desk.booksHash != before)
    for (order, child, terms) in added.reversed() {
      _ = run.desk.ledger.finish(
        child: child, run.desk.instrument(terms.instrument), as: .rejected)
      for _ in 0..<3 { run.desk.end(order, 1) }
    }
  }
}
