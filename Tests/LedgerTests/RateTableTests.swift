import Domain
import Ledger
import Testing

/// Whose rates apply to an account that takes its own: own before the exchange's, instrument before
/// commodity; a step with only a commodity entry beats a lower step's instrument entry (decisions
/// 10).
@Suite struct RateTableTests {
  private let alice = HolderID(0)
  private let bob = HolderID(1)

  private func rates(_ byLot: Int64) -> RateSet {
    RateSet(feeOpen: TwoPartRate(byLot: Money(units: byLot)))
  }

  private func takeOwn(_ ledger: inout Ledger) {
    for part in RatePart.allCases {
      let took = ledger.setRateMode(OperationAccountID(0), part, .own)
      #expect(took)
    }
  }

  /// Own instrument 1, own commodity 2, platform instrument 3, platform commodity 4: of every set
  /// of entries the highest decides. Bob sees the platform's alone.
  @Test(arguments: 0..<16)
  func decisions10TheHighestStepDecides(_ entries: Int) {
    var ledger = Ledger(capacities: LedgerDesk.capacities)
    takeOwn(&ledger)
    func has(_ entry: Int) -> Bool { entries >> (entry - 1) & 1 == 1 }
    for entry in 1...4 where has(entry) {
      let took = ledger.setRates(
        entry <= 2 ? alice : nil, commodity: CommodityID(1),
        instrument: entry == 1 || entry == 3 ? InstrumentID(1) : nil, rates(Int64(entry)))
      #expect(took)
    }
    let found = ledger.rates(alice, InstrumentID(1), CommodityID(1))
    #expect(found?.pointee.feeOpen.byLot.units == (1...4).first(where: has).map(Int64.init))
    let platform = ledger.rates(bob, InstrumentID(1), CommodityID(1))
    #expect(platform?.pointee.feeOpen.byLot.units == (3...4).first(where: has).map(Int64.init))
    // Another instrument of the commodity has the commodity's.
    let sibling = ledger.rates(alice, InstrumentID(0), CommodityID(1))
    #expect(
      sibling?.pointee.feeOpen.byLot.units == [2, 4].first(where: has).map(Int64.init))
  }

  @Test func anotherCommodityHasNone() {
    var ledger = Ledger(capacities: LedgerDesk.capacities)
    takeOwn(&ledger)
    for holder in [alice, nil] {
      let took = ledger.setRates(
        holder, commodity: CommodityID(1), instrument: nil, rates(1))
      #expect(took)
    }
    #expect(ledger.rates(alice, InstrumentID(0), CommodityID(0)) == nil)
  }

  @Test func ratesThatAreSetAgainTakeTheSamePlace() {
    var ledger = Ledger(capacities: LedgerDesk.capacities)
    takeOwn(&ledger)
    for value in Int64(1)...100 {
      let took = ledger.setRates(
        alice, commodity: CommodityID(0), instrument: nil, rates(value))
      #expect(took)
    }
    let found = ledger.rates(alice, InstrumentID(0), CommodityID(0))
    #expect(found?.pointee == rates(100))
  }
}
