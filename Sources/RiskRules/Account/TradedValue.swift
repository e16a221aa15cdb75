import Domain
import Ledger
import MarketData

/// Value (price * lots * multiplier) of today's opening fills and working opening orders, this one
/// included: of the account, and of its product.
///
/// Opening only, in 1e-4 yuan; off unless set. Market orders count at limit-up (decisions 17, 20).
/// Source: rules.md 3. `FIX: OrdRejReason(103) = 3`.
enum TradedValue {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market,
    isExplaining: Bool = false
  ) -> Finding {
    guard context.isOpening, context.holdFault == .none else {
      return .off(.tradedValue, context.isOpening ? .lacksFigures : .otherKind)
    }
    let asked = context.hold.value.units
    var finding = Finding.off(.tradedValue, .unset)
    if context.account.pointee.tradedValue != .min {
      let (opened, overflow) = context.holder.pointee.openedValue.units
        .addingReportingOverflow(context.holder.pointee.workingOpenValue.units)
      finding = .cap(
        .tradedValue, observed: overflow ? .max : opened, asked: asked,
        limit: context.account.pointee.tradedValue, unit: .money, scope: .operationAccount,
        scopeID: context.order.pointee.account.raw)
      if overflow { finding.passes = false }
      if !finding.passes { return finding }
    }
    guard let product = context.product, product.pointee.tradedValue != .min else {
      return finding
    }
    // A product's sum has 128 bits: judged whole, narrowed for the figures alone.
    let opened = product.pointee.openedValue
    let whole = Finding(
      passes: opened + Int128(asked) <= Int128(product.pointee.tradedValue),
      figures: Refusal(
        .tradedValue, observed: Int64(clamping: opened), limit: product.pointee.tradedValue,
        asked: asked, unit: .money, scope: .product,
        scopeID: context.account.pointee.product.raw))
    if !whole.passes { return whole }
    return isExplaining ? finding.tighter(whole) : finding
  }
}
