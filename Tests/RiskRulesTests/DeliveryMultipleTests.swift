import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct DeliveryMultipleTests {
  @Test(arguments: [
    Case("3 of 3", .passes, limit: 3) { desk in desk.order(lots: 3, of: desk.oreNow) },
    Case("4 of 3", .fails, limit: 3, asked: 4) { desk in desk.order(lots: 4, of: desk.oreNow) },
    Case("5 of 3", .fails) { desk in desk.order(lots: 5, of: desk.oreNow) },
    Case("6 of 3", .passes) { desk in desk.order(lots: 6, of: desk.oreNow) },
    Case("9 of 3", .passes) { desk in desk.order(lots: 9, of: desk.oreNow) },
    Case("2 of 3", .fails) { desk in desk.order(lots: 2, of: desk.oreNow) },
    Case("closing 4 of 3", .fails) { desk in desk.order(.sell, .close, lots: 4, of: desk.oreNow) },
    Case("closing 3 of 3", .passes) { desk in desk.order(.sell, .close, lots: 3, of: desk.oreNow) },
    Case("another month", .off) { desk in desk.order(lots: 4, of: desk.ore) },
    Case("a commodity without a multiple", .off) { desk in desk.order(lots: 4, of: desk.rbNow) },
  ])
  func examples17InTheDeliveryMonthLotsAreAMultiple(_ row: Case) { row.check(.deliveryMultiple) }
}
