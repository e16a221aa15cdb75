import Domain
import Ledger
import MarketData
import Messages

// Forced liquidation: what begins it, what ends it (rules.md 0, 4; desk.md). One an account at a
// time; its looks are in Engine+LiquidationLook.swift, its orders in Engine+ForcedOrders.swift.
extension Engine {
  // MARK: Controllers

  mutating func forceLiquidate(_ force: ForceLiquidate, _ effects: inout EffectBuffer) {
    guard isReady else { return refuse(&effects, .engineNotReady, scope: .platform) }
    guard isLegal(force) else {
      return refuse(&effects, scope: .operationAccount, scopeID: force.account.raw)
    }
    guard force.account.isNone else {
      guard begin(force, force.account, &effects) else {
        return refuse(
          &effects, .liquidating,
          observed: Int64(ledger.liquidationPhase(force.account).rawValue), unit: .code,
          scope: .operationAccount, scopeID: force.account.raw)
      }
      return
    }
    sweep(force, isStop: false, &effects)
  }

  func isLegal(_ force: ForceLiquidate) -> Bool {
    guard !force.who.isEmpty, force.extent == .all || force.extent == .toLine,
      isOneOf(force.account, force.product),
      force.account.isNone || !ledger.account(force.account).pointee.product.isNone
    else { return false }
    // A side is an instrument's, a hedge flag a side's.
    if force.instrument.isNone { return force.side == .unknown && force.hedge == .unknown }
    return market.exists(force.instrument) && (force.side != .unknown || force.hedge == .unknown)
  }

  /// Either an account or a product is named, and exists.
  func isOneOf(_ account: OperationAccountID, _ product: ProductID) -> Bool {
    account.isNone
      ? !product.isNone && ledger.exists(product) : product.isNone && ledger.exists(account)
  }

  mutating func stopLiquidation(_ stop: StopLiquidation, _ effects: inout EffectBuffer) {
    guard !stop.who.isEmpty, isOneOf(stop.account, stop.product) else {
      return refuse(&effects, scope: .operationAccount, scopeID: stop.account.raw)
    }
    guard stop.account.isNone else {
      guard self.stop(stop.account, .stopped, &effects) else {
        return refuse(&effects, scope: .operationAccount, scopeID: stop.account.raw)
      }
      return
    }
    var force = LiquidationSweep().force
    force.who = stop.who
    force.product = stop.product
    sweep(force, isStop: true, &effects)
  }

  /// Goes through the accounts of a product, one such command at a time.
  private mutating func sweep(
    _ force: ForceLiquidate, isStop: Bool, _ effects: inout EffectBuffer
  ) {
    guard !liquidationSweep.isActive else {
      return refuse(&effects, .capacity, observed: 1, limit: 1, unit: .count, scope: .platform)
    }
    startSweep(force, isStop: isStop)
  }

  mutating func startSweep(_ force: ForceLiquidate, isStop: Bool) {
    liquidationSweep = LiquidationSweep(isActive: true, isStop: isStop, force: force)
    work.push(Self.liquidationItem(.sweepLiquidations))
  }

  mutating func sweepSlice(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    while liquidationSweep.cursor < UInt32(ledger.accountCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      units -= 1
      let account = OperationAccountID(liquidationSweep.cursor)
      liquidationSweep.cursor += 1
      guard ledger.account(account).pointee.product == liquidationSweep.force.product else {
        continue
      }
      if liquidationSweep.isStop {
        _ = stop(account, .stopped, &effects)
      } else if hasSomething(account) {
        _ = begin(liquidationSweep.force, account, &effects)
      }
    }
    liquidationSweep = LiquidationSweep()
    return true
  }

  func hasSomething(_ account: OperationAccountID) -> Bool {
    let holder = ledger.holder(ledger.holder(of: account))
    return holder.pointee.heldLots > 0 || holder.pointee.workingOrders > 0
  }

  private mutating func begin(
    _ force: ForceLiquidate, _ account: OperationAccountID, _ effects: inout EffectBuffer
  ) -> Bool {
    begin(LiquidationOrigin(force), account, &effects)
  }

  // MARK: Lines

  /// Begins a liquidation for a level that is reached, says so, and has not had one since it was
  /// reached, once none runs. Returns how many effects that made, about.
  mutating func liquidateWhereReached(
    _ account: OperationAccountID, _ reached: LineMask, _ effects: inout EffectBuffer
  ) -> Int {
    let record = ledger.liquidation(account)
    let answered = record.pointee.answered
    if answered.bits & ~reached.bits != 0 {
      ledger.changeLiquidation(account) { $0.pointee.answered.bits &= reached.bits }
    }
    let due = reached.bits & ledger.platformLines.liquidating.bits & ~answered.bits
    // What goes before a close gives way to a line.
    let isFree =
      ledger.liquidationPhase(account) == .unknown || record.pointee.rule.isWindow
    guard due != 0 && isFree || history.isFollowed else {
      return 0
    }
    guard !ledger.account(account).pointee.product.isNone else { return 0 }
    var origin = LiquidationOrigin(
      owner: .account, who: Name(), extent: platform.liquidationExtent, scope: LiquidationScope())
    for line in AccountLine.allCases where origin.rule == .none {
      for level in [LineLevel.warn, .liquidate]
      where LineMask(bits: due).contains(line, level) && origin.rule == .none {
        origin.rule = line.rule
        origin.level = level
      }
    }
    // Who follows history finds that none was begun here; that costs him as much as it did then.
    guard begin(origin, account, &effects) else { return 0 }
    // Another level that is reached has its turn when this one's is over.
    guard let line = AccountLine(origin.rule) else { return 4 }
    ledger.changeLiquidation(account) { $0.pointee.answered.set(line, origin.level, true) }
    return 4
  }

  // MARK: Beginning and ending

  /// Begins a liquidation, or takes over the one that there is. False, and nothing changed, when
  /// that belongs to a stronger owner, or neither's scope lies in the other's. The wider scope
  /// stands; what the weaker one has working is inherited.
  mutating func begin(
    _ asked: LiquidationOrigin, _ account: OperationAccountID, _ effects: inout EffectBuffer
  ) -> Bool {
    var origin = asked
    if history.isFollowed {
      guard let recorded = takeRecordedBeginning(account, by: asked.owner) else { return false }
      origin = recorded
    } else {
      guard mayBegin(asked, account) else { return false }
      let record = ledger.liquidation(account)
      // What goes before a close is never all of an account, whatever its scope says.
      let runs =
        ledger.liquidationPhase(account) != .unknown && !record.pointee.rule.isWindow
      if runs, !origin.scope.covers(record.pointee.scope) { origin.scope = record.pointee.scope }
    }
    carryOut(origin, account, &effects)
    return true
  }

  /// Whether `begin` would; nothing changes.
  mutating func mayBegin(_ asked: LiquidationOrigin, _ account: OperationAccountID) -> Bool {
    if history.isFollowed { return recordedBeginning(account, by: asked.owner) != nil }
    guard ledger.liquidationPhase(account) != .unknown else { return true }
    let record = ledger.liquidation(account)
    let covers = record.pointee.rule.isWindow || asked.scope.covers(record.pointee.scope)
    return asked.owner.rawValue >= record.pointee.owner.rawValue
      && (covers
        || asked.owner != record.pointee.owner && record.pointee.scope.covers(asked.scope))
  }

  mutating func carryOut(
    _ origin: LiquidationOrigin, _ account: OperationAccountID, _ effects: inout EffectBuffer
  ) {
    if ledger.liquidationPhase(account) != .unknown {
      ledger.changeLiquidation(account) { $0.pointee.end = .takenOver }
      tellLiquidation(account, .ended, &effects)
    } else {
      ledger.changeLiquidation(account) { $0.pointee.lotsWorking = 0 }
    }
    ledger.numberLiquidation(account)
    let day = market.tradingDay.yyyymmdd
    let grace = now.adding(seconds: platform.liquidationRepriceSeconds)
    let lots = ledger.holder(ledger.holder(of: account)).pointee.heldLots
    ledger.changeLiquidation(account) { record in
      record.pointee.notBefore = grace
      record.pointee.awaits = Timestamp(nanoseconds: 0)
      record.pointee.who = origin.who
      record.pointee.scope = origin.scope
      record.pointee.orders = 0
      record.pointee.lotsLeft = lots
      record.pointee.lookedOn = day
      record.pointee.rule = origin.rule
      record.pointee.waits = .none
      record.pointee.level = origin.level
      record.pointee.owner = origin.owner
      record.pointee.extent = origin.extent
      record.pointee.end = .unknown
    }
    noteWindow(of: account)
    ledger.setLiquidationPhase(account, .cancelling)
    tellLiquidation(account, .cancelling, &effects)
    notice(
      .liquidationStarted, &effects, rule: origin.rule, scope: .operationAccount,
      scopeID: account.raw, observed: Int64(clamping: ledger.liquidation(account).pointee.number),
      limit: Int64(origin.owner.rawValue), level: origin.level)
    lookSoon(account)
  }

  /// Stops a liquidation: it ends once no forced order works any more. False when there is none,
  /// or it stops already.
  mutating func stop(
    _ account: OperationAccountID, _ end: LiquidationEnd, _ effects: inout EffectBuffer
  ) -> Bool {
    let phase = ledger.liquidationPhase(account)
    guard phase == .cancelling || phase == .closing else { return false }
    ledger.setLiquidationPhase(account, .stopping)
    ledger.changeLiquidation(account) { $0.pointee.end = end }
    tellLiquidation(account, .stopping, &effects)
    lookSoon(account)
    return true
  }

  /// It is over. What is reached still, and it was about, begins no other one; what it was not
  /// about may.
  mutating func endLiquidation(
    _ account: OperationAccountID, _ asked: LiquidationEnd, _ effects: inout EffectBuffer
  ) {
    var end = asked
    if history.isFollowed {
      guard let recorded = takeRecordedEnd(account) else {
        return ledger.lookAtLiquidation(
          account, notAfter: now.adding(seconds: platform.liquidationRepriceSeconds))
      }
      end = recorded
    }
    carryOutEnd(account, end, &effects)
  }

  mutating func carryOutEnd(
    _ account: OperationAccountID, _ end: LiquidationEnd, _ effects: inout EffectBuffer
  ) {
    let reached = ledger.lines(account).pointee.reached
    let liquidating = ledger.platformLines.liquidating
    ledger.changeLiquidation(account) { record in
      record.pointee.end = end
      guard !record.pointee.rule.isWindow else { return }
      if end == .stopped || record.pointee.scope.isWhole && end != .backToLine {
        record.pointee.answered.bits |= reached.bits & liquidating.bits
      }
    }
    tellLiquidation(account, .ended, &effects)
    let record = ledger.liquidation(account)
    let number = Int64(clamping: record.pointee.number)
    notice(
      .liquidationEnded, &effects, rule: record.pointee.rule, scope: .operationAccount,
      scopeID: account.raw, observed: number, limit: Int64(end.rawValue),
      level: record.pointee.level)
    if end == .done, record.pointee.lotsLeft > 0, record.pointee.extent != .proportional {
      notice(
        .liquidationRest, &effects, rule: .deliveryMultiple, scope: .operationAccount,
        scopeID: account.raw, observed: number, limit: Int64(record.pointee.lotsLeft))
    }
    endWindow(of: account, end, &effects)
    ledger.setLiquidationPhase(account, .unknown)
    ledger.forgetLiquidationLook(account)
    ledger.disturbLines(of: account)
    watch(ledger.holder(of: account), &effects)
  }

  func tellLiquidation(
    _ account: OperationAccountID, _ phase: LiquidationPhase, _ effects: inout EffectBuffer
  ) {
    effects.append(.liquidationProgress(liquidation(of: account, phase)))
  }

  private func liquidation(
    of account: OperationAccountID, _ phase: LiquidationPhase
  ) -> LiquidationProgress {
    let record = ledger.liquidation(account)
    return LiquidationProgress(
      account: account, number: record.pointee.number, owner: record.pointee.owner,
      phase: phase, end: record.pointee.end, extent: record.pointee.extent,
      rule: record.pointee.rule, level: record.pointee.level, who: record.pointee.who,
      instrument: record.pointee.scope.instrument, side: record.pointee.scope.side,
      hedge: record.pointee.scope.hedge, waits: record.pointee.waits,
      lotsLeft: record.pointee.lotsLeft, orders: record.pointee.orders,
      lotsWorking: record.pointee.lotsWorking)
  }

  /// Where the liquidation of an account stands, as it was told last; nil while none runs.
  public func runningLiquidation(of account: OperationAccountID) -> LiquidationProgress? {
    let phase = ledger.liquidationPhase(account)
    return phase == .unknown ? nil : liquidation(of: account, phase)
  }

  // MARK: Settings

  mutating func setLiquidation(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    let standard = PlatformSettings()
    let isUnset = set.value == .min
    let code = UInt8(exactly: set.value) ?? 0
    switch set.setting {
    case .liquidationPrice:
      let price = isUnset ? standard.liquidationPrice : LiquidationPrice(rawValue: code)
      guard let price, price != .unknown else { return refuse(&effects, observed: set.value) }
      platform.liquidationPrice = price
    case .liquidationExtent:
      let extent = isUnset ? standard.liquidationExtent : LiquidationExtent(rawValue: code)
      guard let extent, extent == .all || extent == .toLine else {
        return refuse(&effects, observed: set.value)
      }
      platform.liquidationExtent = extent
    case .liquidationTicks:
      guard isUnset || (0...1_000).contains(set.value) else {
        return refuse(&effects, observed: set.value, limit: 1_000)
      }
      platform.liquidationTicks = isUnset ? standard.liquidationTicks : set.value
    default:
      guard isUnset || (1...3_600).contains(set.value) else {
        return refuse(&effects, observed: set.value, limit: 3_600)
      }
      platform.liquidationRepriceSeconds =
        isUnset ? standard.liquidationRepriceSeconds : set.value
    }
  }
}

/// What begins a liquidation.
struct LiquidationOrigin {
  var owner: LiquidationOwner
  /// The controller; empty where a line does.
  var who: Name
  var extent: LiquidationExtent
  var scope: LiquidationScope
  /// The line.
  var rule = RuleID.none
  var level = LineLevel.unknown
}

extension LiquidationOrigin {
  init(_ force: ForceLiquidate) {
    self.init(
      owner: .controller, who: force.who, extent: force.extent,
      scope: LiquidationScope(
        instrument: force.instrument, side: force.side, hedge: force.hedge))
  }
}
