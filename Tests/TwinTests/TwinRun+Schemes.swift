import Domain
import Messages
import ReferenceModel

// Clauses close to where products and accounts stand, so that orders, prices and fills pass their
// levels.
extension TwinRun {
  /// Whose schemes: a product's, or an account's that is as a product of its own.
  struct Subject {
    var product = ProductID.none
    var account = OperationAccountID.none

    var twin: TwinSubject { account.isNone ? .product(product) : .account(account) }
  }

  /// One of the first three products, or of more accounts than there is room for.
  private func anySubject() -> Subject {
    guard draw.chance(35) else { return Subject(product: ProductID(UInt32(draw.below(3)))) }
    return Subject(account: OperationAccountID(draw.pick([0, 0, 3, 3, 5, 5, 6])))
  }

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
    if draw.chance(60) {
      for product in 0..<UInt32(3) { bind(Subject(product: ProductID(product))) }
    }
    if draw.chance(50) {
      for account: UInt32 in [0, 3, 5] {
        let subject = Subject(account: OperationAccountID(account))
        netValue(subject)
        bind(subject)
      }
    }
    if draw.chance(40) {
      step(
        .setPlatform(SetPlatform(setting: .bandStep, value: Int64(draw.pick([10_000, 60_000])))))
      step(
        .setPlatform(SetPlatform(setting: .bandDwellSeconds, value: Int64(draw.pick([0, 3, 60])))))
    }
    for _ in 0..<6 { clause() }
    for product in 0..<UInt32(3) where draw.chance(70) {
      step(
        .setProduct(
          SetProduct(product: ProductID(product), setting: .ignoresExposureOnClose, value: 1)))
    }
    for account: UInt32 in [0, 3, 5] where draw.chance(40) {
      step(
        .setAccount(
          SetAccount(
            account: OperationAccountID(account), setting: .ignoresExposureOnClose, value: 1)))
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
      netValue(Subject(product: ProductID(product)))
      netValueLines(Subject(product: ProductID(product)))
      step(
        .setProduct(
          SetProduct(
            product: ProductID(product), setting: .barsFromLevelTwo,
            value: Int64(draw.below(2)))))
    }
    for product in 0..<UInt32(3) where draw.chance(40) {
      for _ in 0..<6 { fee(ProductID(product)) }
    }
  }

  func scheme() {
    switch draw.below(24) {
    case 0, 1: bind(anySubject())
    case 2: netValue(anySubject())
    case 3: sector()
    case 8: netValueLines(anySubject())
    case 20: ownSetting()
    case 21:
      step(
        .setPlatform(
          SetPlatform(
            setting: draw.pick([.bandStep, .bandDwellSeconds]),
            value: draw.pick([.min, 0, 5, 20_000, 100_000_001]))))
    case 9: period()
    case 10: fee(ProductID(UInt32(draw.below(3))))
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

  /// What an account says of schemes of its own, whether it has any or not.
  private func ownSetting() {
    let (setting, values): (AccountSetting, [Int64]) = draw.pick([
      (.schemeBarsFromLevelTwo, [0, 0, 1, .min]), (.schemeLiquidation, [0, 1, 1, 2, 3]),
      (.schemeLiquidationExtent, [.min, 1, 2, 2, 5]),
    ])
    step(
      .setAccount(
        SetAccount(
          account: OperationAccountID(draw.pick([0, 0, 3, 5, 6])), setting: setting,
          value: draw.pick(values))))
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

  private func bind(_ subject: Subject) {
    if draw.chance(40) { netValue(subject) }
    if draw.chance(10) {
      step(
        .bindScheme(
          BindScheme(
            product: subject.product, number: UInt16(draw.within(1...3)), scheme: .max,
            basis: .unknown, from: .min, to: .min, period: .unknown, account: subject.account)))
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
          product: subject.product, number: UInt16(draw.within(1...3)),
          scheme: UInt16(draw.below(2)),
          basis: draw.pick([.current, .current, .priorDay]), from: from, to: to,
          period: draw.pick([.day, .day, .day, .day, .holiday]), account: subject.account)))
  }

  private func netValue(_ subject: Subject) {
    let values = twin.netValues(subject.twin)
    let mode = draw.pick([NetValueMode.equity, .equity, .statedTotal, .externalTotal, .unknown])
    // Close to one yuan a share.
    let shares = Int64(clamping: values.now) + Int64(draw.within(-90_000...90_000)) * 10_000
    let total = mode == .equity || mode == .unknown ? 0 : Int64(draw.below(20_000_000)) * 10_000
    step(
      .setNetValue(
        SetNetValue(
          product: subject.product, mode: mode, shares: mode == .unknown ? 0 : max(shares, 1),
          total: Money(units: total),
          liabilities: mode == .unknown ? .zero : Money(yuan: Int64(draw.below(1_000))),
          accruedFees: mode == .unknown ? .zero : Money(yuan: Int64(draw.below(1_000))),
          account: subject.account)))
  }

  /// Fees of a product, small enough that its unit net value stays around one yuan.
  private func fee(_ product: ProductID) {
    switch draw.below(4) {
    case 0:
      let isOff = draw.chance(20)
      step(
        .setProductFees(
          SetProductFees(
            product: product, start: isOff ? 0 : draw.pick([20_261_101, 20_261_125, 20_250_228]),
            days: isOff ? 0 : draw.pick([365, 360, 7]),
            initial: isOff ? .zero : Money(yuan: Int64(draw.below(2_000_000))))))
    case 1:
      step(
        .setFeeBand(
          SetFeeBand(
            product: product, number: UInt16(draw.within(0...4)),
            from: draw.chance(20) ? .min : 99_900_000 + Int64(draw.within(0...4)) * 50_000,
            share: Int64(draw.within(1...9)) * 1_000_000)))
    default:
      let kind = draw.pick([FeeKind.management, .custody, .adviser, .adviser])
      let method = draw.pick(FeeMethod.allCases)
      let value: Int64 =
        switch method {
        case .unknown, .bands, .progressiveBands: .min
        case .daily, .profitShare: Int64(draw.below(900_000))
        case .amount: Int64(draw.below(100)) * 10_000
        }
      step(
        .setProductFee(
          SetProductFee(
            product: product, kind: kind, method: method,
            basis: method == .daily ? draw.pick([.initial, .priorDay]) : .unknown, value: value)))
    }
  }

  /// Around one yuan a share, where most products are.
  private func netValueLines(_ subject: Subject) {
    let warn = 100_000_000 + Int64(draw.within(-12...4)) * 10_000
    let isNone = draw.chance(25)
    step(
      .setNetValueLines(
        SetNetValueLines(
          product: subject.product, basis: draw.pick([.current, .current, .priorDay]),
          topUp: isNone ? .min : warn + Int64(draw.below(3)) * 20_000,
          warn: isNone || draw.chance(15) ? .min : warn,
          liquidation: isNone || draw.chance(50) ? .min : warn - Int64(draw.within(1...6)) * 10_000,
          account: subject.account)))
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
    let subject = anySubject()
    step(
      .setSchemePeriod(
        SetSchemePeriod(
          product: subject.product,
          period: draw.pick([.holiday, .holiday, .holiday, .night]), rule: rule,
          share: rule == .asDay || rule == .asNight
            ? Int64(draw.within(30...120)) * 1_000_000 : 100_000_000, account: subject.account)))
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
    // Twice as often as others: orders seldom come to a margin of exposure before another clause.
    let kind = ClauseKind(rawValue: UInt8(draw.within(1...27))) ?? .totalExposureMargin
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
    let subject = anySubject().twin
    let instrument =
      set.scopeKind == .instrument
      ? InstrumentID(set.scopeID) : InstrumentID(draw.pick(TwinWorld.traded))
    let found = twin.value(
      set, subject, twin.schemeFigures(subject), single: instrument, isWorst: true,
      high: twin.netValues(subject).now)
    var now = max(found.value, 0)
    let base: Int128?
    switch set.basis {
    case .absolute: base = nil
    case .unknown: base = found.base
    default: base = twin.netValues(subject).now
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
