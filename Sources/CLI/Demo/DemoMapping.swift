import Config
import Domain
import Engine
import Exchange
import Ledger
import Messages

// Between the words of configuration, counters and engine.

extension LedgerCapacities {
  init(_ capacities: Capacities) {
    self.init(
      operationAccounts: capacities.operationAccounts, fundAccounts: capacities.fundAccounts,
      products: capacities.products, counters: capacities.counters,
      instruments: capacities.instruments, commodities: capacities.commodities,
      tradingHours: capacities.tradingHours, orders: capacities.orders,
      children: capacities.children, positions: capacities.positions,
      figures: capacities.figures, lots: capacities.lots, limitRows: capacities.limitRows,
      rateOwners: capacities.rateOwners, rates: capacities.rates,
      rateWindow: capacities.rateWindow, accessRows: capacities.accessRows)
  }
}

extension ExchangeInstrument {
  init(
    _ listed: ListedInstrument, _ reference: DayReference, _ commodity: CommoditySpecification,
    _ rates: RateSet
  ) {
    self.init(
      code: InstrumentCode(listed.code) ?? InstrumentCode(), exchange: commodity.exchange,
      commodity: CommodityCode(commodity.code) ?? CommodityCode(),
      multiplier: Int64(commodity.multiplier), tick: commodity.tick.units,
      limitLots: commodity.limitLots, marketLots: commodity.marketLots, rates: rates,
      priorSettlement: reference.preSettlement, limitUp: reference.upperLimit,
      limitDown: reference.lowerLimit)
  }
}

extension Genesis {
  /// The dense ids a scope of rates speaks of; a row of one instrument comes after its commodity's.
  func instruments(of scope: Scope) -> [InstrumentID] {
    switch scope {
    case .instrument(let instrument): [instrument]
    case .commodity(let commodity):
      instruments.indices.filter { instruments[$0].commodity == commodity.index }
        .map { InstrumentID(UInt32($0)) }
    case .everything, .exchange: []
    }
  }

  /// The exchange's own rates of every instrument, by dense id.
  var exchangeRates: [InstrumentID: RateSet] {
    var rates: [InstrumentID: RateSet] = [:]
    for command in commands {
      guard case .setRates(let set) = command, set.ownerKind == .platform else { continue }
      for instrument in instruments(of: set.scope) { rates[instrument] = set.rates }
    }
    return rates
  }
}

extension CounterAccountTerms {
  /// What the genesis says a fund account has, as its counter opens it.
  init(_ settings: FundAccountSettings, _ id: FundAccountID, _ genesis: Genesis) {
    var equity = Money.zero
    var holdings: [Holding] = []
    var rates: [InstrumentID: RateSet] = [:]
    for command in genesis.commands {
      switch command {
      case .setOpeningBalance(let set)
      where set.holderKind == .fundAccount && set.holderID == id.raw:
        equity = set.allowedLoss + set.notToLose
      case .setOpeningPosition(let set)
      where set.holderKind == .fundAccount && set.holderID == id.raw:
        holdings.append(
          Holding(
            instrument: set.instrument, side: set.side, hedge: set.hedge, lots: set.lots,
            openPrice: set.openPrice))
      case .setRates(let set) where set.ownerKind == .fundAccount && set.ownerID == id.raw:
        for instrument in genesis.instruments(of: set.scope) { rates[instrument] = set.rates }
      default: break
      }
    }
    self.init(
      name: Name(settings.name) ?? Name(), openingEquity: equity, holdings: holdings,
      rates: rates)
  }
}

extension Command {
  /// What a counter told a fund account.
  init(_ report: CounterReport, _ fund: FundAccountID) {
    let venue = VenueID("\(report.exchangeOrder)") ?? VenueID()
    func child(_ kind: ChildReportKind, code: Int32 = 0) -> Command {
      .childReport(
        ChildReport(
          fundAccount: fund, counterSequence: report.sequence, child: report.child, kind: kind,
          cumulativeLots: report.filledLots, rejectCode: code, venueOrderID: venue))
    }
    switch report.body {
    case .accepted: self = child(.accepted)
    case .rejected(let error): self = child(.rejected, code: error.rawValue)
    case .cancelled: self = child(.cancelled)
    case .cancelRejected(let error): self = child(.cancelRejected, code: error.rawValue)
    case .trade(let trade):
      self = .counterTrade(
        CounterTrade(
          fundAccount: fund, counterSequence: report.sequence, child: report.child,
          instrument: trade.instrument, side: trade.side, offset: trade.offset,
          hedge: trade.hedge, price: trade.price, lots: trade.lots, tradeTime: report.time,
          tradeID: VenueID("\(trade.number)") ?? VenueID(), venueOrderID: venue))
    }
  }
}
