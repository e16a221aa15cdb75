/// How a rate that was set is taken (AMS manual 6.1): margin and fee each by itself.
public enum RateMethod: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Nothing is set: the next step of the ladder decides.
  case unknown = 0
  /// 绝对收取.
  case asItIs = 1
  /// 相对资金账户绝对值收取: both parts are added to the fund account's.
  case relativeAbsolute = 2
  /// 相对资金账户百分比加收: the fund account's, and so much of them more. Both parts are shares
  /// then, in 1e-8 of one.
  case relativePercent = 3
}

/// Where the rates of an operation account come from: margin and fee each by itself.
public enum RateMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// What the platform says (跟随系统).
  case system = 0
  /// The ladder (自定义): own, template, fund account, product, everybody, counter.
  case own = 1
  /// What the fund account pays that the product reads its rates from (跟随资金账户).
  case fundAccount = 2
}

/// Margin or fee.
public enum RatePart: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case margin = 0
  case fee = 1
}

/// What a template is of.
public enum TemplateKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// 保证金率模板.
  case margin = 1
  /// 手续费率模板.
  case fee = 2
  /// 报单限制模板.
  case orderSize = 3
  /// 可交易不可交易模板.
  case tradable = 4
}

extension TwoPartRate {
  /// What this makes of a fund account's rate; nil beyond `Ranges`, and without a way to take it.
  ///
  /// A share of a rate is a rate: it rounds up to 1e-8, per lot up to 0.0001 yuan.
  public func taken(_ method: RateMethod, of base: TwoPartRate) -> TwoPartRate? {
    let taken: TwoPartRate
    switch method {
    case .unknown: return nil
    case .asItIs: taken = self
    case .relativeAbsolute:
      taken = TwoPartRate(
        byValue: Rate(units: base.byValue.units + byValue.units),
        byLot: Money(units: base.byLot.units + byLot.units))
    case .relativePercent:
      taken = TwoPartRate(
        byValue: Rate(units: Self.raised(base.byValue.units, by: byValue.units)),
        byLot: Money(units: Self.raised(base.byLot.units, by: byLot.units)))
    }
    return taken.isLegal ? taken : nil
  }

  /// A legal rate and so many 1e-8 of it more, rounded up: at most 1e11 * 1e11 on the way.
  private static func raised(_ units: Int64, by share: Int64) -> Int64 {
    let scaled = Int128(units) * Int128(Rate.unitsPerOne + share)
    let whole = scaled / Int128(Rate.unitsPerOne)
    return Int64(clamping: scaled > whole * Int128(Rate.unitsPerOne) ? whole + 1 : whole)
  }

  /// Within `Ranges`, neither part negative. A share per lot is held to the range of one by value.
  public func isLegal(as method: RateMethod) -> Bool {
    isLegal && (method != .relativePercent || byLot.units <= Ranges.rateByValueMaximum)
  }

  public var isLegal: Bool {
    byValue.units >= 0 && byValue.units <= Ranges.rateByValueMaximum && byLot.units >= 0
      && byLot.units <= Ranges.rateByLotMaximum
  }
}

extension RateSet {
  /// Its rates of one part taken as a method says; nil as `TwoPartRate.taken`.
  public func taken(_ part: RatePart, _ method: RateMethod, of base: RateSet) -> RateSet? {
    var taken = RateSet()
    switch part {
    case .margin:
      guard let long = marginLong.taken(method, of: base.marginLong),
        let short = marginShort.taken(method, of: base.marginShort)
      else { return nil }
      taken.marginLong = long
      taken.marginShort = short
    case .fee:
      guard let open = feeOpen.taken(method, of: base.feeOpen),
        let close = feeClose.taken(method, of: base.feeClose),
        let closeToday = feeCloseToday.taken(method, of: base.feeCloseToday)
      else { return nil }
      taken.feeOpen = open
      taken.feeClose = close
      taken.feeCloseToday = closeToday
    }
    return taken
  }

  /// Takes over the rates of one part.
  public mutating func copy(_ part: RatePart, of other: RateSet) {
    switch part {
    case .margin:
      marginLong = other.marginLong
      marginShort = other.marginShort
    case .fee:
      feeOpen = other.feeOpen
      feeClose = other.feeClose
      feeCloseToday = other.feeCloseToday
    }
  }

  /// Whether every rate of a part can be set.
  public func isLegal(_ part: RatePart, as method: RateMethod) -> Bool {
    switch part {
    case .margin: marginLong.isLegal(as: method) && marginShort.isLegal(as: method)
    case .fee:
      feeOpen.isLegal(as: method) && feeClose.isLegal(as: method)
        && feeCloseToday.isLegal(as: method)
    }
  }
}
