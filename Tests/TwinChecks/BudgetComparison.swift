import Domain
import Engine
import Ledger
import Messages
import ReferenceModel

extension TwinComparison {
  /// What every group has used of its exchanges' budgets today.
  public mutating func checkBudgets(_ engine: borrowing Engine) {
    guard engine.isReady else { return }
    for index in 0..<UInt32(extent.funds) {
      let fund = FundAccountID(index)
      for instrument in extent.instrumentIDs {
        expect(
          "budgets of fund account \(index) in \(instrument.raw)",
          use(engine, fund, instrument), twin.budgetUse(fund, instrument))
      }
      for exchange in Exchange.allCases where exchange != .unknown {
        expect(
          "many messages of fund account \(index) to \(exchange)",
          Int(engine.ledger.budgetMessages(fund, exchange).bursts),
          twin.budgetBursts(fund, exchange))
      }
    }
  }

  private func use(
    _ engine: borrowing Engine, _ fund: FundAccountID, _ id: InstrumentID
  ) -> TwinBudgetUse {
    var use = TwinBudgetUse()
    guard engine.ledger.budgets.isOn else { return use }
    let (exchange, commodityID) = twin.listing(of: id)
    let key = engine.ledger.budgetKey(fund, exchange)
    let commodity = engine.ledger.budgets.commodity(key, commodityID)
    use.openedOfCommodity = commodity.opened
    use.workingOfCommodity = commodity.working
    let number = engine.ledger.budgets.number(key, id)
    guard number != 0 else { return use }
    let record = engine.ledger.budgets.record(number)
    use.selfTrades = Int(record.pointee.selfTrades)
    use.cancels = Int(record.pointee.cancels)
    use.limitPriceCancels = Int(record.pointee.limitPriceCancels)
    use.largeCancels = Int(record.pointee.largeCancels)
    use.opened = record.pointee.opened
    use.working = record.pointee.working
    return use
  }
}
