import Domain

/// Lots of an order that a fund account's limits leave, and the rule that binds them.
struct FundRoom {
  var lots: Lots
  var refusal: Refusal
  /// What all limits but the funds leave.
  var unfunded: Lots

  init(lots: Lots, refusal: Refusal = .none) {
    self.lots = lots
    self.refusal = refusal
    unfunded = lots
  }

  mutating func limit(to most: Int64, _ refusal: @autoclosure () -> Refusal) {
    guard most < Int64(lots) else { return }
    lots = Lots(max(most, 0))
    self.refusal = refusal()
  }
}

extension FundAccountID {
  /// Why this fund account can't take (all of) an order. `asked` is in the unit of the figures,
  /// 0 where there are none.
  func refusal(
    _ rule: RuleID, _ observed: Int64 = 0, _ limit: Int64 = 0, asked: Int64 = 0,
    _ unit: Unit = .none
  ) -> Refusal {
    Refusal(
      rule, observed: observed, limit: limit, asked: asked, unit: unit, scope: .fundAccount,
      scopeID: raw)
  }
}
