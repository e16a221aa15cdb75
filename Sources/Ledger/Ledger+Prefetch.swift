import Domain
import MarketData
import Storage

/// A product's first fund accounts, `.none` where there are no more: what the product's record
/// says, for the cache alone and so small that it stays in it.
struct RouteStart: BitwiseCopyable {
  static let size = 4
  var fundAccounts = InlineArray<4, FundAccountID>(repeating: .none)
}

// An order reads some fifty lines that lie anywhere in a gigabyte. Asked for together they come in
// one miss's time; met one by one they would cost twenty. A stage asks for what the lines of the
// stage before it name; between two stages there is work that does not wait (design.md, "Scale").
extension Ledger {
  /// Stage one: what the order itself names, and where to look for what is held. The fund accounts
  /// come from two tables that the cache keeps.
  public func prefetchOrder(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID,
    _ key: ClOrdKey
  ) {
    let holder = holder(of: account)
    positionDirectory.prefetch(instrument.index, holder)
    figuresDirectory.prefetch(commodity.index, holder)
    accounts.prefetch(account.index, lines: AccountRecord.linesOfOrder)
    clOrdIndex.prefetch(key)
    holders.prefetch(holder.index, lines: HolderRecord.linesOfBases)
    lineRecords.prefetch(account.index, lines: LineRecord.linesOfOrder)
    let product = accountProducts.at(account.raw).pointee
    if product.isNone { return }
    if schemes.schemeCount != 0 { schemes.prefetchSubject(SchemeSubject(product), instrument) }
    let route = routeStarts.at(product.raw)
    for index in 0..<RouteStart.size {
      let id = route.pointee.fundAccounts[index]
      if id.isNone { break }
      let holder = self.holder(of: id)
      positionDirectory.prefetch(instrument.index, holder)
      figuresDirectory.prefetch(commodity.index, holder)
    }
    sharedLists.prefetch(product, commodity, instrument)
  }

  /// Stage two: what the account has there, then its product, and then its fund accounts.
  public func prefetchHoldings(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    prefetchHolding(holder(of: account), instrument, commodity)
    let product = accountProducts.at(account.raw).pointee
    if product.isNone { return }
    products.prefetch(product.index, lines: 1)
    if schemes.schemeCount != 0 { schemes.prefetchInstrument(SchemeSubject(product), instrument) }
    let route = routeStarts.at(product.raw)
    for index in 0..<RouteStart.size {
      let id = route.pointee.fundAccounts[index]
      if id.isNone { break }
      let holder = self.holder(of: id)
      fundAccounts.prefetch(id.index, lines: FundAccountRecord.linesOfOrder)
      holders.prefetch(holder.index, lines: HolderRecord.linesOfOrder)
      prefetchHolding(holder, instrument, commodity)
    }
    routingModes.prefetch(product.index &* capacities.commodities &+ commodity.index, lines: 1)
  }

  /// Stage three: what the records of the account and its fund accounts name.
  public func prefetchBooks(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID,
    _ exchange: Exchange
  ) {
    let own = holders.at(holder(of: account).raw)
    rates.prefetch(own.pointee.rateSubject, instrument)
    let record = accounts.at(account.raw)
    if record.pointee.rateWindow.capacity != 0 { prefetch(record.pointee.rateWindow) }
    if record.pointee.lastWorking != 0 {
      orders.prefetch(Int(record.pointee.lastWorking) - 1, lines: OrderRecord.linesOfLinks)
    }
    if record.pointee.product.isNone { return }
    let product = products.at(record.pointee.product.raw)
    let number = own.pointee.schemeProduct
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let id = product.pointee.fundAccounts[index]
      let fund = fundAccounts.at(id.raw)
      rates.prefetchProfile(.fund(id))
      books.prefetch(fund.pointee.owners[exchange.index], instrument)
      if fund.pointee.orderRateCount != 0 { prefetch(fund.pointee.rateWindow) }
      if fund.pointee.messageQuota != 0 { prefetch(fund.pointee.messageWindow) }
      if fund.pointee.lastWorking != 0 {
        children.prefetch(Int(fund.pointee.lastWorking) - 1, lines: 1)
      }
      if budgets.isOn {
        budgets.prefetchDirectory(budgetKey(id, exchange), instrument)
      }
      if fund.pointee.quotaExchanges != 0 {
        quotas.prefetch(
          id.index &* FundQuota.exchangeCount &+ exchange.index, lines: 1)
      }
      if number != 0 {
        holders.prefetch(holder(of: id).index, lines: HolderRecord.linesOfBases)
      }
    }
    if number != 0 { schemes.prefetchSums(SchemeSubject(record.pointee.product), commodity) }
  }

  /// Where a window's next time goes.
  private func prefetch(_ window: RateWindow) {
    rateWindow.prefetch(Int(window.start &+ window.head))
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

  /// Stage four: the roots of the books, and rows of the fund accounts.
  public func prefetchRoots(
    _ id: ProductID, _ instrument: InstrumentID, _ commodity: CommodityID, _ exchange: Exchange,
    _ side: Side
  ) {
    let product = products.at(id.raw)
    if schemes.schemeCount != 0 { schemes.prefetchExchange(SchemeSubject(id), exchange) }
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let id = product.pointee.fundAccounts[index]
      if limitRows.inUse != 0 { prefetchRows(holder(of: id), commodity) }
      if budgets.isOn { budgets.prefetchRecord(budgetKey(id, exchange), instrument) }
      let owner = fundAccounts.at(id.raw).pointee.owners[exchange.index]
      guard let book = workingBook(owner, instrument) else { continue }
      let root = side == .buy ? book.pointee.buyRoot : book.pointee.sellRoot
      if root != 0 { children.prefetch(Int(root) - 1, lines: 1) }
    }
  }

  /// The first of a holder's rows in a commodity. Rows that were set together lie together.
  @inline(__always) private func prefetchRows(_ holder: HolderID, _ commodity: CommodityID) {
    let number = figuresNumber(holder, commodity)
    if number == 0 { return }
    let row = figures.at(Int(number) - 1).pointee.firstRow
    if row != 0 { limitRows.prefetch(row) }
  }

  /// After an order: the records that the next one and its children get, whatever they are.
  public func prefetchRecords() {
    orders.prefetch(orderCount)
    children.prefetch(childCount)
    children.prefetch(childCount + 1)
  }
}
