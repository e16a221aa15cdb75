import Domain
import MarketData
import Storage

/// What lots that may still fill keep out of use: margin and fee at the hold price, and their
/// value. A function of the terms and the lots alone, so that a part fill's hold is the hold of
/// what is left.
public struct Hold: Equatable, Sendable, BitwiseCopyable {
  public var margin: Money
  public var fee: Money
  public var value: Money
  /// Of an option to buy: what it would pay, instead of margin.
  public var premium: Money

  @inlinable public init(
    margin: Money = .zero, fee: Money = .zero, value: Money = .zero, premium: Money = .zero
  ) {
    self.margin = margin
    self.fee = fee
    self.value = value
    self.premium = premium
  }

  /// What it takes of the money that is available.
  @inlinable public var cash: Money { margin + fee + premium }
  @inlinable public static var zero: Hold { Hold() }
}

extension Ledger {
  /// The hold of `lots` lots. Opening: margin and opening fee at the hold price; of an option that
  /// is bought premium and fee. Closing: the
  /// dearer of the fees that are possible (decisions 2, 4). Nil when a product overflows its
  /// proven range: the order is refused (`amount-overflow`). Nil without a price.
  public static func hold(
    _ instrument: UnsafePointer<InstrumentRecord>, _ rates: UnsafePointer<RateSet>, side: Side,
    offset: Offset, lots: Lots, price: Price
  ) -> Hold? {
    guard lots > 0 else { return .zero }
    guard !price.isNone else { return nil }
    let multiplier = instrument.pointee.multiplier
    let (basis, overflow) = price.units.multipliedReportingOverflow(by: Int64(lots))
    guard !overflow else { return nil }
    let (value, overflow2) = basis.multipliedReportingOverflow(by: multiplier)
    guard !overflow2 else { return nil }
    let count = Int64(lots)
    if offset == .open {
      let positionSide = PositionSide(side: side, offset: offset)
      guard
        let margin = rates.pointee.margin(
          positionSide, basis: basis, multiplier: multiplier, lots: count),
        let fee = rates.pointee.fee(
          rates.pointee.feeOpen, basis: basis, multiplier: multiplier, lots: count)
      else { return nil }
      let worth = Money(units: abs(value))
      let isPaid = instrument.pointee.isOption && side == .buy
      return Hold(margin: margin, fee: fee, value: worth, premium: isPaid ? worth : .zero)
    }
    guard
      let close = rates.pointee.fee(
        rates.pointee.feeClose, basis: basis, multiplier: multiplier, lots: count),
      let closeToday = rates.pointee.fee(
        rates.pointee.feeCloseToday, basis: basis, multiplier: multiplier, lots: count)
    else { return nil }
    if instrument.pointee.separatesToday {
      return Hold(fee: offset == .closeToday ? closeToday : close)
    }
    return Hold(fee: max(close, closeToday))
  }

  /// Moves a hold of a position: `lots` more (or fewer) lots and the difference of two amounts.
  mutating func moveHold(
    _ positionNumber: UInt32, side: Side, offset: Offset, lots: Lots, separatesToday: Bool,
    from old: Hold, to new: Hold
  ) {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    let figures = mutableFigures(position.pointee.figures)
    let positionSide = PositionSide(side: side, offset: offset)
    let margin = new.margin - old.margin
    holder.pointee.frozenFees += new.fee - old.fee
    disturb(position.pointee.holder)
    if holder.pointee.isInSchemes {
      countScheme(
        hold: positionNumber, positionSide, isOpening: offset == .open, lots: lots,
        margin: margin)
    }
    if offset == .open {
      withSide(position, positionSide) { record in
        record.pointee.workingOpen += lots
        record.pointee.frozenMargin += margin
      }
      withFigures(figures, position.pointee.hedge) { record in
        if positionSide == .long {
          record.pointee.workingOpenLong += lots
        } else {
          record.pointee.workingOpenShort += lots
        }
        record.pointee.margin += margin
      }
      holder.pointee.workingOpenLots += lots
      holder.pointee.rangeLots += lots
      holder.pointee.frozenMargin += margin
      holder.pointee.frozenPremium += new.premium - old.premium
      holder.pointee.workingOpenValue += new.value - old.value
      addToProduct(position.pointee.holder, value: new.value - old.value)
    } else {
      withSide(position, positionSide) { record in
        record.pointee.frozen += lots
        if separatesToday, offset == .closeToday { record.pointee.frozenToday += lots }
      }
      withFigures(figures, position.pointee.hedge) { record in
        if positionSide == .long {
          record.pointee.closingLong += lots
        } else {
          record.pointee.closingShort += lots
        }
      }
    }
  }

  /// What an order or child holds, as its record keeps it: an opening one that buys an option has
  /// its whole value frozen as premium.
  @inline(__always) func held(
    _ positionNumber: UInt32, _ side: Side, _ offset: Offset, margin: Money, fee: Money,
    value: Money
  ) -> Hold {
    let isPaid =
      side == .buy && offset == .open && mutablePosition(positionNumber).pointee.isOption
    return Hold(margin: margin, fee: fee, value: value, premium: isPaid ? value : .zero)
  }

  /// Opened value counts toward the product of an operation account.
  func addToProduct(_ holder: HolderID, value: Money) {
    guard let account = operationAccount(holder) else { return }
    let product = accounts.at(account.raw).pointee.product
    guard !product.isNone else { return }
    products.at(product.raw).pointee.openedValue += Int128(value.units)
  }

  @inline(__always) func withSide(
    _ position: UnsafeMutablePointer<PositionRecord>, _ side: PositionSide,
    _ body: (UnsafeMutablePointer<PositionSideRecord>) -> Void
  ) {
    body(sidePointer(position, side))
  }

  /// The record of one side, in place. `short` follows `long` as the record's first two fields.
  @inline(__always) func sidePointer(
    _ position: UnsafeMutablePointer<PositionRecord>, _ side: PositionSide
  ) -> UnsafeMutablePointer<PositionSideRecord> {
    let sides = UnsafeMutableRawPointer(position).assumingMemoryBound(to: PositionSideRecord.self)
    return side == .short ? sides + 1 : sides
  }

  /// What one side cost, in place. `shortCost` follows `longCost`.
  @inline(__always) func costPointer(
    _ position: UnsafeMutablePointer<PositionRecord>, _ side: PositionSide
  ) -> UnsafeMutablePointer<PositionCostRecord> {
    let costs = (UnsafeMutableRawPointer(position) + PositionRecord.costOffset)
      .assumingMemoryBound(to: PositionCostRecord.self)
    return side == .short ? costs + 1 : costs
  }

  @inline(__always) func withFigures(
    _ figures: UnsafeMutablePointer<CommodityFigures>, _ hedge: HedgeFlag,
    _ body: (UnsafeMutablePointer<HedgeFigures>) -> Void
  ) {
    let flags = UnsafeMutableRawPointer(figures).assumingMemoryBound(to: HedgeFigures.self)
    body(flags + max(hedge.index, 0))
  }
}
