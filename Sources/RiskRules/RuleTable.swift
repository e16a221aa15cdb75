import Domain
import Ledger
import MarketData

/// The order of evaluation, and the one switch from a rule's id to its function. What is known of
/// each rule apart from its function is in `rows`.
public enum RuleTable {
  /// The rules of an order at entry, in the order of the rule book, section by section and row by
  /// row (decisions 11). The rows that the rule book does not name come where they are needed:
  /// order type before quantity, ranges after price, and what a hold needs before its first use.
  public static let entryOrder: [RuleID] = [
    .unknownInstrument, .badSide, .badOffset, .badHedge, .badOrderType, .badQuantity,
    .badPriceTick, .amountOverflow, .tradingSession, .priceLimits, .deliveryMultiple,
    .duplicateOrder, .staleMarketData,
    .killSwitch, .barredByController,
    .notBound, .accountEnabled, .openPermission, .hedgePermission, .notTradable, .deliveryMonth,
    .limitBand, .marketDataMissing, .ratesMissing, .orderSize, .fatFinger, .positionLimit,
    .capacity, .marginLimit, .cancelLimit, .openOrders, .orderRate, .tradedValue,
    .positionAvailable, .fundsAvailable,
    .liquidating, .riskDegree, .dailyLoss, .dailyLossRatio, .totalLossRatio, .positionMarginRatio,
    .overnightMargin, .overnightExposure, .sessionFlat, .drawdown, .slowDown,
  ]

  /// What a forced order is asked: structure and over-close (rules.md 0).
  public static let forcedOrder: [RuleID] = [
    .unknownInstrument, .badSide, .badOffset, .badHedge, .badOrderType, .badQuantity,
    .badPriceTick, .amountOverflow, .tradingSession, .priceLimits, .deliveryMultiple, .notBound,
    .positionAvailable,
  ]

  /// The rules of a log in. Lockout comes first, so that a locked account says nothing of the
  /// password.
  public static let logonOrder: [RuleID] = [
    .loginLockout, .loginCredentials, .ipWhitelist, .macWhitelist, .oneSession,
  ]

  /// Every rule that a decision can name, by code.
  public static let rows: [RuleRow] =
    logonRows + wellFormedRows + accountRows + lineRows + routingRows + schemeRows + deskRows
    + budgetRows + gatewayRows

  /// Nil for `.none`.
  public static func row(_ rule: RuleID) -> RuleRow? { rows.first { $0.id == rule } }

  /// By its kebab-case name.
  public static func row(named name: some StringProtocol) -> RuleRow? {
    rows.first { $0.name == name }
  }

  /// `CTP: ErrorID` of a refusal: over-close has a number for each offset.
  public static func ctpErrorID(_ rule: RuleID, _ offset: Offset) -> Int {
    if rule == .positionAvailable {
      switch offset {
      case .closeToday: return 50
      case .closeYesterday: return 51
      case .close, .open, .unknown: break
      }
    }
    return row(rule)?.ctpErrorID ?? 0
  }

  /// Says what one rule finds in an order. Rules that are not asked of an order at entry (log in,
  /// fund accounts, the gateway's own) are off here.
  public static func evaluate(
    _ rule: RuleID, _ context: OrderContext, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Finding {
    switch rule {
    case .unknownInstrument: UnknownInstrument.evaluate(context, ledger, market)
    case .badSide: BadSide.evaluate(context, ledger, market)
    case .badOffset: BadOffset.evaluate(context, ledger, market)
    case .badHedge: BadHedge.evaluate(context, ledger, market)
    case .badOrderType: BadOrderType.evaluate(context, ledger, market)
    case .badQuantity: BadQuantity.evaluate(context, ledger, market)
    case .badPriceTick: BadPriceTick.evaluate(context, ledger, market)
    case .amountOverflow: AmountOverflow.evaluate(context, ledger, market)
    case .tradingSession: TradingSession.evaluate(context, ledger, market)
    case .priceLimits: PriceLimits.evaluate(context, ledger, market)
    case .deliveryMultiple: DeliveryMultiple.evaluate(context, ledger, market)
    case .duplicateOrder: DuplicateOrder.evaluate(context, ledger, market)
    case .staleMarketData: StaleMarketData.evaluate(context, ledger, market)
    case .killSwitch: KillSwitch.evaluate(context, ledger, market)
    case .barredByController: BarredByController.evaluate(context, ledger, market)
    case .notBound: NotBound.evaluate(context, ledger, market)
    case .accountEnabled: AccountEnabled.evaluate(context, ledger, market)
    case .openPermission: OpenPermission.evaluate(context, ledger, market)
    case .hedgePermission: HedgePermission.evaluate(context, ledger, market)
    case .notTradable: NotTradable.evaluate(context, ledger, market)
    case .deliveryMonth: DeliveryMonth.evaluate(context, ledger, market)
    case .limitBand: LimitBand.evaluate(context, ledger, market)
    case .marketDataMissing: MarketDataMissing.evaluate(context, ledger, market)
    case .ratesMissing: RatesMissing.evaluate(context, ledger, market)
    case .orderSize: OrderSize.evaluate(context, ledger, market)
    case .fatFinger: FatFinger.evaluate(context, ledger, market)
    case .positionLimit: PositionLimit.evaluate(context, ledger, market, isExplaining: true)
    case .capacity: Capacity.evaluate(context, ledger, market)
    case .marginLimit: MarginLimit.evaluate(context, ledger, market, isExplaining: true)
    case .cancelLimit: CancelLimit.evaluate(context, ledger, market)
    case .openOrders: OpenOrders.evaluate(context, ledger, market)
    case .orderRate: OrderRate.evaluate(context, ledger, market)
    case .tradedValue: TradedValue.evaluate(context, ledger, market, isExplaining: true)
    case .positionAvailable: PositionAvailable.evaluate(context, ledger, market)
    case .fundsAvailable: FundsAvailable.evaluate(context, ledger, market)
    case .liquidating: Liquidating.evaluate(context, ledger, market)
    case .riskDegree: RiskDegree.evaluate(context, ledger, market, isExplaining: true)
    case .dailyLoss: DailyLoss.evaluate(context, ledger, market, isExplaining: true)
    case .dailyLossRatio: DailyLossRatio.evaluate(context, ledger, market, isExplaining: true)
    case .totalLossRatio: TotalLossRatio.evaluate(context, ledger, market, isExplaining: true)
    case .positionMarginRatio:
      PositionMarginRatio.evaluate(context, ledger, market, isExplaining: true)
    case .overnightMargin: OvernightMargin.evaluate(context, ledger, market)
    case .overnightExposure: OvernightExposure.evaluate(context, ledger, market)
    case .sessionFlat: SessionFlat.evaluate(context, ledger, market)
    case .drawdown: Drawdown.evaluate(context, ledger, market, isExplaining: true)
    case .slowDown: SlowDown.evaluate(context, ledger, market)
    default: .off(rule, .otherKind)
    }
  }

  /// Every rule of an order at entry with what it finds, in the order of evaluation (explain).
  public static func findings(
    _ context: OrderContext, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) -> [Finding] {
    var findings: [Finding] = []
    findings.reserveCapacity(entryOrder.count)
    for rule in entryOrder { findings.append(evaluate(rule, context, ledger, market)) }
    return findings
  }

  /// Says what one rule finds in a log in; others are off.
  public static func evaluate(
    _ rule: RuleID, _ context: LogonContext, _ ledger: borrowing Ledger
  ) -> Finding {
    switch rule {
    case .loginLockout: LoginLockout.evaluate(context, ledger)
    case .loginCredentials: LoginCredentials.evaluate(context, ledger)
    case .ipWhitelist: IPWhitelist.evaluate(context, ledger)
    case .macWhitelist: MACWhitelist.evaluate(context, ledger)
    case .oneSession: OneSession.evaluate(context, ledger)
    default: .off(rule, .otherKind)
    }
  }

  /// Why a log in is refused: the first rule that fails. False, and `failure` untouched, when none
  /// does.
  public static func firstLogonFailure(
    _ context: LogonContext, _ ledger: borrowing Ledger, _ failure: inout Refusal
  ) -> Bool {
    for rule in logonOrder {
      let finding = evaluate(rule, context, ledger)
      if !finding.passes {
        failure = finding.figures
        return true
      }
    }
    return false
  }

  /// The rules of a controller's request, in their order.
  public static let controlOrder: [RuleID] = [
    .notPermitted, .accountNotBoundToController, .reasonMissing,
  ]

  /// Says what one rule finds in a controller's request; others are off.
  public static func evaluate(
    _ rule: RuleID, _ context: ControlContext, _ ledger: borrowing Ledger
  ) -> Finding {
    switch rule {
    case .notPermitted: NotPermitted.evaluate(context, ledger)
    case .accountNotBoundToController: AccountNotBoundToController.evaluate(context, ledger)
    case .reasonMissing: ReasonMissing.evaluate(context, ledger)
    default: .off(rule, .otherKind)
    }
  }

  /// Why a controller's request is refused: the first rule that fails; nil when none does.
  public static func firstControlFailure(
    _ context: ControlContext, _ ledger: borrowing Ledger
  ) -> Refusal? {
    for rule in controlOrder {
      let finding = evaluate(rule, context, ledger)
      if !finding.passes { return finding.figures }
    }
    return nil
  }
}
