import Domain
import Ledger
import MarketData
import RiskRules

extension Desk {
  /// Whose schemes are meant: the product's, or its account's own once it has shares.
  var subject: SchemeSubject {
    let own = ledger.ownSubject(account)
    return own.isNone ? SchemeSubject(product) : own
  }

  /// From now on the account is as a product of its own.
  func giveShares(_ shares: Int64 = 1_000_000) {
    precondition(ledger.addSubject(account))
    ledger.setNetValue(
      subject, mode: .equity, shares: shares * 10_000, total: .zero, liabilities: .zero,
      accruedFees: .zero)
  }

  /// The subject has a scheme from now on: one, bound whatever the net value is.
  func bindScheme() {
    guard !ledger.schemes.subject(subject).pointee.isOn else { return }
    precondition(ledger.defineScheme() == 0)
    ledger.beginScheme(subject)
    for holder in 0..<ledger.schemeHolders(subject) {
      ledger.countScheme(holder: holder, of: subject)
    }
    for slot in 0..<ledger.positionSlots { ledger.countScheme(slot: slot, of: subject, market) }
    ledger.endPositions(of: subject)
    var number: UInt32 = 1
    while ledger.countScheme(childNumber: number, of: subject) { number += 1 }
    var row = 0
    while ledger.countScheme(unmappedRow: row, of: subject, market) { row += 1 }
    ledger.bindScheme(subject, 1, scheme: 1, basis: .current, from: .min, to: .min)
  }

  /// A clause with the next number; levels in lots, 1e-4 yuan or 1e-8 of the basis.
  func clause(
    _ kind: ClauseKind, _ scope: ClauseScopeKind = .product, _ id: UInt32 = 0,
    _ direction: ClauseDirection = .both, of basis: ClauseBasis? = nil, one: Int64 = .min,
    two: Int64 = .min
  ) {
    bindScheme()
    ledger.setClause(
      1, ledger.schemes.clauseCount(1) + 1,
      Ledger.ClauseTerms(
        kind: kind, scopeKind: scope, scopeID: id, direction: direction,
        basis: basis ?? (kind.measure.isShare ? .unknown : .absolute), levelOne: one, levelTwo: two)
    )
  }

  /// Yesterday's lots of the product's fund account.
  func giveFund(_ side: PositionSide, _ lots: Lots, _ instrument: InstrumentID) {
    precondition(
      ledger.addOpeningPosition(
        ledger.holder(of: fundAccount), instrument, market.instrument(instrument),
        Ledger.OpeningPosition(
          side: side, hedge: .speculation, lots: lots, openPrice: .yuan(4_000),
          markPrice: .yuan(4_000), openDay: 20_260_102)))
  }

  /// What the fund account owns, of which so much may be lost.
  func setFund(_ yuan: Int64, allowedLoss: Int64 = 0) {
    ledger.setOpeningBalance(
      ledger.holder(of: fundAccount), allowedLoss: Money(yuan: allowedLoss),
      notToLose: Money(yuan: yuan - allowedLoss))
  }

  /// An order that works, in the figures too.
  func work(_ terms: OrderTerms) {
    bindScheme()
    ledger.ensureScheme(subject, terms.instrument, market.instrument(terms.instrument))
    accept(terms)
  }

  /// A new price, for positions and for figures.
  func reprice(_ instrument: InstrumentID, _ yuan: Int64) {
    tick(instrument, last: yuan)
    let record = market.instrument(instrument)
    for holder in [holder, ledger.holder(of: fundAccount)] {
      let number = ledger.position(holder, instrument, .speculation)
      if number != 0 {
        ledger.mark(
          number, at: record.pointee.mark, multiplier: record.pointee.multiplier)
      }
    }
    ledger.revalue(
      subject, instrument, at: record.pointee.mark, multiplier: record.pointee.multiplier)
  }

  /// What clauses say.
  func schemeFailure(_ terms: OrderTerms) -> Refusal? {
    withContext(terms) { context in
      var refusal = Refusal.none
      var ignored = Refusal.none
      return SchemeCheck.firstFailure(
        context, of: subject, ledger, market, &refusal, ignored: &ignored)
        ? refusal : nil
    }
  }

  /// What they would say, were it not ignored.
  func schemeIgnored(_ terms: OrderTerms) -> Refusal? {
    withContext(terms) { context in
      var refusal = Refusal.none
      var ignored = Refusal.none
      let isRefused = SchemeCheck.firstFailure(
        context, of: subject, ledger, market, &refusal, ignored: &ignored)
      return isRefused || ignored.isNone ? nil : ignored
    }
  }

  func schemeFindings(_ terms: OrderTerms) -> [Finding] {
    withContext(terms) { SchemeCheck.findings($0, of: subject, ledger, market) }
  }

  /// The same at the desk's time: before closes it matters.
  func passedNow(_ clause: Int) -> [LineLevel] {
    let bits = SchemeCheck.reached(
      ledger.schemes.clause(Schemes.clauseNumber(1, clause)),
      SchemeFund(subject, ledger, market, at: now), rb, ledger, market)
    return [LineLevel.warn, .liquidate].filter { bits & ClauseState.bit($0) != 0 }
  }

  /// Which levels of a clause are passed as the product stands.
  func passed(_ clause: Int, _ instrument: InstrumentID? = nil) -> [LineLevel] {
    let bits = SchemeCheck.reached(
      ledger.schemes.clause(Schemes.clauseNumber(1, clause)), SchemeFund(subject, ledger),
      instrument ?? rb, ledger, market)
    return [LineLevel.warn, .liquidate].filter { bits & ClauseState.bit($0) != 0 }
  }
}

extension Int64 {
  static func money(_ yuan: Int64) -> Int64 { yuan * Money.unitsPerYuan }
}
