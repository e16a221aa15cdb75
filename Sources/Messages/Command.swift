import Domain

/// Everything an answer may depend on. Case order and codes are those of schema/journal.xml.
public enum Command: Equatable, Sendable, BitwiseCopyable {
  // Terminals.
  case newOrder(NewOrder)
  case cancelOrder(CancelOrder)
  case massCancel(MassCancel)
  case logon(Logon)
  case sessionClosed(SessionClosed)

  // Counters.
  case childReport(ChildReport)
  case counterTrade(CounterTrade)
  case counterLinkUp(CounterLinkUp)
  case counterResynced(CounterResynced)
  case counterLinkDown(CounterLinkDown)
  case counterFunds(CounterFunds)

  // Market.
  case tick(Tick)
  case instrumentStatus(InstrumentStatus)
  case dayReference(DayReference)
  case settlementPrice(SettlementPrice)

  // Time.
  /// A deadline the engine named has passed.
  case timeReached
  /// The engine's work queue is not empty: the next slice of at most 256 units.
  case continueWork
  case daySwitch(DaySwitch)
  case clockJumped(ClockJumped)
  /// An operator confirmed a clock that had jumped forward.
  case confirmClock

  // Definitions.
  case engineSettings(EngineSettings)
  case defineTradingHours(DefineTradingHours)
  case defineCommodity(DefineCommodity)
  case defineInstrument(DefineInstrument)
  case defineCounter(DefineCounter)
  case defineProduct(DefineProduct)
  case defineFundAccount(DefineFundAccount)
  case defineOperationAccount(DefineOperationAccount)

  // Settings.
  case setPlatform(SetPlatform)
  case setAccount(SetAccount)
  case setProduct(SetProduct)
  case setFundAccount(SetFundAccount)
  case setProductMode(SetProductMode)
  case setDeliveryBar(SetDeliveryBar)
  case setTradingCode(SetTradingCode)
  case setCredential(SetCredential)
  case allowAddress(AllowAddress)
  case allowMAC(AllowMAC)
  case setPositionLimit(SetPositionLimit)
  case setLimitBand(SetLimitBand)
  case setOrderSize(SetOrderSize)
  case setTradable(SetTradable)
  case setFundPositionLimit(SetFundPositionLimit)
  case setFundOrderSize(SetFundOrderSize)
  case setRates(SetRates)
  case moveCash(MoveCash)
  case setOpeningBalance(SetOpeningBalance)
  case setOpeningPosition(SetOpeningPosition)

  // Fund accounts.
  case setFundOpenVolume(SetFundOpenVolume)
  case releaseOrderRate(ReleaseOrderRate)
  case setFundTradable(SetFundTradable)
  case setSharedTradable(SetSharedTradable)
  case setFundQuota(SetFundQuota)
  case setFundPriority(SetFundPriority)
  case assignUnmapped(AssignUnmapped)
  case setAccountLine(SetAccountLine)
  case setPlatformLine(SetPlatformLine)
  case setLineAction(SetLineAction)
  case setNoticeAudience(SetNoticeAudience)
  case setOvernight(SetOvernight)
  case setSessionFlat(SetSessionFlat)
  case setSessionFlatCommodity(SetSessionFlatCommodity)
  case forceLiquidate(ForceLiquidate)
  case stopLiquidation(StopLiquidation)

  // Schemes of products.
  case defineSector(DefineSector)
  case setSectorCommodity(SetSectorCommodity)
  case defineSuperSector(DefineSuperSector)
  case setSuperSectorMember(SetSuperSectorMember)
  case defineScheme(DefineScheme)
  case setSchemeClause(SetSchemeClause)
  case bindScheme(BindScheme)
  case setNetValue(SetNetValue)
  case setNetValueLines(SetNetValueLines)
  case setSchemePeriod(SetSchemePeriod)
  case setSchemeHoliday(SetSchemeHoliday)
  case setProductFees(SetProductFees)
  case setProductFee(SetProductFee)
  case setFeeBand(SetFeeBand)

  // Risk controllers.
  case defineController(DefineController)
  case setController(SetController)
  case bindController(BindController)
  case setControllerCredential(SetControllerCredential)
  case allowControllerAddress(AllowControllerAddress)
  case allowControllerMAC(AllowControllerMAC)
  case controllerLogon(ControllerLogon)
  case controllerClosed(ControllerClosed)
  case barOpening(BarOpening)
  case killSwitch(KillSwitch)
  case cancelAnyOrder(CancelAnyOrder)
  case kickSession(KickSession)
  case controlRelease(ControlRelease)
  case controlAssign(ControlAssign)
  case controlLiquidate(ControlLiquidate)
  case controlStop(ControlStop)

  // Changes.
  case configurationChange(ConfigurationChange)
  case clearAccess(ClearAccess)
  case clearControllerAccess(ClearControllerAccess)

  // Rates and templates.
  case setMarginRates(SetMarginRates)
  case setFeeRates(SetFeeRates)
  case counterRates(CounterRates)
  case defineTemplate(DefineTemplate)
  case setTemplateOrderSize(SetTemplateOrderSize)
  case setTemplateTradable(SetTemplateTradable)
  case setTemplateOnlyListed(SetTemplateOnlyListed)
  case assignTemplate(AssignTemplate)
  case setDeclared(SetDeclared)
  case setBudget(SetBudget)
  case setControlGroup(SetControlGroup)
  case setMarketMaking(SetMarketMaking)
}

/// A command with the number and time the sequencer gave it.
public struct Stamped: Equatable, Sendable, BitwiseCopyable {
  /// From 1, without gaps, over the life of a journal.
  public var sequence: UInt64
  /// Never before that of the command in front of it.
  public var time: Timestamp
  public var command: Command

  @inlinable public init(sequence: UInt64, time: Timestamp, command: Command) {
    self.sequence = sequence
    self.time = time
    self.command = command
  }
}
