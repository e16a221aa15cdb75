import Domain
import Engine
import Ledger
import ReferenceModel

extension TwinComparison {
  /// Where accounts stand by their lines, against every comparison made anew. What was changed
  /// since the engine looked (a hold that froze a fee) is looked at with the next price, fill or
  /// movement of cash: those accounts are left out.
  public mutating func checkLines(_ engine: borrowing Engine) {
    guard engine.isReady, !engine.hasWork else { return }
    for index in 0..<extent.accounts {
      let account = OperationAccountID(UInt32(index))
      let holder = engine.ledger.holder(engine.ledger.holder(of: account))
      guard holder.pointee.isQuiet else { continue }
      let record = engine.ledger.lines(account)
      let high = record.pointee.highEquity.units
      let money = twin.money(.account(account))
      if !record.pointee.drawdown.isUnset, high < money.equity {
        fail("account \(index) is worth \(money.equity), more than its high \(high)")
      }
      for line in AccountLine.allCases {
        for level in [LineLevel.warn, .liquidate]
        where !record.pointee.latched.contains(line, level) {
          expect(
            "account \(index) \(line) \(level)", record.pointee.reached.contains(line, level),
            twin.isReached(account, line.rule, level, money, margin: money.margin, high: high))
        }
      }
    }
  }
}
