import Domain
import Storage

/// The clauses of a scheme that an instrument is in the scope of, one after the other; no other
/// clause is looked at.
public struct TouchingClauses: BitwiseCopyable {
  private let scheme: UInt32
  private let instrument: InstrumentID
  private let commodity: CommodityID
  private let exchange: Exchange
  private var stage: ClauseScopeKind = .unknown
  private var following: UInt32 = 0
  private var sectors: UInt64
  private var superSectors: UInt64 = 0

  public init(
    _ scheme: UInt32, _ instrument: InstrumentID, _ commodity: CommodityID, _ exchange: Exchange,
    _ schemes: borrowing Schemes
  ) {
    self.scheme = scheme
    self.instrument = instrument
    self.commodity = commodity
    self.exchange = exchange
    sectors = schemes.sectors(of: commodity)
    for sector in TakenPlaces(bits: sectors) {
      superSectors |= schemes.superSectors(of: sector)
    }
  }

  /// The next one's place among all clauses; 0 = there is none.
  public mutating func next(_ schemes: borrowing Schemes) -> UInt32 {
    while following == 0 {
      switch stage {
      case .unknown:
        following = schemes.first(scheme, .instrument, instrument.index)
        stage = .instrument
      case .instrument:
        following = schemes.first(scheme, .commodity, commodity.index)
        stage = .commodity
      case .commodity:
        following = schemes.first(scheme, .exchange, Int(exchange.rawValue))
        stage = .exchange
      case .exchange:
        guard sectors != 0 else {
          stage = .sector
          continue
        }
        following = schemes.first(scheme, .sector, sectors.trailingZeroBitCount)
        sectors &= sectors - 1
      case .sector:
        guard superSectors != 0 else {
          stage = .superSector
          continue
        }
        following = schemes.first(scheme, .superSector, superSectors.trailingZeroBitCount)
        superSectors &= superSectors - 1
      case .superSector:
        following = schemes.first(scheme, .product, 0)
        stage = .product
      case .product: return 0
      }
    }
    let found = following
    following = schemes.clause(found).pointee.next
    return found
  }
}
