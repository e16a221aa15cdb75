import Domain
import Messages
import ReferenceModel

// Clauses close to where products stand, so that orders, prices and fills pass their levels.
extension TwinRun {
  /// Two schemes, sectors, and bindings of the first three products.
  func schemeTheme() {
    isAboutSchemes = true
    for name in ["metals", "others"] {
      step(.defineSector(DefineSector(name: FixedText(name)!)))
    }
    step(.defineSuperSector(DefineSuperSector(name: FixedText("all")!)))
    step(.defineScheme(DefineScheme(name: FixedText("one")!)))
    step(.defineScheme(DefineScheme(name: FixedText("two")!)))
    // A name is taken once.
    step(.defineScheme(DefineScheme(name: FixedText("two")!)))
    for _ in 0..<8 { sector() }
    if draw.chance(60) { for product in 0..<UInt32(3) { bind(ProductID(product)) } }
    for _ in 0..<6 { clause() }
    for product in 0..<UInt32(3) where draw.chance(30) {
      step(
        .setProduct(
          SetProduct(product: ProductID(product), setting: .ignoresExposureOnClose, value: 1)))
    }
    for product in 0..<UInt32(3) where draw.chance(40) {
      for (setting, value) in [
        (ProductSetting.schemeLiquidation, draw.within(1...2)),
        (.schemeLiquidationExtent, draw.within(1...2)),
      ] {
        step(
          .setProduct(
            SetProduct(product: ProductID(product), setting: setting, value: Int64(value))))
      }
      step(.setPlatform(SetPlatform(setting: .schemeLiquidation, value: 1)))
    }
    for product in 0..<UInt32(3) where draw.chance(40) {
      netValue(ProductID(product))
      netValueLines(ProductID(product))
      step(
        .setProduct(
          SetProduct(
            product: ProductID(product), setting: .barsFromLevelTwo,
            value: Int64(draw.below(2)))))
    }
  }

  func scheme() {
    switch draw.below(20) {
    case 0, 1: bind(ProductID(UInt32(draw.below(3))))
    case 2: netValue(ProductID(UInt32(draw.below(3))))
    case 3: sector()
    case 8: netValueLines(ProductID(UInt32(draw.below(3))))
    case 9: period()
    case 4...6: step(.timeReached, milliseconds: 60)
    case 7:
      step(
        .setProduct(
          SetProduct(
            product: ProductID(UInt32(draw.below(3))), setting: .ignoresExposureOnClose,
            value: Int64(draw.below(2)))))
    default: clause()
    }
  }

  private func sector() {
    if draw.chance(25) {
      step(
        .setSuperSectorMember(
          SetSuperSectorMember(
            superSector: UInt16(draw.pick([0, 0, 0, 3])), sector: UInt16(draw.below(2)),
            isIn: draw.chance(80))))
    } else {
      step(
        .setSectorCommodity(
          SetSectorCommodity(
            sector: UInt16(draw.below(2)), commodity: CommodityID(UInt32(draw.below(8))),
            isIn: draw.chance(75))))
    }
  }

  private func bind(_ product: ProductID) {
    if draw.chance(40) { netValue(product) }
    if draw.chance(10) {
      step(
        .bindScheme(
          BindScheme(
            product: product, number: UInt16(draw.within(1...3)), scheme: .max, basis: .unknown,
            from: .min, to: .min, period: .unknown)))
      return
    }
    // Most are bound whatever the net value is; others below or above one yuan.
    let (from, to): (Int64, Int64) = draw.pick([
      (.min, .min), (.min, .min), (.min, .min), (.min, 100_000_000), (100_000_000, .min),
      (90_000_000, 110_000_000),
    ])
    step(
      .bindScheme(
        BindScheme(
          product: product, number: UInt16(draw.within(1...3)), scheme: UInt16(draw.below(2)),
          basis: draw.pick([.current, .current, .priorDay]), from: from, to: to,
          period: draw.pick([.day, .day, .day, .day, .holiday]))))
  }

  private func netValue(_ product: ProductID) {
    let values = twin.netValues(product)
    let mode = draw.pick([NetValueMode.equity, .equity, .statedTotal, .externalTotal, .unknown])
    // Close to one yuan a share.
    let shares = Int64(clamping: values.now) + Int64(draw.within(-90_000...90_000)) * 10_000
    let total = mode == .equity || mode == .unknown ? 0 : Int64(draw.below(20_000_000)) * 10_000
    step(
      .setNetValue(
        SetNetValue(
          product: product, mode: mode, shares: mode == .unknown ? 0 : max(shares, 1),
          total: Money(units: total),
          liabilities: mode == .unknown ? .zero : Money(yuan: Int64(draw.below(1_000))),
          accruedFees: mode == .unknown ? .zero : Money(yuan: Int64(draw.below(1_000))))))
  }

  /// Around one yuan a share, where most products are.
  private func netValueLines(_ product: ProductID) {
    let warn = 100_000_000 + Int64(draw.within(-12...4)) * 10_000
    let isNone = draw.chance(25)
    step(
      .setNetValueLines(
        SetNetValueLines(
          product: product, basis: draw.pick([.current, .current, .priorDay]),
          topUp: isNone ? .min : warn + Int64(draw.below(3)) * 20_000,
          warn: isNone || draw.chance(15) ? .min : warn,
          liquidation: isNone || draw.chance(50) ? .min : warn - Int64(draw.within(1...6)) * 10_000)
      ))
  }

  /// Days that are holidays, and what holds then. Streams have no nights.
  private func period() {
    if draw.chance(50) {
      let day = draw.pick(TwinWorld.days)
      step(
        .setSchemeHoliday(
          SetSchemeHoliday(
            number: UInt16(draw.within(1...2)), from: draw.chance(60) ? day : .none,
            to: draw.chance(80) ? day : .none)))
    }
    let rule = draw.pick([PeriodRule.none, .asDay, .asDay, .own, .asNight])
    step(
      .setSchemePeriod(
        SetSchemePeriod(
          product: ProductID(UInt32(draw.below(3))),
          period: draw.pick([.holiday, .holiday, .holiday, .night]), rule: rule,
          share: rule == .asDay || rule == .asNight
            ? Int64(draw.within(30...120)) * 1_000_000 : 100_000_000)))
  }

  private func clause() {
    let number = UInt16(draw.within(1...8))
    let scheme = UInt16(draw.below(2))
    if draw.chance(12) {
      step(
        .setSchemeClause(
          SetSchemeClause(
            scheme: scheme, number: number, kind: .unknown, scopeKind: .unknown, scopeID: 0,
            direction: .unknown, basis: .unknown, levelOne: .min, levelTwo: .min)))
      return
    }
    let kind = ClauseKind(rawValue: UInt8(draw.within(1...26)))!
    var set = SetSchemeClause(
      scheme: scheme, number: number, kind: kind, scopeKind: .product, scopeID: 0,
      direction: kind.hasDirections ? draw.pick([.both, .both, .long, .short]) : .both,
      basis: .absolute, levelOne: .min, levelTwo: .min)
    (set.scopeKind, set.scopeID) = scope(kind)
    if kind.measure.isShare {
      set.basis = .unknown
    } else if !kind.measure.isLots {
      set.basis = draw.pick([.absolute, .netValue, .equity, .allowedLoss])
    }
    levels(&set)
    step(.setSchemeClause(set))
  }

  private func scope(_ kind: ClauseKind) -> (ClauseScopeKind, UInt32) {
    let all: [(ClauseScopeKind, UInt32)] = [
      (.product, 0), (.product, 0), (.instrument, draw.pick(TwinWorld.traded)),
      (.commodity, UInt32(draw.below(6))), (.exchange, UInt32(draw.within(1...6))),
      (.sector, UInt32(draw.below(2))), (.superSector, 0),
    ]
    return draw.pick(all.filter { kind.allows($0.0) })
  }

  /// Around what a product has in the scope by now.
  private func levels(_ set: inout SetSchemeClause) {
    let product = ProductID(UInt32(draw.below(3)))
    let instrument =
      set.scopeKind == .instrument
      ? InstrumentID(set.scopeID) : InstrumentID(draw.pick(TwinWorld.traded))
    let found = twin.value(
      set, product, twin.schemeFigures(product), single: instrument, isWorst: true,
      high: twin.netValues(product).now)
    var now = max(found.value, 0)
    let base: Int128?
    switch set.basis {
    case .absolute: base = nil
    case .unknown: base = found.base
    default: base = twin.netValues(product).now
    }
    if let base { now = base > 0 ? now * 100_000_000 / base : 0 }
    let isLots = set.kind.measure.isLots
    let step: Int64 = isLots ? 1 : base == nil ? 10_000 * 20_000 : 400_000
    let most =
      isLots ? Int64(1_000_000) : base == nil ? Ranges.cashMaximum : Ranges.lineRatioMaximum
    let level = min(
      max(Int64(clamping: now) + step * Int64(draw.pick([-3, 0, 0, 1, 4, 12])), 0), most - step * 40
    )
    switch draw.below(4) {
    case 0: set.levelTwo = max(level, 0)
    case 1:
      set.levelOne = max(level, 0)
      set.levelTwo = max(level, 0) + step * Int64(draw.within(1...30))
    default: set.levelOne = max(level, 0)
    }
  }
}
