import Domain
import Ledger

/// A parent's state is the fold of its children's (routing.md, "Life of an order").
public enum ParentFold {
  /// The state an order is in by its own lots.
  public static func state(_ order: UnsafePointer<OrderRecord>) -> OrderState {
    if order.pointee.state == .inReview { return .inReview }
    if order.pointee.leaves <= 0 {
      if order.pointee.filled >= order.pointee.lots { return .filled }
      if order.pointee.filled == 0, !order.pointee.isConfirmed,
        !order.pointee.cancelRequested, !order.pointee.refusal.isNone
      {
        return .rejected
      }
      return .cancelled
    }
    if order.pointee.filled > 0 { return .partlyFilled }
    return order.pointee.isConfirmed ? .working : .accepted
  }
}
