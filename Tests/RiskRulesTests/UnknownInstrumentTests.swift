import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct UnknownInstrumentTests {
  @Test(arguments: [
    Case("a listed one", .passes) { desk in desk.order() },
    Case("none", .fails) { desk in desk.order(of: InstrumentID.none) },
    Case("one past the last", .fails) { desk in
      desk.order(of: InstrumentID(UInt32(desk.market.instrumentCount)))
    },
    Case("closing", .fails) { desk in desk.order(.sell, .close, of: InstrumentID.none) },
  ])
  func anOrderNamesAListedInstrument(_ row: Case) { row.check(.unknownInstrument) }
}
