import Domain
import Ledger
import MarketData
import Messages
import Settlement

// Fees of products: they accrue by the calendar day, when a trading day begins, and are subtracted
// from the product's net value (AMS manual 9.1, rules.md 5). What is set, and what a counter says
// of a fund account's money, has them reckoned anew at once.
extension Engine {
  mutating func configureFees(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .setProductFees(let set): setFees(set, &effects)
    case .setProductFee(let set): setFee(set, &effects)
    case .setFeeBand(let set): setFeeBand(set, &effects)
    default: preconditionFailure("only commands of product fees come here")
    }
  }

  private mutating func setFees(_ set: SetProductFees, _ effects: inout EffectBuffer) {
    let isOff = set.start == 0 && set.days == 0 && set.initial == .zero
    let isLegal =
      CalendarDate(yyyymmdd: set.start) != nil && set.days >= 1
      && set.days <= FeeLimits.daysMaximum && set.initial.units >= 0
      && set.initial.units <= Ranges.cashMaximum
    guard ledger.exists(set.product), isOff || isLegal else {
      return refuse(
        &effects, observed: Int64(set.start), limit: Int64(set.days), scope: .product,
        scopeID: set.product.raw)
    }
    ledger.setFees(set.product, start: set.start, days: set.days, initial: set.initial)
    feesChanged(set.product, &effects)
  }

  /// A share of the profit is the adviser's alone.
  private mutating func setFee(_ set: SetProductFee, _ effects: inout EffectBuffer) {
    let isValue =
      switch set.method {
      case .unknown, .bands, .progressiveBands: set.value == .min
      case .daily, .profitShare: set.value >= 0 && set.value <= Rate.unitsPerOne
      case .amount: set.value >= 0 && set.value <= FeeLimits.feeMaximum
      }
    guard ledger.exists(set.product), set.kind != .unknown, isValue,
      set.kind == .adviser || !set.method.isOfProfit,
      (set.method == .daily) == (set.basis != .unknown)
    else {
      return refuse(
        &effects, observed: set.value, scope: .product, scopeID: set.product.raw)
    }
    ledger.setFee(
      set.product, set.kind, set.method, set.basis, set.value == .min ? 0 : set.value)
    feesChanged(set.product, &effects)
  }

  private mutating func setFeeBand(_ set: SetFeeBand, _ effects: inout EffectBuffer) {
    let isOff = set.from == .min && set.share == .min
    let isLegal =
      set.from >= 0 && set.from <= SchemeLimits.unitNetValueMaximum && set.share >= 0
      && set.share <= Rate.unitsPerOne
    guard ledger.exists(set.product), set.number >= 1, set.number <= FeeLimits.bands,
      isOff || isLegal
    else {
      return refuse(
        &effects, observed: set.from, limit: set.share, scope: .product,
        scopeID: set.product.raw)
    }
    ledger.setFeeBand(set.product, Int(set.number), from: set.from, share: set.share)
    feesChanged(set.product, &effects)
  }

  /// Drawdown begins anew, whatever the fees come to: its clauses are looked at.
  private mutating func feesChanged(_ product: ProductID, _ effects: inout EffectBuffer) {
    accrueFees(product, &effects)
    disturb(SchemeSubject(product))
  }

  /// A day has begun.
  mutating func queueFees() {
    guard ledger.hasFees else { return }
    work.push(
      WorkItem(
        kind: .accrueFees, side: .unknown, subject: 0, instrument: .none, cursor: 0, bound: .max,
        holders: Ledger.HolderCursor(chunk: 0, offset: 0)))
  }

  mutating func accrueFeesSlice(
    _ item: UnsafeMutablePointer<WorkItem>, _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while item.pointee.subject < UInt32(ledger.productCount) {
      guard units > 0, effects.hasRoom(for: 32) else { return false }
      let product = ProductID(item.pointee.subject)
      item.pointee.subject += 1
      units -= 1 + Int(ledger.product(product).pointee.fundAccountCount)
      accrueFees(product, &effects)
    }
    return true
  }

  /// Takes anew what a product's fees come to today, and tells of it when that is another sum.
  mutating func accrueFees(_ product: ProductID, _ effects: inout EffectBuffer) {
    guard !product.isNone else { return }
    let accrued = ProductFeeAccrual.accrued(product, on: market.tradingDay, ledger)
    guard accrued != ledger.fees(product).pointee.accrued else { return }
    ledger.setAccrued(product, accrued)
    let known = ledger.schemes.product(product)
    notice(
      .productFeesAccrued, &effects, scope: .product, scopeID: product.raw,
      observed: accrued.units, limit: (known.pointee.accruedFees - accrued).units, unit: .money)
    if known.pointee.isOn { dirty.push(SchemeSubject(product), at: now) }
  }
}
