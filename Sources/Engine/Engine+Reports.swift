import Domain
import Ledger
import MarketData
import Messages

extension Engine {
  /// A report of an order as it stands now.
  @inline(__always)
  func reportOf(
    _ number: UInt32, _ execType: ExecType, sequence: UInt64 = 0
  ) -> ExecutionReport {
    let order = ledger.order(number)
    return ExecutionReport(
      account: order.pointee.account, reportSequence: sequence, session: .none,
      order: order.pointee.id, clOrdID: order.pointee.clOrdID, requestID: ClOrdID(),
      execType: execType, state: order.pointee.state, instrument: order.pointee.instrument,
      side: order.pointee.side, offset: order.pointee.offset, hedge: order.pointee.hedge,
      type: order.pointee.type, timeInForce: order.pointee.timeInForce,
      price: order.pointee.price, lots: order.pointee.lots, lastPrice: .none, lastLots: 0,
      cumulativeLots: order.pointee.filled, leavesLots: max(order.pointee.leaves, 0),
      unknownLots: order.pointee.unknownLots, fee: .none, tradeID: VenueID(), time: now,
      tradingDay: market.tradingDay, refusal: order.pointee.refusal)
  }

  /// Numbers a report and lets it go to everyone on the account.
  mutating func send(_ report: ExecutionReport, _ effects: inout EffectBuffer) {
    var report = report
    report.reportSequence = ledger.nextReportSequence(report.account)
    effects.append(.report(report))
  }

  mutating func send(_ execType: ExecType, of number: UInt32, _ effects: inout EffectBuffer) {
    // Built where it stays: a report is some three hundred bytes.
    let sequence = ledger.nextReportSequence(ledger.order(number).pointee.account)
    effects.append(.report(reportOf(number, execType, sequence: sequence)))
  }

  /// An answer about no recorded order: unnumbered, to the asking session alone.
  func answer(
    _ order: NewOrder, _ execType: ExecType, _ refusal: Refusal, _ effects: inout EffectBuffer
  ) {
    effects.append(
      .report(
        ExecutionReport(
          account: order.account, reportSequence: 0, session: order.session, order: .none,
          clOrdID: order.clOrdID, requestID: ClOrdID(), execType: execType, state: .rejected,
          instrument: order.instrument, side: order.side, offset: order.offset,
          hedge: order.hedge, type: order.type, timeInForce: order.timeInForce,
          price: order.price, lots: order.lots, lastPrice: .none, lastLots: 0,
          cumulativeLots: 0, leavesLots: 0, unknownLots: 0, fee: .none, tradeID: VenueID(),
          time: now, tradingDay: market.tradingDay, refusal: refusal)))
  }

  /// Notices are numbered, so that who reads them knows of a gap.
  mutating func notice(
    _ kind: NoticeKind, _ effects: inout EffectBuffer, rule: RuleID = .none,
    scope: ScopeKind = .none, scopeID: UInt32 = .max, order: OrderID = .none,
    observed: Int64 = 0, limit: Int64 = 0, unit: Unit = .none, level: LineLevel = .unknown,
    action: LineAction = .unknown, scheme: UInt16 = 0, clause: UInt16 = 0,
    instrument: InstrumentID = .none
  ) {
    noticeNumber += 1
    effects.append(
      .notice(
        Notice(
          kind: kind, rule: rule, scopeKind: scope, scopeID: scopeID, order: order,
          observed: observed, limit: limit, unit: unit, level: level, action: action,
          number: noticeNumber, scheme: scheme, clause: clause, instrument: instrument)))
  }
}
