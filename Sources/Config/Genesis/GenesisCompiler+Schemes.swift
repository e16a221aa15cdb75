// Sectors, schemes and bindings, as commands. They come before positions, so that the figures of a
// product that has schemes count from nothing.

import Domain
import Messages

extension GenesisCompiler {
  mutating func setSchemes() {
    let schemes = configuration.schemes
    for (place, sector) in schemes.sectors.enumerated() {
      append(.defineSector(DefineSector(name: fixed(sector.name))))
      for commodity in sector.commodities {
        append(
          .setSectorCommodity(
            SetSectorCommodity(
              sector: UInt16(place), commodity: CommodityID(UInt32(commodity)), isIn: true)))
      }
    }
    for (place, superSector) in schemes.superSectors.enumerated() {
      append(.defineSuperSector(DefineSuperSector(name: fixed(superSector.name))))
      for sector in superSector.sectors {
        append(
          .setSuperSectorMember(
            SetSuperSectorMember(
              superSector: UInt16(place), sector: UInt16(sector), isIn: true)))
      }
    }
    for (place, scheme) in schemes.schemes.enumerated() {
      append(.defineScheme(DefineScheme(name: fixed(scheme.name))))
      for clause in scheme.clauses { setClause(place, clause) }
    }
    let subjects = schemes.products + schemes.accounts
    // Where no range is bound, nothing is left.
    if subjects.contains(where: { $0.bindings.contains { $0.from != nil || $0.to != nil } }) {
      for (setting, value) in [
        (PlatformSetting.bandStep, schemes.bands.step),
        (.bandDwellSeconds, schemes.bands.dwellSeconds),
      ] {
        append(.setPlatform(SetPlatform(setting: setting, value: value)))
      }
    }
    for product in schemes.products {
      bindSchemes(product, to: ProductID(UInt32(product.place)), .none)
    }
    for account in schemes.accounts {
      bindSchemes(account, to: .none, OperationAccountID(UInt32(account.place)))
    }
    for (place, holiday) in schemes.holidays.enumerated() {
      guard let from = TradingDay(yyyymmdd: holiday.from.yyyymmdd),
        let to = TradingDay(yyyymmdd: holiday.to.yyyymmdd)
      else {
        report(.outOfRange, in: SchemeReader.file, "a holiday lies outside of 2018 to 2062")
        continue
      }
      append(
        .setSchemeHoliday(SetSchemeHoliday(number: UInt16(place + 1), from: from, to: to)))
    }
  }

  private mutating func setClause(_ scheme: Int, _ clause: SchemeSettings.Clause) {
    let id: UInt32
    switch clause.scope {
    case .product: id = 0
    case .sector(let sector): id = UInt32(sector)
    case .superSector(let superSector): id = UInt32(superSector)
    case .part(let written):
      guard let scope = scope(written) else { return }
      switch scope {
      case .exchange(let exchange): id = UInt32(exchange.rawValue)
      case .commodity(let commodity): id = commodity.raw
      case .instrument(let instrument): id = instrument.raw
      case .everything: id = 0
      }
    }
    append(
      .setSchemeClause(
        SetSchemeClause(
          scheme: UInt16(scheme), number: UInt16(clause.number), kind: clause.kind,
          scopeKind: ClauseConfigReader.scopeKind(clause.scope), scopeID: id,
          direction: clause.direction, basis: clause.basis, levelOne: clause.levelOne ?? .min,
          levelTwo: clause.levelTwo ?? .min)))
  }

  private mutating func bindSchemes(
    _ settings: SchemeSettings.Subject, to product: ProductID, _ account: OperationAccountID
  ) {
    if let value = settings.netValue {
      append(
        .setNetValue(
          SetNetValue(
            product: product, mode: value.mode, shares: value.shares, total: value.total,
            liabilities: value.liabilities, accruedFees: value.accruedFees, account: account)))
    }
    if settings.ignoresExposureOnClose {
      append(
        .setProduct(SetProduct(product: product, setting: .ignoresExposureOnClose, value: 1)))
    }
    for (setting, own, value, isSet) in [
      (
        ProductSetting.barsFromLevelTwo, AccountSetting.schemeBarsFromLevelTwo, Int64(1),
        settings.barsFromLevelTwo
      ),
      (
        .schemeLiquidation, .schemeLiquidation, Int64(settings.liquidation.rawValue),
        settings.liquidation != .no
      ),
      (
        .schemeLiquidationExtent, .schemeLiquidationExtent,
        Int64(settings.liquidationExtent.rawValue), settings.liquidationExtent != .all
      ),
    ] where isSet {
      append(
        account.isNone
          ? .setProduct(SetProduct(product: product, setting: setting, value: value))
          : .setAccount(SetAccount(account: account, setting: own, value: value)))
    }
    for period in settings.periods {
      append(
        .setSchemePeriod(
          SetSchemePeriod(
            product: product, period: period.period, rule: period.rule, share: period.share,
            account: account)))
    }
    for lines in settings.lines {
      append(
        .setNetValueLines(
          SetNetValueLines(
            product: product, basis: lines.basis, topUp: lines.topUp ?? .min,
            warn: lines.warn ?? .min, liquidation: lines.liquidation ?? .min, account: account)))
    }
    for (place, binding) in settings.bindings.enumerated() {
      append(
        .bindScheme(
          BindScheme(
            product: product, number: UInt16(place + 1), scheme: UInt16(binding.scheme),
            basis: binding.basis, from: binding.from ?? .min, to: binding.to ?? .min,
            period: binding.period, account: account)))
    }
  }
}
