import Domain
import Engine
import Gateway
import Ledger
import MarketData
import RiskRules
import Storage
import Wire

// The account's own limits, from the rules themselves: what they would find in an order that opens
// one lot of each instrument the account has had to do with, or that is asked for.
extension QueryDesk {
  /// Rules that hold a sum of the account against a limit; the same whatever is traded.
  private static let accountRules: [RuleID] = [
    .openOrders, .orderRate, .tradedValue, .fundsAvailable,
  ]
  /// The same, where an instrument or its commodity can have a limit of its own.
  private static let instrumentRules: [RuleID] = [
    .positionLimit, .marginLimit, .orderSize, .fatFinger, .cancelLimit,
  ]
  /// Rows that an instrument can have: each rule for each side.
  private static let rowsMaximum = 64

  /// A row's cursor is its instrument's dense id + 1 and its place among the instrument's rows.
  func addLimits(to page: inout Page, _ engine: borrowing Engine) {
    let after = page.question.after
    var first: InstrumentID?
    var index = 0
    while index < engine.market.instrumentCount {
      let instrument = InstrumentID(UInt32(index))
      index += 1
      guard concerns(instrument, page, engine) else { continue }
      let isFirst = first == nil
      if isFirst { first = instrument }
      guard (UInt64(index) + 1) * UInt64(QueryDesk.rowsMaximum) > after else { continue }
      guard add(instrument, withAccount: isFirst, to: &page, engine) else { return }
    }
    // An account that has had to do with nothing still has limits.
    if first == nil, page.question.instrument.isEmpty, page.question.exchange == .unknown,
      listing.count > 0
    {
      _ = add(listing[0], withAccount: true, to: &page, engine)
    }
  }

  private func concerns(
    _ instrument: InstrumentID, _ page: borrowing Page, _ engine: borrowing Engine
  ) -> Bool {
    let code = names.instruments.name(instrument.raw)
    guard page.wants(code, names.exchange(instrument)) else { return false }
    if !page.question.instrument.isEmpty { return true }
    let holder = engine.ledger.holder(of: page.question.account)
    return engine.ledger.firstPosition(holder, instrument) != 0
  }

  /// Adds the rows of one instrument that lie behind the cursor; false when the page is full.
  private func add(
    _ instrument: InstrumentID, withAccount: Bool, to page: inout Page,
    _ engine: borrowing Engine
  ) -> Bool {
    let rules =
      (withAccount ? QueryDesk.accountRules : []) + QueryDesk.instrumentRules
    var place: UInt64 = 0
    for rule in rules {
      let buying = finding(rule, instrument, .buy, page.question.account, engine)
      let selling = finding(rule, instrument, .sell, page.question.account, engine)
      let isSame = buying == selling
      for (finding, side) in [(buying, Side.buy), (selling, .sell)] {
        place += 1
        let cursor = (UInt64(instrument.raw) + 1) * UInt64(QueryDesk.rowsMaximum) + place
        guard cursor > page.question.after, isOwn(finding), !(isSame && side == .sell) else {
          continue
        }
        let row = OrderEntry.LimitRow(
          requestNumber: page.question.requestNumber, rule: rule.rawValue,
          unit: finding.figures.unit, scopeKind: finding.figures.scopeKind,
          scopeName: names.scopeName(finding.figures.scopeKind, finding.figures.scopeID),
          exchange: names.exchange(instrument),
          instrument: names.instruments.name(instrument.raw), side: isSame ? .unknown : side,
          observed: finding.figures.observed, limit: finding.figures.limit,
          headRoom: finding.headRoom)
        guard page.add(row, cursor: cursor) else { return false }
      }
    }
    return true
  }

  /// What others use up is not shown: an account sees its own things only.
  private func isOwn(_ finding: Finding) -> Bool {
    guard finding.isActive, finding.figures.limit != .min else { return false }
    switch finding.figures.unit {
    case .lots, .money, .count, .price, .percent, .ticks: break
    case .none, .milliseconds, .timestamp, .code: return false
    }
    switch finding.figures.scopeKind {
    case .order, .operationAccount, .instrument, .commodity, .exchange: return true
    case .none, .product, .fundAccount, .counter, .session, .platform, .controller: return false
    }
  }

  private func finding(
    _ rule: RuleID, _ instrument: InstrumentID, _ side: Side, _ account: OperationAccountID,
    _ engine: borrowing Engine
  ) -> Finding {
    RuleTable.finding(
      rule, openingOneLotOf: instrument, side, by: account, probe.base, engine.ledger,
      engine.market, now: engine.now)
  }
}
