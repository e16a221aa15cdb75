import Domain
import Storage

// Who exists and what they may do. Each returns false or nil, and changes nothing, when there is
// no room or the value makes no sense.
extension Ledger {
  // MARK: Definitions

  public mutating func defineCounter() -> CounterID? {
    guard counterCount < capacities.counters else { return nil }
    counterCount += 1
    return CounterID(UInt32(counterCount - 1))
  }

  public mutating func defineProduct(mode: RoutingMode) -> ProductID? {
    guard productCount < products.capacity, mode != .unknown, rates.hasRoomForProduct else {
      return nil
    }
    let record = products.at(productCount)
    record.pointee.mode = mode
    record.pointee.openPermission = true
    record.pointee.tradedValue = .min
    record.pointee.externalAccount = .none
    record.pointee.firstAccount = .none
    record.pointee.rateAccount = .none
    record.pointee.firstLoggedIn = .none
    record.pointee.loginDay = .max
    rates.follow(ProductID(UInt32(productCount)))
    routeStarts.at(productCount).pointee = RouteStart()
    productCount += 1
    return ProductID(UInt32(productCount - 1))
  }

  public mutating func defineFundAccount(_ product: ProductID, _ counter: CounterID)
    -> FundAccountID?
  {
    guard fundAccountCount < fundAccounts.capacity, counter.index < counterCount,
      product.isNone || exists(product)
    else { return nil }
    let id = FundAccountID(UInt32(fundAccountCount))
    if !product.isNone {
      let record = products.at(product.raw)
      let count = Int(record.pointee.fundAccountCount)
      guard count < LedgerCapacities.fundAccountsPerProduct else { return nil }
      record.pointee.fundAccounts[count] = id
      record.pointee.fundAccountCount += 1
      if count < RouteStart.size { routeStarts.at(product.raw).pointee.fundAccounts[count] = id }
    }
    let fund = fundAccounts.at(id.raw)
    fund.pointee.product = product
    fund.pointee.counter = counter
    fund.pointee.openPermission = true
    fund.pointee.orderRateBar = .opening
    fund.pointee.rateMilliseconds = .min
    holders.at(holder(of: id).raw).pointee.rateSubject = .fund(id)
    fundAccountCount += 1
    joinScheme(holder(of: id), product)
    narrowOneSided(product)
    return id
  }

  public mutating func defineOperationAccount(_ product: ProductID) -> OperationAccountID? {
    guard accountCount < accounts.capacity, product.isNone || exists(product) else { return nil }
    let record = accounts.at(accountCount)
    record.pointee.product = product
    accountProducts.at(accountCount).pointee = product
    holders.at(accountCount).pointee.rateSubject = .product(product)
    if !product.isNone { bind(OperationAccountID(UInt32(accountCount)), to: product) }
    record.pointee.enabled = true
    record.pointee.openPermission = true
    // Defaults of AMS manual 4.1: 100 000 lots, 100 000 000 yuan.
    record.pointee.positionCap = 100_000
    record.pointee.marginCap = 100_000_000 * Money.unitsPerYuan
    record.pointee.cancelLimit = .min
    record.pointee.openOrders = .min
    record.pointee.tradedValue = .min
    record.pointee.fatFingerNotional = .min
    record.pointee.fatFingerTicks = .min
    record.pointee.fatFingerPercent = .min
    record.pointee.staleSeconds = .min
    record.pointee.duplicateCount = .min
    record.pointee.duplicateWindowMilliseconds = .min
    record.pointee.orderRateCount = .min
    record.pointee.orderRateWindowMilliseconds = .min
    record.pointee.orderRateBar = .opening
    record.pointee.logon.begin()
    record.pointee.graceEnd = .none
    Self.unset(lineRecords.at(accountCount))
    laterRiskDegree.at(accountCount).pointee = LaterRiskDegree()
    disturb(HolderID(UInt32(accountCount)))
    accountCount += 1
    joinScheme(HolderID(UInt32(accountCount - 1)), product)
    return OperationAccountID(UInt32(accountCount - 1))
  }

  private func bind(_ account: OperationAccountID, to product: ProductID) {
    let record = products.at(product.raw)
    if record.pointee.accountCount == 0 { record.pointee.firstAccount = account }
    record.pointee.accountCount += 1
  }

  // MARK: Settings of a record, written by the engine's one table of keys

  /// Changes an account's settings in place; the engine maps keys to fields.
  public mutating func changeAccount(
    _ id: OperationAccountID, _ change: (UnsafeMutablePointer<AccountRecord>) -> Void
  ) {
    change(accounts.at(id.raw))
  }
  public mutating func changeProduct(
    _ id: ProductID, _ change: (UnsafeMutablePointer<ProductRecord>) -> Void
  ) {
    change(products.at(id.raw))
  }
  public mutating func changeFundAccount(
    _ id: FundAccountID, _ change: (UnsafeMutablePointer<FundAccountRecord>) -> Void
  ) {
    change(fundAccounts.at(id.raw))
  }

  public mutating func setRoutingMode(
    _ product: ProductID, _ commodity: CommodityID, _ mode: RoutingMode
  ) {
    routingModes.at(product.index * capacities.commodities + commodity.index).pointee =
      mode.rawValue
  }

  public mutating func setDeliveryBar(_ product: ProductID, exchange: Exchange, _ barred: Bool) {
    let bit = UInt8(1) << exchange.index
    let record = products.at(product.raw)
    if barred {
      record.pointee.deliveryBarExchanges |= bit
    } else {
      record.pointee.deliveryBarExchanges &= ~bit
    }
  }
  public mutating func setDeliveryBar(
    _ product: ProductID, commodity: CommodityID, _ barred: Bool
  ) {
    deliveryBarCommodities.at(product.index * capacities.commodities + commodity.index).pointee =
      barred ? 1 : 0
  }
  public mutating func setDeliveryBar(
    _ product: ProductID, instrument: InstrumentID, _ barred: Bool
  ) {
    deliveryBarInstruments.at(product.index * capacities.instruments + instrument.index)
      .pointee = barred ? 1 : 0
  }

  /// The legal owner behind a trading code, per exchange, 1-based; 0 = none.
  public mutating func setLegalOwner(
    _ id: FundAccountID, _ exchange: Exchange, _ owner: UInt32
  ) -> Bool {
    let record = fundAccounts.at(id.raw)
    // Its working children are in the old owner's book: change it when nothing works.
    guard record.pointee.firstWorking == 0, Int(owner) <= capacities.fundAccounts else {
      return false
    }
    record.pointee.owners[exchange.index] = owner
    return true
  }

  // MARK: Limits by commodity and instrument

  /// The figures record that limits of a commodity live in, made when there is none.
  public mutating func changeFigures(
    _ holder: HolderID, _ commodity: CommodityID,
    _ change: (UnsafeMutablePointer<CommodityFigures>) -> Void
  ) -> Bool {
    guard let number = ensureFigures(holder, commodity) else { return false }
    change(mutableFigures(number))
    return true
  }

  /// Changes the row of (kind, instrument, hedge flag) of a holder and commodity, made when there
  /// is none. False when the tables are full.
  public mutating func changeLimitRow(
    _ holder: HolderID, _ commodity: CommodityID, kind: LimitRowKind, instrument: InstrumentID,
    hedge: HedgeFlag, _ change: (UnsafeMutablePointer<LimitRow>) -> Void
  ) -> Bool {
    let known = figuresNumber(holder, commodity)
    var rowNumber = known == 0 ? 0 : mutableFigures(known).pointee.firstRow
    while rowNumber != 0 {
      let row = limitRows.at(rowNumber)
      if row.pointee.kind == kind, row.pointee.instrument == instrument,
        row.pointee.hedge == hedge
      {
        change(row)
        return true
      }
      rowNumber = row.pointee.next
    }
    guard limitRows.free > 0, let number = ensureFigures(holder, commodity),
      let taken = limitRows.take()
    else { return false }
    let figures = mutableFigures(number)
    let row = limitRows.at(taken)
    row.pointee.kind = kind
    row.pointee.instrument = instrument
    row.pointee.hedge = hedge
    row.pointee.lots = .min
    row.pointee.margin = .min
    row.pointee.long = .min
    row.pointee.short = .min
    change(row)
    row.pointee.next = figures.pointee.firstRow
    figures.pointee.firstRow = taken
    return true
  }
}
