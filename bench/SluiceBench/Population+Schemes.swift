import Domain
import Messages

// A scheme on every product, its levels out of reach: what clauses cost an order.
extension Population {
  /// Half of the clauses speak of one instrument each, as many again of one commodity each, so that
  /// an order is in the scope of few; ten speak of all that the product has.
  func defineSchemes(_ feed: inout Feed) {
    guard clauses > 0 else { return }
    feed.step(.defineScheme(DefineScheme(name: Name("bench")!)))
    for index in 0..<clauses { feed.step(.setSchemeClause(clause(index))) }
    for product in 0..<products {
      feed.step(
        .bindScheme(
          BindScheme(
            product: ProductID(UInt32(product)), number: 1, scheme: 0, basis: .current,
            from: .min, to: .min, period: .day)))
      defineNetValue(ofProduct: product, &feed)
      feed.drain()
    }
  }

  private func clause(_ index: Int) -> SetSchemeClause {
    let ofLots: [ClauseKind] = [
      .singlePositionLots, .totalPositionLots, .totalExposureLots, .singleExposureLots,
    ]
    let ofMoney: [ClauseKind] = [
      .singlePositionValue, .totalMargin, .totalAbsoluteExposureValue, .totalTradedValue,
      .totalExposureValue, .totalDailyLoss,
    ]
    let isWhole = index < 10
    let scope: ClauseScopeKind = isWhole ? .product : index % 2 == 0 ? .instrument : .commodity
    let kind =
      isWhole
      ? ofMoney[index % ofMoney.count]
      : scope == .instrument ? ofLots[index % 4] : ofMoney[index % 4]
    let id =
      isWhole
      ? 0 : scope == .instrument ? index * 37 % instruments : index % Population.commodities
    return SetSchemeClause(
      scheme: 0, number: UInt16(index + 1), kind: kind, scopeKind: scope, scopeID: UInt32(id),
      direction: .both, basis: .absolute,
      levelOne: kind.measure.isLots ? 1_000_000_000 : Ranges.cashMaximum, levelTwo: .min)
  }
}
