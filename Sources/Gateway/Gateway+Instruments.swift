import Domain
import Engine
import MarketData
import Messages
import Session
import Wire

extension Gateway {
  /// Most instruments of one answer.
  static let instrumentsPerPage = 1_000

  /// Answers with a page of instruments: as many as were asked for and have room now; the terminal
  /// asks again behind the last one.
  mutating func instrumentsRequested(
    _ request: OrderEntry.InstrumentsRequestDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    // An exchange nobody knows would read as "all", and behind one as "from the first".
    guard request.exchangeIsKnown, request.afterExchangeIsKnown else {
      return reject(
        slot, terminal, template: OrderEntry.InstrumentsRequest.templateID, ClOrdID(),
        Refusal(
          .unknownInstrument, asked: Int64(request.requestNumber), unit: .code, scope: .exchange),
        "the exchange is not known")
    }
    let after = NameIndex.Row(
      name: request.afterInstrument, qualifier: request.afterExchange.rawValue)
    let asked =
      request.maximumCount == 0
      ? Gateway.instrumentsPerPage
      : min(Int(clamping: request.maximumCount), Gateway.instrumentsPerPage)
    var sent: UInt32 = 0
    var remaining: UInt32 = 0
    var place = after.qualifier == 0 ? 0 : listing.firstPlace(behind: after, names)
    while place < listing.count {
      let id = listing[place]
      place += 1
      guard matches(id, request) else { continue }
      // Half of the output stays for reports.
      if remaining > 0 || sent >= asked
        || terminalOutput.free(slot) < terminalOutput.bytesEach / 2
      {
        remaining += 1
        continue
      }
      send(definition(of: id, request.requestNumber), to: slot, terminal)
      sent += 1
    }
    send(
      OrderEntry.InstrumentsEnd(
        requestNumber: request.requestNumber, count: sent, remaining: remaining),
      to: slot, terminal)
  }

  private func matches(
    _ id: InstrumentID, _ request: OrderEntry.InstrumentsRequestDecoder
  ) -> Bool {
    let exchange = request.exchange
    if exchange != .unknown, names.exchange(id) != exchange { return false }
    let commodity = request.commodity
    if commodity.isEmpty { return true }
    let own = sequencer.engine.market.instrument(id).pointee.commodity
    return names.commodities.name(own.raw) == FixedText(commodity)
  }

  private func definition(
    of id: InstrumentID, _ requestNumber: UInt32
  ) -> OrderEntry.InstrumentDefinition {
    let instrument = sequencer.engine.market.instrument(id)
    return OrderEntry.InstrumentDefinition(
      requestNumber: requestNumber, exchange: instrument.pointee.exchange,
      instrument: names.instruments.name(id.raw),
      commodity: commodityCode(instrument.pointee.commodity),
      multiplier: Int32(clamping: instrument.pointee.multiplier),
      priceTick: Price(units: instrument.pointee.tick),
      minimumLimitLots: instrument.pointee.minimumLimitLots,
      maximumLimitLots: instrument.pointee.maximumLimitLots,
      minimumMarketLots: instrument.pointee.minimumMarketLots,
      maximumMarketLots: instrument.pointee.maximumMarketLots,
      lastTradingDay: TradingDay(yyyymmdd: instrument.pointee.lastTradingDay) ?? .none,
      preSettlement: instrument.pointee.preSettlement,
      upperLimit: instrument.pointee.upperLimit, lowerLimit: instrument.pointee.lowerLimit)
  }

  private func commodityCode(_ commodity: CommodityID) -> CommodityCode {
    let name = names.commodities.name(commodity.raw)
    var code = CommodityCode()
    for index in 0..<16 { code.bytes[index] = name.bytes[index] }
    return code
  }
}
