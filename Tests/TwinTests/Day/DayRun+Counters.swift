import Domain
import Engine
import Exchange
import Ledger
import Messages
import ReferenceModel

// The counters: what the engine sends goes in, what they report comes out.
extension DayRun {
  /// What leaves for a counter; it answers before the next command.
  func carryOut(_ effect: Effect) {
    switch effect {
    case .sendOrder(let order):
      let (counter, account) = DayWorld.seat(order.fundAccount)
      _ = exchanges[counter].insert(
        OrderRequest(
          child: order.child, instrument: order.instrument, side: order.side,
          offset: order.offset, hedge: order.hedge, type: order.type,
          timeInForce: order.timeInForce, price: order.price, lots: order.lots,
          minimumLots: order.minimumLots), account: account,
        epoch: exchanges[counter].epoch(of: account), now: time)
    case .sendCancel(let cancel):
      let (counter, account) = DayWorld.seat(cancel.fundAccount)
      _ = exchanges[counter].cancel(
        cancel.child, account: account, epoch: exchanges[counter].epoch(of: account), now: time)
    case .askFate(let ask):
      let (counter, account) = DayWorld.seat(ask.fundAccount)
      let status = exchanges[counter].status(of: ask.child, account: account)
      if case .neverArrived = status.state {
        coming.append(
          .childReport(
            ChildReport(
              fundAccount: ask.fundAccount, counterSequence: 0, child: ask.child,
              kind: .neverArrived, cumulativeLots: 0, rejectCode: 0, venueOrderID: VenueID())))
      }
    default: return
    }
    collect()
  }

  /// Takes what counters have reported over links that are up.
  func collect() {
    for fund in DayWorld.funds where isUp[fund.index] {
      let (counter, account) = DayWorld.seat(fund)
      let last = exchanges[counter].lastSequence(of: account)
      while handedOn[fund.index] < last {
        handedOn[fund.index] += 1
        if let stored = exchanges[counter].report(handedOn[fund.index], of: account) {
          coming.append(command(stored.report, fund))
        }
      }
    }
  }

  /// Steps the engine with what waits, and with what comes of that.
  func handOn() {
    while comingFirst < coming.count, failure == nil {
      comingFirst += 1
      step(coming[comingFirst - 1])
    }
    coming.removeAll(keepingCapacity: true)
    comingFirst = 0
  }

  private func command(_ report: CounterReport, _ fund: FundAccountID) -> Command {
    var kind = ChildReportKind.accepted
    var code: Int32 = 0
    switch report.body {
    case .accepted: break
    case .cancelled: kind = .cancelled
    case .rejected(let error): (kind, code) = (.rejected, error.rawValue)
    case .cancelRejected(let error): (kind, code) = (.cancelRejected, error.rawValue)
    case .trade(let trade):
      return .counterTrade(
        CounterTrade(
          fundAccount: fund, counterSequence: report.sequence, child: report.child,
          instrument: trade.instrument, side: trade.side, offset: trade.offset,
          hedge: trade.hedge, price: trade.price, lots: trade.lots, tradeTime: report.time,
          tradeID: VenueID("\(trade.number)")!, venueOrderID: VenueID()))
    }
    return .childReport(
      ChildReport(
        fundAccount: fund, counterSequence: report.sequence, child: report.child, kind: kind,
        cumulativeLots: report.filledLots, rejectCode: code,
        venueOrderID: VenueID("\(report.exchangeOrder)")!))
  }

  // MARK: Links

  func linkUp(_ fund: FundAccountID) {
    let (counter, account) = DayWorld.seat(fund)
    let epoch = exchanges[counter].login(account)
    isUp[fund.index] = true
    step(
      .counterLinkUp(
        CounterLinkUp(
          fundAccount: fund, epoch: epoch,
          lastCounterSequence: exchanges[counter].lastSequence(of: account))))
    collect()
    handOn()
    step(.counterResynced(CounterResynced(fundAccount: fund, epoch: epoch)))
    handOn()
  }

  func linkDown(_ fund: FundAccountID) {
    isUp[fund.index] = false
    step(.counterLinkDown(CounterLinkDown(fundAccount: fund)))
    handOn()
  }

  /// Somebody at the broker's own terminal trades for a fund account.
  func foreign(_ fund: FundAccountID, _ instrument: InstrumentID) {
    let (counter, account) = DayWorld.seat(fund)
    guard let tick = exchanges[counter].lastTick(instrument), !tick.last.isNone else { return }
    exchanges[counter].insertForeign(
      OrderRequest(
        child: .none, instrument: instrument, side: draw.chance(50) ? .buy : .sell, offset: .open,
        timeInForce: .immediateOrCancel,
        price: tick.last, lots: 2), account: account, now: time)
    collect()
    handOn()
  }

  // MARK: What the exchange has

  /// What its counter's books of a fund account have that ours don't.
  func difference(_ fund: FundAccountID) -> String? {
    let (counter, account) = DayWorld.seat(fund)
    let funds = exchanges[counter].funds(of: account)
    let held = exchanges[counter].positions(of: account).reduce(into: [String: Lots]()) {
      $0["\($1.instrument.raw) \($1.side) \($1.hedge)", default: 0] +=
        $1.todayLots + $1.yesterdayLots
    }
    let ours = twin.held(.fund(fund)).reduce(into: [String: Lots]()) {
      $0["\($1.place.instrument.raw) \($1.place.side) \($1.place.hedge)", default: 0] += $1.lots
    }
    if held != ours { return "fund account \(fund.raw) holds \(ours), its counter says \(held)" }
    let money = twin.money(.fund(fund))
    let profit = money.closeProfit + money.positionProfit
    let theirs = (funds.closeProfit + funds.positionProfit).units
    return profit == theirs
      ? nil : "fund account \(fund.raw) earned \(profit), its counter says \(theirs)"
  }
}
