/// How many of everything an engine has room for. All of it is allocated at start-up; at a limit
/// the thing is refused with its reason. Config: gateway.json5, `capacities`.
public struct LedgerCapacities: Equatable, Sendable {
  public var operationAccounts: Int
  public var fundAccounts: Int
  public var products: Int
  public var counters: Int
  public var instruments: Int
  public var commodities: Int
  public var tradingHours: Int
  /// Parent orders of a trading day, refused ones included.
  public var orders: Int
  /// Child orders of a trading day.
  public var children: Int
  /// (holder, instrument, hedge flag) that ever had a position or an order.
  public var positions: Int
  /// (holder, commodity) with a position, an order or a setting.
  public var figures: Int
  /// Open lots at distinct prices.
  public var lots: Int
  /// Rows of limits beyond one per account and commodity.
  public var limitRows: Int
  /// Accounts, fund accounts, their counters, products and templates that have set rates.
  public var rateOwners: Int
  /// Ways that rates come about: one a fund account with rates of its own or its counter's, one for
  /// all operation accounts of a product with the same settings.
  public var rateProfiles: Int
  public var templates: Int
  /// Rows of rates.
  public var rates: Int
  /// Time stamps of the order-rate windows of all accounts together.
  public var rateWindow: Int
  /// Rows of all IP and MAC lists together.
  public var accessRows: Int
  /// Schemes of clauses.
  public var schemes: Int
  /// (subject, instrument) with a position or an order, of products and operation accounts that
  /// schemes are bound to.
  public var schemeInstruments: Int
  /// Operation accounts with shares and schemes of their own; at most 65 535.
  public var schemeAccounts: Int
  public var controllers: Int
  /// (real-control group, instrument) with an order or a trade today, and trades of today, while
  /// exchanges' budgets are set.
  public var budgetRecords: Int
  public var budgetTrades: Int

  public init(
    operationAccounts: Int = 256, fundAccounts: Int = 64, products: Int = 64, counters: Int = 16,
    instruments: Int = 2_000, commodities: Int = 128, tradingHours: Int = 32,
    orders: Int = 200_000, children: Int = 400_000, positions: Int = 20_000,
    figures: Int = 10_000, lots: Int = 200_000, limitRows: Int = 4_096, rateOwners: Int = 512,
    rates: Int = 8_192, rateWindow: Int = 65_536, accessRows: Int = 8_192,
    controllers: Int = 64, rateProfiles: Int = 320, templates: Int = 64, schemes: Int = 64,
    schemeInstruments: Int = 4_096, schemeAccounts: Int = 32, budgetRecords: Int = 8_192,
    budgetTrades: Int = 65_536
  ) {
    self.operationAccounts = operationAccounts
    self.fundAccounts = fundAccounts
    self.products = products
    self.counters = counters
    self.instruments = instruments
    self.commodities = commodities
    self.tradingHours = tradingHours
    self.orders = orders
    self.children = children
    self.positions = positions
    self.figures = figures
    self.lots = lots
    self.limitRows = limitRows
    self.rateOwners = rateOwners
    self.rateProfiles = rateProfiles
    self.templates = templates
    self.rates = rates
    self.rateWindow = rateWindow
    self.accessRows = accessRows
    self.schemes = schemes
    self.schemeInstruments = schemeInstruments
    self.schemeAccounts = schemeAccounts
    self.controllers = controllers
    self.budgetRecords = budgetRecords
    self.budgetTrades = budgetTrades
  }

  /// Most fund accounts of one product.
  public static let fundAccountsPerProduct = 32
}
