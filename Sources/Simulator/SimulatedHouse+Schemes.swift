import Domain
import Messages

// Schemes on the products of a run, and on two accounts that are as products of their own: near
// enough for orders and prices to pass their levels.
extension SimulatedHouse {
  /// Two schemes on three products, from before the first day.
  static var schemes: [Command] {
    var commands: [Command] = [
      .defineSector(DefineSector(name: Name("one")!)),
      .defineSector(DefineSector(name: Name("both")!)),
      .setSectorCommodity(SetSectorCommodity(sector: 0, commodity: CommodityID(0), isIn: true)),
      .setSectorCommodity(SetSectorCommodity(sector: 1, commodity: CommodityID(0), isIn: true)),
      .setSectorCommodity(SetSectorCommodity(sector: 1, commodity: CommodityID(1), isIn: true)),
      .defineSuperSector(DefineSuperSector(name: Name("all")!)),
      .setSuperSectorMember(SetSuperSectorMember(superSector: 0, sector: 0, isIn: true)),
      .setSuperSectorMember(SetSuperSectorMember(superSector: 0, sector: 1, isIn: true)),
      .defineScheme(DefineScheme(name: Name("wide")!)),
      .defineScheme(DefineScheme(name: Name("narrow")!)),
    ]
    for product in modes.indices {
      commands.append(
        .setNetValue(
          SetNetValue(
            product: ProductID(UInt32(product)), mode: .equity, shares: equity.units * 2,
            total: .zero, liabilities: .zero, accruedFees: .zero)))
      commands += fees(ProductID(UInt32(product)))
      commands.append(bind(product: product, number: 1, scheme: UInt16(product == 0 ? 1 : 0)))
    }
    for account in [1, 3] as [UInt32] {
      let account = OperationAccountID(account)
      commands += [
        .setNetValue(
          SetNetValue(
            product: .none, mode: .equity, shares: equity.units, total: .zero,
            liabilities: .zero, accruedFees: .zero, account: account)),
        bind(account: account, number: 1, scheme: 1),
        // Back to the line: whoever is liquidated goes on trading.
        set(account: account.index, .schemeLiquidation, 2),
        set(account: account.index, .schemeLiquidationExtent, 2),
      ]
    }
    commands += [
      .setProduct(SetProduct(product: ProductID(1), setting: .schemeLiquidation, value: 1)),
      .setProduct(SetProduct(product: ProductID(1), setting: .schemeLiquidationExtent, value: 2)),
      .setPlatform(SetPlatform(setting: .schemeLiquidation, value: 1)),
    ]
    commands += periods
    let clauses: [(ClauseKind, ClauseScopeKind, ClauseBasis, Int64, Int64)] = [
      (.singlePositionLots, .product, .absolute, 60, 90),
      (.totalExposureLots, .commodity, .absolute, 30, .min),
      (.totalPositionValue, .product, .netValue, 20_000_000, 40_000_000),
      (.totalAbsoluteExposureValue, .superSector, .equity, 10_000_000, .min),
      (.totalMargin, .sector, .allowedLoss, 4_000_000, .min),
      (.totalDailyLoss, .product, .absolute, 2_000 * 10_000, 40_000 * 10_000),
      (.totalTradedValue, .commodity, .absolute, 30_000_000 * 10_000, .min),
      (.totalDrawdown, .product, .unknown, 5_000_000, .min),
      (.overnightValue, .product, .netValue, 15_000_000, 60_000_000),
      (.overnightAbsoluteExposureMargin, .product, .equity, 1_000_000, .min),
    ]
    for (index, clause) in clauses.enumerated() {
      commands.append(
        .setSchemeClause(
          SetSchemeClause(
            scheme: 1, number: UInt16(index + 1), kind: clause.0, scopeKind: clause.1, scopeID: 0,
            direction: .both, basis: clause.2, levelOne: clause.3, levelTwo: clause.4)))
    }
    return commands
  }

  /// It is night from a day switch to the midnight before the new day, and the last two days are
  /// holidays: of each way to say what holds then one.
  private static var periods: [Command] {
    [
      period(ProductID(0), .night, .asDay, share: 80_000_000),
      period(ProductID(1), .night, .own),
      bind(product: 1, number: 2, scheme: 1, period: .night),
      period(ProductID(0), .holiday, .asNight, share: 90_000_000),
      period(ProductID(1), .holiday, .asDay, share: 110_000_000),
      period(ProductID(2), .holiday, .own),
      bind(product: 2, number: 2, scheme: 1, period: .holiday),
      .setSchemeHoliday(SetSchemeHoliday(number: 1, from: days[2], to: days[3])),
    ]
  }

  private static func period(
    _ product: ProductID, _ period: SchemePeriod, _ rule: PeriodRule, share: Int64 = 100_000_000,
    account: OperationAccountID = .none
  ) -> Command {
    .setSchemePeriod(
      SetSchemePeriod(
        product: product, period: period, rule: rule, share: share, account: account))
  }

  /// The first product pays by its net value, the others by their profit.
  private static func fees(_ product: ProductID) -> [Command] {
    [
      .setProductFees(
        SetProductFees(product: product, start: 20_260_101, days: 365, initial: .zero)),
      .setFeeBand(SetFeeBand(product: product, number: 1, from: 0, share: 1_000_000)),
      .setFeeBand(SetFeeBand(product: product, number: 2, from: 40_000_000, share: 2_000_000)),
      .setProductFee(
        product.raw == 0
          ? SetProductFee(
            product: product, kind: .management, method: .daily, basis: .priorDay,
            value: 2_000_000)
          : SetProductFee(
            product: product, kind: .adviser, method: .progressiveBands, basis: .unknown,
            value: .min)),
    ]
  }

  private static func bind(
    account: OperationAccountID, number: UInt16, scheme: UInt16, from: Int64 = .min,
    to: Int64 = .min, period: SchemePeriod = .day
  ) -> Command {
    .bindScheme(
      BindScheme(
        product: .none, number: number, scheme: scheme, basis: .current, from: from, to: to,
        period: period, account: account))
  }

  private static func bind(
    product: Int, number: UInt16, scheme: UInt16, from: Int64 = .min, to: Int64 = .min,
    period: SchemePeriod = .day
  ) -> Command {
    .bindScheme(
      BindScheme(
        product: ProductID(UInt32(product)), number: number, scheme: scheme,
        basis: scheme == .max ? .unknown : .current, from: from, to: to,
        period: scheme == .max ? .unknown : period))
  }

  /// A controller changes a clause, a sector or a binding.
  static func scheme(_ draws: inout SplitMix64) -> Command {
    let product = draws.below(modes.count)
    switch draws.below(17) {
    case 3: return liquidation(&draws)
    case 5, 6: return period(&draws)
    case 7: return holiday(&draws)
    case 4:
      // About where accounts are, and they are left by a step or after a while.
      let (from, to): (Int64, Int64) = draws.pick([
        (.min, .min), (99_990_000, 100_010_000), (.min, 100_000_000), (100_000_000, .min),
      ])
      return bind(
        account: OperationAccountID(draws.pick([1, 3])), number: 1,
        scheme: UInt16(draws.below(2)), from: from, to: to,
        period: draws.pick([.day, .day, .day, .night, .holiday]))
    case 0:
      return .setSectorCommodity(
        SetSectorCommodity(
          sector: UInt16(draws.below(2)), commodity: CommodityID(UInt32(draws.below(2))),
          isIn: draws.chance(70)))
    case 1:
      // One yuan a share, about: the band is hit and missed.
      let (from, to): (Int64, Int64) = draws.pick([
        (.min, .min), (99_900_000, 100_100_000), (.min, 99_990_000), (99_990_000, .min),
      ])
      return bind(
        product: product, number: 1, scheme: UInt16(draws.below(2)), from: from, to: to,
        period: draws.pick([.day, .day, .day, .night, .holiday]))
    case 2:
      return .setProduct(
        SetProduct(
          product: ProductID(UInt32(product)),
          setting: draws.pick([.barsFromLevelTwo, .ignoresExposureOnClose]),
          value: Int64(draws.below(2))))
    default: return clause(&draws)
    }
  }

  /// What holds at night, as it is from a day switch to the next midnight, or on holidays.
  private static func period(_ draws: inout SplitMix64) -> Command {
    let rule: PeriodRule = draws.pick([.none, .asDay, .asDay, .own, .asNight])
    let isShare = rule == .asDay || rule == .asNight
    let account: OperationAccountID = draws.chance(25) ? OperationAccountID(3) : .none
    return period(
      account.isNone ? ProductID(UInt32(draws.below(modes.count))) : .none,
      rule == .asNight ? .holiday : draws.pick([.night, .holiday]), rule,
      share: isShare ? Int64(40 + draws.below(80)) * 1_000_000 : 100_000_000, account: account)
  }

  /// Some of the days are holidays.
  private static func holiday(_ draws: inout SplitMix64) -> Command {
    let first = draws.below(days.count)
    return .setSchemeHoliday(
      SetSchemeHoliday(
        number: 1, from: draws.chance(80) ? days[first] : .none,
        to: days[first + draws.below(days.count - first)]))
  }

  /// Whether second levels liquidate, and how far: all of them, a product's, an account's.
  private static func liquidation(_ draws: inout SplitMix64) -> Command {
    let (whether, extent) = (draws.pick([0, 1, 1, 2]) as Int64, draws.pick([1, 2, 2]) as Int64)
    switch draws.below(5) {
    case 0:
      return .setPlatform(
        SetPlatform(setting: .schemeLiquidation, value: Int64(draws.below(2))))
    case 1, 2:
      let isWhether = draws.chance(60)
      return .setProduct(
        SetProduct(
          product: ProductID(UInt32(draws.below(modes.count))),
          setting: isWhether ? .schemeLiquidation : .schemeLiquidationExtent,
          value: isWhether ? whether : extent))
    default:
      let isWhether = draws.chance(60)
      return set(
        account: draws.pick([1, 3]), isWhether ? .schemeLiquidation : .schemeLiquidationExtent,
        isWhether ? whether : extent)
    }
  }

  private static func clause(_ draws: inout SplitMix64) -> Command {
    let kind = ClauseKind(rawValue: UInt8(draws.within(1...20))) ?? .singlePositionLots
    let scopes: [ClauseScopeKind] = [.product, .commodity, .sector, .superSector, .instrument]
    let scope = draws.pick(scopes.filter { kind.allows($0) })
    let isRatio = kind.measure.isShare || !kind.measure.isLots && draws.chance(50)
    let basis: ClauseBasis =
      kind.measure.isShare
      ? .unknown : isRatio ? draws.pick([.netValue, .equity, .allowedLoss]) : .absolute
    let level: Int64
    if kind.measure.isLots {
      level = draws.pick([5, 20, 60])
    } else {
      level =
        isRatio
        ? draws.pick([100_000, 3_000_000, 20_000_000])
        : draws.pick([1, 30]) * 100_000
          * 10_000
    }
    let isTwo = draws.chance(25)
    let isOne = !isTwo || draws.chance(60)
    return .setSchemeClause(
      SetSchemeClause(
        scheme: UInt16(draws.below(2)), number: UInt16(draws.within(1...8)), kind: kind,
        scopeKind: scope, scopeID: 0,
        direction: kind.hasDirections ? draws.pick([.both, .both, .long, .short]) : .both,
        basis: basis, levelOne: isOne ? level : .min,
        levelTwo: isTwo ? level * 3 : .min))
  }
}
