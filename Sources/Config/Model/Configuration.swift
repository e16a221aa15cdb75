import Domain
import Messages

/// A checked configuration. Objects refer to one another by their place in these lists, which is
/// the order of definition and so their dense id at genesis.
public struct Configuration: Sendable {
  public var gateway: GatewaySettings
  public var risk: RiskSettings
  public var rates: RateSettings
  public var calendar: TradingCalendar
  public var tradingHours: [TradingHoursTable]
  public var commodities: [CommoditySpecification]
  public var instruments: InstrumentSelection
  public var counters: [CounterSettings]
  public var everybody: EverybodySettings
  public var products: [ProductSettings]
  public var fundAccounts: [FundAccountSettings]
  public var operationAccounts: [OperationAccountSettings]
  public var schemes: SchemeSettings
  public var controllers: [ControllerSettings]
  public var budgets: BudgetSettings
  /// What faults call the files, by name.
  var labels: [String: String]

  func label(of file: String) -> String { labels[file] ?? file }

  /// Messages a second over a fund account's link; nil = as many as there are. Of a counter that
  /// could not be read nothing is known.
  public func messageQuota(of account: FundAccountSettings) -> Int64? {
    if let quota = account.messageQuota { return quota }
    return counters.indices.contains(account.counter)
      ? counters[account.counter].messageQuota : nil
  }
}

/// What has to be kept out of files: where a password comes from.
public enum SecretSource: Equatable, Sendable {
  /// The first line of a file, relative to where the gateway runs.
  case file(String)
  /// An environment variable.
  case environment(String)
  /// Drawn when first needed, and kept in the data folder. For simulated counters.
  case generated
}

/// Where an operation account's argon2id string comes from.
public enum CredentialSource: Equatable, Sendable {
  /// The string itself, `$argon2id$v=19$...`.
  case hash(String)
  /// The first line of a file is the string.
  case hashFile(String)
  /// A password is drawn when first needed and kept in the data folder.
  case generated
}

/// A broker's counter.
public struct CounterSettings: Equatable, Sendable {
  /// TLS between the gateway and the counter. The files are not looked at here.
  public struct TLS: Equatable, Sendable {
    /// Whom the counter's certificate must be for; nil = the host.
    public var name: String?
    /// Who signs the counter's certificate; nil = whom the system trusts.
    public var authority: Positioned<String>?
    /// What the gateway shows when it is asked for.
    public var identity: Identity?
    /// What a simulated counter shows.
    public var simulated: Identity?

    public struct Identity: Equatable, Sendable {
      public var certificate: Positioned<String>
      public var key: Positioned<String>
    }
  }

  public var name: String
  public var host: String
  public var port: UInt16
  /// Nil = plain TCP.
  public var tls: TLS?
  /// Without TLS it may be on another machine.
  public var isPlainBeyondLoopback: Bool
  /// Where the host is written.
  public var position: SourcePosition
  /// `serve` and `demo` run a simulated counter at this address.
  public var isSimulated: Bool
  /// Orders and cancels a second that each of its fund accounts may send; nil = no quota.
  public var messageQuota: Int64?
  public var heartbeatSeconds: Int64
  /// First and longest pause between attempts to connect; it doubles in between.
  public var reconnectSeconds: ClosedRange<Int64>
}

/// A list of commodities and instruments for opening.
public struct TradableList: Equatable, Sendable {
  /// Only what is listed may be opened; false = what is listed may not.
  public var opensOnlyListed: Bool
  public var scopes: [Positioned<ConfigScope>]
}

/// An order rate: the count-th within the window sets the bar.
public struct OrderRate: Equatable, Sendable {
  /// What it bars. Raw values are those of `AccountSetting.orderRateBar`.
  public enum Bar: Int64, Equatable, Sendable {
    case opening = 1
    case closing = 2
    case both = 3
  }

  public var count: Int64
  public var windowMilliseconds: Int64
  public var bar: Bar
}

/// What holds for every product that has nothing of its own.
public struct EverybodySettings: Equatable, Sendable {
  public var tradable: TradableList
  /// Products that follow it map external trades to their one operation account.
  public var mapsExternal: Bool
}

/// A product: a group of fund accounts.
public struct ProductSettings: Equatable, Sendable {
  public struct CommodityMode: Equatable, Sendable {
    public var commodity: Int
    public var mode: RoutingMode
  }

  public var name: String
  /// A short name for screens; empty = none.
  public var alias: String
  public var mode: RoutingMode
  public var commodityModes: [CommodityMode]
  /// Refuse the whole order when the fund accounts cannot take all of it.
  public var refusesPartialPlacement: Bool
  public var retriesRejectedChild: Bool
  public var deliveryMonthBarred: [Positioned<ConfigScope>]
  public var mayOpen: Bool
  /// Its night close counts as overnight.
  public var countsNightClose: Bool
  public var tradedValue: Money?
  public var tradable: TradableList
  public var lockMode: LockMode
  public var closesWithoutFunds: Bool
  public var closesTodayWithoutLock: Bool
  public var autoMapping: AutoMapping
  /// The operation account that gets external trades; nil = none is named.
  public var externalAccount: Positioned<String>?
  /// The fund account that rates are read from; nil = the first of a day to log in.
  public var rateAccount: Positioned<String>?
  public var rates: [RateRow]
  /// Nil = it has none.
  public var fees: ProductFeeSettings?
}

/// Money and positions that exist before the first day.
public struct OpeningState: Equatable, Sendable {
  public struct Position: Equatable, Sendable {
    public var instrument: Positioned<InstrumentReference>
    public var side: PositionSide
    public var hedge: HedgeFlag
    public var lots: Lots
    public var openPrice: Price
    /// Prior settlement: what it is marked at.
    public var markPrice: Price
    /// Nil = the trading day before the first.
    public var openDay: CalendarDate?
  }

  /// Max-allowed-loss money (最大允许亏损金额).
  public var allowedLoss: Money
  /// Not-to-lose money (不可亏损金额).
  public var notToLose: Money
  public var positions: [Position]
}

/// Rates of an owner for what a scope names.
public struct RateRow: Equatable, Sendable {
  public var scope: Positioned<ConfigScope>
  public var marginMethod: RateMethod
  public var feeMethod: RateMethod
  public var rates: PartialRates
}

/// A fund account at a counter.
public struct FundAccountSettings: Equatable, Sendable {
  public struct OrderSize: Equatable, Sendable {
    public var scope: Positioned<ConfigScope>
    public var lots: Int64?
    public var margin: Money?
  }
  public struct PositionLimit: Equatable, Sendable {
    public var scope: Positioned<ConfigScope>
    /// `.unknown` = any.
    public var hedge: HedgeFlag
    public var long: Int64?
    public var short: Int64?
    public var total: Int64?
  }
  public struct OpenVolume: Equatable, Sendable {
    public var scope: Positioned<ConfigScope>
    public var lots: Int64
  }
  public struct Quota: Equatable, Sendable {
    public var exchange: Exchange
    public var cancels: Int64?
    public var lots: Int64?
    public var cancelReserve: Int64
    public var lotsReserve: Int64
  }
  /// Nil = the wider one holds.
  public struct Priority: Equatable, Sendable {
    public var scope: Positioned<ConfigScope>
    public var open: Int64?
    public var close: Int64?
    public var closeToday: Int64?
  }
  public struct TradingCode: Equatable, Sendable {
    public var exchange: Exchange
    public var code: String
  }

  public var name: String
  /// Nil = outside every product: never routed to.
  public var product: Int?
  public var counter: Int
  /// What it logs in as at the counter.
  public var user: String
  public var password: SecretSource
  public var priority: Int64
  public var minimumReserve: Money
  public var mayOpen: Bool
  public var mayHedge: Bool
  public var orderSizes: [OrderSize]
  public var positionLimits: [PositionLimit]
  public var openVolumes: [OpenVolume]
  public var orderRate: OrderRate?
  /// Orders and cancels a second; nil = as the counter says.
  public var messageQuota: Int64?
  public var messageReserve: Int64
  public var tradableDay: TradableList
  public var tradableNight: TradableList
  public var quotas: [Quota]
  public var priorities: [Priority]
  public var tradingCodes: [TradingCode]
  public var rates: [RateRow]
  /// What its counter reports.
  public var counterRates: [RateRow]
  public var declaration: DeclarationFee
  /// Where margin may be one-sided, and where the counter's is.
  public var oneSided: [Exchange]
  public var counterOneSided: [Exchange]
  /// The real-control group; nil = the legal owner, else the account by itself.
  public var controlGroup: String?
  /// Commodities whose market it makes, by their place.
  public var marketMaking: [Int]
  public var opening: OpeningState
}

/// An operation account: who a terminal logs in as.
public struct OperationAccountSettings: Equatable, Sendable {
  public struct PositionLimit: Equatable, Sendable {
    public var scope: Positioned<ConfigScope>
    /// `.unknown` = any.
    public var hedge: HedgeFlag
    public var lots: Int64?
    public var margin: Money?
  }
  public struct LimitBand: Equatable, Sendable {
    public var commodity: Int
    public var measure: LimitBandMeasure
    /// Ticks, or 1e-4 of one percent.
    public var value: Int64
    public var bar: LimitBandBar
  }
  public struct OrderSize: Equatable, Sendable {
    public var commodity: Int
    public var lots: Int64?
    public var margin: Money?
  }
  /// Which orders end with the last session. Raw values are those of
  /// `AccountSetting.cancelOnDisconnect`.
  public enum DisconnectCancel: Int64, Equatable, Sendable {
    case off = 0
    case opening = 1
    case all = 2
  }

  public var name: String
  /// Nil = bound to nothing: can place no order.
  public var product: Int?
  public var credential: CredentialSource
  /// A short name for screens; empty = none.
  public var alias: String
  public var isEnabled: Bool
  public var mayOpen: Bool
  public var mayHedge: Bool
  public var positionCap: Int64
  public var marginCap: Money
  public var positionLimits: [PositionLimit]
  public var limitBands: [LimitBand]
  public var tradable: TradableList
  public var orderSizes: [OrderSize]
  public var fatFingerNotional: Money?
  public var fatFingerTicks: Int64?
  public var fatFingerPercent: Percent?
  public var cancelLimit: Int64?
  public var cancelLimitBarsClosing: Bool
  public var openOrders: Int64?
  public var orderRate: OrderRate?
  public var tradedValue: Money?
  public var duplicateCount: Int64?
  public var duplicateWindowMilliseconds: Int64
  public var staleSeconds: Int64?
  public var addresses: [AddressRange]
  public var macs: [MACAddress]
  public var sessions: Int64
  /// A session more ends the oldest one; false = it is refused.
  public var dropsOlderSession: Bool
  public var disconnectCancel: DisconnectCancel
  public var disconnectGraceSeconds: Int64
  /// A closing order that makes an exposure larger than a clause allows passes with a notice.
  public var ignoresExposureOnClose: Bool
  /// The lines that are set.
  public var lines: [LineSettings]
  /// Nil = there is no overnight line.
  public var overnight: OvernightSettings?
  public var countsNightClose: Bool
  /// What session-flat does, by close; closes without anything are left out.
  public var sessionFlat: [SessionFlatSettings]
  public var rates: [RateRow]
  public var marginMode: RateMode
  public var feeMode: RateMode
  public var templates: [TemplateReference]
  public var declaration: DeclarationFee
  /// Where margin may be one-sided.
  public var oneSided: [Exchange]
  public var opening: OpeningState
}

/// Which instruments a shard lists.
public struct InstrumentSelection: Equatable, Sendable {
  public enum Scope: Equatable, Sendable {
    case everything
    case exchange(Exchange)
    case commodity(Int)
  }
  public struct Row: Equatable, Sendable {
    public var scope: Scope
    /// So many of the listed ones, nearest first; nil = all of them.
    public var nearest: Int?
  }
  public struct Override: Equatable, Sendable {
    public var instrument: Positioned<InstrumentReference>
    public var limitLotsMinimum: Lots?
    public var limitLotsMaximum: Lots?
    public var marketLotsMinimum: Lots?
    public var marketLotsMaximum: Lots?
    public var lastTradingDay: CalendarDate?
    public var rates: PartialRates
  }
  /// Options that are listed on a future: a call and a put at each strike.
  public struct Options: Equatable, Sendable {
    public var underlying: Positioned<InstrumentReference>
    public var strikes: [Price]
    public var lastTradingDay: CalendarDate?
  }

  /// For each commodity the last row that names it holds.
  public var rows: [Row]
  /// Instruments that are listed in addition, whatever the rows say.
  public var extra: [Positioned<InstrumentReference>]
  public var options: [Options]
  public var overrides: [Override]
}
