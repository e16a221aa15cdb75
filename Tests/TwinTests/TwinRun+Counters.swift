import Domain
import Messages
import ReferenceModel

// What counters say: mostly what they should, sometimes what they should not.
extension TwinRun {
  private func next(_ fund: FundAccountID) -> UInt64 {
    counterSequences[fund.index] += 1
    return counterSequences[fund.index]
  }

  /// Children that can still fill and whose link is up, oldest first.
  private var live: [SendOrder] {
    sent.filter { isUp[$0.fundAccount.index] && (twin.children[$0.child]?.held ?? 0) > 0 }
  }

  func counter() {
    let live = live
    if live.isEmpty || draw.chance(7) { return misbehave() }
    let child =
      draw.chance(70) ? live[live.count - 1 - draw.below(min(live.count, 6))] : draw.pick(live)
    guard let known = twin.children[child.child] else { return }
    let isAsked = known.cancelRequested
    switch draw.weighted([
      known.state == .sent ? 30 : 3, 42, isAsked ? 40 : 9, known.state == .sent ? 5 : 1,
      isAsked ? 12 : 1, known.isDoubtful ? 25 : 1,
    ]) {
    case 0: report(child, .accepted)
    case 1: fill(child, Lots(draw.within(1...Int(known.held))))
    case 2:
      let coming = draw.chance(12) ? Lots(draw.within(0...Int(known.held))) : 0
      report(child, .cancelled, cumulative: draw.chance(90) ? known.filled + coming : 0)
    case 3: report(child, .rejected)
    case 4: report(child, .cancelRejected)
    default: report(child, .neverArrived)
    }
  }

  @discardableResult func report(
    _ child: SendOrder, _ kind: ChildReportKind, cumulative: Lots = 0
  ) -> [Effect] {
    deliver(
      .childReport(
        ChildReport(
          fundAccount: child.fundAccount,
          counterSequence: kind == .neverArrived ? 0 : next(child.fundAccount),
          child: child.child, kind: kind, cumulativeLots: cumulative,
          rejectCode: kind == .rejected || kind == .cancelRejected ? 31 : 0,
          venueOrderID: kind == .accepted ? VenueID("v\(child.child.sequence)")! : VenueID())),
      child.fundAccount)
  }

  private func trade(_ child: SendOrder, _ lots: Lots) -> CounterTrade {
    CounterTrade(
      fundAccount: child.fundAccount, counterSequence: next(child.fundAccount),
      child: child.child, instrument: child.instrument, side: child.side, offset: child.offset,
      hedge: child.hedge, price: price(child.instrument), lots: lots, tradeTime: time,
      tradeID: VenueID("t\(counterSequences[child.fundAccount.index])")!, venueOrderID: VenueID())
  }

  func fill(_ child: SendOrder, _ lots: Lots) {
    deliver(.counterTrade(trade(child, lots)), child.fundAccount)
  }

  @discardableResult private func deliver(_ command: Command, _ fund: FundAccountID) -> [Effect] {
    newestReports[fund] = command
    return step(command)
  }

  // MARK: What should not be

  private func misbehave() {
    let up = TwinWorld.funds.filter { isUp[$0.index] }
    guard !up.isEmpty else { return }
    let fund = draw.pick(up)
    let mine = sent.filter { $0.fundAccount == fund }
    let done = mine.filter { twin.children[$0.child]?.isFinal ?? true }
    switch draw.below(11) {
    case 0:
      if let again = newestReports[fund] { step(again) }
    case 1: skipping(fund, mine)
    case 2, 3: external(fund)
    case 4:
      let strange = OrderID(day: twin.day, shard: TwinWorld.shard, sequence: 4_000)
      step(
        .childReport(
          ChildReport(
            fundAccount: fund, counterSequence: next(fund), child: strange, kind: .accepted,
            cumulativeLots: 0, rejectCode: 0, venueOrderID: VenueID())))
    case 5: if let child = mine.last { badTrade(child) }
    case 6: if !mine.isEmpty { overFill(draw.pick(mine)) }
    case 7, 8:
      if !done.isEmpty { fill(draw.pick(done), Lots(draw.within(1...4))) }
    case 9:
      if !done.isEmpty { report(draw.pick(done), draw.pick([.accepted, .rejected, .cancelled])) }
    default:
      if let old = sentBefore.last(where: { $0.fundAccount == fund }) {
        if draw.chance(50) { fill(old, 1) } else { report(old, .cancelled) }
      }
    }
  }

  /// A report whose forerunners never came; they come later.
  private func skipping(_ fund: FundAccountID, _ mine: [SendOrder]) {
    guard let child = mine.last else { return }
    var early = trade(child, 1)
    counterSequences[fund.index] -= 1
    early.counterSequence += UInt64(draw.within(1...3))
    step(.counterTrade(early))
  }

  private func overFill(_ child: SendOrder) {
    let known = twin.children[child.child]
    fill(child, (known?.held ?? 0) + Lots(draw.within(1...3)))
  }

  private func badTrade(_ child: SendOrder) {
    var bad = trade(child, draw.pick([0, -1, Ranges.orderLotsMaximum + 1, 1]))
    if bad.lots == 1 { bad.price = draw.pick([.none, Price(units: Ranges.priceMaximum + 1)]) }
    step(.counterTrade(bad))
  }

  /// A trade that nobody here sent, sometimes nonsense.
  private func external(_ fund: FundAccountID) {
    let instrument = InstrumentID(draw.pick(TwinWorld.traded))
    var trade = CounterTrade(
      fundAccount: fund, counterSequence: next(fund), child: .none, instrument: instrument,
      side: draw.chance(50) ? .buy : .sell,
      offset: draw.pick([.open, .open, .close, .closeToday, .closeYesterday]),
      hedge: draw.chance(80) ? .speculation : .hedge, price: price(instrument),
      lots: Lots(draw.within(1...9)), tradeTime: time, tradeID: VenueID("outside")!,
      venueOrderID: VenueID())
    if draw.chance(10) { trade.side = .unknown }
    if draw.chance(5) { trade.instrument = .none }
    deliver(.counterTrade(trade), fund)
  }

  // MARK: Links

  func linkDown(_ fund: FundAccountID) {
    isUp[fund.index] = false
    isSynced[fund.index] = false
    step(.counterLinkDown(CounterLinkDown(fundAccount: fund)))
  }

  func linkUp(_ fund: FundAccountID) {
    epochs[fund.index] += UInt64(draw.within(1...2))
    isUp[fund.index] = true
    isSynced[fund.index] = false
    step(
      .counterLinkUp(
        CounterLinkUp(
          fundAccount: fund, epoch: epochs[fund.index],
          lastCounterSequence: counterSequences[fund.index])))
  }

  func resynced(_ fund: FundAccountID) {
    isSynced[fund.index] = true
    step(.counterResynced(CounterResynced(fundAccount: fund, epoch: epochs[fund.index])))
  }

  /// Something about a link: it falls, comes back bit by bit, or says what it said before.
  func link() {
    let fund = draw.pick(TwinWorld.funds)
    switch draw.below(10) {
    case 0..<6: linkDown(fund)
    case 6: linkUp(fund)
    case 7:
      step(
        .counterLinkUp(
          CounterLinkUp(
            fundAccount: fund, epoch: epochs[fund.index], lastCounterSequence: 0)))
    case 8:
      step(
        .counterResynced(CounterResynced(fundAccount: fund, epoch: epochs[fund.index] + 1)))
    default: resyncedIfUp(fund)
    }
  }

  private func resyncedIfUp(_ fund: FundAccountID) {
    if isUp[fund.index] { resynced(fund) }
  }

  /// Brings a link that is not ready a step nearer to it. False when all are.
  func mendLink() -> Bool {
    guard let fund = TwinWorld.funds.first(where: { !isSynced[$0.index] }) else { return false }
    if !isUp[fund.index] {
      linkUp(fund)
    } else if draw.chance(50) {
      resynced(fund)
    } else {
      counter()
    }
    return true
  }

  func counterFunds() {
    let fund = draw.pick(TwinWorld.funds)
    let money = twin.money(.fund(fund))
    let equity = money.equity + Int64(draw.pick([0, 0, 5_000_000, -7_000_000]))
    let available = equity - Int64(draw.below(20_000_000_000))
    // Some leave an amount out: on the wire that is the least number there is.
    step(
      .counterFunds(
        CounterFunds(
          fundAccount: fund, equity: stepNumber % 8 == 3 ? .none : Money(units: equity),
          available: stepNumber % 8 == 6 ? .none : Money(units: available), margin: .zero,
          netCash: draw.pick([.none, .zero, Money(yuan: 500), Money(yuan: -700)]))))
  }
}
