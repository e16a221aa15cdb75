import Domain
import Ledger
import MarketData

/// At most N identical orders of an account within T milliseconds, this one included.
///
/// Opening and closing; off unless both are set. Identical is everything but the ClOrdID. Counted
/// are accepted orders whose age is within [0, T) (decisions 15). The look back ends after
/// `stepsMaximum` orders of the account. The same ClOrdID with another body is the engine's part.
/// Source: rules.md 2. `FIX: OrdRejReason(103) = 6`; `CTP: error 22`.
enum DuplicateOrder {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let account = context.account
    let most = account.pointee.duplicateCount
    let window = account.pointee.duplicateWindowMilliseconds
    guard most != .min, window != .min else { return .off(.duplicateOrder, .unset) }
    return .cap(
      .duplicateOrder, observed: identicalOrders(context, ledger, windowMilliseconds: window),
      asked: 1, limit: most, unit: .count, scope: .operationAccount,
      scopeID: context.order.pointee.account.raw)
  }

  /// Most orders of the account that the look back visits.
  static let stepsMaximum = 256

  static func identicalOrders(
    _ context: OrderContext, _ ledger: borrowing Ledger, windowMilliseconds: Int64
  ) -> Int64 {
    let (scaled, overflow) = windowMilliseconds.multipliedReportingOverflow(by: 1_000_000)
    let window = overflow ? Int64.max : scaled
    var number = context.account.pointee.newestOrder
    let age = context.now.nanoseconds - context.account.pointee.newestOrderAt.nanoseconds
    guard number != 0, age < window else { return 0 }
    var steps = 0
    var count: Int64 = 0
    while number != 0, steps < stepsMaximum {
      let earlier = ledger.order(number)
      guard context.now.nanoseconds - earlier.pointee.receivedAt.nanoseconds < window else {
        break
      }
      // An order that was refused before it held has no position record.
      if earlier.pointee.position != 0, isIdentical(context.order, earlier) { count += 1 }
      number = earlier.pointee.previousOfAccount
      steps += 1
    }
    return count
  }

  @inline(__always) private static func isIdentical(
    _ order: UnsafePointer<OrderTerms>, _ earlier: UnsafePointer<OrderRecord>
  ) -> Bool {
    order.pointee.instrument == earlier.pointee.instrument
      && order.pointee.side == earlier.pointee.side
      && order.pointee.offset == earlier.pointee.offset
      && order.pointee.hedge == earlier.pointee.hedge
      && order.pointee.type == earlier.pointee.type
      && order.pointee.timeInForce == earlier.pointee.timeInForce
      && order.pointee.price == earlier.pointee.price
      && order.pointee.lots == earlier.pointee.lots
      && order.pointee.minimumLots == earlier.pointee.minimumLots
  }
}
