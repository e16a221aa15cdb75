import Domain
import Engine
import Ledger
import Messages
import ReferenceModel
import Storage

/// How many of everything there is to compare.
public struct TwinExtent: Sendable {
  public var accounts: Int
  public var funds: Int
  public var products: Int
  public var instruments: Int
  public var commodities: Int

  public init(accounts: Int, funds: Int, products: Int, instruments: Int, commodities: Int) {
    self.accounts = accounts
    self.funds = funds
    self.products = products
    self.instruments = instruments
    self.commodities = commodities
  }

  public var holders: [TwinHolder] {
    (0..<UInt32(accounts)).map { .account(OperationAccountID($0)) }
      + (0..<UInt32(funds)).map { .fund(FundAccountID($0)) }
  }

  var instrumentIDs: [InstrumentID] { (0..<UInt32(instruments)).map { InstrumentID($0) } }
}

/// Holds figures of an engine against those of its twin; the first difference is kept in words.
public struct TwinComparison {
  public let extent: TwinExtent
  let twin: Twin
  /// The first figure that was wrong; nil = all that was looked at agrees.
  public private(set) var difference: String?

  public init(_ extent: TwinExtent, _ twin: Twin) {
    self.extent = extent
    self.twin = twin
  }

  mutating func fail(_ what: String) {
    if difference == nil { difference = what }
  }

  public mutating func expect<Value: Equatable>(
    _ what: @autoclosure () -> String, _ engine: Value, _ twin: Value
  ) {
    guard engine != twin else { return }
    let fields = twinDifferences(engine, twin)
    fail("\(what()): \(fields.isEmpty ? "engine \(engine), twin \(twin)" : fields)")
  }

  private func id(_ holder: TwinHolder, _ engine: borrowing Engine) -> HolderID {
    switch holder {
    case .account(let account): engine.ledger.holder(of: account)
    case .fund(let fund): engine.ledger.holder(of: fund)
    }
  }

  // MARK: Everything

  /// Everybody and everything, and the lots replayed from the first fact on.
  public mutating func checkAll(_ engine: borrowing Engine) {
    guard engine.isReady else { return }
    twin.checkReplay()
    let orders = twin.orders.keys.sorted { $0.raw < $1.raw }
    for id in orders { twin.checkTold(id) }
    if let complaint = twin.complaints.first { fail(complaint) }
    for holder in extent.holders { checkHolder(holder, engine) }
    for id in orders { checkOrder(id, engine) }
    for id in twin.children.keys { checkChild(id, engine) }
    checkConservation(engine)
    for index in 0..<extent.products {
      let product = ProductID(UInt32(index))
      let value = Int64(engine.ledger.product(product).pointee.openedValue)
      expect("product \(index) opened value", value, twin.openedValue(product))
    }
  }

  // MARK: Holders

  public mutating func checkMoney(_ holder: TwinHolder, _ engine: borrowing Engine) {
    let money = TwinReading.money(engine.ledger.holder(id(holder, engine)))
    expect("\(holder) money", money, twin.money(holder))
    if money.workingOrders == 0,
      money.frozenMargin != 0 || money.frozenFees != 0 || money.frozenPremium != 0
    {
      fail("\(holder) holds \(money) without a working order")
    }
  }

  public mutating func checkHolder(_ holder: TwinHolder, _ engine: borrowing Engine) {
    guard difference == nil else { return }
    checkMoney(holder, engine)
    let sides = twin.sides(holder)
    var places = Set(sides.keys)
    let number = id(holder, engine)
    for instrument in extent.instrumentIDs {
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge]
      where engine.ledger.position(number, instrument, hedge) != 0 {
        places.insert(TwinPlace(instrument, .long, hedge))
        places.insert(TwinPlace(instrument, .short, hedge))
      }
      let head = engine.ledger.firstPosition(number, instrument)
      let cancels = head == 0 ? 0 : Int64(engine.ledger.position(head).pointee.cancels)
      let counted =
        switch holder {
        case .account(let account) where twin.isCancelCountUncertain(account, instrument): cancels
        case .account(let account): twin.cancelCount(account, instrument)
        case .fund(let fund): twin.cancelCount(fund, instrument)
        }
      expect("\(holder) cancels in \(instrument.raw)", cancels, counted)
    }
    for place in places {
      let record = engine.ledger.position(number, place.instrument, place.hedge)
      let side =
        record == 0
        ? TwinSide()
        : TwinReading.side(
          engine.ledger.position(record).pointee.side(place.side),
          engine.ledger.position(record).pointee.cost(place.side), engine.ledger)
      expect("\(holder) \(place)", side, sides[place] ?? TwinSide())
    }
    for index in 0..<extent.commodities {
      let commodity = CommodityID(UInt32(index))
      let record = engine.ledger.figuresNumber(number, commodity)
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
        let columns =
          record == 0
          ? TwinColumns() : TwinReading.columns(engine.ledger.figures(record).pointee[hedge])
        expect(
          "\(holder) commodity \(index) \(hedge)", columns, twin.columns(sides, commodity, hedge))
      }
      if case .fund(let fund) = holder, let waiting = twin.waitingMessages(fund) {
        let record = engine.ledger.fundAccount(fund)
        expect("\(holder) waiting messages", Int(record.pointee.waitingMessages), waiting)
      }
      if case .fund(let fund) = holder {
        let opened = twin.openedLots(fund, of: commodity)
        expect(
          "\(holder) opened of commodity \(index)",
          record == 0 ? 0 : engine.ledger.openedLots(of: engine.ledger.figures(record)), opened)
      }
    }
  }

  // MARK: Orders

  public mutating func checkOrder(_ id: OrderID, _ engine: borrowing Engine) {
    let number = engine.ledger.orderNumber(id, day: twin.day, shard: engine.shard)
    guard var order = twin.order(id), number != 0 else {
      return fail("order \(id) is unknown to one of both")
    }
    twin.checkTold(id)
    let figures = TwinReading.order(engine.ledger.order(number))
    if twin.isCancelUncertain(id) { order.cancelRequested = figures.cancelRequested }
    expect("order \(id)", figures, order)
  }

  public mutating func checkChild(_ id: OrderID, _ engine: borrowing Engine) {
    let number = engine.ledger.childNumber(id, day: twin.day, shard: engine.shard)
    guard var child = twin.child(id), let parent = twin.children[id]?.parent, number != 0 else {
      return fail("child \(id) is unknown to one of both")
    }
    let figures = TwinReading.child(engine.ledger.child(number))
    if twin.isCancelUncertain(parent) { child.cancelRequested = figures.cancelRequested }
    expect("child \(id)", figures, child)
  }

  // MARK: Conservation

  /// design.md, "Conservation", from the engine's own figures: signed lots of operation accounts
  /// and unmapped trades are those of fund accounts; and so is what they earn, which holds only
  /// where the notional does.
  public mutating func checkConservation(_ engine: borrowing Engine) {
    guard difference == nil else { return }
    for index in 0..<extent.products {
      let product = ProductID(UInt32(index))
      let holders = extent.holders.filter { twin.product($0) == product }
      var earned = -twin.unmappedProfit(product)
      let unmapped = twin.unmappedOptions(product)
      var premium = -unmapped.premium
      var optionValue = -unmapped.value
      for holder in holders {
        let record = engine.ledger.holder(id(holder, engine))
        let profit = (record.pointee.positionProfit + record.pointee.closeProfit).units
        if case .fund = holder {
          earned += profit
          premium += record.pointee.premium.units
          optionValue += record.pointee.optionValue.units
        } else {
          earned -= profit
          premium -= record.pointee.premium.units
          optionValue -= record.pointee.optionValue.units
        }
      }
      expect("product \(index): funds earn more by", earned, 0)
      expect("product \(index): funds are paid more premium by", premium, 0)
      expect("product \(index): funds' options are worth more by", optionValue, 0)
      for instrument in extent.instrumentIDs {
        let unmapped = twin.unmapped(product, instrument)
        let row = unmappedRow(product, instrument, engine)
        expect("unmapped lots", row.lots, unmapped.lots)
        expect("unmapped basis", row.basis, unmapped.basis)
        var more = -row.lots
        for holder in holders {
          let net = netLots(id(holder, engine), instrument, engine)
          if case .fund = holder { more += net } else { more -= net }
        }
        expect("product \(index): funds hold more of \(instrument.raw) by", more, 0)
      }
    }
  }

  private func netLots(
    _ holder: HolderID, _ instrument: InstrumentID, _ engine: borrowing Engine
  ) -> Int64 {
    var sum: Int64 = 0
    for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
      let number = engine.ledger.position(holder, instrument, hedge)
      if number != 0 { sum += engine.ledger.position(number).pointee.net }
    }
    return sum
  }

  private func unmappedRow(
    _ product: ProductID, _ instrument: InstrumentID, _ engine: borrowing Engine
  ) -> (lots: Int64, basis: Int64) {
    for index in 0..<engine.ledger.unmapped.count {
      let row = engine.ledger.unmapped.rows.at(index)
      if row.pointee.product == product, row.pointee.instrument == instrument {
        return (row.pointee.lots, row.pointee.basis)
      }
    }
    return (0, 0)
  }
}
