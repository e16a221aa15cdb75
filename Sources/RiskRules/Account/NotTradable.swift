import Domain
import Ledger
import MarketData

/// The first list there is lets open here: the account's own; its template's; else at least one
/// fund account of the product by its list of the session, and where it has none by the product's,
/// else by everybody's.
///
/// Opening only. A list bars what is on it, or only what is on it may be opened; an instrument is
/// on it by itself or by its commodity. An empty list bars nothing, as "only these" everything.
/// Each fund account's own list binds in routing once more (`fund-not-tradable`). Source: AMS
/// manual 6.3, 8.4, note 10; decisions 18.
enum NotTradable {
  @inline(__always) static func evaluate(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    guard context.isOpening, let instrument = context.instrument else {
      return .off(.notTradable, context.isOpening ? .lacksFigures : .otherKind)
    }
    let onlyListed = context.account.pointee.tradableOnlyListed
    guard onlyListed || context.account.pointee.hasTradableRows else {
      if context.account.pointee.tradableTemplate != 0,
        let finding = ofTemplate(context, instrument, ledger)
      {
        return finding
      }
      return ofOthers(context, instrument, ledger, market)
    }
    var byCommodity = false
    var byInstrument = false
    if let figures = context.figures {
      byCommodity = figures.pointee.isListed
      byInstrument = ledger.lists(figures, context.order.pointee.instrument, .tradable)
    }
    let isListed = byCommodity || byInstrument
    return .condition(
      .notTradable, isListed == onlyListed, observed: isListed ? 1 : 0,
      limit: onlyListed ? 1 : 0, scope: byCommodity ? .commodity : .instrument,
      scopeID: byCommodity
        ? instrument.pointee.commodity.raw : context.order.pointee.instrument.raw)
  }

  /// Of an account without a list of its own whose template has one; nil where that has none.
  private static func ofTemplate(
    _ context: OrderContext, _ instrument: UnsafePointer<InstrumentRecord>,
    _ ledger: borrowing Ledger
  ) -> Finding? {
    let place = context.order.pointee.instrument
    let allows = ledger.templates.allows(
      context.account.pointee.tradableTemplate, instrument.pointee.commodity, place)
    guard let allows else { return nil }
    return .condition(
      .notTradable, allows, observed: allows ? 1 : 0, limit: 1, scope: .instrument,
      scopeID: place.raw)
  }

  /// Of an account without a list of its own or of a template.
  @inline(__always) private static func ofOthers(
    _ context: OrderContext, _ instrument: UnsafePointer<InstrumentRecord>,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> Finding {
    let id = context.account.pointee.product
    guard let product = context.product, product.pointee.fundAccountCount > 0,
      !ledger.sharedLists.areEmpty(id)
    else { return .off(.notTradable, .unset) }
    return .condition(
      .notTradable, anyAllows(context, id, product, instrument, ledger, market), observed: 0,
      limit: 1, scope: .product, scopeID: id.raw)
  }

  private static func anyAllows(
    _ context: OrderContext, _ id: ProductID, _ product: UnsafePointer<ProductRecord>,
    _ instrument: UnsafePointer<InstrumentRecord>, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Bool {
    let commodity = instrument.pointee.commodity
    let place = context.order.pointee.instrument
    let ofShared =
      ledger.sharedLists.allows(id, commodity, place)
      ?? ledger.sharedLists.allows(.none, commodity, place) ?? true
    let isNight = market.isNight(of: instrument, at: context.now)
    for index in 0..<Int(product.pointee.fundAccountCount) {
      let fund = product.pointee.fundAccounts[index]
      let number = ledger.figuresNumber(ledger.holder(of: fund), commodity)
      let figures = number == 0 ? nil : ledger.figures(number)
      let own = ledger.allows(ledger.fundAccount(fund), figures, place, isNight: isNight)
      if own ?? ofShared { return true }
    }
    return false
  }
}
