import Domain
import Messages
import Wire

// The engine's reports and refusals with names instead of numbers.
extension Gateway {
  func message(
    of report: ExecutionReport, flags: OrderEntry.ReportFlags
  ) -> OrderEntry.ExecutionReport {
    names.message(of: report, flags: flags)
  }

  func figures(of refusal: Refusal) -> OrderEntry.RefusalFigures {
    names.figures(of: refusal)
  }
}

extension Names {
  /// A report as a terminal is told it.
  @inline(__always)
  public func message(
    of report: ExecutionReport, flags: OrderEntry.ReportFlags
  ) -> OrderEntry.ExecutionReport {
    OrderEntry.ExecutionReport(
      reportSequence: report.reportSequence,
      account: operationAccounts.name(report.account.raw), orderID: report.order,
      clOrdID: report.clOrdID, requestID: report.requestID, execType: report.execType,
      state: report.state, flags: flags, exchange: exchange(report.instrument),
      instrument: instruments.name(report.instrument.raw), side: report.side,
      offset: report.offset, hedge: report.hedge, type: report.type,
      timeInForce: report.timeInForce, price: report.price, lots: report.lots,
      lastPrice: report.lastPrice, lastLots: report.lastLots,
      cumulativeLots: report.cumulativeLots, leavesLots: report.leavesLots,
      unknownLots: report.unknownLots, fee: report.fee, tradeID: report.tradeID,
      counterError: report.refusal.rule == .counterRefused
        ? Int32(truncatingIfNeeded: report.refusal.observed) : 0,
      transactTime: report.time, tradingDay: report.tradingDay,
      refusal: figures(of: report.refusal))
  }

  /// A refusal with the name of its scope.
  public func figures(of refusal: Refusal) -> OrderEntry.RefusalFigures {
    if refusal.isNone { return OrderEntry.RefusalFigures() }
    let speaks = refusal.unit != .none
    var figures = OrderEntry.RefusalFigures(
      rule: refusal.rule.rawValue, unit: refusal.unit, scopeKind: refusal.scopeKind,
      observed: speaks ? refusal.observed : .min, limit: speaks ? refusal.limit : .min,
      asked: speaks ? refusal.asked : .min,
      scopeName: scopeName(refusal.scopeKind, refusal.scopeID))
    if refusal.isRatioToNothing {
      figures.observed = .min
      figures.asked = refusal.ratioWithOrder ?? .min
    }
    return figures
  }
}
