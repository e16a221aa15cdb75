import Storage

extension Ledger {
  /// All of the books, the copies that are kept for the cache among them.
  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try passHolders(through: &archive)
    try passHoldings(through: &archive)
    try passPermissions(through: &archive)
    try archive.pass(orders)
    try archive.pass(children)
    try archive.pass(clOrdIndex.slots)
    try archive.pass(count: &orderCount, atMost: orders.capacity)
    try archive.pass(count: &childCount, atMost: children.capacity)
    try books.pass(through: &archive)
    try unmapped.pass(through: &archive)
    try schemes.pass(through: &archive)
    try budgets.pass(through: &archive)
  }

  private mutating func passHolders<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(holders)
    try archive.pass(accounts)
    try archive.pass(lineRecords)
    try archive.pass(laterRiskDegree)
    try archive.pass(windowRecords)
    try archive.pass(count: &windowAccounts, atMost: accounts.capacity)
    try archive.pass(&platformLines)
    try noticeAudiences.pass(through: &archive)
    try archive.pass(products)
    try archive.pass(fundAccounts)
    try archive.pass(accountProducts)
    try archive.pass(routeStarts)
    try archive.pass(graces)
    try archive.pass(count: &graceCount, atMost: graces.capacity)
    try archive.pass(liquidations)
    try liquidationLooks.pass(through: &archive)
    try archive.pass(&liquidationCount)
    try messageTimes.pass(through: &archive)
    try archive.pass(&firstLeft)
    try archive.pass(&lastLeft)
    try archive.pass(count: &accountCount, atMost: accounts.capacity)
    try archive.pass(count: &productCount, atMost: products.capacity)
    try archive.pass(count: &fundAccountCount, atMost: fundAccounts.capacity)
    try archive.pass(count: &counterCount, atMost: capacities.counters)
  }

  private mutating func passHoldings<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(positions)
    try positionDirectory.pass(through: &archive)
    try archive.pass(positionChunks)
    try archive.pass(instrumentChunks)
    try archive.pass(count: &positionChunkCount, atMost: positionChunks.capacity)
    try archive.pass(figures)
    try figuresDirectory.pass(through: &archive)
    try archive.pass(count: &figuresCount, atMost: figures.capacity)
    try lots.pass(through: &archive)
  }

  private mutating func passPermissions<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try limitRows.pass(through: &archive)
    try accessRows.pass(through: &archive)
    try rates.pass(through: &archive)
    try archive.pass(routingModes)
    try archive.pass(deliveryBarCommodities)
    try archive.pass(deliveryBarInstruments)
    try archive.pass(quotas)
    try controllers.pass(through: &archive)
    try controls.pass(through: &archive)
    try sharedLists.pass(through: &archive)
    try templates.pass(through: &archive)
    try archive.pass(declarationFees)
    try archive.pass(&declarationFee)
    try archive.pass(declaredCommodities)
    try archive.pass(rateWindow)
    try archive.pass(count: &rateWindowUsed, atMost: rateWindow.capacity)
    try archive.pass(feeRecords)
    try archive.pass(count: &feeProducts, atMost: feeRecords.capacity)
  }
}
