import Domain
import Messages
import ReferenceModel

// What terminals send.
extension TwinRun {
  func order() {
    var order = draw.chance(35) ? closing() ?? opening() : opening()
    if draw.chance(14) { spoil(&order) }
    if draw.chance(3), !usedOrders.isEmpty { order = repeated() }
    send(order)
  }

  private func send(_ order: NewOrder) {
    usedOrders.append(order)
    let effects = step(.newOrder(order), milliseconds: Int64(draw.pick([1, 1, 20, 400, 2_000])))
    for case .report(let report) in effects where report.execType == .new {
      acceptedOrders.append((report.order, order.account))
    }
  }

  private func newClOrdID() -> ClOrdID {
    clientIDs += 1
    return ClOrdID("o\(clientIDs)")!
  }

  private func account() -> OperationAccountID {
    OperationAccountID(UInt32(draw.chance(96) ? draw.below(8) : draw.within(8...9)))
  }

  private func opening() -> NewOrder {
    let listed = draw.chance(90) ? TwinWorld.futures : TwinWorld.options
    let instrument = Int(draw.chance(97) ? draw.pick(listed) : TwinWorld.withoutRates)
    var lots = draw.chance(85) ? draw.within(1...12) : draw.within(10...80)
    if instrument == 2 { lots = (lots / 5 + 1) * 5 }
    return finished(
      account(), InstrumentID(UInt32(instrument)), draw.chance(50) ? .buy : .sell, .open,
      Lots(lots))
  }

  /// Closes what an account holds, or a little more.
  private func closing() -> NewOrder? {
    let account = account()
    let held = twin.held(.account(account))
    guard !held.isEmpty else { return nil }
    let (place, lots) = draw.pick(held)
    let side = twin.side(.account(account), place)
    let offset: Offset =
      draw.chance(25)
      ? draw.pick([.close, .closeToday, .closeYesterday])
      : side.today > 0 ? .closeToday : draw.pick([.close, .closeYesterday])
    var part = draw.chance(75) ? Lots(draw.within(1...Int(lots))) : lots
    if place.instrument == InstrumentID(2) { part = max(part / 5, 1) * 5 }
    if draw.chance(8) { part += 5 }
    var order = finished(
      account, place.instrument, place.side == .long ? .sell : .buy, offset, part)
    order.hedge = place.hedge
    return order
  }

  private func finished(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: Side, _ offset: Offset,
    _ lots: Lots
  ) -> NewOrder {
    let listing = TwinWorld.listings[instrument.index]
    let isMarket = draw.chance(listing.marketLots > 0 ? 20 : 2)
    var order = NewOrder(
      session: SessionID(7), account: account, instrument: instrument, clOrdID: newClOrdID(),
      side: side, offset: offset, hedge: draw.chance(88) ? .speculation : .hedge,
      type: isMarket ? .market : .limit, timeInForce: .day,
      price: isMarket ? .none : price(instrument), lots: lots)
    if draw.chance(5) { order.hedge = .arbitrage }
    switch draw.below(100) {
    case 0..<12:
      order.timeInForce = .immediateOrCancel
      if draw.chance(30) { order.minimumLots = Lots(draw.within(1...Int(lots))) }
    case 12..<20: order.timeInForce = .fillOrKill
    default: break
    }
    return order
  }

  /// On the tick, near the mark.
  func price(_ instrument: InstrumentID) -> Price {
    let listing = TwinWorld.listings[instrument.index]
    let mark = twin.mark(instrument)
    let base = mark.isNone ? listing.price : mark.units
    let ticks = base / listing.tick + Int64(draw.within(-8...8))
    return Price(units: ticks * listing.tick)
  }

  /// One thing wrong with it.
  private func spoil(_ order: inout NewOrder) {
    let tick = TwinWorld.listings[order.instrument.index].tick
    switch draw.below(17) {
    case 0: order.instrument = draw.chance(50) ? .none : InstrumentID(77)
    case 1: order.side = .unknown
    case 2: order.offset = .unknown
    case 3: order.hedge = .unknown
    case 4: order.lots = draw.pick([0, -1, .min, .max, 501, 100_001])
    case 5: order.price = Price(units: order.price.isNone ? 1 : order.price.units &+ tick / 2 + 1)
    case 6:
      order.type = .limit
      order.price = Price(units: draw.pick([.max, .min + 1, Ranges.priceMaximum / tick * tick]))
    case 7: order.price = Price(units: tick * draw.pick([1, 100_000]))
    case 8: order.type = .unknown
    case 9: order.timeInForce = .unknown
    case 10: order.minimumLots = draw.pick([-1, order.lots &+ 1])
    case 11: order.clOrdID = ClOrdID()
    case 12: order.account = draw.chance(30) ? OperationAccountID(40) : order.account
    case 13: order.lots = Lots(draw.within(200...500))
    case 14: order.price = draw.chance(50) ? .none : .zero
    case 15: order.offset = draw.pick([.close, .closeToday, .closeYesterday])
    default: order.lots &+= 1
    }
  }

  /// A client id again: with the same body, or with another.
  private func repeated() -> NewOrder {
    var order = draw.pick(usedOrders)
    if draw.chance(50) { order.lots &+= 1 }
    return order
  }

  // MARK: Cancels

  func cancel() {
    guard !acceptedOrders.isEmpty else { return }
    let recent = draw.within(1...min(acceptedOrders.count, draw.chance(70) ? 12 : 200))
    var (order, account) = acceptedOrders[acceptedOrders.count - recent]
    var id = ClOrdID()
    if draw.chance(6) { account = OperationAccountID(UInt32(draw.pick([0, 4, 40]))) }
    switch draw.below(20) {
    case 0: order = OrderID(raw: order.raw &+ UInt64(draw.below(3_000)))
    case 1...5 where !usedOrders.isEmpty:
      id = draw.pick(usedOrders).clOrdID
      order = .none
    default: break
    }
    step(
      .cancelOrder(
        CancelOrder(
          session: SessionID(7), account: account, requestID: ClOrdID("c\(stepNumber)")!,
          target: order, targetClOrdID: id)))
  }

  func massCancel() {
    step(
      .massCancel(
        MassCancel(
          session: SessionID(7), account: account(), requestID: ClOrdID("m\(stepNumber)")!,
          instrument: draw.chance(50) ? .none : draw.pick(TwinWorld.instruments),
          side: draw.pick([.unknown, .unknown, .buy, .sell]))))
  }

  /// More working orders than a step can touch, then something that touches them all.
  func burst() {
    let account = OperationAccountID(UInt32(draw.pick([0, 3, 5])))
    for _ in 0..<270 {
      var order = opening()
      order.account = account
      order.instrument = InstrumentID(0)
      order.lots = 1
      order.type = .limit
      order.timeInForce = .day
      order.minimumLots = 0
      order.hedge = .speculation
      order.price = price(order.instrument)
      send(order)
    }
    switch draw.below(3) {
    case 0:
      step(
        .massCancel(
          MassCancel(
            session: SessionID(7), account: account, requestID: ClOrdID("burst")!,
            instrument: .none, side: .unknown)))
    case 1: linkDown(FundAccountID(draw.pick([0, 3, 5])))
    default: switchDay()
    }
  }
}
