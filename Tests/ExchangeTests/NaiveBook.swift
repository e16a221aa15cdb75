import Domain

@testable import Exchange

/// Price-time matching in the plainest words there are: a list that is searched from end to end.
struct NaiveBook {
  struct Order: Equatable {
    var child: OrderID
    var side: Side
    var price: Price
    var lots: Lots
  }

  struct Match: Equatable {
    /// The lower id first; one when the rest of the market was the other side.
    var children: [OrderID]
    var price: Price
    var lots: Lots
  }

  /// In order of arrival.
  var waiting: [Order] = []
  var bid = BookLevel.none
  var ask = BookLevel.none
  var matches: [Match] = []

  mutating func tick(bid: BookLevel, ask: BookLevel) {
    self.bid = bid
    self.ask = ask
    for side in [Side.buy, .sell] {
      while let best = bestWaiting(side), canTradeWithMarket(waiting[best]) {
        var order = waiting[best]
        tradeWithMarket(&order)
        waiting[best] = order
        waiting.removeAll { $0.lots == 0 }
      }
    }
  }

  mutating func insert(_ order: Order, _ time: TimeInForce, minimum: Lots) {
    var order = order
    var needed = Int64(minimum)
    if time == .fillOrKill { needed = Int64(order.lots) }
    if reachable(order) < needed { return }
    while order.lots > 0 {
      let other = bestWaiting(order.side.opposite).flatMap { place in
        meets(order, waiting[place].price) ? place : nil
      }
      let level = order.side == .buy ? ask : bid
      if let other, !canTradeWithMarket(order) || !better(level.price, waiting[other].price, order)
      {
        let lots = min(order.lots, waiting[other].lots)
        matches.append(
          Match(
            children: [order.child, waiting[other].child].sorted { $0.raw < $1.raw },
            price: waiting[other].price, lots: lots))
        order.lots -= lots
        waiting[other].lots -= lots
        waiting.removeAll { $0.lots == 0 }
      } else if canTradeWithMarket(order) {
        tradeWithMarket(&order)
      } else {
        break
      }
    }
    if order.lots > 0, time == .day { waiting.append(order) }
  }

  mutating func cancel(_ child: OrderID) { waiting.removeAll { $0.child == child } }

  private func reachable(_ order: Order) -> Int64 {
    var lots: Int64 = 0
    for other in waiting where other.side != order.side && meets(order, other.price) {
      lots += Int64(other.lots)
    }
    if canTradeWithMarket(order) { lots += Int64(order.side == .buy ? ask.lots : bid.lots) }
    return lots
  }

  private func meets(_ order: Order, _ price: Price) -> Bool {
    order.side == .buy ? price <= order.price : price >= order.price
  }

  private func better(_ price: Price, _ other: Price, _ order: Order) -> Bool {
    order.side == .buy ? price < other : price > other
  }

  private func bestWaiting(_ side: Side) -> Int? {
    var best: Int?
    for place in waiting.indices where waiting[place].side == side {
      guard let found = best else {
        best = place
        continue
      }
      let isBetter =
        side == .buy
        ? waiting[place].price > waiting[found].price
        : waiting[place].price < waiting[found].price
      if isBetter { best = place }
    }
    return best
  }

  private func canTradeWithMarket(_ order: Order) -> Bool {
    let level = order.side == .buy ? ask : bid
    return !level.isNone && level.lots > 0 && meets(order, level.price)
  }

  private mutating func tradeWithMarket(_ order: inout Order) {
    let level = order.side == .buy ? ask : bid
    let lots = min(order.lots, level.lots)
    matches.append(Match(children: [order.child], price: level.price, lots: lots))
    order.lots -= lots
    if order.side == .buy { ask.lots -= lots } else { bid.lots -= lots }
  }
}
