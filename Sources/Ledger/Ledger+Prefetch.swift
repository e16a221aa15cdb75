import Domain
import MarketData
import Storage

/// Where an account's last order went: a hint for the cache and nothing else. It says of fund
/// accounts what the account's record and its product's would say two misses later.
struct RouteHint: BitwiseCopyable {
  static let size = 4
  var product: ProductID
  var count: UInt32
  var fundAccounts: InlineArray<4, FundAccountID>
}

// An order reads some fifty lines that lie anywhere in a gigabyte. Asked for together they come in
// one miss's time; met one by one they would cost twenty. A stage asks for what the lines of the
// stage before it name; between two stages there is work that does not wait (design.md, "Scale").
extension Ledger {
  /// Stage one: everything whose address follows from the order itself.
  public func prefetchOrder(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID,
    _ id: ClOrdID, seed: UInt64
  ) {
    let holder = holder(of: account)
    routeHints.prefetch(account.index)
    positionDirectory.prefetch(instrument.index, holder)
    figuresDirectory.prefetch(commodity.index, holder)
    accounts.prefetch(account.index, lines: AccountRecord.linesOfOrder)
    holders.prefetch(holder.index, lines: HolderRecord.linesOfOrder)
    prefetchLine(clOrdSlot(account, id, seed: seed))
  }

  /// Stage two: what the account has there, and the fund accounts that its last order met.
  public func prefetchRoute(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    prefetchHolding(holder(of: account), instrument, commodity)
    let hint = routeHints.at(account.raw)
    if hint.pointee.count != 0 { products.prefetch(hint.pointee.product.index, lines: 1) }
    for index in 0..<Int(hint.pointee.count) {
      let id = hint.pointee.fundAccounts[index]
      let holder = holder(of: id)
      fundAccounts.prefetch(id.index, lines: FundAccountRecord.linesOfOrder)
      positionDirectory.prefetch(instrument.index, holder)
      figuresDirectory.prefetch(commodity.index, holder)
      holders.prefetch(holder.index, lines: HolderRecord.linesOfOrder)
    }
    let record = accounts.at(account.raw)
    if record.pointee.rateWindowCapacity != 0 {
      rateWindow.prefetch(
        Int(record.pointee.rateWindowStart &+ record.pointee.rateWindowHead))
    }
  }

  /// Stage three: what the fund accounts have there, and the books of their owners.
  public func prefetchHoldings(
    _ id: ProductID, _ instrument: InstrumentID, _ commodity: CommodityID, _ exchange: Exchange
  ) {
    let product = products.at(id.raw)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let fundAccount = product.pointee.fundAccounts[index]
      prefetchHolding(holder(of: fundAccount), instrument, commodity)
      let owner = fundAccounts.at(fundAccount.raw).pointee.owners[exchange.index]
      if let book = workingBook(owner, instrument) { prefetchLine(book) }
    }
  }

  @inline(__always)
  private func prefetchHolding(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    let position = firstPosition(holder, instrument)
    if position != 0 {
      positions.prefetch(Int(position) - 1, lines: PositionRecord.linesOfOrder)
    }
    let figures = figuresNumber(holder, commodity)
    if figures != 0 { self.figures.prefetch(Int(figures) - 1) }
  }

  /// Stage four: the roots of the books, and the records that the order and its children get.
  public func prefetchRecords(
    _ id: ProductID, _ instrument: InstrumentID, _ exchange: Exchange, _ side: Side
  ) {
    let product = products.at(id.raw)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let fund = fundAccounts.at(product.pointee.fundAccounts[index].raw)
      if fund.pointee.lastWorking != 0 {
        children.prefetch(Int(fund.pointee.lastWorking) - 1, lines: 1)
      }
      guard let book = workingBook(fund.pointee.owners[exchange.index], instrument) else {
        continue
      }
      let root = side == .buy ? book.pointee.buyRoot : book.pointee.sellRoot
      if root != 0 { children.prefetch(Int(root) - 1, lines: 1) }
    }
    orders.prefetch(orderCount)
    children.prefetch(childCount)
    children.prefetch(childCount + 1)
  }

  /// Keeps for the account's next order where this one went.
  public func rememberRoute(_ account: OperationAccountID, _ id: ProductID) {
    let hint = routeHints.at(account.raw)
    let product = products.at(id.raw)
    hint.pointee.product = id
    hint.pointee.count = min(product.pointee.fundAccountCount, UInt32(RouteHint.size))
    for index in 0..<Int(hint.pointee.count) {
      hint.pointee.fundAccounts[index] = product.pointee.fundAccounts[index]
    }
  }
}
