import Domain
import Messages

// Rules of rules.md 3 that read the figures: the twin says for each whether it must have failed.
// An order that was accepted broke none of them, and one that was refused by one of them did break
// it.
extension Twin {
  func judge(_ terms: TwinTerms, _ report: ExecutionReport) {
    let judged = judged(terms)
    let isRefused = report.execType == .rejected
    for rule in judged where !isRefused && rule.isBroken {
      complain("accepted in spite of \(rule.id): \(rule.why)")
    }
    let named = judged.filter { isRefused && $0.id == report.refusal.rule }
    if !named.isEmpty, !named.contains(where: { $0.isBroken }), !mayBar(terms, report.refusal.rule)
    {
      complain("refused by \(report.refusal.rule): \(named.map(\.why))")
    }
  }

  private struct Judgement {
    var id: RuleID
    var isBroken: Bool
    var why: String
  }

  private func judged(_ terms: TwinTerms) -> [Judgement] {
    guard terms.instrument.index < instruments.count, terms.side != .unknown,
      terms.hedge != .unknown, terms.lots > 0, terms.lots <= Ranges.orderLotsMaximum
    else { return [] }
    if terms.offset.isClosing { return closing(terms) + closingClauses(terms) }
    guard terms.offset == .open else { return [] }
    let holder = TwinHolder.account(terms.account)
    let price =
      terms.type == .market ? instruments[terms.instrument.index].upperLimit : terms.price
    guard !price.isNone,
      Ranges.allows(price: price, multiplier: instruments[terms.instrument.index].multiplier)
    else { return [] }
    let hold = hold(
      rates(holder, terms.instrument), terms.place, .open, price: price, lots: terms.lots)
    return opening(terms, holder, hold) + openingClauses(terms, hold, price)
      + brokenWindows(terms, hold, price).map {
        Judgement(id: $0.rule, isBroken: $0.isBroken, why: $0.why)
      }
  }

  /// rules.md 5: every kind, broken or not, so that one that is named is one that is broken.
  private func openingClauses(
    _ terms: TwinTerms, _ hold: TwinHold, _ price: Price
  ) -> [Judgement] {
    let broken = subjects(terms.account).flatMap {
      brokenClauses(terms, hold, price, of: $0)
    }
    return ClauseKind.allCases.filter { $0 != .unknown && $0 != .totalDrawdown }.map { kind in
      Judgement(
        id: kind.rule, isBroken: broken.contains(kind.rule), why: "clauses \(broken)")
    } + subjects(terms.account).flatMap { netValueLines($0) }
  }

  private func netValueLines(_ subject: TwinSubject) -> [Judgement] {
    let barsFromTwo = barsFromTwo(subject)
    func isReached(_ line: NetValueLine) -> Bool {
      [BandBasis.current, .priorDay].contains { self.isReached(subject, $0, line) }
    }
    return [
      Judgement(
        id: .netValueWarn, isBroken: !barsFromTwo && isReached(.warn),
        why: "net value of \(subject) \(netValues(subject))"),
      Judgement(
        id: .netValueLiquidation, isBroken: isReached(.liquidation),
        why: "net value of \(subject) \(netValues(subject))"),
    ]
  }

  private func closingClauses(_ terms: TwinTerms) -> [Judgement] {
    let price =
      terms.type == .market ? instruments[terms.instrument.index].upperLimit : terms.price
    let broken = subjects(terms.account).flatMap { subject in
      ignoresExposure(terms.account, subject)
        ? [] : brokenClauses(terms, TwinHold(), price, of: subject)
    }
    return [
      Judgement(id: .exposureOnClose, isBroken: !broken.isEmpty, why: "clauses \(broken)")
    ]
  }

  private func cap(_ id: RuleID, _ value: Int64, _ limit: Int64?) -> Judgement {
    Judgement(
      id: id, isBroken: limit.map { value > $0 } ?? false,
      why: "\(value) of \(limit.map(String.init) ?? "no limit")")
  }

  private func opening(_ terms: TwinTerms, _ holder: TwinHolder, _ hold: TwinHold) -> [Judgement] {
    let money = money(holder)
    let lots = money.heldLots + money.workingOpenLots + Int64(terms.lots)
    let value = money.openedValue + money.workingOpenValue + hold.value
    let product = accounts[terms.account.index].product
    let ofProduct =
      product.isNone
      ? nil
      : productSettings[product.index][ProductSetting.tradedValue.rawValue].flatMap {
        $0 == .min ? nil : $0
      }
    let traded = cap(.tradedValue, value, setting(terms.account, .tradedValue))
    let tradedByAll = cap(
      .tradedValue, product.isNone ? 0 : openedValue(product) + hold.value, ofProduct)
    let size = orderSize(terms)
    let ofLots = cap(.orderSize, Int64(terms.lots), size.lots)
    let ofMargin = cap(.orderSize, hold.margin, size.margin)
    return entries(terms, holder, hold) + [
      Judgement(
        id: .orderSize, isBroken: ofLots.isBroken || ofMargin.isBroken,
        why: "\(ofLots.why), \(ofMargin.why)"),
      cap(.positionLimit, lots, setting(terms.account, .positionCap) ?? 100_000),
      cap(
        .marginLimit, money.margin + money.frozenMargin + hold.margin,
        setting(terms.account, .marginCap) ?? 100_000_000 * Money.unitsPerYuan),
      cap(.openOrders, money.workingOrders + 1, setting(terms.account, .openOrders)),
      cap(
        .cancelLimit, cancelCount(terms.account, terms.instrument) + 1,
        setting(terms.account, .cancelLimit)),
      Judgement(
        id: .orderRate, isBroken: rateBars[terms.account]?.contains(.open) ?? false,
        why: "bar of \(terms.account.raw)"),
      Judgement(
        id: .tradedValue, isBroken: traded.isBroken || tradedByAll.isBroken,
        why: "\(traded.why), \(tradedByAll.why)"),
      cap(.fundsAvailable, hold.margin + hold.fee + hold.premium, money.available),
      Judgement(
        id: .clockUnconfirmed, isBroken: clockJumped, why: "jumped: \(clockJumped)"),
      killed(terms),
      Judgement(
        id: .barredByController, isBroken: isBarred(terms.account),
        why: "bar of \(terms.account.raw)"),
      Judgement(
        id: .notTradable, isBroken: !isTradable(terms), why: "list of \(terms.account.raw)"),
    ]
      + brokenLines(terms.account, money, hold).map {
        Judgement(id: $0.rule, isBroken: $0.isBroken, why: "equity \(money.equity)")
      }
  }

  private func killed(_ terms: TwinTerms) -> Judgement {
    Judgement(
      id: .killSwitch, isBroken: isKilled(terms.account),
      why: "switches of \(terms.account.raw)")
  }

  /// rules.md 3, position-limit and margin-limit: all matching entries bind.
  private func entries(_ terms: TwinTerms, _ holder: TwinHolder, _ hold: TwinHold) -> [Judgement] {
    let commodity = instruments[terms.instrument.index].commodity
    let sides = sides(holder)
    return positionLimits.flatMap { key, limit -> [Judgement] in
      guard key.account == terms.account, key.hedge == .unknown || key.hedge == terms.hedge,
        key.scope == .commodity(commodity) || key.scope == .instrument(terms.instrument)
      else { return [] }
      var lots = Int64(terms.lots)
      var margin = hold.margin
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge]
      where key.hedge == .unknown || key.hedge == hedge {
        let columns = columns(sides, hedge) { id in
          key.scope == .instrument(id)
            || key.scope == .commodity(instruments[id.index].commodity)
        }
        lots += columns.heldLong + columns.heldShort
        lots += columns.workingOpenLong + columns.workingOpenShort
        margin += columns.margin
      }
      return [
        cap(.positionLimit, lots, limit.lots == .min ? nil : limit.lots),
        cap(.marginLimit, margin, limit.margin.isNone ? nil : limit.margin.units),
      ]
    }
  }

  private func closing(_ terms: TwinTerms) -> [Judgement] {
    let closable = closable(.account(terms.account), terms.place, terms.offset)
    let closesToo = setting(terms.account, .cancelLimitClosingToo) == 1
    return [
      killed(terms),
      cap(.positionAvailable, Int64(terms.lots), closable),
      cap(
        .cancelLimit, cancelCount(terms.account, terms.instrument) + 1,
        closesToo ? setting(terms.account, .cancelLimit) : nil),
      Judgement(
        id: .orderRate, isBroken: rateBars[terms.account]?.contains(.close) ?? false,
        why: "bar of \(terms.account.raw)"),
    ]
  }

  /// decisions 15: the Nth accepted order within T passes and sets the bar. Orders count while the
  /// rule is on; setting its N starts the count again.
  func countForRate(_ account: OperationAccountID, _ effects: [Effect]) {
    guard let count = setting(account, .orderRateCount), count > 0,
      let window = setting(account, .orderRateWindowMilliseconds)
    else { return }
    acceptedAt[account, default: []].append(now)
    let since = now.adding(nanoseconds: -window * 1_000_000)
    let recent = acceptedAt[account]!.count { $0 >= since }
    guard Int64(recent) >= count else { return }
    let bar = setting(account, .orderRateBar) ?? 1
    if bar & 1 != 0 { rateBars[account, default: []].insert(.open) }
    if bar & 2 != 0 { rateBars[account, default: []].insert(.close) }
  }

  /// rules.md 7: a fund account never works to close more than it holds, and keeps its reserve.
  func checkMeans(_ sent: SendOrder, _ order: TwinOrder) {
    let holder = TwinHolder.fund(sent.fundAccount)
    let place = TwinPlace(
      sent.instrument, PositionSide(side: sent.side, offset: sent.offset), sent.hedge)
    if sent.offset.isClosing {
      let closable = closable(holder, place, sent.offset)
      if Int64(sent.lots) > closable {
        complain("child \(sent.child) closes \(sent.lots) of \(closable) lots")
      }
    } else if !order.terms.clOrdID.isForced {
      let hold = hold(
        rates(holder, sent.instrument), place, .open, price: order.holdPrice, lots: sent.lots)
      let left = money(holder).available - hold.margin - hold.fee - hold.premium
      let reserve = funds[sent.fundAccount.index].minimumReserve
      if left < reserve {
        complain("child \(sent.child) leaves \(left) of a reserve of \(reserve)")
      }
      checkFundLimits(sent)
    }
    if !order.terms.clOrdID.isForced,
      fundBars[sent.fundAccount]?.contains(sent.offset.isClosing ? .close : .open) == true
    {
      complain("child \(sent.child) in spite of the fund account's bar")
    }
  }

  /// Lots that an offset reaches and no working order is closing (decisions 3).
  func closable(_ holder: TwinHolder, _ place: TwinPlace, _ offset: Offset) -> Int64 {
    let side = side(holder, place)
    guard instruments[place.instrument.index].separatesToday else {
      return side.today + side.yesterday - side.frozen
    }
    return offset == .closeToday
      ? side.today - side.frozenToday : side.yesterday - (side.frozen - side.frozenToday)
  }
}
