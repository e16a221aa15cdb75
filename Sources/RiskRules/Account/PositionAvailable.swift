import Domain
import Ledger
import MarketData

/// A closing order finds its lots: held on that side under its hedge flag, reached by its offset,
/// and not already being closed.
///
/// Closing only, in lots; SHFE and INE keep today's and yesterday's apart (decisions 3). It can
/// never exceed what is held, so it never flips a position. The limit in the finding is what can
/// still be closed. Source: rules.md 3. `CTP: error 30`, close-today 50, close-yesterday 51.
enum PositionAvailable {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isClosing, let instrument = context.instrument else {
      return .off(.positionAvailable, context.isClosing ? .lacksFigures : .otherKind)
    }
    let offset = context.order.pointee.offset
    let separatesToday = instrument.pointee.separatesToday
    var closable: Lots = 0
    if let position = context.position {
      closable =
        context.positionSide == .short
        ? position.pointee.short.closable(offset, separatesToday: separatesToday)
        : position.pointee.long.closable(offset, separatesToday: separatesToday)
    }
    return .cap(
      .positionAvailable, observed: 0, asked: Int64(context.order.pointee.lots),
      limit: Int64(closable), unit: .lots, scope: .instrument,
      scopeID: context.order.pointee.instrument.raw)
  }
}
