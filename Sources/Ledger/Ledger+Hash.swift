import Domain
import Storage

extension Ledger {
  /// Everything the ledger decides by: not its capacities, not how its free lists lie.
  public func hash(into hasher: inout StateHasher) {
    hasher.combine(accounts, count: accountCount)
    hasher.combine(lineRecords, count: accountCount)
    hasher.combine(laterRiskDegree, count: accountCount)
    hasher.combine(windowRecords, count: accountCount)
    platformLines.hash(into: &hasher)
    noticeAudiences.hash(into: &hasher)
    hashLiquidations(into: &hasher)
    hasher.combine(products, count: productCount)
    hasher.combine(feeRecords, count: productCount)
    hasher.combine(fundAccounts, count: fundAccountCount)
    hasher.combine(UInt64(counterCount))
    hasher.combine(orders, count: orderCount)
    hasher.combine(children, count: childCount)
    hashMessages(into: &hasher)
    hashBooks(into: &hasher)
    hashSettings(into: &hasher)
    schemes.hash(into: &hasher, products: productCount)
    budgets.hash(into: &hasher, children: childCount)
  }

  /// The money, positions and holds alone: what a refused order must leave as it was.
  public func hashBooks(into hasher: inout StateHasher) {
    hasher.combine(holders, count: accountCount)
    hasher.combine(holders, from: capacities.operationAccounts, count: fundAccountCount)
    for slot in 0..<positionSlots where isUsed(positionSlot: slot) {
      let record = positions.at(slot)
      hasher.combine(UInt64(slot))
      hasher.combine(key(record.pointee.holder))
      hasher.combine(
        UInt64(record.pointee.instrument.raw) << 8 | UInt64(record.pointee.hedge.rawValue))
      hasher.combine(Int64(record.pointee.cancels))
      hasher.combine(record.pointee.markedAt.units)
      hasher.combine(record.pointee.profit.units)
      hasher.combine(record.pointee.overClosed)
      hash(record.pointee.long, record.pointee.longCost, into: &hasher)
      hash(record.pointee.short, record.pointee.shortCost, into: &hasher)
    }
    for index in 0..<figuresCount {
      let record = figures.at(index)
      hasher.combine(key(record.pointee.holder))
      hasher.combine(UInt64(record.pointee.commodity.raw))
      hasher.combine(Int64(record.pointee.openedToday))
      hasher.combine(record.pointee.heldMarginLong.units)
      hasher.combine(record.pointee.heldMarginShort.units)
      hasher.combine(UInt64(record.pointee.isOneSided ? 1 : 0))
      for flags in [record.pointee.speculation, record.pointee.arbitrage, record.pointee.hedge] {
        hash(flags, into: &hasher)
      }
    }
    hasher.combine(unmapped.rows, count: unmapped.count)
    hasher.combine(UInt64(unmapped.lost))
    hasher.combine(unmapped.trades, count: unmapped.tradeCount)
    hasher.combine(unmapped.lastNumber)
  }

  /// A holder's place in the dense space depends on a capacity; its kind and id don't.
  private func key(_ holder: HolderID) -> UInt64 {
    if let account = operationAccount(holder) { return UInt64(account.raw) << 1 }
    return UInt64(holder.index - capacities.operationAccounts) << 1 | 1
  }

  private func hash(
    _ side: PositionSideRecord, _ cost: PositionCostRecord, into hasher: inout StateHasher
  ) {
    for lots in [
      side.today, side.yesterday, side.frozen, side.frozenToday, side.workingOpen,
      side.openedToday, side.closedToday, side.workingOrders,
    ] {
      hasher.combine(Int64(lots))
    }
    hasher.combine(cost.yesterdayMark.units)
    hasher.combine(cost.markBasis)
    hasher.combine(cost.openBasis)
    hasher.combine(side.margin.units)
    hasher.combine(side.frozenMargin.units)
    for first in [cost.firstYesterday, cost.firstToday] {
      var number = first
      while number != 0 {
        let node = lots.at(number)
        hasher.combine(node.pointee.basis)
        hasher.combine(
          UInt64(UInt32(bitPattern: node.pointee.lots)) << 32 | UInt64(node.pointee.openDay))
        number = node.pointee.next
      }
    }
  }

  private func hash(_ flags: HedgeFigures, into hasher: inout StateHasher) {
    for lots in [
      flags.heldLong, flags.heldShort, flags.workingOpenLong, flags.workingOpenShort,
      flags.closingLong, flags.closingShort,
    ] {
      hasher.combine(Int64(lots))
    }
    hasher.combine(flags.margin.units)
  }

  // MARK: Settings

  private func hashSettings(into hasher: inout StateHasher) {
    for index in 0..<figuresCount { hashLimits(figures.at(index), into: &hasher) }
    for index in 0..<accountCount {
      let account = accounts.at(index)
      hash(account.pointee.rateWindow, into: &hasher)
      hashRows(account.pointee.logon.firstAddress, into: &hasher)
      hashRows(account.pointee.logon.firstMAC, into: &hasher)
    }
    controllers.hash(accountCount: accountCount, into: &hasher)
    for index in 0..<controllers.count {
      hashRows(controllers.records.at(index).pointee.logon.firstAddress, into: &hasher)
      hashRows(controllers.records.at(index).pointee.logon.firstMAC, into: &hasher)
    }
    controls.hash(into: &hasher)
    for index in 0..<fundAccountCount {
      hash(fundAccounts.at(index).pointee.rateWindow, into: &hasher)
      for exchange in 0..<FundQuota.exchangeCount {
        hasher.combine(quotas, from: index * FundQuota.exchangeCount + exchange, count: 1)
      }
    }
    sharedLists.hash(products: productCount, into: &hasher)
    templates.hash(into: &hasher)
    hasher.combine(declarationFees, count: accountCount)
    hasher.combine(
      declarationFees, from: capacities.operationAccounts, count: fundAccountCount)
    hasher.combine(declarationFee.amount.units)
    hasher.combine(UInt64(declarationFee.unit.rawValue))
    for commodity in 0..<capacities.commodities
    where declaredCommodities.at(commodity).pointee != 0 {
      hasher.combine(UInt64(commodity))
    }
    rates.hash(into: &hasher)
    hash(routingModes, width: capacities.commodities, into: &hasher)
    hash(deliveryBarCommodities, width: capacities.commodities, into: &hasher)
    hash(deliveryBarInstruments, width: capacities.instruments, into: &hasher)
  }

  func hash(_ window: RateWindow, into hasher: inout StateHasher) {
    for place in 0..<window.capacity { hasher.combine(rateWindow.at(window.start + place).pointee) }
  }

  private func hashLimits(
    _ figures: UnsafeMutablePointer<CommodityFigures>, into hasher: inout StateHasher
  ) {
    for limit in [
      figures.pointee.lotsCap, figures.pointee.marginCap, figures.pointee.orderLots,
      figures.pointee.orderMargin, figures.pointee.bandValue,
      Int64(figures.pointee.bandMeasure), Int64(figures.pointee.bandBar),
      figures.pointee.isListed ? 1 : 0, figures.pointee.isListedAtNight ? 1 : 0,
      Int64(figures.pointee.flatCloses),
    ] {
      hasher.combine(limit)
    }
    hashPositions(of: figures, into: &hasher)
    var number = figures.pointee.firstRow
    while number != 0 {
      let row = limitRows.at(number)
      hasher.combine(
        UInt64(row.pointee.instrument.raw) << 16 | UInt64(row.pointee.kind.rawValue) << 8
          | UInt64(row.pointee.hedge.rawValue))
      for limit in [
        row.pointee.lots, row.pointee.margin, row.pointee.long, row.pointee.short,
      ] {
        hasher.combine(limit)
      }
      number = row.pointee.next
    }
    hasher.combine(UInt64(0))
  }

  private func hashRows(_ first: UInt32, into hasher: inout StateHasher) {
    var number = first
    while number != 0 {
      let row = accessRows.at(number)
      hasher.combine(row.pointee.fromHigh)
      hasher.combine(row.pointee.fromLow)
      hasher.combine(row.pointee.toHigh)
      hasher.combine(row.pointee.toLow)
      number = row.pointee.next
    }
    hasher.combine(UInt64(0))
  }

  /// What is set in a table of rows a product, by product and place in the row.
  private func hash(
    _ table: borrowing Table<UInt8>, width: Int, into hasher: inout StateHasher
  ) {
    for product in 0..<productCount {
      for place in 0..<width {
        let value = table.at(product * width + place).pointee
        if value != 0 {
          hasher.combine(UInt64(product) << 40 | UInt64(place) << 8 | UInt64(value))
        }
      }
    }
    hasher.combine(UInt64(0))
  }
}
