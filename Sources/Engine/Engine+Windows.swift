import Domain
import Ledger
import MarketData
import Messages
import RiskRules

// Windows before closes (rules.md 4: overnight-margin, overnight-exposure, session-flat): orders
// ask for them by themselves; here accounts are looked at when a window opens, when reducing
// begins, and again and again until the close.
extension Engine {
  /// How long after a look accounts are looked at again while a session is about to end.
  static let windowLookSeconds: Int64 = 10

  // MARK: Settings

  mutating func setOvernight(_ set: SetOvernight, _ effects: inout EffectBuffer) {
    let isLegal: Bool
    switch set.measure {
    case .unknown: isLegal = set.basis == .unknown && set.excess == .unknown && set.limit == .min
    case .margin, .exposure:
      isLegal =
        [.marketEquity, .allowedLoss, .none].contains(set.basis) && set.excess != .unknown
        && set.limit >= 0 && set.limit <= Ranges.lineRatioMaximum
    }
    guard ledger.exists(set.account), isLegal else {
      return refuse(
        &effects, observed: set.limit, scope: .operationAccount, scopeID: set.account.raw)
    }
    ledger.setOvernight(
      set.account, set.measure, limit: set.limit, basis: set.basis, excess: set.excess)
    setWindowsDue()
  }

  mutating func setSessionFlat(_ set: SetSessionFlat, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account), set.close != .unknown,
      !set.everything || set.action != .unknown
    else { return refuse(&effects, scope: .operationAccount, scopeID: set.account.raw) }
    ledger.setSessionFlat(set.account, set.close, set.action, everything: set.everything)
    setWindowsDue()
  }

  mutating func setSessionFlatCommodity(
    _ set: SetSessionFlatCommodity, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.account), set.close != .unknown, market.exists(set.commodity) else {
      return refuse(&effects, scope: .operationAccount, scopeID: set.account.raw)
    }
    if !ledger.setSessionFlat(set.account, set.close, set.commodity, isIn: set.isIn) {
      refuse(&effects, .capacity, scope: .operationAccount, scopeID: set.account.raw)
    }
  }

  mutating func setWindowSetting(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    let isUnset = set.value == .min
    if set.setting == .reductionFinish {
      let code = UInt8(exactly: isUnset ? 1 : set.value).flatMap { ReductionFinish(rawValue: $0) }
      guard let code, code != .unknown else { return refuse(&effects, observed: set.value) }
      platform.reductionFinish = code
      return
    }
    guard isUnset || (30...3_600).contains(set.value) else {
      return refuse(&effects, observed: set.value, limit: 3_600)
    }
    ledger.changePlatformLines { lines in
      if set.setting == .windowBarSeconds {
        lines.barSeconds = isUnset ? 600 : set.value
      } else {
        lines.reduceSeconds = isUnset ? 300 : set.value
      }
    }
    setWindowsDue()
    disturbAll()
  }

  // MARK: When to look

  /// Finds the next moment anew: a day has begun, a look was taken, or what is set is other.
  mutating func setWindowsDue() {
    windowsDue =
      isReady && (ledger.windowAccounts > 0 || ledger.schemes.overnightClauses > 0)
      ? market.nextWindowMoment(
        after: now, bar: ledger.platformLines.barSeconds,
        reduce: ledger.platformLines.reducingSeconds, again: Self.windowLookSeconds) : .never
  }

  mutating func queueWindows() {
    guard isReady, windowsDue <= now else { return }
    setWindowsDue()
    // OVERNIGHT clauses are clauses like any other, but for the time of day.
    if ledger.schemes.overnightClauses > 0 { lookAtAll() }
    guard ledger.windowAccounts > 0 else { return }
    work.push(
      WorkItem(
        kind: .windows, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: .max,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }

  /// Looks at account after account.
  mutating func windowsSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    // Between two days nothing closes.
    guard isReady else { return true }
    while item.pointee.subject < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      let account = OperationAccountID(item.pointee.subject)
      item.pointee.subject += 1
      units -= 1
      if ledger.lines(account).pointee.hasWindows,
        !ledger.account(account).pointee.product.isNone
      {
        units -= lookAtWindows(account, &effects)
      }
    }
    return true
  }

  /// Returns how many records it looked at.
  private mutating func lookAtWindows(
    _ account: OperationAccountID, _ effects: inout EffectBuffer
  ) -> Int {
    bringUpToDate(ledger.holder(of: account))
    var units = 1
    for close in [SessionClose.midday, .day, .night] {
      let end = market.lastEnd(
        of: close, within: ledger.platformLines.reducingSeconds, now: now)
      if !end.isNone, isToBeFlat(account, close, end, &units) {
        beginWindow(.sessionFlat, account, &effects)
      }
    }
    guard ledger.window(account).pointee.isOvernightSet else { return units }
    for close in [SessionClose.day, .night] where OvernightLine.counts(close, account, ledger) {
      lookAtOvernight(account, close, &units, &effects)
    }
    return units
  }

  /// Whether session-flat is to begin: something is held or works to open of what it means.
  private func isToBeFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ end: Timestamp, _ units: inout Int
  ) -> Bool {
    let window = ledger.window(account)
    guard window.pointee.action(close) == .flatten,
      !window.pointee.isAnswered(.sessionFlat, end)
    else { return false }
    return hasPositions(account, close, &units) { figures in
      ledger.isFlat(account, close, figures.pointee.commodity)
        && figures.pointee.speculation.lots + figures.pointee.hedge.lots > 0
    }
  }

  /// Whether one of the commodities that are about to close is as asked for.
  private func hasPositions(
    _ account: OperationAccountID, _ close: SessionClose, _ units: inout Int,
    _ isMeant: (UnsafePointer<CommodityFigures>) -> Bool
  ) -> Bool {
    var number = ledger.holder(ledger.holder(of: account)).pointee.firstFigures
    while number != 0 {
      let figures = ledger.figures(number)
      units += 1
      if isAboutToClose(figures.pointee.commodity, close), isMeant(figures) { return true }
      number = figures.pointee.nextOfHolder
    }
    return false
  }

  /// Tells of an overnight line that is exceeded, once a close; reduces when it is time to.
  private mutating func lookAtOvernight(
    _ account: OperationAccountID, _ close: SessionClose, _ units: inout Int,
    _ effects: inout EffectBuffer
  ) {
    let lines = ledger.platformLines
    let window = ledger.window(account)
    guard !market.lastEnd(of: close, within: lines.barSeconds, now: now).isNone else { return }
    let barred = OvernightReading.watching(
      account, close, within: lines.barSeconds, ledger, market, now: now)
    units += barred.positions
    if !barred.isWithinReach || barred.isOver(window), ledger.tellWindow(account, close) {
      tellWindow(.overnightExceeded, account, barred, &effects)
    }
    let end = market.lastEnd(of: close, within: lines.reducingSeconds, now: now)
    guard barred.isWithinReach, !end.isNone, window.pointee.excess == .reduce,
      !window.pointee.isAnswered(window.pointee.measure.rule, end)
    else { return }
    let reading = OvernightReading.watching(
      account, close, within: lines.reducingSeconds, ledger, market, now: now)
    units += reading.positions
    guard reading.isOver(window) else { return }
    let hasLots = hasPositions(account, close, &units) { $0.pointee.heldLots > 0 }
    if hasLots { beginWindow(window.pointee.measure.rule, account, &effects) }
  }

  /// Begins a liquidation before a close, where none runs: what runs goes on, and the window is
  /// looked at again when that is over.
  private mutating func beginWindow(
    _ rule: RuleID, _ account: OperationAccountID, _ effects: inout EffectBuffer
  ) {
    guard ledger.liquidationPhase(account) == .unknown else { return }
    _ = begin(
      LiquidationOrigin(
        owner: .account, who: Name(), extent: rule == .sessionFlat ? .all : .proportional,
        scope: LiquidationScope(), rule: rule, level: .liquidate),
      account, &effects)
  }

  private mutating func tellWindow(
    _ kind: NoticeKind, _ account: OperationAccountID, _ reading: OvernightReading,
    _ effects: inout EffectBuffer
  ) {
    let window = ledger.window(account)
    let isKnown = reading.isWithinReach
    let figures = OvernightLine.figures(reading, account, ledger)
    notice(
      kind, &effects, rule: figures.rule, scope: .operationAccount, scopeID: account.raw,
      observed: isKnown ? figures.observed : Int64(reading.positions),
      limit: isKnown ? figures.limit : Int64(Ledger.windowPositionsMaximum),
      unit: isKnown ? .percent : .count, level: .liquidate,
      action: window.pointee.excess == .reduce ? .liquidate : .barOpening)
  }

  // MARK: A liquidation before a close

  /// Whether a commodity's session is about to end: its positions are reduced now.
  func isAboutToClose(_ commodity: CommodityID, _ close: SessionClose) -> Bool {
    market.isAboutToClose(
      market.commodity(commodity).pointee.hours, at: close,
      within: ledger.platformLines.reducingSeconds, now: now)
  }

  /// Whether the liquidation of an account is about a position.
  func isMeant(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide,
    _ hedge: HedgeFlag
  ) -> Bool {
    let record = ledger.liquidation(account)
    guard record.pointee.scope.contains(instrument, side, hedge) else { return false }
    guard record.pointee.rule.isWindow else { return true }
    let close = ledger.window(account).pointee.close
    let commodity = market.commodity(of: instrument)
    guard isAboutToClose(commodity, close) else { return false }
    // What is combined is not taken apart (AMS manual 4.1).
    return record.pointee.rule != .sessionFlat
      || hedge != .arbitrage && ledger.isFlat(account, close, commodity)
  }

  /// A liquidation begins: of a rule of windows, before which close.
  mutating func noteWindow(of account: OperationAccountID) {
    guard ledger.liquidation(account).pointee.rule.isWindow else { return }
    let within = ledger.platformLines.reducingSeconds
    for close in [SessionClose.midday, .day, .night]
    where !market.lastEnd(of: close, within: within, now: now).isNone {
      ledger.setWindowClose(account, close)
    }
  }

  /// It is over, and does not begin again before the same close unless it came back to its line.
  mutating func endWindow(
    of account: OperationAccountID, _ end: LiquidationEnd, _ effects: inout EffectBuffer
  ) {
    let rule = ledger.liquidation(account).pointee.rule
    guard rule.isWindow, end != .backToLine else { return }
    let close = ledger.window(account).pointee.close
    let within = ledger.platformLines.reducingSeconds
    ledger.answerWindow(
      account, rule, market.lastEnd(of: close, within: within, now: now))
    guard rule == .sessionFlat else {
      let reading = OvernightReading.watching(
        account, close, within: within, ledger, market, now: now)
      if reading.isOver(ledger.window(account)) {
        tellWindow(.windowRest, account, reading, &effects)
      }
      return
    }
    var left: Int64 = 0
    var number = ledger.holder(ledger.holder(of: account)).pointee.firstFigures
    while number != 0 {
      let figures = ledger.figures(number)
      let commodity = figures.pointee.commodity
      let hours = market.commodity(commodity).pointee.hours
      if ledger.isFlat(account, close, commodity),
        market.isClosing(hours, at: close, within: within, now: now)
      {
        left += figures.pointee.heldLots - figures.pointee.arbitrage.heldLots
      }
      number = figures.pointee.nextOfHolder
    }
    guard left > 0 else { return }
    notice(
      .windowRest, &effects, rule: rule, scope: .operationAccount, scopeID: account.raw,
      observed: left, limit: 0, unit: .lots, level: .liquidate, action: .liquidate)
  }
}
