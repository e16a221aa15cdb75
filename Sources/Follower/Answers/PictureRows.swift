import Domain
import Engine
import Gateway
import Ledger
import MarketData
import RiskRules
import Wire

// The rows of a controller's picture, read off the books by the functions that the rules use.
// Whose picture it is and as of when is put in by who sends them.
extension QueryDesk {
  func accountRow(
    _ account: OperationAccountID, _ engine: borrowing Engine
  ) -> (row: DeskProtocol.AccountRow, looks: Int) {
    let record = engine.ledger.account(account)
    let holder = engine.ledger.holder(of: account)
    let money = engine.ledger.holder(holder)
    let lines = engine.ledger.lines(account)
    let figures = LineFigures(watching: money, lines)
    let exposure = HolderExposure(holder, engine.ledger, engine.market)
    let row = DeskProtocol.AccountRow(
      account: names.operationAccounts.name(account.raw),
      product: names.products.name(record.pointee.product.raw),
      openingEquity: money.pointee.openingEquity, netCash: money.pointee.netCash,
      equity: money.pointee.equity, available: money.pointee.available,
      margin: money.pointee.margin, frozenMargin: money.pointee.frozenMargin,
      frozenFee: money.pointee.frozenFees, positionProfit: money.pointee.positionProfit,
      closeProfit: money.pointee.closeProfit, fees: money.pointee.fees,
      dayProfit: money.pointee.dayProfit,
      marketEquity: Money(units: figures.marketEquity), longValue: Self.money(exposure.long),
      shortValue: Self.money(exposure.short), exposureValue: Self.money(exposure.absolute),
      riskDegree: LineCheck.observed(.riskDegree, figures, lines, engine.ledger.platformLines),
      riskUnit: LineCheck.unit(.riskDegree, engine.ledger.platformLines),
      level: lines.pointee.reached.level, liquidation: engine.ledger.liquidationPhase(account),
      flags: flags(of: account, engine), workingOrders: UInt32(money.pointee.workingOrders),
      premium: money.pointee.premium, frozenPremium: money.pointee.frozenPremium)
    return (row, exposure.looks)
  }

  private func flags(
    of account: OperationAccountID, _ engine: borrowing Engine
  ) -> DeskProtocol.AccountFlags {
    let record = engine.ledger.account(account)
    let reached = engine.ledger.lines(account).pointee.reached.bits
    var flags: DeskProtocol.AccountFlags = []
    if !record.pointee.enabled { flags.insert(.disabled) }
    if !record.pointee.openPermission { flags.insert(.openingNotPermitted) }
    if engine.ledger.controls.isBarred(account) { flags.insert(.barred) }
    if engine.ledger.controls.killing(account, record.pointee.product) != nil {
      flags.insert(.killed)
    }
    if !record.pointee.orderRateBarred.isEmpty { flags.insert(.rateBarred) }
    if engine.ledger.holder(engine.ledger.holder(of: account)).pointee.barredByOverflow != 0 {
      flags.insert(.overflowed)
    }
    if reached & engine.ledger.platformLines.barring.bits != 0 { flags.insert(.lineBars) }
    if record.pointee.logon.sessionsOpen > 0 { flags.insert(.online) }
    return flags
  }

  /// Its thresholds are null where the line is not set.
  func lineRow(
    _ account: OperationAccountID, _ line: AccountLine, _ engine: borrowing Engine
  ) -> DeskProtocol.LineRow {
    let lines = engine.ledger.lines(account)
    let figures = LineFigures(
      watching: engine.ledger.holder(engine.ledger.holder(of: account)), lines)
    let latched = lines.pointee.latched
    return DeskProtocol.LineRow(
      account: names.operationAccounts.name(account.raw), rule: line.rule.rawValue,
      unit: LineCheck.unit(line, engine.ledger.platformLines),
      observed: LineCheck.observed(line, figures, lines, engine.ledger.platformLines),
      warn: Self.threshold(line, .warn, lines, engine.ledger),
      liquidate: Self.threshold(line, .liquidate, lines, engine.ledger),
      warnAction: engine.ledger.platformLines.action(line, .warn),
      liquidateAction: engine.ledger.platformLines.action(line, .liquidate),
      level: lines.pointee.reached.level(of: line),
      isLatched: latched.level(of: line) == .unknown ? 0 : 1)
  }

  /// `Int64.min` where none is set: a share of 0 is none.
  private static func threshold(
    _ line: AccountLine, _ level: LineLevel, _ lines: UnsafePointer<LineRecord>,
    _ ledger: borrowing Ledger
  ) -> Int64 {
    let threshold = LineCheck.threshold(line, level, lines, ledger.platformLines)
    let isShare = LineCheck.unit(line, ledger.platformLines) != .money
    guard threshold != .min, !isShare || threshold > 0 else { return .min }
    return LineCheck.limit(line, threshold, ledger.platformLines)
  }

  // MARK: Fund accounts and products

  func fundAccountRow(
    _ fund: FundAccountID, _ engine: borrowing Engine
  ) -> (row: DeskProtocol.FundAccountRow, looks: Int) {
    let record = engine.ledger.fundAccount(fund)
    let holder = engine.ledger.holder(of: fund)
    let money = engine.ledger.holder(holder)
    let exposure = HolderExposure(holder, engine.ledger, engine.market)
    var flags: DeskProtocol.AccountFlags = []
    if !record.pointee.openPermission { flags.insert(.openingNotPermitted) }
    if engine.ledger.controls.isKilled(.platform)
      || engine.ledger.controls.isKilled(.counter(record.pointee.counter))
      || isKilled(record.pointee.product, engine)
    {
      flags.insert(.killed)
    }
    if !record.pointee.orderRateBarred.isEmpty { flags.insert(.rateBarred) }
    if money.pointee.barredByOverflow != 0 { flags.insert(.overflowed) }
    let row = DeskProtocol.FundAccountRow(
      fundAccount: names.fundAccounts.name(fund.raw),
      product: names.products.name(record.pointee.product.raw),
      counter: names.counters.name(record.pointee.counter.raw),
      openingEquity: money.pointee.openingEquity, netCash: money.pointee.netCash,
      equity: money.pointee.equity, available: money.pointee.available,
      margin: money.pointee.margin, frozenMargin: money.pointee.frozenMargin,
      frozenFee: money.pointee.frozenFees, positionProfit: money.pointee.positionProfit,
      closeProfit: money.pointee.closeProfit, fees: money.pointee.fees,
      dayProfit: money.pointee.dayProfit, longValue: Self.money(exposure.long),
      shortValue: Self.money(exposure.short), exposureValue: Self.money(exposure.absolute),
      link: Self.link(record), flags: flags, workingOrders: UInt32(money.pointee.workingOrders),
      waitingMessages: record.pointee.waitingMessages, premium: money.pointee.premium,
      frozenPremium: money.pointee.frozenPremium)
    return (row, exposure.looks)
  }

  private func isKilled(_ product: ProductID, _ engine: borrowing Engine) -> Bool {
    !product.isNone && engine.ledger.controls.isKilled(.product(product))
  }

  private static func link(
    _ record: UnsafePointer<FundAccountRecord>
  ) -> DeskProtocol.LinkState {
    guard record.pointee.isLinked else { return .down }
    return record.pointee.isReady ? .up : .catchingUp
  }

  func linkRow(_ fund: FundAccountID, _ engine: borrowing Engine) -> DeskProtocol.LinkRow {
    let record = engine.ledger.fundAccount(fund)
    return DeskProtocol.LinkRow(
      fundAccount: names.fundAccounts.name(fund.raw),
      product: names.products.name(record.pointee.product.raw),
      counter: names.counters.name(record.pointee.counter.raw), state: Self.link(record),
      epoch: record.pointee.epoch)
  }

  /// The sums of its fund accounts.
  func productRow(
    _ product: ProductID, _ engine: borrowing Engine
  ) -> (row: DeskProtocol.ProductRow, looks: Int) {
    let record = engine.ledger.product(product)
    let fund = SchemeFund(SchemeSubject(product), engine.ledger)
    let exposure = HolderExposure(product, engine.ledger, engine.market)
    var sums = MoneySums()
    var linksUp: UInt32 = 0
    for place in 0..<Int(record.pointee.fundAccountCount) {
      let account = record.pointee.fundAccounts[place]
      sums.add(engine.ledger.holder(engine.ledger.holder(of: account)))
      if engine.ledger.fundAccount(account).pointee.isReady { linksUp += 1 }
    }
    var flags: DeskProtocol.AccountFlags = []
    if !record.pointee.openPermission { flags.insert(.openingNotPermitted) }
    if engine.ledger.controls.isKilled(.platform) || isKilled(product, engine) {
      flags.insert(.killed)
    }
    let level = level(of: product, engine)
    let row = DeskProtocol.ProductRow(
      product: names.products.name(product.raw), openingEquity: Self.money(fund.openingEquity),
      netCash: Self.money(sums.netCash), equity: Self.money(fund.equity),
      available: Self.money(sums.available), margin: Self.money(sums.margin),
      frozenMargin: Self.money(sums.frozenMargin), frozenFee: Self.money(sums.frozenFee),
      positionProfit: Self.money(sums.positionProfit), closeProfit: Self.money(sums.closeProfit),
      fees: Self.money(sums.fees), dayProfit: Self.money(sums.dayProfit),
      longValue: Self.money(exposure.long), shortValue: Self.money(exposure.short),
      exposureValue: Self.money(exposure.absolute), netValue: Self.money(fund.netValue),
      unitNetValue: fund.unitNetValue, level: level, flags: flags,
      fundAccounts: record.pointee.fundAccountCount, linksUp: linksUp,
      premium: Self.money(sums.premium), frozenPremium: Self.money(sums.frozenPremium))
    return (row, exposure.looks)
  }

  /// Of clauses, and of the lines of its unit net value.
  private func level(of product: ProductID, _ engine: borrowing Engine) -> LineLevel {
    let subject = SchemeSubject(product)
    let record = engine.ledger.schemes.subject(subject)
    let bits = record.pointee.reachedLines
    let reaches = { (line: NetValueLine) in
      [BandBasis.current, .priorDay].contains {
        bits >> UInt8(SchemeSubjectRecord.place($0, line)) & 1 == 1
      }
    }
    if reaches(.liquidation) { return .liquidate }
    let level = record.pointee.isOn ? engine.ledger.schemes.level(of: subject) : .unknown
    return level == .unknown && (reaches(.warn) || reaches(.topUp)) ? .warn : level
  }

  private static func money(_ units: Int128) -> Money {
    // The least number of all reads as none.
    Money(units: max(Int64(clamping: units), -.max))
  }

  // MARK: Positions and orders

  func positionRow(
    _ number: UInt32, _ side: PositionSide, _ kind: ScopeKind, _ name: Name,
    _ engine: borrowing Engine
  ) -> DeskProtocol.PositionRow {
    let update = BookMessages.position(number, side, name, names, engine, at: .none)
    let position = engine.ledger.position(number)
    let lots = position.pointee.side(side)
    let basis = position.pointee.cost(side).openBasis
    return DeskProtocol.PositionRow(
      scopeKind: kind, name: name, exchange: update.exchange, instrument: update.instrument,
      side: side, hedge: update.hedge, todayLots: lots.today, yesterdayLots: lots.yesterday,
      frozenLots: lots.frozen, workingOpenLots: lots.workingOpen,
      openPrice: lots.held == 0 ? .none : Price(units: basis / Int64(lots.held)),
      markPrice: update.markPrice,
      last: engine.market.instrument(position.pointee.instrument).pointee.last,
      margin: lots.margin, frozenMargin: lots.frozenMargin,
      positionProfit: update.positionProfit)
  }

  func workingOrderRow(
    _ number: UInt32, _ engine: borrowing Engine
  ) -> DeskProtocol.WorkingOrderRow {
    let order = engine.ledger.order(number)
    return DeskProtocol.WorkingOrderRow(
      account: names.operationAccounts.name(order.pointee.account.raw),
      orderID: order.pointee.id, clOrdID: order.pointee.clOrdID, state: order.pointee.state,
      exchange: names.exchange(order.pointee.instrument),
      instrument: names.instruments.name(order.pointee.instrument.raw),
      side: order.pointee.side, offset: order.pointee.offset, hedge: order.pointee.hedge,
      type: order.pointee.type, timeInForce: order.pointee.timeInForce,
      price: order.pointee.price, lots: order.pointee.lots,
      cumulativeLots: order.pointee.filled, leavesLots: order.pointee.leaves,
      unknownLots: order.pointee.unknownLots, frozenMargin: order.pointee.marginHold,
      receivedTime: order.pointee.receivedAt)
  }
}

/// Money of several fund accounts, in 1e-4 yuan.
private struct MoneySums {
  var netCash: Int128 = 0
  var available: Int128 = 0
  var margin: Int128 = 0
  var frozenMargin: Int128 = 0
  var frozenFee: Int128 = 0
  var positionProfit: Int128 = 0
  var closeProfit: Int128 = 0
  var fees: Int128 = 0
  var dayProfit: Int128 = 0
  var premium: Int128 = 0
  var frozenPremium: Int128 = 0

  mutating func add(_ holder: UnsafePointer<HolderRecord>) {
    netCash += Int128(holder.pointee.netCash.units)
    available += Int128(holder.pointee.available.units)
    margin += Int128(holder.pointee.margin.units)
    frozenMargin += Int128(holder.pointee.frozenMargin.units)
    frozenFee += Int128(holder.pointee.frozenFees.units)
    positionProfit += Int128(holder.pointee.positionProfit.units)
    closeProfit += Int128(holder.pointee.closeProfit.units)
    fees += Int128(holder.pointee.fees.units)
    dayProfit += Int128(holder.pointee.dayProfit.units)
    premium += Int128(holder.pointee.premium.units)
    frozenPremium += Int128(holder.pointee.frozenPremium.units)
  }
}
