import Domain
import MarketData
import Storage

// An order reads some forty lines that lie anywhere in a gigabyte. Asked for together they come
// in one miss's time; met one by one they would cost twenty. Stages: what ids alone tell, what
// the account tells, what the directories tell (design.md, "Scale").
extension Ledger {
  /// Stage one: everything whose address follows from the order itself.
  public func prefetchOrder(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID,
    _ id: ClOrdID, seed: UInt64
  ) {
    let holder = holder(of: account)
    prefetch(UnsafePointer(accounts.at(account.raw)))
    prefetch(UnsafePointer(holders.at(holder.raw)))
    prefetchDirectories(holder, instrument, commodity)
    prefetch(clOrdSlot(account, id, seed: seed))
    if orderCount < orders.capacity { prefetch(UnsafePointer(orders.at(orderCount))) }
    if childCount + 1 < children.capacity {
      prefetch(UnsafePointer(children.at(childCount)))
      prefetch(UnsafePointer(children.at(childCount + 1)))
    }
  }

  func prefetchDirectories(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    prefetch(positionDirectoryEntry(holder, instrument))
    prefetch(
      UnsafePointer(
        figuresDirectory.at(holder.index * capacities.commodities + commodity.index)))
  }

  /// Stage two: the account names its product and through it the fund accounts.
  public func prefetchProduct(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    let record = accounts.at(account.raw)
    if record.pointee.lastWorking != 0 {
      prefetch(UnsafePointer(mutableOrder(record.pointee.lastWorking)))
    }
    if record.pointee.rateWindowCapacity != 0 {
      prefetch(
        UnsafePointer(
          rateWindow.at(Int(record.pointee.rateWindowStart + record.pointee.rateWindowHead))))
    }
    guard !record.pointee.product.isNone else { return }
    let product = products.at(record.pointee.product.raw)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let id = product.pointee.fundAccounts[index]
      let holder = holder(of: id)
      prefetch(UnsafePointer(fundAccounts.at(id.raw)))
      prefetch(UnsafePointer(holders.at(holder.raw)))
      prefetchDirectories(holder, instrument, commodity)
    }
  }

  /// Stage three: the positions and figures that the directories name, of the account and of its
  /// product's fund accounts, and where the books of the fund accounts' owners are.
  public func prefetchHoldings(
    _ account: OperationAccountID, _ instrumentID: InstrumentID,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let commodity = instrument.pointee.commodity
    prefetchHolding(holder(of: account), instrumentID, commodity)
    let id = accounts.at(account.raw).pointee.product
    guard !id.isNone else { return }
    let product = products.at(id.raw)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let fundAccount = product.pointee.fundAccounts[index]
      let fund = fundAccounts.at(fundAccount.raw)
      let owner = fund.pointee.owners[instrument.pointee.exchange.index]
      if owner != 0 {
        prefetch(
          UnsafePointer(
            books.directory.at(Int(owner) * books.instruments + instrumentID.index)))
      }
      if fund.pointee.lastWorking != 0 {
        prefetch(UnsafePointer(mutableChild(fund.pointee.lastWorking)))
      }
      prefetchHolding(holder(of: fundAccount), instrumentID, commodity)
    }
  }

  private func prefetchHolding(
    _ holder: HolderID, _ instrument: InstrumentID, _ commodity: CommodityID
  ) {
    let position = firstPosition(holder, instrument)
    if position != 0 { prefetch(self.position(position)) }
    let figures = figuresNumber(holder, commodity)
    if figures != 0 { prefetch(self.figures(figures)) }
  }

  /// Stage four: the books a child would join, and the roots of their trees.
  public func prefetchBooks(
    _ id: ProductID, _ instrument: InstrumentID, _ exchange: Exchange, _ side: Side
  ) {
    let product = products.at(id.raw)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let fund = fundAccounts.at(product.pointee.fundAccounts[index].raw)
      let owner = fund.pointee.owners[exchange.index]
      guard owner != 0, let book = workingBook(owner, instrument) else { continue }
      let root = side == .buy ? book.pointee.buyRoot : book.pointee.sellRoot
      if root != 0 { prefetch(UnsafePointer(mutableChild(root))) }
    }
  }
}
