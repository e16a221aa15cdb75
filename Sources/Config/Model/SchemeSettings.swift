import Domain

/// schemes.json5: sets of commodities, schemes of clauses, and what they are bound to.
public struct SchemeSettings: Equatable, Sendable {
  public struct Sector: Equatable, Sendable {
    public var name: String
    /// Places in the configuration.
    public var commodities: [Int]
  }
  public struct SuperSector: Equatable, Sendable {
    public var name: String
    /// Places in `sectors`.
    public var sectors: [Int]
  }
  /// What a clause speaks of.
  public enum Scope: Equatable, Sendable {
    case product
    case part(Positioned<ConfigScope>)
    case sector(Int)
    case superSector(Int)
  }
  public struct Clause: Equatable, Sendable {
    /// From 1.
    public var number: Int64
    public var kind: ClauseKind
    public var scope: Scope
    public var direction: ClauseDirection
    public var basis: ClauseBasis
    /// Lots, 1e-4 yuan, or 1e-8 of the basis.
    public var levelOne: Int64?
    public var levelTwo: Int64?
  }
  public struct Scheme: Equatable, Sendable {
    public var name: String
    /// By their numbers, those of the scheme that it was copied from among them.
    public var clauses: [Clause]
  }
  public struct Binding: Equatable, Sendable {
    /// Place in `schemes`.
    public var scheme: Int
    public var basis: BandBasis
    /// 1e-8 yuan a share.
    public var from: Int64?
    public var to: Int64?
    public var period: SchemePeriod
  }
  /// What holds at night or on holidays.
  public struct Period: Equatable, Sendable {
    public var period: SchemePeriod
    public var rule: PeriodRule
    /// 1e-8 of one.
    public var share: Int64
  }
  public struct Holiday: Equatable, Sendable {
    public var from: CalendarDate
    public var to: CalendarDate
  }
  public struct NetValue: Equatable, Sendable {
    public var mode: NetValueMode
    /// 1e-4 shares.
    public var shares: Int64
    public var total: Money
    public var liabilities: Money
    public var accruedFees: Money
  }
  /// Lines of one unit net value, in 1e-8 yuan a share.
  public struct Lines: Equatable, Sendable {
    public var basis: BandBasis
    public var topUp: Int64?
    public var warn: Int64?
    public var liquidation: Int64?
  }
  /// How far and how long a unit net value has to leave its band before another one holds.
  public struct Bands: Equatable, Sendable {
    /// 1e-8 yuan a share.
    public var step: Int64
    public var dwellSeconds: Int64
  }
  /// A product, or an operation account with shares of its own.
  public struct Subject: Equatable, Sendable {
    /// Place in the configuration, of products or of operation accounts.
    public var place: Int
    public var netValue: NetValue?
    public var barsFromLevelTwo: Bool
    /// Of products; operation accounts say it themselves.
    public var ignoresExposureOnClose: Bool
    public var liquidation: SchemeLiquidation
    public var liquidationExtent: LiquidationExtent
    public var bindings: [Binding]
    public var lines: [Lines]
    public var periods: [Period]
  }

  public var sectors: [Sector] = []
  public var superSectors: [SuperSector] = []
  public var schemes: [Scheme] = []
  public var products: [Subject] = []
  public var accounts: [Subject] = []
  public var bands = Bands(step: 10_000, dwellSeconds: 60)
  public var holidays: [Holiday] = []
}
