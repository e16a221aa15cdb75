import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Wire

// Instruments in the order of exchange and code, with the rates of the account that asks.
extension QueryDesk {
  /// For `Query`: a row's cursor is the instrument's dense id + 1.
  func addListedInstruments(to page: inout Page, _ engine: borrowing Engine) {
    var place = 0
    if page.question.after != 0 {
      guard page.question.after <= UInt64(engine.market.instrumentCount),
        let row = names.instruments.row(UInt32(page.question.after - 1))
      else {
        page.result = .cursorUnknown
        return
      }
      place = listing.firstPlace(behind: row.pointee, names)
    }
    while place < listing.count {
      let id = listing[place]
      place += 1
      let cursor = UInt64(id.raw) + 1
      if page.wants(names.instruments.name(id.raw), names.exchange(id)) {
        guard page.add(definition(of: id, page.question, engine), cursor: cursor) else { return }
      } else {
        guard page.pass(cursor: cursor) else { return }
      }
    }
  }

  /// For `InstrumentsRequest`, which names the instrument in front and counts those behind.
  func addInstruments(to page: inout Page, _ engine: borrowing Engine) {
    let question = page.question
    let front = NameIndex.Row(
      name: question.instrument, qualifier: question.afterExchange.rawValue)
    var place = front.qualifier == 0 ? 0 : listing.firstPlace(behind: front, names)
    while place < listing.count {
      let id = listing[place]
      place += 1
      guard matches(id, question, engine) else { continue }
      if page.remaining > 0
        || !page.add(definition(of: id, question, engine), cursor: UInt64(id.raw) + 1)
      {
        page.remaining += 1
      }
    }
  }

  private func matches(
    _ id: InstrumentID, _ question: Question, _ engine: borrowing Engine
  ) -> Bool {
    if question.exchange != .unknown, names.exchange(id) != question.exchange { return false }
    if question.commodity.isEmpty { return true }
    let own = engine.market.instrument(id).pointee.commodity
    return names.commodities.name(own.raw) == FixedText(question.commodity)
  }

  private func definition(
    of id: InstrumentID, _ question: Question, _ engine: borrowing Engine
  ) -> OrderEntry.InstrumentDefinition {
    let instrument = engine.market.instrument(id)
    var row = OrderEntry.InstrumentDefinition(
      requestNumber: question.requestNumber, exchange: instrument.pointee.exchange,
      instrument: names.instruments.name(id.raw),
      commodity: code(of: instrument.pointee.commodity),
      multiplier: Int32(clamping: instrument.pointee.multiplier),
      priceTick: Price(units: instrument.pointee.tick),
      minimumLimitLots: instrument.pointee.minimumLimitLots,
      maximumLimitLots: instrument.pointee.maximumLimitLots,
      minimumMarketLots: instrument.pointee.minimumMarketLots,
      maximumMarketLots: instrument.pointee.maximumMarketLots,
      lastTradingDay: TradingDay(yyyymmdd: instrument.pointee.lastTradingDay) ?? .none,
      preSettlement: instrument.pointee.preSettlement,
      upperLimit: instrument.pointee.upperLimit, lowerLimit: instrument.pointee.lowerLimit)
    row.kind = .future
    if instrument.pointee.isOption {
      row.kind = .option
      row.option = instrument.pointee.option
      row.strike = instrument.pointee.strike
      row.underlying = names.instruments.name(instrument.pointee.underlying.raw)
    }
    let holder = engine.ledger.holder(of: question.account)
    guard let rates = engine.ledger.rates(holder, id, instrument.pointee.commodity) else {
      return row
    }
    row.longMarginRate = rates.pointee.marginLong.byValue
    row.longMarginPerLot = rates.pointee.marginLong.byLot
    row.shortMarginRate = rates.pointee.marginShort.byValue
    row.shortMarginPerLot = rates.pointee.marginShort.byLot
    row.openFeeRate = rates.pointee.feeOpen.byValue
    row.openFeePerLot = rates.pointee.feeOpen.byLot
    row.closeFeeRate = rates.pointee.feeClose.byValue
    row.closeFeePerLot = rates.pointee.feeClose.byLot
    row.closeTodayFeeRate = rates.pointee.feeCloseToday.byValue
    row.closeTodayFeePerLot = rates.pointee.feeCloseToday.byLot
    return row
  }

  private func code(of commodity: CommodityID) -> CommodityCode {
    let name = names.commodities.name(commodity.raw)
    var code = CommodityCode()
    for index in 0..<CommodityCode.capacity { code.bytes[index] = name.bytes[index] }
    return code
  }
}
