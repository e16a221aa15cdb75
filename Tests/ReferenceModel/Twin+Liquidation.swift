import Domain
import Messages

/// A liquidation as the engine has told of it.
struct TwinLiquidation {
  var told: LiquidationProgress
  /// A controller has had it stopped.
  var isStopAsked = false
  /// Of a scheme's that goes back to the line: since when nothing closes and something could.
  var idleSince: Timestamp?
  /// When that was too long for the first time: a look at the clauses can be in the work queue by
  /// then, which it waits for once more.
  var overdueSince: Timestamp?

  var scope: LiquidationScope {
    LiquidationScope(instrument: told.instrument, side: told.side, hedge: told.hedge)
  }
}

/// What liquidations are held to: rules.md 0 ("Exits first"), desk.md ("Force liquidation").
struct TwinLiquidations {
  var running: [OperationAccountID: TwinLiquidation] = [:]
  var last: UInt64 = 0
  /// What controllers asked for, by account and by product, the newest words.
  var asked: [OperationAccountID: ForceLiquidate] = [:]
  var askedOfProducts: [ProductID: ForceLiquidate] = [:]
  /// Whoever has pressed a switch that flattens, by the accounts that are in its scope.
  var flattened: [OperationAccountID: Set<Name>] = [:]
}

extension Twin {
  public func isLiquidating(_ account: OperationAccountID) -> Bool {
    liquidations.running[account] != nil
  }

  func askLiquidation(_ command: Command) {
    switch command {
    case .forceLiquidate(let force):
      if force.account.isNone {
        liquidations.askedOfProducts[force.product] = force
      } else {
        liquidations.asked[force.account] = force
      }
    case .stopLiquidation(let stop):
      for (account, _) in liquidations.running
      where stop.account == account || accounts[account.index].product == stop.product {
        liquidations.running[account]?.isStopAsked = true
      }
    default: break
    }
  }

  /// Takes in what a step did for liquidations, in the order it did it.
  func liquidate(_ effects: [Effect]) {
    for (place, effect) in effects.enumerated() {
      if comingDay == nil { carryOutQueuedCancel(shownBy: effect) }
      switch effect {
      case .liquidationProgress(let progress): told(progress)
      case .forcedCancel(let cancel): forced(cancel)
      case .report(let report) where report.execType == .new && report.clOrdID.isForced:
        var sent: [Effect] = []
        for next in effects[(place + 1)...] {
          if case .report = next { break }
          if case .sendOrder = next { sent.append(next) }
          if case .childWaits = next { sent.append(next) }
        }
        forced(report, sent)
      case .sendOrder(let sent): self.sent(sent)
      case .sendCancel(let sent):
        if comingDay == nil, sentCancel(sent) { cancelsOfStep.insert(sent.child) }
      default: break
      }
    }
  }

  // MARK: Progress

  private func told(_ progress: LiquidationProgress) {
    let account = progress.account
    guard let known = liquidations.running[account], known.told.number == progress.number else {
      return began(progress)
    }
    let isStep: Bool
    switch progress.phase {
    case .cancelling: isStep = known.told.phase == .cancelling
    case .closing: isStep = known.told.phase == .cancelling || known.told.phase == .closing
    case .stopping, .ended: isStep = true
    case .unknown: isStep = false
    }
    if !isStep { complain("a liquidation goes from \(known.told.phase) to \(progress.phase)") }
    // What has filled since the look that counted them counts still.
    let working = (ordersOf[account] ?? []).compactMap { orders[$0] }
      .filter { $0.terms.clOrdID.isForced }.reduce(0) { $0 + $1.leaves }
    if progress.lotsWorking < working {
      complain("\(working) lots are being closed, \(progress.lotsWorking) are told")
    }
    liquidations.running[account]?.told = progress
    liquidations.running[account]?.idleSince = nil
    liquidations.running[account]?.overdueSince = nil
    if progress.phase == .ended { ended(known, progress) }
  }

  private func began(_ progress: LiquidationProgress) {
    let account = progress.account
    if liquidations.running[account] != nil { complain("two liquidations of \(account.raw)") }
    liquidations.last += 1
    if progress.number != liquidations.last || progress.phase != .cancelling {
      complain("a liquidation begins as \(progress), \(liquidations.last) is due")
    }
    switch progress.owner {
    case .account where progress.rule.isWindow: windowBegan(progress)
    case .account where progress.rule.isScheme: schemeBegan(progress, .account(account))
    case .account:
      let place = TwinLevel(line: progress.rule, level: progress.level)
      let isReached =
        lines.reached[account]?.contains(place) ?? false
        || lines.latched[account]?.contains(place) ?? false
        || lines.releasedInStep[account]?.contains(place) ?? false
      if !isReached || action(place) != .liquidate {
        complain("\(place) has account \(account.raw) liquidated, reached \(isReached)")
      }
    case .controller:
      let product = accounts[account.index].product
      let words = [liquidations.asked[account], liquidations.askedOfProducts[product]]
      let isFlattened =
        progress.extent == .all && liquidations.flattened[account]?.contains(progress.who) ?? false
      if !isFlattened,
        !words.contains(where: { $0?.who == progress.who && $0?.extent == progress.extent })
      {
        complain("nobody had account \(account.raw) liquidated as \(progress)")
      }
    case .product:
      schemeBegan(progress, .product(accounts[account.index].product))
    case .unknown: complain("a liquidation of nobody")
    }
    liquidations.running[account] = TwinLiquidation(told: progress)
  }

  private func schemeBegan(_ progress: LiquidationProgress, _ subject: TwinSubject) {
    let second = schemes.second[subject] ?? []
    let extent = schemeSetting(subject, .schemeLiquidationExtent, .schemeLiquidationExtent)
    if !liquidatesBySchemes(subject) || !second.contains(progress.rule)
      || progress.level != .liquidate || !progress.who.isEmpty
      || Int64(progress.extent.rawValue) != max(extent ?? 1, 1)
    {
      complain("\(subject) has \(progress.account.raw) liquidated by \(progress), \(second)")
    }
  }

  /// rules.md 5: "liquidates if the product says so {follow global, yes, no (default)}".
  private func liquidatesBySchemes(_ subject: TwinSubject) -> Bool {
    switch schemeSetting(subject, .schemeLiquidation, .schemeLiquidation) ?? 0 {
    case 1: true
    case 2: platformSettings[.schemeLiquidation] == 1
    default: false
    }
  }

  private func ended(_ known: TwinLiquidation, _ progress: LiquidationProgress) {
    let account = progress.account
    liquidations.running[account] = nil
    guard progress.end != .takenOver else { return }
    if progress.rule.isWindow { windowEnded(progress) }
    let working = (ordersOf[account] ?? []).compactMap { orders[$0] }.filter { $0.leaves > 0 }
    if working.contains(where: { $0.terms.clOrdID.isForced }) {
      complain("forced orders of \(account.raw) work on behind their liquidation")
    }
    switch progress.end {
    case .done:
      var left: Lots = 0
      for (place, lots) in held(.account(account)) where contains(known, place) {
        left += lots
        let closable = offsets(place).map { self.closable(.account(account), place, $0) }.max() ?? 0
        if closable >= Int64(least(place.instrument)), !hasExpired(place.instrument),
          !stopsShort(known.told)
        {
          complain(
            """
            a liquidation by \(known.told.rule) of \(known.told.owner) is done and \
            \(closable) lots of \(place) are left
            """
          )
        }
      }
      if left != progress.lotsLeft { complain("\(left) lots are left, told \(progress.lotsLeft)") }
      if working.contains(where: { contains(known, $0.terms.place) }) {
        complain("a liquidation is done and orders of \(account.raw) work in its way")
      }
    case .stopped: if !known.isStopAsked { complain("nobody stopped \(progress)") }
    case .backToLine:
      let place = TwinLevel(line: progress.rule, level: progress.level)
      if progress.extent != .toLine, lines.reached[account]?.contains(place) ?? false {
        complain("\(place) of \(account.raw) is reached still, its liquidation is over")
      }
    case .takenOver, .unknown: complain("a liquidation ended for \(progress.end)")
    }
  }

  // MARK: Orders

  private func contains(_ known: TwinLiquidation, _ place: TwinPlace) -> Bool {
    known.scope.contains(place.instrument, place.side, place.hedge)
      && isMeant(known.told.account, known.told.rule, place)
  }

  func offsets(_ place: TwinPlace) -> [Offset] {
    instruments[place.instrument.index].separatesToday ? [.closeYesterday, .closeToday] : [.close]
  }

  /// Lots that a forced order has at least and comes in: the delivery multiple, the exchange's
  /// fewest.
  func unit(_ instrument: InstrumentID) -> Lots {
    let known = instruments[instrument.index]
    return known.deliveryMonth == deliveryMonthNow ? deliveryMultiples[known.commodity.index] : 1
  }

  func least(_ instrument: InstrumentID) -> Lots {
    let fewest = instruments[instrument.index].limitLots.lowerBound
    let unit = unit(instrument)
    return fewest % unit == 0 ? max(fewest, unit) : (fewest / unit + 1) * unit
  }

  private func forced(_ cancel: ForcedCancel) {
    guard let known = liquidations.running[cancel.account], known.told.number == cancel.number,
      let order = orders[cancel.order], order.terms.account == cancel.account, order.leaves > 0
    else { return complain("\(cancel) of nobody") }
    if !order.terms.clOrdID.isForced {
      if known.told.phase == .stopping || !contains(known, order.terms.place) {
        complain("\(cancel) of an order that is in nobody's way")
      }
    } else if known.told.phase != .stopping, contains(known, order.terms.place) {
      let parts = order.children.compactMap { children[$0] }
      let gone = parts.filter { $0.state != .waiting }
      if gone.isEmpty, parts.contains(where: { !funds[$0.fund.index].isReady }) {
        dueCancels += requestCancel(order.id, isForced: true)
        return
      }
      if gone.isEmpty { complain("\(cancel) of an order that waits for its turn") }
      let priced = gone.filter(\.hasWaited).map(\.sentAt) + [order.receivedAt]
      let due = (priced.max() ?? now).adding(seconds: repriceSeconds)
      let price = forcedPrice(order.terms.instrument, order.terms.side)
      let sign: Int64 = order.terms.side == .sell ? -1 : 1
      let isBetter = price.map { ($0 - order.terms.price.units) * sign > 0 } ?? false
      if due > now || !isBetter { complain("\(cancel) of an order that is priced right") }
    }
    dueCancels += requestCancel(order.id, isForced: true)
  }

  private func forced(_ report: ExecutionReport, _ sent: [Effect]) {
    liquidations.running[report.account]?.idleSince = nil
    liquidations.running[report.account]?.overdueSince = nil
    let terms = TwinTerms(
      account: report.account, instrument: report.instrument, clOrdID: report.clOrdID,
      side: report.side, offset: report.offset, hedge: report.hedge, type: report.type,
      timeInForce: report.timeInForce, price: report.price, lots: report.lots, minimumLots: 0)
    check(terms)
    var order = TwinOrder(id: report.order, terms: terms, holdPrice: report.price, receivedAt: now)
    let placed = place(sent, of: &order)
    if placed != terms.lots { complain("\(placed) of \(terms.lots) forced lots are placed") }
    byClOrdID[terms.account, default: [:]][terms.clOrdID] = order.id
    ordersOf[terms.account, default: []].append(order.id)
    store(order)
  }

  /// Never more than is held, by the right offset, in the right slices, at the right price.
  private func check(_ terms: TwinTerms) {
    guard let known = liquidations.running[terms.account] else {
      return complain("a forced order without a liquidation: \(terms)")
    }
    let instrument = instruments[terms.instrument.index]
    if !terms.clOrdID.string.hasPrefix("#L\(known.told.number)-") {
      complain("a forced order of liquidation \(known.told.number) is \(terms.clOrdID.string)")
    }
    if known.told.phase == .stopping || !contains(known, terms.place) {
      complain("a forced order that its liquidation is not about: \(terms)")
    }
    if terms.type != .limit || terms.timeInForce != .day
      || !offsets(terms.place).contains(terms.offset)
    {
      complain("a forced order is \(terms)")
    }
    let closable = closable(.account(terms.account), terms.place, terms.offset)
    if terms.lots <= 0 || Int64(terms.lots) > closable {
      complain("a forced order closes \(terms.lots) of \(closable) lots")
    }
    var most = Int64(instrument.limitLots.upperBound)
    let own = orderSize(terms).lots ?? .min
    if own != .min, own >= Int64(least(terms.instrument)) { most = min(most, own) }
    if Int64(terms.lots) > most || terms.lots % unit(terms.instrument) != 0 {
      complain("a forced order of \(terms.lots) lots, \(most) at most")
    }
    if known.told.extent == .toLine,
      Int64(terms.lots) > max(closable / 10, Int64(least(terms.instrument)))
    {
      complain("a round closes \(terms.lots) of \(closable) lots at once")
    }
    if known.told.extent == .proportional {
      let works = (ordersOf[terms.account] ?? []).compactMap { orders[$0] }
        .contains { $0.leaves > 0 && $0.terms.clOrdID.isForced }
      windowForced(terms, isRunning: works)
    }
    let price = forcedPrice(terms.instrument, terms.side)
    if price != terms.price.units {
      complain("a forced order at \(terms.price.units), \(String(describing: price)) is right")
    }
  }

  private var repriceSeconds: Int64 {
    let set = platformSettings[.liquidationRepriceSeconds] ?? .min
    return set == .min ? 5 : set
  }

  /// What a forced order is priced at now; nil when nobody can say.
  func forcedPrice(_ id: InstrumentID, _ side: Side) -> Int64? {
    let instrument = instruments[id.index]
    let limit = side == .sell ? instrument.lowerLimit : instrument.upperLimit
    let best = side == .sell ? instrument.bid : instrument.ask
    let kind = platformSettings[.liquidationPrice] ?? .min
    var price: Price
    switch kind {
    case 2: price = limit
    case 3:
      price = instrument.last
      guard !price.isNone else { return nil }
      let ticks = max(platformSettings[.liquidationTicks] ?? 0, 0)
      price.units += side == .sell ? -ticks * instrument.tick : ticks * instrument.tick
    default: price = best.isNone ? limit : best
    }
    guard !price.isNone else { return nil }
    // On the tick, toward the counterparty; at a limit, inside of it.
    func onTick(_ units: Int64, up: Bool) -> Int64 {
      var units = units
      while units % instrument.tick != 0 { units += up ? 1 : -1 }
      return units
    }
    var units = onTick(price.units, up: side == .buy)
    if !instrument.lowerLimit.isNone, units < instrument.lowerLimit.units {
      units = onTick(instrument.lowerLimit.units, up: true)
    }
    if !instrument.upperLimit.isNone, units > instrument.upperLimit.units {
      units = onTick(instrument.upperLimit.units, up: false)
    }
    return units
  }

  // MARK: Once no work waits

  /// All that could be closed is being closed, or it is said why not.
  func checkLiquidations() {
    guard comingDay == nil else { return }
    for (account, known) in liquidations.running.sorted(by: { $0.key.raw < $1.key.raw })
    where known.told.phase == .closing && known.told.waits == .none && !known.told.rule.isWindow {
      let working = (ordersOf[account] ?? []).compactMap { orders[$0] }
      if known.told.extent == .toLine,
        working.contains(where: { $0.leaves > 0 && $0.terms.clOrdID.isForced })
      {
        liquidations.running[account]?.idleSince = nil
        liquidations.running[account]?.overdueSince = nil
        continue
      }
      guard let left = firstLeft(account, known) else {
        liquidations.running[account]?.idleSince = nil
        liquidations.running[account]?.overdueSince = nil
        continue
      }
      // The clauses that began it are looked at before it goes on: a moment.
      if known.told.extent == .toLine, known.told.owner == .product || known.told.rule.isScheme {
        let since = known.idleSince ?? now
        liquidations.running[account]?.idleSince = since
        if now <= since.adding(seconds: 1) { continue }
        let overdue = known.overdueSince ?? now
        liquidations.running[account]?.overdueSince = overdue
        if now <= overdue { continue }
      }
      complain(
        """
        \(left.lots) lots of \(left.place) wait to be liquidated by \(known.told.rule), and nobody \
        says why (\(known.told.owner) \(known.told.extent))
        """
      )
    }
  }

  /// What no order closes yet and could be closed, the first of it.
  private func firstLeft(
    _ account: OperationAccountID, _ known: TwinLiquidation
  ) -> (place: TwinPlace, lots: Int64)? {
    for (place, _) in held(.account(account))
    where contains(known, place) && !hasExpired(place.instrument) {
      for offset in offsets(place) {
        let closable = closable(.account(account), place, offset)
        if closable >= Int64(least(place.instrument)) { return (place, closable) }
      }
    }
    return nil
  }
}
