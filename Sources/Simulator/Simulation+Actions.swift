import Client
import Domain
import Engine
import Exchange
import Gateway
import Ledger
import Messages
import Wire

// What people do: at the terminals, and as controllers; and what the market does.
extension Simulation {
  func act(_ seat: TerminalSeat) {
    guard !isCalming else { return }
    // Alone, or one of several that come close together.
    let pause =
      actionDraws.chance(45)
      ? actionDraws.milliseconds(0...15) : actionDraws.milliseconds(500...5_000)
    agenda.add(.act(seat.index), at: clock.now + pause)
    guard seat.isLoggedOn else { return }
    switch actionDraws.weighted([60, 22, 2, 5, 3, 6, 1]) {
    case 0:
      guard let ticket = makeTicket(seat) else { return }
      seat.place(ticket, self)
      if faults.contains(.quickCancel), actionDraws.chance(15), let last = seat.sent.last {
        counts.faults[FaultKind.quickCancel.index] += 1
        seat.cancel(last.clOrdID, self)
      }
    case 1:
      let working = seat.workingOrders
      if !working.isEmpty { seat.cancel(actionDraws.pick(working).clOrdID, self) }
    case 2: seat.cancelAll(self)
    case 3:
      guard faults.contains(.resend), !seat.sent.isEmpty else { return }
      counts.faults[FaultKind.resend.index] += 1
      seat.repeatOrder(actionDraws.pick(seat.sent.suffix(12)), self)
    case 4: subscribe(seat)
    case 5:
      seat.query(
        actionDraws.pick([.orders, .trades, .positions, .funds, .limits, .instruments]),
        rows: UInt32(actionDraws.below(4)), self)
    default: seat.subscribeAccount(self)
    }
  }

  private func subscribe(_ seat: TerminalSeat) {
    seat.subscribe(
      SimulatedHouse.listings.map {
        OrderEntry.SubscribeTicks.InstrumentsEntry(
          instrument: InstrumentCode($0.code)!,
          exchange: SimulatedHouse.commodities[$0.commodity].exchange)
      }, self)
  }

  /// Near the market, so that much of it trades; closings mostly of what is there.
  private func makeTicket(_ seat: TerminalSeat) -> OrderTicket? {
    let closing = actionDraws.chance(45) ? closable(seat.account) : nil
    let instrument = closing?.instrument ?? actionDraws.below(SimulatedHouse.listings.count)
    let listing = SimulatedHouse.listings[instrument]
    let side = closing.map { $0.side == .long ? Side.sell : .buy } ?? anySide
    let offset = closing?.offset ?? (actionDraws.chance(96) ? .open : .close)
    let most = closing.map { min($0.lots, 6) } ?? 5
    let lots = Lots(actionDraws.within(1...Int64(max(most, 1)))) + (actionDraws.chance(4) ? 9 : 0)
    let away = actionDraws.within(-3...4) * listing.tick
    let last = price(of: instrument).units
    let isMarket = listing.marketLots > 0 && actionDraws.chance(8)
    let force: TimeInForce =
      isMarket ? .day : actionDraws.pick([.day, .day, .day, .day, .immediateOrCancel, .fillOrKill])
    return OrderTicket(
      side, offset, InstrumentCode(listing.code)!,
      exchange: SimulatedHouse.commodities[listing.commodity].exchange, lots: lots,
      price: isMarket ? .none : Price(units: side == .buy ? last - away : last + away),
      timeInForce: force,
      minimumLots: force == .immediateOrCancel && actionDraws.chance(25) ? 1 : 0)
  }

  private var anySide: Side { actionDraws.chance(50) ? .buy : .sell }

  private struct Closable {
    var instrument: Int
    var side: PositionSide
    var offset: Offset
    var lots: Lots
  }

  /// Lots of an account that could be closed, drawn from those there are.
  private func closable(_ account: Int) -> Closable? {
    guard let witness else { return nil }
    let found = witness.look { engine in
      var found: [Closable] = []
      let holder = engine.ledger.holder(of: OperationAccountID(UInt32(account)))
      for (index, listing) in SimulatedHouse.listings.enumerated() {
        let number = engine.ledger.position(holder, InstrumentID(UInt32(index)), .speculation)
        guard number != 0 else { continue }
        let separates = SimulatedHouse.commodities[listing.commodity].exchange.separatesToday
        for side in [PositionSide.long, .short] {
          for offset in separates ? [Offset.closeToday, .closeYesterday] : [.close] {
            let lots = engine.ledger.position(number).pointee.side(side)
              .closable(offset, separatesToday: separates)
            if lots > 0 {
              found.append(Closable(instrument: index, side: side, offset: offset, lots: lots))
            }
          }
        }
      }
      return found
    }
    return found.isEmpty ? nil : actionDraws.pick(found)
  }

  // MARK: Controllers

  func control() {
    guard !isCalming else { return }
    agenda.add(
      .controller,
      at: clock.now + actionDraws.milliseconds(isForceful ? 300...2_500 : 1_500...9_000))
    guard let gateway, faults.contains(.controller) else { return }
    counts.faults[FaultKind.controller.index] += 1
    // What stops orders does not last, so that there is something to see.
    if !inPlace.isEmpty, actionDraws.chance(60) {
      if gateway.take(inPlace[0]) { inPlace.removeFirst() }
      return
    }
    if isForceful, actionDraws.chance(75), let account = anyHolder {
      _ = gateway.take(SimulatedHouse.liquidation(account: account, &actionDraws))
      return
    }
    let account = actionDraws.below(SimulatedHouse.accountProducts.count)
    let fund = actionDraws.below(SimulatedHouse.fundProducts.count)
    let command: Command
    switch actionDraws.weighted([28, 12, 12, 10, 10, 8, 8, 14, 12, 2, 14, 16, 10]) {
    case 0: command = .confirmClock
    case 1:
      command = SimulatedHouse.set(
        account: account, .openPermission, actionDraws.chance(75) ? 1 : 0)
    case 2:
      command = SimulatedHouse.set(
        fund: fund, .openPermission, actionDraws.chance(75) ? 1 : 0)
    case 3:
      command = .moveCash(
        MoveCash(
          account: OperationAccountID(UInt32(account)),
          allowedLoss: Money(yuan: actionDraws.pick([100_000, -50_000, 5_000])), notToLose: .zero))
    case 4: command = SimulatedHouse.set(fund: fund, .priority, actionDraws.within(0...6))
    case 5:
      command = SimulatedHouse.rates(account: account, fund: fund, &actionDraws)
    case 7: command = SimulatedHouse.line(account: account, &actionDraws)
    case 8:
      let control = SimulatedHouse.control(account: account, &actionDraws)
      command = control.command
      inPlace.append(control.release)
    case 9:
      let revision = gateway.gateway.sequencer.engine.configurationRevision
      command = .configurationChange(
        ConfigurationChange(
          who: FixedText("admin")!, revision: revision + actionDraws.pick([0, 0, 0, 1]),
          changes: 1))
    case 10: command = SimulatedHouse.liquidation(account: account, &actionDraws)
    case 11: command = SimulatedHouse.scheme(&actionDraws)
    case 12: command = SimulatedHouse.budget(fund: fund, &actionDraws)
    default:
      command = .setProductMode(
        SetProductMode(
          product: ProductID(UInt32(actionDraws.below(3))), commodity: CommodityID(0),
          mode: actionDraws.pick([.unknown, .priority, .ratio, .netPosition])))
    }
    _ = gateway.take(command)
  }

  /// In one of three runs controllers have positions closed again and again.
  private var isForceful: Bool { settings.seed % 3 == 0 }

  /// An account that holds something.
  private var anyHolder: Int? {
    guard let witness else { return nil }
    let holding = witness.look { engine in
      SimulatedHouse.accountProducts.indices.filter { account in
        let holder = engine.ledger.holder(of: OperationAccountID(UInt32(account)))
        return engine.ledger.holder(holder).pointee.heldLots > 0
      }
    }
    return holding.isEmpty ? nil : actionDraws.pick(holding)
  }

  // MARK: The market

  func price(of instrument: Int) -> Price {
    let listing = SimulatedHouse.listings[instrument]
    return Price(units: listing.price + walk[instrument] * listing.tick)
  }

  /// One instrument moves, and each counter tells its links, each for itself.
  func moveMarket() {
    guard !isCalming else { return }
    agenda.add(.market, at: clock.now + marketDraws.milliseconds(100...1_500))
    guard !isEvening else { return }
    let instrument = marketDraws.below(SimulatedHouse.listings.count)
    let listing = SimulatedHouse.listings[instrument]
    walk[instrument] = max(-200, min(200, walk[instrument] + marketDraws.within(-4...4)))
    let last = price(of: instrument)
    var tick = ExchangeTick(
      instrument: InstrumentCode(listing.code)!,
      exchange: SimulatedHouse.commodities[listing.commodity].exchange,
      tradingDate: SimulatedHouse.days[dayIndex].date, time: clock.real)
    tick.last = last
    tick.bid = BookLevel(price: Price(units: last.units - listing.tick), lots: anyLots)
    tick.ask = BookLevel(price: Price(units: last.units + listing.tick), lots: anyLots)
    tick.limitUp = SimulatedHouse.upperLimit(listing.price)
    tick.limitDown = SimulatedHouse.lowerLimit(listing.price)
    for counter in counters {
      var port = CounterPort(counter, self)
      counter.service.tick(tick, now: clock.real, &port)
      arm(counter)
    }
  }

  private var anyLots: Lots { Lots(marketDraws.within(1...12)) }
}
