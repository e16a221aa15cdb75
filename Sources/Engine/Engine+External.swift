import Domain
import Ledger
import MarketData
import Messages

// Trades that we did not send: the fund account has them, no operation account does, until one is
// named, or a controller names one (routing.md; AMS manual 2.2, 9.8).
extension Engine {
  mutating func externalTrade(_ trade: CounterTrade, _ effects: inout EffectBuffer) {
    notice(
      .unmappedTrade, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
      order: trade.child, observed: Int64(trade.lots), limit: trade.price.units)
    guard trade.side != .unknown, trade.offset != .unknown, trade.hedge != .unknown else {
      return
    }
    let instrument = market.instrument(trade.instrument)
    if trade.offset == .open, trade.lots > ledger.rangeRoom(ledger.holder(of: trade.fundAccount)) {
      return dropBeyondRange(trade, trade.lots, &effects)
    }
    let external = ExternalTrade(
      fundAccount: trade.fundAccount, instrument: trade.instrument, side: trade.side,
      offset: trade.offset, hedge: trade.hedge, price: trade.price, lots: trade.lots,
      tradeID: trade.tradeID)
    let booked = ledger.bookExternal(external, instrument, day: market.tradingDay.yyyymmdd)
    guard let booked else { return dropBeyondRange(trade, trade.lots, &effects) }
    countBudget(external: external, &effects)
    lookAtSchemes(ledger.holder(of: trade.fundAccount), trade.instrument, &effects)
    if booked.booking.excess > 0 {
      notice(
        .overClose, &effects, scope: .fundAccount, scopeID: trade.fundAccount.raw,
        observed: Int64(booked.booking.excess))
    }
    if booked.number != 0 { map(booked.number, &effects) }
  }

  /// Gives a new trade to the operation account that the product names, as far as it can book it;
  /// the rest waits.
  private mutating func map(_ number: UInt64, _ effects: inout EffectBuffer) {
    guard let trade = ledger.unmapped.trade(number) else { return }
    let product = ledger.fundAccount(trade.pointee.fundAccount).pointee.product
    if isReady, let account = mappedAccount(product) {
      let offset = trade.pointee.offset
      let lots = ledger.assignable(
        trade, to: account, offset, market.instrument(trade.pointee.instrument))
      if lots > 0 {
        assign(
          Assignment(trade: number, account: account, offset: offset, lots: lots), &effects)
      }
    }
    guard let left = ledger.unmapped.trade(number) else { return }
    notice(
      .unmappedHeld, &effects, scope: .fundAccount, scopeID: left.pointee.fundAccount.raw,
      observed: Int64(clamping: number), limit: Int64(left.pointee.lots))
  }

  /// Who gets a product's external trades: the operation account that is named, else the only one
  /// that is bound, where the product or the platform says so.
  private func mappedAccount(_ id: ProductID) -> OperationAccountID? {
    let product = ledger.product(id)
    if !product.pointee.externalAccount.isNone { return product.pointee.externalAccount }
    let maps: Bool
    switch product.pointee.autoMapping {
    case .no: maps = false
    case .yes: maps = true
    case .followGlobal: maps = platform.mapsExternal == 1
    }
    return maps && product.pointee.accountCount == 1 ? product.pointee.firstAccount : nil
  }

  /// A controller gives lots of a trade that waits to an operation account of its product.
  mutating func assignUnmapped(_ assign: AssignUnmapped, _ effects: inout EffectBuffer) {
    if let refusal = assigned(assign, &effects) {
      effects.append(.commandRefused(CommandRefused(refusal: refusal)))
    }
  }

  /// Why lots of a trade can't be given to an account; nil when they were.
  mutating func assigned(
    _ assign: AssignUnmapped, _ effects: inout EffectBuffer
  ) -> Refusal? {
    guard isReady else { return Refusal(.engineNotReady) }
    guard let trade = ledger.unmapped.trade(assign.trade), ledger.exists(assign.account),
      assign.offset != .unknown, assign.lots > 0, assign.lots <= trade.pointee.lots,
      ledger.account(assign.account).pointee.product
        == ledger.fundAccount(trade.pointee.fundAccount).pointee.product
    else { return Refusal(.badCommand, observed: Int64(clamping: assign.trade)) }
    let room = ledger.assignable(
      trade, to: assign.account, assign.offset, market.instrument(trade.pointee.instrument))
    guard assign.lots <= room else {
      return Refusal(
        assign.offset.isClosing ? .positionAvailable : .capacity,
        observed: Int64(room), limit: Int64(room), unit: .lots, scope: .operationAccount,
        scopeID: assign.account.raw)
    }
    self.assign(
      Assignment(
        trade: assign.trade, account: assign.account, offset: assign.offset, lots: assign.lots),
      &effects)
    return nil
  }

  private mutating func assign(_ assignment: Assignment, _ effects: inout EffectBuffer) {
    guard let trade = ledger.unmapped.trade(assignment.trade) else { return }
    let made = trade.pointee
    let (number, booking) = ledger.assign(
      assignment, market.instrument(made.instrument), at: now, day: market.tradingDay,
      shard: shard, seed: seed)
    var report = reportOf(number, .trade)
    report.lastPrice = made.price
    report.lastLots = assignment.lots
    report.fee = booking.fee
    report.tradeID = made.tradeID
    send(report, &effects)
    watch(ledger.holder(of: assignment.account), &effects)
    lookAtSchemes(ledger.holder(of: assignment.account), made.instrument, &effects)
    liquidationMoved(byEndOf: number, isExpected: true, &effects)
    notice(
      .tradeMapped, &effects, scope: .operationAccount, scopeID: assignment.account.raw,
      order: ledger.order(number).pointee.id, observed: Int64(clamping: assignment.trade),
      limit: Int64(assignment.lots))
  }
}
