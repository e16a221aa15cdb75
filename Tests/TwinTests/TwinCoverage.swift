import Domain
import Messages

/// How often everything happened that a stream should make happen.
struct TwinCoverage: Sendable {
  private(set) var counts: [String: Int] = [:]

  mutating func add(_ what: String, _ times: Int = 1) {
    if times > 0 { counts[what, default: 0] += times }
  }

  mutating func add(_ other: TwinCoverage) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  mutating func add(_ command: Command, _ effects: [Effect]) {
    add("command \(Self.name(command))")
    if case .childReport(let report) = command { add("counter \(report.kind)") }
    for effect in effects {
      switch effect {
      case .report(let report):
        add("report \(report.execType)")
        add("state \(report.state)")
        let isRefusal = report.execType == .rejected || report.execType == .cancelRejected
        if isRefusal { add("rule \(report.refusal.rule)") }
      case .commandRefused(let refused): add("rule \(refused.refusal.rule)")
      case .logonVerdict(let verdict): add("rule \(verdict.refusal.rule)")
      case .notice(let notice):
        add("notice \(notice.kind)")
        if notice.kind == .fundAccountDeclined { add("declined \(notice.rule)") }
      case .sendOrder(let sent):
        add("child \(sent.offset)")
        if TwinWorld.options.contains(sent.instrument.raw) {
          add("option \(sent.side) to \(sent.offset.isClosing ? "close" : "open")")
        }
      case .sendCancel: add("cancel sent")
      case .askFate: add("fate asked")
      case .defined: add("defined")
      case .massCancelDone: add("mass cancel done")
      case .controllerVerdict(let verdict): add("controller \(verdict.refusal.rule)")
      case .controlTaken(let taken): add("control \(taken.kind)")
      case .controlDone(let done): add("rule \(done.refusal.rule)")
      case .dropSessions: add("sessions dropped")
      case .forcedCancel: add("forced cancel")
      case .childWaits: add("child waits")
      case .liquidationProgress(let progress):
        add("liquidation \(progress.phase)")
        if progress.phase == .cancelling { add("liquidation by \(progress.owner)") }
        if progress.phase == .ended { add("liquidation ended: \(progress.end)") }
        if progress.waits != .none { add("liquidation waits: \(progress.waits)") }
      }
    }
  }

  /// A case without what it carries.
  static func name(_ command: Command) -> String {
    Mirror(reflecting: command).children.first?.label ?? String(describing: command)
  }

  /// What never happened, of all that can happen in an engine fed by itself.
  var missing: [String] { expected.filter { counts[$0] == nil } }

  private var expected: [String] {
    // Only the edge knows these, or they stand where each fund account has its own reason.
    let ofTheEdge: Set<RuleID> = [
      .none, .shuttingDown, .staleOrder, .journalUnavailable, .loginBusy, .noFundAccount,
      // A notice is all that they give.
      .netValueTopUp, .programmeTrading,
    ]
    // What routing says of a fund account that declined.
    let declined: [RuleID] = [
      .fundMinReserve, .fundOpenPermission, .fundHedgePermission, .fundOrderSize,
      .fundPositionLimit, .fundPositionAvailable, .fundLinkDown, .selfTrade, .fundOpenVolume,
      .fundOrderRate, .fundNotTradable, .fundCancelQuota, .fundVolumeQuota, .fundKillSwitch,
      .fundMessageQuota,
      .selfTradeBudget, .cancelBudget, .limitPriceCancelBudget, .largeCancelBudget,
      .openedLotsBudget,
    ]
    let notices = NoticeKind.allCases.filter { $0 != .unknown && $0 != .holderOverflow }
    return Self.commands.map { "command \($0)" }
      + RuleID.allCases.filter { !ofTheEdge.contains($0) }.map { "rule \($0)" }
      + declined.map { "declined \($0)" }
      + notices.map { "notice \($0)" }
      + ChildReportKind.allCases.filter { $0 != .unknown }.map { "counter \($0)" }
      + ExecType.allCases.filter { $0 != .unknown }.map { "report \($0)" }
      + [OrderState.accepted, .working, .partlyFilled, .filled, .cancelled, .rejected]
      .map { "state \($0)" }
      + [Offset.open, .close, .closeToday, .closeYesterday].map { "child \($0)" }
      + ["cancel sent", "fate asked", "day with work", "slice between"]
      + ["newly refused", "newly taken", "sessions dropped", "compared under other settings"]
      + ["option buy to open", "option sell to open", "option buy to close"]
      + ["option sell to close"]
      + ControlKind.allCases.filter { $0 != .unknown }.map { "control \($0)" }
      + [RuleID.none, .loginCredentials, .loginLockout, .oneSession, .ipWhitelist, .macWhitelist]
      .map { "controller \($0)" } + ["forced cancel", "child waits", "liquidation by product"]
      + LiquidationPhase.allCases.filter { $0 != .unknown }.map { "liquidation \($0)" }
      + LiquidationEnd.allCases.filter { $0 != .unknown }.map { "liquidation ended: \($0)" }
  }

  static let commands = [
    "newOrder", "cancelOrder", "massCancel", "logon", "sessionClosed", "childReport",
    "counterTrade", "counterLinkUp", "counterResynced", "counterLinkDown", "counterFunds", "tick",
    "instrumentStatus", "dayReference", "settlementPrice", "timeReached", "continueWork",
    "daySwitch", "clockJumped", "confirmClock", "engineSettings", "defineTradingHours",
    "defineCommodity", "defineInstrument", "defineCounter", "defineProduct", "defineFundAccount",
    "defineOperationAccount", "setPlatform", "setAccount", "setProduct", "setFundAccount",
    "setProductMode", "setDeliveryBar", "setTradingCode", "setCredential", "allowAddress",
    "allowMAC", "setPositionLimit", "setLimitBand", "setOrderSize", "setTradable",
    "setFundPositionLimit", "setFundOrderSize", "setRates", "moveCash", "setOpeningBalance",
    "setOpeningPosition", "setFundOpenVolume", "releaseOrderRate", "setFundTradable",
    "setSharedTradable", "setFundQuota", "setFundPriority", "assignUnmapped",
    "setAccountLine", "setPlatformLine", "setLineAction", "setNoticeAudience", "setOvernight",
    "setSessionFlat",
    "setSessionFlatCommodity", "defineSector", "setSectorCommodity",
    "defineSuperSector", "setSuperSectorMember", "defineScheme", "setSchemeClause", "bindScheme",
    "setNetValue", "setNetValueLines", "setSchemePeriod", "setSchemeHoliday",
    "setProductFees", "setProductFee", "setFeeBand",
    "configurationChange", "clearAccess", "clearControllerAccess",
    "defineController", "setController",
    "bindController", "setControllerCredential", "allowControllerAddress", "allowControllerMAC",
    "controllerLogon", "controllerClosed", "barOpening", "killSwitch", "cancelAnyOrder",
    "kickSession", "controlRelease", "controlAssign", "controlLiquidate", "controlStop",
    "forceLiquidate", "stopLiquidation",
    "setMarginRates", "setFeeRates",
    "counterRates", "defineTemplate", "setTemplateOrderSize", "setTemplateTradable",
    "setTemplateOnlyListed", "assignTemplate", "setDeclared", "setBudget",
    "setControlGroup", "setMarketMaking",
  ]

  var text: String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
  }
}
