import Domain
import Engine
import Ledger
import Messages

// The day's closes: commodities at 11:30, 15:00 and 23:00, the index at 11:30 and 15:15.
extension EngineFixture {
  /// Lets time pass until a moment of the trading day.
  func pass(to hour: Int64, _ minute: Int64, _ second: Int64 = 0) {
    pass(
      to: Timestamp(date: tradingDay.date, secondOfDay: hour * 3_600 + minute * 60 + second))
  }

  func pass(to moment: Timestamp) {
    passed = []
    while engine.nextDeadline <= moment {
      passed += step(.timeReached, at: max(engine.nextDeadline, time))
      passed += drain().joined()
    }
    passed += step(.timeReached, at: max(moment, time))
    passed += drain().joined()
  }

  /// An overnight line; percent of market equity.
  @discardableResult func setOvernight(
    _ account: OperationAccountID, _ measure: OvernightMeasure, percent: Int64,
    _ excess: OvernightExcess = .reduce
  ) -> [Effect] {
    step(
      .setOvernight(
        SetOvernight(
          account: account, measure: measure, basis: .marketEquity, excess: excess,
          limit: percent * 1_000_000)))
  }

  /// What session-flat does before a close with some commodities, all when none is named.
  func setFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ action: SessionFlatAction,
    _ commodities: CommodityID...
  ) {
    step(
      .setSessionFlat(
        SetSessionFlat(
          account: account, close: close, action: action, everything: commodities.isEmpty)))
    for commodity in commodities {
      step(
        .setSessionFlatCommodity(
          SetSessionFlatCommodity(
            account: account, close: close, commodity: commodity, isIn: true)))
    }
  }

  /// Fills forced orders at their price, round after round: lots in the order they were sent.
  func fillRounds(_ first: [SendOrder]) -> [[Lots]] {
    var rounds: [[Lots]] = []
    var sent = first
    while !sent.isEmpty, rounds.count < 50 {
      rounds.append(sent.sorted { $0.instrument.raw < $1.instrument.raw }.map(\.lots))
      for child in sent { fill(child.child, child.price, child.lots) }
      sent = drain().joined().flatMap { [$0] }.sent
    }
    return rounds
  }

  func held(_ account: OperationAccountID, _ instrument: InstrumentID) -> Lots {
    (side(account, instrument, .long)?.held ?? 0) + (side(account, instrument, .short)?.held ?? 0)
  }
}
