import Domain
import Messages
import Terminal

/// What a number of a setting is measured in: a person confirms a change by what it says.
enum SettingUnit: Equatable {
  /// It only counts, or says which.
  case count
  case unit(Unit)
  /// In 1e-8 of one, told in percent.
  case ratio
  /// In 1e-8 yuan a share.
  case perShare
  /// In 1e-4 shares.
  case shares

  func text(_ number: Int64) -> String {
    switch self {
    case .count: "\(number)"
    case .unit(let unit): RuleWords.figure(number, unit)
    case .ratio: DecimalNumber.text(number, places: 6) + "%"
    case .perShare: DecimalNumber.text(number, places: 8)
    case .shares: DecimalNumber.text(number, places: 4, groups: true)
    }
  }
}

extension Messages.Command {
  /// What the number of a setting's field is measured in.
  func unit(of label: String) -> SettingUnit {
    switch self {
    case .setAccount(let set): set.setting.unit
    case .setProduct(let set): set.setting == .tradedValue ? .unit(.money) : .count
    case .setFundAccount(let set): set.setting == .minimumReserve ? .unit(.money) : .count
    case .setPlatform(let set): set.setting.unit
    case .setPositionLimit, .setOrderSize, .setTemplateOrderSize, .setFundPositionLimit,
      .setFundOrderSize, .setFundOpenVolume:
      .unit(.lots)
    case .setLimitBand(let set): set.measure == .percent ? .unit(.percent) : .unit(.ticks)
    case .setFeeBand: label == "from" ? .perShare : .ratio
    case .setProductFee(let set): set.method == .amount ? .unit(.money) : .ratio
    case .setAccountLine(let set):
      set.line == .dailyLoss || set.line == .riskDegree && set.mode == .equity
        ? .unit(.money) : .ratio
    case .setPlatformLine, .setOvernight, .setSchemePeriod: .ratio
    case .setSchemeClause(let set): set.unit
    case .setBudget(let set): set.kind.unit
    case .bindScheme, .setNetValueLines: .perShare
    case .setNetValue: .shares
    default: .count
    }
  }
}

extension Messages.Command {
  /// Whether rates are shares of others': both parts of them, in 1e-8 of one.
  var isRelativePercent: Bool {
    switch self {
    case .setMarginRates(let set): set.method == .relativePercent
    case .setFeeRates(let set): set.method == .relativePercent
    default: false
    }
  }
}

extension AccountSetting {
  fileprivate var unit: SettingUnit {
    switch self {
    case .marginCap, .tradedValue, .fatFingerNotional, .highEquity, .declarationFee: .unit(.money)
    case .fatFingerPercent: .unit(.percent)
    case .positionCap: .unit(.lots)
    default: .count
    }
  }
}

extension PlatformSetting {
  fileprivate var unit: SettingUnit {
    switch self {
    case .declarationFee: .unit(.money)
    case .budgetWarnPercent: .unit(.percent)
    case .bandStep: .perShare
    default: .count
    }
  }
}

extension BudgetKind {
  fileprivate var unit: SettingUnit {
    switch self {
    case .largePercent, .largeAbovePercent: .unit(.percent)
    case .largeLots, .openedLots: .unit(.lots)
    default: .count
    }
  }
}

extension SetSchemeClause {
  fileprivate var unit: SettingUnit {
    let measure = kind.measure
    if measure.isShare || basis != .absolute { return .ratio }
    return measure.isLots ? .unit(.lots) : .unit(.money)
  }
}
