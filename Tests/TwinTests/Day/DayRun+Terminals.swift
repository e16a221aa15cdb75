import Domain
import Engine
import Exchange
import Messages
import ReferenceModel

// What accounts and their risk controllers do between two prices.
extension DayRun {
  func act(_ instrument: InstrumentID) {
    switch draw.weighted([700, 210, 6, 34, 3, 3, 6]) {
    case 0: order(instrument)
    case 1: cancel()
    case 2: massCancel()
    case 3: desk()
    case 4: foreign(draw.pick(DayWorld.funds), instrument)
    case 5: linkDown(draw.pick(DayWorld.funds))
    default: if let fund = DayWorld.funds.first(where: { !isUp[$0.index] }) { linkUp(fund) }
    }
    if draw.chance(4), let fund = DayWorld.funds.first(where: { !isUp[$0.index] }) { linkUp(fund) }
    collect()
    handOn()
  }

  private func order(_ instrument: InstrumentID) {
    let account = draw.pick(DayWorld.accounts)
    var order = draw.chance(38) ? closing(account) : nil
    if order == nil { order = opening(account, instrument) }
    guard var order else { return }
    if draw.chance(3) { spoil(&order) }
    send(order)
    if draw.chance(2) {
      order.clOrdID = newClOrdID()
      send(order)
    }
  }

  private func send(_ order: NewOrder) {
    for case .report(let report) in step(.newOrder(order)) where report.execType == .new {
      accepted.append((report.order, order.account))
    }
    handOn()
  }

  private func newClOrdID() -> ClOrdID {
    clientIDs += 1
    return ClOrdID("o\(clientIDs)")!
  }

  private func opening(_ account: OperationAccountID, _ instrument: InstrumentID) -> NewOrder? {
    let isIndex = DayWorld.listings[instrument.index].commodity == 1
    var lots = Lots(draw.within(isIndex ? 1...2 : 1...7))
    if instrument.index == 0 { lots = draw.chance(90) ? (lots + 1) / 2 * 2 : lots }
    // Each account has a liking for a side, so that positions grow.
    let likes: Side = (account.raw + instrument.raw) % 2 == 0 ? .buy : .sell
    return finished(account, instrument, draw.chance(65) ? likes : likes.opposite, .open, lots)
  }

  private func closing(_ account: OperationAccountID) -> NewOrder? {
    let held = twin.held(.account(account))
    guard !held.isEmpty else { return nil }
    let (place, lots) = draw.pick(held)
    let side = twin.side(.account(account), place)
    var part = Lots(draw.within(1...Int(min(lots, 8))))
    if place.instrument.index == 0 { part = max(part / 2, 1) * 2 }
    if draw.chance(4) { part += 3 }
    let offset: Offset =
      draw.chance(15)
      ? draw.pick([.close, .closeToday, .closeYesterday])
      : side.today > 0 ? .closeToday : .close
    var order = finished(
      account, place.instrument, place.side == .long ? .sell : .buy, offset, part)
    order?.hedge = place.hedge
    return order
  }

  private func finished(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: Side, _ offset: Offset,
    _ lots: Lots
  ) -> NewOrder? {
    guard let tick = exchanges[0].lastTick(instrument), !tick.last.isNone else { return nil }
    let listing = DayWorld.listings[instrument.index]
    let isMarket = listing.marketLots > 0 && draw.chance(6)
    let against = side == .buy ? tick.ask : tick.bid
    let base = draw.chance(55) && !against.isNone ? against.price : tick.last
    var price = base.units + Int64(draw.within(-4...3)) * listing.tick
    if !draw.chance(4) {
      price = min(max(price, tick.limitDown.units), tick.limitUp.units)
    }
    var order = NewOrder(
      session: SessionID(UInt64(account.raw) + 1), account: account, instrument: instrument,
      clOrdID: newClOrdID(), side: side, offset: offset,
      hedge: draw.chance(93) ? .speculation : draw.pick([.hedge, .arbitrage]),
      type: isMarket ? .market : .limit, timeInForce: .day,
      price: isMarket ? .none : Price(units: price), lots: lots)
    switch draw.below(100) {
    case 0..<10:
      order.timeInForce = .immediateOrCancel
      if draw.chance(30) { order.minimumLots = Lots(draw.within(1...Int(lots))) }
    case 10..<15: order.timeInForce = .fillOrKill
    default: break
    }
    return order
  }

  private func spoil(_ order: inout NewOrder) {
    switch draw.below(8) {
    case 0: order.price = Price(units: order.price.isNone ? 1 : order.price.units + 1)
    case 1: order.lots = draw.pick([0, 201, 60])
    case 2: order.side = .unknown
    case 3: order.instrument = InstrumentID(99)
    case 4: order.offset = .closeYesterday
    case 5: order.price = Price(units: order.price.isNone ? 1 : order.price.units * 2)
    case 6: order.lots = 35
    default: order.type = .unknown
    }
  }

  // MARK: Cancels

  private func cancel() {
    guard !accepted.isEmpty else { return }
    let recent = draw.within(1...min(accepted.count, 14))
    let (order, account) = accepted[accepted.count - recent]
    step(
      .cancelOrder(
        CancelOrder(
          session: SessionID(UInt64(account.raw) + 1), account: account,
          requestID: newClOrdID(), target: order, targetClOrdID: ClOrdID())))
  }

  private func massCancel() {
    let account = draw.pick(DayWorld.accounts)
    step(
      .massCancel(
        MassCancel(
          session: SessionID(UInt64(account.raw) + 1), account: account,
          requestID: newClOrdID(), instrument: .none, side: .unknown)))
  }

  // MARK: The desk

  /// Controllers move lines and limits while the day goes on, and let accounts go.
  private func desk() {
    let account = draw.pick(DayWorld.accounts)
    let money = twin.money(.account(account))
    let loss = -(money.positionProfit + money.closeProfit - money.fees - money.frozenFees)
    let yuan = Money.unitsPerYuan
    switch draw.below(12) {
    case 0...4:
      step(
        .releaseOrderRate(
          ReleaseOrderRate(holderKind: .operationAccount, holderID: account.raw)))
      let fund = draw.pick(DayWorld.funds)
      step(.releaseOrderRate(ReleaseOrderRate(holderKind: .fundAccount, holderID: fund.raw)))
    case 5:
      let warn = loss + Int64(draw.within(-3...30)) * 1_000 * yuan
      step(
        .setAccountLine(
          SetAccountLine(
            account: account, line: .dailyLoss, basis: .unknown, mode: .unknown, warn: warn,
            liquidate: warn + 20_000 * yuan)))
    case 6:
      step(
        .setAccount(
          SetAccount(
            account: account, setting: draw.pick([.positionCap, .openOrders, .cancelLimit]),
            value: Int64(draw.within(10...90)))))
    case 7:
      step(
        .moveCash(
          MoveCash(
            account: account, allowedLoss: Money(yuan: Int64(draw.within(-200...200)) * 1_000),
            notToLose: .zero)))
    case 8, 9:
      step(
        .forceLiquidate(
          ForceLiquidate(
            who: Name("wei")!, account: account, product: .none,
            instrument: draw.chance(60) ? draw.pick(DayWorld.instruments) : .none, side: .unknown,
            hedge: .unknown, extent: .all)))
    case 10:
      step(
        .stopLiquidation(
          StopLiquidation(who: Name("wei")!, account: account, product: .none)))
    default:
      if let trade = twin.waitingTrades.last,
        let owner = DayWorld.accountProducts.firstIndex(of: trade.product.raw)
      {
        step(
          .assignUnmapped(
            AssignUnmapped(
              trade: trade.number, account: OperationAccountID(UInt32(owner)),
              offset: trade.offset, lots: trade.lots)))
      }
    }
  }
}
