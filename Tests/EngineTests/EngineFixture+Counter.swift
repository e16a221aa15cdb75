import Domain
import Engine
import Ledger
import MarketData
import Messages

// What counters say. Each fund account's reports are numbered by themselves.
extension EngineFixture {
  /// Logs a fund account's link in under the next epoch, without its resync.
  @discardableResult func linkUp(_ fundAccount: FundAccountID) -> [Effect] {
    while epochs.count <= fundAccount.index {
      epochs.append(0)
      counterSequences.append(0)
    }
    epochs[fundAccount.index] += 1
    return step(
      .counterLinkUp(
        CounterLinkUp(
          fundAccount: fundAccount, epoch: epochs[fundAccount.index],
          lastCounterSequence: counterSequences[fundAccount.index])))
  }

  @discardableResult func resynced(_ fundAccount: FundAccountID) -> [Effect] {
    step(
      .counterResynced(
        CounterResynced(fundAccount: fundAccount, epoch: epochs[fundAccount.index])))
  }

  @discardableResult func linkDown(_ fundAccount: FundAccountID) -> [Effect] {
    step(.counterLinkDown(CounterLinkDown(fundAccount: fundAccount)))
  }

  func link(_ fundAccount: FundAccountID) {
    linkUp(fundAccount)
    resynced(fundAccount)
  }

  private func next(_ fundAccount: FundAccountID) -> UInt64 {
    counterSequences[fundAccount.index] += 1
    return counterSequences[fundAccount.index]
  }

  private func sentChild(_ id: OrderID) -> SendOrder { sent.first { $0.child == id }! }

  /// A report of a child that was sent, numbered next.
  func childReport(
    _ id: OrderID, _ kind: ChildReportKind, cumulative: Lots = 0, rejectCode: Int32 = 0
  ) -> ChildReport {
    let child = sentChild(id)
    return ChildReport(
      fundAccount: child.fundAccount,
      counterSequence: kind == .neverArrived ? 0 : next(child.fundAccount), child: id, kind: kind,
      cumulativeLots: cumulative, rejectCode: rejectCode,
      venueOrderID: kind == .accepted ? VenueID("venue-\(id.sequence)")! : VenueID())
  }

  @discardableResult func accept(_ id: OrderID) -> [Effect] {
    step(.childReport(childReport(id, .accepted)))
  }
  @discardableResult func reject(_ id: OrderID, code: Int32 = 31) -> [Effect] {
    step(.childReport(childReport(id, .rejected, rejectCode: code)))
  }
  @discardableResult func confirmCancel(_ id: OrderID, cumulative: Lots = 0) -> [Effect] {
    step(.childReport(childReport(id, .cancelled, cumulative: cumulative)))
  }
  @discardableResult func rejectCancel(_ id: OrderID, code: Int32 = 26) -> [Effect] {
    step(.childReport(childReport(id, .cancelRejected, rejectCode: code)))
  }
  @discardableResult func neverArrived(_ id: OrderID) -> [Effect] {
    step(.childReport(childReport(id, .neverArrived)))
  }

  func trade(_ id: OrderID, _ price: Price, _ lots: Lots) -> CounterTrade {
    let child = sentChild(id)
    return CounterTrade(
      fundAccount: child.fundAccount, counterSequence: next(child.fundAccount), child: id,
      instrument: child.instrument, side: child.side, offset: child.offset, hedge: child.hedge,
      price: price, lots: lots, tradeTime: time,
      tradeID: VenueID("trade-\(counterSequences[child.fundAccount.index])")!,
      venueOrderID: VenueID())
  }

  @discardableResult func fill(_ id: OrderID, _ price: Price, _ lots: Lots) -> [Effect] {
    step(.counterTrade(trade(id, price, lots)))
  }

  /// A trade at the counter that nobody here sent.
  @discardableResult func externalTrade(
    _ fundAccount: FundAccountID, _ instrument: InstrumentID, _ side: Side, _ offset: Offset,
    _ lots: Lots, at price: Price
  ) -> [Effect] {
    step(
      .counterTrade(
        CounterTrade(
          fundAccount: fundAccount, counterSequence: next(fundAccount), child: .none,
          instrument: instrument, side: side, offset: offset, hedge: .speculation, price: price,
          lots: lots, tradeTime: time, tradeID: VenueID("outside")!, venueOrderID: VenueID())))
  }
}
