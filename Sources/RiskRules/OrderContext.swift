import Domain
import Ledger
import MarketData

/// Why an order's hold could not be computed.
public enum HoldFault: UInt8, Sendable, BitwiseCopyable {
  case none = 0
  /// A market order without a limit-up price to hold at.
  case priceMissing = 1
  case ratesMissing = 2
  /// price * lots * multiplier is beyond its proven range.
  case overflow = 3
}

/// One order and the lines of the books it is judged by, found once. Everything is in place:
/// nothing is copied, nothing is written.
public struct OrderContext: BitwiseCopyable {
  public let order: UnsafePointer<OrderTerms>
  public let account: UnsafePointer<AccountRecord>
  public let holder: UnsafePointer<HolderRecord>
  /// Nil when the account is bound to no product.
  public let product: UnsafePointer<ProductRecord>?
  /// Nil when the instrument is unknown.
  public let instrument: UnsafePointer<InstrumentRecord>?
  /// The account's position in the instrument under the order's hedge flag; nil when it never
  /// had one.
  public let position: UnsafePointer<PositionRecord>?
  /// The first record of the account in the instrument, which keeps its cancel tally.
  public let firstPosition: UnsafePointer<PositionRecord>?
  public let figures: UnsafePointer<CommodityFigures>?
  public let rates: UnsafePointer<RateSet>?
  public let now: Timestamp
  /// What the instrument is doing now; `.unknown` = closed.
  public let phase: TradingPhase
  /// What the hold is taken at: the limit, or limit-up for a market order (decisions 2).
  public let holdPrice: Price
  public let hold: Hold
  public let holdFault: HoldFault

  /// Finds the lines an order reads. The account exists; everything else may not.
  public init(
    _ order: UnsafePointer<OrderTerms>, _ ledger: borrowing Ledger, _ market: borrowing Market,
    now: Timestamp
  ) {
    self.order = order
    self.now = now
    let accountID = order.pointee.account
    let holderID = ledger.holder(of: accountID)
    account = ledger.account(accountID)
    holder = ledger.holder(holderID)
    let productID = account.pointee.product
    product = productID.isNone ? nil : ledger.product(productID)
    let instrumentID = order.pointee.instrument
    guard market.exists(instrumentID) else {
      instrument = nil
      position = nil
      firstPosition = nil
      figures = nil
      rates = nil
      phase = .unknown
      holdPrice = .none
      hold = .zero
      holdFault = .priceMissing
      return
    }
    let instrument = market.instrument(instrumentID)
    self.instrument = instrument
    let commodity = instrument.pointee.commodity
    rates = ledger.rates(holderID, instrumentID, commodity)
    phase = market.phase(of: instrument, at: now)

    let price =
      order.pointee.type == .market ? instrument.pointee.upperLimit : order.pointee.price
    holdPrice = price
    if price.isNone {
      hold = .zero
      holdFault = .priceMissing
    } else if let rates {
      if order.pointee.lots <= Ranges.orderLotsMaximum,
        Ranges.allows(price: price, multiplier: instrument.pointee.multiplier),
        let hold = Ledger.hold(
          instrument, rates, side: order.pointee.side, offset: order.pointee.offset,
          lots: order.pointee.lots, price: price)
      {
        self.hold = hold
        holdFault = .none
      } else {
        hold = .zero
        let side = PositionSide(side: order.pointee.side, offset: order.pointee.offset)
        let isKnown = order.pointee.offset != .open || rates.pointee.knowsMargin(side)
        holdFault = isKnown ? .overflow : .ratesMissing
      }
    } else {
      hold = .zero
      holdFault = .ratesMissing
    }
    // Last what comes last into the cache.
    firstPosition = ledger.head(holderID, instrumentID)
    position = ledger.position(from: firstPosition, order.pointee.hedge)
    let figuresNumber = ledger.figuresNumber(holderID, commodity)
    figures = figuresNumber == 0 ? nil : ledger.figures(figuresNumber)
  }

  @inlinable public var isOpening: Bool { order.pointee.offset == .open }
  @inlinable public var isClosing: Bool { order.pointee.offset.isClosing }
  @inlinable public var positionSide: PositionSide {
    PositionSide(side: order.pointee.side, offset: order.pointee.offset)
  }
  /// A limit order's own price; nil for a market order, and for a price that no instrument can
  /// have, so that arithmetic on it stays in range.
  @inlinable public var limitPrice: Price? {
    let price = order.pointee.price
    guard order.pointee.type != .market, price.units >= -Ranges.priceMaximum,
      price.units <= Ranges.priceMaximum
    else { return nil }
    return price
  }
}
