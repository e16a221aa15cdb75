import Domain
import Ledger
import MarketData

/// What an order would add to a subject's figures if it filled: a clause is judged as if it had.
public struct SchemeOrder: BitwiseCopyable {
  let instrument: InstrumentID
  let commodity: CommodityID
  let exchange: Exchange
  /// The commodity's, a bit each.
  let sectors: UInt64
  let side: PositionSide
  let isOpening: Bool
  let lots: Int128
  /// At the mark; at the order's own price while there is no mark.
  let value: Int128
  /// At the hold price: what its fills would be worth at worst.
  let traded: Int128
  /// What an opening order takes, by the rates of its operation account; what a closing order
  /// would set free of the margin that is counted.
  let margin: Int128
  let fee: Int128

  /// Nobody's, of nothing.
  init() {
    instrument = .none
    commodity = .none
    exchange = .unknown
    sectors = 0
    side = .long
    isOpening = false
    lots = 0
    value = 0
    traded = 0
    margin = 0
    fee = 0
  }

  /// The instrument is known, and the subject's figures are at its newest price.
  init(
    _ context: OrderContext, _ instrument: UnsafePointer<InstrumentRecord>,
    _ subject: SchemeSubject,
    _ ledger: borrowing Ledger
  ) {
    let id = context.order.pointee.instrument
    self.instrument = id
    commodity = instrument.pointee.commodity
    exchange = instrument.pointee.exchange
    sectors = ledger.schemes.sectors(of: commodity)
    side = context.positionSide
    isOpening = context.isOpening
    let count = Int64(context.order.pointee.lots)
    lots = Int128(count)
    let mark = instrument.pointee.mark
    let price = mark.isNone ? context.holdPrice : mark
    let lotValue = price.isNone ? 0 : abs(price.units) * instrument.pointee.multiplier
    value = lots * Int128(lotValue)
    let held = context.holdPrice.isNone ? 0 : abs(context.holdPrice.units)
    traded = lots * Int128(held) * Int128(instrument.pointee.multiplier)
    fee = Int128(context.hold.fee.units)
    if isOpening {
      margin = Int128(context.hold.margin.units)
      return
    }
    let number = ledger.schemes.instrumentNumber(subject, id)
    guard number != 0 else {
      margin = 0
      return
    }
    let sums = ledger.schemes.instrument(number).sums
    let (all, closing, held2) =
      side == .long
      ? (sums.pointee.longMargin, sums.pointee.closeLong, sums.pointee.long)
      : (sums.pointee.shortMargin, sums.pointee.closeShort, sums.pointee.short)
    margin =
      SchemeSums.share(all, closing + count, of: held2) - SchemeSums.share(all, closing, of: held2)
  }
}
