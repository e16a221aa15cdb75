import Domain
import Engine
import Ledger
import Messages

/// The world of the engine bench: every limit set, just out of reach.
struct Population {
  var accounts = 10_000
  var positionsPerAccount = 100
  var instruments = 1_000
  var orders = 1_000_000
  /// Clauses of the scheme that every product is bound to; 0 = no product has one.
  var clauses = 0
  /// Everything that can limit an order is set, not the accounts' own limits alone.
  var isFull = false

  static let commodities = 60
  /// Of the scheme that every product has in the full book.
  static let fullClauses = 200
  static let fundAccountsPerProduct = 2
  static let day = TradingDay(yyyymmdd: 20_260_601)!
  static let start = Timestamp(date: day.date, secondOfDay: 9 * 3600)

  /// A multiple of three: as many products in each routing mode.
  var products: Int { max(accounts / 30, 1) * 3 }
  var fundAccounts: Int { products * Population.fundAccountsPerProduct }

  var capacities: LedgerCapacities {
    LedgerCapacities(
      operationAccounts: accounts, fundAccounts: fundAccounts, products: products, counters: 4,
      instruments: instruments, commodities: Population.commodities, tradingHours: 4,
      orders: orders, children: orders * 2,
      positions: accounts * positionsPerAccount * 3 + orders,
      figures: (accounts + fundAccounts) * Population.commodities + 64,
      lots: accounts * positionsPerAccount * 3 + orders * 4,
      limitRows: accounts * 2 + 1_024 + (isFull ? fundAccounts * Population.commodities : 0),
      rateOwners: 64, rates: 4_096,
      rateWindow: (accounts + (isFull ? fundAccounts : 0)) * 16, templates: 4,
      schemeInstruments: clauses == 0 ? 64 : products * instruments)
  }

  /// Which instruments an account holds: spread, so that neighbours share few.
  func instrument(ofAccount account: Int, _ index: Int) -> InstrumentID {
    InstrumentID(UInt32((account * 37 + index * 7) % instruments))
  }

  static func price(_ instrument: InstrumentID) -> Price {
    Price(units: Int64(2_000 + instrument.raw % 500 * 10) * Price.unitsPerYuan)
  }

  /// Makes the engine ready for orders.
  func build(_ feed: inout Feed) {
    defineMarket(&feed)
    defineProducts(&feed)
    defineSchemes(&feed)
    defineTemplates(&feed)
    for account in 0..<accounts { defineAccount(account, &feed) }
    feed.step(.daySwitch(DaySwitch(tradingDay: Population.day, nightDate: 0)))
    for index in 0..<instruments {
      let id = InstrumentID(UInt32(index))
      let price = Population.price(id)
      feed.step(
        .tick(
          Tick(
            instrument: id, last: price, bid: price, bidLots: 10, ask: price, askLots: 10,
            upperLimit: Price(units: price.units * 11 / 10),
            lowerLimit: Price(units: price.units * 9 / 10), preSettlement: price, volume: 1_000,
            openInterest: 100_000, exchangeTime: Population.start)))
      feed.drain()
    }
    for fund in 0..<fundAccounts {
      let id = FundAccountID(UInt32(fund))
      feed.step(
        .counterLinkUp(CounterLinkUp(fundAccount: id, epoch: 1, lastCounterSequence: 0)))
      feed.step(.counterResynced(CounterResynced(fundAccount: id, epoch: 1)))
    }
  }

  private func defineMarket(_ feed: inout Feed) {
    feed.step(.engineSettings(EngineSettings(shard: 0, seed: 0x5107_CE5E_ED00_0001)))
    let whole = TradingInterval(
      date: .day, phase: .continuous, startSecond: 0, endSecond: 86_400)
    feed.step(
      .defineTradingHours(
        DefineTradingHours(
          name: Name("all-day")!, count: 1, intervals: InlineArray(repeating: whole))))
    for index in 0..<Population.commodities {
      let exchange = Exchange(rawValue: UInt8(index % Exchange.count + 1))!
      feed.step(
        .defineCommodity(
          DefineCommodity(
            code: CommodityCode("c\(index)")!, exchange: exchange, hours: TradingHoursID(0),
            deliveryMultiple: 1)))
      let margin = TwoPartRate(byValue: Rate(units: 10_000_000))
      let fee = TwoPartRate(byValue: Rate(units: 2_300), byLot: Money(units: 5_000))
      feed.step(
        .setRates(
          SetRates(
            ownerKind: .platform, ownerID: 0, scope: .commodity(CommodityID(UInt32(index))),
            rates: RateSet(
              marginLong: margin, marginShort: margin, feeOpen: fee, feeClose: fee,
              feeCloseToday: fee))))
    }
    for index in 0..<instruments {
      feed.step(
        .defineInstrument(
          DefineInstrument(
            code: InstrumentCode("c\(index % Population.commodities)i\(index)")!,
            commodity: CommodityID(UInt32(index % Population.commodities)), deliveryYear: 2026,
            deliveryMonth: 10, lastTradingDay: TradingDay(yyyymmdd: 20_261_015)!,
            multiplier: 10, tick: Price(units: Price.unitsPerYuan), minimumLimitLots: 1,
            maximumLimitLots: 500, minimumMarketLots: 1, maximumMarketLots: 100)))
    }
    for index in 0..<4 { feed.step(.defineCounter(DefineCounter(name: Name("counter\(index)")!))) }
  }

  private func defineProducts(_ feed: inout Feed) {
    let modes: [RoutingMode] = [.priority, .ratio, .netPosition]
    for product in 0..<products {
      let id = ProductID(UInt32(product))
      feed.step(
        .defineProduct(
          DefineProduct(name: Name("product\(product)")!, mode: modes[product % 3])))
      feed.step(
        .setProduct(
          SetProduct(product: id, setting: .tradedValue, value: Ranges.cashMaximum)))
      for index in 0..<Population.fundAccountsPerProduct {
        let fund = product * Population.fundAccountsPerProduct + index
        let fundID = FundAccountID(UInt32(fund))
        feed.step(
          .defineFundAccount(
            DefineFundAccount(
              name: Name("fund\(fund)")!, product: id, counter: CounterID(UInt32(fund % 4)))))
        feed.step(
          .setFundAccount(
            SetFundAccount(fundAccount: fundID, setting: .minimumReserve, value: 10_000)))
        feed.step(
          .setOpeningBalance(
            SetOpeningBalance(
              holderKind: .fundAccount, holderID: fundID.raw,
              allowedLoss: Money(yuan: 2_000_000_000), notToLose: .zero)))
        for exchange in Exchange.allCases where exchange != .unknown {
          feed.step(
            .setTradingCode(
              SetTradingCode(
                fundAccount: fundID, exchange: exchange, code: FixedText("owner\(fund)")!)))
        }
      }
      defineFullBook(ofProduct: product, &feed)
    }
  }

  /// All lines, just out of reach of what the account has and does.
  private func defineLines(_ id: OperationAccountID, _ feed: inout Feed) {
    let lines: [(RuleID, LineBasis, RiskDegreeMode, Int64, Int64)] = [
      (.riskDegree, .unknown, .equityOverMargin, 40_000_000, 30_000_000),
      (.dailyLoss, .unknown, .unknown, 400_000_000 * 10_000, 450_000_000 * 10_000),
      (.dailyLossRatio, .openingEquity, .unknown, 80_000_000, 90_000_000),
      (.totalLossRatio, .allowedLoss, .unknown, 80_000_000, 90_000_000),
      (.positionMarginRatio, .equity, .unknown, 900_000_000, .min),
      (.drawdown, .unknown, .unknown, 80_000_000, 90_000_000),
    ]
    for (line, basis, mode, warn, liquidate) in lines {
      feed.step(
        .setAccountLine(
          SetAccountLine(
            account: id, line: line, basis: basis, mode: mode, warn: warn, liquidate: liquidate)))
    }
  }

  private func defineAccount(_ account: Int, _ feed: inout Feed) {
    let id = OperationAccountID(UInt32(account))
    let product = account % products
    feed.step(
      .defineOperationAccount(
        DefineOperationAccount(
          name: Name("account\(account)")!, product: ProductID(UInt32(product)))))
    let limits: [(AccountSetting, Int64)] = [
      (.positionCap, 1_000_000), (.marginCap, Ranges.cashMaximum), (.cancelLimit, 100_000),
      (.openOrders, 100_000), (.orderRateCount, 16), (.orderRateWindowMilliseconds, 1),
      (.orderRateBar, 3), (.tradedValue, Ranges.cashMaximum),
      (.fatFingerNotional, 100_000_000 * Money.unitsPerYuan), (.fatFingerTicks, 1_000),
      (.fatFingerPercent, 20 * 10_000), (.duplicateCount, 100),
      (.duplicateWindowMilliseconds, 1), (.staleSeconds, 80_000),
    ]
    for (setting, value) in limits {
      feed.step(.setAccount(SetAccount(account: id, setting: setting, value: value)))
    }
    feed.step(
      .setOpeningBalance(
        SetOpeningBalance(
          holderKind: .operationAccount, holderID: id.raw, allowedLoss: Money(yuan: 500_000_000),
          notToLose: .zero)))
    defineLines(id, &feed)
    assignTemplates(id, &feed)
    for index in 0..<Population.commodities where (account + index) % 4 == 0 {
      let commodity = CommodityID(UInt32(index))
      feed.step(
        .setPositionLimit(
          SetPositionLimit(
            account: id, scope: .commodity(commodity), hedge: .unknown, lots: 100_000,
            margin: Money(units: Ranges.cashMaximum))))
      feed.step(
        .setLimitBand(
          SetLimitBand(
            account: id, commodity: commodity, measure: .ticks, value: 3, bar: .all)))
      feed.step(
        .setOrderSize(
          SetOrderSize(
            account: id, commodity: commodity, lots: 400, margin: Money(units: Ranges.cashMaximum)))
      )
    }
    for index in 0..<positionsPerAccount {
      let instrument = instrument(ofAccount: account, index)
      let price = Population.price(instrument)
      let side: PositionSide = index % 2 == 0 ? .long : .short
      func position(_ kind: HolderKind, _ holder: UInt32, _ lots: Lots) -> Command {
        .setOpeningPosition(
          SetOpeningPosition(
            holderKind: kind, holderID: holder, instrument: instrument, side: side,
            hedge: .speculation, lots: lots, openPrice: price, markPrice: price,
            openDay: TradingDay(yyyymmdd: 20_260_529)!))
      }
      feed.step(position(.operationAccount, id.raw, 20))
      for fund in 0..<Population.fundAccountsPerProduct {
        feed.step(
          position(
            .fundAccount, UInt32(product * Population.fundAccountsPerProduct + fund),
            Lots(20 / Population.fundAccountsPerProduct)))
      }
    }
  }
}
