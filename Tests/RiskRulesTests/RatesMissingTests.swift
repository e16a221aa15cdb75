import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct RatesMissingTests {
  @Test(arguments: [
    Case("known", .passes) { desk in desk.order() },
    Case("none of the commodity", .fails, observed: 0) { desk in desk.order(of: desk.listCopper())
    },
    Case("closing", .off) { desk in desk.order(.sell, .close, of: desk.listCopper()) },
    Case("the account's own alone", .passes) { desk in
      let copper = desk.listCopper()
      _ = desk.ledger.setRates(
        desk.holder, commodity: desk.market.instrument(copper).pointee.commodity,
        instrument: copper,
        Desk.defaultRates)
      for part in RatePart.allCases {
        _ = desk.ledger.setRateMode(desk.account, part, .own)
      }
      return desk.order(of: copper)
    },
  ])
  func openingNeedsRates(_ row: Case) { row.check(.ratesMissing) }
}
