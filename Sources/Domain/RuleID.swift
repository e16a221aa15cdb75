/// Every rule of the rule book that a decision can name. The raw value is the rule's code on the
/// wire and in the journal: it is never reused and never changes. Names are kebab-case.
///
/// Codes: 1xx who may log in, 2xx is the order well formed, 3xx may this account do it,
/// 4xx lines on an account, 5xx routing and fund accounts, 6xx schemes of products, 7xx risk
/// controllers, 8xx budgets of exchanges, 9xx the gateway itself. Section numbers are rules.md's.
public enum RuleID: UInt16, Sendable, BitwiseCopyable, CaseIterable {
  case none = 0

  // Section 1: log in.
  case loginCredentials = 101
  case loginLockout = 102
  case ipWhitelist = 103
  case macWhitelist = 104
  case oneSession = 105

  // Section 2: well formed.
  case unknownInstrument = 201
  case badSide = 202
  case badOffset = 203
  case badHedge = 204
  case badQuantity = 205
  case badPriceTick = 206
  case tradingSession = 207
  case priceLimits = 208
  case deliveryMultiple = 209
  case duplicateOrder = 210
  case staleMarketData = 211
  case badOrderType = 212

  // Section 3: may this account do it.
  case notBound = 301
  case accountEnabled = 302
  case openPermission = 303
  case hedgePermission = 304
  case notTradable = 305
  case deliveryMonth = 306
  case limitBand = 307
  case orderSize = 308
  case fatFinger = 309
  case positionLimit = 310
  case marginLimit = 311
  case cancelLimit = 312
  case openOrders = 313
  case orderRate = 314
  case tradedValue = 315
  case positionAvailable = 316
  case fundsAvailable = 317

  // Section 4: lines on an account.
  case riskDegree = 401
  case dailyLoss = 402
  case dailyLossRatio = 403
  case totalLossRatio = 404
  case positionMarginRatio = 405
  case overnightMargin = 406
  case overnightExposure = 407
  case sessionFlat = 408
  case drawdown = 409
  case slowDown = 410
  case liquidating = 411

  // Section 7 and routing.md: the product's fund accounts.
  case noFundAccount = 501
  case fundMinReserve = 502
  case fundOpenPermission = 503
  case fundHedgePermission = 504
  case fundOrderSize = 505
  case fundPositionLimit = 506
  case fundPositionAvailable = 507
  case fundLinkDown = 508
  case selfTrade = 509
  case partialPlacement = 510
  case counterRefused = 511
  case fundOpenVolume = 512
  case fundOrderRate = 513
  case fundNotTradable = 514
  case fundCancelQuota = 515
  case fundVolumeQuota = 516
  case fundMessageQuota = 517

  // Section 5: clauses of schemes; `ClauseKind` has the same order.
  case schemeSingleOpenInterestShare = 601
  case schemeSinglePositionLots = 602
  case schemeSingleExposureLots = 603
  case schemeSingleMargin = 604
  case schemeSingleExposureMargin = 605
  case schemeSinglePositionValue = 606
  case schemeSingleTradedValue = 607
  case schemeSingleExposureValue = 608
  case schemeTotalOpenInterestShare = 609
  case schemeTotalPositionLots = 610
  case schemeTotalExposureLots = 611
  case schemeTotalDailyLoss = 612
  case schemeTotalPositionValue = 613
  case schemeTotalTradedValue = 614
  case schemeTotalExposureValue = 615
  case schemeTotalAbsoluteExposureValue = 616
  case schemeTotalMargin = 617
  case schemeTotalExposureMargin = 618
  case schemeTotalAbsoluteExposureMargin = 619
  case schemeTotalDrawdown = 620
  case schemeOvernightValue = 621
  case schemeOvernightExposureValue = 622
  case schemeOvernightAbsoluteExposureValue = 623
  case schemeOvernightMargin = 624
  case schemeOvernightExposureMargin = 625
  case schemeOvernightAbsoluteExposureMargin = 626
  case exposureOnClose = 690
  case netValueTopUp = 691
  case netValueWarn = 692
  case netValueLiquidation = 693
  // desk.md: risk controllers.
  case notPermitted = 701
  case accountNotBoundToController = 702
  case reasonMissing = 703
  case killSwitch = 704
  case barredByController = 705
  case fundKillSwitch = 706

  // Section 8: what exchanges call abnormal trading.
  case selfTradeBudget = 801
  case cancelBudget = 802
  case limitPriceCancelBudget = 803
  case largeCancelBudget = 804
  case openedLotsBudget = 805
  case programmeTrading = 806

  // The gateway itself.
  case capacity = 901
  case amountOverflow = 902
  case shuttingDown = 903
  case unknownOrder = 904
  case orderDone = 905
  case staleOrder = 906
  case journalUnavailable = 907
  case marketDataMissing = 908
  case loginBusy = 909
  case engineNotReady = 910
  case ratesMissing = 911
  case badCommand = 912
  case clockUnconfirmed = 913
}

extension RuleID {
  /// In kebab-case, as documents and configurations call it.
  public var name: String {
    var name = ""
    for character in "\(self)" {
      if character.isUppercase { name += "-" }
      name += character.lowercased()
    }
    return name
  }
}
