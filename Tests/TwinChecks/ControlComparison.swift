import Domain
import Engine
import Ledger
import ReferenceModel

extension TwinComparison {
  /// Bars and kill switches, as they follow from who may do what.
  public mutating func checkControls(_ engine: borrowing Engine) {
    for index in 0..<extent.accounts {
      let account = OperationAccountID(UInt32(index))
      expect(
        "bar of account \(index)", engine.ledger.controls.isBarred(account),
        twin.isBarred(account))
      let product = engine.ledger.account(account).pointee.product
      expect(
        "kill switches of account \(index)",
        engine.ledger.controls.killing(account, product) != nil, twin.isKilled(account))
    }
    for index in 0..<extent.funds {
      let fund = FundAccountID(UInt32(index))
      expect(
        "kill switch of fund account \(index)",
        engine.ledger.controls.isKilled(.counter(engine.ledger.fundAccount(fund).pointee.counter)),
        twin.isKilled(fund))
    }
  }
}
