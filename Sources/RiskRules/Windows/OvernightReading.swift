import Domain
import Ledger
import MarketData

/// What an overnight line of an account is held against, in 1e-4 yuan: of the commodities that
/// close now or have closed, and of no other (AMS manual note 17).
public struct OvernightReading: Equatable, Sendable, BitwiseCopyable {
  /// Margin, or absolute exposure: as it is, and with the order filled.
  public var before: Int64 = 0
  public var after: Int64 = 0
  /// What the line divides by.
  public var base: Int64 = 0
  /// Positions that were looked at.
  public var positions = 0

  /// With more than this it is not known.
  public var isWithinReach: Bool { positions <= Ledger.windowPositionsMaximum }

  /// As an account stands before a close: held lots alone.
  ///
  /// - Parameter seconds: how long before its close a commodity counts.
  public static func watching(
    _ account: OperationAccountID, _ close: SessionClose, within seconds: Int64,
    _ ledger: borrowing Ledger, _ market: borrowing Market, now: Timestamp
  ) -> OvernightReading {
    read(account, close, seconds, nil, ledger, market, now)
  }

  /// Whether the figure is over the account's line.
  public func isOver(_ window: UnsafePointer<WindowRecord>) -> Bool {
    Ratio.exceeds(after, of: base, window.pointee.limit)
  }

  /// With an order as if it had filled, and others that work at worst.
  static func entering(
    _ context: OrderContext, _ close: SessionClose, within seconds: Int64,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> OvernightReading {
    read(context.order.pointee.account, close, seconds, context, ledger, market, context.now)
  }

  private static func read(
    _ account: OperationAccountID, _ close: SessionClose, _ seconds: Int64,
    _ context: OrderContext?, _ ledger: borrowing Ledger, _ market: borrowing Market,
    _ now: Timestamp
  ) -> OvernightReading {
    let window = ledger.window(account)
    let holder = ledger.holder(ledger.holder(of: account))
    var reading = OvernightReading()
    reading.base = LineFigures(watching: holder, ledger.lines(account)).denominator(
      window.pointee.basis)
    let isExposure = window.pointee.measure == .exposure
    let commodity = context?.instrument?.pointee.commodity ?? CommodityID.none
    var hasOrders = false
    var number = holder.pointee.firstFigures
    while number != 0, reading.isWithinReach {
      let figures = ledger.figures(number)
      number = figures.pointee.nextOfHolder
      let id = figures.pointee.commodity
      guard figures.pointee.firstPosition != 0,
        market.isClosing(
          market.commodity(id).pointee.hours, at: close, within: seconds, now: now)
      else { continue }
      let isOrders = context != nil && id == commodity
      if isOrders { hasOrders = true }
      var part = Part(ledger, market, figures, isWorst: context != nil, &reading.positions)
      let before = isExposure ? part.exposure : part.margin
      if isOrders, let context { part.add(context) }
      reading.before += before
      reading.after += isExposure ? part.exposure : part.margin
    }
    if let context, !hasOrders {
      var part = Part()
      part.add(context)
      reading.after += isExposure ? part.exposure : part.margin
    }
    return reading
  }

  /// A commodity's part: margin, and the columns of its net value (design.md).
  private struct Part {
    var margin: Int64 = 0
    var net: Int64 = 0
    var up: Int64 = 0
    var down: Int64 = 0

    init() {}

    init(
      _ ledger: borrowing Ledger, _ market: borrowing Market,
      _ figures: UnsafePointer<CommodityFigures>, isWorst: Bool, _ count: inout Int
    ) {
      var number = figures.pointee.firstPosition
      while number != 0, count <= Ledger.windowPositionsMaximum {
        let position = ledger.position(number)
        number = position.pointee.nextOfCommodity
        count += 1
        let (long, short) = (position.pointee.long, position.pointee.short)
        margin += long.margin.units + short.margin.units
        let instrument = market.instrument(position.pointee.instrument)
        let value = instrument.lotValue
        net += position.pointee.net * value
        guard isWorst else { continue }
        margin += long.frozenMargin.units + short.frozenMargin.units
        up += position.pointee.up * value
        down += position.pointee.down * value
      }
    }

    var exposure: Int64 { max(abs(net + up), abs(net - down)) }

    /// The order filled: at the mark, at its own price where there is none.
    mutating func add(_ context: OrderContext) {
      margin += context.hold.margin.units
      guard let instrument = context.instrument else { return }
      var value = instrument.lotValue
      if instrument.pointee.mark.isNone {
        value = abs(context.holdPrice.units) * instrument.pointee.multiplier
      }
      let amount = Int64(context.order.pointee.lots) * value
      net += context.positionSide == .long ? amount : -amount
    }
  }
}

extension UnsafePointer<InstrumentRecord> {
  /// What a lot is worth at the mark, in 1e-4 yuan; 0 without a price.
  public var lotValue: Int64 {
    pointee.mark.isNone ? 0 : abs(pointee.mark.units) * pointee.multiplier
  }
}
