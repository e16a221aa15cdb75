import Domain
import Engine
import Exchange
import Messages

// Between the words of configuration, counters and engine.

extension Command {
  /// What a counter told a fund account.
  init(_ report: CounterReport, _ fund: FundAccountID) {
    let venue = VenueID("\(report.exchangeOrder)") ?? VenueID()
    func child(_ kind: ChildReportKind, code: Int32 = 0) -> Command {
      .childReport(
        ChildReport(
          fundAccount: fund, counterSequence: report.sequence, child: report.child, kind: kind,
          cumulativeLots: report.filledLots, rejectCode: code, venueOrderID: venue))
    }
    switch report.body {
    case .accepted: self = child(.accepted)
    case .rejected(let error): self = child(.rejected, code: error.rawValue)
    case .cancelled: self = child(.cancelled)
    case .cancelRejected(let error): self = child(.cancelRejected, code: error.rawValue)
    case .trade(let trade):
      self = .counterTrade(
        CounterTrade(
          fundAccount: fund, counterSequence: report.sequence, child: report.child,
          instrument: trade.instrument, side: trade.side, offset: trade.offset,
          hedge: trade.hedge, price: trade.price, lots: trade.lots, tradeTime: report.time,
          tradeID: VenueID("\(trade.number)") ?? VenueID(), venueOrderID: venue))
    }
  }
}
