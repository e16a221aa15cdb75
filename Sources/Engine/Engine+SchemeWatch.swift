import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Storage

// Clauses without an order. Whatever they are held against makes the product dirty; a dirty
// product is looked at a moment later, however much happened meanwhile: so a tick costs no more
// than to say so. An order does not wait for that: it is judged by the newest figures.
extension Engine {
  /// A position was marked: its product's figures are valued at the price too.
  @inline(__always) mutating func revalueScheme(
    _ holder: HolderID, _ instrument: InstrumentID, _ price: Price, _ multiplier: Int64
  ) {
    let product = ProductID(UInt32(ledger.holder(holder).pointee.schemeProduct) - 1)
    ledger.revalue(product, instrument, at: price, multiplier: multiplier)
  }

  /// Products whose figures a step has changed are to be looked at.
  mutating func queueTouched() {
    while let product = ledger.schemes.nextTouched() { dirty.push(product, at: now) }
  }

  /// Something of a holder changed that clauses may be held against, besides figures.
  @inline(__always) mutating func disturb(_ holder: HolderID) {
    let product = ledger.holder(holder).pointee.schemeProduct
    if product != 0 { dirty.push(ProductID(UInt32(product) - 1), at: now) }
  }

  /// After a fill: clauses that its instrument is in the scope of are looked at in the same step;
  /// what is newly passed is told, what is not passed any more with the look that follows.
  @inline(__always) mutating func lookAtSchemes(
    _ holder: HolderID, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    let product = ledger.holder(holder).pointee.schemeProduct
    if product != 0 { look(atOnce: ProductID(UInt32(product) - 1), instrument, &effects) }
  }

  @inline(never)
  private mutating func look(
    atOnce product: ProductID, _ instrument: InstrumentID, _ effects: inout EffectBuffer
  ) {
    dirty.push(product, at: now)
    guard isReady, ledger.schemes.product(product).pointee.bindingCount > 0 else { return }
    bringSchemeUpToDate(product)
    let fund = SchemeFund(product, ledger, market, at: now)
    let listing = market.instrument(instrument)
    var left = fund.product.pointee.bindingCount
    for binding in 1...SchemeLimits.bindingsPerProduct where left > 0 {
      let record = ledger.schemes.binding(product, binding)
      if record.pointee.isUsed { left -= 1 }
      guard fund.isInForce(record) else { continue }
      var touching = TouchingClauses(
        record.pointee.scheme, instrument, listing.pointee.commodity, listing.pointee.exchange,
        ledger.schemes)
      while effects.hasRoom(for: 16) {
        let place = touching.next(ledger.schemes)
        if place == 0 { break }
        let clause = ledger.schemes.clause(place)
        let number = Int(place - Schemes.clauseNumber(record.pointee.scheme, 1)) + 1
        let before = ledger.schemes.state(product, binding, number).pointee.reached
        let bits = before | SchemeCheck.reached(clause, fund, instrument, ledger, market)
        guard bits != before else { continue }
        let told = clause.pointee.kind.isSingle ? instrument : .none
        ledger.setReached(product, binding, number, bits, told)
        let name = (UInt16(clamping: record.pointee.scheme), UInt16(clamping: number))
        tell(clause, fund, told, from: before, to: bits, name, &effects)
      }
    }
  }

  /// Whether something changed since a product's clauses were looked at.
  public func isLookPending(_ product: ProductID) -> Bool {
    dirty.isQueued.at(product.raw).pointee != 0
  }

  /// Open interest changed: shares of it are others, where anybody has one in a clause.
  mutating func disturbShares() {
    if ledger.schemes.shareClauses > 0 { disturbAll() }
  }

  /// A product is looked at, if schemes are bound to it.
  mutating func disturb(_ product: ProductID) {
    if ledger.schemes.product(product).pointee.isOn { dirty.push(product, at: now) }
  }

  /// Every product that schemes are bound to is looked at.
  mutating func disturbAll() {
    for index in 0..<ledger.productCount {
      let product = ProductID(UInt32(index))
      if ledger.schemes.product(product).pointee.isOn { dirty.push(product, at: now) }
    }
  }

  /// Products whose time has come are looked at, one task each.
  mutating func queueDirty() {
    guard isReady else { return }
    var budget = Engine.unitsPerStep
    while budget > 0, dirty.due <= now {
      let product = dirty.pop()
      work.push(
        WorkItem(
          kind: .watchSchemes, side: .unknown, subject: product.raw, instrument: .none, cursor: 0,
          bound: 0, holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
      budget -= 1
    }
  }

  /// Looks at a product's clauses one after the other; of a SINGLE clause at one instrument after
  /// the other. The cursor is the binding and the clause, both from 0; `holders` the product's
  /// commodity and instrument; `reached` and `instrument` what was found of the clause so far.
  mutating func watchSchemesSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    let product = ProductID(item.pointee.subject)
    // Between two days figures are half of either: the new day looks anew.
    guard isReady else { return true }
    if item.pointee.cursor == 0, item.pointee.holders.chunk == 0 {
      beginWatch(product, &units, &effects)
    }
    let fund = SchemeFund(product, ledger, market, at: now)
    while units > 0, effects.hasRoom(for: 16) {
      let binding = Int(item.pointee.cursor) / SchemeLimits.clausesPerScheme + 1
      let number = Int(item.pointee.cursor) % SchemeLimits.clausesPerScheme + 1
      guard binding <= SchemeLimits.bindingsPerProduct else { return true }
      units -= 1
      let record = ledger.schemes.binding(product, binding)
      guard record.pointee.isUsed, number <= ledger.schemes.clauseCount(record.pointee.scheme)
      else {
        item.pointee.cursor = UInt32(binding * SchemeLimits.clausesPerScheme)
        continue
      }
      let clause = ledger.schemes.clause(
        Schemes.clauseNumber(record.pointee.scheme, number))
      if !look(at: clause, fund, item) { continue }
      conclude(clause, fund, binding, number, item, &effects)
      item.pointee.cursor += 1
      item.pointee.reached = 0
      item.pointee.instrument = .none
      item.pointee.holders = Ledger.HolderCursor(chunk: 0, offset: 0)
    }
    return false
  }

  /// What a look begins with: figures at the newest prices, the highest net value, ranges.
  private mutating func beginWatch(
    _ product: ProductID, _ units: inout Int, _ effects: inout EffectBuffer
  ) {
    let record = ledger.product(product)
    for index in 0..<Int(record.pointee.fundAccountCount) {
      bringUpToDate(ledger.holder(of: record.pointee.fundAccounts[index]))
      units -= 1
    }
    bringSchemeUpToDate(product)
    let fund = SchemeFund(product, ledger, market, at: now)
    ledger.raiseNetValue(product, to: fund.netValue)
    watchLines(fund, &effects)
    for number in 1...SchemeLimits.bindingsPerProduct {
      let binding = ledger.schemes.binding(product, number)
      let isInForce = fund.isInForce(binding)
      if binding.pointee.wasInForce != isInForce {
        ledger.setInForce(product, number, isInForce)
      }
    }
  }

  /// Lines of the unit net value, from the highest down.
  private mutating func watchLines(_ fund: SchemeFund, _ effects: inout EffectBuffer) {
    let before = fund.product.pointee.reachedLines
    let reached = NetValueLines.reached(fund)
    guard reached != before else { return }
    ledger.setReachedLines(fund.id, reached)
    for basis in [BandBasis.current, .priorDay] {
      for line in [NetValueLine.topUp, .warn, .liquidation] {
        let bit = UInt8(1) << UInt8(SchemeProduct.place(basis, line))
        guard reached & bit != before & bit else { continue }
        let figures = NetValueLines.figures(fund, basis, line)
        let bars =
          line == .liquidation || line == .warn && !fund.product.pointee.barsFromLevelTwo
        notice(
          reached & bit != 0 ? .netValueLineReached : .netValueLineReleased, &effects,
          rule: line.rule, scope: .product, scopeID: fund.id.raw, observed: figures.observed,
          limit: figures.limit, unit: figures.unit,
          level: line == .liquidation ? .liquidate : line == .warn ? .warn : .unknown,
          action: bars ? .barOpening : .notice)
        if line == .liquidation, reached & bit != 0 { liquidateProduct(fund.id, by: line.rule) }
      }
    }
  }

  /// Looks at one clause, or at one more instrument of it; true when it is done.
  private mutating func look(
    at clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund,
    _ item: UnsafeMutablePointer<WorkItem>
  ) -> Bool {
    guard clause.pointee.kind != .unknown else { return true }
    guard clause.pointee.kind.isSingle else {
      item.pointee.reached = UInt32(
        SchemeCheck.reached(clause, fund, InstrumentID(0), ledger, market))
      return true
    }
    guard let instrument = nextInstrument(of: clause, fund, item) else { return true }
    let bits = UInt32(SchemeCheck.reached(clause, fund, instrument, ledger, market))
    // The first instrument that passes the highest level is the one that is told.
    if bits > item.pointee.reached {
      item.pointee.reached = bits
      item.pointee.instrument = instrument
    }
    return false
  }

  /// The product's next instrument in the scope of a SINGLE clause, after the one at the cursor.
  private func nextInstrument(
    of clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund,
    _ item: UnsafeMutablePointer<WorkItem>
  ) -> InstrumentID? {
    let schemes = ledger.schemes.product(fund.id)
    var commodity = item.pointee.holders.chunk
    var number = item.pointee.holders.offset
    if commodity == 0 {
      commodity = schemes.pointee.firstCommodity
      guard commodity != 0 else { return nil }
      number = firstInstrument(of: clause, fund.id, CommodityID(commodity - 1))
    } else {
      number = ledger.schemes.instrument(number).pointee.next
    }
    while true {
      while number != 0 {
        let record = ledger.schemes.instrument(number)
        let isMeant =
          clause.pointee.scopeKind != .instrument
          || record.pointee.instrument.raw == clause.pointee.scopeID
        if isMeant {
          item.pointee.holders = Ledger.HolderCursor(chunk: commodity, offset: number)
          return record.pointee.instrument
        }
        number = record.pointee.next
      }
      commodity = ledger.schemes.commodity(fund.id, CommodityID(commodity - 1)).pointee.next
      guard commodity != 0 else { return nil }
      number = firstInstrument(of: clause, fund.id, CommodityID(commodity - 1))
    }
  }

  /// A commodity's first instrument, unless the commodity is out of the clause's scope: 0 then.
  private func firstInstrument(
    of clause: UnsafePointer<ClauseRecord>, _ product: ProductID, _ commodity: CommodityID
  ) -> UInt32 {
    let record = ledger.schemes.commodity(product, commodity)
    let id = clause.pointee.scopeID
    let isIn: Bool
    switch clause.pointee.scopeKind {
    case .commodity: isIn = commodity.raw == id
    case .exchange: isIn = UInt32(record.pointee.exchange.rawValue) == id
    case .sector: isIn = ledger.schemes.sectors(of: commodity) >> UInt64(id) & 1 == 1
    case .instrument, .product, .superSector, .unknown: isIn = true
    }
    return isIn ? record.pointee.firstInstrument : 0
  }

  /// Takes in where the product stands by a clause, and tells what is other than before. Outside
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
      let bars = level == .liquidate || !fund.product.pointee.barsFromLevelTwo
      notice(
        isReached ? .clauseReached : .clauseReleased, &effects, rule: figures.rule,
        scope: .product, scopeID: fund.id.raw, observed: figures.observed, limit: figures.limit,
        unit: figures.unit, level: level, action: bars ? .barOpening : .notice,
        scheme: name.scheme, clause: name.clause, instrument: told)
      if level == .liquidate, isReached {
        liquidateProduct(fund.id, by: clause.pointee.kind.rule)
      }
    }
  }
}
