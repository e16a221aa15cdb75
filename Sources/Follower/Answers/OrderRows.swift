import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Messages
import Wire

// The account's orders of the day, oldest first. A row's cursor is the order's id.
extension QueryDesk {
  func addOrders(to page: inout Page, _ engine: borrowing Engine) {
    let account = page.question.account
    var number = day.account(account).pointee.firstOrder
    if page.question.after != 0 {
      let before = engine.ledger.orderNumber(
        OrderID(raw: page.question.after), day: engine.market.tradingDay, shard: engine.shard)
      guard before != 0, engine.ledger.order(before).pointee.account == account else {
        page.result = .cursorUnknown
        return
      }
      number = day.order(after: before)
    }
    while number != 0, Int(number) <= engine.ledger.orderCount {
      let order = engine.ledger.order(number)
      // While a day is being switched, orders are forgotten before they are counted out.
      guard !order.pointee.id.isNone else { return }
      let code = names.instruments.name(order.pointee.instrument.raw)
      let exchange = names.exchange(order.pointee.instrument)
      let isWanted =
        page.wants(code, exchange)
        && !(page.question.flags.contains(.workingOnly) && order.pointee.state.isFinal)
      if isWanted {
        var row = row(of: order, code, exchange, page.question.requestNumber)
        row.tradingDay = engine.market.tradingDay
        guard page.add(row, cursor: order.pointee.id.raw) else { return }
      } else {
        guard page.pass(cursor: order.pointee.id.raw) else { return }
      }
      number = day.order(after: number)
    }
  }

  func row(
    of order: UnsafePointer<OrderRecord>, _ code: InstrumentCode, _ exchange: Exchange,
    _ requestNumber: UInt32
  ) -> OrderEntry.OrderRow {
    let filled = order.pointee.filled
    return OrderEntry.OrderRow(
      requestNumber: requestNumber, orderID: order.pointee.id, clOrdID: order.pointee.clOrdID,
      state: order.pointee.state, exchange: exchange, instrument: code,
      side: order.pointee.side, offset: order.pointee.offset, hedge: order.pointee.hedge,
      type: order.pointee.type, timeInForce: order.pointee.timeInForce,
      price: order.pointee.price, lots: order.pointee.lots,
      minimumLots: order.pointee.minimumLots, cumulativeLots: filled,
      leavesLots: order.pointee.state == .rejected ? 0 : order.pointee.leaves,
      unknownLots: order.pointee.unknownLots,
      averagePrice: filled == 0
        ? .none : Price(units: order.pointee.filledBasis / Int64(filled)),
      frozenMargin: order.pointee.marginHold, frozenFee: order.pointee.feeHold,
      receivedTime: order.pointee.receivedAt,
      refusal: names.figures(of: order.pointee.refusal))
  }
}
