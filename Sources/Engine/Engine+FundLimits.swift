import Domain
import Ledger
import MarketData
import Messages

// What limits a fund account beyond its first settings, the lists of instruments that are not an
// account's own, and what controllers do about fund accounts.
extension Engine {
  mutating func configureFunds(_ command: Command, _ effects: inout EffectBuffer) {
    switch command {
    case .setFundOpenVolume(let set): setFundOpenVolume(set, &effects)
    case .releaseOrderRate(let release): releaseOrderRate(release, &effects)
    case .setFundTradable(let set): setFundTradable(set, &effects)
    case .setSharedTradable(let set): setSharedTradable(set, &effects)
    case .setFundQuota(let set): setFundQuota(set, &effects)
    case .setFundPriority(let set): setFundPriority(set, &effects)
    case .assignUnmapped(let assign): assignUnmapped(assign, &effects)
    default: refuse(&effects)
    }
  }

  private mutating func setFundOpenVolume(
    _ set: SetFundOpenVolume, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.fundAccount), let place = place(set.scope), isLimit(set.lots) else {
      return refuse(&effects, observed: set.lots)
    }
    let isTaken = ledger.changeLimitRow(
      ledger.holder(of: set.fundAccount), place.commodity, kind: .fundOpenVolume,
      instrument: place.instrument, hedge: .unknown
    ) { $0.pointee.lots = set.lots }
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func releaseOrderRate(
    _ release: ReleaseOrderRate, _ effects: inout EffectBuffer
  ) {
    if !releaseOrderRate(release) { refuse(&effects) }
  }

  /// False where no bar stands: a count does not start again by itself.
  mutating func releaseOrderRate(_ release: ReleaseOrderRate) -> Bool {
    let account = OperationAccountID(release.holderID)
    let fund = FundAccountID(release.holderID)
    switch release.holderKind {
    case .operationAccount: return ledger.exists(account) && ledger.releaseOrderRate(account)
    case .fundAccount: return ledger.exists(fund) && ledger.releaseOrderRate(fund)
    case .unknown: return false
    }
  }

  private mutating func setFundTradable(
    _ set: SetFundTradable, _ effects: inout EffectBuffer
  ) {
    guard ledger.exists(set.fundAccount), set.session != .unknown, let place = place(set.scope)
    else { return refuse(&effects) }
    let isTaken = ledger.setTradable(
      set.fundAccount, place.commodity, place.instrument, isNight: set.session == .night,
      listed: set.listed)
    if !isTaken { refuse(&effects, .capacity) }
  }

  private mutating func setSharedTradable(
    _ set: SetSharedTradable, _ effects: inout EffectBuffer
  ) {
    guard set.product.isNone || ledger.exists(set.product), let place = place(set.scope) else {
      return refuse(&effects)
    }
    ledger.setShared(set.product, place.commodity, place.instrument, listed: set.listed)
  }

  private mutating func setFundQuota(_ set: SetFundQuota, _ effects: inout EffectBuffer) {
    func isCount(_ value: Int64) -> Bool { (0...Ranges.cashMaximum).contains(value) }
    guard ledger.exists(set.fundAccount), set.exchange != .unknown,
      set.cancels == .min || isCount(set.cancels), set.lots == .min || isCount(set.lots),
      isCount(set.cancelReserve), isCount(set.lotsReserve)
    else { return refuse(&effects, observed: set.lots) }
    ledger.setQuota(
      set.fundAccount, set.exchange,
      FundQuota(
        cancels: set.cancels, lots: set.lots, cancelReserve: set.cancelReserve,
        lotsReserve: set.lotsReserve))
  }

  private mutating func setFundPriority(
    _ set: SetFundPriority, _ effects: inout EffectBuffer
  ) {
    func isPriority(_ value: Int64) -> Bool { value == .min || Int32(exactly: value) != nil }
    guard ledger.exists(set.fundAccount), let place = place(set.scope), isPriority(set.open),
      isPriority(set.close), isPriority(set.closeToday)
    else { return refuse(&effects, observed: set.open) }
    let isTaken = ledger.changeLimitRow(
      ledger.holder(of: set.fundAccount), place.commodity, kind: .fundPriority,
      instrument: place.instrument, hedge: .unknown
    ) { row in
      row.pointee.long = set.open
      row.pointee.short = set.close
      row.pointee.lots = set.closeToday
    }
    if !isTaken { refuse(&effects, .capacity) }
  }
}
