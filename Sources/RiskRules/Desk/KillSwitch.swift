import Domain
import Ledger
import MarketData

/// No kill switch is pressed for the order's account, its product, or everything.
///
/// Opening and closing. The widest switch is named; the notice that its number leads to says who
/// pressed it and why. Source: desk.md, "Kill switch".
enum KillSwitch {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard ledger.controls.switchCount != 0 else { return .off(.killSwitch, .unset) }
    return pressed(context, ledger)
  }

  @inline(never) private static func pressed(
    _ context: OrderContext, _ ledger: borrowing Ledger
  ) -> Finding {
    let account = context.order.pointee.account
    let product = context.account.pointee.product
    guard let scope = ledger.controls.killing(account, product) else {
      return .condition(
        .killSwitch, true, scope: .operationAccount, scopeID: account.raw)
    }
    let number = ledger.controls.killSwitch(ledger.controls.place(scope)).pointee.number
    let (kind, id): (ScopeKind, UInt32) =
      switch scope {
      case .account(let id): (.operationAccount, id.raw)
      case .product(let id): (.product, id.raw)
      case .counter(let id): (.counter, id.raw)
      case .platform: (.platform, .max)
      }
    return .condition(
      .killSwitch, false, observed: Int64(clamping: number), scope: kind, scopeID: id)
  }
}
