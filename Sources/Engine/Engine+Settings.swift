import Domain
import Ledger
import Messages

// The one table of setting keys to fields.
extension Engine {
  mutating func setPlatform(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    guard set.value == .min || set.value >= 0 else {
      return refuse(&effects, observed: set.value)
    }
    switch set.setting {
    case .lockoutFailures: platform.lockoutFailures = set.value
    case .lockoutWindowSeconds: platform.lockoutWindowSeconds = set.value
    case .lockoutSeconds: platform.lockoutSeconds = set.value
    case .ordersPerAccountDay: platform.ordersPerAccountDay = set.value
    case .clockForwardSeconds: platform.clockForwardSeconds = set.value
    case .childAnswerSeconds: platform.childAnswerSeconds = set.value
    case .mapsExternal: platform.mapsExternal = set.value
    case .schemeLiquidation:
      guard set.value <= 1 else { return refuse(&effects, observed: set.value, limit: 1) }
      setSchemeLiquidation(set.value)
    case .tradableOnlyListed: ledger.setShared(.none, onlyListed: set.value == 1)
    case .riskDegreeMode: setRiskDegreeMode(set.value, &effects)
    case .marginRateMode, .feeRateMode: setRateMode(set, &effects)
    case .declarationFee, .declarationUnit: setDeclarationFee(set, &effects)
    case .budgetWarnPercent, .messagesInSecond, .burstsADay: setBudgets(set, &effects)
    case .slowDownMilliseconds:
      guard set.value <= 3_600_000 else { return refuse(&effects, observed: set.value) }
      ledger.changePlatformLines { $0.slowDownMilliseconds = max(set.value, 0) }
    case .liquidationPrice, .liquidationTicks, .liquidationRepriceSeconds, .liquidationExtent:
      setLiquidation(set, &effects)
    case .bandStep, .bandDwellSeconds: setBands(set, &effects)
    case .windowBarSeconds, .windowReduceSeconds, .reductionFinish:
      setWindowSetting(set, &effects)
    }
  }

  mutating func setAccount(_ set: SetAccount, _ effects: inout EffectBuffer) {
    guard ledger.exists(set.account), Self.isLegal(set) else {
      return refuse(
        &effects, observed: set.value, scope: .operationAccount, scopeID: set.account.raw)
    }
    if set.setting == .orderRateCount {
      if !ledger.setOrderRateCount(set.account, set.value) {
        refuse(
          &effects, .capacity, observed: set.value, limit: Ledger.orderRateMaximum, unit: .count)
      }
      return
    }
    if set.setting == .highEquity {
      if set.value > Ranges.cashMaximum
        || !ledger.setHighEquity(set.account, Money(units: set.value))
      {
        return refuse(
          &effects, observed: set.value, scope: .operationAccount, scopeID: set.account.raw)
      }
      watch(ledger.holder(of: set.account), &effects)
      return
    }
    if setRates(set, &effects) { return }
    switch set.setting {
    case .countsNightClose:
      ledger.setCountsNight(set.account, set.value == 1)
      return disturbOwn(set.account)
    case .schemeBarsFromLevelTwo, .schemeLiquidation, .schemeLiquidationExtent:
      return setOwnScheme(set, &effects)
    default: break
    }
    let value = set.value
    if set.setting == .cancelOnDisconnect, value <= 0 { ledger.endGrace(set.account) }
    ledger.changeAccount(set.account) { record in
      switch set.setting {
      case .enabled: record.pointee.enabled = value != 0
      case .openPermission: record.pointee.openPermission = value != 0
      case .hedgePermission: record.pointee.hedgePermission = value == 1
      case .positionCap: record.pointee.positionCap = value
      case .marginCap: record.pointee.marginCap = value
      case .cancelLimit: record.pointee.cancelLimit = value
      case .cancelLimitClosingToo: record.pointee.cancelLimitClosingToo = value == 1
      case .openOrders: record.pointee.openOrders = value
      case .orderRateCount, .highEquity, .marginRateMode, .feeRateMode, .declarationMode,
        .declarationFee, .declarationUnit, .oneSidedExchanges, .countsNightClose,
        .schemeBarsFromLevelTwo, .schemeLiquidation, .schemeLiquidationExtent:
        break
      case .orderRateWindowMilliseconds: record.pointee.orderRateWindowMilliseconds = value
      case .orderRateBar:
        record.pointee.orderRateBar = OffsetBar(rawValue: value == .min ? 1 : UInt8(value))
      case .tradedValue: record.pointee.tradedValue = value
      case .fatFingerNotional: record.pointee.fatFingerNotional = value
      case .fatFingerTicks: record.pointee.fatFingerTicks = value
      case .fatFingerPercent: record.pointee.fatFingerPercent = value
      case .duplicateCount: record.pointee.duplicateCount = value
      case .duplicateWindowMilliseconds: record.pointee.duplicateWindowMilliseconds = value
      case .staleSeconds: record.pointee.staleSeconds = value
      case .sessions: record.pointee.logon.sessionsMaximum = value == .min ? 1 : value
      case .tradableOnlyListed:
        record.pointee.tradableOnlyListed = value == 1
      case .cancelOnDisconnect:
        record.pointee.disconnectCancel =
          DisconnectCancel(rawValue: UInt8(max(value, 0))) ?? .off
      case .disconnectGraceSeconds:
        record.pointee.disconnectGraceSeconds = max(value, 0)
      case .dropsOlderSession: record.pointee.dropsOlderSession = value == 1
      case .ignoresExposureOnClose: record.pointee.ignoresExposureOnClose = value == 1
      }
    }
  }

  /// True where a setting is one of what the account pays and holds, and is dealt with.
  private mutating func setRates(_ set: SetAccount, _ effects: inout EffectBuffer) -> Bool {
    if set.setting == .marginRateMode || set.setting == .feeRateMode {
      setRateMode(set, &effects)
    } else if set.setting == .oneSidedExchanges {
      setOneSided(set, &effects)
    } else if let setting = DeclarationSetting(set.setting) {
      if !setDeclarationFee(ledger.holder(of: set.account), setting, set.value) {
        refuse(
          &effects, observed: set.value, scope: .operationAccount, scopeID: set.account.raw)
      }
    } else {
      return false
    }
    return true
  }

  /// Limits are unset or not negative; windows fit 64 bits of nanoseconds.
  private static func isLegal(_ set: SetAccount) -> Bool {
    if set.value == .min { return true }
    guard set.value >= 0 else { return false }
    switch set.setting {
    case .orderRateBar: return (1...3).contains(set.value)
    case .cancelOnDisconnect: return set.value <= 2
    case .disconnectGraceSeconds: return set.value <= 86_400
    case .orderRateWindowMilliseconds, .duplicateWindowMilliseconds:
      return set.value <= 86_400_000
    case .staleSeconds: return set.value <= 86_400
    case .enabled, .openPermission, .hedgePermission, .positionCap, .marginCap, .cancelLimit,
      .cancelLimitClosingToo, .openOrders, .orderRateCount, .tradedValue, .fatFingerNotional,
      .fatFingerTicks, .fatFingerPercent, .duplicateCount, .sessions, .tradableOnlyListed,
      .dropsOlderSession, .highEquity, .marginRateMode, .feeRateMode, .declarationMode,
      .declarationFee, .declarationUnit, .oneSidedExchanges, .ignoresExposureOnClose,
      .countsNightClose, .schemeBarsFromLevelTwo, .schemeLiquidation, .schemeLiquidationExtent:
      return true
    }
  }
}
