import Domain

/// An order at the exchange.
struct ExchangeOrder: Equatable, Sendable {
  var request: OrderRequest
  var account: FundAccountID
  /// The exchange's number; 0 when it was not taken. Also the order of arrival.
  var number: UInt64
  var state: OrderStatus.State
  var filledLots: Lots = 0
  /// Margin and fee held for what is left of an opening order.
  var hold = Money.zero
  /// Which lots a closing order takes; nil for an opening one.
  var reach: CounterPosition.Reach?
  /// What the fault plan wants of it.
  var decision: FaultPlan.Decision

  var leavesLots: Lots { state.isFinal ? 0 : request.lots - filledLots }

  var status: OrderStatus {
    OrderStatus(
      child: request.child, exchangeOrder: number, state: state, filledLots: filledLots,
      leavesLots: leavesLots)
  }
}
