import Domain
import Ledger
import Messages

// The same for products and their fund accounts.
extension Engine {
  mutating func setProduct(_ set: SetProduct, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.product), isLegal(set) else {
      return refuse(&effects, observed: set.value, scope: .product, scopeID: set.product.raw)
    }
    let value = set.value
    switch set.setting {
    case .tradableOnlyListed: return ledger.setShared(set.product, onlyListed: value == 1)
    case .barsFromLevelTwo:
      return ledger.setBarsFromLevelTwo(SchemeSubject(set.product), value == 1)
    case .ignoresExposureOnClose:
      return ledger.setIgnoresExposure(SchemeSubject(set.product), value == 1)
    case .schemeLiquidation:
      return setLiquidation(SchemeSubject(set.product), by: value, extent: nil)
    case .schemeLiquidationExtent:
      return setLiquidation(SchemeSubject(set.product), by: nil, extent: value)
    default: break
    }
    if set.setting == .rateAccount { return setRateAccount(set, &effects) }
    // Clauses of what closes count other closes.
    if set.setting == .countsNightClose { disturbAll() }
    let code = value == .min ? 0 : UInt8(truncatingIfNeeded: value)
    ledger.changeProduct(set.product) { record in
      switch set.setting {
      case .openPermission: record.pointee.openPermission = value != 0
      case .tradedValue: record.pointee.tradedValue = value
      case .refusePartialPlacement: record.pointee.refusesPartialPlacement = value == 1
      case .retryRejectedChild: record.pointee.retriesRejectedChild = value == 1
      case .mode: record.pointee.mode = RoutingMode(rawValue: code) ?? record.pointee.mode
      case .lockMode: record.pointee.lockMode = LockMode(rawValue: code) ?? .off
      case .closesWithoutFunds: Self.set(.withoutFunds, value, &record.pointee.lockFallback)
      case .closesTodayWithoutLock:
        Self.set(.todayWithoutLock, value, &record.pointee.lockFallback)
      case .autoMapping: record.pointee.autoMapping = AutoMapping(rawValue: code) ?? .no
      case .externalAccount:
        record.pointee.externalAccount =
          value == .min ? .none : OperationAccountID(UInt32(value))
      case .countsNightClose: record.pointee.countsNightClose = value == 1
      case .tradableOnlyListed, .barsFromLevelTwo, .ignoresExposureOnClose, .rateAccount,
        .schemeLiquidation, .schemeLiquidationExtent:
        break
      }
    }
  }

  private static func set(
    _ fallback: LockFallback, _ value: Int64, _ all: inout LockFallback
  ) {
    if value == 1 { all.insert(fallback) } else { all.remove(fallback) }
  }

  private func isLegal(_ set: SetProduct) -> Bool {
    func isCode(_ codes: [UInt8]) -> Bool {
      set.value == .min || codes.contains { Int64($0) == set.value }
    }
    switch set.setting {
    case .mode:
      return RoutingMode.allCases.contains { $0 != .unknown && Int64($0.rawValue) == set.value }
    case .lockMode: return isCode(LockMode.allCases.map(\.rawValue))
    case .autoMapping: return isCode(AutoMapping.allCases.map(\.rawValue))
    case .schemeLiquidation: return isCode(SchemeLiquidation.allCases.map(\.rawValue))
    case .schemeLiquidationExtent:
      return isCode(LiquidationExtent.allCases.filter { $0 != .unknown }.map(\.rawValue))
    case .externalAccount:
      guard set.value != .min else { return true }
      guard let raw = UInt32(exactly: set.value), ledger.exists(OperationAccountID(raw)) else {
        return false
      }
      return ledger.account(OperationAccountID(raw)).pointee.product == set.product
    case .openPermission, .tradedValue, .refusePartialPlacement, .retryRejectedChild,
      .closesWithoutFunds, .closesTodayWithoutLock, .tradableOnlyListed, .barsFromLevelTwo,
      .ignoresExposureOnClose, .rateAccount, .countsNightClose:
      return set.value == .min || set.value >= 0
    }
  }

  mutating func setFundAccount(_ set: SetFundAccount, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.fundAccount), Self.isLegal(set) else {
      return refuse(
        &effects, observed: set.value, scope: .fundAccount, scopeID: set.fundAccount.raw)
    }
    let value = set.value
    switch set.setting {
    case .orderRateCount:
      if !ledger.setOrderRateCount(set.fundAccount, value) {
        refuse(&effects, .capacity, observed: value, limit: Ledger.orderRateMaximum, unit: .count)
      }
      return
    case .messageQuota:
      let record = ledger.fundAccount(set.fundAccount)
      guard value == .min || value > Int64(record.pointee.messageReserve) else {
        return refuse(
          &effects, observed: value, limit: Int64(record.pointee.messageReserve), unit: .count)
      }
      if !ledger.setMessageQuota(set.fundAccount, value) {
        refuse(
          &effects, .capacity, observed: value, limit: Ledger.messageQuotaMaximum, unit: .count)
      }
      return
    case .messageReserve:
      let quota = Int64(ledger.fundAccount(set.fundAccount).pointee.messageQuota)
      guard value < (quota == 0 ? Ledger.messageQuotaMaximum : quota) else {
        return refuse(&effects, observed: value, limit: quota, unit: .count)
      }
    case .dayOnlyListed: return ledger.set(.dayOnly, value == 1, of: set.fundAccount)
    case .nightOnlyListed: return ledger.set(.nightOnly, value == 1, of: set.fundAccount)
    case .oneSidedExchanges, .counterOneSidedExchanges: return setOneSided(set, &effects)
    case .declarationMode, .declarationFee, .declarationUnit:
      if let setting = DeclarationSetting(set.setting),
        !setDeclarationFee(ledger.holder(of: set.fundAccount), setting, value)
      {
        refuse(
          &effects, observed: value, scope: .fundAccount, scopeID: set.fundAccount.raw)
      }
      return
    default: break
    }
    ledger.changeFundAccount(set.fundAccount) { record in
      switch set.setting {
      case .openPermission: record.pointee.openPermission = value != 0
      case .hedgePermission: record.pointee.hedgePermission = value == 1
      case .minimumReserve:
        record.pointee.minimumReserve = Money(units: value == .min ? 0 : value)
      case .priority: record.pointee.priority = Int32(value)
      case .orderRateWindowMilliseconds: record.pointee.rateMilliseconds = value
      case .orderRateBar:
        record.pointee.orderRateBar = OffsetBar(rawValue: value == .min ? 1 : UInt8(value))
      case .messageReserve: record.pointee.messageReserve = UInt32(max(value, 0))
      case .orderRateCount, .dayOnlyListed, .nightOnlyListed, .messageQuota, .declarationMode,
        .declarationFee, .declarationUnit, .oneSidedExchanges, .counterOneSidedExchanges:
        break
      }
    }
  }

  /// A reserve may be negative; windows fit 64 bits of nanoseconds.
  private static func isLegal(_ set: SetFundAccount) -> Bool {
    if set.setting == .priority { return Int32(exactly: set.value) != nil }
    if set.value == .min { return true }
    switch set.setting {
    case .orderRateWindowMilliseconds: return (0...86_400_000).contains(set.value)
    case .orderRateBar: return (1...3).contains(set.value)
    case .openPermission, .hedgePermission, .minimumReserve, .priority:
      return abs(set.value) <= Ranges.cashMaximum
    case .orderRateCount, .dayOnlyListed, .nightOnlyListed, .messageReserve, .declarationMode,
      .declarationFee, .declarationUnit, .oneSidedExchanges, .counterOneSidedExchanges:
      return set.value >= 0
    case .messageQuota: return set.value >= 1
    }
  }
}
