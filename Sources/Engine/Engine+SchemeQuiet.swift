import Domain
import Ledger
import MarketData
import RiskRules
import Storage

// Which clauses a look goes through, and how it goes through the instruments of one.
extension Engine {
  /// Finds the clauses that may stand otherwise than they did: all, or those that are looked at
  /// always, and those that an instrument which moved is in the scope of.
  ///
  /// - Returns: the subject's bindings that are used, the first one's place 0.
  mutating func findLoud(_ fund: SchemeFund, isBeginning: Bool) -> TakenPlaces {
    let isNamed = ledger.schemes.openLook(fund.id, fund.lookTerms, isBeginning: isBeginning)
    let used = ledger.schemes.usedBindings(fund.id)
    guard isNamed else { return used }
    for place in 0..<ledger.schemes.namedCount(fund.id) {
      let moved = ledger.schemes.instrument(ledger.schemes.named(fund.id, place))
      for slot in used { findLoud(moved, fund, slot + 1) }
    }
    // What moves from here on is told to the next look too: clauses may be behind this one.
    if isBeginning { ledger.schemes.clearNamed(fund.id) }
    return used
  }

  private func findLoud(
    _ moved: UnsafePointer<SchemeInstrument>, _ fund: SchemeFund, _ binding: Int
  ) {
    let scheme = ledger.schemes.binding(fund.id, binding).pointee.scheme
    var touching = TouchingClauses(
      scheme, moved.pointee.instrument, moved.pointee.commodity, moved.pointee.exchange,
      ledger.schemes)
    while true {
      let place = touching.next(ledger.schemes)
      if place == 0 { return }
      let number = Int(place - Schemes.clauseNumber(scheme, 1)) + 1
      let clause = ledger.schemes.clause(place)
      ledger.schemes.notePresent(fund.id, binding, number, clause)
      if ledger.schemes.isLoud(binding, number) { continue }
      // Where nobody was over, whoever did not move is not: one instrument answers for all.
      if clause.pointee.kind.isSingle, isClear(fund.id, binding, number),
        stands(clause, fund, moved.pointee.instrument) == 0
      {
        continue
      }
      ledger.schemes.setLoud(binding, number)
    }
  }

  /// Whether no instrument passed a level of a clause when it was last looked at.
  func isClear(_ subject: SchemeSubject, _ binding: Int, _ number: Int) -> Bool {
    ledger.schemes.state(subject, binding, number).pointee.reached == 0
      && ledger.schemes.binding(subject, binding).pointee.wasInForce
  }

  /// Which levels of a clause are passed; by how much is taken in.
  func stands(
    _ clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund, _ instrument: InstrumentID
  ) -> UInt8 {
    let standing = SchemeCheck.stands(clause, fund, instrument, ledger, market)
    ledger.schemes.noteRoom(
      fund.id, clause, figure: standing.room.figure, base: standing.room.base, fund.lookTerms)
    return standing.reached
  }

  /// The subject's next instrument in the scope of a SINGLE clause, after the one at the cursor.
  func nextInstrument(
    of clause: UnsafePointer<ClauseRecord>, _ fund: SchemeFund,
    _ item: UnsafeMutablePointer<WorkItem>
  ) -> InstrumentID? {
    // One instrument is found without the others: an order's clauses are looked at after it.
    if clause.pointee.scopeKind == .instrument {
      let instrument = InstrumentID(clause.pointee.scopeID)
      let number = ledger.schemes.instrumentNumber(fund.id, instrument)
      guard number != 0, item.pointee.holders.chunk == 0 else { return nil }
      let own = ledger.schemes.instrument(number).pointee.commodity
      item.pointee.holders = Ledger.HolderCursor(chunk: own.raw + 1, offset: number)
      return instrument
    }
    let schemes = ledger.schemes.subject(fund.id)
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
      if number != 0 {
        item.pointee.holders = Ledger.HolderCursor(chunk: commodity, offset: number)
        return ledger.schemes.instrument(number).pointee.instrument
      }
      commodity = ledger.schemes.commodity(fund.id, CommodityID(commodity - 1)).pointee.next
      guard commodity != 0 else { return nil }
      number = firstInstrument(of: clause, fund.id, CommodityID(commodity - 1))
    }
  }

  /// A commodity's first instrument, unless the commodity is out of the clause's scope: 0 then.
  private func firstInstrument(
    of clause: UnsafePointer<ClauseRecord>, _ subject: SchemeSubject, _ commodity: CommodityID
  ) -> UInt32 {
    ledger.schemes.isIn(clause, commodity.index)
      ? ledger.schemes.commodity(subject, commodity).pointee.firstInstrument : 0
  }
}
