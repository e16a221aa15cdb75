import Domain
import Ledger
import MarketData

// The night begins and ends without a command. What holds of a product's clauses and lines is
// another then (rules.md 5), so they are looked at.
extension Engine {
  /// Looks ahead to when the night begins or ends. It follows from the state, so that an engine
  /// that comes out of a snapshot finds the same moment.
  mutating func awaitNight() {
    var isAsked = false
    for index in 0..<ledger.productCount {
      let product = ledger.schemes.product(ProductID(UInt32(index)))
      if product.pointee.nightRule != .unknown { isAsked = true }
    }
    nightChange = isAsked ? market.nightChange(after: now) : .never
  }

  mutating func followNight() {
    guard nightChange <= now else { return }
    disturbAll()
    awaitNight()
  }
}
