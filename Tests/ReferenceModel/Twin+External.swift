import Domain
import Messages

// routing.md: trades that nobody here sent become somebody's.
extension Twin {
  /// Trades that wait for a controller, by number: what is left of each.
  public var waitingTrades: [(number: UInt64, product: ProductID, lots: Lots, offset: Offset)] {
    unmapped.filter { $0.number != 0 && $0.signedLots != 0 }
      .map { ($0.number, $0.product, $0.lots, $0.offset) }
  }

  /// What became of an external trade that was booked just now.
  func mapped(_ trade: CounterTrade, isKept: Bool, _ effects: [Effect]) {
    let told = effects.compactMap { effect -> ExecutionReport? in
      if case .report(let report) = effect { report } else { nil }
    }
    let newest = isKept ? unmapped.last : nil
    let account = comingDay == nil ? mappedAccount(funds[trade.fundAccount.index].product) : nil
    guard let newest, let account else {
      if !told.isEmpty { complain("a trade of nobody's is told to \(told[0].account.raw)") }
      return
    }
    let place = TwinPlace(
      trade.instrument, PositionSide(side: trade.side, offset: trade.offset), trade.hedge)
    let room =
      trade.offset.isClosing
      ? closable(.account(account), place, trade.offset) : Int64(Ranges.holderLotsMaximum)
    let lots = Lots(min(Int64(newest.lots), max(room, 0)))
    guard let report = told.first else {
      // The day's orders may have filled their table.
      if lots > 0, orders.count < 1_500 { complain("an external trade was not mapped") }
      return
    }
    if told.count != 1 || report.account != account || report.lastLots != lots {
      complain("\(lots) lots of an external trade are mapped as \(told)")
    }
    assign(newest.number, report, trade.offset)
  }

  private func mappedAccount(_ product: ProductID) -> OperationAccountID? {
    guard !product.isNone else { return nil }
    let settings = productSettings[product.index]
    if let named = settings[ProductSetting.externalAccount.rawValue], named != .min {
      return OperationAccountID(UInt32(named))
    }
    let bound = accounts.indices.filter { accounts[$0].product == product }
    let code = settings[ProductSetting.autoMapping.rawValue] ?? 0
    let maps = code == 1 || code == 2 && platformSettings[.mapsExternal] == 1
    return maps && bound.count == 1 ? OperationAccountID(UInt32(bound[0])) : nil
  }

  func assigned(_ assign: AssignUnmapped, _ effects: [Effect]) {
    guard let report = effects.firstReport else {
      return complain("an assignment without a report")
    }
    if report.account != assign.account || report.lastLots != assign.lots {
      complain("\(assign) is told as \(report)")
    }
    self.assign(assign.trade, report, assign.offset)
  }

  /// Lots of a trade become an order of an account, filled already.
  private func assign(_ number: UInt64, _ report: ExecutionReport, _ offset: Offset) {
    guard let index = unmapped.firstIndex(where: { $0.number == number }) else {
      return complain("trade \(number) is unknown")
    }
    let trade = unmapped[index]
    let lots = report.lastLots
    if lots <= 0 || lots > trade.lots { complain("\(lots) lots of a trade of \(trade.lots)") }
    let terms = TwinTerms(
      account: report.account, instrument: trade.instrument, clOrdID: report.clOrdID,
      side: trade.side, offset: offset, hedge: trade.hedge, type: .limit, timeInForce: .day,
      price: trade.price, lots: lots, minimumLots: 0)
    if offset.isClosing,
      closable(.account(report.account), terms.place, offset) < Int64(lots)
    {
      complain("an assignment closes more than there is")
    }
    if report.clOrdID.bytes[0] != UInt8(ascii: "#") || report.tradeID.isEmpty {
      complain("a mapped order is called \(report.clOrdID.string)")
    }
    var booking = TwinBooking(
      holder: .account(report.account), place: terms.place, offset: offset, price: trade.price,
      lots: lots, day: day.yyyymmdd)
    if offset == .open, trade.day != day.yyyymmdd {
      booking.earlierMark = yesterdayMark(.account(report.account), terms.place)
      booking.day = trade.day
    }
    let fee = record(.booking(booking))?.fee ?? 0
    if report.fee.units != fee { complain("a mapped order costs \(fee), told \(report.fee.units)") }
    let assigned = trade.signedLots.signum() * Int64(lots)
    unmapped[index].signedLots -= assigned
    let multiplier = instruments[trade.instrument.index].multiplier
    if instruments[trade.instrument.index].option == nil {
      carriedProfit[trade.product, default: 0] +=
        (trade.cost.units - trade.price.units) * assigned * multiplier
    } else if !trade.isToday {
      carriedPremium[trade.product, default: 0] += trade.price.units * assigned * multiplier
    }
    var order = TwinOrder(id: report.order, terms: terms, holdPrice: trade.price, receivedAt: now)
    order.filled = lots
    order.basis = trade.price.units * Int64(lots)
    order.isConfirmed = true
    orders[order.id] = order
    byClOrdID[report.account, default: [:]][report.clOrdID] = order.id
  }

  /// What yesterday's lots of a place are marked from; nil where nothing is known.
  private func yesterdayMark(_ holder: TwinHolder, _ place: TwinPlace) -> Price? {
    let old = positions.lots[holder]?[place]?.first { !$0.isToday }
    let mark = old?.cost ?? instruments[place.instrument.index].preSettlement
    return mark.isNone ? nil : mark
  }
}
