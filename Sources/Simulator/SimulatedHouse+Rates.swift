import Domain
import Messages

// Whose rates the accounts of a run have, and what a controller changes about them.
extension SimulatedHouse {
  /// Orders of it and their cancels are declared for a fee.
  static let declaredCommodity = 1

  /// A template of each kind: the first account has them all and takes its own rates; product 1
  /// reads its rates from a fund account that it names.
  static var rateWays: [Command] {
    let kinds: [TemplateKind] = [.margin, .fee, .orderSize, .tradable]
    var commands = kinds.enumerated().map { index, kind in
      Command.defineTemplate(DefineTemplate(name: Name("template-\(index)")!, kind: kind))
    }
    let share = TwoPartRate(byValue: Rate(units: 15_000_000), byLot: Money(units: 15_000_000))
    commands += [
      .setMarginRates(
        SetMarginRates(
          ownerKind: .template, ownerID: 0, scope: .commodity(CommodityID(0)),
          method: .relativePercent, long: share, short: share)),
      .setFeeRates(
        SetFeeRates(
          ownerKind: .template, ownerID: 1, scope: .commodity(CommodityID(1)),
          method: .relativeAbsolute, open: TwoPartRate(byLot: Money(yuan: 1)),
          close: TwoPartRate(byLot: Money(yuan: 1)),
          closeToday: TwoPartRate(byValue: Rate(units: 300)))),
      .setTemplateOrderSize(
        SetTemplateOrderSize(
          template: AccountTemplateID(2), commodity: CommodityID(1), lots: 12, margin: .none)),
      .setProduct(SetProduct(product: ProductID(1), setting: .rateAccount, value: 2)),
      .setDeclared(
        SetDeclared(commodity: CommodityID(UInt32(declaredCommodity)), declared: true)),
      set(account: 2, .declarationMode, 2), set(account: 2, .declarationFee, 25_000),
      set(account: 2, .declarationUnit, 1), set(account: 0, .marginRateMode, 1),
      set(account: 0, .feeRateMode, 1),
    ]
    commands += kinds.enumerated().map { index, kind in
      .assignTemplate(
        AssignTemplate(
          account: OperationAccountID(0), kind: kind, template: AccountTemplateID(UInt32(index))))
    }
    return commands
  }

  /// Bits of SHFE and DCE; the simulated counters take both sides all the same.
  private static func oneSided(
    account: Int, fund: Int, _ draws: inout SplitMix64
  ) -> Command {
    let bits: Int64 = draws.chance(85) ? 5 : 0
    switch draws.below(3) {
    case 0: return set(account: account, .oneSidedExchanges, bits)
    case 1: return set(fund: fund, .oneSidedExchanges, bits)
    default: return set(fund: fund, .counterOneSidedExchanges, bits)
    }
  }

  /// A controller changes a rate, or who takes which.
  static func rates(account: Int, fund: Int, _ draws: inout SplitMix64) -> Command {
    let scope = Scope.commodity(CommodityID(UInt32(draws.below(2))))
    let rates = draws.chance(50) ? rateSet : dearRates
    switch draws.below(9) {
    case 7:
      return set(account: account, .declarationMode, draws.pick([0, 1, 2]))
    case 8: return oneSided(account: account, fund: fund, &draws)
    case 0:
      return .setRates(
        SetRates(
          ownerKind: .operationAccount, ownerID: UInt32(account), scope: scope, rates: rates))
    case 1:
      return .counterRates(
        CounterRates(fundAccount: FundAccountID(UInt32(fund)), scope: scope, rates: rates))
    case 2:
      return set(
        account: account, draws.chance(50) ? .marginRateMode : .feeRateMode,
        draws.pick([0, 1, 1, 2]))
    case 3:
      return .setPlatform(
        SetPlatform(
          setting: draws.chance(50) ? .marginRateMode : .feeRateMode,
          value: draws.pick([1, 2, 2])))
    case 4:
      let share = TwoPartRate(
        byValue: Rate(units: draws.pick([0, 5_000_000, 33_333_333])), byLot: .zero)
      return .setMarginRates(
        SetMarginRates(
          ownerKind: draws.pick([.operationAccount, .everybody, .product]),
          ownerID: UInt32(account % modes.count), scope: scope,
          method: draws.pick([.relativePercent, .relativePercent, .unknown]), long: share,
          short: share))
    case 5:
      return .assignTemplate(
        AssignTemplate(
          account: OperationAccountID(UInt32(account)), kind: .margin,
          template: draws.chance(60) ? AccountTemplateID(0) : .none))
    default:
      return .setTemplateTradable(
        SetTemplateTradable(
          template: AccountTemplateID(3), scope: scope, listed: draws.chance(25)))
    }
  }
}
