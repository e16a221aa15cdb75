import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Storage

// Clauses without an order. Whatever they are held against makes the subject dirty, a product or an
// account with schemes of its own; a dirty one is looked at a moment later, however much happened
// meanwhile: so a tick costs no more than to say so. An order does not wait for that: it is judged
// by the newest figures.
extension Engine {
  /// A position was marked: the figures that it is part of are valued at the price too.
  @inline(__always) mutating func revalueScheme(
    _ holder: HolderID, _ instrument: InstrumentID, _ price: Price, _ multiplier: Int64
  ) {
    let product = ledger.productSubject(holder)
    if !product.isNone {
      ledger.revalue(product, instrument, at: price, multiplier: multiplier)
    }
    let own = ledger.ownSubject(holder)
    if !own.isNone { ledger.revalue(own, instrument, at: price, multiplier: multiplier) }
  }

  /// Subjects whose figures a step has changed are to be looked at.
  mutating func queueTouched() {
    while let subject = ledger.schemes.nextTouched() { dirty.push(subject, at: now) }
  }

  /// Money of a holder changed that clauses may be held against, besides figures: a fund account's
  /// is its product's, an operation account's its own.
  mutating func disturb(_ holder: HolderID) {
    let isFund = ledger.operationAccount(holder) == nil
    let subject = isFund ? ledger.productSubject(holder) : ledger.ownSubject(holder)
    if !subject.isNone, ledger.schemes.subject(subject).pointee.isOn {
      dirty.push(subject, at: now)
    }
  }

  /// After a fill: clauses that its instrument is in the scope of are looked at in the same step;
  /// what is newly passed is told, what is not passed any more with the look that follows.
  @inline(__always) mutating func lookAtSchemes(
    _ holder: HolderID, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    guard ledger.holder(holder).pointee.isInSchemes else { return }
    let own = ledger.ownSubject(holder)
    if !own.isNone, ledger.schemes.subject(own).pointee.isOn {
      look(atOnce: own, instrument, &effects)
    }
    let product = ledger.productSubject(holder)
    if !product.isNone { look(atOnce: product, instrument, &effects) }
  }

  @inline(never)
  private mutating func look(
    atOnce subject: SchemeSubject, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    dirty.push(subject, at: now)
    guard isReady, ledger.schemes.subject(subject).pointee.bindingCount > 0 else { return }
    bringSchemeUpToDate(subject)
    let fund = SchemeFund(subject, ledger, market, at: now)
    let listing = market.instrument(instrument)
    var left = fund.subject.pointee.bindingCount
    for binding in 1...SchemeLimits.bindingsPerProduct where left > 0 {
      let record = ledger.schemes.binding(subject, binding)
      if record.pointee.isUsed { left -= 1 }
      guard fund.isInForce(record, binding) else { continue }
      var touching = TouchingClauses(
        record.pointee.scheme, instrument, listing.pointee.commodity, listing.pointee.exchange,
        ledger.schemes)
      while effects.hasRoom(for: 16) {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        let clause = ledger.schemes.clause(place)
        let number = Int(place - Schemes.clauseNumber(record.pointee.scheme, 1)) + 1
        let before = ledger.schemes.state(subject, binding, number).pointee.reached
        let bits = before | SchemeCheck.reached(clause, fund, instrument, ledger, market)
        guard bits != before else { continue }
        let told = clause.pointee.kind.isSingle ? instrument : .none
        ledger.setReached(subject, binding, number, bits, told)
        let name = (UInt16(clamping: record.pointee.scheme), UInt16(clamping: number))
        tell(clause, fund, told, from: before, to: bits, name, &effects)
      }
    }
  }

  /// Whether something changed since a subject's clauses were looked at.
  public func isLookPending(_ subject: SchemeSubject) -> Bool {
    dirty.isQueued.at(subject.raw).pointee != 0
  }

  /// Open interest changed: shares of it are others, where anybody has one in a clause.
  mutating func disturbShares() {
    guard ledger.schemes.shareClauses > 0 else { return }
    ledger.schemes.noteOpenInterest()
    lookAtAll()
  }

  /// An account with schemes of its own is looked at.
  mutating func disturbOwn(_ account: OperationAccountID) {
    let own = ledger.ownSubject(account)
    if !own.isNone { disturb(own) }
  }

  /// A subject is looked at, all of it, if schemes are bound to it: what clauses are asked with is
  /// other than it was.
  mutating func disturb(_ subject: SchemeSubject) {
    guard ledger.schemes.subject(subject).pointee.isOn else { return }
    ledger.schemes.forgetQuiet(subject)
    dirty.push(subject, at: now)
  }

  /// Every subject that schemes are bound to is looked at, all of it.
  mutating func disturbAll() {
    for place in 0..<ledger.subjectCount { disturb(ledger.subject(at: place)) }
  }

  /// Every subject that schemes are bound to is looked at, for what every look asks.
  mutating func lookAtAll() {
    for place in 0..<ledger.subjectCount {
      let subject = ledger.subject(at: place)
      if ledger.schemes.subject(subject).pointee.isOn { dirty.push(subject, at: now) }
    }
  }

  /// Subjects whose time has come are looked at, one task each.
  mutating func queueDirty() {
    guard isReady else { return }
    var budget = Engine.unitsPerStep
    while budget > 0, dirty.due <= now {
      let subject = dirty.pop()
      work.push(
        WorkItem(
          kind: .watchSchemes, side: .unknown, subject: subject.raw, instrument: .none, cursor: 0,
          bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
      budget -= 1
    }
  }

  /// Looks at a subject's clauses one after the other; of a SINGLE clause at one instrument after
  /// the other. Those that can't stand otherwise are passed over, at the same units. The cursor is
  /// the binding and the clause, both from 0; `holders` the subject's commodity and instrument;
  /// `reached` and `instrument` what was found of the clause so far.
  mutating func watchSchemesSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let subject = SchemeSubject(item.pointee.subject)
    // Between two days figures are half of either: the new day looks anew, at all of it.
    guard isReady else {
      ledger.schemes.forgetQuiet(subject)
      return true
    }
    let isBeginning = item.pointee.cursor == 0 && item.pointee.holders.chunk == 0
    if isBeginning { beginWatch(subject, &units, &effects) }
    let fund = SchemeFund(subject, ledger, market, at: now)
    let used = findLoud(fund, isBeginning: isBeginning)
    while units > 0, effects.hasRoom(for: 16) {
      let binding = Int(item.pointee.cursor) / SchemeLimits.clausesPerScheme + 1
      let number = Int(item.pointee.cursor) % SchemeLimits.clausesPerScheme + 1
      guard binding <= SchemeLimits.bindingsPerProduct else {
        ledger.schemes.closeLook()
        return true
      }
      let scheme =
        used.contains(binding - 1)
        ? ledger.schemes.binding(subject, binding).pointee.scheme : 0
      guard scheme != 0, number <= ledger.schemes.clauseCount(scheme) else {
        units -= 1
        item.pointee.cursor = UInt32(binding * SchemeLimits.clausesPerScheme)
        continue
      }
      if item.pointee.holders.chunk == 0 {
        let passed = ledger.schemes.passOver(
          subject, binding, from: number, through: ledger.schemes.clauseCount(scheme), &units)
        item.pointee.cursor += UInt32(passed)
        if passed > 0 { continue }
      }
      let clause = ledger.schemes.clause(Schemes.clauseNumber(scheme, number))
      // The units do not go round it, and nobody is over, as nobody was.
      if ledger.schemes.isWide(binding, number, scheme), isClear(subject, binding, number) {
        if ledger.schemes.walk(clause, subject, &item.pointee.holders, &units) { finish(item) }
        continue
      }
      units -= 1
      if !look(at: clause, fund, binding, number, item) { continue }
      conclude(clause, fund, binding, number, item, &effects)
      finish(item)
    }
    return false
  }

  /// Goes on to the next clause.
  private func finish(_ item: UnsafeMutablePointer<WorkItem>) {
    item.pointee.cursor += 1
    item.pointee.reached = 0
    item.pointee.instrument = .none
    item.pointee.holders = Ledger.HolderCursor(chunk: 0, offset: 0)
  }

  /// What a look begins with: figures at the newest prices, the highest net value, ranges.
  private mutating func beginWatch(
    _ subject: SchemeSubject, _ units: inout Int, _ effects: inout EffectBuffer
  ) {
    units -= bringMoneyUpToDate(subject)
    bringSchemeUpToDate(subject)
    let fund = SchemeFund(subject, ledger, market, at: now)
    ledger.raiseNetValue(subject, to: fund.netValue)
    watchLines(fund, &effects)
    for slot in ledger.schemes.usedBindings(subject) {
      let number = slot + 1
      let binding = ledger.schemes.binding(subject, number)
      let isInForce = fund.isInForce(binding, number)
      if binding.pointee.wasInForce != isInForce {
        ledger.setInForce(subject, number, isInForce, at: now)
      }
    }
    awaitBand(subject, until: fund.keptUntil)
  }

  /// Whose money it is that a subject's clauses count: its fund accounts, or the account itself.
  /// Returns how many these are.
  private mutating func bringMoneyUpToDate(_ subject: SchemeSubject) -> Int {
    if let account = ledger.schemes.account(subject) {
      bringUpToDate(ledger.holder(of: account))
      return 1
    }
    let record = ledger.product(ProductID(subject.raw))
    for index in 0..<Int(record.pointee.fundAccountCount) {
      bringUpToDate(ledger.holder(of: record.pointee.fundAccounts[index]))
    }
    return Int(record.pointee.fundAccountCount)
  }

  /// Lines of the unit net value, from the highest down.
  private mutating func watchLines(_ fund: SchemeFund, _ effects: inout EffectBuffer) {
    let before = fund.subject.pointee.reachedLines
    let reached = NetValueLines.reached(fund)
    guard reached != before else { return }
    ledger.setReachedLines(fund.id, reached)
    for basis in [BandBasis.current, .priorDay] {
      for line in [NetValueLine.topUp, .warn, .liquidation] {
        let bit = UInt8(1) << UInt8(SchemeSubjectRecord.place(basis, line))
        guard reached & bit != before & bit else { continue }
        let figures = NetValueLines.figures(fund, basis, line)
        let bars =
          line == .liquidation || line == .warn && !fund.subject.pointee.barsFromLevelTwo
        notice(
          reached & bit != 0 ? .netValueLineReached : .netValueLineReleased, &effects,
          rule: line.rule, scope: fund.scopeKind, scopeID: fund.scopeID, observed: figures.observed,
          limit: figures.limit, unit: figures.unit,
          level: line == .liquidation ? .liquidate : line == .warn ? .warn : .unknown,
          action: bars ? .barOpening : .notice)
        if line == .liquidation, reached & bit != 0 { liquidate(fund.id, by: line.rule) }
      }
    }
  }

  /// Looks at one clause, or at one more instrument of it; true when it is done.
  private mutating func look(
    at clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ binding: Int, _ number: Int,
    _ item: UnsafeMutablePointer<WorkItem>
  ) -> Bool {
    ledger.schemes.notePresent(fund.id, binding, number, clause)
    guard clause.pointee.kind != .unknown else { return true }
    guard clause.pointee.kind.isSingle else {
      item.pointee.reached = UInt32(stands(clause, fund, InstrumentID(0)))
      return true
    }
    guard let instrument = nextInstrument(of: clause, fund, item) else { return true }
    let bits = UInt32(stands(clause, fund, instrument))
    // The first instrument that passes the highest level is the one that is told.
    if bits > item.pointee.reached {
      item.pointee.reached = bits
      item.pointee.instrument = instrument
    }
    return false
  }

  /// Takes in where the subject stands by a clause, and tells what is other than before. Outside
  /// of its range a clause does not apply; a second level that was passed bars until the figure is
  /// back, whatever the range (design.md).
  private mutating func conclude(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ binding: Int, _ number: Int,
    _ item: UnsafeMutablePointer<WorkItem>, _ effects: inout EffectBuffer
  ) {
    let state = ledger.schemes.state(fund.id, binding, number)
    let before = state.pointee.reached
    var reached = UInt8(truncatingIfNeeded: item.pointee.reached)
    if !ledger.schemes.binding(fund.id, binding).pointee.wasInForce {
      reached &= before & ClauseState.bit(.liquidate)
    }
    let told = reached == 0 ? state.pointee.instrument : item.pointee.instrument
    guard reached != before else { return }
    ledger.setReached(fund.id, binding, number, reached, item.pointee.instrument)
    let scheme = UInt16(clamping: ledger.schemes.binding(fund.id, binding).pointee.scheme)
    tell(
      clause, fund, told, from: before, to: reached, (scheme, UInt16(clamping: number)), &effects)
  }

  /// Level one before level two.
  private mutating func tell(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ told: InstrumentID,
    from before: UInt8, to reached: UInt8, _ name: (scheme: UInt16, clause: UInt16),
    _ effects: inout EffectBuffer
  ) {
    for level in [LineLevel.warn, .liquidate] {
      let isReached = reached & ClauseState.bit(level) != 0
      guard isReached != (before & ClauseState.bit(level) != 0) else { continue }
      let instrument = told.isNone ? InstrumentID(0) : told
      let figures = SchemeCheck.figures(clause, fund, instrument, level, ledger, market)
      let bars = level == .liquidate || !fund.subject.pointee.barsFromLevelTwo
      notice(
        isReached ? .clauseReached : .clauseReleased, &effects, rule: figures.rule,
        scope: fund.scopeKind, scopeID: fund.scopeID, observed: figures.observed,
        limit: figures.limit,
        unit: figures.unit, level: level, action: bars ? .barOpening : .notice,
        scheme: name.scheme, clause: name.clause, instrument: told)
      if level == .liquidate, isReached {
        liquidate(fund.id, by: clause.pointee.kind.rule)
      }
    }
  }
}
