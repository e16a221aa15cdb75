import Domain
import Engine
import Gateway
import MarketData
import Messages
import Wire

// The account's fills of the day, oldest first. A fill's number, made like an order's id, is its
// cursor.
extension QueryDesk {
  func addTrades(to page: inout Page, _ engine: borrowing Engine) {
    let account = page.question.account
    let book = day.account(account)
    page.lost = book.pointee.lostTrades
    var number = book.pointee.firstTrade
    if page.question.after != 0 {
      let before = OrderID(raw: page.question.after)
      guard before.dayNumber == engine.market.tradingDay.number, before.shard == engine.shard,
        (1...UInt64(max(day.tradeCount, 1))).contains(before.sequence), day.tradeCount > 0,
        day.trade(UInt32(before.sequence)).pointee.report.account == account
      else {
        page.result = .cursorUnknown
        return
      }
      number = day.trade(UInt32(before.sequence)).pointee.next
    }
    while number != 0 {
      let trade = day.trade(number)
      let report = trade.pointee.report
      let id = OrderID(
        day: engine.market.tradingDay, shard: engine.shard, sequence: UInt64(number))
      let code = names.instruments.name(report.instrument.raw)
      let exchange = names.exchange(report.instrument)
      if page.wants(code, exchange) {
        let row = OrderEntry.TradeRow(
          requestNumber: page.question.requestNumber, tradeNumber: id,
          reportSequence: report.reportSequence, orderID: report.order,
          clOrdID: report.clOrdID, tradeID: report.tradeID,
          venueOrderID: trade.pointee.venueOrderID, exchange: exchange, instrument: code,
          side: report.side, offset: report.offset, hedge: report.hedge,
          price: report.lastPrice, lots: report.lastLots, fee: report.fee, time: report.time,
          venueTime: trade.pointee.venueTime, tradingDay: report.tradingDay)
        guard page.add(row, cursor: id.raw) else { return }
      } else {
        guard page.pass(cursor: id.raw) else { return }
      }
      number = trade.pointee.next
    }
  }
}
