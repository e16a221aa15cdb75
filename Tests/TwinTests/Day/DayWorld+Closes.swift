import Domain
import Messages

// What holds before closes and toward counters, what exchanges charge and give besides, and an
// account that is as a product of its own.
extension DayWorld {
  static var closingRules: [Command] {
    windowRules + counterRules + ownScheme
  }

  /// Overnight lines by margin and by exposure, session-flat at midday and at both closes.
  private static var windowRules: [Command] {
    func overnight(
      _ account: UInt32, _ measure: OvernightMeasure, _ basis: LineBasis, percent: Int64,
      _ excess: OvernightExcess
    ) -> Command {
      .setOvernight(
        SetOvernight(
          account: OperationAccountID(account), measure: measure, basis: basis, excess: excess,
          limit: percent * 1_000_000))
    }
    func flat(
      _ account: UInt32, _ close: SessionClose, _ action: SessionFlatAction,
      _ commodities: UInt32...
    ) -> [Command] {
      let account = OperationAccountID(account)
      return [
        .setSessionFlat(
          SetSessionFlat(
            account: account, close: close, action: action, everything: commodities.isEmpty))
      ]
        + commodities.map {
          .setSessionFlatCommodity(
            SetSessionFlatCommodity(
              account: account, close: close, commodity: CommodityID($0), isIn: true))
        }
    }
    let night: [Command] = [0, 3].map {
      .setAccount(
        SetAccount(account: OperationAccountID($0), setting: .countsNightClose, value: 1))
    }
    let products: [Command] = [0, 1].map {
      .setProduct(SetProduct(product: ProductID($0), setting: .countsNightClose, value: 1))
    }
    return night + products + [
      overnight(0, .margin, .marketEquity, percent: 4, .reduce),
      overnight(3, .exposure, .allowedLoss, percent: 25, .reduce),
      overnight(5, .margin, .marketEquity, percent: 3, .barOnly),
    ] + flat(2, .midday, .flatten, 0, 2) + flat(4, .night, .barOpening)
      + flat(7, .day, .flatten)
  }

  /// Quotas of messages a second, declaration fees of the index, one-sided margin.
  private static var counterRules: [Command] {
    let funds: [(UInt32, FundAccountSetting, Int64)] = [
      (0, .messageQuota, 9), (0, .messageReserve, 3), (4, .messageQuota, 12),
      (2, .oneSidedExchanges, 63), (2, .counterOneSidedExchanges, 63),
      (3, .oneSidedExchanges, 63), (3, .counterOneSidedExchanges, 63),
    ]
    let accounts: [(UInt32, AccountSetting, Int64)] = [
      (3, .oneSidedExchanges, 63), (4, .oneSidedExchanges, 16),
      (0, .declarationMode, 1), (1, .declarationMode, 2), (1, .declarationFee, 5_000),
      (1, .declarationUnit, 1),
    ]
    return [.setDeclared(SetDeclared(commodity: CommodityID(1), declared: true))]
      + funds.map {
        .setFundAccount(SetFundAccount(fundAccount: FundAccountID($0), setting: $1, value: $2))
      }
      + accounts.map {
        .setAccount(SetAccount(account: OperationAccountID($0), setting: $1, value: $2))
      }
  }

  /// Account 6 has 3 500 000 yuan, a yuan a share, and the scheme of the products besides a band.
  private static var ownScheme: [Command] {
    let account = OperationAccountID(6)
    let unit: Int64 = 100_000_000
    return [
      .setNetValue(
        SetNetValue(
          product: .none, mode: .equity, shares: 3_500_000 * 10_000, total: .zero,
          liabilities: .zero, accruedFees: .zero, account: account)),
      .bindScheme(
        BindScheme(
          product: .none, number: 1, scheme: 0, basis: .current, from: unit * 9 / 10, to: .min,
          period: .day, account: account)),
      .setNetValueLines(
        SetNetValueLines(
          product: .none, basis: .current, topUp: unit * 999 / 1_000, warn: unit * 99 / 100,
          liquidation: unit * 96 / 100, account: account)),
      .setSchemePeriod(
        SetSchemePeriod(
          product: .none, period: .night, rule: .asDay, share: unit / 2, account: account)),
      .setAccount(SetAccount(account: account, setting: .schemeLiquidation, value: 1)),
      .setAccount(SetAccount(account: account, setting: .schemeLiquidationExtent, value: 2)),
    ]
  }
}
